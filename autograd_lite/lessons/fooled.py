"""Lesson 05: a wrong rule that a gradient check at one point lets pass."""

from collections.abc import Callable
from typing import Any

from ..gradcheck import gradcheck
from ..operation import Operation
from .found import Found, Shortfall
from .handed_in import read_operation

AT = 1.0  # where the check is to be fooled
ELSEWHERE = (3.0, -2.0, 0.7, -1.0)


def read(answer: Any) -> type[Operation]:
    call = 'lessons.check("05.fooled", WrongSquare)'
    changed = "forward is no longer z = x². Leave it as it was, and change backward."
    return read_operation(answer, call, lambda x: x**2, (AT, *ELSEWHERE), changed)


def passes(operation: type[Operation], x: float) -> bool:
    """Does the gradient check let the rule pass at this point?"""
    try:
        return gradcheck(operation, x)
    except Exception:  # a rule that stops does not pass
        return False


def square(rule: Callable[[float, Any], Any]) -> type[Operation]:
    """z = x² with this rule of x and dz."""

    class WrongSquare(Operation):
        def forward(self, x: Any) -> Any:
            return x**2

        def backward(self, dz: Any) -> Any:
            return rule(self.inputs[0], dz)

    return WrongSquare


FOOLED = Found(
    key="05.fooled",
    read=read,
    answer=lambda: square(lambda x, dz: dz * 2),
    because="At x = 1 it says what the right rule says, and elsewhere it does not. One point "
    "is no proof.",
    mistakes=(
        Shortfall(
            lambda kind: not passes(kind, AT),
            lambda: square(lambda x, dz: dz * x),
            "The check at x = 1 sees through it. What must the rule say there, to pass?",
        ),
        Shortfall(
            lambda kind: all(passes(kind, x) for x in ELSEWHERE),
            lambda: square(lambda x, dz: dz * 2 * x),
            "This rule passes everywhere: it is right. Make it wrong.",
        ),
    ),
    hints=(
        "The right rule says 2·x·dz. What is that at x = 1?",
        "At x = 1 it is 2·dz. So are many other rules at this one point.",
        "Leave x out, or put a power of x in its place: 1 to any power is 1.",
    ),
)
