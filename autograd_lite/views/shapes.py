"""Shapes of a picture: curves, arrow heads, rectangles, and numbers as SVG writes them."""

from collections.abc import Sequence
from itertools import pairwise


def rect(x: float, y: float, width: float, height: float, radius: str, kind: str) -> dict[str, str]:
    return {
        "class": kind, "x": digits(x), "y": digits(y),
        "width": digits(width), "height": digits(height), "rx": radius,
    }  # fmt: skip


def shifted(curve: Sequence[tuple[float, float]], by: float) -> list[tuple[float, float]]:
    return [(x, y + by) for x, y in curve]


def cut_end(curve: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The curve up to the back of its arrow head."""
    (x, y), (start, _) = curve[-1], curve[0]
    return [*curve[:-1], (x - 8 if x >= start else x + 8, y)]


def path(curve: Sequence[tuple[float, float]]) -> str:
    start, *rest = [f"{digits(x)},{digits(y)}" for x, y in curve]
    return f"M{start} C{' '.join(rest)}"


def arrow_head(curve: Sequence[tuple[float, float]]) -> str:
    """The arrow head at the end of a curve, which arrives there horizontally."""
    (x, y), (start, _) = curve[-1], curve[0]
    back = digits(x - 9 if x >= start else x + 9)
    return f"M{digits(x)},{digits(y)} L{back},{digits(y - 4.5)} L{back},{digits(y + 4.5)} Z"


def middle_of(curve: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The point half-way along the spline, by its horizontal extent."""
    target = (curve[0][0] + curve[-1][0]) / 2
    points = [
        _bezier(curve[i : i + 4], t / 8) for i in range(0, len(curve) - 1, 3) for t in range(9)
    ]
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= target <= x1 and x1 > x0:
            return target, y0 + (y1 - y0) * (target - x0) / (x1 - x0)
    return points[len(points) // 2]


def _bezier(p: Sequence[tuple[float, float]], t: float) -> tuple[float, float]:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    return (
        sum(w * x for w, (x, _) in zip(weights, p, strict=True)),
        sum(w * y for w, (_, y) in zip(weights, p, strict=True)),
    )


def short(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"


def digits(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
