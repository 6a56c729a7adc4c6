"""Activations as modules, so that they can stand in a `Sequential`."""

from math import prod
from typing import Any

from ..operation import as_tensors
from ..ops import FUNCTIONS
from .module import Module


class _Function(Module):
    """A function of the package with no parameters; `function` is its name."""

    function = ""

    def forward(self, x: Any) -> Any:
        return FUNCTIONS[self.function](x)


class ReLU(_Function):
    """max(x, 0)."""

    function = "relu"


class Sigmoid(_Function):
    """1 / (1 + e^−x)."""

    function = "sigmoid"


class Tanh(_Function):
    """tanh(x)."""

    function = "tanh"


class Softplus(_Function):
    """log(1 + e^x)."""

    function = "softplus"


class Softmax(Module):
    """e^x / Σ e^x along `axis`: positive numbers that sum to 1."""

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        return FUNCTIONS["softmax"](x, axis=self.axis)

    def __repr__(self) -> str:
        return f"Softmax(axis={self.axis})"


class Flatten(Module):
    """(N, …) → (N, all the rest), as a linear layer wants images."""

    def forward(self, x: Any) -> Any:
        (x,) = as_tensors((x,))
        if x.ndim == 0:
            raise ValueError("Flatten: received a single number, expected N samples, (N, …).")
        return x.reshape(len(x), prod(x.shape[1:]))  # not −1, which an empty batch leaves open
