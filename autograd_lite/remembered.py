"""What an operation's forward keeps on `self`, and how it is connected to the graph again.

A rule is differentiated again by running it on tensors. A number that forward had computed
and kept would stay a plain number there, and its share of the derivative would be a silent
zero. So what was kept must be an input or the output itself, or hold no floats.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

OWN = frozenset({"inputs", "output", "needs", "remembered"})  # what Operation itself keeps


class Forgotten(TypeError):
    """A remembered value whose connection to the inputs is lost."""


def set_by_forward(before: dict[str, Any], after: dict[str, Any]) -> frozenset[str]:
    """The attributes that forward set, and the containers that it may have filled."""
    return frozenset(
        name
        for name, value in after.items()
        if name not in OWN
        and (before.get(name, OWN) is not value or isinstance(value, list | dict))
    )


def reconnect(
    operation: Any, names: Iterable[str], arrays: tuple[Any, ...], tensors: tuple[Any, ...]
) -> None:
    """In the attributes `names`, put each tensor in the place of its array."""
    for name in sorted(names):
        try:
            value = _swapped(getattr(operation, name), arrays, tensors)
        except Forgotten:
            raise TypeError(
                f"{type(operation).__name__} cannot be differentiated again: its forward keeps "
                f"computed numbers in self.{name}, and they have lost their connection to the "
                "inputs. Keep only inputs and the output, or compute it anew in backward from "
                "self.inputs and self.output."
            ) from None
        setattr(operation, name, value)


def _swapped(value: Any, arrays: tuple[Any, ...], tensors: tuple[Any, ...]) -> Any:
    for array, tensor in zip(arrays, tensors, strict=True):
        if value is array:
            return tensor
    if isinstance(value, tuple | list):
        return type(value)([_swapped(item, arrays, tensors) for item in value])
    if isinstance(value, dict):
        return {key: _swapped(item, arrays, tensors) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.kind not in "biu":
            raise Forgotten
    elif not isinstance(value, int | str | slice | type(None) | type(Ellipsis) | np.dtype):
        raise Forgotten
    return value
