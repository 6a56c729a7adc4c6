"""Lesson 06: the [2,3,1] network, recorded as the lesson records it."""

from typing import Any

import numpy as np

from ..ops import FUNCTIONS
from ..recording import scope
from ..tensor import Tensor

SHAPES = {"W1": (2, 3), "b1": (3,), "W2": (3, 1), "b2": (1,)}
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
EXCLUSIVE = np.array([[0.0], [1.0], [1.0], [0.0]])


def parameters(seed: int) -> list[np.ndarray]:
    """Where the lesson begins: one decimal, so that the numbers can be read."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).round(1) for shape in SHAPES.values()]


def record(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> dict[str, Tensor]:
    """F1 to F7: every node by its name, the cost J last.

    >>> nodes = record(CORNERS, EXCLUSIVE, *parameters(5))
    >>> [name for name in nodes]
    ['X', 'Y', 'W1', 'b1', 'W2', 'b2', 'XW1', 'z2', 'a2', 'a2W2', 'z3', 'Yhat', 'J']
    """
    values = {"X": x, "Y": y, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
    n = {name: Tensor(value, name=name) for name, value in values.items()}
    sigmoid = FUNCTIONS["sigmoid"]
    with scope("hidden", owned=[n["W1"], n["b1"]]):
        n["XW1"] = n["X"] @ n["W1"]
        n["z2"] = n["XW1"] + n["b1"]
        n["a2"] = sigmoid(n["z2"])
    with scope("output", owned=[n["W2"], n["b2"]]):
        n["a2W2"] = n["a2"] @ n["W2"]
        n["z3"] = n["a2W2"] + n["b2"]
        n["Yhat"] = sigmoid(n["z3"])
    with scope("cost"):
        n["J"] = ((n["Yhat"] - n["Y"]) ** 2).mean()
    for name, node in n.items():
        node.name = name
    return n
