"""Blocks: small tables of numbers, each number with its gradient below."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from .frames import Frame
from .number import format_number
from .panel import place, put, write

HEAD, LINE, FOOT = 24.0, 17.0, 7.0  # heights: the title, a line of numbers, the room below
EDGE, PITCH = 45.0, 93.0  # widths: the marks before a line, a number
CLASSES = {"value": "ag-computing", "grad": "ag-receiving"}


@dataclass(frozen=True)
class Block:
    """A table of `shape` with its upper left corner at x, y. `lines` are "value" and "grad"."""

    key: str
    title: str
    shape: tuple[int, int]
    x: float
    y: float
    lines: tuple[str, ...] = ("value",)
    numbered: bool = False  # whether rows have numbers

    @property
    def width(self) -> float:
        return EDGE + PITCH * self.shape[1] + 8

    @property
    def height(self) -> float:
        return HEAD + LINE * len(self.lines) * self.shape[0] + FOOT


def draw_block(svg: ET.Element, block: Block) -> None:
    """The table with every number left empty."""
    group = put(svg, "g", "", block.key, transform=f"translate({place(block.x)},{place(block.y)})")
    put(group, "rect", "ag-box", width=block.width, height=block.height, rx=4)
    title = put(group, "text", "ag-title", x=10, y=18)
    put(title, "tspan", "", f"{block.key}.mark")
    put(title, "tspan", "").text = block.title
    put(group, "text", "ag-kind", f"{block.key}.status", x=block.width - 8, y=18)
    for row in range(block.shape[0]):
        for number, line in enumerate(block.lines):
            y = HEAD + LINE * (row * len(block.lines) + number + 1) - 4
            put(group, "text", f"ag-cell ag-{line}", f"{block.key}.{line}{row}", x=6, y=y)
            for column in range(block.shape[1]):
                x = EDGE + PITCH * (column + 1)
                slot = f"{block.key}.{line}{row},{column}"
                put(group, "text", f"ag-cell ag-{line}", slot, x=x, y=y, text_anchor="end")


def block_frame(
    block: Block, numbers: dict[str, Any], changed: Collection[str] = (), status: str = "",
    stale: bool = False,
) -> Frame:  # fmt: skip
    """What stands in a block: an array for each line, or None for one that is empty.

    `changed` are the lines that the last button changed: they get a dot, the block an outline.
    """
    lit = next((f" ag-active {CLASSES[line]}" for line in block.lines if line in changed), "")
    frame = {
        f"{block.key}@class": f"ag-block{lit}{' ag-stale' if stale else ''}",
        f"{block.key}.mark": "● " if lit else "",
        f"{block.key}.status": status,
        f"{block.key}.status@class": "ag-kind ag-loud" if stale else "ag-kind",
    }
    for line in block.lines:
        array = None if numbers[line] is None else np.reshape(numbers[line], block.shape)
        dot = "● " if line in changed else ""
        for row in range(block.shape[0]):
            sign = f"{row + 1} ▸" if block.numbered else {"value": "▸", "grad": "◂ ∇"}[line]
            frame[f"{block.key}.{line}{row}"] = "" if array is None and not dot else dot + sign
            for column in range(block.shape[1]):
                slot = f"{block.key}.{line}{row},{column}"
                number = None if array is None else array[row, column]
                frame[slot] = "" if number is None else format_number(number)
                loud = number is not None and not np.isfinite(number)
                frame[f"{slot}@class"] = f"ag-cell ag-{line}{' ag-loud' if loud else ''}"
    return frame


def block_rows(block: Block, numbers: dict[str, Any]) -> list[tuple[str, ...]]:
    """The same as text: name, value, gradient for each row of the table."""
    told = []
    for row in range(block.shape[0]):
        cells = [
            "" if numbers.get(line) is None
            else ", ".join(map(format_number, np.reshape(numbers[line], block.shape)[row]))
            for line in ("value", "grad")
        ]  # fmt: skip
        name = block.title.split(" = ")[0]
        told.append((f"{name}, row {row + 1}" if block.shape[0] > 1 else name, *cells))
    return told


def write_key(svg: ET.Element, x: float, y: float) -> None:
    """What the signs mean."""
    signs = (("ag-cell ag-value", "▸", "value"), ("ag-cell ag-grad", "◂ ∇", "gradient"),
             ("ag-cell", "●", "just changed"))  # fmt: skip
    for number, (kind, sign, words) in enumerate(signs):
        write(svg, sign, x, y + 19 * number, kind)
        write(svg, words, x + 34, y + 19 * number, "ag-label ag-faint")
