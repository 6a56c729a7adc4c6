"""Choosing between values: where a condition holds, and within bounds."""

from typing import Any

import numpy as np

from ..kinds import Elementwise
from ..tensor import Tensor
from .indicator import between

SOURCE = "A. Griewank, A. Walther, Evaluating Derivatives (2nd ed., SIAM 2008), ch. 14"


class Where(Elementwise):
    """z = x where the condition holds, else y. dz goes to the one that was chosen."""

    __slots__ = ("condition",)
    symbol, nickname = "where", "router"
    rule = "the upstream gradient goes to the input that the condition chose"
    formula, latex = "where(c, {x}, {y})", r"\operatorname{{where}}(c, {x}, {y})"

    def __init__(self, condition: Any) -> None:
        self.condition = np.array(condition)

    def forward(self, x: Any, y: Any) -> Any:
        return np.where(self.condition, x, y)

    def local_gradients(self, x: Any, y: Any) -> Any:
        return 1.0 * self.condition, 1.0 * ~self.condition


class Clip(Elementwise):
    """z = x held between two bounds. ∂z/∂x = 1 within and at the bounds, else 0."""

    __slots__ = ("high", "low")
    symbol, nickname = "clip", "router"
    rule = "the upstream gradient passes within the bounds and at them, and stops outside"
    formula, latex = "clip({x})", r"\operatorname{{clip}}({x})"

    def __init__(self, a_min: Any = None, a_max: Any = None) -> None:
        self.low = -np.inf if a_min is None else a_min
        self.high = np.inf if a_max is None else a_max

    def forward(self, x: Any) -> Any:
        return np.minimum(np.maximum(x, self.low), self.high)

    def local_gradients(self, x: Any) -> Any:
        return (between(self.low, x, self.high),)


def where(condition: Any, x: Any, y: Any) -> Tensor:
    """`x` where `condition` holds, else `y`; all three broadcast. `np.where` records it too.

    The condition is a plain boolean array, such as a comparison gives: nothing flows into it, and
    `ComputationGraph.forward` does not ask it again. relu, maximum, clip and abs do compare anew.

    Raises:
        TypeError: a condition that is not boolean.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([-1.0, 2.0])
    >>> ag.where(x > 0.0, x, 0.1 * x)
    Tensor([-0.1,  2. ], operation=Where)
    """
    condition = condition._data if isinstance(condition, Tensor) else np.asarray(condition)
    if condition.dtype != bool:
        raise TypeError(
            f"where: received a condition of {condition.dtype}, expected booleans. "
            "Write a comparison, such as x > 0.0."
        )
    return Where(condition)(x, y)


def clip(x: Any, a_min: Any = None, a_max: Any = None) -> Tensor:
    """`x` held between `a_min` and `a_max`, numbers or arrays. `np.clip` records it too.

    z = min(max(x, a_min), a_max). The gradient passes at the bounds themselves.

    Raises:
        TypeError: no bound at all, or a bound that is a variable.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([-2.0, 0.5, 1.0])
    >>> ag.clip(x, 0.0, 1.0).sum().backward()
    >>> x.grad
    array([0., 1., 1.])
    """
    if a_min is None and a_max is None:
        raise TypeError("clip: received no bound, expected a_min, a_max or both.")
    dtype = x.dtype if isinstance(x, Tensor) else np.dtype(float)
    return Clip(_bound("a_min", a_min, dtype), _bound("a_max", a_max, dtype))(x)


def _bound(name: str, bound: Any, dtype: np.dtype) -> Any:
    if not isinstance(bound, Tensor):
        return None if bound is None else _floats(bound, dtype)
    if bound.requires_grad:
        other = "maximum" if name == "a_min" else "minimum"
        raise TypeError(
            f"clip: {name} is {bound.describe()}, and no gradient flows into a bound. Write "
            f"{other}(x, bound), where it does."
        )
    return np.array(bound._data)


def _floats(bound: Any, dtype: np.dtype) -> Any:
    if np.ndim(bound) == 0:
        return float(bound)
    bound = np.array(bound)
    return bound.astype(dtype) if bound.dtype.kind in "iub" else bound  # integers are weak
