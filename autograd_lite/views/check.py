"""Check: beside every gradient of the backward pass what differences of values say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..differences import Partial, error_of, partial_at
from ..steps import make_seed
from ..tensor import Tensor
from .aside import Aside, Cell, Table
from .frames import Frame
from .leaves import element, variables
from .marked import bare
from .number import format_number
from .picture import Picture
from .replay import Projection

LEAVES, ENTRIES = 24, 24  # variables, and numbers of each, that are checked
HEAD = ("input", "gradient", "central difference", "relative error", "verdict")
SIGNS = {"agrees": "✓", "differs": "≠", "too small to check": "·", "kink": "∧", "not finite": "!"}
NOISE = 1e-6  # a relative error below comes from the differences
BELOW = "below 1e−6"
TITLE = "Every gradient, held against a central difference: (y(x + h) − y(x − h)) / 2h"


@dataclass(frozen=True)
class Entry:
    """One number of a leaf: its gradient, and the slope that values alone show."""

    index: tuple[int, ...]
    gradient: float
    partial: Partial

    @property
    def difference(self) -> float:
        """(y(x + h) − y(x − h)) / 2h, and 0 where it cannot be told from 0."""
        slope = self.partial.expected
        return 0.0 if abs(slope) <= self.partial.allowed else slope

    @property
    def error(self) -> float:
        """|gradient − difference| over the larger of the two."""
        size = max(abs(self.gradient), abs(self.difference))
        return abs(self.gradient - self.difference) / size if size > self.partial.allowed else 0.0

    @property
    def off(self) -> float:
        """How far the two are apart, in units of what a gradient check allows."""
        return error_of(self.partial, self.gradient)

    @property
    def verdict(self) -> str:
        """agrees, differs, too small to check, kink or not finite."""
        if self.partial.kink or not np.isfinite(self.partial.expected):
            return "kink" if np.isfinite(self.partial.expected) else "not finite"
        if 0 < abs(self.gradient) <= self.partial.allowed and not self.difference:
            return "too small to check"  # values cannot tell it from 0
        return "agrees" if self.off <= 1 else "differs"


@dataclass(frozen=True)
class Checked:
    """A variable, and its worst entry."""

    leaf: Tensor
    name: str
    worst: Entry
    count: int  # entries that were checked

    @property
    def place(self) -> str:
        """The entry by name, and how many it was chosen from."""
        place = element(self.name, self.worst.index)
        if self.leaf.size == 1:
            return place
        return f"{place}, the worst of {self._counted()}"

    def _counted(self) -> str:
        size = self.leaf.size
        return f"{size:,}" if self.count == size else f"{self.count} (of {size:,})"

    def row(self, still: bool) -> tuple[Cell, ...]:
        """A row of the table. A still picture names no entry that only rounding has chosen."""
        worst = self.worst
        good = worst.verdict == "agrees"
        if still and good and self.leaf.size > 1:
            words = f"{self.name}, {self._counted()} entries"
            return (words, ""), ("", ""), ("", ""), (BELOW, ""), ("agrees", "")
        error = BELOW if still and worst.error < NOISE else _relative(worst.error)
        told = worst.verdict in ("agrees", "differs")
        return (
            (self.place, ""),
            (format_number(worst.gradient), "grad"),
            (format_number(worst.difference), "value"),
            (error if told else "—", ""),
            (f"{SIGNS[worst.verdict]} {worst.verdict}", ""),
        )


def check(picture: Picture) -> Aside:
    """The table of all variables, and a badge below each of their boxes."""
    checked = list(check_all(picture))
    total = len(variables(picture.trace))
    live, still = (Table(HEAD, tuple(one.row(kept) for one in checked)) for kept in (False, True))
    more = f"The first {LEAVES} of {total:,} inputs. " if total > LEAVES else ""
    title = TITLE.replace("y(", f"{picture.trace.top}(")
    note = more + " ".join(_told(checked))
    marks = _badges(picture, checked) | {"svg@aria-label": f"{title}. {note}"}
    return Aside(title, (live,), marks, note=note, still=(still,))


def check_all(picture: Picture) -> Iterator[Checked]:
    """Every variable with its worst entry, by replay of a copy of the graph."""
    trace = picture.trace
    named = dict(list(variables(trace).items())[:LEAVES])
    gradients = trace.final_gradients()
    project = Projection(
        picture.graph, list(named.values()), make_seed(picture.graph.output, picture.gradient)
    )
    arrays = [np.array(leaf._data, dtype=float) for leaf in named.values()]
    with np.errstate(all="ignore"):  # what is not finite is told
        at = project(arrays)
        for (name, leaf), array in zip(named.items(), arrays, strict=True):
            gradient = np.asarray(gradients[leaf], dtype=float)
            entries = []
            for index in _places(array):
                slope = float(gradient[index])
                partial = _partial(project, arrays, array, index, at, slope)
                entries.append(Entry(index, slope, partial))
            worst = max(entries, key=_badness)
            yield Checked(leaf, name, worst, len(entries))


def _badness(entry: Entry) -> tuple[bool, bool, float]:
    good = entry.verdict in ("agrees", "too small to check")
    return entry.verdict == "differs", not good, entry.off


def _partial(
    project: Projection, arrays: list[Any], array: Any, index: Any, at: float, gradient: float
) -> Partial:
    """As the gradient check takes it: with a narrow step where a wide one does not agree."""
    partial = partial_at(project, arrays, array, index, at, "")
    if not partial.kink and error_of(partial, gradient) > 1:
        narrow = partial.again()
        return narrow if error_of(narrow, gradient) <= 1 else partial
    return partial


def _places(array: Any) -> list[tuple[int, ...]]:
    """All places of an array; of a large one some, evenly spread."""
    count = min(array.size, ENTRIES)
    flat = [number * array.size // count for number in range(count)]
    return [tuple(map(int, np.unravel_index(place, array.shape))) for place in flat]


def _badges(picture: Picture, checked: list[Checked]) -> Frame:
    frame = picture.finished
    marked = bare(picture.diagram, frame) | {
        f"{arrow.key}@class": frame[f"{arrow.key}@class"] for arrow in picture.diagram.arrows
    }
    marked = {slot: text for slot, text in marked.items() if not slot.endswith(".local")}
    for one in checked:
        box = picture.diagram.box_of[one.leaf]
        if box.node is not one.leaf or box.kind != "variable":
            continue  # inside a closed scope: it is in the table
        verdict = one.worst.verdict
        number = one.leaf.ndim == 0 and verdict in ("agrees", "differs")
        told = format_number(one.worst.difference) if number else verdict.removesuffix(" to check")
        state = "" if verdict == "differs" else " ag-complete"
        marked[f"{box.key}.badge"] = f"{SIGNS[verdict]} {told}"
        name = marked[f"{box.key}@class"].replace(" ag-complete", "")
        marked[f"{box.key}@class"] = f"{name} ag-paths{state}"
    return marked


def _told(checked: list[Checked]) -> Iterator[str]:
    """What does not agree, with its name; or why it means something that all do."""
    differ = [one for one in checked if one.worst.verdict == "differs"]
    if differ:
        names = ", ".join(element(one.name, one.worst.index) for one in differ)
        yield f"The gradient differs from the difference at {names}."
    for one in checked:
        if one.worst.verdict == "kink":
            left, right = map(format_number, (one.worst.partial.left, one.worst.partial.right))
            name = element(one.name, one.worst.index)
            yield f"At {name} is a kink, with slope {left} on the left and {right} on the right."
    if all(one.worst.verdict == "agrees" for one in checked):
        yield "The difference uses values of the forward pass alone, and no rule."


def _relative(error: float) -> str:
    if error == 0 or error >= 0.001:
        return format_number(error) if error else "0"
    return f"{error:.1e}".replace("-", "−")
