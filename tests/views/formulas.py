"""Formulas as a learner reads them, computed by Python: what is shown must be true."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd_lite.broadcasting import unbroadcast

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


ARRAY_FUNCTIONS = {
    "array": np.array,
    "row": lambda x: np.expand_dims(x, -2),
    "column": lambda x: np.expand_dims(x, -1),
    "sum": np.sum,
    "holds": lambda x: 1.0 * x,
    "reshape": np.reshape, "transpose": np.transpose, "expand_dims": np.expand_dims,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "tanh": np.tanh,
}  # fmt: skip
WRITTEN_FOR_ARRAYS = (("ᵀ", ".mT"), ("⊙", "*"), ("²", "**2"), ("·", "*"), ("−", "-"), ("^", "**"))


def evaluate_array(text: str, names: Mapping[str, Any], shape: tuple[int, ...]) -> Any:
    """What a formula of arrays gives, by NumPy alone, in the shape it has to have.

    Σ undoes broadcasting to that shape; a gradient ∂y/∂x is a name like any other.
    """
    known = {f"n{i}": value for i, value in enumerate(names.values())}
    places = dict(zip(names, known, strict=True))
    text = re.sub(r"∂\w+/∂[^\Wᵀ]+|[^\W\dᵀ][^\Wᵀ]*", lambda m: places.get(m[0], m[0]), text)
    text = re.sub(r"\b1\[((?:[^][]|\[[^]]*\])*)\]", r"holds(\1)", text)
    text = re.sub(r"(?<![\w\])])(\[+)([^][]*)(\]+)", r"array(\1\2\3)", text)
    text = text.replace("Σ", "undo").replace("σ", "sigmoid").replace(" = ", " == ")
    for written, python in WRITTEN_FOR_ARRAYS:
        text = text.replace(written, python)
    value = eval(
        text, {"__builtins__": {}},
        {
            **ARRAY_FUNCTIONS, **known,
            "broadcast": lambda x: np.broadcast_to(x, shape),
            "undo": lambda x: unbroadcast(np.asarray(x), shape),
        },
    )  # fmt: skip
    # Axes of length 1 come and go without a word; any other shape has to be the formula's own.
    assert [n for n in np.shape(value) if n != 1] == [n for n in shape if n != 1]
    return np.reshape(value, shape)


def every_digit(value: Any) -> str:
    """A number in place of the rounded one, so that nothing is lost when it is read back."""
    return repr(float(value)).replace("-", "−")
