"""Lesson 12: seeds and Jacobians, the gradient as a graph, second derivatives."""

from .beyond_rules import POLAR, TIMES_HESSIAN
from .choice import Choice, Option
from .exercise import Mistake
from .mended_cube import CUBE
from .numeric import Numbers
from .second_derivatives import KINKED, PASSES, PRODUCT, SECOND, SWAPPED, swapped

X1, X2 = 3.0, 2.0
SEED = (1.0, 10.0)
# ∂z/∂x of z1 = x1·x2 and z2 = x1² + x2: a row for each output.
ROWS = ((X2, X1), (2 * X1, 1.0))


def pulled(first: float, second: float) -> dict[str, float]:
    """seed · J: the rows, each times its entry of the seed, added."""
    pairs = zip(*ROWS, strict=True)
    return dict(zip(("x1", "x2"), (first * a + second * b for a, b in pairs), strict=True))


def pushed(first: float, second: float) -> dict[str, float]:
    """J · tangent: the columns, each times its entry of the tangent, added."""
    return dict(zip(("x1", "x2"), (first * a + second * b for a, b in ROWS), strict=True))


SEEDED = Numbers(
    key="12.seed",
    answer=lambda: pulled(*SEED),
    because="Each row of slopes counts as often as its seed says, and one sweep adds them.",
    mistakes=(
        Mistake(
            lambda: pushed(*SEED),
            "That is Jacobian · (1, 10), as in forward mode: it tells how z1 and z2 move. A seed "
            "stands at the outputs, and comes back to the inputs.",
        ),
        Mistake(lambda: swapped(pulled(*SEED)), SWAPPED),
        Mistake(
            lambda: pulled(1.0, 1.0),
            "That is the seed (1, 1). Here z2 counts ten times.",
        ),
        Mistake(
            lambda: pulled(SEED[1], SEED[0]),
            "The seed is turned round: its first entry belongs to z1.",
        ),
        Mistake(
            lambda: pulled(SEED[0], 0.0),
            "Only z1 has sent something back. z2 has a seed too.",
        ),
        Mistake(
            lambda: pulled(0.0, SEED[1]),
            "What z1 sends back is lost: contributions are added.",
        ),
        Mistake(
            lambda: pulled(SEED[0] / sum(SEED), SEED[1] / sum(SEED)),
            "That is a mean, weighted by the seed. Contributions are added, not averaged.",
        ),
    ),
    hints=(
        "z1 receives 1 and z2 receives 10. What does each of them send to x1?",
        "From z1, x1 gets 1·x2 and x2 gets 1·x1. From z2, x1 gets 10·2·x1 and x2 gets 10.",
        "x1: 1·2 + 10·6. x2: 1·3 + 10·1.",
    ),
)

MANY = Choice(
    key="12.quiz.1",
    prompt="z has shape (3,). Why does z.backward() ask for a seed?",
    options=(
        Option(
            "Nothing can go back from an array.",
            "It can: with a seed of shape (3,). What is missing is how much each entry counts.",
        ),
        Option(
            "It could send back 1 from each entry; the seed is only there for speed.",
            "Ones would add up three different gradients. That is one choice of many.",
        ),
        Option(
            "The seed is the value of z, and it is not known yet.",
            "The value is known since the forward pass. A seed is a gradient, not a value.",
        ),
        Option(
            "There are three gradients, one for each entry, and the seed says which mix of them.",
            "seed · Jacobian. A loss is one number: there is nothing to mix.",
        ),
    ),
    right="d",
    hints=(
        "How many rows does the Jacobian have?",
        "One sweep brings one row, or the rows mixed.",
        "Which answer speaks of a mix?",
    ),
)

UNRECORDED = Choice(
    key="12.quiz.2",
    prompt="A penalty on the gradient: after loss.backward(), you add (x.grad ** 2).sum() to the "
    "loss, and call backward again. What does the penalty change?",
    options=(
        Option(
            "Nothing: x.grad is an array of plain numbers, a constant to the second sweep.",
            "backward(create_graph=True) makes it a Tensor, whose graph leads back to x.",
        ),
        Option(
            "It makes large gradients smaller, as it should.",
            "It would, if x.grad had a graph. Without create_graph=True it is plain numbers.",
        ),
        Option(
            "It is an error: gradients cannot be squared.",
            "Arrays and Tensors can. The question is what the square is connected with.",
        ),
        Option(
            "It doubles the gradient.",
            "x.grad adds up over two sweeps, with a penalty or without. What does the penalty add?",
        ),
    ),
    right="a",
    hints=(
        "What type has x.grad after backward()?",
        "Can a sweep pass through a NumPy array?",
        "Without create_graph=True nothing is recorded on the way back.",
    ),
)

LARGE = Choice(
    key="12.quiz.3",
    prompt="A network has a million parameters. You need H·v, with H the Hessian of its loss. How?",
    options=(
        Option(
            "Make H with ag.hessian, then H @ v.",
            "H has 10¹² entries: 8 terabytes, and a million sweeps.",
        ),
        Option(
            "In forward mode over the gradient, in one pass of tangents.",
            "ag.hvp: the gradient is run once, and one tangent goes along with it.",
        ),
        Option(
            "It cannot be done without H.",
            "v can be carried along the graph, box by box. No table is needed.",
        ),
        Option(
            "With the gradient, times v.",
            "That is how the *loss* moves along v. H·v is how the gradient moves.",
        ),
    ),
    right="b",
    hints=(
        "How large is H?",
        "H is the Jacobian of the gradient. Which mode multiplies a Jacobian by a vector?",
        "Forward mode: Jacobian · tangent.",
    ),
)

BEYOND = (
    SEEDED, SECOND, KINKED, PRODUCT, PASSES, POLAR, TIMES_HESSIAN, CUBE,
    MANY, UNRECORDED, LARGE,
)  # fmt: skip
