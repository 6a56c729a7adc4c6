"""Nudges as they are shown: the change of the output beside gradient · h."""

import numpy as np

from ..nudge import Nudge
from ..steps import make_seed
from .aside import Aside, Cell, Table
from .frames import Frame
from .leaves import Number, called, find
from .marked import bare
from .number import format_number
from .picture import Picture
from .symbol import SUM, Symbol
from .trace import Trace

SMALLER = (1.0, 0.1, 0.01)  # of h
HEAD = ("h", "change", "gradient · h", "difference")


def make_nudge(picture: Picture, number: Number, h: float) -> Nudge:
    """The nudge of a number, with the gradient that the backward pass ends with."""
    graph = picture.graph
    gradient = np.asarray(picture.trace.final_gradients()[number.leaf])[number.place]
    seed = make_seed(graph.output, picture.gradient)
    return Nudge(graph, *number, h, seed, float(gradient))


def nudge(picture: Picture, wanted: str, h: float) -> Aside:
    """The change of the output beside gradient · h, for h and for smaller ones."""
    trace, number = picture.trace, find(picture.trace, wanted)
    with np.errstate(all="ignore"):  # what is not finite is shown, loudly
        steps = [make_nudge(picture, number, h * scale) for scale in SMALLER]
        now, name = steps[0], called(trace, number)
        x = float(np.asarray(number.leaf._data)[number.place])
        there = f"from {format_number(x)} to {format_number(x + h)}"
        title = (
            f"{name} moves by h = {format_number(h)}, {there}: "
            f"{trace.top} moves by {format_number(now.change)}"
        )
        sizes = [abs(now.change), abs(now.foretold), abs(now.difference)]
        first = Table(("", "", ""), _side_by_side(trace, name, now), _shares(sizes))
        ladder = Table(HEAD, tuple(_row(one) for one in steps))
        return Aside(
            title, (first, ladder), _marks(picture, now, title), (), _told(str(trace.top), steps)
        )


def _side_by_side(trace: Trace, name: str, now: Nudge) -> tuple[tuple[Cell, ...], ...]:
    names = f"{trace.top}({name} + h) − {trace.top}({name})"
    slope = f"∂{trace.top}/∂{name} · h"
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


def _marks(picture: Picture, now: Nudge, title: str) -> Frame:
    """The nudge on its way forward: at each box that moves, by how much."""
    frame = picture.finished
    marks = bare(picture.diagram, frame) | {"svg@aria-label": title}
    for box in picture.diagram.boxes:
        old, new = np.asarray(box.node._data), np.asarray(now.moved[box.node])
        if f"{box.key}.badge" not in frame or np.array_equal(old, new, equal_nan=True):
            continue
        moves = "moves" if old.ndim else f"Δ {format_number(now.move_of(box.node))}"
        marks[f"{box.key}.badge"] = moves
        marks[f"{box.key}.mark"] = "● "
        marks[f"{box.key}@class"] += " ag-active ag-computing ag-moved"
    for arrow in picture.diagram.arrows:
        if marks.get(f"{arrow.tail.key}.mark") and marks.get(f"{arrow.head.key}.mark"):
            marks[f"{arrow.key}@class"] = "ag-edge ag-active ag-flowing"
    return marks


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
