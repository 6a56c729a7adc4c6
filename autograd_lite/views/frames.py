"""Frames: what changes in the picture at each step. The browser and Python apply the same.

A frame maps a slot to its text, or "slot@attribute" to the attribute's value. Frame 0 is
complete; each later one holds only what differs from the one before.
"""

from collections.abc import Iterable

import numpy as np

from ..steps import Contribution, Step, has_step
from ..tensor import Tensor
from . import maps
from .diagram import Arrow, Box, Diagram
from .number import format_number
from .text import describe, happening
from .trace import Trace, is_bare_number

Frame = dict[str, str]

THIN, THICK = 1.6, 5.0  # widths of a gradient's arrow, by its size
SHOWN_LABELS = 12  # boxes, up to which labels of earlier arrows stay


def make_frames(trace: Trace, diagram: Diagram) -> list[Frame]:
    """One frame per step, and a last one with nothing highlighted."""
    painter = _Painter(trace, diagram)
    for step in trace.steps:
        painter.paint(step)
    painter.paint(None)
    return painter.frames


def frame_at(frames: list[Frame], index: int) -> Frame:
    """The complete state after the frames up to `index`."""
    state: Frame = {}
    for frame in frames[: index + 1]:
        state.update(frame)
    return state


class _Painter:
    """Plays the steps and notes what each changes."""

    def __init__(self, trace: Trace, diagram: Diagram) -> None:
        self.trace = trace
        self.diagram = diagram
        self.frames: list[Frame] = []
        self.state: Frame = {}
        self.classes: dict[str, list[str]] = {}
        self.lit: dict[str, list[str]] = {}  # classes of this step only
        self.largest = max(
            (_size(c.value) for step in trace.steps for c in step.contributions), default=0.0
        )
        self.passing: list[str] = []  # labels that go with the next step
        scopes = [box for box in diagram.boxes if box.kind == "scope"]
        self.entries = {box.key: entry(diagram, box) for box in scopes}
        self.arrived: dict[str, set[Tensor]] = {}  # results of a scope that have a gradient
        self.received: dict[str, str] = {}  # the gradient of each box, as text
        self.few = len(diagram.boxes) <= SHOWN_LABELS
        self._start()

    def _start(self) -> None:
        self.frame: Frame = {}
        for box in self.diagram.boxes:
            output = " ag-output" if box.node is self.trace.graph.output else ""
            kind = box.kind
            if kind == "scope" and all(node.operation is None for node in box.results):
                kind = "scope ag-variable"  # nothing is computed inside
            if kind == "reference":
                kind = "variable" if any(leaf.requires_grad for leaf in box.members) else "constant"
            self.classes[box.key] = [f"ag-node ag-{kind}{output}"]
            if box.kind == "reference" or (box.kind == "constant" and is_bare_number(box.node)):
                continue  # its title is all it has
            for line in ("value", "grad"):
                self._write(box, line, "", False)
                self._map(box, line, None)
            self.put(f"{box.key}.badge", "")
            if box.node.operation is None and not has_step(box.node):
                self._value(box)
        for region in self.diagram.regions:
            self.classes[region.key] = ["ag-region"]
        for arrow in self.diagram.arrows:
            self.classes[arrow.key] = ["ag-edge"]
            self.put(f"{arrow.key}.local", "")
            self.put(f"{arrow.key}.width@stroke-width", str(THIN))
        self.fresh: Iterable[str] = self.classes

    def paint(self, step: Step | None) -> None:
        before, self.lit = self.lit, {}
        passing, self.passing = self.passing, []
        for slot in passing:
            self.put(slot, "")
        if step is not None:
            self._happen(step)
            self.put("svg@data-step", str(step.index))
            self.put("svg@data-phase", step.phase)
            self.put("svg@aria-label", f"{step.phase}: {happening(self.trace, step)}")
        else:
            self.put("svg@data-phase", "")
            self.put("svg@aria-label", describe(self.trace))
        for key in {**dict.fromkeys(self.fresh), **before, **self.lit}:
            self.put(f"{key}@class", " ".join([*self.classes[key], *self.lit.get(key, [])]))
            if key[0] not in "er":
                mark = "● " if "ag-active" in self.lit.get(key, []) else ""
                self.put(f"{key}.mark", mark)
        self.fresh = ()
        self.frames.append(self.frame)
        self.frame = {}

    def _happen(self, step: Step) -> None:
        happens = {"forward": self._forward, "seed": self._seed, "backward": self._backward}
        for inner in step.inner or (step,):
            happens[inner.phase](inner)
        for region in self.diagram.regions:
            if region.scope is step.scope:
                self._light(region.key, "ag-computing" if step.phase == "forward" else "ag-sending")

    def put(self, slot: str, text: str) -> None:
        if self.state.get(slot) != text:
            self.state[slot] = self.frame[slot] = text

    def _light(self, key: str, *classes: str) -> None:
        self.lit.setdefault(key, ["ag-active"]).extend(
            name for name in classes if name not in self.lit.get(key, [])
        )

    def _keep(self, key: str, name: str) -> None:
        if name not in self.classes[key]:
            self.classes[key].append(name)
            self.lit.setdefault(key, [])  # so that its class is written again

    def _forward(self, step: Step) -> None:
        box = self.diagram.box_of[step.node]
        self._light(box.key, "ag-computing")
        if box.node is step.node:
            self._value(box)
        for position in range(len(step.node.inputs)):
            arrow = self.diagram.arrow_of.get((step.node, position))
            if arrow is not None:
                self._light(arrow.key, "ag-flowing")

    def _value(self, box: Box) -> None:
        value = box.node._data
        if len(box.results) > 1:
            self._write(box, "value", f"▸ {len(box.results)} results", False)
            return
        source = flow(self.diagram, box) if box.kind == "scope" else ""
        self._write(box, "value", f"▸ {source}{in_box(value)}", _size(value) == np.inf)
        self._map(box, "value", value)

    def _write(self, box: Box, line: str, text: str, loud: bool) -> None:
        self.put(f"{box.key}.{line}", text)
        self.put(f"{box.key}.{line}@class", f"ag-{line} ag-loud" if loud else f"ag-{line}")

    def _seed(self, step: Step) -> None:
        box = self.diagram.box_of[step.node]
        self._light(box.key, "ag-receiving")
        self._gradient(box, step.upstream)

    def _backward(self, step: Step) -> None:
        self._light(self.diagram.box_of[step.node].key, "ag-sending")
        for c in step.contributions:
            self._arrive(c, self.diagram.box_of[c.target])

    def _arrive(self, c: Contribution, box: Box) -> None:
        sender = self.diagram.box_of[c.node]
        if box is not sender:
            self._light(box.key, "ag-receiving")
        if sender.key in self.entries and c.target is self.entries[sender.key]:
            source, loud = flow(self.diagram, sender, "←"), _size(c.after) == np.inf
            self._write(sender, "grad", f"◂ ∇ {source}{self.received[sender.key]}", loud)
        if len(box.results) > 1:
            self._several(box, c.target)
        elif box.node is c.target:
            self._gradient(box, c.after)
            self._badge(box, c)
        arrow = self.diagram.arrow_of.get((c.node, c.position))
        if arrow is not None:
            self._return(arrow, c)

    def _several(self, box: Box, target: Tensor) -> None:
        """Of a scope with several results: how many of them have a gradient."""
        if any(result is target for result in box.results):  # == would compare values
            arrived = self.arrived.setdefault(box.key, set())
            arrived.add(target)
            self._write(box, "grad", f"◂ ∇ {len(arrived)} of {len(box.results)}", False)

    def _gradient(self, box: Box, gradient: object) -> None:
        self.received[box.key] = in_box(gradient)
        self._write(box, "grad", f"◂ ∇ {in_box(gradient)}", _size(gradient) == np.inf)
        self._map(box, "grad", gradient)

    def _map(self, box: Box, line: str, value: object) -> None:
        shown = box.kind != "scope" and maps.has_map(box.node._data)
        if shown and (line == "value" or box.node.requires_grad):
            at = maps.corner(line, alone=not box.node.requires_grad)
            filled, hollow = ("", "") if value is None else maps.squares(value, at)
            self.put(f"{box.key}.{line}-filled@d", filled)
            self.put(f"{box.key}.{line}-hollow@d", hollow)

    def _badge(self, box: Box, c: Contribution) -> None:
        if c.expected > 1:
            badge = f"{c.arrived} of {c.expected}"
            self.put(f"{box.key}.badge", f"{badge} arrows" if len(badge) < 8 else badge)
            self._keep(box.key, "ag-paths")
            if not c.remaining:
                self._keep(box.key, "ag-complete")

    def _return(self, arrow: Arrow, c: Contribution) -> None:
        self._light(arrow.key)
        if arrow.tail.kind == "reference":
            self._light(arrow.tail.key, "ag-receiving")
        self._keep(arrow.key, "ag-returned")
        self.put(f"{arrow.key}.width@stroke-width", self._width(c.value))
        kinds = {arrow.tail.kind, arrow.head.kind}
        summed = np.size(c.value) < np.size(c.upstream)  # more happens than a multiplication
        plain = c.local is not None and np.ndim(c.local) == 0 and not summed
        if plain and not kinds & {"scope", "reference"}:
            self.put(f"{arrow.key}.local", f"× {format_number(c.local)}")
            if not self.few:
                self.passing.append(f"{arrow.key}.local")

    def _width(self, value: object) -> str:
        size = _size(value)
        if not np.isfinite(size) or not np.isfinite(self.largest) or self.largest == 0:
            return str(THIN)
        return f"{THIN + (THICK - THIN) * size / self.largest:.1f}"


def entry(diagram: Diagram, scope: Box) -> Tensor | None:
    """The one array that flows into a closed scope, weights apart; `None` if there are more."""
    members = set(scope.members)
    outside = dict.fromkeys(
        tensor for node in scope.members for tensor in node.inputs if tensor not in members
    )
    flowing = [tensor for tensor in outside if tensor.operation or not tensor.requires_grad]
    candidates = flowing or list(outside)
    return candidates[0] if len(candidates) == 1 and candidates[0].ndim else None


def flow(diagram: Diagram, scope: Box, arrow: str = "→") -> str:
    """What stands before a closed scope's own value: the shape that comes in, "(4, 2) → "."""
    source = entry(diagram, scope)
    return "" if source is None else f"{in_box(source._data)} {arrow} "


def in_box(value: object) -> str:
    """A value as it fits into a box: a number, or the shape of an array."""
    array = np.asarray(value)
    if array.ndim == 0:
        return format_number(array)
    if not np.isfinite(array).all():
        return "nan! inside" if np.isnan(array).any() else "inf! inside"
    shape = str(array.shape)
    return shape if len(shape) <= 12 else f"{array.ndim}-d array"


def _size(value: object) -> float:
    """The largest magnitude in a value; inf when something in it is not finite."""
    array = np.abs(np.asarray(value, dtype=float))
    if array.size == 0:
        return 0.0
    return float(array.max()) if np.isfinite(array).all() else float("inf")
