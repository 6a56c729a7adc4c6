"""Single numbers: Python's floats and `math` are ten times as fast there as NumPy's functions."""

import math
from collections.abc import Callable

import numpy as np

from .program import Call, Function, Program, Value, rewrite

# `math` and NumPy may differ in the last bit of all but sin, cos and sqrt.
OF_MATH: dict[str, Callable[..., float]] = {
    "np.sin": math.sin, "np.cos": math.cos, "np.tan": math.tan, "np.exp": math.exp,
    "np.log": math.log, "np.sqrt": math.sqrt, "np.tanh": math.tanh, "np.absolute": math.fabs,
    "**": math.pow,
}  # fmt: skip


def is_of_numbers(program: Program) -> bool:
    """Whether all is arithmetic and functions of single float64 numbers."""
    values = [*program.inputs, *program.results]
    single = all(value.shape == () and value.dtype == np.float64 for value in values)
    return single and all(
        call.function.ufunc or call.function.name in ("**", ".astype") for call in program.calls
    )


def use_math(program: Program) -> Program:
    """NumPy's functions of single numbers as those of Python's `math`.

    Where those raise, as log(0) does, the program in NumPy has the answer.
    """

    def of_math(call: Call) -> Value:
        name = call.function.name
        single = all(operand.shape == () for operand in call.operands) and call.shape == ()
        if name not in OF_MATH or not single or call.dtype != np.float64:
            return call
        function = OF_MATH[name]
        return call.changed(function=Function(f"math.{function.__name__}", function))

    return rewrite(program, of_math)
