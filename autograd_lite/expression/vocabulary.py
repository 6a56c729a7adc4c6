"""The words that a formula may use: functions from the table of operations, and two constants."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..kinds import Elementwise
from ..ops import FUNCTIONS, TABLE

# Each function of single numbers, and how many it takes.
ARITY: dict[str, int] = {
    entry.name: entry.kind.forward.__code__.co_argcount - 1
    for entry in TABLE
    if entry.function is None and issubclass(entry.kind, Elementwise)
}

# Floats, never whole numbers: 9**9**9 is then inf at once, as everywhere in the package.
CONSTANTS: dict[str, np.float64] = {"pi": np.float64(np.pi), "e": np.float64(np.e)}

SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}

# The names that other books and languages have for them.
ELSEWHERE = {
    "ln": "log", "tg": "tan", "max": "maximum", "min": "minimum", "pow": "power", "σ": "sigmoid",
}  # fmt: skip


def function(name: str) -> Callable[..., Any]:
    """The package's function of this name."""
    return FUNCTIONS[name]
