"""Lesson 06: where training gets stuck, and the network without its last sigmoid."""

from .exercise import Mistake
from .numeric import Number, Numbers

TARGETS = (0.0, 1.0, 1.0, 0.0)


def cost(answers: tuple[float, ...]) -> float:
    """The mean of the squared differences from the targets of exclusive or."""
    pairs = zip(answers, TARGETS, strict=True)
    return sum((answer - target) ** 2 for answer, target in pairs) / len(TARGETS)


STUCK = Number(
    key="06.stuck",
    answer=lambda: cost((0.0, 0.5, 1.0, 0.5)),
    because="Two corners cost nothing and two cost a quarter each; J is the mean of the four.",
    mistakes=(
        Mistake(
            lambda: cost((0.5, 0.5, 0.5, 0.5)),
            "So it is when all four corners say one half. Here two of them are right.",
        ),
        Mistake(
            lambda: len(TARGETS) * cost((0.0, 0.5, 1.0, 0.5)),
            "That is the sum. J is the mean over the four corners.",
        ),
        Mistake(
            lambda: 0.0,
            "That would be all four corners right. Two of them say one half.",
        ),
        Mistake(
            lambda: cost((0.0, 0.5, 1.0, 0.0)),
            "That counts one corner with one half. There are two.",
        ),
    ),
    hints=(
        "What does a corner cost that is right, and one that says one half?",
        "A right one costs 0, one half costs a quarter. J is the mean of four.",
        "Add 0, ¼, 0 and ¼, and divide by 4.",
    ),
)

Z3, Y, N, LOCAL = 0.5, 1.0, 4, 0.235  # the slope of the sigmoid at 0.5, to three digits
YHAT = 0.6225


def both(factor: float = 1.0) -> dict[str, float]:
    """∂J/∂z3 of one row, with the sigmoid and with the identity at the end."""
    return {
        "sigmoid": factor * 2 / N * (YHAT - Y) * LOCAL,
        "identity": factor * 2 / N * (Z3 - Y),
    }


LAST = Numbers(
    key="06.identity",
    answer=both,
    because="Only B1 knows what the last activation is. The identity has the slope 1.",
    mistakes=(
        Mistake(
            lambda: {**both(), "identity": both()["identity"] * LOCAL},
            "The slope of the sigmoid is still a factor. The identity has the slope 1.",
        ),
        Mistake(
            lambda: {**both(), "sigmoid": both()["sigmoid"] / LOCAL},
            "The slope of the sigmoid is missing: it is a factor of B1.",
        ),
        Mistake(lambda: both(N), "The batch is not averaged: J is a mean over the rows."),
        Mistake(lambda: both(0.5), "The factor 2 is missing: it comes down from the square."),
        Mistake(lambda: both(-1.0), "The sign is turned round: the difference is Ŷ − Y."),
        Mistake(
            lambda: {**both(), "identity": 2 / N * (YHAT - Y)},
            "With the identity nothing squashes: Ŷ is z3 itself.",
        ),
    ),
    hints=(
        "B1 is (2/n)·(Ŷ − Y), times the slope of the last activation.",
        "With the sigmoid Ŷ = 0.6225 and the slope is 0.235. With the identity Ŷ = 0.5 and the "
        "slope is 1.",
        "(2/4)·(0.6225 − 1)·0.235, and (2/4)·(0.5 − 1).",
    ),
)
