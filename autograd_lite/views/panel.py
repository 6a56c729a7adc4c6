"""Panels: drawings of numbers with slots, and several of them as one still picture."""

from base64 import b64encode
from collections.abc import Sequence
from copy import deepcopy
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from .frames import Frame
from .svg import fill, to_text
from .theme import chart_css
from .trace import clean

GAP = 8  # between two panels of a still picture


def new_panel(width: int, height: int) -> ET.Element:
    """An empty panel on paper. Frames give it its words: `svg@aria-label`."""
    svg = ET.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "class": "ag-svg",
        "viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height),
        "role": "img", "aria-label": "", "data-slot": "svg",
    })  # fmt: skip
    ET.SubElement(svg, "style").text = chart_css()
    put(svg, "rect", "ag-paper", width=width, height=height, rx=8)
    return svg


def put(
    parent: ET.Element, tag: str, kind: str, slot: str | None = None, **attributes: Any
) -> ET.Element:
    """A new element; `text_anchor` is written text-anchor, numbers with one decimal."""
    written = {name.replace("_", "-"): place(value) for name, value in attributes.items()}
    named = {} if slot is None else {"data-slot": slot}
    return ET.SubElement(parent, tag, {"class": kind, **written, **named})


def write(parent: ET.Element, words: str, x: float, y: float, kind: str, **more: Any) -> ET.Element:
    """A line of text that starts at x, with `text_anchor` in its middle or at its end."""
    element = put(parent, "text", kind, x=x, y=y, **more)
    element.text = clean(words)
    return element


def place(value: Any) -> str:
    """A coordinate, rounded so that it is the same on every machine; text as it is."""
    if isinstance(value, str):
        return value
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class Still:
    """Panels beside each other as one picture, and the numbers in it as a table."""

    def __init__(
        self,
        panels: Sequence[ET.Element],
        frames: Sequence[Frame],
        alt: str,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
    ) -> None:
        self.panels = panels
        self.frames = frames
        self.alt = alt
        self.head = head
        self.rows = rows

    def svgs(self) -> list[str]:
        """Each panel as SVG text."""
        drawings = [deepcopy(panel) for panel in self.panels]
        for drawing, frame in zip(drawings, self.frames, strict=True):
            fill(drawing, frame)
        return [to_text(drawing) for drawing in drawings]

    def svg(self) -> str:
        """The picture as SVG text."""
        widths = [int(panel.get("width", 0)) for panel in self.panels]
        height = max(int(panel.get("height", 0)) for panel in self.panels)
        sheet = new_panel(sum(widths) + GAP * (len(widths) - 1), height)
        sheet.set("aria-label", clean(self.alt))
        left = 0
        for panel, frame, width in zip(self.panels, self.frames, widths, strict=True):
            drawing = deepcopy(panel)
            fill(drawing, frame)
            drawing[:] = drawing[1:]  # the style stands in the sheet
            drawing.set("x", str(left))
            sheet.append(drawing)
            left += width + GAP
        return to_text(sheet)

    def html(self) -> str:
        """The picture as an image, which even an untrusted notebook shows, and its table."""
        data = b64encode(self.svg().encode()).decode()
        return (
            f'<img alt="{escape(self.alt)}" style="max-width:100%;height:auto" '
            f'src="data:image/svg+xml;base64,{data}">'
            f"<details><summary>The numbers as a table</summary>{self._table()}</details>"
        )

    def _table(self) -> str:
        head = "".join(f'<th scope="col">{escape(title)}</th>' for title in self.head)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": text_columns([self.head, *self.rows]), "text/html": self.html()}


def text_columns(table: Sequence[Sequence[str]]) -> str:
    """Rows of text as columns of a plain table."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )
