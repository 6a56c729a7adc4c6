"""Placement: where each result is written, so that the program makes no new arrays as it runs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .program import VIEWS, Call, Program, Value

WRITING = frozenset({"np.matmul", "np.dot", ".astype", "[...]"})


@dataclass(eq=False)
class Buffer:
    """An array that is made once and written again and again. `like` tells its layout.

    `made` is how, where it is a part of another.
    """

    like: np.ndarray
    made: str = ""
    values: list[Value] = field(default_factory=list)  # what is written into it, in order


@dataclass
class Placement:
    """`buffers`: where a call writes. `in_place`: the calls that overwrite one of their operands.

    `fixed`: views of buffers, which are made once too.
    """

    buffers: dict[Value, Buffer]
    in_place: frozenset[Call] = frozenset()
    fixed: frozenset[Call] = frozenset()

    def is_made_once(self, value: Value) -> bool:
        """Whether a value is found at the same place at every call."""
        return value in self.buffers or value in self.fixed

    def all_buffers(self) -> list[Buffer]:
        return list(dict.fromkeys(self.buffers.values()))


def place(
    program: Program,
    kept: Collection[Value] = (),
    given: Mapping[Value, Buffer] | None = None,
    spent: Collection[Buffer] = (),
) -> Placement:
    """Give every call that can write into an array one to write into.

    A buffer is free again after the last use of what is in it, and of all views of that; an
    elementwise call may then write over its own operand. What is `kept` is never overwritten,
    and results are new arrays, since they belong to the caller.

    Args:
        given: buffers that are there already, for some values: those are never reused,
        spent: but for these, whose first values nobody wants afterwards.
    """
    lent = {*(given or {}).values()} - {*spent}
    buffers: dict[Value, Buffer] = dict(given or {})
    roots = find_roots(program.calls)
    last = _last_uses(program, roots, kept)
    own = {roots.get(value, value) for value in program.results}
    free: list[Buffer] = []
    in_place = set()
    for index, call in enumerate(program.calls):
        dying = _dying(call, index, roots, last, buffers, lent)
        if call not in buffers and call not in own and can_write(call):
            buffer = _overwritten(call, dying, buffers)
            if buffer is not None:
                in_place.add(call)
                dying.remove(buffer)
            else:
                buffer = _take(free, call) or Buffer(call.array)
            buffer.values.append(call)
            buffers[call] = buffer
        free += dying
    return Placement(buffers, frozenset(in_place), _fixed(program.calls, roots, buffers))


def _fixed(
    calls: Iterable[Call], roots: Mapping[Value, Value], buffers: Mapping[Value, Buffer]
) -> frozenset[Call]:
    """Views of buffers, and views of those: never of what is looked at anew at every call."""
    fixed: set[Value] = set()
    for call in calls:
        if call.function.name in VIEWS and call in roots:
            source = call.operands[0]
            if source in buffers or source in fixed:
                fixed.add(call)
    return frozenset(call for call in fixed if isinstance(call, Call))


def can_write(call: Call) -> bool:
    """Whether a call takes `out=`, and its result is an array that fills its memory."""
    name = call.function.name
    writes = call.function.ufunc or name.endswith(".reduce") or name in WRITING
    array = call.array
    return writes and isinstance(array, np.ndarray) and array.ndim > 0 and _dense(array)


def _dense(array: np.ndarray) -> bool:
    order = np.argsort([-stride for stride in array.strides], kind="stable")
    return bool(array.transpose(order).flags.c_contiguous)


def find_roots(calls: Iterable[Call]) -> dict[Value, Value]:
    """For each result that looks at the memory of an operand in another way, that operand."""
    roots: dict[Value, Value] = {}
    for call in calls:
        if can_write(call) or not isinstance(call.array, np.ndarray):
            continue
        for operand in call.operands:
            if np.may_share_memory(call.array, operand.array):
                roots[call] = roots.get(operand, operand)
    return roots


def _last_uses(
    program: Program, roots: Mapping[Value, Value], kept: Collection[Value]
) -> dict[Value, float]:
    """The place of the last call that reads a value or a view of it; never for what is kept."""
    last: dict[Value, float] = {}
    for index, call in enumerate(program.calls):
        for operand in call.operands:
            last[roots.get(operand, operand)] = index
    for value in (*kept, *program.results):
        last[roots.get(value, value)] = np.inf
    return last


def _dying(
    call: Call,
    index: int,
    roots: Mapping[Value, Value],
    last: Mapping[Value, float],
    buffers: Mapping[Value, Buffer],
    lent: Collection[Buffer],
) -> list[Buffer]:
    """The buffers of what is read here for the last time, but for those that are lent."""
    read = dict.fromkeys(roots.get(operand, operand) for operand in call.operands)
    found = [buffers[value] for value in read if last[value] == index and value in buffers]
    return [buffer for buffer in dict.fromkeys(found) if buffer not in lent]


def _overwritten(call: Call, dying: list[Buffer], buffers: Mapping[Value, Buffer]) -> Buffer | None:
    """The buffer of an operand that may be overwritten, element by element."""
    if not call.function.ufunc:
        return None
    for operand in call.operands:
        buffer = buffers.get(operand)
        if buffer in dying and _fits(buffer, call.array):
            return buffer
    return None


def _take(free: list[Buffer], call: Call) -> Buffer | None:
    for place, buffer in enumerate(free):
        if _fits(buffer, call.array):
            return free.pop(place)
    return None


def _fits(buffer: Buffer | None, array: Any) -> bool:
    like = buffer.like if buffer is not None else None
    return (
        like is not None
        and like.shape == array.shape
        and like.dtype == array.dtype
        and like.strides == array.strides
    )
