"""The optimiser's rule as calls of a program, for all parameters at once."""

from copy import copy
from typing import Any, NamedTuple

import numpy as np

from ..optim.adam import Adam
from ..optim.sgd import SGD
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


# Rules that treat every number by itself, so that one array of all parameters will do.
OURS = (SGD.update, Adam.update)


def trace_update(optimizer: Any, like: np.ndarray) -> Update | None:
    """The optimiser's `update` run on stand-ins for one long array of all parameters.

    `None` for a rule of somebody else's, which may look at the whole of a gradient.
    """
    if type(optimizer).update not in OURS:
        return None
    recorder = Recorder()
    recorder.part = "update"
    inputs = [Input(like, "parameters"), Input(like, "gradients"), Input(float(optimizer.lr), "lr")]
    for number, entry in enumerate(first_memory(optimizer, like), 1):
        inputs.append(Input(entry if np.ndim(entry) == 0 else like, f"memory{number}"))
    value, gradient, lr, *memory = (Traced(leaf, recorder) for leaf in inputs)
    twin = copy(optimizer)
    twin._lr = lr
    new, kept = twin.update(value, twin.decayed(gradient, value), tuple(memory))
    others = tuple(entry.value for entry in kept)
    program = optimised(
        Program(tuple(inputs), tuple(recorder.calls), new.value, gradients={}, others=others)
    )
    return Update(program.inputs, program.calls, program.value, program.others)


def first_memory(optimizer: Any, like: np.ndarray) -> tuple[Any, ...]:
    """What the rule remembers after its first step: arrays and numbers."""
    with np.errstate(all="ignore"):
        return copy(optimizer).update(np.zeros_like(like), np.zeros_like(like), ())[1]
