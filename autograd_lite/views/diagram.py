"""Diagram: which boxes and arrows a graph is drawn with, closed scopes being one box each."""

from collections.abc import Collection
from dataclasses import dataclass, field

from ..graph import ComputationGraph
from ..recording import Scope
from ..tensor import Tensor

MANY = 40  # boxes, from which on scopes are closed unless asked otherwise
TOO_MANY = 1000  # boxes, from which on even what has no scope is closed


@dataclass(frozen=True, eq=False)
class Box:
    """A node, or a closed scope that stands for `hides` nodes and shows the last, `node`."""

    key: str
    node: Tensor
    kind: str  # "variable", "constant", "operation", "scope"
    scope: Scope | None = None
    hides: int = 0


@dataclass(frozen=True, eq=False)
class Arrow:
    """From the box of an input to the box of the operation, with the edges it stands for."""

    key: str
    tail: Box
    head: Box
    edges: tuple[tuple[Tensor, int], ...]


@dataclass(frozen=True, eq=False)
class Diagram:
    graph: ComputationGraph
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    box_of: dict[Tensor, Box]
    arrow_of: dict[tuple[Tensor, int], Arrow] = field(default_factory=dict)


def make_diagram(graph: ComputationGraph, closed: Collection[str] | None = None) -> Diagram:
    """Boxes and arrows of a graph.

    Args:
        closed: the names of the scopes to close. By default none in a small graph, all
            outermost ones in a graph of more than 40 nodes. Beyond 1,000 boxes whatever
            operations are left are closed too, but for the output.
    """
    if isinstance(closed, str):
        raise ValueError(f"closed: received {closed!r}, expected a list of names: [{closed!r}].")
    if closed is None:
        many = len(graph.nodes) > MANY
        home = {node: node.scopes[0] if many and node.scopes else None for node in graph.nodes}
    else:
        home = {node: _outermost(node, closed) for node in graph.nodes}
        _check_known(graph, closed)
    # A leaf made inside a scope but used elsewhere as well stays with its scope all the same.
    if sum(scope is None for scope in home.values()) > TOO_MANY:
        _close_the_rest(graph, home)
    return _assemble(graph, home)


def _outermost(node: Tensor, closed: Collection[str]) -> Scope | None:
    return next((scope for scope in node.scopes if scope.name in closed), None)


def _check_known(graph: ComputationGraph, closed: Collection[str]) -> None:
    known = {scope.name for node in graph.nodes for scope in node.scopes}
    unknown = [name for name in closed if name not in known]
    if unknown:
        raise ValueError(
            f"closed: no scope is named {unknown[0]!r}. The graph has "
            f"{', '.join(map(repr, sorted(known))) or 'none: record it within ag.scope(name)'}."
        )


def _close_the_rest(graph: ComputationGraph, home: dict[Tensor, Scope | None]) -> None:
    rest = [
        node for node, scope in home.items()
        if scope is None and node.operation is not None and node is not graph.output
    ]  # fmt: skip
    constants = [
        node for node, scope in home.items()
        if scope is None and node.operation is None and node.name is None
    ]  # fmt: skip
    together = Scope(f"{len(rest):,} operations")
    home.update(dict.fromkeys([*rest, *constants], together))


def _assemble(graph: ComputationGraph, home: dict[Tensor, Scope | None]) -> Diagram:
    members: dict[Scope, list[Tensor]] = {}
    for node in graph.nodes:
        scope = home[node]
        if scope is not None:
            members.setdefault(scope, []).append(node)
    closed_boxes = {
        scope: Box(f"s{number}", nodes[-1], "scope", scope, len(nodes))
        for number, (scope, nodes) in enumerate(members.items())
    }
    box_of: dict[Tensor, Box] = {}
    for node in graph.nodes:
        scope = home[node]
        box_of[node] = (
            Box(graph.ids[node], node, _kind(node)) if scope is None else closed_boxes[scope]
        )
    grouped: dict[tuple[Box, Box, int], list[tuple[Tensor, int]]] = {}
    for node in graph.nodes:
        for position, tensor in enumerate(node.inputs):
            tail, head = box_of[tensor], box_of[node]
            if tail is not head:
                # Open boxes keep an arrow per edge: x·x has two.
                lane = position if "scope" not in (tail.kind, head.kind) else -1
                grouped.setdefault((tail, head, lane), []).append((node, position))
    arrows = tuple(
        Arrow(f"e{number}", tail, head, tuple(edges))
        for number, ((tail, head, _), edges) in enumerate(grouped.items())
    )
    arrow_of = {edge: arrow for arrow in arrows for edge in arrow.edges}
    return Diagram(graph, tuple(dict.fromkeys(box_of.values())), arrows, box_of, arrow_of)


def _kind(node: Tensor) -> str:
    if node.operation is not None:
        return "operation"
    return "variable" if node.requires_grad else "constant"
