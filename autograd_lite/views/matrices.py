"""Matrices: the arrays of a step as small tables of numbers, to be shown under its equations."""

from typing import Any, NamedTuple

import numpy as np

from ..steps import Contribution, Step
from .equation import array_rule
from .number import format_number
from .trace import Trace

MOST = 8  # rows or columns, beyond which only the shape is told


class Matrix(NamedTuple):
    """A table of numbers: `kind` is "value" or "grad", `rows` are empty where there is no room."""

    name: str
    shape: tuple[int, ...]
    kind: str
    rows: list[list[str]]


def matrices(trace: Trace, step: Step) -> list[list[Matrix]]:
    """For each equation of a step what goes in and what comes out, last; no single numbers.

    Backward these are the factors as the rule uses them, transposed, and the gradient. A scope
    that is taken whole shows none.
    """
    if step.inner:
        return []
    if step.phase == "seed":
        return [_tables((trace.gradient_name(step.node).text, "grad", step.upstream))]
    if step.phase == "backward":
        return [_tables(*_factors(trace, c), _gradient(trace, c)) for c in step.contributions]
    named = dict.fromkeys((*step.node.inputs, step.node))
    return [_tables(*((trace.name(tensor).text, "value", tensor._data) for tensor in named))]


def _factors(trace: Trace, c: Contribution) -> list[tuple[str, str, Any]]:
    rule = array_rule(trace, c)
    if rule is None or not rule.factors:
        return [(trace.gradient_name(c.node).text, "grad", c.upstream)]
    return [(factor.text, factor.kind, factor.value) for factor in rule.factors]


def _gradient(trace: Trace, c: Contribution) -> tuple[str, str, Any]:
    return trace.gradient_name(c.target).text, "grad", c.after


def _tables(*arrays: tuple[str, str, Any]) -> list[Matrix]:
    return [
        Matrix(name, np.shape(value), kind, _rows(np.asarray(value)))
        for name, kind, value in arrays
        if np.ndim(value)
    ]


def _rows(value: np.ndarray) -> list[list[str]]:
    """The numbers of a matrix; a vector is a row."""
    if value.ndim > 2 or not value.size or max(value.shape) > MOST:
        return []
    return [[format_number(number) for number in row] for row in np.atleast_2d(value)]
