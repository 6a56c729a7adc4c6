"""Steps: functions that are flat wherever they have a slope, for the rules of others.

A rule that asks `x > 0` records the question as a node, so that the graph of a gradient
answers it anew when it is replayed with other inputs.
"""

from typing import Any

import numpy as np

from ..operation import Operation
from ..tensor import Tensor

SIGNS = {
    np.greater: ">", np.greater_equal: "≥", np.less: "<", np.less_equal: "≤", np.equal: "=",
}  # fmt: skip
LATEX = {"≥": r"\ge", "≤": r"\le"}


class Flat(Operation):
    """An operation whose output only jumps, so that no input wants a gradient."""

    __slots__ = ()
    rule = "no gradient flows: the output is flat but for its jumps"

    def run(self, tensors: tuple[Tensor, ...], arrays: tuple[Any, ...]) -> Any:
        value = super().run(tensors, arrays)
        self.needs = (False,) * len(arrays)
        return value


class Indicator(Flat):
    """z = 1 where a comparison holds, else 0. No gradient flows: it is flat but for its jumps."""

    __slots__ = ("compare",)

    def __init__(self, compare: Any) -> None:
        self.compare = compare

    @property
    def symbol(self) -> str:  # type: ignore[override]
        return SIGNS[self.compare]

    @property
    def formula(self) -> str:  # type: ignore[override]
        return f"1[{{x}} {self.symbol} {{y}}]"

    @property
    def latex(self) -> str:  # type: ignore[override]
        return rf"\mathbf{{{{1}}}}[{{x}} {LATEX.get(self.symbol, self.symbol)} {{y}}]"

    def forward(self, x: Any, y: Any) -> Any:
        return _holds(self.compare, x, y)


class Sign(Flat):
    """z = −1, 0 or 1, as x is negative, 0 or positive. No gradient flows: it is flat."""

    __slots__ = ()
    symbol = "sign"
    formula, latex = "sign({x})", r"\operatorname{{sign}}({x})"

    def forward(self, x: Any) -> Any:
        return np.sign(x)


def _holds(compare: Any, x: Any, y: Any) -> Any:
    holds = compare(x, y)
    if type(holds) is np.bool_:  # of single numbers, in half the time
        return x.dtype.type(holds)
    return holds.astype(x.dtype) if hasattr(holds, "astype") else holds


def _ask(compare: Any, x: Any, y: Any) -> Any:
    """For arrays, tensors and symbols alike."""
    if isinstance(x, Tensor) or isinstance(y, Tensor):
        return Indicator(compare)(x, y)
    return _holds(compare, x, y)


def greater(x: Any, y: Any) -> Any:
    """1 where x > y, else 0."""
    return _ask(np.greater, x, y)


def less(x: Any, y: Any) -> Any:
    """1 where x < y, else 0."""
    return _ask(np.less, x, y)


def equal(x: Any, y: Any) -> Any:
    """1 where x = y, else 0."""
    return _ask(np.equal, x, y)


def between(low: Any, x: Any, high: Any) -> Any:
    """1 where low ≤ x ≤ high, else 0."""
    return _ask(np.greater_equal, x, low) * _ask(np.less_equal, x, high)


def sign(x: Any) -> Any:
    """−1, 0 or 1."""
    return Sign().apply(x)
