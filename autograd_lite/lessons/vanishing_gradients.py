"""Lesson 09: what a row of sigmoids leaves of a gradient, and what keeps gradients alive."""

from .choice import Choice, Option
from .exercise import Mistake
from .initial_weights import SPREAD, SYMMETRY, VARIANCES
from .kept_alive import CLIP, LEAKY
from .numeric import Number, Numbers
from .rescue import RESCUE
from .small_network import sigmoid

DEPTH = 10
WEIGHT, BIAS, START = 6.0, -3.0, 0.5


def slope(x: float) -> float:
    """σ'(x) = z·(1 − z), with z = σ(x)."""
    z = sigmoid(x)
    return z * (1 - z)


def place(x: float, steepness: float) -> dict[str, float]:
    return {"x": x, "slope": steepness}


STEEPEST = Numbers(
    key="09.steepest",
    answer=lambda: place(0.0, slope(0.0)),
    because="z·(1 − z) is largest where both factors are equal: at z = 1/2, so at x = 0.",
    mistakes=(
        Mistake(
            lambda: place(0.0, sigmoid(0.0)),
            "The place is right. But that is the value z there; the slope is z·(1 − z).",
        ),
        Mistake(
            lambda: place(0.0, 1.0),
            "The place is right, and that is the slope of tanh. The sigmoid is flatter.",
        ),
        Mistake(
            lambda: place(sigmoid(0.0), slope(0.0)),
            "The slope is right. But that is the z of the place, not its x. Which x gives this z?",
        ),
        Mistake(
            lambda: place(0.5, slope(0.5)),
            "That is the slope where x is a half. It is largest where z is a half.",
        ),
        Mistake(
            lambda: place(1.0, slope(1.0)),
            "There the curve has begun to flatten out already. Go nearer to its middle.",
        ),
    ),
    hints=(
        "Look at the curve of σ. Where is it steepest?",
        "The slope is z·(1 − z). The two factors add up to 1. When is their product largest?",
        "It is largest at z = 1/2. Which x gives σ(x) = 1/2?",
    ),
)

TEN = Number(
    key="09.ten",
    answer=lambda: slope(0.0) ** DEPTH,
    because="In a row factors multiply, and none of the ten is above 1/4.",
    mistakes=(
        Mistake(
            lambda: DEPTH * slope(0.0),
            "That adds ten quarters. In a row factors multiply.",
        ),
        Mistake(
            lambda: slope(0.0) / DEPTH,
            "That divides a quarter by ten. Each of the ten takes a quarter of what is left.",
        ),
        Mistake(
            lambda: slope(0.0),
            "That is what one sigmoid lets pass. Here are ten in a row.",
        ),
        Mistake(
            lambda: sigmoid(0.0) ** DEPTH,
            "That multiplies ten values of σ. A gradient meets its slopes.",
        ),
        Mistake(
            lambda: slope(0.0) ** (DEPTH - 1),
            "One is missing: nine factors. From y back to x the gradient passes ten sigmoids.",
        ),
        Mistake(
            lambda: slope(0.0) ** (DEPTH + 1),
            "One too many: the seed at y is 1 and has passed no sigmoid yet.",
        ),
    ),
    hints=(
        "How much does one sigmoid let pass at most?",
        "What passes the last one meets the next to last. Add or multiply?",
        "A quarter to the power of ten. Python knows.",
    ),
)


def grown(factor: float) -> float:
    """What ten equal factors in a row make of a gradient of 1."""
    return factor**DEPTH


WEIGHTED = Number(
    key="09.weighted",
    answer=lambda: grown(WEIGHT * slope(WEIGHT * START + BIAS)),
    because="Each link multiplies by w·σ'(0) = 6/4. The gradient has grown.",
    mistakes=(
        Mistake(
            lambda: grown(slope(0.0)),
            "The weights are forgotten. The gradient passes ten sigmoids *and* ten products.",
        ),
        Mistake(
            lambda: grown(WEIGHT),
            "The sigmoids are forgotten: the gradient meets their slopes as well.",
        ),
        Mistake(
            lambda: grown(WEIGHT * sigmoid(0.0)),
            "That multiplies w by the value of σ. A gradient meets its slope.",
        ),
        Mistake(
            lambda: WEIGHT * slope(0.0),
            "That is one link of the chain. There are ten.",
        ),
        Mistake(
            lambda: DEPTH * WEIGHT * slope(0.0),
            "That adds the ten links. In a row they multiply.",
        ),
        Mistake(
            lambda: grown(WEIGHT * slope(START)),
            "The slope is taken at a. The sigmoid's own input is z = 6·a − 3.",
        ),
    ),
    hints=(
        "Go forward first: a = 0.5, so z = 6·a − 3 = 0. What is the next a?",
        "Every link is the same. From a to z the local gradient is 6. What is it from z to the "
        "next a?",
        "Each link multiplies by 6 · 1/4. Take this to the power of ten.",
    ),
)

LARGE = Choice(
    key="09.large",
    prompt="The same ten weights of 6, and no bias: a ← σ(6·a), from a = 0.5. How large is the "
    "gradient at the start?",
    options=(
        Option(
            "The same: the weights are the same.",
            "The weight is one factor of a link. The slope is the other, and it has changed.",
        ),
        Option(
            "Larger: the bias was negative and held it back.",
            "The bias is no factor. It only kept z at 0, where σ is steepest.",
        ),
        Option(
            "Almost nothing is left of it.",
            "z is near 6 now, and σ is flat there. A large weight drives σ to where it is flat.",
        ),
        Option(
            "Exactly 0: a flat curve has no slope.",
            "σ never is quite flat. The gradient is tiny, but it is there.",
        ),
    ),
    right="c",
    hints=(
        "Go forward: a = 0.5, so z = 3. And the next a, the next z?",
        "From the second link on, z lies near 6. How steep is σ there?",
        "6·σ'(6) is about 6 · 0.0025. Ten such factors, nearly.",
    ),
)

DATA = (-2.0, -1.0, 0.0, 1.0, 2.0)
DEAD_WEIGHT, DEAD_BIAS = 2.0, -3.0


def silent_share(weight: float, bias: float) -> float:
    """The share of the examples at which relu(w·x + b) sends no gradient back."""
    return sum(weight * x + bias <= 0 for x in DATA) / len(DATA)


SILENT = Number(
    key="09.silent",
    answer=lambda: silent_share(DEAD_WEIGHT, DEAD_BIAS),
    because="w·x + b is above 0 at x = 2 only. The other four send nothing back.",
    mistakes=(
        Mistake(
            lambda: 1 - silent_share(DEAD_WEIGHT, DEAD_BIAS),
            "That is the share that gets through. Asked is the share that does not.",
        ),
        Mistake(
            lambda: silent_share(DEAD_WEIGHT, DEAD_BIAS) * len(DATA),
            "That is the number of examples. Divide by how many there are.",
        ),
        Mistake(
            lambda: silent_share(DEAD_WEIGHT, DEAD_BIAS) * 100,
            "That is in percent. Write it as a part of 1.",
        ),
        Mistake(
            lambda: sum(x < 0 for x in DATA) / len(DATA),
            "That looks at the sign of x. ReLU looks at the sign of w·x + b.",
        ),
        Mistake(
            lambda: sum(x <= 0 for x in DATA) / len(DATA),
            "That looks at whether x is above 0. ReLU looks at w·x + b.",
        ),
        Mistake(
            lambda: 1.0,
            "One example does get through: look at the largest x.",
        ),
    ),
    hints=(
        "Compute w·x + b for each of the five.",
        "They are −7, −5, −3, −1 and 1. Where does ReLU let the gradient pass?",
        "It passes at one of the five.",
    ),
)

FIRST = Choice(
    key="09.quiz.1",
    prompt="A network of ten sigmoid layers hardly learns in its first layers. Why?",
    options=(
        Option(
            "Its weights are small.",
            "Its weights can be as large as you like: where σ is flat, w·σ' is small all the same.",
        ),
        Option(
            "Each layer on the way back multiplies the gradient by less than 1, as a rule.",
            "With ten such factors almost nothing is left for the first layers.",
        ),
        Option(
            "The first layers have already learned.",
            "A gradient can also be small at a good place. But here the loss is still high.",
        ),
        Option(
            "The backward pass stops after a few layers.",
            "It visits every layer. What it carries has become small.",
        ),
    ),
    right="b",
    hints=(
        "Where does the gradient come by, on its way to the first layer?",
        "At each sigmoid it is multiplied by at most a quarter.",
        "Which answer speaks of a product?",
    ),
)

DEAD = Choice(
    key="09.quiz.2",
    prompt="A ReLU unit gives 0 for every example, and its input does not change. What helps?",
    options=(
        Option("Train longer.", "Every step adds exactly 0 to its weights, a million times too."),
        Option("A larger learning rate.", "Any learning rate times 0 is 0."),
        Option(
            "Do not zero the gradients: let them add up.",
            "Zeros add up to zero.",
        ),
        Option(
            "Draw its weights anew, or let a little pass below 0, as a leaky ReLU does.",
            "Something must arrive again. The gradient step alone cannot bring it back.",
        ),
    ),
    right="d",
    hints=(
        "What does relu send back where its input is below 0?",
        "The step is learning rate times gradient. What is it here?",
        "Only what makes the gradient differ from 0, or moves the weights without it, helps.",
    ),
)

HALF = Choice(
    key="09.quiz.3",
    prompt="Why do weights before a ReLU start with the variance 2/n, and not 1/n?",
    options=(
        Option(
            "ReLU takes half of the mean square away, and the 2 gives it back.",
            "z is as often above 0 as below. The half below 0 becomes 0.",
        ),
        Option(
            "There are two passes, forward and backward.",
            "The 2 is there for the forward pass alone. In the backward pass it helps as well.",
        ),
        Option(
            "ReLU doubles every positive value.",
            "It leaves them as they are, and makes the others 0.",
        ),
        Option(
            "Larger weights learn faster.",
            "If so, why not 10/n? Ten layers of that make the values explode.",
        ),
    ),
    right="a",
    hints=(
        "What does ReLU do with half of the values?",
        "Take z as often above as below 0. What is the mean of relu(z)², beside that of z²?",
        "A half is lost at every layer. What factor makes up for it?",
    ),
)

VANISHING_GRADIENTS = (
    STEEPEST, TEN, WEIGHTED, LARGE, SPREAD, SYMMETRY, SILENT, VARIANCES, LEAKY, CLIP,
    RESCUE, FIRST, DEAD, HALF,
)  # fmt: skip
