"""From a graph to its picture: where the boxes go, and the SVG."""

from collections.abc import Iterator

import numpy as np

import autograd_lite as ag
from autograd_lite.views.diagram import make_diagram
from autograd_lite.views.svg import place

from . import table
from .timing import seconds

BOXES = (8, 30, 200, 1_000)


def graph(boxes: int) -> ag.ComputationGraph:
    """Two inputs, then in turn a sum and a product of two nodes, and a sine."""
    nodes = [ag.Tensor(0.5, name="x1"), ag.Tensor(0.25, name="x2")]
    while len(nodes) < boxes:
        last, other = nodes[-1], nodes[len(nodes) // 2 - 1]
        nodes.append((last + other, np.sin(last), last * other)[len(nodes) % 3])
    return ag.ComputationGraph(nodes[-1])


def tables(quick: bool) -> Iterator[str]:
    lines = []
    for boxes in BOXES[:2] if quick else BOXES:
        y = graph(boxes)
        diagram = make_diagram(y)
        count = 1 if quick else max(3, 300 // boxes)
        placed = seconds(lambda diagram=diagram: place(diagram), count)
        drawn = seconds(lambda y=y: ag.draw(y).svg(), count)
        size = len(ag.draw(y).svg()) / 1000
        times = (table.number(spread.median * 1000) for spread in (placed, drawn))
        lines.append([f"{len(diagram.boxes):,}", *times, f"{size:,.0f}"])
    head = ["boxes", "layout, ms", "whole picture, ms", "kB of SVG"]
    yield table.block("Drawing a graph", head, lines)
