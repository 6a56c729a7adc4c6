"""What nearly every node is: one of our own operations, on one or two tensors.

The same as `Operation.record`, without its loops and its words. What is unusual, and what does
not fit, is left to it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from .kinds import BOTH, FIRST, NEITHER, NO, SECOND, YES
from .operation import Operation, as_two
from .recording import MODE, SCOPES, USUAL
from .tensor import NUMBERS, Tensor, made

new, ndarray, floating, float64 = object.__new__, np.ndarray, np.floating, np.float64  # sooner


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
