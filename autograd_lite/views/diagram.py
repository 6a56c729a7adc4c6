"""Diagram: which boxes and arrows a graph is drawn with, closed scopes being one box each."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from ..graph import ComputationGraph
from ..recording import Scope
from ..tensor import Tensor

MANY = 40  # boxes, from which on scopes are closed unless asked otherwise
LEFT = 60  # boxes that may be left then: closed ones are easier to read
SHARED = 8  # arrows out of a leaf, from which on it is drawn again at each use
TOO_MANY = 1000  # boxes, from which on even what has no scope is closed


@dataclass(frozen=True, eq=False)
class Box:
    """A node; or a closed scope that stands for its `members` and shows the last, `node`; or a
    reference: the names of leaves that are used in many places, in place of long arrows.

    `results` are the members of a scope that others use.
    """

    key: str
    node: Tensor
    kind: str  # "variable", "constant", "operation", "scope", "reference"
    label: str = ""  # of a scope or a reference
    members: tuple[Tensor, ...] = ()
    results: tuple[Tensor, ...] = ()


@dataclass(frozen=True, eq=False)
class Region:
    """An open scope: a line around the boxes that are in it."""

    key: str
    label: str
    scope: Scope
    boxes: tuple[str, ...]


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
    regions: tuple[Region, ...]  # those outside before those inside
    closed: frozenset[Scope]
    box_of: dict[Tensor, Box]
    arrow_of: dict[tuple[Tensor, int], Arrow] = field(default_factory=dict)


def make_diagram(graph: ComputationGraph, closed: Collection[str] | None = None) -> Diagram:
    """Boxes and arrows of a graph.

    Args:
        closed: which scopes to close: by name, or one of several with that name by its own,
            such as "layer 2". By default none in a small graph; in one of more than 40 nodes
            the innermost that leave 60 boxes. Beyond 1,000 boxes whatever operations are left are
            closed too, but for the output.
    """
    shut = _enough(graph) if closed is None else find_scopes(graph, closed)
    home = {
        node: next((scope for scope in chain if scope in shut), None)
        for node, chain in graph.homes.items()
    }
    if sum(scope is None for scope in home.values()) > TOO_MANY:
        shut |= _close_the_rest(graph, home)
    return _assemble(graph, home, shut)


def _enough(graph: ComputationGraph) -> frozenset[Scope]:
    """The innermost level of scopes that leaves few enough boxes, closed with all inside it."""
    if len(graph.nodes) <= MANY:
        return frozenset()
    chains = graph.homes.values()
    for depth in range(max(map(len, chains)) - 1, -1, -1):
        regions = [chain[depth] if len(chain) > depth else None for chain in chains]
        if depth == 0 or regions.count(None) + len({*regions} - {None}) <= LEFT:
            return frozenset(scope for chain in chains for scope in chain[depth:])
    return frozenset()


def find_scopes(graph: ComputationGraph, closed: Collection[str]) -> frozenset[Scope]:
    """The scopes of these names; of several with one name all, or one by its own, "layer 2"."""
    if isinstance(closed, str):
        raise ValueError(f"closed: received {closed!r}, expected a list of names: [{closed!r}].")
    names = {*graph.scopes, *(scope.name for scope in graph.scopes.values())}
    unknown = [name for name in closed if name not in names]
    if unknown:
        raise ValueError(
            f"closed: no scope is named {unknown[0]!r}. The graph has "
            f"{', '.join(map(repr, sorted(names))) or 'none: record it within ag.scope(name)'}."
        )
    scopes = graph.scopes.items()
    return frozenset(scope for label, scope in scopes if {label, scope.name} & {*closed})


def _close_the_rest(graph: ComputationGraph, home: dict[Tensor, Scope | None]) -> frozenset[Scope]:
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
    return frozenset([together])


def _assemble(
    graph: ComputationGraph, home: dict[Tensor, Scope | None], closed: frozenset[Scope]
) -> Diagram:
    labels = {scope: label for label, scope in graph.scopes.items()}
    members: dict[Scope, list[Tensor]] = {}
    for node in graph.nodes:
        scope = home[node]
        if scope is not None:
            members.setdefault(scope, []).append(node)
    leaving = _leaving(graph, home)
    closed_boxes = {
        scope: Box(
            f"s{n}", nodes[-1], "scope", labels.get(scope, scope.name), tuple(nodes),
            tuple(node for node in nodes if node in leaving),
        )
        for n, (scope, nodes) in enumerate(members.items())
    }  # fmt: skip
    box_of: dict[Tensor, Box] = {}
    for node in graph.nodes:
        scope = home[node]
        box_of[node] = (
            Box(graph.ids[node], node, _kind(node)) if scope is None else closed_boxes[scope]
        )
    references = _references(graph, box_of)
    arrows = _arrows(graph, box_of, references)
    return Diagram(
        graph,
        (*dict.fromkeys(box_of.values()), *references.values()),
        arrows,
        _regions(graph, box_of, references, closed),
        closed,
        box_of,
        {edge: arrow for arrow in arrows for edge in arrow.edges},
    )


def _leaving(graph: ComputationGraph, home: dict[Tensor, Scope | None]) -> set[Tensor]:
    """The nodes that are used outside of their scope, and the output."""
    used = {
        tensor for node in graph.nodes for tensor in node.inputs if home[tensor] is not home[node]
    }
    return {*used, graph.output}


def _references(graph: ComputationGraph, box_of: dict[Tensor, Box]) -> dict[Box, Box]:
    """For each box that uses leaves which many others use too: their names, beside it."""
    heads: dict[Tensor, set[Box]] = {}
    for node in graph.nodes:
        for tensor in node.inputs:
            if (
                box_of[tensor].kind in ("variable", "constant")
                and box_of[tensor] is not box_of[node]
            ):
                heads.setdefault(tensor, set()).add(box_of[node])
    shared = {leaf: boxes for leaf, boxes in heads.items() if len(boxes) > SHARED}
    references: dict[Box, Box] = {}
    for head in dict.fromkeys(box_of.values()):
        leaves = tuple(leaf for leaf, boxes in shared.items() if head in boxes)
        if leaves:
            label = ", ".join(map(graph.label, leaves))
            references[head] = Box(f"q{len(references)}", leaves[0], "reference", label, leaves)
    return references


def _arrows(
    graph: ComputationGraph, box_of: dict[Tensor, Box], references: dict[Box, Box]
) -> tuple[Arrow, ...]:
    again = {(leaf, head): box for head, box in references.items() for leaf in box.members}
    grouped: dict[tuple[Box, Box, Any], list[tuple[Tensor, int]]] = {}
    for node in graph.nodes:
        for position, tensor in enumerate(node.inputs):
            head = box_of[node]
            tail = again.get((tensor, head), box_of[tensor])
            if tail is not head:
                # Open boxes keep an arrow per edge: x·x has two. A scope has one for each result.
                lane: Any = position
                if {tail.kind, head.kind} & {"scope", "reference"}:
                    lane = tensor if tail.kind == "scope" else None
                grouped.setdefault((tail, head, lane), []).append((node, position))
    return tuple(
        Arrow(f"e{number}", tail, head, tuple(edges))
        for number, ((tail, head, _), edges) in enumerate(grouped.items())
    )


def _regions(
    graph: ComputationGraph,
    box_of: dict[Tensor, Box],
    references: dict[Box, Box],
    closed: frozenset[Scope],
) -> tuple[Region, ...]:
    inside: dict[Scope, dict[str, None]] = {scope: {} for scope in graph.scopes.values()}
    for node, chain in graph.homes.items():
        for scope in chain:
            if scope in closed:
                break
            box = box_of[node]
            inside[scope][box.key] = None
            if box in references:
                inside[scope][references[box].key] = None
    return tuple(
        Region(f"r{number}", label, scope, tuple(inside[scope]))
        for number, (label, scope) in enumerate(graph.scopes.items())
        if inside[scope]
    )


def _kind(node: Tensor) -> str:
    if node.operation is not None:
        return "operation"
    return "variable" if node.requires_grad else "constant"
