"""One program of the compiler as boxes and arrows, under a title."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from ..compiler import Call, Constant, Program, Value
from .number import format_short
from .places import Edge, Places, placed, placed_alike
from .shapes import arrow_head, cut_end, digits, path, rect, short
from .trace import clean

HEIGHT, BARE, LETTER, PAD = 54.0, 30.0, 8.6, 26.0
LONGEST = 30  # letters of a formula
GONE = "− "
TITLE = 34.0  # room for the line above a program
INFIX = {"np.add": "+", "np.subtract": "−", "np.multiply": "×", "np.divide": "÷", "**": "^"}


class Sheet:
    """One program under a title; some of its calls are marked."""

    def __init__(
        self,
        title: str,
        program: Program,
        marked: Collection[Call] = (),
        mark: str = "",
        arrays: Mapping[Call, str] | None = None,
    ) -> None:
        self.title = title
        self.program = program
        self.marked = marked
        self.mark = mark
        self.arrays = arrays or {}
        self.names = _names(program)
        self.sizes = {value: self._size(value) for value in _boxes(program)}
        self.edges = _edges(program)
        self._places: Places | None = None

    def rows(self) -> list[list[str]]:
        lines = [[self.title, "", ""]]
        for call in self.program.calls:
            into = f"→ {self.arrays[call]}" if call in self.arrays else ""
            lines.append(
                [f"{self._mark(call) or ' '} {self.names[call]}", self._formula(call), into]
            )
        return lines

    def followed_by(self, after: "Sheet") -> list["Sheet"]:
        """Both, and what is in both stands at the same place, if it can."""
        self._places, after._places = placed_alike(self.sizes, self.edges, after.sizes, after.edges)
        return [self, after]

    def draw(self) -> ET.Element:
        places = self._places or placed(self.sizes, self.edges)
        width = max(places.width, 40 + LETTER * len(self.title))
        svg = ET.Element("svg", {
            "width": digits(width), "height": digits(places.height + TITLE),
        })  # fmt: skip
        title = {"class": "ag-frame-title", "x": "18", "y": "26"}
        ET.SubElement(svg, "text", title).text = clean(self.title)
        group = ET.SubElement(svg, "g", {"transform": f"translate(0,{digits(TITLE)})"})
        for (_, head, _), curve in places.curves.items():
            style = "ag-edge ag-cut" if self._mark(head) == "−" else "ag-edge"
            arrow = ET.SubElement(group, "g", {"class": style})
            drawn = path(cut_end(list(curve)))
            line = {"class": "ag-forward-line", "stroke-width": "1.6", "d": drawn}
            ET.SubElement(arrow, "path", line)
            ET.SubElement(arrow, "path", {"class": "ag-forward-head", "d": arrow_head(curve)})
        for value, size in places.sizes.items():
            self._draw_box(group, value, size, places.centers[value])
        return svg

    def _draw_box(
        self,
        parent: ET.Element,
        value: Value,
        size: tuple[float, float],
        center: tuple[float, float],
    ) -> None:
        kind = "operation" if isinstance(value, Call) else "variable"
        kind = "constant" if isinstance(value, Constant) else kind
        state = {"−": " ag-gone", "+": " ag-new"}.get(self._mark(value), "")
        state += " ag-output" if value in self.program.results else ""
        left, top = center[0] - size[0] / 2, center[1] - size[1] / 2
        group = ET.SubElement(parent, "g", {
            "class": f"ag-node ag-{kind}{state}",
            "transform": f"translate({digits(left)},{digits(top)})",
        })  # fmt: skip
        radius = "16" if isinstance(value, Call) else "2"
        ET.SubElement(group, "rect", rect(0, 0, *size, radius, "ag-box"))
        style = "ag-grad" if getattr(value, "part", "") == "backward" else "ag-value"
        if not isinstance(value, Call):
            style = "ag-title"
        first = ET.SubElement(group, "text", {"class": style, "x": "13", "y": "20"})
        mark, name = self._first(value)
        if mark == GONE:  # the mark itself is not struck through: a − would vanish
            first.text = mark
            ET.SubElement(first, "tspan", {"class": "ag-struck"}).text = clean(name)
        else:
            first.text = clean(mark + name)
        if isinstance(value, Call):
            second = {"class": "ag-line", "x": "13", "y": "42"}
            ET.SubElement(group, "text", second).text = clean(self._second(value))

    def _size(self, value: Value) -> tuple[float, float]:
        longest = len("".join(self._first(value)))
        if not isinstance(value, Call):
            return PAD + LETTER * longest, BARE
        return PAD + LETTER * max(longest, len(self._second(value))), HEIGHT

    def _first(self, value: Value) -> tuple[str, str]:
        """The mark, and the name."""
        if not isinstance(value, Call):
            return "", self.names[value]
        mark = f"{self._mark(value)} " if self._mark(value) else ""
        return mark, short(self.names[value], 16)

    def _second(self, call: Call) -> str:
        into = f" → {self.arrays[call]}" if call in self.arrays else ""
        return f"{short(self._formula(call), LONGEST)}{into}"

    def _mark(self, value: Value) -> str:
        return self.mark if value in self.marked else ""

    def _formula(self, call: Call) -> str:
        """What the call computes, in the names of its operands."""
        name = call.function.name
        shown = [self._argument(argument) for argument in call.arguments]
        if name in INFIX and len(shown) == 2:
            return f"{shown[0]} {INFIX[name]} {shown[1]}"
        if name == "np.negative":
            return f"−{shown[0]}"
        if name == "np.transpose":
            return f"{shown[0]}ᵀ"
        word = name.removeprefix("np.").removeprefix("math.").removeprefix(".")
        return f"{word}({', '.join(shown)})"

    def _argument(self, argument: Any) -> str:
        if isinstance(argument, Value):
            return self.names[argument]
        return f"{argument:g}" if isinstance(argument, float) else f"{argument}"


def _boxes(program: Program) -> list[Value]:
    """What the calls read, and the calls."""
    values: dict[Value, None] = {}
    for call in program.calls:
        values.update(dict.fromkeys([*call.operands, call]))
    return list(values)


def _edges(program: Program) -> list[Edge]:
    edges: list[Edge] = []
    for call in program.calls:
        counts: Counter[Value] = Counter()
        for operand in call.operands:
            edges.append((operand, call, counts[operand]))
            counts[operand] += 1
    return edges


def _names(program: Program) -> dict[Value, str]:
    """What each box is called. Calls without a name are t and their number."""
    names: dict[Value, str] = {}
    written = 0  # calls that a pass wrote have no number
    for value in _boxes(program):
        if isinstance(value, Constant):
            array = np.asarray(value.array)
            names[value] = format_short(array) if array.ndim == 0 else f"constant {array.shape}"
        elif value.label or not isinstance(value, Call):
            names[value] = value.label or "input"
        elif value.number >= 0:
            names[value] = f"t{value.number}"
        else:
            written += 1
            names[value] = f"new{written}"
    return names
