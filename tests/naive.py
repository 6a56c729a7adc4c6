"""A second engine, as naive as can be: dicts, recursion and Python's own floats.

It is written for the tests alone and shares no code with the package.
"""

import math
import operator
from collections.abc import Callable
from typing import NamedTuple


def sigma(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x > 0 else math.exp(x) / (1.0 + math.exp(x))


def share(x: float, y: float) -> float:
    """Which part of a gradient goes to x when the larger takes it."""
    return 0.5 if x == y else float(x > y)


VALUE: dict[str, Callable[..., float]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul,
    "maximum": max, "minimum": min, "negative": operator.neg, "abs": abs,
    "sin": math.sin, "cos": math.cos, "tanh": math.tanh, "sigmoid": sigma,
    "relu": lambda x: max(x, 0.0),
}  # fmt: skip
SLOPES: dict[str, Callable[..., tuple[float, ...]]] = {
    "add": lambda x, y: (1.0, 1.0),
    "subtract": lambda x, y: (1.0, -1.0),
    "multiply": lambda x, y: (y, x),
    "maximum": lambda x, y: (share(x, y), share(y, x)),
    "minimum": lambda x, y: (share(y, x), share(x, y)),
    "negative": lambda x: (-1.0,),
    "abs": lambda x: ((x > 0) - (x < 0),),
    "sin": lambda x: (math.cos(x),),
    "cos": lambda x: (-math.sin(x),),
    "tanh": lambda x: (1.0 - math.tanh(x) ** 2,),
    "sigmoid": lambda x: (sigma(x) * sigma(-x),),
    "relu": lambda x: (float(x > 0),),
}


class Edge(NamedTuple):
    """What one edge carries back: from the node `source` to its input number `position`."""

    source: int
    position: int
    target: int
    upstream: float
    local: float
    before: float | None
    after: float


class Engine:
    """Nodes are numbered from 0 in the order they are made. `grad` has no entry until a sweep."""

    def __init__(self) -> None:
        self.made_by: dict[int, tuple[str, tuple[int, ...]]] = {}  # no entry for a leaf
        self.value: dict[int, float] = {}
        self.variable: dict[int, bool] = {}
        self.grad: dict[int, float] = {}
        self.version: dict[int, int] = {}  # counts how often a value was set
        self.seen: dict[int, tuple[int, ...]] = {}  # the versions a node was computed from

    def leaf(self, value: float, variable: bool = True) -> int:
        key = len(self.value)
        self.value[key], self.variable[key], self.version[key] = value, variable, 0
        return key

    def apply(self, name: str, *inputs: int) -> int:
        key = self.leaf(0.0, any(self.variable[i] for i in inputs))
        self.made_by[key] = (name, inputs)
        self._compute(key)
        return key

    def _compute(self, key: int) -> None:
        name, inputs = self.made_by[key]
        self.value[key] = VALUE[name](*(self.value[i] for i in inputs))
        self.seen[key] = tuple(self.version[i] for i in inputs)

    def inputs(self, key: int) -> tuple[int, ...]:
        return self.made_by[key][1] if key in self.made_by else ()

    def behind(self, key: int) -> list[int]:
        """The node and all that it is computed from, in the order they were made."""
        return sorted({key}.union(*(self.behind(i) for i in self.inputs(key))))

    def stale(self, key: int) -> bool:
        """Whether something behind a node was set after it had been used."""
        return any(
            self.seen[k] != tuple(self.version[i] for i in self.inputs(k))
            for k in self.behind(key)
            if k in self.made_by
        )

    def set(self, key: int, value: float) -> None:
        self.value[key] = value
        self.version[key] += 1

    def replay(self, key: int, values: dict[int, float]) -> float:
        for leaf, value in values.items():
            self.set(leaf, value)
        for k in self.behind(key):
            if k in self.made_by:
                self.version[k] += 1
                self._compute(k)
        return self.value[key]

    def arriving(self, key: int, output: int, seed: float) -> float:
        """The gradient of a node: what all nodes that use it send, each asked for its own."""
        total = seed if key == output else 0.0
        for user in self.behind(output):
            for position, used in enumerate(self.inputs(user)):
                if used == key:
                    total += self.arriving(user, output, seed) * self.slope(user, position)
        return total

    def slope(self, key: int, position: int) -> float:
        name, inputs = self.made_by[key]
        return SLOPES[name](*(self.value[i] for i in inputs))[position]

    def edges(self, output: int, seed: float) -> list[Edge]:
        """The backward pass: the newest node first, its inputs in order."""
        totals: dict[int, float] = {}
        edges = []
        for source in reversed(self.behind(output)):
            for position, target in enumerate(self.inputs(source)):
                if self.variable[target]:
                    upstream = self.arriving(source, output, seed)
                    local = self.slope(source, position)
                    before = totals.get(target)
                    after = totals[target] = (before or 0.0) + upstream * local
                    edges.append(Edge(source, position, target, upstream, local, before, after))
        return edges

    def sweep(self, output: int, seed: float) -> None:
        for key in self.behind(output):
            if self.variable[key]:
                earlier = 0.0 if key in self.made_by else self.grad.get(key, 0.0)
                self.grad[key] = earlier + self.arriving(key, output, seed)
