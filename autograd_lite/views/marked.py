"""A finished picture in which only one way back is drawn."""

from collections.abc import Sequence
from copy import deepcopy

from ..graph import ComputationGraph
from ..steps import Contribution
from .frames import frame_at
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
        fill(drawing, frame_at(self.frames, self.step) | self._marks())
        return to_text(drawing)

    def _marks(self) -> dict[str, str]:
        frame = frame_at(self.frames, self.step)
        classes = {
            box.key: frame[f"{box.key}@class"].replace(" ag-paths", "")
            for box in self.diagram.boxes
        }
        marks = {f"{key}@class": names for key, names in classes.items()}
        marks |= {slot: "" for slot in frame if slot.endswith(".badge")}
        for arrow in self.diagram.arrows:
            edge = next((self.marked[e] for e in arrow.edges if e in self.marked), None)
            marks[f"{arrow.key}@class"] = "ag-edge"
            marks[f"{arrow.key}.local"] = ""
            if edge is None:
                continue
            marks[f"{arrow.key}@class"] = "ag-edge ag-active ag-returned"
            marks[f"{arrow.key}.local"] = f"× {format_number(edge.local)}"
            for box in (arrow.tail, arrow.head):
                marks[f"{box.key}@class"] = f"{classes[box.key]} ag-active ag-receiving"
                marks[f"{box.key}.mark"] = "● "
        return marks

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return f"{describe(self.trace)} One path is marked: {self.words}."
