"""Forward mode from a backward rule: the same linear map, read the other way."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .recording import setting
from .remembered import own_copy
from .steps import gradients
from .tensor import Tensor


def tangent(operation: Any, tangents: Sequence[Any]) -> Any:
    """J · tangents for an operation that states Jᵀ · dz alone; `None` for what does not move.

    Jᵀ · dz is linear in dz. The derivative of its product with t by dz is J · t.
    """
    again = isinstance(operation.output, Tensor)
    try:
        on_tensors = own_copy(operation) if again else operation.on_tensors(*_constants(operation))
        return _by_rule(on_tensors, tangents, again)
    except TypeError:
        if again:
            raise
        return _by_rows(own_copy(operation), tangents)


def _by_rule(operation: Any, tangents: Sequence[Any], again: bool) -> Any:
    """The rule runs on tensors once, and is swept once."""
    dz = Tensor(np.zeros(operation.output.shape, operation.output.dtype))
    operation.needs = tuple(t is not None for t in tangents)
    with setting(recording=True):
        products = [
            (gradient * t).sum()
            for gradient, t in zip(operation.contributions(dz), tangents, strict=True)
            if t is not None
        ]
        total = sum(products[1:], products[0])
    seed: Any = np.ones((), total.dtype)
    if again:
        seed = Tensor(seed, requires_grad=False)
    (moved,) = gradients({total: seed}, [dz], create_graph=again)
    return np.zeros(dz.shape, dz.dtype) if moved is None else moved


def _by_rows(operation: Any, tangents: Sequence[Any]) -> Any:
    """For a rule that runs on arrays alone: a backward for each element of the output."""
    operation.needs = tuple(t is not None for t in tangents)
    moved = np.zeros(operation.output.shape, operation.output.dtype)
    at_zero = operation.contributions(moved[()])  # not 0 where a rule forgets dz
    for index in np.ndindex(moved.shape):
        dz = np.zeros_like(moved)
        dz[index] = 1.0
        rows = zip(operation.contributions(dz[()]), at_zero, tangents, strict=True)
        moved[index] = sum(np.sum((row - zero) * t) for row, zero, t in rows if t is not None)
    return moved[()]


def _constants(operation: Any) -> tuple[tuple[Tensor, ...], Tensor]:
    inputs = tuple(Tensor(x, requires_grad=False) for x in operation.inputs)
    return inputs, Tensor(operation.output, requires_grad=False)
