"""A surface over a square: cells from light to dark, and the line where it is one half."""

from collections.abc import Callable, Sequence
from xml.etree import ElementTree as ET

import numpy as np

from .chart import Ground
from .frames import Frame
from .number import format_short
from .panel import place, put, write

LOW, HIGH = -0.5, 1.5  # both coordinates
CELLS = 20  # a side
DARKEST = 0.85  # opacity: corners stay visible


def lattice() -> np.ndarray:
    """The points that are asked for: corners and middles of all cells, (n, 2)."""
    side = np.linspace(LOW, HIGH, 2 * CELLS + 1)
    return np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)


def draw_surface(svg: ET.Element, ground: Ground, x: np.ndarray, t: np.ndarray) -> None:
    """Cells, contour and the examples: ○ with target 0 and ● with target 1, numbered."""
    side = ground.width / CELLS
    cells = put(svg, "g", "", shape_rendering="crispEdges")  # no seams between them
    for row in range(CELLS):
        for column in range(CELLS):
            put(cells, "rect", "ag-heat", f"c{row * CELLS + column}",
                x=ground.left + column * side, y=ground.bottom - (row + 1) * side,
                width=side, height=side)  # fmt: skip
    put(svg, "path", "ag-contour", "contour")
    put(svg, "rect", "ag-axis", x=ground.left, y=ground.top, width=ground.width,
        height=ground.height)  # fmt: skip
    for tick in (0.0, 1.0):
        along, up = at(ground, tick, tick)
        write(svg, format_short(tick), along, ground.bottom + 16, "ag-tick", text_anchor="middle")
        write(svg, format_short(tick), ground.left - 6, up + 4.5, "ag-tick", text_anchor="end")
    middle = at(ground, 0.5, 0.5)
    write(svg, "x₁", middle[0], ground.bottom + 16, "ag-label", text_anchor="middle")
    write(svg, "x₂", ground.left - 6, middle[1] + 4.5, "ag-label", text_anchor="end")
    for number, (point, target) in enumerate(zip(x, t, strict=True)):
        cx, cy = at(ground, *point)
        put(svg, "circle", corner(target), cx=cx, cy=cy, r=6)
        write(svg, str(number + 1), cx + 10, cy + 4.5, "ag-label ag-halo")


def draw_legend(svg: ET.Element, left: float, top: float) -> None:
    """What the shapes and the shades mean."""
    for line, (target, words) in enumerate(((0.0, "target 0"), (1.0, "target 1"))):
        put(svg, "circle", corner(target), cx=left + 8, cy=top + 24 * line, r=6)
        write(svg, words, left + 24, top + 4.5 + 24 * line, "ag-label")
    put(svg, "path", "ag-contour", d=f"M{place(left)},{place(top + 48)} h16")
    write(svg, "Ŷ = 0.5", left + 24, top + 52.5, "ag-label")
    for line, level in enumerate((1.0, 0.75, 0.25, 0.0)):
        y = top + 70 + 18 * line
        put(svg, "rect", "ag-heat", x=left, y=y, width=16, height=18,
            fill_opacity=f"{DARKEST * level:.2f}")  # fmt: skip
        if line in (0, 3):
            write(svg, f"Ŷ = {level:.0f}", left + 24, y + 13.5, "ag-label")
    put(svg, "rect", "ag-axis", x=left, y=top + 70, width=16, height=72)


def corner(target: float) -> str:
    return "ag-corner ag-one" if target >= 0.5 else "ag-corner"


def surface_frame(ground: Ground, predict: Callable[[np.ndarray], np.ndarray]) -> Frame:
    """The shades and the contour of `predict`, which takes points (n, 2) and gives n numbers."""
    values = np.clip(np.nan_to_num(predict(lattice())), -1e6, 1e6).reshape(2 * CELLS + 1, -1)
    shades = np.clip(values[1::2, 1::2], 0.0, 1.0).ravel()
    frame = {f"c{i}@fill-opacity": f"{DARKEST * shade:.2f}" for i, shade in enumerate(shades)}
    side = np.linspace(LOW, HIGH, CELLS + 1)
    lines = (
        " L".join(",".join(map(place, at(ground, *point))) for point in segment)
        for segment in contour(side, values[::2, ::2] - 0.5)
    )
    return {**frame, "contour@d": " ".join(f"M{line}" for line in lines)}


Point = tuple[float, float]


def contour(side: np.ndarray, heights: np.ndarray) -> list[tuple[Point, Point]]:
    """Where a surface over a square crosses 0: straight pieces, a triangle at a time.

    >>> contour(np.array([0.0, 1.0]), np.array([[-1.0, 1.0], [-1.0, 1.0]]))
    [((0.5, 0.0), (0.5, 0.5)), ((0.5, 0.5), (0.5, 1.0))]
    """
    above = heights > 0
    mixed = above[:-1, :-1] + 0 + above[1:, :-1] + above[:-1, 1:] + above[1:, 1:]
    pieces = []
    for i, j in zip(*np.nonzero(mixed % 4), strict=True):
        a, b, c, d = [
            (float(side[column]), float(side[row]), float(heights[row, column]))
            for row, column in ((i, j), (i, j + 1), (i + 1, j), (i + 1, j + 1))
        ]
        for triangle in ((a, b, d), (a, c, d)):
            if len(found := crossings(triangle)) == 2:
                pieces.append((found[0], found[1]))
    return pieces


def crossings(triangle: Sequence[tuple[float, float, float]]) -> list[Point]:
    """Where the edges of a triangle cross 0, by straight lines between its corners."""
    found = []
    for one, other in ((0, 1), (0, 2), (1, 2)):
        (x, y, low), (u, v, high) = triangle[one], triangle[other]
        if (low > 0) != (high > 0):
            share = low / (low - high)
            found.append((x + share * (u - x), y + share * (v - y)))
    return found


def at(ground: Ground, x: float, y: float) -> Point:
    """A point of the square as a place in the panel."""
    along, up = (x - LOW) / (HIGH - LOW), (y - LOW) / (HIGH - LOW)
    return ground.left + along * ground.width, ground.bottom - up * ground.height
