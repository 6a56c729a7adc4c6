"""`draw`: a graph as a still picture that survives in a stored notebook."""

import operator
import os
from base64 import b64encode
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..graph import ComputationGraph
from ..tensor import Tensor
from .diagram import Diagram, make_diagram
from .equation import Equation, equations
from .frames import Frame, frame_at, make_frames
from .svg import draw_skeleton, fill, to_text
from .text import describe, happening, html_table, results, text_table
from .trace import Trace

if TYPE_CHECKING:
    import graphviz

WIDE = 1500  # pixels, from which on a picture is scrolled
READABLE = 0.75  # how far a picture may shrink
# Around what may be wider than the page: it is scrolled, and by key too, since it takes the focus.
SCROLLED = '<div style="overflow-x:auto" tabindex="0" role="group" aria-label="A wide drawing">'


class Picture:
    """A drawn graph at one step, or finished. Notebooks show it; `save` writes it."""

    def __init__(
        self,
        graph: ComputationGraph,
        granularity: str = "node",
        gradient: Any = None,
        closed: Collection[str] | None = None,
        step: int | None = None,
        engine: str | None = None,
    ) -> None:
        self.graph = graph.copy()  # a picture keeps showing what it was made from
        self.granularity = granularity
        self.gradient = gradient
        self.engine = engine
        self.caption = ""  # what its alternative text begins with
        self.close(closed)
        self.step = self._index(step)

    def close(self, closed: Collection[str] | None) -> None:
        """Draw these scopes as one box each, and all others open."""
        self.diagram: Diagram = make_diagram(self.graph, closed)
        self.refresh()
        self.skeleton = draw_skeleton(self.trace, self.diagram, self.engine)

    @property
    def closed(self) -> list[str]:
        """The names of the scopes that are closed, each its own."""
        scopes = self.graph.scopes.items()
        return [label for label, scope in scopes if scope in self.diagram.closed]

    def refresh(self) -> None:
        """Read the steps of the graph anew."""
        with np.errstate(all="ignore"):  # what is not finite is shown, loudly
            self.trace = Trace(self.graph, self.granularity, self.gradient, self.diagram.closed)
        for drawn in ("frames", "finished"):
            self.__dict__.pop(drawn, None)

    @cached_property
    def frames(self) -> list[Frame]:
        """What changes in the picture at each step, and once more when all is done."""
        return make_frames(self.trace, self.diagram)

    @cached_property
    def finished(self) -> Frame:
        """The complete state when all is done, with nothing highlighted."""
        return frame_at(self.frames, len(self.trace.steps))

    def _index(self, step: int | None) -> int:
        count = len(self.trace.steps)
        if step is None:
            return count
        step = operator.index(step)
        if not -count <= step < count:
            raise ValueError(f"step: received {step}, expected 0 to {count - 1}.")
        return step % count

    def svg(self, step: int | None = None) -> str:
        """The picture at a step, by default its own, as SVG text."""
        drawing = deepcopy(self.skeleton)
        fill(drawing, self.frame(step))
        return to_text(drawing)

    def frame(self, step: int | None = None) -> Frame:
        """The complete state of the picture at a step, by default its own."""
        return frame_at(self.frames, self.step if step is None else self._index(step))

    def equations(self, step: int | None = None) -> list[Equation]:
        """What happens at a step, as equations with `text` and `latex`."""
        index = self.step if step is None else self._index(step)
        return equations(self.trace, self.trace.steps[min(index, len(self.trace.steps) - 1)])

    @property
    def described(self) -> str:
        """The graph in a sentence, below the caption if there is one."""
        return f"{self.caption} {describe(self.trace)}".strip()

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        steps = self.trace.steps
        if self.step == len(steps):
            return f"{self.described} {results(self.trace)}"
        now = steps[self.step]
        return (
            f"{self.described} Step {self.step + 1} of {len(steps)}, {now.phase}: "
            f"{happening(self.trace, now)}."
        )

    def html(self) -> str:
        """The picture as an image, which even an untrusted notebook shows, and its table."""
        return (
            f"{self.image(self.svg(), self.alt)}"
            "<details><summary>The steps as a table</summary>"
            f"{html_table(self.trace, self.step)}</details>"
        )

    def image(self, svg: str, alt: str) -> str:
        """A drawing of this size as an HTML image, to be scrolled where it is wide."""
        source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
        width = float(self.skeleton.get("width", 0))
        # A wide picture is scrolled: shrunk to the page it could not be read.
        fit = f"max-width:none;width:{READABLE * width:.0f}px" if width > WIDE else "max-width:100%"
        image = f'<img alt="{escape(alt)}" style="{fit};height:auto" src="{source}">'
        return f"{SCROLLED}{image}</div>" if width > WIDE else image

    def to_dot(self) -> "graphviz.Digraph":
        """The finished graph as a `graphviz.Digraph`."""
        from .dot import make_dot

        return make_dot(self.trace, self.diagram)

    def save(self, path: str | Path) -> Path:
        """Write the picture as .svg; as .png or .pdf Graphviz draws the finished graph.

        Raises:
            ValueError: another ending.
            RuntimeError: .png or .pdf without Graphviz.
        """
        path = Path(path)
        if path.suffix == ".svg":
            path.write_text(self.svg() + "\n", encoding="utf-8", newline="\n")
        elif path.suffix in (".png", ".pdf"):
            path.write_bytes(render(str(self.to_dot()), path.suffix[1:]))
        else:
            raise ValueError(
                f"save: received {path.name!r}, expected a name in .svg, .png or .pdf."
            )
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": text_table(self.trace, self.step), "text/html": self.html()}

    def __repr__(self) -> str:
        return f"Picture({self.trace.graph!r})"


def render(dot: str, form: str) -> bytes:
    """DOT text as PNG or PDF, by the Graphviz of the pygraphviz wheel or the dot program."""
    try:
        import pygraphviz

        with quiet():
            return pygraphviz.AGraph(string=dot).draw(format=form, prog="dot")
    except (ImportError, OSError):
        pass
    import graphviz

    try:
        return graphviz.Source(dot).pipe(format=form)
    except graphviz.ExecutableNotFound as error:
        raise RuntimeError(
            f"save: drawing .{form} needs Graphviz. Write `pip install pygraphviz`, or save "
            "as .svg, which needs nothing."
        ) from error


@contextmanager
def quiet() -> Iterator[None]:
    """The fontconfig in the wheel warns of settings of the system that are newer than itself."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def draw(
    y: Tensor | ComputationGraph,
    step: int | None = None,
    granularity: str = "node",
    closed: Collection[str] | None = None,
    gradient: Any = None,
) -> Picture:
    """Draw what `y` was computed from: values in green, gradients in red.

    Args:
        y: the output, or its graph.
        step: which step to show, as in `ComputationGraph(y).steps()`; the finished graph
            when left out.
        granularity: "node", "edge" or "scope".
        closed: names of scopes to draw as one box; when left out none, in a large graph enough
            to leave about 60 boxes.
        gradient: the seed of the backward pass.

    >>> x = Tensor(3.0, name="x")
    >>> print(draw(x * x).trace.steps[-1].contributions[-1].after)
    6.0
    """
    graph = y if isinstance(y, ComputationGraph) else ComputationGraph(y)
    return Picture(graph, granularity, gradient, closed, step)


def render_svg(
    y: Tensor | ComputationGraph, step: int | None = None, granularity: str = "node"
) -> str:
    """The picture of a step as SVG text: what the stepper shows in the browser."""
    return draw(y, step, granularity).svg()
