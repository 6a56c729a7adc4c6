"""Check: beside every gradient of the backward pass what differences of values say."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..compared import Entry, compare
from ..steps import make_seed
from ..tensor import Tensor
from .aside import Aside, Cell, Table
from .frames import Frame
from .leaves import element, variables
from .marked import bare
from .number import format_number
from .picture import Picture

LEAVES = 24  # variables that are checked
HEAD = ("input", "gradient", "central difference", "relative error", "verdict")
SIGNS = {"agrees": "✓", "differs": "≠", "too small to check": "·", "kink": "∧", "not finite": "!"}
NOISE = 1e-6  # a relative error below comes from the differences
BELOW = "below 1e−6"
TITLE = "Every gradient, held against a central difference: (y(x + h) − y(x − h)) / 2h"


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
    """Every variable with its worst entry."""
    graph, trace = picture.graph, picture.trace
    named = dict(list(variables(trace).items())[:LEAVES])
    gradients = trace.final_gradients()
    entries = compare(
        graph, make_seed(graph.output, picture.gradient), {x: gradients[x] for x in named.values()}
    )
    for (name, leaf), found in zip(named.items(), entries, strict=True):
        yield Checked(leaf, name, max(found, key=_badness), len(found))


def _badness(entry: Entry) -> tuple[bool, bool, float]:
    good = entry.verdict in ("agrees", "too small to check")
    return entry.verdict == "differs", not good, entry.off


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
