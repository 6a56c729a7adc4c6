"""Who finds the places: Graphviz in process, the `dot` program, or the plain layered layout.

Graphviz is given box sizes and numbers only, never a text: so the result depends on no font,
nothing can be printed to stderr, and no name has to be escaped.
"""

import importlib
import json
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress

from . import layered
from .groups import Groups, clusters
from .layered import Edge, Point, Size

Placed = tuple[list[Point], list[list[Point]]]  # centres and curves

LARGE, STRAIGHT = 41, 20  # boxes of a large drawing, and the weight of its longest way
# The work of Graphviz grows faster than the graph: about a second at this many pieces.
GRAPHVIZ_LIMIT = 2000
PIXELS_PER_INCH = 72
TIMEOUT = 60  # seconds for the dot program


def place(
    sizes: list[Size], edges: list[Edge], engine: str | None, groups: Groups
) -> tuple[str, Placed]:
    """Centres and curves, and the engine that found them: the named one, or the first that works.

    Raises RuntimeError if the named engine cannot be used here.
    """
    if engine is not None:
        try:
            return engine, ENGINES[engine](sizes, edges, groups)
        except Exception as error:
            raise RuntimeError(
                f"engine={engine!r} cannot be used here ({type(error).__name__}: {error}): "
                f"install it, or leave `engine` out to take one that works"
            ) from error
    column = layered.columns_of(len(sizes), edges)
    pieces = len(sizes) + sum(column[head] - column[tail] for tail, head in edges)
    if pieces <= GRAPHVIZ_LIMIT:
        for name in ("pygraphviz", "dot"):
            # Not installed, a library missing, a broken answer: whatever it is, try the next.
            with suppress(Exception):
                return name, ENGINES[name](sizes, edges, groups)
    return "plain", layered.place(sizes, edges)


def _plain(sizes: list[Size], edges: list[Edge], groups: Groups) -> Placed:
    return layered.place(sizes, edges)


def _with_pygraphviz(sizes: list[Size], edges: list[Edge], groups: Groups) -> Placed:
    if not sizes:
        return [], []
    pygraphviz = importlib.import_module("pygraphviz")
    graph = pygraphviz.AGraph(string=_dot_source(sizes, edges, groups))
    return _parsed(graph.draw(format="json0", prog="dot"), len(sizes), len(edges))


def _with_dot(sizes: list[Size], edges: list[Edge], groups: Groups) -> Placed:
    program = shutil.which("dot")
    if program is None:
        raise FileNotFoundError("the program `dot` is not on the PATH")
    done = subprocess.run(
        [program, "-Tjson0"],
        input=_dot_source(sizes, edges, groups).encode("ascii"),
        capture_output=True,
        check=True,
        timeout=TIMEOUT,
    )
    return _parsed(done.stdout, len(sizes), len(edges))


# In the order in which they are tried.
ENGINES: dict[str, Callable[[list[Size], list[Edge], Groups], Placed]] = {
    "pygraphviz": _with_pygraphviz,
    "dot": _with_dot,
    "plain": _plain,
}


def _dot_source(sizes: list[Size], edges: list[Edge], groups: Groups) -> str:
    """The graph in DOT: boxes n0, n1, … and edges e0, e1, … without any text on them."""
    ranksep, nodesep = layered.COLUMN_GAP / PIXELS_PER_INCH, layered.BOX_GAP / PIXELS_PER_INCH
    lines = [
        "digraph {",
        f"graph [rankdir=LR ranksep={ranksep:.5f} nodesep={nodesep:.5f}]",
        'node [shape=box fixedsize=true label=""]',
        "edge [tailport=e headport=w arrowhead=none]",
    ]
    for box, (width, height) in enumerate(sizes):
        inches = f"width={width / PIXELS_PER_INCH:.5f} height={height / PIXELS_PER_INCH:.5f}"
        lines.append(f"n{box} [{inches}]")
    lines += clusters(groups)
    weights = _weights(len(sizes), edges)
    lines += [
        f"n{tail} -> n{head} [id=e{edge} weight={weights[edge]}]"
        for edge, (tail, head) in enumerate(edges)
    ]
    return "\n".join([*lines, "}\n"])


def _weights(boxes: int, edges: list[Edge]) -> list[int]:
    """In a large drawing the longest way is kept straight: the steps of a recurrent cell."""
    weights = [1] * len(edges)
    if boxes < LARGE:
        return weights
    inward: list[list[int]] = [[] for _ in range(boxes)]
    for edge, (_, head) in enumerate(edges):
        inward[head].append(edge)
    depth = [0] * boxes
    for box in layered.topological_order(boxes, edges):
        depth[box] = max((depth[edges[edge][0]] + 1 for edge in inward[box]), default=0)
    box = depth.index(max(depth))
    while inward[box]:
        edge = max(inward[box], key=lambda edge: depth[edges[edge][0]])
        weights[edge] = STRAIGHT
        box = edges[edge][0]
    return weights


def _parsed(answer: bytes, boxes: int, edges: int) -> Placed:
    """Centres and curves from Graphviz' JSON. Its y grows up, ours down."""
    drawn = json.loads(answer)
    centers = {
        node["name"]: _points(node["pos"])[0] for node in drawn.get("objects", []) if "pos" in node
    }
    curves = {edge["id"]: _points(edge["pos"]) for edge in drawn.get("edges", [])}
    return (
        [centers[f"n{box}"] for box in range(boxes)],
        [curves[f"e{edge}"] for edge in range(edges)],
    )


def _points(text: str) -> list[Point]:
    pairs = [pair.split(",") for pair in text.split()]
    return [(float(x), -float(y)) for x, y in pairs]
