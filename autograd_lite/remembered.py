"""What an operation's forward keeps on `self`, and how it is connected to the graph again.

A rule is differentiated again by running it on tensors. A number that forward had computed
and kept would stay a plain number there, and its share of the derivative would be a silent
zero. So what was kept must be an input or the output itself, or hold no floats.
"""

from collections.abc import Iterable
from copy import copy
from typing import Any

import numpy as np

from .nested import convert, flatten

OWN = frozenset({"inputs", "output", "needs", "remembered"})  # what Operation itself keeps


def own_copy(operation: Any) -> Any:
    """A copy to use again: what its forward fills, the first use does not see."""
    twin = copy(operation)
    if operation.remembers:
        for name, value in operation.__dict__.items():
            twin.__dict__[name] = value if name in OWN else _own(value)
    return twin


def _own(value: Any) -> Any:
    if isinstance(value, list | dict):
        twin = copy(value)  # a defaultdict stays one
        for place in value if isinstance(value, dict) else range(len(value)):
            twin[place] = _own(value[place])
        return twin
    if isinstance(value, np.ndarray) and value.flags.writeable:
        return value.copy()
    return value


Kept = tuple[tuple[Any, bytes], ...]


def kept(operation: Any) -> dict[str, Kept]:
    """What an operation keeps: each object, and the bytes of the arrays that can be filled."""
    return {
        name: tuple((leaf, _bytes(leaf)) for leaf in (value, *flatten(value)))
        for name, value in operation.__dict__.items()
        if name not in OWN
    }


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
