"""Charts: scales with few ticks, and the axes and the curve that follow them.

A chart is drawn once. Frames write its ticks and its curve; no element comes or goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from xml.etree import ElementTree as ET

from .frames import Frame
from .number import format_short
from .panel import place, put, write

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MANY = 300  # points of a curve; more are not seen
NICE = (1, 2, 3, 4, 6, 8, 10)
DECADES = (1, 2, 5, 10, 20, 50, 100, 200)


@dataclass(frozen=True)
class Ground:
    """Where a chart's axes stand in its panel."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def right(self) -> float:
        return self.left + self.width


def ceiling(value: float, least: float = 0.0) -> float:
    """The end of an axis from 0: the next of 1, 2, 3, 4, 6, 8 times a power of ten.

    >>> ceiling(0.27), ceiling(25.0), ceiling(7.0, least=10.0)
    (0.3, 30.0, 10.0)
    """
    value = max(value, least)
    if not (isfinite(value) and value > 0):
        return 1.0
    power = floor(log10(value))
    fitting = (float(f"{nice}e{power}") for nice in NICE)  # so that 3e-1 is 0.3
    return next(end for end in fitting if end >= value or end == float(f"10e{power}"))


def exponents(low: float, high: float, most: int = 4) -> list[int]:
    """The powers of ten for the ticks of an axis that holds both numbers: at least two.

    >>> exponents(2e-7, 0.03)
    [-8, -6, -4, -2, 0]
    """
    start, end = floor(log10(low)), ceil(log10(high))
    for step in DECADES:
        first, last = step * floor(start / step), step * ceil(end / step)
        last = max(last, first + step)
        if (last - first) // step <= most:
            break
    return list(range(first, last + 1, step))


def power_of_ten(exponent: int) -> str:
    """
    >>> power_of_ten(-12)
    '10⁻¹²'
    """
    return f"10{str(exponent).translate(SUPERSCRIPT)}"


def draw_curve(svg: ET.Element, key: str, ground: Ground, title: str, below: str) -> None:
    """Axes from 0 with a tick at half and at full, and a curve with a dot at its end."""
    write(svg, title, ground.left - 44, ground.top - 12, "ag-title")
    write(svg, below, ground.right, ground.bottom + 34, "ag-label ag-faint", text_anchor="end")
    for share in (0.5, 1.0):
        y = ground.bottom - share * ground.height
        put(svg, "path", "ag-ruler", d=f"M{place(ground.left)},{place(y)} h{place(ground.width)}")
    for number, share in enumerate((0.0, 0.5, 1.0)):
        x, y = ground.left + share * ground.width, ground.bottom - share * ground.height
        anchor = ("start", "middle", "end")[number]
        put(svg, "text", "ag-tick", f"{key}.x{number}", x=x, y=ground.bottom + 17,
            text_anchor=anchor)  # fmt: skip
        put(svg, "text", "ag-tick", f"{key}.y{number}", x=ground.left - 6, y=y + 4.5,
            text_anchor="end")  # fmt: skip
    axes = (
        f"M{place(ground.left)},{place(ground.top)} v{place(ground.height)} h{place(ground.width)}"
    )
    put(svg, "path", "ag-axis", d=axes)
    put(svg, "path", "ag-curve", f"{key}.curve")
    put(svg, "circle", "ag-heat", f"{key}.end", r=3.5)


def curve_frame(key: str, ground: Ground, points: Sequence[tuple[float, float]]) -> Frame:
    """The curve through `points`, whose numbers are not negative, with the ticks they need."""
    far = ceiling(max((x for x, _ in points), default=0.0), least=10.0)
    high = ceiling(max((y for _, y in points), default=0.0))
    frame = {}
    for number, share in enumerate((0.0, 0.5, 1.0)):
        frame[f"{key}.x{number}"] = format_short(share * far)
        frame[f"{key}.y{number}"] = format_short(share * high)
    stride = ceil(len(points) / MANY) or 1
    seen = [*points[:-1:stride], *points[-1:]]
    places = [
        (ground.left + x / far * ground.width, ground.bottom - y / high * ground.height)
        for x, y in seen
    ]
    line = " ".join(f"{place(x)},{place(y)}" for x, y in places)
    frame[f"{key}.curve@d"] = f"M{line}" if line else ""
    x, y = places[-1] if places else (-10.0, -10.0)
    return {**frame, f"{key}.end@cx": place(x), f"{key}.end@cy": place(y)}
