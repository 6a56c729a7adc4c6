"""Passes that only a training step has: what NumPy does faster in another order or shape.

Sums and products are the same numbers of mathematics, but rounded in another place: the last bits
change.
"""

from typing import Any

import numpy as np

from .program import Call, Constant, Function, Program, Value, is_call, rewrite
from .traced import COPIES, MULTIPLY, RESHAPE, SUBTRACT

DOT = Function("np.dot", np.dot)
FEW = 1024  # elements, up to which repeating an operand first is faster than while adding


def merge_factors(program: Program) -> Program:
    """a · (b · x) = (a · b) · x for constants a and b: one product less."""

    def merged(call: Call) -> Value:
        a, product = _factor(call)
        b, x = _factor(product)
        if a is None or b is None or x is None or x.dtype != call.dtype:
            return call
        with np.errstate(all="ignore"):
            factor = Constant(np.multiply(a.array, b.array))
        safe = np.finfo(call.dtype).tiny <= abs(factor.array) < np.inf  # it can be written
        if not safe or factor.dtype != call.dtype or x.shape != call.shape:
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
    """Σᵢ xᵢⱼ = 1ᵀx, Σⱼ xᵢⱼ = x1, and Σ xy = x · y: matrix products are faster than sums."""

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
        elif axis is None and not keepdims and isinstance(x, Call) and _is_product(x):
            rows_of = {factor: _reshaped(factor, (x.array.size,), call) for factor in x.arguments}
            arguments = tuple(rows_of[factor] for factor in x.arguments)
        else:
            return call
        return call.changed(function=DOT, arguments=arguments, options={})

    return rewrite(program, product)


def single_numbers(program: Program) -> Program:
    """An array of one element as a number: NumPy is quicker to repeat that. No bit changes."""
    numbers: dict[Value, Call] = {}

    def number(argument: Any, call: Call) -> Any:
        if not isinstance(argument, Value) or isinstance(argument, Constant):
            return argument
        if argument.shape in ((), call.shape) or np.size(argument.array) != 1:
            return argument
        return numbers.setdefault(argument, _reshaped(argument, (), call))

    def with_numbers(call: Call) -> Value:
        if not call.function.ufunc or len(call.shape) == 0:
            return call
        arguments = tuple(number(argument, call) for argument in call.arguments)
        shapes = [np.shape(x.array if isinstance(x, Value) else x) for x in arguments]
        fits = arguments != call.arguments and np.broadcast_shapes(*shapes) == call.shape
        return call.changed(arguments=arguments) if fits else call

    return rewrite(program, with_numbers)


def repeat_first(program: Program) -> Program:
    """A row is repeated before it is added to each row of few: both go faster. No bit changes."""

    def repeated(call: Call) -> Value:
        size = np.size(call.array)
        if not call.function.ufunc or not 1 < size <= FEW or call.dtype.kind != "f":
            return call
        arguments = tuple(
            call.changed(
                array=np.broadcast_to(x.array, call.shape).copy(), function=COPIES,
                arguments=(x, call.shape), options={}, note="", label="", number=-1,
            )
            if isinstance(x, Value) and 1 < np.size(x.array) < size and x.dtype == call.dtype
            else x
            for x in call.arguments
        )  # fmt: skip
        return call if arguments == call.arguments else call.changed(arguments=arguments)

    return rewrite(program, repeated)


def merge_signs(program: Program) -> Program:
    """exp(−ln(1 + e⁻ˣ)) = exp(x − ln(1 + eˣ)), the sigmoid: a sign less, and no overflow.

    Inside of exp alone: by itself the difference of two large numbers has few digits left.
    """
    inside = {call.arguments[0].number for call in program.calls if _is_exp_of_a_sign(call)}
    elsewhere = [value for call in program.calls if call.function.name != "np.exp"
                 for value in call.operands]  # fmt: skip
    inside -= {value.number for value in (*elsewhere, *program.results) if isinstance(value, Call)}

    def merged(call: Call) -> Value:
        inner = call.arguments[0]
        if call.number not in inside or not is_call(call, "np.negative"):
            return call
        if not is_call(inner, "np.logaddexp"):
            return call
        zero, minus = inner.arguments
        if not isinstance(zero, float) or zero != 0.0 or not is_call(minus, "np.negative"):
            return call
        x = minus.arguments[0]
        array = np.logaddexp(0.0, x.array)
        soft = inner.changed(array=array, arguments=(zero, x), number=-1)
        return call.changed(function=SUBTRACT, arguments=(x, soft))

    return rewrite(program, merged)


def _is_exp_of_a_sign(call: Call) -> bool:
    return call.function.name == "np.exp" and is_call(call.arguments[0], "np.negative")


def _reshaped(x: Value, shape: tuple[int, ...], near: Call) -> Call:
    return near.changed(
        array=np.reshape(x.array, shape), function=RESHAPE, arguments=(x, shape), options={},
        note="", label="", number=-1,
    )  # fmt: skip


def _ones(shape: tuple[int, ...], like: Value) -> Constant:
    return Constant(np.ones(shape, like.dtype))


def _is_product(x: Call) -> bool:
    """Whether x is a product of two arrays as large, which BLAS takes as they lie."""
    return x.function.name == "np.multiply" and all(
        isinstance(factor, Value)
        and _is_plain(factor)
        and factor.shape == x.shape
        and factor.dtype == x.dtype
        for factor in x.arguments
    )


def _is_plain(x: Value) -> bool:
    """Whether BLAS takes it as it lies."""
    array = x.array
    return (
        isinstance(array, np.ndarray)
        and array.dtype in (np.float32, np.float64)
        and array.flags.c_contiguous
        and array.size > 0
    )
