"""Stepper: both passes of a graph, stepped forward and back in the browser."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from ..graph import ComputationGraph
from ..steps import GRANULARITIES, make_seed
from ..tensor import Tensor
from ..views.aside import Aside, AsidePicture
from ..views.diagram import find_scopes
from ..views.leaves import find, variables
from ..views.picture import Picture
from ..views.svg import to_text
from ..views.text import describe
from .asides import VIEWS, aside_as_json, make_aside, pages
from .front import Front, Refused, module
from .page import write_page
from .recorded import Axis, record_grid
from .state import make_sliders, trace_as_json

# What a page without Python knows of nudges: these h, and so many inputs.
NUDGE_STEP = 0.1
NUDGES = tuple(round(place * NUDGE_STEP, 1) for place in range(-10, 11))
MOST_NUDGED = 4


class Stepper(Front):
    """Step through the forward and the backward pass of `y`.

    Args:
        y: the output, or its graph. The stepper works on a copy: its sliders change nothing
            outside of it.
        step: where to start, counted from 0 as in `ComputationGraph(y).steps()`.
        granularity: "node", an operation at a time; "edge", a contribution at a time; "scope",
            a scope at a time.
        sliders: ranges for the sliders of named inputs, such as {"x1": (-3, 3)}. They move
            numbers: an `if` or a `where` stays as it was decided when `y` was computed.
        closed: names of scopes to draw as one box; when left out none, in a large graph enough
            to leave about 60 boxes. A click on a box or on a frame's title opens or closes it.
        gradient: the seed of the backward pass, 1 when left out.
        view: what to show: "steps"; "paths", all ways from an input to the output; "check", each
            gradient beside a central difference; "nudge", the change of the output beside
            gradient · h.
        leaf: the input that "paths" and "nudge" are about, such as "x1" or "W[0,2]"; the first
            one when left out.

    `step`, `granularity`, `closed`, `inputs`, `view`, `leaf`, `path` (the number of the marked
    path) and `h` (of the nudge) are traits: observe them, set them, link them.

    >>> x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    >>> stepper = Stepper(np.sin(x1) + x1 * x2)
    >>> stepper.step = 5
    >>> stepper
    Stepper(y, step 6 of 9)
    """

    _esm = module("asides", "stepper")

    step = traitlets.Int(0).tag(sync=True)
    granularity = traitlets.Unicode("node").tag(sync=True)
    closed: traitlets.List[str] = traitlets.List(traitlets.Unicode()).tag(sync=True)
    view = traitlets.Unicode("steps").tag(sync=True)
    leaf = traitlets.Unicode().tag(sync=True)
    path = traitlets.Int(0, min=0).tag(sync=True)
    h = traitlets.Float(0.1).tag(sync=True)
    _h_step = traitlets.Float(0.01).tag(sync=True)  # of its slider
    _views: traitlets.List[str] = traitlets.List(list(VIEWS)).tag(sync=True)
    _aside = traitlets.Dict().tag(sync=True)  # of the view that is open
    _pages = traitlets.Dict().tag(sync=True)  # of all views, where there is no kernel
    _svg = traitlets.Unicode().tag(sync=True)
    _sliders: traitlets.List[Any] = traitlets.List().tag(sync=True)
    _granularities: traitlets.List[str] = traitlets.List().tag(sync=True)

    def __init__(
        self,
        y: Tensor | ComputationGraph,
        step: int = 0,
        granularity: str = "node",
        sliders: Mapping[str, tuple[float, float]] | None = None,
        closed: Collection[str] | None = None,
        gradient: Any = None,
        view: str = "steps",
        leaf: str | None = None,
    ) -> None:
        graph = y if isinstance(y, ComputationGraph) else ComputationGraph(y)
        make_seed(graph.output, gradient)  # both passes, or the message that says what is missing
        self._picture = picture = Picture(graph, granularity, gradient, closed)
        numbers = self.numbers()
        super().__init__(
            _kind="stepper",
            _label=describe(picture.trace),
            _svg=to_text(picture.skeleton),
            _trace=trace_as_json(picture),
            _sliders=make_sliders(numbers, sliders or {}),
            inputs=numbers,
            _granularities=[g for g in GRANULARITIES if g != "scope" or graph.scopes],
            granularity=granularity,
            closed=picture.closed,
            step=step,
            view=view,
            leaf=next(iter(variables(picture.trace)), "") if leaf is None else leaf,
        )
        self._look()
        # Only from now on: what was given above is drawn already.
        self.observe(self._recompute, "inputs")
        self.observe(self._redraw, ["granularity", "closed"])
        self.observe(self._look, ["view", "leaf", "h"])

    @traitlets.validate("step")
    def _valid_step(self, proposal: Any) -> int:
        count = len(self._picture.trace.steps)
        if not 0 <= proposal["value"] < count:
            raise Refused(f"step: received {proposal['value']}, expected 0 to {count - 1}.")
        return proposal["value"]

    @traitlets.validate("granularity")
    def _valid_granularity(self, proposal: Any) -> str:
        if proposal["value"] not in GRANULARITIES:
            raise Refused(
                f"granularity: received {proposal['value']!r}, expected one of {GRANULARITIES}."
            )
        return proposal["value"]

    @traitlets.validate("view")
    def _valid_view(self, proposal: Any) -> str:
        if proposal["value"] not in VIEWS:
            raise Refused(f"view: received {proposal['value']!r}, expected one of {VIEWS}.")
        return proposal["value"]

    @traitlets.validate("leaf")
    def _valid_leaf(self, proposal: Any) -> str:
        try:
            if proposal["value"] or variables(self._picture.trace):
                find(self._picture.trace, proposal["value"])
        except ValueError as error:
            raise Refused(str(error)) from None
        return proposal["value"]

    @traitlets.validate("h")
    def _valid_h(self, proposal: Any) -> float:
        if not np.isfinite(proposal["value"]):
            raise Refused(f"h: received {proposal['value']}, expected a finite number.")
        return proposal["value"]

    def numbers(self) -> dict[str, float]:
        leaves = self._picture.graph.inputs.items()
        return {name: leaf.item() for name, leaf in leaves if leaf.ndim == 0}

    def _recompute(self, change: Any) -> None:
        """New numbers in the same places, at the same step."""
        try:
            with np.errstate(all="ignore"):  # what is not finite is shown, loudly
                self._picture.graph.forward(**change["new"])
                self._picture.refresh()
        except Exception:  # an operation may refuse a number: the graph keeps the old ones
            with self.hold_trait_notifications():
                self.inputs = self.numbers()
            raise
        with self.hold_sync():
            self._trace = trace_as_json(self._picture)
            self._look()

    @traitlets.validate("closed")
    def _valid_closed(self, proposal: Any) -> list[str]:
        """Each scope by its own name, in their order."""
        graph = self._picture.graph
        try:
            shut = find_scopes(graph, proposal["value"])
        except ValueError as error:
            raise Refused(str(error)) from None
        return [name for name, scope in graph.scopes.items() if scope in shut]

    def _redraw(self, change: Any) -> None:
        """Another drawing: stay at this step. Other steps: at the last one of the same node."""
        now = self._picture.trace.steps[self.step]
        node = now.inner[-1].node if now.inner else now.node
        self._picture.granularity = self.granularity
        self._picture.close(self.closed)
        steps = self._picture.trace.steps
        same = [
            index
            for index, step in enumerate(steps)
            if step.phase == now.phase and any(one.node is node for one in step.inner or (step,))
        ]
        stays = change["name"] == "closed" and self.step in same
        with self.hold_sync():
            self.step = self.step if stays else [min(self.step, len(steps) - 1), *same][-1]
            self._svg = to_text(self._picture.skeleton)
            self._trace = trace_as_json(self._picture)
            self._look()

    def _look(self, change: Any = None) -> None:
        """Compute what the open view shows beside the steps; the others wait until they open."""
        if change is not None and change["name"] == "leaf":
            self.path = 0
        if self.view == "steps":
            self._aside = {}
            return
        shown = aside_as_json(self._picture, self._make_aside(), self.view, self.leaf)
        self._aside = {**shown, "asked": [self.leaf, self.h]}  # every answer is another one

    def _make_aside(self) -> Aside:
        return make_aside(self._picture, self.view, self.leaf, self.h)

    def still(self) -> Picture | AsidePicture:
        self._picture.step = self.step
        if self.view == "steps":
            return self._picture
        return AsidePicture(self._picture, self._make_aside(), self.path)

    def render_svg(self, step: int | None = None) -> str:
        """The picture as SVG text, the same that the browser shows; or the one at a step."""
        return self.still().svg() if step is None else self._picture.svg(step)

    def to_html(self, path: str | Path) -> Path:
        """Write a page that steps with no kernel and no network. Its inputs are fixed."""
        fixed = self._fixed()
        views = [view for view in VIEWS if view != "nudge"]
        view = "steps" if self.view == "nudge" else self.view
        return write_page(path, self, {**fixed, "_views": views, "view": view, "_aside": {}})

    def _fixed(self) -> dict[str, Any]:
        """Without Python nothing is computed anew, so what asks for it is not shown."""
        return {**self.without_python, "_sliders": [], "_pages": pages(self._picture)}

    def recorded(self) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """Opened by its steps the sliders move, or the views stand; a nudge has some h."""
        if self.view == "steps" and self._sliders:
            changed, answers = super().recorded()
            return {**changed, "_views": []}, answers
        nudged = self.view == "nudge"
        views = [view for view in VIEWS if view != "nudge" or nudged]
        changed = {**self._fixed(), "_views": views, "_h_step": NUDGE_STEP}
        return changed, self._record_nudges() if nudged else None

    def _record_nudges(self) -> dict[str, Any]:
        before = {"leaf": self.leaf, "h": self.h}
        leaves = [before["leaf"], *(one for one in self._aside["options"] if one != before["leaf"])]
        axes = [
            Axis("leaf", leaves[:MOST_NUDGED], before["leaf"]),
            Axis("h", sorted({*NUDGES, before["h"]}), before["h"]),
        ]

        def ask(at: dict[str, Any]) -> dict[str, Any]:
            self.leaf, self.h = at["leaf"], at["h"]
            return {**at, "_aside": self._aside}

        with self.hold_sync():
            answers = record_grid(axes, ask)
            ask(before)
        return answers

    def __repr__(self) -> str:
        trace = self._picture.trace
        if self.view != "steps":
            return f"Stepper({trace.top}, {self.view})"
        return f"Stepper({trace.top}, step {self.step + 1} of {len(trace.steps)})"
