"""Lesson 09: two cures that a learner writes, a leaky ReLU and the clipping of gradients."""

from typing import Any

import numpy as np

from ..operation import Operation
from .exercise import Mistake
from .function import Function
from .own_operation import OwnOperation
from .own_rules import mistaken

LEAK = 0.1
LIMIT = 2.0


class LeakyReLU(Operation):
    """z = x above 0, and x/10 below; dx = dz above 0, and dz/10 below.

    >>> from autograd_lite import gradcheck
    >>> gradcheck(LeakyReLU, np.array([-2.0, 3.0]), order=2)
    True
    """

    def forward(self, x: Any) -> Any:
        return np.where(x > 0, x, LEAK * x)

    def backward(self, dz: Any) -> Any:
        (x,) = self.inputs
        return np.where(x > 0, dz, LEAK * dz)


LEAKY = OwnOperation(
    key="09.leaky.rule",
    name="LeakyReLU",
    shapes={"x": (8,)},
    answer=LeakyReLU,
    because="Above 0 all of dz passes, below 0 a tenth of it. Nothing is stopped.",
    mistakes=(
        Mistake(
            mistaken(LeakyReLU, lambda dz, z, x: np.where(x > 0, dz, 0.0)),
            "Below 0 nothing passes: that is the rule of the plain ReLU, and the leak is gone.",
        ),
        Mistake(
            mistaken(LeakyReLU, lambda dz, z, x: dz),
            "Everything passes. Below 0 the slope is a tenth.",
        ),
        Mistake(
            mistaken(LeakyReLU, lambda dz, z, x: np.where(x > 0, 1.0, LEAK)),
            "The upstream gradient is forgotten: those are the slopes alone. Multiply by dz.",
        ),
        Mistake(
            mistaken(LeakyReLU, lambda dz, z, x: np.where(dz > 0, dz, LEAK * dz)),
            "That looks at the sign of dz. What decides is the sign of x, as in forward.",
        ),
        Mistake(
            mistaken(LeakyReLU, lambda dz, z, x: dz * z),
            "That multiplies by the value. The local gradient is the slope: 1, or a tenth.",
        ),
        Mistake(
            mistaken(LeakyReLU, lambda dz, z, x: np.where(x > 0, LEAK * dz, dz)),
            "The two sides are swapped.",
        ),
        Mistake(
            mistaken(LeakyReLU, lambda dz, z, x: np.where(x > 0, dz, -LEAK * dz)),
            "The sign below 0 is turned round. The slope there is a tenth, and positive.",
        ),
        Mistake(
            mistaken(LeakyReLU, lambda dz, z, x: np.where(x > 0, dz, LEAK)),
            "Above 0 it is right. Below 0 the upstream gradient is forgotten.",
        ),
    ),
    hints=(
        "Two slopes: 1 above 0, and 0.1 below. np.where(x > 0, one, other) chooses.",
        "forward ends with: return np.where(x > 0, x, 0.1 * x)",
        "backward: (x,) = self.inputs, then: return np.where(x > 0, dz, 0.1 * dz)",
    ),
)

Pair = tuple[float, float]


def clip(g1: float, g2: float) -> Pair:
    """Scale a gradient that is longer than the limit down to it; leave a shorter one alone."""
    return scaled(g1, g2, min(1.0, LIMIT / np.hypot(g1, g2)))


def scaled(g1: float, g2: float, factor: float) -> Pair:
    return float(g1 * factor), float(g2 * factor)


def at_most(g: float) -> float:
    return max(-LIMIT, min(LIMIT, g))


def cut_by_sum(g1: float, g2: float) -> Pair:
    """The length measured as |g1| + |g2|."""
    return scaled(g1, g2, min(1.0, LIMIT / (abs(g1) + abs(g2))))


def cut_by_square(g1: float, g2: float) -> Pair:
    """The root forgotten."""
    return scaled(g1, g2, min(1.0, LIMIT / (g1 * g1 + g2 * g2)))


def cut_to_one(g1: float, g2: float) -> Pair:
    norm = np.hypot(g1, g2)
    return scaled(g1, g2, 1 / norm if norm > LIMIT else 1.0)


def cut_to_zero(g1: float, g2: float) -> Pair:
    return scaled(g1, g2, 0.0 if np.hypot(g1, g2) > LIMIT else 1.0)


def cut_the_short(g1: float, g2: float) -> Pair:
    return scaled(g1, g2, max(1.0, LIMIT / np.hypot(g1, g2)))


CLIP = Function(
    key="09.clip_rule",
    name="clip",
    arguments=("g1", "g2"),
    results=("g1", "g2"),
    answer=clip,
    because="A long gradient keeps its direction and gets the length 2. A short one stays.",
    mistakes=(
        Mistake(
            lambda g1, g2: (at_most(g1), at_most(g2)),
            "That clips each number by itself. It turns the gradient into another direction; "
            "multiply both by the same factor.",
        ),
        Mistake(
            lambda g1, g2: scaled(g1, g2, LIMIT / np.hypot(g1, g2)),
            "A short gradient was made longer. Leave those alone that are not above the limit.",
        ),
        Mistake(
            cut_to_one,
            "Long gradients get the length 1. The factor is the limit, divided by the length.",
        ),
        Mistake(
            lambda g1, g2: scaled(g1, g2, 1 / np.hypot(g1, g2)),
            "Every gradient gets the length 1. The limit is 2, and short ones stay as they are.",
        ),
        Mistake(
            cut_by_sum,
            "The length is taken as the sum of the sizes. It is the root of the sum of squares.",
        ),
        Mistake(
            cut_by_square,
            "The root is missing: the length is the root of g1² + g2².",
        ),
        Mistake(
            cut_to_zero,
            "Long gradients are thrown away. Make them shorter, so that the step is still taken.",
        ),
        Mistake(
            cut_the_short,
            "The condition is turned round: the short ones were stretched, the long ones stayed.",
        ),
        Mistake(
            lambda g1, g2: (g1, g2),
            "Nothing is clipped. Gradients longer than 2 must become shorter.",
        ),
    ),
    hints=(
        "The length is the root of g1² + g2²: np.hypot(g1, g2).",
        "If the length is above 2, multiply both numbers by 2 / length. Else return them as is.",
        "factor = min(1, 2 / np.hypot(g1, g2)), then: return factor * g1, factor * g2",
    ),
)
