"""Lesson 06: the [2,3,1] network as a graph, its shapes, and the way back through it."""

from math import exp
from typing import Any

import numpy as np

from .choice import Choice, Option
from .exercise import Mistake
from .network_rules import COST, NETWORK
from .numeric import COUNT, Number, Numbers
from .other_beginnings import LAST, STUCK
from .tiles import Tiles

INPUTS, HIDDEN, OUTPUTS, EXAMPLES = 2, 3, 1, 4
WEIGHTS = INPUTS * HIDDEN + HIDDEN * OUTPUTS
BIASES = HIDDEN + OUTPUTS

LEARNED = Number(
    key="06.count",
    answer=lambda: float(WEIGHTS + BIASES),
    tolerance=COUNT,
    because="A weight for each pair of neighbours, a bias for each hidden unit and the output.",
    mistakes=(
        Mistake(
            lambda: float(WEIGHTS),
            "Those are the weights. The biases are learned too.",
        ),
        Mistake(
            lambda: float(WEIGHTS + HIDDEN),
            "b2 is missing: the output has a bias too.",
        ),
        Mistake(
            lambda: float(WEIGHTS + BIASES + EXAMPLES * INPUTS),
            "That counts X as well. The examples are given, not learned.",
        ),
        Mistake(
            lambda: float(WEIGHTS + BIASES + EXAMPLES * (INPUTS + OUTPUTS)),
            "That counts X and Y as well. The examples are given, not learned.",
        ),
        Mistake(
            lambda: float(INPUTS + HIDDEN + OUTPUTS),
            "That counts the units. A weight belongs to a pair of them.",
        ),
        Mistake(
            lambda: 4.0,
            "That counts the arrays W1, b1, W2 and b2. How many numbers does each of them hold?",
        ),
    ),
    hints=(
        "W1 is (2, 3), b1 is (3,), W2 is (3, 1) and b2 is (1,).",
        "W1 holds 2·3 numbers, W2 holds 3·1. Then the biases.",
        "Add 6, 3, 3 and 1.",
    ),
)

Z3, Y = 0.5, 0.8


def cost_gradients(z3: float, y: float) -> dict[str, float]:
    """Of J = (z3 − y)²: the difference passes on 1 to z3 and −1 to y."""
    difference = z3 - y
    return {"z3": 2 * difference, "y": -2 * difference}


def scaled(factor: float) -> dict[str, float]:
    """The right gradients, times a factor that does not belong there."""
    return {name: factor * gradient for name, gradient in cost_gradients(Z3, Y).items()}


FIRST_STEP = Numbers(
    key="06.cost",
    answer=lambda: cost_gradients(Z3, Y),
    because="z3 is too small: J falls when z3 grows. And what pulls at z3 pushes at y.",
    mistakes=(
        Mistake(
            lambda: {"z3": -2 * Y * (Z3 - Y), "y": Z3 - Y},
            "A widely read text prints it so. Nothing in (z3 − y)² multiplies by y, and y has a "
            "minus before it.",
        ),
        Mistake(
            lambda: scaled(0.5),
            "The factor 2 is missing: the slope of d² is 2·d.",
        ),
        Mistake(
            lambda: scaled(-1.0),
            "The sign is turned round. z3 is below y: does J grow or fall when z3 grows?",
        ),
        Mistake(
            lambda: dict.fromkeys(("z3", "y"), cost_gradients(Z3, Y)["z3"]),
            "y enters with a minus, so its local gradient in the difference is −1.",
        ),
        Mistake(
            lambda: dict.fromkeys(("z3", "y"), (Z3 - Y) ** 2),
            "That is the value of J. How fast does J move?",
        ),
        Mistake(
            lambda: scaled((Z3 - Y) ** 2),
            "That starts from the value of J. The backward pass starts from the seed 1.",
        ),
    ),
    hints=(
        "d = z3 − y, then J = d². What is d?",
        "The local gradient of d² is 2·d. In d, z3 has the local gradient 1, and y has −1.",
        "z3 gets 2·(0.5 − 0.8), and y the same with the other sign.",
    ),
)

Z2, UPSTREAM = 0.5, 0.9


def sigmoid(z: float) -> float:
    """1 / (1 + e⁻ᶻ)."""
    return 1 / (1 + exp(-z))


def slope(a: float) -> float:
    """σ' from the output."""
    return a * (1 - a)


ANY_STEP = Number(
    key="06.sigmoid",
    answer=lambda: UPSTREAM * slope(sigmoid(Z2)),
    because="Upstream gradient × local gradient, and the local one is a2·(1 − a2).",
    mistakes=(
        Mistake(
            lambda: slope(sigmoid(Z2)),
            "That is the local gradient alone. Multiply by the upstream gradient.",
        ),
        Mistake(
            lambda: UPSTREAM * slope(Z2),
            "That takes z2·(1 − z2). The slope is made of the output: a2·(1 − a2).",
        ),
        Mistake(
            lambda: UPSTREAM * sigmoid(Z2),
            "That multiplies by the value a2. The local gradient is a2·(1 − a2).",
        ),
        Mistake(
            lambda: UPSTREAM * (1 - sigmoid(Z2)),
            "A factor a2 is missing: the local gradient is a2·(1 − a2).",
        ),
        Mistake(
            lambda: UPSTREAM + slope(sigmoid(Z2)),
            "Upstream and local gradient are added. Along an arrow they multiply.",
        ),
        Mistake(
            lambda: UPSTREAM * slope(UPSTREAM),
            "The slope is taken at the upstream gradient. It belongs to the sigmoid: take a2.",
        ),
        Mistake(lambda: UPSTREAM, "The gradient does not pass unchanged: σ has a slope."),
    ),
    hints=(
        "The local gradient of σ is a2·(1 − a2).",
        "1 − 0.6225 is 0.3775.",
        "Multiply 0.9, 0.6225 and 0.3775.",
    ),
)


def matrices() -> dict[str, np.ndarray]:
    """The product a2 @ W2 of four examples, and what comes back to it."""
    rng = np.random.default_rng(0)
    shapes = {"a2": (EXAMPLES, HIDDEN), "W2": (HIDDEN, OUTPUTS), "dz3": (EXAMPLES, OUTPUTS)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def tiles(key: str, of: str, right: tuple[str, str], because: str, *hints: str) -> Tiles:
    """An exercise on the product a2 @ W2."""
    first, second, third = hints
    return Tiles(
        key=key,
        arrays=matrices,
        of=of,
        upstream="dz3",
        right=right,
        because=because,
        hints=(first, second, third),
    )


TILES_WEIGHTS = tiles(
    "06.tiles.weights",
    "W2",
    ("a2.T", "dz3"),
    "No other pair of tiles fits. Below this is line B5.",
    "The gradient of W2 has the shape of W2. Which tiles begin with 3 rows?",
    "The upstream gradient dz3 must be in it, and the other factor of the product, a2.",
    "a2 stood on the left, so its transpose stands on the left.",
)

TILES_VALUES = tiles(
    "06.tiles.values",
    "a2",
    ("dz3", "W2.T"),
    "No other pair of tiles fits. Below this is line B4.",
    "The gradient of a2 has the shape of a2, 4 rows and 3 columns.",
    "The upstream gradient dz3 must be in it, and the other factor of the product, W2.",
    "W2 stood on the right, so its transpose stands on the right.",
)


def runs_without_transpose(columns: int) -> float:
    """For how many examples n (n, columns) @ (n, …) runs: the inner numbers must agree."""
    return float(columns)


SILENT = Number(
    key="06.silent",
    answer=lambda: runs_without_transpose(INPUTS),
    tolerance=COUNT,
    because="Then X is square, the inner numbers agree, and nothing complains.",
    mistakes=(
        Mistake(
            lambda: runs_without_transpose(HIDDEN),
            "With as many, it is B5 that runs: the hidden values are square. Is X square then?",
        ),
        Mistake(
            lambda: float(EXAMPLES),
            "That is the table above: it does not fit.",
        ),
        Mistake(
            lambda: 1.0,
            "With one example both factors have one row. The inner numbers still differ.",
        ),
        Mistake(
            lambda: float(INPUTS * HIDDEN),
            "That is how many numbers W1 holds. How many examples make the inner numbers agree?",
        ),
        Mistake(lambda: 0.0, "There is such a number. Which n makes the inner numbers agree?"),
    ),
    hints=(
        "With n examples X is (n, 2) and dz2 is (n, 3).",
        "The inner numbers of (n, 2) @ (n, 3) are the second and the third.",
        "They agree when n is the number of columns of X.",
    ),
)

ROWS = (0.3, -0.2, 0.4, 0.1)

BIAS = Number(
    key="06.bias",
    answer=lambda: sum(ROWS),
    because="Four arrows lead from b2, one into each row. What comes back is added.",
    mistakes=(
        Mistake(
            lambda: sum(ROWS) / len(ROWS),
            "That is the mean. Contributions are added. (The 1/n of J is in these numbers "
            "already.)",
        ),
        Mistake(lambda: ROWS[0], "That is the first row alone. The others use b2 as well."),
        Mistake(
            lambda: ROWS[-1],
            "That is the last row alone: it has overwritten the others. Contributions are added.",
        ),
        Mistake(
            lambda: float(len(ROWS)),
            "That adds the local gradients, 1 for each row. Each is multiplied by what arrives.",
        ),
        Mistake(lambda: sum(map(abs, ROWS)), "The sign is lost: one row pulls the other way."),
        Mistake(lambda: 0.0, "b2 has a gradient: when it moves, all four rows move."),
    ),
    hints=(
        "b2 is added to each of the four rows. How often is it used?",
        "A value that is used four times has four arrows coming back.",
        "Add 0.3, −0.2, 0.4 and 0.1.",
    ),
)

WEIGHT, GRADIENT, RATE = 0.5, -0.6, 0.1


def updated(weight: float, gradient: float, rate: float) -> float:
    """W − λ · ∂J/∂W."""
    return weight - rate * gradient


UPDATE = Number(
    key="06.update",
    answer=lambda: updated(WEIGHT, GRADIENT, RATE),
    because="The gradient is negative: J falls when the weight grows. So the weight grows.",
    mistakes=(
        Mistake(
            lambda: updated(WEIGHT, GRADIENT, -RATE),
            "That goes uphill: J would grow. The gradient is subtracted, with its sign.",
        ),
        Mistake(
            lambda: updated(WEIGHT, GRADIENT, 1.0),
            "The learning rate λ is missing: only a part of the gradient is subtracted.",
        ),
        Mistake(
            lambda: -RATE * GRADIENT,
            "That is the step alone. The weight moves by it.",
        ),
        Mistake(
            lambda: RATE * GRADIENT,
            "That is λ·∂J/∂W. It is subtracted from the weight.",
        ),
        Mistake(
            lambda: WEIGHT - WEIGHT * RATE * GRADIENT,
            "The step is not multiplied by the weight: it is λ·∂J/∂W.",
        ),
    ),
    hints=(
        "W(k+1) = W(k) − λ · ∂J/∂W(k).",
        "λ · ∂J/∂W is 0.1 · (−0.6).",
        "0.5 − (−0.06).",
    ),
)

TRANSPOSE = Choice(
    key="06.quiz.1",
    prompt="Forward, X·W1 is computed. Back comes D, with the shape of X·W1. What is ∂J/∂W1?",
    options=(
        Option("X⁻¹·D", "X need not be square. And a gradient does not undo the product."),
        Option("Xᵀ·D", "(2, n) times (n, 3) gives (2, 3), and the sum over the rows is in it."),
        Option("X·D", "(n, 2) times (n, 3): that fits for n = 2 alone, and is wrong even there."),
        Option("D·Xᵀ", "(n, 3) times (2, n): the inner numbers, 3 and 2, never agree."),
    ),
    right="b",
    hints=(
        "Write the shapes of X, W1 and D for n examples.",
        "∂J/∂W1 has the shape of W1, (2, 3).",
        "X stood on the left. What is the shape of Xᵀ?",
    ),
)

SUMMED = Choice(
    key="06.quiz.2",
    prompt="A batch of 32 examples runs through the network. What is the gradient of b1?",
    options=(
        Option("dz2, with its 32 rows.", "b1 has three numbers, so its gradient has three."),
        Option("The mean of the rows of dz2.", "The 1/n of J is in dz2. What arrives is added."),
        Option("Zero: nothing is computed from it.", "It is added to every row, and moves J."),
        Option("The sum of the rows of dz2.", "One arrow comes back from each row. They add."),
    ),
    right="d",
    hints=(
        "How often is b1 used?",
        "Forward, the same b1 goes into every row: a fork.",
        "At a fork, contributions are added.",
    ),
)

IDENTITY = Choice(
    key="06.quiz.3",
    prompt="The last sigmoid is left out: Ŷ = z3. Which of the lines B1 to B10 must be rewritten?",
    options=(
        Option("B1 alone.", "f'(z3) = 1, so ∂J/∂z3 is ∂J/∂Ŷ. The other lines read the same."),
        Option("All of them.", "Their numbers change. But each line knows only its own operation."),
        Option("B1 and B6.", "B6 is the sigmoid of the hidden layer. It is still there."),
        Option("None.", "Somewhere the slope of the last sigmoid stands. It is gone now."),
    ),
    right="a",
    hints=(
        "In which line does f'(z3) stand?",
        "The identity has the slope 1.",
        "Each line holds one operation. Which operation has gone?",
    ),
)

NETWORK_231: tuple[Any, ...] = (
    LEARNED, FIRST_STEP, COST, ANY_STEP, TILES_WEIGHTS, TILES_VALUES, BIAS, SILENT, UPDATE,
    NETWORK, STUCK, LAST, TRANSPOSE, SUMMED, IDENTITY,
)  # fmt: skip
