"""A picture with some numbers covered: the passes are drawn as far as they are known."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..graph import ComputationGraph
from ..steps import Step
from ..tensor import Tensor
from .equation import Equation, equations, summed
from .frames import Frame, frame_at, in_box
from .picture import Picture

VALUE, GRADIENT = "value", "gradient"
LINES = {VALUE: ("value", "▸"), GRADIENT: ("grad", "◂ ∇")}  # the slot in a box, and its sign


class Number(NamedTuple):
    """One number of a picture: the value or the gradient of a node."""

    node: Tensor
    kind: str


class CoveredPicture(Picture):
    """A picture that shows "?" in place of some numbers.

    Both passes stop before the first step that would tell a covered number, and go on once it
    is uncovered. So nothing that follows from it is shown either.
    """

    def __init__(self, graph: ComputationGraph, gradient: Any = None) -> None:
        super().__init__(graph, gradient=gradient, closed=())
        self.gradients = self.trace.final_gradients()
        leaves = [box.key for box in self.diagram.boxes if box.node.operation is None]
        self._given = tuple(f"{key}.value" for key in leaves)  # slots that begin so
        self.cover((), {})

    def cover(self, covered: Iterable[Number], told: Mapping[Number, str]) -> None:
        """Cover these numbers and no others; those that are told bear a mark, ✓ or none."""
        self.covered, self.told = dict.fromkeys(covered), dict(told)
        covers = (numbers_of(step) & self.covered.keys() for step in self.trace.steps)
        first = next((index for index, numbers in enumerate(covers) if numbers), None)
        self.step = len(self.trace.steps) if first is None else first - 1

    def words(self, number: Number) -> str:
        """A number in words: "gradient of x1"."""
        return f"{number.kind} of {self.name(number.node)}"

    def name(self, node: Tensor) -> str:
        """What the picture calls a node: the output is y, not v4."""
        is_top = node is self.graph.output and self.trace.top == self.graph.top
        return self.trace.top if is_top else self.trace.label(node)

    def read(self, number: Number) -> Any:
        """What is under the cover."""
        return number.node._data if number.kind == VALUE else self.gradients[number.node]

    def explanation(self, number: Number) -> Equation | None:
        """The equation of a number; `None` while something that stands in it is covered."""
        node, kind = number
        arriving = [c for step in self.trace.steps for c in step.contributions if c.target is node]
        if kind == VALUE or not arriving:
            parts = {number, *(Number(tensor, VALUE) for tensor in node.inputs)}
        else:
            senders = [c.node for c in arriving]
            read = [tensor for sender in senders for tensor in (sender, *sender.inputs)]
            parts = {number, *(Number(sender, GRADIENT) for sender in senders)}
            parts |= {Number(tensor, VALUE) for tensor in read}
        if parts & self.covered.keys():
            return None
        if kind == GRADIENT and arriving:
            return summed(self.trace, arriving)
        phase = "forward" if kind == VALUE else "seed"
        steps = [step for step in self.trace.steps if step.phase == phase]
        return equations(self.trace, next(step for step in steps if step.node is node))[0]

    def frame(self, step: int | None = None) -> Frame:
        """All that the picture shows: the passes so far, what is given, and what is asked."""
        state = super().frame(step)
        for slot, text in frame_at(self.frames, len(self.frames)).items():
            if slot.startswith(self._given):
                state[slot] = text
        told = {number: in_box(self.read(number)) + mark for number, mark in self.told.items()}
        for number, text in {**told, **dict.fromkeys(self.covered, "?")}.items():
            line, sign = LINES[number.kind]
            key = self.diagram.box_of[number.node].key
            state[f"{key}.{line}"] = f"{sign} {text}"
            if number.kind == GRADIENT and "ag-complete" not in state[f"{key}@class"]:
                state |= _uncounted(key, state)
        return {**state, "svg@aria-label": state["svg@aria-label"] + self._asked}

    @property
    def alt(self) -> str:
        """What the picture shows, in words, and what it asks."""
        return super().alt + self._asked

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle = super()._repr_mimebundle_(include, exclude)
        asked = self._asked.replace(" ", "\n", 1)
        return {**bundle, "text/plain": bundle["text/plain"] + asked}

    @property
    def _asked(self) -> str:
        words = ", ".join(map(self.words, self.covered))
        return f" Asked: {words}." if words else ""


def _uncounted(key: str, state: Frame) -> Frame:
    """The whole sum is told, or none of it: no badge counts the arrows so far."""
    return {
        f"{key}.badge": "",
        f"{key}@class": state[f"{key}@class"].replace(" ag-paths", ""),
    }


def numbers_of(step: Step) -> set[Number]:
    """The numbers that a step tells, wholly or in part."""
    if step.phase == "forward":
        return {Number(step.node, VALUE)}
    if step.phase == "seed":
        return {Number(step.node, GRADIENT)}
    return {Number(c.target, GRADIENT) for c in step.contributions}
