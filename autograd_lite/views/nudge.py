"""Nudge: one input moves by h, and the output by about gradient · h."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..replay import nudged
from ..steps import make_seed
from ..tensor import Tensor
from .aside import Aside, Cell, Table
from .frames import Frame
from .leaves import Number, called, find
from .marked import bare
from .number import format_number
from .picture import Picture
from .symbol import SUM, Symbol
from .trace import Trace

SMALLER = (1.0, 0.1, 0.01)  # of h
ROUNDING = 16.0  # units in the last place, within which a difference is none
HEAD = ("h", "change", "gradient · h", "difference")


@dataclass(frozen=True)
class Nudge:
    """A number of an input, moved by `h`: what the output does, and what the gradient foretold.

    change = y(x + h) − y(x), computed by a replay of the graph; foretold = ∂y/∂x · h.
    """

    picture: Picture
    number: Number
    h: float

    @cached_property
    def moved(self) -> dict[Tensor, Any]:
        """The value of every node after the nudge."""
        return nudged(self.picture.graph, *self.number, self.h)

    @property
    def name(self) -> str:
        return called(self.picture.trace, self.number)

    @property
    def gradient(self) -> float:
        """∂y/∂x, from the last step of the backward pass."""
        gradient = self.picture.trace.final_gradients()[self.number.leaf]
        return float(np.asarray(gradient)[self.number.place])

    @property
    def before(self) -> float:
        """y(x)."""
        return self._output(self.picture.graph.output._data)

    @property
    def after(self) -> float:
        """y(x + h)."""
        return self._output(self.moved[self.picture.graph.output])

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def foretold(self) -> float:
        return self.gradient * self.h

    @property
    def difference(self) -> float:
        """change − gradient · h, and 0 where it is nothing but rounding."""
        return _unless_rounding(self.change - self.foretold, self._dtype, *self._sizes)

    @property
    def drowns(self) -> bool:
        """Whether rounding may be larger than what a bend would change.

        More than √ε of the nudge is too much to tell a line from a bend.
        """
        small, share = _rounding(self._dtype, *self._sizes), float(np.finfo(self._dtype).eps) ** 0.5
        return small > share * max(abs(self.foretold), abs(self.h))

    @property
    def _sizes(self) -> tuple[float, float, float]:
        return self.before, self.after, self.foretold

    @property
    def _dtype(self) -> Any:
        return self.picture.graph.output.dtype

    def _output(self, value: Any) -> float:
        seed = make_seed(self.picture.graph.output, self.picture.gradient)
        return float(np.sum(seed * value))  # the seed makes one number of several


def nudge(picture: Picture, name: str, h: float) -> Aside:
    """The change of the output beside gradient · h, for h and for smaller ones."""
    trace, number = picture.trace, find(picture.trace, name)
    with np.errstate(all="ignore"):  # what is not finite is shown, loudly
        steps = [Nudge(picture, number, h * scale) for scale in SMALLER]
        now = steps[0]
        x = float(np.asarray(number.leaf._data)[number.place])
        there = f"from {format_number(x)} to {format_number(x + h)}"
        title = (
            f"{now.name} moves by h = {format_number(h)}, {there}: "
            f"{trace.top} moves by {format_number(now.change)}"
        )
        sizes = [abs(now.change), abs(now.foretold), abs(now.difference)]
        first = Table(("", "", ""), _side_by_side(trace, now), _shares(sizes))
        ladder = Table(HEAD, tuple(_row(one) for one in steps))
        return Aside(title, (first, ladder), _marks(now, title), (), _told(str(trace.top), steps))


def _side_by_side(trace: Trace, now: Nudge) -> tuple[tuple[Cell, ...], ...]:
    names = f"{trace.top}({now.name} + h) − {trace.top}({now.name})"
    slope = f"∂{trace.top}/∂{now.name} · h"
    change, foretold = format_number(now.change), format_number(now.foretold)
    return (
        (("change", ""), (f"{names} = {_minus(now.after, now.before)}", ""), (change, "value")),
        (
            ("gradient · h", ""),
            (f"{slope} = {(_digits(now.gradient) * _digits(now.h)).text}", ""),
            (foretold, "grad"),
        ),
        (
            ("difference", ""),
            (f"change − gradient · h = {_minus(now.change, now.foretold)}", ""),
            (format_number(now.difference), ""),
        ),
    )


def _told(top: str, steps: list[Nudge]) -> str:
    """What the differences say: nothing, where they are none or no numbers."""
    differences = [abs(one.difference) for one in steps]
    if not steps[0].h or not np.isfinite(differences).all():
        return ""
    if not any(differences) and steps[0].drowns:
        return f"h is so small that rounding hides how {top} bends. Take a larger one."
    if not any(differences):
        return "Nothing bends on this way: gradient · h is the change itself."
    falling = differences[0] > differences[1] > differences[2]
    return "The smaller h is, the better gradient · h foretells the change." if falling else ""


def _row(one: Nudge) -> tuple[Cell, ...]:
    return (
        (format_number(one.h), ""),
        (format_number(one.change), "value"),
        (format_number(one.foretold), "grad"),
        (format_number(one.difference), ""),
    )


def _marks(now: Nudge, title: str) -> Frame:
    """The nudge on its way forward: at each box that moves, by how much."""
    picture, frame = now.picture, now.picture.finished
    marks = bare(picture.diagram, frame) | {"svg@aria-label": title}
    for box in picture.diagram.boxes:
        old, new = np.asarray(box.node._data), np.asarray(now.moved[box.node])
        if f"{box.key}.badge" not in frame or np.array_equal(old, new, equal_nan=True):
            continue
        marks[f"{box.key}.badge"] = "moves" if old.ndim else f"Δ {format_number(_moved(old, new))}"
        marks[f"{box.key}.mark"] = "● "
        marks[f"{box.key}@class"] += " ag-active ag-computing ag-moved"
    for arrow in picture.diagram.arrows:
        if marks.get(f"{arrow.tail.key}.mark") and marks.get(f"{arrow.head.key}.mark"):
            marks[f"{arrow.key}@class"] = "ag-edge ag-active ag-flowing"
    return marks


def _moved(old: Any, new: Any) -> float:
    return _unless_rounding(new - old, old.dtype, old, new)


def _unless_rounding(number: Any, dtype: Any, *sizes: Any) -> float:
    """The number, or 0 where values of this dtype and these sizes do not tell it from 0."""
    return 0.0 if abs(number) <= _rounding(dtype, *sizes) < np.inf else float(number)


def _rounding(dtype: Any, *sizes: Any) -> float:
    return ROUNDING * float(np.finfo(dtype).eps) * float(max(map(abs, sizes)))


def _shares(sizes: list[float]) -> tuple[float, ...]:
    largest = max(sizes)
    if not np.isfinite(largest) or largest == 0:
        return ()
    return tuple(round(size / largest, 3) for size in sizes)


def _minus(one: float, other: float) -> str:
    return (_digits(one) - _digits(other)).text


def _digits(value: float) -> Symbol:
    text = format_number(value)
    return Symbol(text, level=SUM if text.startswith("−") else 3)
