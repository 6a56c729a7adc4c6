"""Lesson 07: what comes back to scores, and many examples at once."""

from collections.abc import Sequence
from math import log

import numpy as np

from ..ops import FUNCTIONS
from ..recording import scope
from ..tensor import Tensor
from .choice import Choice, Option
from .exercise import Mistake
from .large_scores import CAP, SHIFT, STABLE
from .numeric import Number, Numbers
from .softmax_rules import SOFTMAX, TOGETHER

POWERS = ((2.0, 3.0, 5.0), (1.0, 1.0, 2.0))  # e^score, a row for each example
TRUE = (1, 0)  # the class of each example, counted from 0
COUNT = len(POWERS)
exp, ln = FUNCTIONS["exp"], FUNCTIONS["log"]


def share(row: Sequence[float]) -> np.ndarray:
    """The shares y of one example."""
    return np.array(row) / sum(row)


def slopes(example: int) -> np.ndarray:
    """y − t: what comes back to the scores of one example."""
    return share(POWERS[example]) - np.eye(3)[TRUE[example]]


def record() -> Tensor:
    """The loss of the first example as a graph, a box for each number."""
    a1, a2, a3 = (Tensor(log(power), name=f"a{k}") for k, power in enumerate(POWERS[0], 1))
    e1, e2, e3 = exp(a1), exp(a2), exp(a3)
    s = e1 + e2 + e3
    y2 = e2 / s
    e1.name, e2.name, e3.name, s.name, y2.name = "e1", "e2", "e3", "s", "y2"
    with scope("loss"):
        loss = -ln(y2)
    loss.name = "L"
    return loss


def record_batch() -> Tensor:
    """The mean loss of both examples, with a bias that is added to every row."""
    z, b = Tensor(np.log(POWERS), name="Z"), Tensor(np.zeros(3), name="b")
    a = z + b
    a.name = "A"
    with scope("softmax"):
        e = exp(a)
        s = e.sum(axis=1, keepdims=True)
        y = e / s
    with scope("loss"):
        loss = -(np.eye(3)[list(TRUE)] * ln(y)).sum() / float(COUNT)
    e.name, s.name, y.name, loss.name = "E", "s", "Y", "L"
    return loss


Y1, Y2, _ = share(POWERS[0]).tolist()

OTHER = Number(
    key="07.other",
    answer=lambda: Y1,
    because="a1 feeds e1, e1 feeds the sum s, and s stands under the fraction of y2.",
    mistakes=(
        Mistake(
            lambda: 0.0,
            "y1 does not stand in L. But a1 stands in the sum s, and y2 = e2/s.",
        ),
        Mistake(
            lambda: -Y1,
            "The sign: a larger a1 makes s larger, y2 smaller, and −log y2 larger.",
        ),
        Mistake(
            lambda: Y1 / POWERS[0][0],
            "That has come back as far as e1. From e1 to a1 it is multiplied once more.",
        ),
        Mistake(
            lambda: -Y1 * Y2,
            "That is how y2 moves with a1. The upstream gradient of y2 is forgotten.",
        ),
        Mistake(
            lambda: Y1 * (1 - Y1),
            "That is how y1 moves with a1. y1 does not stand in the loss; y2 does.",
        ),
        Mistake(
            lambda: Y1 - 1,
            "That is right when class 1 is the true one. Here it is class 2.",
        ),
        Mistake(
            lambda: -POWERS[0][0] / Y2 / sum(POWERS[0]),
            "That goes to the top of the fraction, where e2 stands. e1 is only in s, below.",
        ),
        Mistake(
            lambda: POWERS[0][0],
            "That is e1, the last local gradient alone. Go back from L: y2, s, e1, a1.",
        ),
    ),
    hints=(
        "On which way does a1 reach L? Name the boxes.",
        "L → y2 brings −1/y2. y2 → s brings −e2/s². s → e1 brings 1. And e1 → a1?",
        "(−1/0.3) · (−3/100) · 1 · 2.",
    ),
)


def jacobian(own: float, cross: float) -> dict[str, float]:
    return {"y1_a1": own, "y1_a2": cross}


JACOBIAN = Numbers(
    key="07.jacobian",
    answer=lambda: jacobian(Y1 * (1 - Y1), -Y1 * Y2),
    because="A share grows with its own score, and shrinks with every other.",
    mistakes=(
        Mistake(
            lambda: jacobian(Y1 * (1 - Y1), 0.0),
            "That is the diagonal alone. y1 = e1/s, and a2 stands in s.",
        ),
        Mistake(
            lambda: jacobian(Y1 * (1 - Y1), Y1 * Y2),
            "The sign: a larger a2 takes away from y1.",
        ),
        Mistake(
            lambda: jacobian(Y1, 0.0),
            "That holds s still. But s holds e1 and e2, and moves with both.",
        ),
        Mistake(
            lambda: jacobian(-Y1 * Y1, -Y1 * Y2),
            "That goes through s alone. a1 also stands above the line, in e1: there δ is 1.",
        ),
        Mistake(
            lambda: jacobian(-Y1 * (1 - Y1), Y1 * Y2),
            "Both signs are turned round. A share grows with its own score.",
        ),
        Mistake(
            lambda: jacobian(Y1 - 1, Y2),
            "That is y − t, which belongs to softmax and loss together. Here softmax is alone.",
        ),
        Mistake(
            lambda: jacobian(Y1, Y2),
            "Those are the shares. How do they move?",
        ),
        Mistake(
            lambda: jacobian(1 - Y1, -Y2),
            "The factor y1 in front is missing.",
        ),
    ),
    hints=(
        "y1 = e1/s. What happens to e1 and to s when a1 grows? When a2 grows?",
        "By the quotient rule: (e1·s − e1·e1)/s² for a1, and (0 − e1·e2)/s² for a2.",
        "With y = (0.2, 0.3, 0.5): y1·(1 − y1), and −y1·y2.",
    ),
)


def row(numbers: np.ndarray, name: str = "a") -> dict[str, float]:
    return {f"{name}{k}": float(number) for k, number in enumerate(numbers, 1)}


BATCH = Numbers(
    key="07.batch",
    answer=lambda: row(slopes(0) / COUNT),
    because="L holds the loss of this example times 1/M, and so does everything that comes back.",
    mistakes=(
        Mistake(
            lambda: row(slopes(0)),
            "The batch is not averaged: that is y − t, for the loss of this example alone.",
        ),
        Mistake(lambda: row(-slopes(0) / COUNT), "The sign: that is (t − y)/M."),
        Mistake(
            lambda: row(share(POWERS[0]) / COUNT),
            "The target is missing: those are the shares, divided by M.",
        ),
        Mistake(
            lambda: row(slopes(0) / 3),
            "That divides by the number of classes. The mean is taken over the examples.",
        ),
        Mistake(
            lambda: row(slopes(0) / 6),
            "That divides by all the numbers in the table. The mean is over the examples.",
        ),
        Mistake(
            lambda: row((slopes(0) + slopes(1)) / COUNT),
            "Both rows are added. The scores of an example move the loss of that example alone.",
        ),
    ),
    hints=(
        "What would come back to this row if L were the loss of this example alone?",
        "y − t = (0.2, −0.7, 0.5). But L is half the sum of two losses.",
        "Divide y − t by M, which is 2.",
    ),
)


def bias(first: float, second: float) -> dict[str, float]:
    """The gradients of the two rows, each times a number, added."""
    return row((first * slopes(0) + second * slopes(1)) / COUNT, "b")


BIAS = Numbers(
    key="07.bias",
    answer=lambda: bias(1, 1),
    because="b is used in every row: a fork with M branches, and at a fork gradients add.",
    mistakes=(
        Mistake(
            lambda: bias(1 / COUNT, 1 / COUNT),
            "That is the mean of the rows. The 1/M is in each row already; at a fork they add.",
        ),
        Mistake(lambda: bias(1, 0), "That is the first row alone. b is used in the second too."),
        Mistake(
            lambda: bias(0, 1),
            "That is the second row alone: it has overwritten the first. At a fork they add.",
        ),
        Mistake(lambda: bias(COUNT, COUNT), "The batch is not averaged: 1/M is missing."),
        Mistake(lambda: bias(-1, -1), "The sign: that is the way downhill."),
    ),
    hints=(
        "How often is b used? What happens at a fork?",
        "Each row of A brings its gradient to b.",
        "Add the two rows: column by column.",
    ),
)

SURE = Choice(
    key="07.quiz.1",
    prompt="The true class has the share 0.9. What comes back to its score, for one example?",
    options=(
        Option("0.9", "That is y. The target, 1, is still to be subtracted."),
        Option("−0.1", "y − t = 0.9 − 1. Nearly right, so nearly nothing comes back."),
        Option("0.1", "That is t − y. The loss falls when this score grows: below zero."),
        Option(
            "−1/0.9",
            "That comes back to the share. Through softmax it becomes y − t.",
        ),
    ),
    right="b",
    hints=(
        "What is t for the true class?",
        "What comes back to the scores is y − t.",
        "0.9 − 1.",
    ),
)

SUBTRACT = Choice(
    key="07.quiz.2",
    prompt="Why may the largest score be subtracted from all scores of an example?",
    options=(
        Option(
            "The error is so small that nobody sees it.",
            "There is no error: the shares are the same, not nearly the same.",
        ),
        Option(
            "The backward pass adds it again.",
            "Nothing is added back. The loss does not depend on it at all.",
        ),
        Option(
            "It makes the largest share 1.",
            "The largest *power* becomes e⁰ = 1. The shares stay as they were.",
        ),
        Option(
            "The shares depend on differences of scores alone.",
            "e^(a − m) = e^a · e^(−m): the same factor above and below.",
        ),
    ),
    right="d",
    hints=(
        "Compare the shares of (0, 1, 2) and (1000, 1001, 1002).",
        "e^(a − m) is e^a times something. Is it the same for every class?",
        "The factor e^(−m) stands above and below.",
    ),
)

STRETCHED = Choice(
    key="07.quiz.3",
    prompt="A (32, 10) + b (10,), and L is the mean of 32 losses. How do the rows of A's "
    "gradient make the gradient of b?",
    options=(
        Option("Their sum.", "b is used 32 times. The 1/32 is in each row already."),
        Option("Their mean.", "The 1/32 is in each row already. A mean would divide twice."),
        Option("The last row.", "The others would be overwritten. At a fork gradients add."),
        Option(
            "They stay a table (32, 10).",
            "A gradient has the shape of its input, and b has shape (10,).",
        ),
    ),
    right="a",
    hints=(
        "Which shape must it have?",
        "b is used in each of the 32 rows: a fork.",
        "At a fork, gradients add.",
    ),
)

SOFTMAX_CROSS_ENTROPY = (
    OTHER, TOGETHER, JACOBIAN, SHIFT, CAP, BATCH, BIAS, SOFTMAX, STABLE, SURE, SUBTRACT, STRETCHED,
)  # fmt: skip
