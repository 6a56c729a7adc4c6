"""Kinds of operations that state less: their backward and forward rules follow."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .broadcasting import unbroadcast
from .fitting import fit
from .operation import Operation, _listed
from .remembered import own_copy

ndarray, floating, float64 = np.ndarray, np.floating, np.float64  # found sooner

# Which inputs want a gradient. Each is one tuple: a graph has many nodes.
NO, YES = (False,), (True,)
NEITHER, SECOND, FIRST, BOTH = (False, False), (False, True), (True, False), (True, True)


class Elementwise(Operation):
    """An operation on each element by itself: it states its local gradients, once.

    `local_gradients(x, y, ...)` returns ∂z/∂x, ∂z/∂y, ...; `None` for an input that
    needs none. Backward, forward mode, and the number on each edge follow from it.

    >>> from autograd_lite import Tensor
    >>> class Cube(Elementwise):
    ...     def forward(self, x):
    ...         return x**3
    ...     def local_gradients(self, x):
    ...         return (3 * x**2,)
    >>> x = Tensor([1.0, 2.0])
    >>> Cube()(x).backward([1.0, 1.0])
    >>> x.grad
    array([ 3., 12.])
    """

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not cls.remembers:  # of ours it is known what local_gradients returns
            arity = cls.forward.__code__.co_argcount - 1
            setattr(cls, "contributions", (_of_one, _of_two)[arity - 1])  # noqa: B010

    def local_gradients(self, *inputs: Any) -> Sequence[Any]:
        raise NotImplementedError(f"{type(self).__name__} states no local_gradients.")

    def backward(self, dz: Any) -> Any:
        inputs = self.inputs
        slopes = _counted(self.local_gradients(*inputs), len(inputs))
        sent: list[Any] = []
        for slope, needed in zip(slopes, self.needs):  # noqa: B905  counted already
            if slope is None or not needed:
                sent.append(None)
            else:
                sent.append(_times(dz, slope))
        return sent

    def tangent(self, tangents: Sequence[Any]) -> Any:
        products = [
            _times(_widened(tangent, self.output.dtype), slope)
            for slope, tangent in zip(self._slopes(), tangents, strict=True)
            if tangent is not None
        ]
        return _spread(sum(products[1:], products[0]), self.output)

    def local_gradient(self, position: int) -> Any:
        return self._slopes()[position]

    def _slopes(self) -> Sequence[Any]:
        return _counted(self.local_gradients(*self.inputs), len(self.inputs))

    def _shape_rule(self, arrays: tuple[Any, ...]) -> str:
        try:
            np.broadcast_shapes(*(array.shape for array in arrays))
        except ValueError:
            return " Shapes fit when, from the right, each pair of lengths is equal or has a 1."
        return ""


class Multilinear(Operation):
    """An operation that is linear in each input: sums, matrix products, moving elements.

    Forward mode is forward itself, with one input after the other replaced by its tangent.
    A subclass writes `forward` and `backward`.

    >>> import numpy as np
    >>> import autograd_lite as ag
    >>> class Outer(Multilinear):
    ...     def forward(self, x, y):
    ...         return np.einsum("i,j->ij", x, y)
    ...     def backward(self, dz):
    ...         x, y = self.inputs
    ...         return dz @ y, x @ dz
    >>> ag.gradcheck(Outer, np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0]), order=2)
    True
    """

    __slots__ = ()

    def tangent(self, tangents: Sequence[Any]) -> Any:
        moved = []
        for position, tangent in enumerate(tangents):
            if tangent is not None:
                values = (*self.inputs[:position], tangent, *self.inputs[position + 1 :])
                moved.append(own_copy(self).apply(*values))
        return sum(moved[1:], moved[0])


def _counted(slopes: Any, expected: int) -> Sequence[Any]:
    if type(slopes) is not tuple:
        slopes = _listed(slopes)
    if len(slopes) != expected:
        raise ValueError(
            f"local_gradients returned {len(slopes)} slopes, expected {expected}: "
            "one per input, in the order of forward"
        )
    return slopes


def _times(dz: Any, slope: Any) -> Any:
    kind = type(slope)
    if kind is float:
        return dz if slope == 1.0 else dz * slope
    if (kind is np.ndarray or isinstance(slope, np.generic)) and slope.dtype != dz.dtype:
        slope = slope.astype(dz.dtype)  # a mask of booleans or float64 must not widen float32
    return dz * slope


def _widened(tangent: Any, dtype: np.dtype) -> Any:
    """A float32 tangent of a float64 result goes on in float64, as the value does."""
    return tangent if tangent.dtype == dtype else tangent.astype(dtype)


def _spread(value: Any, like: Any) -> Any:
    """`value` in the shape of `like`, to which an input had been broadcast."""
    return value if value.shape == like.shape else value * np.ones(like.shape, like.dtype)


# The same as `Operation.contributions`, for one and for two inputs, without its loops and words.


def _of_one(self: Elementwise, dz: Any) -> Sequence[Any]:
    kind = type(dz)
    if kind is not float64 and kind is not ndarray and not isinstance(dz, floating):
        return Operation.contributions(self, dz)
    if not self.needs[0]:
        return (None,)
    (x,) = self.inputs
    (slope,) = self.local_gradients(x)
    if kind is float64 is type(slope) is type(x):
        return (dz * slope,)
    return (_sent(self, 0, dz, slope),)


def _of_two(self: Elementwise, dz: Any) -> Sequence[Any]:
    kind = type(dz)
    if kind is not float64 and kind is not ndarray and not isinstance(dz, floating):
        return Operation.contributions(self, dz)
    x, y = self.inputs
    to_x, to_y = self.local_gradients(x, y)
    needs = self.needs
    if needs is BOTH and kind is float64 is type(x) is type(y):
        return dz * to_x, dz * to_y
    return (
        _sent(self, 0, dz, to_x) if needs[0] else None,
        _sent(self, 1, dz, to_y) if needs[1] else None,
    )


def _sent(operation: Operation, position: int, dz: Any, slope: Any) -> Any:
    """dz · slope, in the shape and the dtype of the input."""
    x = operation.inputs[position]
    gradient = dz if type(slope) is float and slope == 1.0 else dz * slope
    if gradient.dtype is not x.dtype:
        return fit(operation, position, gradient)
    shape = x.shape
    return gradient if gradient.shape == shape else unbroadcast(gradient, shape)
