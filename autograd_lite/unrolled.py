"""What nearly every node is: one of our own operations, on one or two tensors.

The same as `Operation.record` and `Operation.contributions`, without their loops and their words.
What is unusual, and what does not fit, is left to them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .broadcasting import unbroadcast
from .fitting import fit
from .kinds import Elementwise, _times
from .operation import Operation, as_two
from .recording import MODE, SCOPES, USUAL
from .tensor import NUMBERS, Tensor, made

new, ndarray, floating, float64 = object.__new__, np.ndarray, np.floating, np.float64  # sooner

# Which inputs want a gradient. Each is one tuple: a graph has many nodes.
NO, YES = (False,), (True,)
NEITHER, SECOND, FIRST, BOTH = (False, False), (False, True), (True, False), (True, True)


def function_of_one(kind: type[Operation]) -> Callable[..., Tensor]:
    """`x → kind()(x)`."""
    forward = kind.forward

    def apply(x: Any) -> Tensor:
        if type(x) is not Tensor or MODE.get() is not USUAL:
            return kind().record((x,))
        operation = new(kind)
        array = x._data
        operation.inputs = (array,)
        try:
            value = forward(operation, array)
        except Exception:
            return operation.record((x,))
        made_of = type(value)
        if made_of is not float64:
            if made_of is ndarray and value.ndim:
                value.setflags(False)
            elif not isinstance(value, floating):
                return operation.record((x,))
        operation.output = value
        needed = x.requires_grad
        operation.needs = YES if needed else NO
        result = new(Tensor)
        result._data = value
        result.operation = operation
        result.inputs = (x,)
        result.requires_grad = needed
        result._grad = result.name = None
        result.scopes = SCOPES.get()
        result._number = next(NUMBERS[0])
        return result

    return apply


def function_of_two(kind: type[Operation]) -> Callable[..., Tensor]:
    """`x, y → kind()(x, y)`."""
    forward = kind.forward

    def apply(x: Any, y: Any) -> Tensor:
        if type(x) is not Tensor or type(y) is not Tensor:
            x, y = as_two(x, y)
        if MODE.get() is not USUAL:
            return kind().record((x, y))
        operation = new(kind)
        left, right = x._data, y._data
        operation.inputs = (left, right)
        try:
            value = forward(operation, left, right)
        except Exception:
            return operation.record((x, y))
        made_of = type(value)
        if made_of is not float64:
            if made_of is ndarray and value.ndim:
                value.setflags(False)
            elif not isinstance(value, floating):
                return operation.record((x, y))
        operation.output = value
        if x.requires_grad:
            operation.needs = needs = BOTH if y.requires_grad else FIRST
        else:
            operation.needs = needs = SECOND if y.requires_grad else NEITHER

        result = new(Tensor)
        result._data = value
        result.operation = operation
        result.inputs = (x, y)
        result.requires_grad = needs is not NEITHER
        result._grad = result.name = None
        result.scopes = SCOPES.get()
        result._number = next(NUMBERS[0])
        return result

    return apply


def on_one(operation: Operation, x: Any) -> Tensor:
    """`operation(x)`, for one that was just made with its settings."""
    if type(x) is not Tensor or MODE.get() is not USUAL:
        return operation.record((x,))
    operation.inputs = (x._data,)
    try:
        value = operation.forward(x._data)
    except Exception:
        return operation.record((x,))
    if type(value) is ndarray and value.ndim:
        value.setflags(False)  # type: ignore[call-arg]
    elif not isinstance(value, floating):
        return operation.record((x,))
    operation.output = value
    operation.needs = YES if x.requires_grad else NO
    return made(value, operation, (x,), x.requires_grad)


class Unary(Elementwise):
    """One of our operations on each element of one input."""

    __slots__ = ()

    def contributions(self, dz: Any) -> Sequence[Any]:
        kind = type(dz)
        if kind is not float64 and kind is not ndarray and not isinstance(dz, floating):
            return super().contributions(dz)
        if not self.needs[0]:
            return (None,)
        (x,) = self.inputs
        (slope,) = self.local_gradients(x)
        if kind is float64 is type(slope) is type(x):
            return (dz * slope,)
        return (_sent(self, 0, dz, slope),)


class Binary(Elementwise):
    """One of our operations on each pair of elements of two inputs."""

    __slots__ = ()

    def contributions(self, dz: Any) -> Sequence[Any]:
        kind = type(dz)
        if kind is not float64 and kind is not ndarray and not isinstance(dz, floating):
            return super().contributions(dz)
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
    if type(slope) is float:
        gradient = dz if slope == 1.0 else dz * slope
    elif slope.dtype is dz.dtype:
        gradient = dz * slope
    else:
        gradient = _times(dz, slope)
    if gradient.dtype is not x.dtype:
        return fit(operation, position, gradient)
    shape = x.shape
    return gradient if gradient.shape == shape else unbroadcast(gradient, shape)
