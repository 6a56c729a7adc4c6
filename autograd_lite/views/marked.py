"""A finished picture in which only one way back is drawn."""

from collections.abc import Mapping, Sequence
from copy import deepcopy

from ..graph import ComputationGraph
from ..steps import Contribution
from ..tensor import Tensor
from .diagram import Diagram
from .frames import Frame, frame_at
from .number import format_number
from .picture import Picture
from .svg import fill, to_text
from .text import describe


class MarkedPicture(Picture):
    """The graph with the dashed arrows of `edges` alone; `words` says which way they are.

    The badges are left out: they count arrows, and here a path is counted.
    """

    def __init__(self, graph: ComputationGraph, edges: Sequence[Contribution], words: str) -> None:
        super().__init__(graph, "edge")
        self.words = words
        twins = dict(zip(graph.nodes, self.graph.nodes, strict=True))
        self.marked = {(twins[c.node], c.position): c for c in edges}

    def svg(self, step: int | None = None) -> str:
        """The finished picture with the way marked, whatever the step."""
        drawing = deepcopy(self.skeleton)
        frame = frame_at(self.frames, self.step)
        frame |= bare(self.diagram, frame)
        fill(drawing, frame | marks(self.diagram, frame, self.marked))
        return to_text(drawing)

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return f"{describe(self.trace)} One path is marked: {self.words}."


def bare(diagram: Diagram, frame: Frame) -> Frame:
    """What takes every arrow back and every badge out of a finished picture."""
    cleared = {
        f"{box.key}@class": frame[f"{box.key}@class"].replace(" ag-paths", "")
        for box in diagram.boxes
    }
    cleared |= {slot: "" for slot in frame if slot.endswith((".badge", ".local"))}
    return cleared | {f"{arrow.key}@class": "ag-edge" for arrow in diagram.arrows}


def marks(
    diagram: Diagram, frame: Frame, edges: Mapping[tuple[Tensor, int], Contribution]
) -> Frame:
    """What draws these edges, with their factors, into a picture that was made bare."""
    marked = {}
    for arrow in diagram.arrows:
        edge = next((edges[e] for e in arrow.edges if e in edges), None)
        if edge is None:
            continue
        marked[f"{arrow.key}@class"] = "ag-edge ag-active ag-returned"
        marked[f"{arrow.key}.local"] = f"× {format_number(edge.local)}"
        for box in (arrow.tail, arrow.head):
            marked[f"{box.key}@class"] = f"{frame[f'{box.key}@class']} ag-active ag-receiving"
            marked[f"{box.key}.mark"] = "● "
    return marked
