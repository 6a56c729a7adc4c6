"""What an operation's forward keeps on `self`, and how it is connected to the graph again.

A rule is differentiated again by running it on tensors. A number that forward had computed
and kept would stay a plain number there, and its share of the derivative would be a silent
zero. So what was kept must be an input or the output itself, or hold no floats.
"""

from collections import deque
from collections.abc import Iterable
from copy import copy
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from .nested import convert, flatten
from .tensor import Tensor

OWN = frozenset({"inputs", "output", "needs", "remembered"})  # what Operation itself keeps


def own_copy(operation: Any) -> Any:
    """A copy to use again: what its forward fills, the first use does not see."""
    twin = copy(operation)
    if operation.remembers:
        made = {id(operation): twin}
        for name, value in _state(operation).items():
            setattr(twin, name, _own(value, made))
    return twin


def _own(value: Any, made: dict[int, Any]) -> Any:
    """A copy of what can be filled. `made` keeps what is one thing one thing, and cycles short."""
    if id(value) in made:
        return made[id(value)]
    if isinstance(value, deque) or (isinstance(value, np.ndarray) and value.flags.writeable):
        made[id(value)] = value.copy()
    elif isinstance(value, list | dict):
        twin = made[id(value)] = copy(value)  # a defaultdict stays one
        for place in value if isinstance(value, dict) else range(len(value)):
            twin[place] = _own(value[place], made)
    elif _is_object(value):  # a layer of the learner's, with a state of its own
        twin = made[id(value)] = copy(value)
        for name, part in _state(value).items():
            object.__setattr__(twin, name, _own(part, made))  # a frozen dataclass too
    return made.get(id(value), value)


def _state(value: Any) -> dict[str, Any]:
    """The attributes of an object, in its `__dict__` or its slots, but for Operation's own."""
    slots = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
    names = [*getattr(value, "__dict__", ()), *slots]
    return {
        name: getattr(value, name) for name in names if name not in OWN and hasattr(value, name)
    }


def _is_object(value: Any) -> bool:
    """Whether a value is somebody's own object, which may keep what forward computed."""
    known = (Tensor, type, FunctionType, MethodType, ModuleType, np.ndarray, np.generic, np.dtype)
    if isinstance(value, known) or not _state(value):
        return False
    # Sources of random numbers and logs are shared; by name, since importing them takes time.
    return not any(kind.__module__ in ("random", "logging") for kind in type(value).__mro__)


Kept = tuple[tuple[Any, bytes], ...]


def kept(operation: Any) -> dict[str, Kept]:
    """What an operation keeps: each object, and the bytes of the arrays that can be filled."""
    return {
        name: tuple((leaf, _bytes(leaf)) for leaf in (value, *leaves_of(value)))
        for name, value in _state(operation).items()
    }


def leaves_of(value: Any, depth: int = 3) -> list[Any]:
    """Everything inside a value: in lists, dicts and objects, a few levels down."""
    if isinstance(value, deque):
        value = list(value)
    leaves = []
    for leaf in flatten(value):
        leaves.append(leaf)
        if depth and _is_object(leaf):
            leaves += [
                part for state in _state(leaf).values() for part in leaves_of(state, depth - 1)
            ]
    return leaves


def _bytes(value: Any) -> bytes:
    return value.tobytes() if isinstance(value, np.ndarray) and value.flags.writeable else b""


def set_by_forward(before: dict[str, Kept], after: dict[str, Kept]) -> frozenset[str]:
    """The attributes that forward set or filled, by what was kept before and after it."""
    return frozenset(name for name in after if not _same(before.get(name, ()), after[name]))


def _same(before: Kept, after: Kept) -> bool:
    return len(before) == len(after) and all(
        old is new and was == now for (old, was), (new, now) in zip(before, after, strict=True)
    )


def replace(operation: Any, names: Iterable[str], old: Any, new: Any) -> None:
    """In the attributes `names`, put `new` wherever `old` itself stands."""
    for name in sorted(names):
        value = getattr(operation, name)
        if _among(old, flatten(value)):
            setattr(operation, name, _swapped(value, (old,), (new,)))


def reconnect(
    operation: Any, names: Iterable[str], arrays: tuple[Any, ...], tensors: tuple[Any, ...]
) -> None:
    """In the attributes `names`, put each tensor in the place of its array.

    Raises:
        TypeError: other floats stand there, so that the connection to the inputs is lost.
    """
    for name in sorted(names):
        value = _swapped(getattr(operation, name), arrays, tensors)
        if not all(_is_fixed(leaf) or _among(leaf, tensors) for leaf in flatten(value)):
            raise TypeError(
                f"{type(operation).__name__} cannot be differentiated again: its forward keeps "
                f"computed numbers in self.{name}, and they have lost their connection to the "
                "inputs. Keep only inputs and the output, or compute it anew in backward from "
                "self.inputs and self.output."
            )
        setattr(operation, name, value)


def _swapped(value: Any, old: tuple[Any, ...], new: tuple[Any, ...]) -> Any:
    def swap(leaf: Any) -> Any:
        return next((n for o, n in zip(old, new, strict=True) if leaf is o), leaf)

    return convert(value, swap)


def _among(value: Any, values: Iterable[Any]) -> bool:
    return any(value is other for other in values)


def _is_fixed(value: Any) -> bool:
    """Whether nothing can be differentiated by a value: integers, masks, names, places."""
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in "biu"
    return isinstance(value, int | str | slice | type(None) | type(Ellipsis) | np.dtype)
