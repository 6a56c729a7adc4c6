"""Operations that are called as they are, since their rules are no lines of NumPy."""

import inspect
import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..remembered import leaves_of, own_copy

SOURCES = (np.random.Generator, np.random.RandomState, random.Random)


class Whole:
    """The functions that call one operation of a graph: `forward`, and `gradient` of an input."""

    def __init__(self, operation: Any, tensors: Sequence[Any], last: Any = None) -> None:
        self._template = operation
        self._last = last  # the one whose forward ran last; None where it is lines of NumPy
        self._tensors = tuple(tensors)
        self._gradients: dict[int, Any] = {}  # computed together, and each is fetched once

    def forward(self, *arrays: Any) -> Any:
        self._last = own_copy(self._template)
        return _own(self._last.run(self._tensors, tuple(map(plain, arrays))), arrays)

    def gradient(self, position: int) -> Any:
        def gradient(dz: Any, output: Any, *inputs: Any) -> Any:
            if position not in self._gradients:
                operation = self._ready(output, inputs)
                given = (dz, output, *inputs)
                sent = [_own(gradient, given) for gradient in operation.contributions(plain(dz))]
                self._gradients = dict(enumerate(sent))
            return self._gradients.pop(position)

        return gradient

    def _ready(self, output: Any, inputs: Sequence[Any]) -> Any:
        """The operation with what its backward needs."""
        if self._last is not None and self._last.remembered:
            return self._last
        operation = own_copy(self._template)
        operation.inputs, operation.output = tuple(map(plain, inputs)), plain(output)
        if operation.remembered:  # lines of NumPy keep nothing
            operation.run(self._tensors, operation.inputs)
        return operation


def _own(result: Any, given: Sequence[Any]) -> Any:
    """A result as a new array: those that were given will be overwritten."""
    if any(np.may_share_memory(result, array) for array in given):
        return np.array(result)[()]
    return result


def plain(value: Any) -> Any:
    """As rules get it from the engine: no Python float, and an array that is only read."""
    array = np.asarray(value)[()]
    if isinstance(array, np.ndarray):
        array = array.view()
        array.setflags(write=False)
    return array


def draws(operation: Any) -> bool:
    """Whether a rule has random numbers within reach: they are others at each call."""
    if not operation.remembers:
        return False
    reached = leaves_of(vars(operation))
    for rule in (type(operation).forward, type(operation).backward):
        names = inspect.getclosurevars(rule)
        if "random" in names.unbound:  # np.random.normal, rng.random
            return True
        reached += [*names.nonlocals.values(), *names.globals.values()]
    return any(isinstance(value, SOURCES) or value is random for value in reached)
