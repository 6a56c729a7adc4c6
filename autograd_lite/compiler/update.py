"""The optimiser's rule as calls of a program, for all parameters at once."""

from copy import copy
from typing import Any, NamedTuple

import numpy as np

from .passes import optimised
from .program import Call, Input, Program, Value
from .traced import Recorder, Traced


class Update(NamedTuple):
    """The rule: from `inputs` (parameters, gradients, lr, then what is remembered) the new ones."""

    inputs: tuple[Input, ...]
    calls: tuple[Call, ...]
    parameters: Value
    memory: tuple[Value, ...]

    @property
    def remembered(self) -> tuple[Input, ...]:
        return self.inputs[3:]


def trace_update(optimizer: Any, like: np.ndarray) -> Update | None:
    """The optimiser's `update` run on stand-ins for one long array of all parameters.

    `None` where that cannot be: the rule is not written in NumPy, or it does not treat every
    number by itself, as one with the length of each gradient.
    """
    recorder = Recorder()
    recorder.part = "update"
    inputs = [Input(like, "parameters"), Input(like, "gradients"), Input(float(optimizer.lr), "lr")]
    for number, entry in enumerate(first_memory(optimizer, like), 1):
        inputs.append(Input(entry if np.ndim(entry) == 0 else like, f"memory{number}"))
    value, gradient, lr, *memory = (Traced(leaf, recorder) for leaf in inputs)
    twin = copy(optimizer)
    twin._lr = lr
    try:
        gradient = twin.decayed(gradient, value)
        new, kept = twin.update(value, gradient, tuple(memory))
        results = [new, *kept]
        calls = recorder.calls
        elementwise = all(call.function.ufunc or not call.shape for call in calls)
        if not elementwise or not all(isinstance(result, Traced) for result in results):
            return None
        if [np.shape(r.array) for r in results] != [np.shape(x.array) for x in (value, *memory)]:
            return None
    except Exception:  # whatever a rule says of what is no array
        return None
    kept_values = tuple(entry.value for entry in kept)
    program = optimised(
        Program(tuple(inputs), tuple(calls), new.value, gradients={}, others=kept_values)
    )
    return Update(program.inputs, program.calls, program.value, program.others)


def first_memory(optimizer: Any, like: np.ndarray) -> tuple[Any, ...]:
    """What the rule remembers after its first step: arrays and numbers."""
    with np.errstate(all="ignore"):
        return copy(optimizer).update(np.zeros_like(like), np.zeros_like(like), ())[1]
