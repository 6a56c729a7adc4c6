"""Groups of boxes: as clusters for Graphviz, and as the rectangles around them."""

from collections.abc import Sequence

from .layered import Point, Size

Groups = Sequence[Sequence[int]]  # of box numbers; inside each other or apart, outer ones first
Rectangle = tuple[float, float, float, float]  # left, top, right, bottom

CLUSTER_MARGIN = 24.0  # between a group and what is around it
PADDING, ABOVE = 14.0, 20.0  # between a rectangle and what is in it; above it stands a title


def clusters(groups: Groups) -> list[str]:
    """The groups in DOT, the smaller ones within those that hold them."""
    return _nested(list(enumerate(groups)))


def _nested(groups: list[tuple[int, Sequence[int]]]) -> list[str]:
    lines: list[str] = []
    while groups:
        (number, boxes), *groups = groups
        inner = [group for group in groups if set(group[1]) <= set(boxes)]
        groups = [group for group in groups if group not in inner]
        lines += [f"subgraph cluster{number} {{", f"margin={CLUSTER_MARGIN:g}", *_nested(inner)]
        lines += [*(f"n{box}" for box in boxes), "}"]
    return lines


def rectangles(
    groups: Groups, centers: Sequence[Point], sizes: Sequence[Size]
) -> list[Rectangle | None]:
    """What goes around each group; `None` where a box of others stands between its own."""
    drawn: list[Rectangle | None] = [None] * len(groups)
    boxes = [
        (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        for (x, y), (width, height) in zip(centers, sizes, strict=True)
    ]
    for number in reversed(range(len(groups))):
        own = set(groups[number])
        inner = [drawn[n] for n in range(number + 1, len(groups)) if set(groups[n]) <= own]
        around = _around([*(boxes[box] for box in own), *filter(None, inner)])
        foreign = [box for n, box in enumerate(boxes) if n not in own]
        drawn[number] = None if any(_meet(around, box) for box in foreign) else around
    return drawn


def _around(parts: Sequence[Rectangle]) -> Rectangle:
    lefts, tops, rights, bottoms = zip(*parts, strict=True)
    return (
        min(lefts) - PADDING, min(tops) - ABOVE, max(rights) + PADDING, max(bottoms) + PADDING,
    )  # fmt: skip


def _meet(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
