"""Programs written down from NumPy functions, to try single passes on."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_lite.compiler.program import Constant, Input, Program, Value, evaluated
from autograd_lite.compiler.traced import Recorder, Traced

NASTY = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.7, np.inf, -np.inf, np.nan, 5e-324, -1e-310, 1e308]


def written(function: Callable[..., Any], *arrays: Any) -> Program:
    """The program of `function`, which gets stand-ins for the arrays; its results are `others`."""
    recorder = Recorder()
    inputs = tuple(Input(array, f"x{i}") for i, array in enumerate(arrays))
    with np.errstate(all="ignore"):
        results = function(*(Traced(leaf, recorder) for leaf in inputs))
    values = [r.value for r in (results if isinstance(results, tuple) else (results,))]
    return Program(inputs, tuple(recorder.calls), values[0], {}, others=tuple(values[1:]))


def results(program: Program, *arrays: Any) -> list[Any]:
    with np.errstate(all="ignore"):
        values = program.run(dict(zip(program.inputs, arrays, strict=True)))
    return [evaluated(value, values) for value in program.results]


def names(program: Program) -> list[str]:
    return [call.function.name for call in program.calls]


def fixed(array: Any) -> Callable[[Traced], Traced]:
    """A constant beside a stand-in."""
    return lambda beside: Traced(Constant(array), beside.recorder)


def is_input(value: Value) -> bool:
    return isinstance(value, Input)
