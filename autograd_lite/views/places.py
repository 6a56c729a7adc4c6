"""Where the boxes and arrows of a program stand; what a pass leaves stays where it was."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..compiler import Call, Constant, Value
from .layered import Point, Size
from .layout import layout

Edge = tuple[Value, Value, int]  # tail, head, and the how manieth of those between the two
Curve = tuple[Point, ...]

LANE = 10.0  # pixels between parallel arrows


@dataclass(frozen=True)
class Places:
    """Centres of the boxes, and curves of the arrows, in a picture of this size."""

    width: float
    height: float
    sizes: Mapping[Value, Size]
    centers: Mapping[Value, Point]
    curves: Mapping[Edge, Curve]


def placed(sizes: Mapping[Value, Size], edges: Sequence[Edge]) -> Places:
    """Boxes of these sizes, left to right."""
    keys = {value: f"n{place}" for place, value in enumerate(sizes)}
    drawn = layout(
        {keys[value]: size for value, size in sizes.items()},
        [(keys[tail], keys[head]) for tail, head, _ in edges],
    )
    centers = {value: drawn.centers[key] for value, key in keys.items()}
    curves = dict(zip(edges, drawn.curves, strict=True))
    return Places(drawn.width, drawn.height, sizes, centers, curves)


def placed_alike(
    first: Mapping[Value, Size],
    first_edges: Sequence[Edge],
    second: Mapping[Value, Size],
    second_edges: Sequence[Edge],
) -> tuple[Places, Places]:
    """Both, with each box of the second where it stands in the first, if all stand there."""
    was = matched(first, second)
    if any(value not in was for value in second):
        return placed(first, first_edges), placed(second, second_edges)
    now = {old: value for value, old in was.items()}
    sizes = {old: _larger(size, second[now[old]]) if old in now else size
             for old, size in first.items()}  # fmt: skip
    before = placed(sizes, first_edges)
    curves = {}
    for edge in second_edges:
        tail, head, lane = edge
        known = before.curves.get((was[tail], was[head], lane))
        curves[edge] = known or _curve(before, was[tail], was[head], lane)
        if curves[edge][0][0] >= curves[edge][-1][0]:  # nothing runs back
            return placed(first, first_edges), placed(second, second_edges)
    centers = {value: before.centers[was[value]] for value in second}
    after = {value: sizes[was[value]] for value in second}
    return before, Places(before.width, before.height, after, centers, curves)


def matched(before: Iterable[Value], after: Iterable[Value]) -> dict[Value, Value]:
    """For each value of a program what it was before a pass, where it was there."""
    known = {key: value for value, key in _keys(before)}
    return {value: known[key] for value, key in _keys(after) if key in known}


def _keys(values: Iterable[Value]) -> list[tuple[Value, object]]:
    """What a value is known by: a line by its number, a constant by what it holds."""
    keys: list[tuple[Value, object]] = []
    counts: Counter[object] = Counter()
    for value in values:
        key: object = value
        if isinstance(value, Constant):
            array = np.asarray(value.array)
            key = (array.dtype.str, array.shape, array.tobytes())
        elif isinstance(value, Call) and value.number >= 0:
            key = value.number
        counts[key] += 1
        keys.append((value, (key, counts[key])))
    return keys


def _larger(one: Size, other: Size) -> Size:
    return max(one[0], other[0]), max(one[1], other[1])


def _curve(places: Places, tail: Value, head: Value, lane: int) -> Curve:
    """From border to border."""
    (x0, y0), (x1, y1) = places.centers[tail], places.centers[head]
    x0, x1 = x0 + places.sizes[tail][0] / 2, x1 - places.sizes[head][0] / 2
    middle, down = (x0 + x1) / 2, min(LANE * lane, LANE)
    points = (x0, y0 + down), (middle, y0 + down), (middle, y1 + down), (x1, y1 + down)
    return tuple((round(x, 1), round(y, 1)) for x, y in points)
