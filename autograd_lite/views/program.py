"""Programs as pictures: what a pass of the compiler takes away, and what is left."""

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from ..compiler import Call, Compiled, Constant, Program, TrainingStep, Value
from .layout import layout
from .number import format_short
from .panel import text_columns
from .shapes import arrow_head, cut_end, digits, path, rect, short
from .svg import to_text
from .theme import picture_css
from .trace import clean

HEIGHT, BARE, LETTER, PAD = 54.0, 30.0, 8.6, 26.0
LONGEST = 30  # letters of a formula
TITLE = 34.0  # room for the line above a program
ARRAYS = "arrays"
INFIX = {"np.add": "+", "np.subtract": "−", "np.multiply": "×", "np.divide": "÷", "**": "^"}
STYLE = """\
.ag-svg .ag-gone .ag-box { stroke-dasharray: 3 4; }
.ag-svg .ag-gone text { text-decoration: line-through; }
.ag-svg .ag-gone, .ag-svg .ag-cut { opacity: 0.55; }
.ag-svg .ag-new .ag-box { stroke-width: 3.5; }
.ag-svg text.ag-line { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, monospace;
  font-size: 13px; }
"""


class ProgramPicture:
    """One program, or what it was before a pass and after it, drawn as boxes and arrows.

    A box is a call, green in the forward pass, red and slanted in the backward pass; those that
    give results have a strong line around them. What a pass takes away is dashed and struck
    through (−), what it writes anew is drawn strong (+). An arrow in a box tells which array made
    once the result is written into.
    """

    def __init__(self, sheets: Sequence["Sheet"], alt: str) -> None:
        self.sheets = sheets
        self.alt = alt

    def svg(self) -> str:
        """The picture as SVG text."""
        drawings = [sheet.draw() for sheet in self.sheets]
        width = max(float(drawing.get("width", 0)) for drawing in drawings)
        height = sum(float(drawing.get("height", 0)) for drawing in drawings)
        svg = ET.Element("svg", {
            "xmlns": "http://www.w3.org/2000/svg", "class": "ag-svg", "role": "img",
            "viewBox": f"0 0 {digits(width)} {digits(height)}", "width": digits(width),
            "height": digits(height), "aria-label": clean(self.alt),
        })  # fmt: skip
        ET.SubElement(svg, "style").text = picture_css() + STYLE
        ET.SubElement(svg, "rect", rect(0, 0, width, height, "8", "ag-paper"))
        top = 0.0
        for drawing in drawings:
            drawing.set("y", digits(top))
            svg.append(drawing)
            top += float(drawing.get("height", 0))
        return to_text(svg)

    def rows(self) -> list[list[str]]:
        """Each call as a line of text, with what becomes of it."""
        return [row for sheet in self.sheets for row in sheet.rows()]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        data = b64encode(self.svg().encode()).decode()
        lines = escape(text_columns(self.rows()))
        html = (
            f'<img alt="{escape(self.alt)}" style="max-width:100%;height:auto" '
            f'src="data:image/svg+xml;base64,{data}">'
            f"<details><summary>The calls as text</summary><pre>{lines}</pre></details>"
        )
        return {"text/plain": text_columns(self.rows()), "text/html": html}

    def __repr__(self) -> str:
        return text_columns(self.rows())


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
        self.keys = _keys(program)

    def rows(self) -> list[list[str]]:
        lines = [[self.title, "", ""]]
        for call in self.program.calls:
            into = f"→ {self.arrays[call]}" if call in self.arrays else ""
            lines.append([f"{self._mark(call) or ' '} {_name(call)}", self._formula(call), into])
        return lines

    def draw(self) -> ET.Element:
        sizes = {key: self._size(value) for value, key in self.keys.items()}
        edges = [
            (self.keys[operand], self.keys[call])
            for call in self.program.calls
            for operand in call.operands
        ]
        places = layout(sizes, edges)
        width = max(places.width, 40 + LETTER * len(self.title))
        svg = ET.Element("svg", {
            "width": digits(width), "height": digits(places.height + TITLE),
        })  # fmt: skip
        title = {"class": "ag-frame-title", "x": "18", "y": "26"}
        ET.SubElement(svg, "text", title).text = clean(self.title)
        group = ET.SubElement(svg, "g", {"transform": f"translate(0,{digits(TITLE)})"})
        heads = [call for call in self.program.calls for _ in call.operands]
        for call, curve in zip(heads, places.curves, strict=True):
            style = "ag-edge ag-cut" if self._mark(call) == "−" else "ag-edge"
            arrow = ET.SubElement(group, "g", {"class": style})
            drawn = path(cut_end(list(curve)))
            line = {"class": "ag-forward-line", "stroke-width": "1.6", "d": drawn}
            ET.SubElement(arrow, "path", line)
            ET.SubElement(arrow, "path", {"class": "ag-forward-head", "d": arrow_head(curve)})
        for value, key in self.keys.items():
            self._draw_box(group, value, sizes[key], places.centers[key])
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
        first = {"class": style, "x": "13", "y": "20"}
        ET.SubElement(group, "text", first).text = clean(self._first(value))
        if isinstance(value, Call):
            second = {"class": "ag-line", "x": "13", "y": "42"}
            ET.SubElement(group, "text", second).text = clean(self._second(value))

    def _size(self, value: Value) -> tuple[float, float]:
        longest = len(self._first(value))
        if not isinstance(value, Call):
            return PAD + LETTER * longest, BARE
        return PAD + LETTER * max(longest, len(self._second(value))), HEIGHT

    def _first(self, value: Value) -> str:
        if not isinstance(value, Call):
            return _name(value)
        mark = f"{self._mark(value)} " if self._mark(value) else ""
        return f"{mark}{short(_name(value), 16)}"

    def _second(self, call: Call) -> str:
        into = f" → {self.arrays[call]}" if call in self.arrays else ""
        return f"{short(self._formula(call), LONGEST)}{into}"

    def _mark(self, value: Value) -> str:
        return self.mark if value in self.marked else ""

    def _formula(self, call: Call) -> str:
        """What the call computes, in the names of its operands."""
        name = call.function.name
        shown = [_argument(argument) for argument in call.arguments]
        if name in INFIX and len(shown) == 2:
            return f"{shown[0]} {INFIX[name]} {shown[1]}"
        if name == "np.negative":
            return f"−{shown[0]}"
        if name == "np.transpose":
            return f"{shown[0]}ᵀ"
        word = name.removeprefix("np.").removeprefix("math.").removeprefix(".")
        return f"{word}({', '.join(shown)})"


def draw_pass(compiled: Compiled | TrainingStep, name: str) -> ProgramPicture:
    """What a pass did: the program before, with what goes struck through, and after.

    Args:
        name: a name in `compiled.passes`: of several with one name the first; or "arrays", for
            the arrays that results are written into.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([1.0, 2.0], name="x")
    >>> draw_pass(ag.ComputationGraph((x * 1.0).sum()).compile(), "algebra").alt
    'algebra, before, 4 calls: v1. After, 3 calls.'
    """
    names = [stage for stage, _ in compiled.passes]
    if name == ARRAYS:
        program = compiled.passes[-1][1]
        used = len(set(compiled.arrays.values()))
        title = f"{len(program)} calls, {used} arrays made once"
        alt = f"{title}: {', '.join(dict.fromkeys(compiled.arrays.values()))}."
        return ProgramPicture([Sheet(title, program, arrays=compiled.arrays)], alt)
    if name not in names:
        known = ", ".join(map(repr, dict.fromkeys([*names, ARRAYS])))
        raise ValueError(f"draw_pass: received {name!r}, expected one of {known}.")
    place = names.index(name)
    after = compiled.passes[place][1]
    if place == 0:
        title = f"{name}: {len(after)} calls"
        return ProgramPicture([Sheet(title, after)], f"{title}.")
    before = compiled.passes[place - 1][1]
    gone, new = _difference(before, after)
    told = ", ".join(_name(call) for call in gone) or "none goes"
    alt = f"{name}, before, {len(before)} calls: {told}. After, {len(after)} calls."
    sheets = [
        Sheet(f"before {name}: {len(before)} calls", before, gone, "−"),
        Sheet(f"after {name}: {len(after)} calls", after, new, "+"),
    ]
    return ProgramPicture(sheets, alt)


def _difference(before: Program, after: Program) -> tuple[list[Call], list[Call]]:
    """The calls that a pass took away, and those that it wrote anew."""
    left = {call.number: call for call in after.calls}
    was = {call.number: call for call in before.calls}
    gone = [call for call in before.calls if call.number not in left]
    new = [
        call for call in after.calls
        if call.number not in was or call.function != was[call.number].function
    ]  # fmt: skip
    return gone, new


def _keys(program: Program) -> dict[Value, str]:
    """A key for each box: what the calls read, and the calls."""
    values: dict[Value, None] = {}
    for call in program.calls:
        values.update(dict.fromkeys([*call.operands, call]))
    return {value: f"n{place}" for place, value in enumerate(values)}


def _name(value: Value) -> str:
    if isinstance(value, Constant):
        array = np.asarray(value.array)
        return format_short(array) if array.ndim == 0 else f"constant {array.shape}"
    if value.label:
        return value.label
    return f"·{value.number}" if isinstance(value, Call) else "·"


def _argument(argument: Any) -> str:
    if isinstance(argument, Value):
        return _name(argument)
    return f"{argument:g}" if isinstance(argument, float) else f"{argument}"
