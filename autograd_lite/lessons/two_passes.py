"""Lesson 01: y = x1·x2 + sin(x1), forward and backward."""

from math import cos, exp, radians, sin

from .choice import Choice, Option
from .exercise import Mistake
from .numeric import Number, Numbers
from .stand_still import STILL

X1, X2 = 2.0, 3.0
STEP = 0.01


def value(x1: float, x2: float) -> float:
    """v4 = v2 + v3, with v2 = x1·x2 and v3 = sin(x1)."""
    return x1 * x2 + sin(x1)


def gradient_x1(x1: float, x2: float) -> float:
    """Two paths lead from x1 to y: through the product, and through the sine."""
    return x2 + cos(x1)


PREDICT = Number(
    key="01.predict",
    answer=lambda: value(X1, X2),
    because="v2 is the product, v3 is the sine, and v4 is their sum.",
    mistakes=(
        Mistake(
            lambda: X1 * X2 + sin(radians(X1)),
            "That is the sine of 2 degrees. Python and calculus measure angles in radians.",
        ),
        Mistake(
            lambda: sin(X1 * X2) + X1,
            "That takes the sine of the product. The sine node receives x1 alone; follow its edge.",
        ),
        Mistake(
            lambda: X1 + X2 + sin(X1),
            "That adds x1 and x2. The node v2 multiplies them.",
        ),
        Mistake(
            lambda: X1 * X2,
            "That is v2, the product. v4 is one node further: it adds v3 as well.",
        ),
        Mistake(
            lambda: sin(X1),
            "That is v3, the sine. v4 is one node further: it adds v2 as well.",
        ),
        Mistake(
            lambda: X1 * X2 + sin(X2),
            "That takes the sine of x2. The edge into the sine node comes from x1.",
        ),
    ),
    hints=(
        "Go from left to right, one node at a time. Which two values meet in v4?",
        "v2 = x1·x2 and v3 = sin(x1), in radians. v4 adds the two.",
        "v4 = 2·3 + sin(2). In Python: import math, then 2 * 3 + math.sin(2).",
    ),
)

FORK = Number(
    key="01.fork",
    answer=lambda: gradient_x1(X1, X2),
    because="Two paths leave x1. Each brings a contribution, and the contributions are added.",
    mistakes=(
        Mistake(
            lambda: cos(X1),
            "That is the contribution of the sine alone. A second edge leaves x1: its "
            "contribution is added.",
        ),
        Mistake(
            lambda: X2,
            "That is what you get when the path that arrives last overwrites the other: only the "
            "product is left. Contributions are added.",
        ),
        Mistake(
            lambda: X2 * cos(X1),
            "That multiplies the two paths. Along one path you multiply; between paths you add.",
        ),
        Mistake(
            lambda: value(X1, X2) * gradient_x1(X1, X2),
            "That starts the backward pass from the value of y. It starts from ∂y/∂y.",
        ),
        Mistake(
            lambda: X2 + sin(X1),
            "That uses the sine itself as its local gradient. What is the derivative of sin?",
        ),
        Mistake(
            lambda: X2 + cos(radians(X1)),
            "That is the cosine of 2 degrees. The angle is in radians.",
        ),
        Mistake(
            lambda: X1 + cos(X1),
            "In the product you used the input itself. The local gradient for x1 is the other "
            "input.",
        ),
        Mistake(
            lambda: X2 - cos(X1),
            "One sign is wrong: the derivative of sin is plus cos, and the sum adds both paths.",
        ),
        Mistake(
            lambda: gradient_x1(X1, X2) / 2,
            "That is the mean of the two contributions. They are added, not averaged.",
        ),
        Mistake(
            lambda: X1,
            "That is the gradient at x2. At x1 the product brings the other input, and the sine "
            "brings something too.",
        ),
        Mistake(
            lambda: value(X1, X2),
            "That is the value of y. The gradient says how fast y moves when x1 moves.",
        ),
        Mistake(
            lambda: X2 - sin(X1),
            "That takes −sin for the derivative of sin. It is the derivative of cos that is −sin.",
        ),
    ),
    hints=(
        "Count the edges that leave x1. Each one brings back a contribution.",
        "A contribution is upstream · local. The upstream gradient is 1 on both paths here.",
        "The product brings x2, the sine brings cos(x1). Add them at x1 = 2, x2 = 3.",
    ),
)

OWN_X1, OWN_X2 = 0.5, 4.0


def own_value(x1: float, x2: float) -> float:
    """y = exp(x1)·x2 − x1: again a fork at x1."""
    return exp(x1) * x2 - x1


def own_gradients(x1: float, x2: float) -> dict[str, float]:
    """One path through exp and the product, one through the minus."""
    return {"x1": exp(x1) * x2 - 1, "x2": exp(x1)}


OWN = Numbers(
    key="01.own",
    answer=lambda: own_gradients(OWN_X1, OWN_X2),
    because="The path through exp and the product, and the path through the minus, are added.",
    mistakes=(
        Mistake(
            lambda: {"x1": -1.0, "x2": exp(OWN_X1)},
            "At x1 only the path through the minus is there. x1 also goes into exp: that path's "
            "contribution is added.",
        ),
        Mistake(
            lambda: {"x1": exp(OWN_X1) * OWN_X2, "x2": exp(OWN_X1)},
            "At x1 the path through exp arrives last and has overwritten the path through the "
            "minus. Contributions are added.",
        ),
        Mistake(
            lambda: {"x1": exp(OWN_X1) * OWN_X2 + 1, "x2": exp(OWN_X1)},
            "At x1 the second path came in with a plus. What is subtracted has the local "
            "gradient −1.",
        ),
        Mistake(
            lambda: dict(zip(("x2", "x1"), own_gradients(OWN_X1, OWN_X2).values(), strict=True)),
            "The two gradients are swapped: each stands at the other input.",
        ),
        Mistake(
            lambda: {"x1": exp(OWN_X1) ** 2 - 1, "x2": OWN_X2},
            "In the product each input got itself as its local gradient. It is the other input.",
        ),
        Mistake(
            lambda: {"x1": OWN_X2 * OWN_X1 * exp(OWN_X1 - 1) - 1, "x2": exp(OWN_X1)},
            "That differentiates exp like a power of x1. The derivative of exp is exp.",
        ),
        Mistake(
            lambda: {"x1": OWN_X2 - 1, "x2": exp(OWN_X1)},
            "At x1 the local gradient of exp is missing. Each node on the path gives a factor.",
        ),
        Mistake(
            lambda: {
                name: own_value(OWN_X1, OWN_X2) * gradient
                for name, gradient in own_gradients(OWN_X1, OWN_X2).items()
            },
            "That starts the backward pass from the value of y. It starts from ∂y/∂y.",
        ),
    ),
    hints=(
        "Draw the graph: v2 = exp(x1), v3 = v2·x2, v4 = v3 − x1. Where is the fork?",
        "Back through the product: v2 receives x2, and x2 receives v2. Then go through exp.",
        "x1 receives x2·exp(x1) from one path and −1 from the other; x2 receives exp(x1).",
    ),
)

NUDGE = Number(
    key="01.nudge",
    answer=lambda: STEP * gradient_x1(X1, X2),
    because="For a small step h, the output moves by about gradient · h.",
    mistakes=(
        Mistake(
            lambda: value(X1 + STEP, X2),
            "That is the new value of y. The question is by how much y changes.",
        ),
        Mistake(
            lambda: gradient_x1(X1, X2),
            "That is the gradient: the change for each unit of x1. The step is smaller than 1.",
        ),
        Mistake(
            lambda: gradient_x1(X1, X2) / STEP,
            "That divides by the step. The gradient is change per step, so multiply.",
        ),
        Mistake(
            lambda: (X1 + STEP) * gradient_x1(X1, X2),
            "That multiplies the gradient by the new x1. Multiply it by how far x1 moves.",
        ),
        Mistake(
            lambda: STEP * X2,
            "That follows only the product. x1 moves the sine too.",
        ),
        Mistake(
            lambda: STEP * cos(X1),
            "That follows only the sine. x1 moves the product too.",
        ),
    ),
    hints=(
        "The gradient says how fast y moves when x1 moves. How far does x1 move?",
        "x1 moves by h = 0.01. The change of y is about gradient · h.",
        "Multiply your answer to 01.fork by 0.01.",
    ),
)

SEED = Choice(
    key="01.quiz.1",
    prompt="Which number does the backward pass of y start from?",
    options=(
        Option(
            "The value of y.",
            "The value of y belongs to the forward pass. Gradients begin with ∂y/∂y.",
        ),
        Option("1", "∂y/∂y = 1, whatever the value of y is."),
        Option(
            "0, because no gradient has arrived yet.",
            "From 0 every contribution would be 0: upstream · local stays 0 all the way.",
        ),
        Option(
            "The largest local gradient.",
            "Local gradients are the factors along the way. The start is before all of them.",
        ),
    ),
    right="b",
    hints=(
        "The first node of the backward pass is y itself.",
        "The gradient of a node asks: if this node moves a little, how much does y move?",
        "If y moves by 0.01, then y moves by 0.01. What is the ratio?",
    ),
)

SHIFT = Choice(
    key="01.quiz.2",
    prompt="Now y = x1·x2 + sin(x1) + 5. Which gradients change because of the 5?",
    options=(
        Option("All of them grow by 5.", "Values grow by 5. A gradient says how values change."),
        Option(
            "Only the gradient at x1.",
            "The 5 meets the graph behind the fork. It adds no factor to any path of x1.",
        ),
        Option("None.", "A constant shifts y, and not how y reacts to its inputs."),
        Option(
            "All of them, since y is larger at the start of the backward pass.",
            "The backward pass does not start from the value of y. Its seed is the same as before.",
        ),
    ),
    right="c",
    hints=(
        "Compare two runs in your mind: with the 5 and without it. What differs forward?",
        "The local gradient of z = v + 5 for v is 1.",
        "A factor of 1 changes no product, and the seed does not know the value of y.",
    ),
)

TWICE = Choice(
    key="01.quiz.3",
    prompt="A value is used in two places. What is its gradient?",
    options=(
        Option(
            "The larger of the two contributions.",
            "Both places move the output, also the one that moves it less.",
        ),
        Option(
            "The contribution that arrives last.",
            "That one would overwrite the other, and a path would be lost.",
        ),
        Option(
            "The product of the two contributions.",
            "Factors multiply along one path. These are two paths side by side.",
        ),
        Option("The sum of the two contributions.", "Every path counts, so contributions add."),
    ),
    right="d",
    hints=(
        "Think of x1 in this lesson: it goes into the product and into the sine.",
        "Nudge the value: the output moves through the first place and through the second.",
        "Two small movements of the same output, one after the other, make one movement. How?",
    ),
)

TWO_PASSES = (PREDICT, FORK, NUDGE, STILL, OWN, SEED, SHIFT, TWICE)
