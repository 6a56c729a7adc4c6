"""Programs as pictures: what a pass of the compiler takes away, and what is left."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from ..compiler import Call, Compiled, Program, TrainingStep
from .panel import text_columns
from .picture import READABLE, SCROLLED
from .shapes import digits, rect
from .sheet import Sheet
from .svg import to_text
from .theme import picture_css
from .trace import clean

ARRAYS = "arrays"
STYLE = """\
.ag-svg .ag-gone .ag-box { stroke-dasharray: 3 4; }
.ag-svg .ag-struck { text-decoration: line-through; }
.ag-svg .ag-gone, .ag-svg .ag-cut { opacity: 0.75; }
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

    def __init__(self, sheets: Sequence[Sheet], alt: str) -> None:
        self.sheets = sheets
        self.alt = alt

    def svg(self) -> str:
        """The picture as SVG text."""
        return to_text(self._draw())

    def _draw(self) -> ET.Element:
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
        return svg

    def rows(self) -> list[list[str]]:
        """Each call as a line of text, with what becomes of it."""
        return [row for sheet in self.sheets for row in sheet.rows()]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        drawing = self._draw()
        data = b64encode(to_text(drawing).encode()).decode()
        # Shrunk to a narrow page it could not be read: from there on it is scrolled.
        least = f"min-width:{READABLE * float(drawing.get('width', 0)):.0f}px"
        lines = escape(text_columns(self.rows()))
        html = (
            f'{SCROLLED}<img alt="{escape(self.alt)}" '
            f'style="max-width:100%;{least};height:auto" '
            f'src="data:image/svg+xml;base64,{data}"></div>'
            f"<details><summary>The calls as text</summary><pre>{lines}</pre></details>"
        )
        return {"text/plain": text_columns(self.rows()), "text/html": html}

    def __repr__(self) -> str:
        return text_columns(self.rows())


def draw_pass(compiled: Compiled | TrainingStep, name: str) -> ProgramPicture:
    """What a pass did: the program before, with what goes struck through, and after.

    Args:
        name: a name in `compiled.passes`: of several with one name the first; or "arrays", for
            the arrays that results are written into.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([1.0, 2.0], name="x")
    >>> draw_pass(ag.ComputationGraph((x * 1.0).sum()).compile(), "algebra").alt
    'A program before algebra, 4 calls, and after it, 3 calls. Struck through: v1.'
    """
    names = [stage for stage, _ in compiled.passes]
    if name == ARRAYS:
        program = compiled.passes[-1][1]
        used = len(set(compiled.arrays.values()))
        title = f"{len(program)} calls, {used} arrays made once"
        alt = f"A program of {title}: {', '.join(dict.fromkeys(compiled.arrays.values()))}."
        return ProgramPicture([Sheet(title, program, arrays=compiled.arrays)], alt)
    if name not in names:
        known = ", ".join(map(repr, dict.fromkeys([*names, ARRAYS])))
        raise ValueError(f"draw_pass: received {name!r}, expected one of {known}.")
    place = names.index(name)
    after = compiled.passes[place][1]
    if place == 0:
        title = f"{name}: {len(after)} calls"
        return ProgramPicture([Sheet(title, after)], f"A program, {title}.")
    before = compiled.passes[place - 1][1]
    gone, new = _difference(before, after)
    one = Sheet(f"before {name}: {len(before)} calls", before, gone, "−")
    other = Sheet(f"after {name}: {len(after)} calls", after, new, "+")
    told = ", ".join(one.names[call] for call in gone) or "nothing"
    alt = (
        f"A program before {name}, {len(before)} calls, and after it, {len(after)} calls. "
        f"Struck through: {told}."
    )
    return ProgramPicture(one.followed_by(other), alt)


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
