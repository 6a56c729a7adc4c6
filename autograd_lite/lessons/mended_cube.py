"""Lesson 12: an operation whose rule can be differentiated once more."""

from typing import Any

from ..gradcheck import gradcheck
from ..operation import Operation
from .found import Found, Shortfall
from .handed_in import read_operation

POINTS = (2.0, -1.5)


def read(answer: Any) -> type[Operation]:
    call = 'lessons.check("12.cube", Cube)'
    return read_operation(answer, call, lambda x: x**3, POINTS, "forward no longer gives x³.")


def passes(operation: type[Operation], order: int) -> bool:
    """Does the gradient check let the rule pass, up to this order?"""
    try:
        return all(gradcheck(operation, x, order=order) for x in POINTS)
    except Exception:  # a rule that stops, or that is refused, does not pass
        return False


class KeptSlope(Operation):
    """As in the lesson: the slope is a number that has lost its graph."""

    def forward(self, x: Any) -> Any:
        self.slope = 3 * x**2
        return x**3

    def backward(self, dz: Any) -> Any:
        return dz * self.slope


class WrongSlope(Operation):
    """The slope of a square."""

    def forward(self, x: Any) -> Any:
        return x**3

    def backward(self, dz: Any) -> Any:
        return dz * 2 * self.inputs[0]


class MendedCube(Operation):
    """z = x³. The rule computes its slope anew, from the input."""

    def forward(self, x: Any) -> Any:
        return x**3

    def backward(self, dz: Any) -> Any:
        return dz * 3 * self.inputs[0] ** 2


CUBE = Found(
    key="12.cube",
    read=read,
    answer=lambda: MendedCube,
    because="self.inputs are Tensors when the backward pass is recorded, so the slope has a graph.",
    mistakes=(
        Shortfall(
            lambda kind: not passes(kind, 1),
            lambda: WrongSlope,
            "The first derivative is wrong already: the slope of x³ is 3·x².",
        ),
        Shortfall(
            lambda kind: not passes(kind, 2),
            lambda: KeptSlope,
            "The first derivative is right. The second is refused, or wrong: what backward reads "
            "is a plain number that was kept by forward.",
        ),
    ),
    hints=(
        "Where may backward find x, with its graph?",
        "`(x,) = self.inputs`. The slope can be computed there.",
        "Begin backward with `(x,) = self.inputs` and return dz · 3 · x².",
    ),
)
