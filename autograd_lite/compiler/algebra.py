"""Algebra that is exact in floating point: each rule gives the same bits, whatever the numbers.

What looks as true and is not, is not here: x + 0 (−0 + 0 is +0), x − x (inf), 0 · x (nan), and
any other order of sums or products.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from .program import Call, Constant, Program, Value, is_call, rewrite
from .traced import ADD, BROADCAST, MULTIPLY, NEGATIVE, SUBTRACT

# Arithmetic that is rounded alike for one number and for many.
EXACT = frozenset({"np.add", "np.subtract", "np.multiply", "np.divide", "np.negative"})


def simplify(program: Program) -> Program:
    """Replace calls by what gives the same bits for less."""
    return rewrite(program, _simpler)


def _simpler(call: Call) -> Value:
    if call.function.ufunc:
        call = _without_broadcasts(call)
        if all(_is_copies(argument) for argument in call.arguments) and call.shape:
            return _of_copies(call)
    rule = RULES.get(call.function.name)
    value = call if rule is None else rule(call)
    # A rule may not change what kind of array comes out: a float64 constant widens float32.
    # Nor may it leave a bare number, as 1.0 / c with a constant c of 1 would.
    if not isinstance(value, Value) or value.shape != call.shape or value.dtype != call.dtype:
        return call
    return value


def _without_broadcasts(call: Call) -> Call:
    """NumPy repeats operands of elementwise functions by itself."""
    sources = tuple(map(_unrepeated, call.arguments))
    shapes = [np.shape(part.array if isinstance(part, Value) else part) for part in sources]
    if sources == call.arguments or np.broadcast_shapes(*shapes) != call.shape:
        return call
    return call.changed(arguments=sources)


def _is_copies(argument: Any) -> bool:
    """Whether an operand is one constant number, or copies of one."""
    return not np.isnan(_number(_unrepeated(argument)))


def _of_copies(call: Call) -> Value:
    """Copies of a number combine to copies of one: 2 · (1, 1, 1) = (2, 2, 2)."""
    numbers = [_number(_unrepeated(argument)) for argument in call.arguments]
    with np.errstate(all="ignore"):
        number = call.function.call(*numbers)
    if call.function.name not in EXACT or number.dtype != call.dtype:
        return call
    return _call(BROADCAST, (Constant(number), call.shape), call)


def _unrepeated(argument: Any) -> Any:
    return argument.arguments[0] if is_call(argument, "np.broadcast_to") else argument


def _multiply(call: Call) -> Value:
    """1·x = x and −1·x = −x."""
    for number, other in (call.arguments, call.arguments[::-1]):
        if _number(number) == 1.0:
            return other
        if _number(number) == -1.0:
            return _call(NEGATIVE, (other,), call)
    return call


def _divide(call: Call) -> Value:
    """x / 1 = x."""
    x, y = call.arguments
    return x if _number(y) == 1.0 else call


def _add(call: Call) -> Value:
    """x + (−y) = x − y, and (−x) + y = y − x."""
    for x, y in (call.arguments, call.arguments[::-1]):
        if is_call(y, "np.negative"):
            return _call(SUBTRACT, (x, y.arguments[0]), call)
    return call


def _subtract(call: Call) -> Value:
    """x − 0 = x, and x − (−y) = x + y."""
    x, y = call.arguments
    if _number(y) == 0.0 and not np.signbit(_number(y)):
        return x
    return _call(ADD, (x, y.arguments[0]), call) if is_call(y, "np.negative") else call


def _negative(call: Call) -> Value:
    """−(−x) = x."""
    (x,) = call.arguments
    return x.arguments[0] if is_call(x, "np.negative") else call


def _power(call: Call) -> Value:
    """x¹ = x, and x² = x·x for arrays: NumPy computes it so, but of numbers by logarithm."""
    x, y = call.arguments
    if _number(y) == 1.0:
        return x
    return _call(MULTIPLY, (x, x), call) if _number(y) == 2.0 and call.shape else call


def _astype(call: Call) -> Value:
    return call.arguments[0]


def _reshape(call: Call) -> Value:
    """In the same shape it is itself; a sum that dropped its axes needs no second shape."""
    x, shape = call.arguments
    if x.shape == shape:
        return x
    if is_call(x, "np.reshape"):
        return call.changed(arguments=(x.arguments[0], shape))
    if x.options.get("keepdims") if isinstance(x, Call) else False:
        dropped = {key: option for key, option in x.options.items() if key != "keepdims"}
        axes = dropped["axis"] if isinstance(dropped["axis"], tuple) else (dropped["axis"],)
        array = np.reshape(x.array, shape)
        kept = [n for axis, n in enumerate(x.shape) if axis not in axes]
        if shape == tuple(kept):
            dropped["axis"] = axes[0] if len(axes) == 1 else axes
            return x.changed(array=array, options=dropped, label=call.label, note=call.note)
    return call


def _transpose(call: Call) -> Value:
    """Turned round twice is itself; axes of length 1 do not count."""
    x, order = call.arguments
    if order == tuple(range(len(order))):
        return x
    if not is_call(x, "np.transpose"):
        return call
    inner = x.arguments[1]
    return call.changed(arguments=(x.arguments[0], tuple(inner[axis] for axis in order)))


RULES: dict[str, Callable[[Call], Value]] = {
    "np.multiply": _multiply,
    "np.divide": _divide,
    "np.add": _add,
    "np.subtract": _subtract,
    "np.negative": _negative,
    "**": _power,
    ".astype": _astype,
    "np.reshape": _reshape,
    "np.transpose": _transpose,
}


def _number(argument: Any) -> Any:
    """The number, if an argument is one that is always the same, else nan, which equals none."""
    if isinstance(argument, Constant) and argument.shape == ():
        return argument.array[()]
    return argument if isinstance(argument, int | float) else np.nan


def _call(function: Any, arguments: tuple[Any, ...], like: Call) -> Call:
    """Another call in the place of one, computed anew: its dtype may be another."""
    arrays = [part.array if isinstance(part, Value) else part for part in arguments]
    with np.errstate(all="ignore"):
        array = function.call(*arrays)
    return like.changed(array=array, function=function, arguments=arguments, options={})
