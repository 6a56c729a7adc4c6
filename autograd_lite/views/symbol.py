"""Symbols: run an operation's own rule on names, and read off the formula it computes."""

import operator
from collections.abc import Callable
from copy import copy
from typing import Any

import numpy as np

from ..operation import Operation
from .number import format_short

SUM, PRODUCT, POWER, ATOM = range(4)  # how tightly an expression binds


class Symbol:
    """A piece of a formula, plain and in LaTeX. Python and NumPy operators extend it.

    >>> z = Symbol("z")
    >>> (z * (1.0 - z)).text, np.cos(z).latex
    ('z · (1 − z)', '\\\\cos(z)')
    """

    def __init__(self, text: str, latex: str | None = None, level: int = ATOM) -> None:
        self.text = text
        self.latex = text if latex is None else latex
        self.level = level

    def at(self, level: int) -> "Symbol":
        """This expression in parentheses, if it binds less tightly than `level`."""
        if self.level >= level:
            return self
        return Symbol(f"({self.text})", f"({self.latex})")

    def __add__(self, other: Any) -> "Symbol":
        return joined(self, other, " + ", " + ", SUM)

    def __sub__(self, other: Any) -> "Symbol":
        return joined(self, other, " − ", " - ", SUM, tight=True)

    def __mul__(self, other: Any) -> "Symbol":
        other = symbol(other)
        if self.text == "1":
            return other
        if other.text == "1":
            return self
        return joined(self, other, " · ", r" \cdot ", PRODUCT)

    def __truediv__(self, other: Any) -> "Symbol":
        return joined(self, other, " / ", " / ", PRODUCT, tight=True)

    def __pow__(self, other: Any) -> "Symbol":
        other = symbol(other)
        if other.text == "1":
            return self
        base = self.at(ATOM)
        text = f"{base.text}²" if other.text == "2" else f"{base.text}^{other.at(ATOM).text}"
        return Symbol(text, f"{base.latex}^{{{other.latex}}}", POWER)

    def __neg__(self) -> "Symbol":
        inner = self.at(PRODUCT)
        return Symbol(f"−{inner.text}", f"-{inner.latex}", SUM)

    def __radd__(self, other: Any) -> "Symbol":
        return symbol(other) + self

    def __rsub__(self, other: Any) -> "Symbol":
        return symbol(other) - self

    def __rmul__(self, other: Any) -> "Symbol":
        return symbol(other) * self

    def __rtruediv__(self, other: Any) -> "Symbol":
        return symbol(other) / self

    def __rpow__(self, other: Any) -> "Symbol":
        return symbol(other) ** self

    def __gt__(self, other: Any) -> "Symbol":
        return _bracket(self, other, ">", ">")

    def __lt__(self, other: Any) -> "Symbol":
        return _bracket(self, other, "<", "<")

    def __ge__(self, other: Any) -> "Symbol":
        return _bracket(self, other, "≥", r"\ge")

    def __le__(self, other: Any) -> "Symbol":
        return _bracket(self, other, "≤", r"\le")

    def __eq__(self, other: Any) -> "Symbol":  # type: ignore[override]
        return _bracket(self, other, "=", "=")

    def __ne__(self, other: Any) -> "Symbol":  # type: ignore[override]
        return _bracket(self, other, "≠", r"\ne")

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise TypeError("a formula is neither true nor false")  # a rule with an `if` has no one

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> "Symbol":
        if method != "__call__" or options:
            return NotImplemented
        python = _PYTHON.get(ufunc)
        if python is not None:
            return python(*map(symbol, inputs))
        arguments = [symbol(value) for value in inputs]
        name = ufunc.__name__
        command = name if name in ("sin", "cos", "exp", "log", "tanh") else None
        return Symbol(
            f"{name}({', '.join(a.text for a in arguments)})",
            (rf"\{command}" if command else rf"\operatorname{{{name}}}")
            + f"({', '.join(a.latex for a in arguments)})",
        )


_PYTHON: dict[Any, Callable[..., Symbol]] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.divide: operator.truediv,
    np.power: operator.pow,
    np.negative: operator.neg,
    np.greater: operator.gt,
    np.greater_equal: operator.ge,
    np.less: operator.lt,
    np.less_equal: operator.le,
    np.equal: operator.eq,
    np.not_equal: operator.ne,
}


def symbol(value: Any) -> Symbol:
    """A symbol as it is; a number as its digits. Whoever needs an array gives up here."""
    if isinstance(value, Symbol):
        return value
    if np.ndim(value) != 0:
        raise TypeError("an array has no short formula")
    text = format_short(value)
    return Symbol(text, text.replace("−", "-"), SUM if text.startswith("−") else ATOM)


def joined(left: Any, right: Any, text: str, latex: str, level: int, tight: bool = False) -> Symbol:
    """Two expressions with an operator between them, in parentheses where they need them."""
    a = symbol(left)
    b = symbol(right).at(level + 1 if tight or symbol(right).text.startswith("−") else level)
    a = a.at(level)
    return Symbol(a.text + text + b.text, a.latex + latex + b.latex, level)


def _bracket(left: Any, right: Any, text: str, latex: str) -> Symbol:
    """An Iverson bracket: 1 where the comparison holds, else 0."""
    a, b = symbol(left), symbol(right)
    return Symbol(f"1[{a.text} {text} {b.text}]", rf"\mathbf{{1}}[{a.latex} {latex} {b.latex}]")


def local_formula(
    operation: Operation, position: int, inputs: list[Any], output: Symbol
) -> Symbol | None:
    """∂output/∂input as the operation's own rule computes it, on symbols.

    `None` when the rule is not one of elements, or cannot be followed symbolically.
    """
    traced = copy(operation)
    traced.inputs, traced.output = tuple(inputs), output
    try:
        slope = traced.local_gradient(position)
        return None if slope is None else symbol(slope)
    except Exception:  # a learner's rule may do anything; the number is shown all the same
        return None
