"""The variables of a graph by name, and the single numbers in them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..tensor import Tensor
from .trace import Trace

PLACE = re.compile(r"(.*)\[([\d,]+)\]", flags=re.DOTALL)


class Number(NamedTuple):
    """One number of a variable: all of it, or an element of an array."""

    leaf: Tensor
    place: tuple[int, ...]


def variables(trace: Trace) -> dict[str, Tensor]:
    """The leaves that have a gradient, each by a name of its own."""
    found: dict[str, Tensor] = {}
    for node in trace.graph.nodes:
        if node.operation is None and node.requires_grad and node.size:
            name = trace.label(node)
            found[name if name not in found else trace.graph.ids[node]] = node
    return found


def element(name: str, index: tuple[int, ...]) -> str:
    """How an element is called.

    >>> element("W", (0, 2)), element("x", ())
    ('W[0,2]', 'x')
    """
    return f"{name}[{','.join(map(str, index))}]" if index else name


def called(trace: Trace, number: Number) -> str:
    """The name of a number, which `find` finds."""
    names = (name for name, leaf in variables(trace).items() if leaf is number.leaf)
    return element(next(names), number.place)


def elements(name: str, leaf: Tensor) -> Iterator[str]:
    """The names of all numbers of a leaf, in their order."""
    return (element(name, index) for index in np.ndindex(leaf.shape))


def find(trace: Trace, name: str) -> Number:
    """The number that is called so; of an array's name its first one.

    Raises:
        ValueError: there is none; the message says which there are.
    """
    known = variables(trace)
    if name in known:
        return Number(known[name], (0,) * known[name].ndim)
    parts = PLACE.fullmatch(name)
    if parts and parts[1] in known:
        leaf, index = known[parts[1]], tuple(map(int, filter(None, parts[2].split(","))))
        if len(index) == leaf.ndim and all(map(int.__lt__, index, leaf.shape)):
            return Number(leaf, index)
        raise ValueError(
            f"leaf: received {name!r}, but {parts[1]} has the shape {leaf.shape}. Its last number "
            f"is {element(parts[1], tuple(size - 1 for size in leaf.shape))!r}."
        )
    names = [element(name, (0,) * leaf.ndim) for name, leaf in known.items()]
    shown = ", ".join(map(repr, names[:8])) + (", …" if len(names) > 8 else "")
    raise ValueError(f"leaf: received {name!r}, expected a variable of the graph: {shown}.")
