"""Lesson 07: scores so large that their powers overflow, and the two cures."""

from dataclasses import dataclass
from math import e, inf, log
from typing import Any

import numpy as np

from ..tensor import Tensor
from .exercise import Mistake, Unreadable, is_blank
from .function import Function, Point
from .numeric import Number

CLIP = 1e-8

SHIFT = Number(
    key="07.shift",
    answer=lambda: e**2 / (1 + e + e**2),
    because="Only the differences count: they are those of the scores 0, 1 and 2.",
    mistakes=(
        Mistake(
            lambda: 1.0,
            "The largest takes most, not all: the next score is only 1 behind, a factor of e.",
        ),
        Mistake(
            lambda: 1002 / 3003,
            "About a third: that compares the scores themselves. softmax compares their powers.",
        ),
        Mistake(
            lambda: e / (1 + e + e**2),
            "That is the second share. Here the third is asked for.",
        ),
        Mistake(
            lambda: 1 / (1 + e + e**2),
            "That is the first share. Here the third is asked for.",
        ),
        Mistake(
            lambda: 2 / 3,
            "That shares out the differences 0, 1 and 2. softmax takes their powers first.",
        ),
        Mistake(
            lambda: e / (1 + e),
            "That is the share among the last two. There is a third score.",
        ),
    ),
    hints=(
        "e^1002 / (e^1000 + e^1001 + e^1002): divide above and below by e^1000.",
        "It is e^2 / (1 + e^1 + e^2).",
        "import math; math.exp(2) / (1 + math.exp(1) + math.exp(2))",
    ),
)

TINY = 1e-12

CAP = Number(
    key="07.cap",
    answer=lambda: -log(CLIP),
    because="The clip makes 1e-8 of every smaller share. No loss is larger than this.",
    mistakes=(
        Mistake(lambda: -log(TINY), "That is the loss without the clip, the true one."),
        Mistake(lambda: log(CLIP), "The sign: the loss is −log."),
        Mistake(lambda: 8.0, "That is the logarithm to base 10. log is the natural one here."),
        Mistake(lambda: CLIP, "That is the clipped share. The loss is −log of it."),
        Mistake(
            lambda: 0.0,
            "The gradient is that, as the loss stands still below the clip. The loss itself is "
            "not.",
        ),
    ),
    hints=(
        "First the clip: which number does it make of 1e-12?",
        "It makes 1e-8. What is −log of it?",
        "import math; -math.log(1e-8)",
    ),
)


def two_class_loss(a1: float, a2: float) -> tuple[float]:
    """log(e^a1 + e^a2) − a1: the loss when class 1 of two is true, at any size."""
    return (float(np.logaddexp(a1, a2) - a1),)


@dataclass(frozen=True, kw_only=True)
class Stable(Function):
    """One number of scores that may be large. A value that is not finite is named."""

    overflow: str

    def points(self) -> list[Point]:
        near, far = (1.5, -0.5), (-1.25, 1.0)
        return [tuple(k * a for a in pair) for k in (1.0, 20.0, 1000.0) for pair in (near, far)]

    def _call(self, function: Any, point: Point) -> Any:
        try:
            value = super()._call(function, point)
        except Unreadable as problem:
            if "OverflowError" not in str(problem):
                raise
            value = inf
        if is_blank(value):
            return value
        if isinstance(value, Tensor) and value.size == 1:
            value = value.item()
        if np.shape(value) == () and not np.isfinite(value):
            raise Unreadable(f"{self._written(point)} is {float(value):g}. {self.overflow}")
        return (value,) if np.shape(value) == () else value


STABLE = Stable(
    key="07.stable.rule",
    name="two_class_loss",
    arguments=("a1", "a2"),
    results=("L",),
    answer=two_class_loss,
    because="Right with small scores, and with scores in the thousands.",
    overflow="A power of a large score is too large for a float; and a tiny share is rounded to "
    "0, whose log is −inf. Subtract the larger score first, and take the log of the sum, not of a "
    "share.",
    mistakes=(
        Mistake(
            lambda a1, a2: (min(two_class_loss(a1, a2)[0], -np.log(CLIP)),),
            "Right for shares above the clip. Below it the loss stands still, and nothing is "
            "learned. Leave the clip out.",
        ),
        Mistake(
            lambda a1, a2: (two_class_loss(a1, a2)[0] - max(a1, a2),),
            "What was subtracted before the powers is added again after the log.",
        ),
        Mistake(
            lambda a1, a2: (float(np.logaddexp(a1, a2)),),
            "That is the log of the sum. The score of the true class is subtracted from it.",
        ),
        Mistake(
            lambda a1, a2: (-two_class_loss(a1, a2)[0],),
            "That is log y1, which is never above 0. The loss is −log y1.",
        ),
        Mistake(
            lambda a1, a2: two_class_loss(a2, a1),
            "That is the loss for true class 2. Here class 1 is the true one.",
        ),
        Mistake(
            lambda a1, a2: (max(a1, a2) - a1,),
            "That is only nearly the log of the sum: the smaller power is missing.",
        ),
        Mistake(
            lambda a1, a2: (float(np.log1p(np.exp(-abs(a1 - a2)))),),
            "That is the log of the sum after the larger score m is subtracted. m − a1 is missing.",
        ),
    ),
    hints=(
        "L = −log y1 = log(e^a1 + e^a2) − a1. What happens to e^a1 when a1 = 1500?",
        "Take m = max(a1, a2). The log of the sum is m + log(e^(a1 − m) + e^(a2 − m)).",
        "The last line is: return m + np.log(np.exp(a1 - m) + np.exp(a2 - m)) - a1",
    ),
)
