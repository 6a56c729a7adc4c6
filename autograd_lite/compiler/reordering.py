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
    """Σᵢ xᵢⱼ = 1ᵀx, and Σ x² = x · x: matrix products are faster than sums."""

    def product(call: Call) -> Value:
        if call.function.name != "np.add.reduce":
            return call
        x, axis = call.arguments[0], call.options.get("axis", 0)
        if not isinstance(x, Value) or call.options.keys() != {"axis"} or not _is_plain(x):
            return call
        if axis == 0 and len(x.shape) == 2:
            ones = Constant(np.ones(x.shape[0], x.dtype))
            return call.changed(function=DOT, arguments=(ones, x), options={})
        square = isinstance(x, Call) and x.function.name == "np.multiply"
        if axis is None and square and x.arguments[0] is x.arguments[1]:
            return call.changed(function=VDOT, arguments=x.arguments, options={})
        return call

    return rewrite(program, product)


def _is_plain(x: Value) -> bool:
    """Whether BLAS takes it as it lies."""
    array = x.array
    return (
        isinstance(array, np.ndarray)
        and array.dtype in (np.float32, np.float64)
        and array.flags.c_contiguous
        and array.size > 0
    )
