"""`paths`: every way from a variable to the output, the product along each, and their sum."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from html import escape
from itertools import islice
from operator import add, index, mul
from typing import Any

import numpy as np

from ..graph import ComputationGraph
from ..steps import Contribution
from ..tensor import Tensor
from .marked import MarkedPicture
from .number import format_number
from .symbol import SUM, Symbol
from .trace import Trace

LISTED = 8  # paths; of more, the first ones
LONG = 5  # factors, up to which a product is written out
HEAD = ("path", "product of its local gradients")


@dataclass(frozen=True, eq=False)
class Path:
    """One way from `leaf` to the output: its edges, in the direction of the values."""

    trace: Trace
    leaf: Tensor
    edges: tuple[Contribution, ...]

    @property
    def product(self) -> float:
        """The local gradients along the path, multiplied from the output on."""
        return math.prod(float(c.local) for c in reversed(self.edges))

    @property
    def route(self) -> str:
        """The nodes by name: `a → p → e`."""
        nodes = [self.leaf, *(c.node for c in self.edges)]
        return " → ".join(_shortened([self.trace.name(node).text for node in nodes], LONG + 1))

    @property
    def equation(self) -> str:
        """The chain rule along the path: `∂e/∂p · ∂p/∂a = (−4.0000) · (−3.0000) = 12.0000`."""
        # The output's factor first, as the backward pass meets them.
        names = [self.trace.local_name(c.node, c.position) for c in reversed(self.edges)]
        numbers = [_digits(c.local) for c in reversed(self.edges)]
        sides = (names, numbers) if len(numbers) > 1 else (names,)
        written = map(_multiplied, sides) if names else ()
        return " = ".join([*written, format_number(self.product)])

    def picture(self) -> MarkedPicture:
        """The graph with this path alone drawn back."""
        words = f"{self.route}, with the product {format_number(self.product)}"
        return MarkedPicture(self.trace.graph, self.edges, words)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        text = f"{self.route}: {self.equation}"
        return {"text/plain": text, "text/html": self.picture().html()}

    def __repr__(self) -> str:
        return f"Path({self.route}, {format_number(self.product)})"


class Paths:
    """All paths from `leaf` to the output of a graph of numbers. Notebooks show them as a table.

    `count` says how many there are, without walking them. Iterating yields each `Path`, and
    `paths[0]` is the first one.
    """

    def __init__(self, trace: Trace, leaf: Tensor) -> None:
        self.trace = trace
        self.leaf = leaf
        self.count, self._onward = _count(trace, leaf)
        self.gradient: float = float(trace.final_gradients()[leaf])

    def __iter__(self) -> Iterator[Path]:
        # Each way is a chain of pairs, so that ways share their beginning.
        ways: list[tuple[Tensor, Any]] = [(self.leaf, None)]
        while ways:
            node, way = ways.pop()
            if node is self.trace.graph.output:
                yield Path(self.trace, self.leaf, _edges(way))
            ways += [(c.node, (way, c)) for c in reversed(self._onward[node])]

    def __getitem__(self, number: int) -> Path:
        number = index(number)
        if not 0 <= number < self.count:
            last, received = _counted(self.count - 1), _counted(number)
            raise IndexError(f"paths: received {received}, expected 0 to {last}.")
        return next(islice(self, number, None))

    @property
    def title(self) -> str:
        """What the table shows, in one sentence."""
        ways = "1 path" if self.count == 1 else f"{_counted(self.count)} paths"
        number, top = self.trace.inner_name(self.trace.graph.output).text, self.trace.top
        output = f"{top} = {number}" if top != number else top  # as in its picture
        return f"{ways} from {self.trace.name(self.leaf).text} to {output}"

    def rows(self) -> list[tuple[str, str]]:
        """The table as text: a path a row, then their sum, then the gradient of the sweep."""
        listed = list(islice(self, LISTED))
        rows = [(path.route, path.equation) for path in listed]
        if self.count > len(listed):
            rows.append(("…", f"{_counted(self.count - len(listed))} more paths"))
        else:
            terms = [_digits(path.product) for path in listed]
            total = format_number(sum(path.product for path in listed))
            rows.append(("their sum", f"{reduce(add, terms).text} = {total}"))
        name = self.trace.gradient_name(self.leaf).text
        rows.append(("backward pass", f"{name} = {format_number(self.gradient)}"))
        return rows

    def html(self) -> str:
        """The paths as an HTML table; every text is escaped."""
        head = "".join(f'<th scope="col" style="text-align:left">{name}</th>' for name in HEAD)
        body = "".join(
            '<tr><th scope="row" style="text-align:left;font-weight:normal">'
            f'{escape(route)}</th><td style="text-align:left">{escape(equation)}</td></tr>'
            for route, equation in self.rows()
        )
        return (
            f'<table><caption style="text-align:left">{escape(self.title)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        table = [HEAD, *self.rows()]
        width = max(len(row[0]) for row in table)
        lines = [f"{route:<{width}}  {equation}" for route, equation in table]
        return {"text/plain": "\n".join([self.title, *lines]), "text/html": self.html()}

    def __repr__(self) -> str:
        return f"Paths({self.title})"


def paths(y: Tensor | ComputationGraph, leaf: Tensor) -> Paths:
    """Find all paths from `leaf` to `y`: along a path factors multiply, between paths sums add.

    ∂y/∂leaf = Σ over paths of Π over edges of ∂node/∂input. The backward pass computes the
    same number without walking the paths one by one.

    Args:
        y: the output, or its graph: one number, computed from numbers.
        leaf: the variable (or any node between) that the paths start from.

    Raises:
        ValueError: `y` is not computed from `leaf`, or there are arrays on the way.

    >>> a, b = Tensor(2.0, name="a"), Tensor(-3.0, name="b")
    >>> found = paths(a * b + a, a)
    >>> found.count, [path.product for path in found], found.gradient
    (2, [1.0, -3.0], -2.0)
    """
    if not isinstance(leaf, Tensor):
        raise TypeError(
            f"paths: received {type(leaf).__name__} to start from, expected the Tensor of an "
            "input: paths(y, x)."
        )
    graph = y if isinstance(y, ComputationGraph) else ComputationGraph(y)
    if not leaf.requires_grad:
        raise ValueError(
            f"paths: {leaf.describe()} is a constant, and no gradient goes there. Wrap the value "
            "as Tensor(value) and compute again."
        )
    if graph.output.ndim:
        raise _array(graph.output)
    with np.errstate(all="ignore"):  # what is not finite is shown, loudly
        return Paths(Trace(graph, "edge"), leaf)


def _count(trace: Trace, leaf: Tensor) -> tuple[int, dict[Tensor, list[Contribution]]]:
    """How many paths there are, and the edges that lead on from each node of one."""
    edges = [c for step in trace.steps for c in step.contributions]
    counts = defaultdict(int, {leaf: 1})
    onward = defaultdict(list)
    # Against the sweep, so that all ways to a node are counted before its own edges are.
    for c in reversed(edges):
        if c.target in counts:
            counts[c.node] += counts[c.target]
    for c in edges:
        if c.target in counts:
            _check(c)
            onward[c.target].append(c)
    output = trace.graph.output
    if output not in counts:
        raise ValueError(
            f"paths: {output.describe()} is not computed from {leaf.describe()}, so no path "
            "leads there. Give the output first, then one of its inputs: paths(y, x)."
        )
    return counts[output], onward


def _check(c: Contribution) -> None:
    """Refuse what has no single number on its edge."""
    for tensor in (c.target, c.node):
        if tensor.ndim:
            raise _array(tensor)
    if c.local is None:
        rule = type(c.node.operation).__name__
        raise ValueError(
            f"paths: {rule} states its backward only as a whole, so its edges have no factor. "
            "Derive it from ag.Elementwise and write local_gradients."
        )


def _array(tensor: Tensor) -> ValueError:
    return ValueError(
        f"paths: {tensor.describe()} is an array of shape {tensor.shape}, expected single numbers "
        "on the whole way. Give each number a Tensor of its own, or take the arrays apart with "
        "ag.Stepper(ag.ComputationGraph(y).scalars())."
    )


def _edges(way: Any) -> tuple[Contribution, ...]:
    edges = []
    while way is not None:
        way, edge = way
        edges.append(edge)
    return tuple(reversed(edges))


def _digits(value: Any) -> Symbol:
    text = format_number(value)
    return Symbol(text, level=SUM if text.startswith("−") else 3)


def _multiplied(factors: list[Symbol]) -> str:
    return reduce(mul, _shortened(factors, LONG, Symbol("…"))).text


def _shortened(parts: list[Any], most: int, gap: Any = "…") -> list[Any]:
    """A long list by its beginning and its end."""
    return parts if len(parts) <= most else [*parts[:2], gap, *parts[-2:]]


def _counted(count: int) -> str:
    """A count with its digits; beyond a billion its power of ten, since digits can be thousands.

    >>> _counted(1_048_576), _counted(2**3000)
    ('1,048,576', 'about 10^903')
    """
    if count < 10**9:
        return f"{count:,}"
    return f"about 10^{round((count.bit_length() - 1) * math.log10(2))}"
