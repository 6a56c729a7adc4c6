"""Passes that change the order of arithmetic, and so the last bits. A training step has them.

The sums and products are the same numbers of mathematics; each is rounded in another place.
"""

from typing import Any

import numpy as np

from .program import Call, Constant, Function, Program, Value, rewrite
from .traced import MULTIPLY

DOT = Function("np.dot", np.dot)
VDOT = Function("np.vdot", np.vdot)


def merge_factors(program: Program) -> Program:
    """a · (b · x) = (a · b) · x for constants a and b: one product less."""

    def merged(call: Call) -> Value:
        a, product = _factor(call)
        b, x = _factor(product)
        if a is None or b is None or x is None or x.dtype != call.dtype:
            return call
        factor = Constant(np.multiply(a.array, b.array))
        if factor.dtype != call.dtype or np.broadcast_shapes(x.shape) != call.shape:
            return call
        return call.changed(function=MULTIPLY, arguments=(factor, x))

    return rewrite(program, merged)


def _factor(value: Any) -> tuple[Constant | None, Any]:
    """A product as its constant number and the other factor."""
    if isinstance(value, Call) and value.function.name == "np.multiply":
        for number, other in (value.arguments, value.arguments[::-1]):
            if isinstance(number, Constant) and number.shape == () and isinstance(other, Value):
                return number, other
    return None, None


def sum_by_products(program: Program) -> Program:
    """Σᵢ xᵢⱼ = 1ᵀx, Σⱼ xᵢⱼ = x1, and Σ x² = x · x: matrix products are faster than sums."""

    def product(call: Call) -> Value:
        x = call.arguments[0]
        if call.function.name != "np.add.reduce" or not isinstance(x, Value) or not _is_plain(x):
            return call
        if not call.options.keys() <= {"axis", "keepdims"} or len(x.shape) != 2:
            return call
        axis, keepdims = call.options.get("axis", 0), call.options.get("keepdims", False)
        rows, columns = x.shape
        if axis == 0 and not keepdims:
            arguments: tuple[Any, ...] = (_ones((rows,), x), x)
        elif axis in (1, -1):
            arguments = (x, _ones((columns, 1) if keepdims else (columns,), x))
        elif axis is None and not keepdims and isinstance(x, Call) and _is_square(x):
            return call.changed(function=VDOT, arguments=x.arguments, options={})
        else:
            return call
        return call.changed(function=DOT, arguments=arguments, options={})

    return rewrite(program, product)


def _ones(shape: tuple[int, ...], like: Value) -> Constant:
    return Constant(np.ones(shape, like.dtype))


def _is_square(x: Call) -> bool:
    return x.function.name == "np.multiply" and x.arguments[0] is x.arguments[1]


def _is_plain(x: Value) -> bool:
    """Whether BLAS takes it as it lies."""
    array = x.array
    return (
        isinstance(array, np.ndarray)
        and array.dtype in (np.float32, np.float64)
        and array.flags.c_contiguous
        and array.size > 0
    )
