"""Reductions: many elements become fewer, so the gradient is spread over them again."""

from typing import Any

import numpy as np

from ..operation import Operation

Axis = int | tuple[int, ...] | None


class Reduction(Operation):
    """z = an aggregate of x over `axis`. A subclass states ∂z/∂x for each element."""

    def __init__(self, axis: Axis = None, keepdims: bool = False) -> None:
        self.axis = axis
        self.keepdims = keepdims

    def slope(self, x: Any) -> Any:
        """∂z/∂x, of a shape that broadcasts to x."""
        raise NotImplementedError

    def backward(self, dz: Any) -> Any:
        (x,) = self.inputs
        if self.axis is not None and not self.keepdims and x.ndim:
            dz = np.expand_dims(dz, self.axis)
        return np.broadcast_to(dz * self.slope(x), x.shape)

    def local_gradient(self, position: int) -> Any:
        if self.axis is not None and not self.keepdims:
            return None  # dz lacks the axis, so that dz · slope would be another product
        return self.slope(self.inputs[position])


class Sum(Reduction):
    """z = Σ x. Every element receives dz."""

    symbol, nickname = "Σ", "distributor"
    rule = "every element receives the upstream gradient"
    formula, latex = "Σ {x}", r"\sum {x}"

    def forward(self, x: Any) -> Any:
        return np.sum(x, axis=self.axis, keepdims=self.keepdims)

    def slope(self, x: Any) -> Any:
        return 1.0


class Mean(Reduction):
    """z = (1/n) Σ x. Every element receives dz/n."""

    symbol, nickname = "mean", "distributor"
    rule = "every element receives upstream / n"
    formula, latex = "mean({x})", r"\operatorname{{mean}}({x})"

    def forward(self, x: Any) -> Any:
        return np.mean(x, axis=self.axis, keepdims=self.keepdims)

    def slope(self, x: Any) -> Any:
        return self.output.size / max(x.size, 1)
