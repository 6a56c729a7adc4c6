"""Where the boxes and curves of a drawing stand: pure data, left to right.

Graphviz finds the best places. It is tried in process first (the `pygraphviz` wheel), then as
the `dot` program; without either, and for very big graphs, `layered` draws. A picture always
appears.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from . import layered
from .engines import ENGINES, Placed, place
from .groups import Groups, Rectangle, rectangles
from .layered import Edge, Point, Size

MARGIN = 16.0  # more than PORT_REACH, so that no curve can leave the drawing
PORT_REACH = 14.0  # parallel edges meet a box at most this far from its middle


@dataclass(frozen=True)
class Layout:
    """Places in pixels, rounded to 0.1, the origin at the top left and y growing down.

    `width` and `height` are those of the whole drawing with its margins. `centers` maps the
    name of a box to its centre. `curves` has one cubic Bézier spline (1 + 3k points) for each
    edge, in the order of the edges, from the tail's right border to the head's left border.
    `engine` tells who found the places: "pygraphviz", "dot" or "plain". `regions` are the
    rectangles (left, top, right, bottom) around the groups, in their order; `None` where a box
    of others stands between.
    """

    width: float
    height: float
    centers: dict[str, Point]
    curves: tuple[tuple[Point, ...], ...]
    engine: str
    regions: tuple[Rectangle | None, ...] = ()


def layout(
    sizes: dict[str, Size],
    edges: Sequence[tuple[str, str]],
    engine: str | None = None,
    groups: Sequence[Sequence[str]] = (),
) -> Layout:
    """Place boxes of the given (width, height) so that each edge runs from left to right.

    An edge is (tail, head). Parallel edges become separate curves. Without `engine` the first
    of "pygraphviz", "dot", "plain" that works is taken, and "plain" for very big graphs.
    The boxes of each of `groups`, which lie inside each other or apart, are kept together by
    Graphviz; "plain" does not know of them.

    Raises ValueError for an unknown engine, a size that is no size, an edge to an unknown box
    and edges that run in a circle; RuntimeError if the named engine cannot be used here.

    >>> drawing = layout({"x": (100, 40), "y": (100, 40)}, [("x", "y")], engine="plain")
    >>> drawing.width, drawing.height, drawing.centers
    (320.0, 72.0, {'x': (66.0, 36.0), 'y': (254.0, 36.0)})
    >>> drawing.curves
    (((116.0, 36.0), (160.0, 36.0), (160.0, 36.0), (204.0, 36.0)),)
    """
    if engine is not None and engine not in ENGINES:
        known = ", ".join(repr(name) for name in ENGINES)
        raise ValueError(f"engine={engine!r} is not known: use one of {known}, or None")
    boxes = _checked_sizes(sizes)
    links = _checked_edges(list(sizes), edges)
    number = {name: index for index, name in enumerate(sizes)}
    together = [[number[name] for name in group] for group in groups]
    used, placed = place(boxes, links, engine, together)
    return _framed(list(sizes), boxes, links, together, _upright(placed), used)


def _checked_sizes(sizes: dict[str, Size]) -> list[Size]:
    for name, size in sizes.items():
        if len(size) != 2 or not all(math.isfinite(side) and side > 0 for side in size):
            raise ValueError(
                f"the size of box {name!r} is {size!r}: give (width, height) in pixels, "
                f"both above 0, such as (150, 78)"
            )
    return [(float(width), float(height)) for width, height in sizes.values()]


def _checked_edges(names: list[str], edges: Sequence[tuple[str, str]]) -> list[Edge]:
    """The edges between box numbers. From here on there are no names."""
    number = {name: index for index, name in enumerate(names)}
    for edge in edges:
        for name in edge:
            if name not in number:
                raise ValueError(f"edge {edge!r} names box {name!r}: give its size in `sizes`")
    links = [(number[tail], number[head]) for tail, head in edges]
    placed = set(layered.topological_order(len(names), links))
    if len(placed) < len(names):
        tails = {head: tail for tail, head in links if tail not in placed}
        box = next(iter(tails))
        seen: set[int] = set()
        while box not in seen:  # going back along the edges must end in the circle
            seen.add(box)
            box = tails[box]
        raise ValueError(
            f"the edges run in a circle through box {names[box]!r}: leave out one of them, "
            f"a computation flows in one direction"
        )
    return links


def _upright(placed: Placed) -> Placed:
    """The drawing, or its mirror image if that shows the boxes in the order they were given.

    The leftmost column that tells one from the other decides: it holds the inputs.
    """
    centers, curves = placed
    columns: dict[float, list[float]] = {}
    for x, y in centers:
        columns.setdefault(round(x), []).append(y)
    for _, heights in sorted(columns.items()):
        downwards = sum((b > a) - (b < a) for a, b in pairwise(heights))
        if downwards > 0:
            return placed
        if downwards < 0:
            break
    else:
        return placed
    return [(x, -y) for x, y in centers], [[(x, -y) for x, y in curve] for curve in curves]


def _framed(
    names: list[str],
    sizes: list[Size],
    edges: list[Edge],
    groups: Groups,
    placed: Placed,
    engine: str,
) -> Layout:
    """Move everything inside the margins, round it, and join the curves to the borders."""
    centers, curves = placed
    corners = [point for curve in curves for point in curve]
    for (x, y), (width, height) in zip(centers, sizes, strict=True):
        corners += [(x - width / 2, y - height / 2), (x + width / 2, y + height / 2)]
    regions = rectangles(groups, centers, sizes)
    for region in filter(None, regions):
        corners += [region[:2], region[2:]]
    xs, ys = zip(*(corners or [(0.0, 0.0)]), strict=True)
    dx, dy = MARGIN - min(xs), MARGIN - min(ys)
    middles = [_rounded((x + dx, y + dy)) for x, y in centers]
    moved = [[(x + dx, y + dy) for x, y in curve] for curve in curves]
    return Layout(
        round(max(xs) + dx + MARGIN, 1),
        round(max(ys) + dy + MARGIN, 1),
        dict(zip(names, middles, strict=True)),
        _joined_all(moved, middles, sizes, edges),
        engine,
        tuple(region and _moved(region, dx, dy) for region in regions),
    )


def _moved(region: Rectangle, dx: float, dy: float) -> Rectangle:
    left, top, right, bottom = region
    return round(left + dx, 1), round(top + dy, 1), round(right + dx, 1), round(bottom + dy, 1)


def _joined_all(
    curves: list[list[Point]], centers: list[Point], sizes: list[Size], edges: list[Edge]
) -> tuple[tuple[Point, ...], ...]:
    """The curves with their ends on the borders; those of parallel edges spread, first on top."""
    result: list[tuple[Point, ...]] = [()] * len(edges)
    for (tail, head), members in _parallel(edges).items():
        reach = min(PORT_REACH, sizes[tail][1] / 4, sizes[head][1] / 4)
        downwards = sorted((curves[edge] for edge in members), key=_middle_height)
        for lane, (edge, curve) in enumerate(zip(members, downwards, strict=True)):
            shift = reach * (2 * lane / (len(members) - 1) - 1) if len(members) > 1 else 0.0
            start = (centers[tail][0] + sizes[tail][0] / 2, centers[tail][1] + shift)
            end = (centers[head][0] - sizes[head][0] / 2, centers[head][1] + shift)
            result[edge] = tuple(_rounded(point) for point in _joined(curve, start, end))
    return tuple(result)


def _parallel(edges: list[Edge]) -> dict[Edge, list[int]]:
    """The numbers of the edges between the same two boxes."""
    groups: dict[Edge, list[int]] = {}
    for index, edge in enumerate(edges):
        groups.setdefault(edge, []).append(index)
    return groups


def _middle_height(curve: list[Point]) -> float:
    half = len(curve) // 2
    return curve[half - 1][1] + curve[half][1]


def _joined(curve: list[Point], start: Point, end: Point) -> list[Point]:
    """The curve with new ends. The control points beside them move along: directions stay."""
    first = (start[0] - curve[0][0], start[1] - curve[0][1])
    last = (end[0] - curve[-1][0], end[1] - curve[-1][1])
    near = (curve[1][0] + first[0], curve[1][1] + first[1])
    far = (curve[-2][0] + last[0], curve[-2][1] + last[1])
    return [start, near, *curve[2:-2], far, end]


def _rounded(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)
