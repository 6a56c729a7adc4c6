"""The optimiser's rule as calls of a program, for all parameters at once."""

from collections.abc import Iterable, Sequence
from copy import copy
from math import prod
from typing import Any, NamedTuple

import numpy as np

from .passes import optimised
from .program import Call, Input, Program, Value, evaluated
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


def trace_update(
    optimizer: Any, like: np.ndarray, shapes: Sequence[tuple[int, ...]]
) -> Update | None:
    """The optimiser's `update` run on stand-ins for one long array of all parameters.

    `None` where that cannot be: the rule is not written in NumPy, or it does not treat every
    number by itself, as one with the length of each gradient.
    """
    try:
        update = _traced(optimizer, like)
        return update if update and _agrees(update, optimizer, like, shapes) else None
    except Exception:  # whatever a rule says of what is no array
        return None


def _traced(optimizer: Any, like: np.ndarray) -> Update | None:
    recorder = Recorder()
    recorder.part = "update"
    inputs = [Input(like, "parameters"), Input(like, "gradients"), Input(float(optimizer.lr), "lr")]
    for number, entry in enumerate(first_memory(optimizer, like), 1):
        inputs.append(Input(entry if np.ndim(entry) == 0 else like, f"memory{number}"))
    value, gradient, lr, *memory = (Traced(leaf, recorder) for leaf in inputs)
    twin = copy(optimizer)
    twin._lr = lr
    before = dict(vars(twin))
    new, kept = twin.update(value, twin.decayed(gradient, value), tuple(memory))
    if vars(twin) != before:  # it remembers on itself
        return None
    results = (new.value, *(entry.value for entry in kept))
    calls = tuple(recorder.calls)
    program = optimised(Program(tuple(inputs), calls, results[0], {}, others=results[1:]))
    olds = (inputs[0], *inputs[3:])
    if any(new is not old and isinstance(new, Input) for old, new in _pairs(olds, program)):
        return None  # what was there before goes elsewhere, but it is overwritten
    return Update(program.inputs, program.calls, program.value, program.others)


def _pairs(olds: Sequence[Input], program: Program) -> Iterable[tuple[Input, Value]]:
    return zip(olds, (program.value, *program.others), strict=True)


def _agrees(
    update: Update, optimizer: Any, like: np.ndarray, shapes: Sequence[tuple[int, ...]]
) -> bool:
    """Whether all at once is what the rule gives each parameter by itself, in a second step."""
    numbers = np.arange(like.size, dtype=like.dtype)
    wave, slopes = np.cos(numbers), np.sin(numbers + 1)
    twin = copy(optimizer)
    twin._lr = 0.25
    ends = np.cumsum([0, *(prod(shape) for shape in shapes)])
    olds, news = [], []
    for begin, end, shape in zip(ends, ends[1:], shapes, strict=False):
        value, gradient = (flat[begin:end].reshape(shape) for flat in (wave, slopes))
        _, memory = twin.update(value, twin.decayed(gradient, value), ())
        new, kept = twin.update(value, twin.decayed(gradient, value), memory)
        olds.append(memory)
        news.append((new, *kept))
    memory = [_joined(entries) for entries in zip(*olds, strict=True)]
    given = dict(zip(update.inputs, (wave, slopes, 0.25, *memory), strict=True))
    program = Program(update.inputs, update.calls, update.parameters, {}, others=update.memory)
    values = program.run(given)
    return all(
        np.allclose(evaluated(one, values), _joined(entries), 1e-4, 1e-6)
        for one, entries in zip(program.results, zip(*news, strict=True), strict=True)
    )


def _joined(entries: Sequence[Any]) -> Any:
    """The entries of all parameters as one: an array, or a number that all of them have."""
    if all(np.ndim(entry) == 0 and entry == entries[0] for entry in entries):
        return entries[0]
    return np.concatenate([np.ravel(entry) for entry in entries])


def first_memory(optimizer: Any, like: np.ndarray) -> tuple[Any, ...]:
    """What the rule remembers after its first step: arrays and numbers."""
    with np.errstate(all="ignore"):
        return copy(optimizer).update(np.zeros_like(like), np.zeros_like(like), ())[1]
