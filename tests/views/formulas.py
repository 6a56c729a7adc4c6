"""Formulas as a learner reads them, computed by Python: what is shown must be true."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

FUNCTIONS = {
    "sin": np.sin, "cos": np.cos, "exp": np.exp, "log": np.log, "tanh": np.tanh,
    "sqrt": np.sqrt, "sign": np.sign, "abs": abs, "mean": float, "max": max, "min": min,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "absolute": abs, "float": float,
}  # fmt: skip

WRITTEN = (("·", "*"), ("−", "-"), ("²", "**2"), ("^", "**"), ("σ", "sigmoid"), ("Σ ", ""))
COMPARED = ((" = ", " == "), ("≠", "!="), ("≥", ">="), ("≤", "<="))


def evaluate(text: str, names: Mapping[str, Any] | None = None) -> float:
    """The value of a formula that a view shows; `names` gives what its letters stand for."""
    for written, python in (*COMPARED, *WRITTEN):
        text = text.replace(written, python)
    text = re.sub(r"1\[([^]]*)\]", r"float(\1)", text)  # the bracket that is 1 where it holds
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    with np.errstate(all="ignore"):
        return float(eval(text, {"__builtins__": {}}, {**FUNCTIONS, **(names or {})}))


def every_digit(value: Any) -> str:
    """A number in place of the rounded one, so that nothing is lost when it is read back."""
    return repr(float(value)).replace("-", "−")
