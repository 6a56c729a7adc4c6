"""A layered drawing in plain Python: the layout that is always there.

Boxes stand in columns, each to the right of everything it is computed from. An edge that passes
other columns gets a bend in each of them, so that a gap is kept free for it. The order inside
the columns is chosen to avoid crossings, then the heights to keep lines straight.

Boxes are numbers 0, 1, 2, … here; x grows to the right, y grows down, the unit is the pixel.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise

Size = tuple[float, float]
Point = tuple[float, float]
Edge = tuple[int, int]

COLUMN_GAP = 88.0  # room for the number on an edge
BOX_GAP = 36.0  # between two boxes, or a box and a line, in one column
LANE_GAP = 28.0  # between two lines below the drawing
LONGEST_BENT_EDGE = 12  # an edge across more columns than this runs below the drawing
ORDER_SWEEPS = 8
HEIGHT_SWEEPS = 8
STRAIGHTENING_SWEEPS = 8


def topological_order(count: int, edges: Sequence[Edge]) -> list[int]:
    """All boxes, tails before heads. Boxes in or behind a circle of edges are left out.

    >>> topological_order(3, [(2, 0), (0, 1)])
    [2, 0, 1]
    """
    waiting = [0] * count
    heads: list[list[int]] = [[] for _ in range(count)]
    for tail, head in edges:
        waiting[head] += 1
        heads[tail].append(head)
    order = [box for box in range(count) if not waiting[box]]
    for tail in order:  # grows while it is read
        for head in heads[tail]:
            waiting[head] -= 1
            if not waiting[head]:
                order.append(head)
    return order


def columns_of(count: int, edges: Sequence[Edge]) -> list[int]:
    """The column of each box: the longest path that leads to it.

    A box with more edges out than in then moves right, next to its first user: a weight
    stands beside its product and not at the far left.

    >>> columns_of(4, [(0, 1), (1, 3), (2, 3)])
    [0, 1, 1, 2]
    """
    heads: list[list[int]] = [[] for _ in range(count)]
    fan_in = [0] * count
    for tail, head in edges:
        heads[tail].append(head)
        fan_in[head] += 1
    order = topological_order(count, edges)
    column = [0] * count
    for tail in order:
        for head in heads[tail]:
            column[head] = max(column[head], column[tail] + 1)
    for tail in reversed(order):
        if len(heads[tail]) > fan_in[tail]:
            column[tail] = min(column[head] for head in heads[tail]) - 1
    return column


def place(sizes: Sequence[Size], edges: Sequence[Edge]) -> tuple[list[Point], list[list[Point]]]:
    """The centre of each box and the curve of each edge.

    A curve is a cubic Bézier spline from the middle of the tail's right border to the middle
    of the head's left border. The edges must not form a circle.

    >>> place([(100, 40), (100, 40)], [(0, 1)])
    ([(50.0, 0.0), (238.0, 0.0)], [[(100.0, 0.0), (144.0, 0.0), (144.0, 0.0), (188.0, 0.0)]])
    """
    if not sizes:
        return [], []
    column = columns_of(len(sizes), edges)
    paths = _paths(column, edges)  # appends the columns of the bends to `column`
    columns: list[list[int]] = [[] for _ in range(max(column) + 1)]
    for spot, index in enumerate(column):
        columns[index].append(spot)
    before, after = _neighbours(len(column), paths)
    columns = _fewest_crossings(columns, before, after)
    y = _heights(columns, before, after, [h for _, h in sizes], len(column))

    left, right = _column_borders(columns, sizes)
    centers = [((left[c] + right[c]) / 2, y[box]) for box, c in enumerate(column[: len(sizes)])]
    floor = max(y[box] + height / 2 for box, (_, height) in enumerate(sizes))
    floor = max(floor, max(y)) + BOX_GAP
    lanes = _lanes(column, edges)
    curves = []
    for tail, *bends, head in paths:
        first, last = column[tail], column[head]
        # Boxes may be narrower than their columns; a curve reaches them on the level.
        stops = [(centers[tail][0] + sizes[tail][0] / 2, right[first], y[tail])]
        stops += [(left[column[bend]], right[column[bend]], y[bend]) for bend in bends]
        if last - first > LONGEST_BENT_EDGE:
            stops.append((left[first + 1], right[last - 1], floor + lanes[tail] * LANE_GAP))
        stops.append((left[last], centers[head][0] - sizes[head][0] / 2, y[head]))
        curves.append(_curve(stops))
    return centers, curves


def _paths(column: list[int], edges: Sequence[Edge]) -> list[list[int]]:
    """Each edge as tail, bends, head. New bends are added to the end of `column`."""
    paths = []
    for tail, head in edges:
        first, last = column[tail] + 1, column[head]
        bends: list[int] = []
        if last - column[tail] <= LONGEST_BENT_EDGE:
            bends = list(range(len(column), len(column) + last - first))
            column.extend(range(first, last))
        paths.append([tail, *bends, head])
    return paths


def _neighbours(count: int, paths: list[list[int]]) -> tuple[list[list[int]], list[list[int]]]:
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for path in paths:
        for near, far in pairwise(path):
            after[near].append(far)
            before[far].append(near)
    return before, after


def _fewest_crossings(
    columns: list[list[int]], before: list[list[int]], after: list[list[int]]
) -> list[list[int]]:
    """Sort each column by the mean place of its neighbours, to and fro; the best order wins."""
    columns = [list(spots) for spots in columns]
    place = [0.0] * len(before)
    for spots in columns:
        _number(spots, place)
    best, fewest = columns, None
    for sweep in range(ORDER_SWEEPS):
        neighbours, direction = (before, 1) if sweep % 2 == 0 else (after, -1)
        for spots in columns[::direction]:
            wish = {spot: _mean(place, neighbours[spot], place[spot]) for spot in spots}
            spots.sort(key=wish.__getitem__)  # stable: ties keep the order they came in
            _number(spots, place)
        crossings = sum(_crossings(spots, place, after) for spots in columns)
        if fewest is None or crossings < fewest:
            best, fewest = [list(spots) for spots in columns], crossings
        if not fewest:
            break
    return best


def _number(spots: list[int], place: list[float]) -> None:
    """Write each spot's place in its column, from 0 at the top to 1 at the bottom."""
    for index, spot in enumerate(spots):
        place[spot] = (index + 0.5) / len(spots)


def _mean(values: list[float], spots: list[int], otherwise: float) -> float:
    return sum([values[spot] for spot in spots]) / len(spots) if spots else otherwise


def _crossings(spots: list[int], place: list[float], after: list[list[int]]) -> int:
    """How many pairs of lines cross between this column and the next."""
    count = 0
    passed: list[float] = []
    for spot in spots:
        ends = sorted(place[far] for far in after[spot])
        count += sum(len(passed) - bisect_right(passed, end) for end in ends)
        for end in ends:
            insort(passed, end)
    return count


def _heights(
    columns: list[list[int]],
    before: list[list[int]],
    after: list[list[int]],
    box_heights: list[float],
    count: int,
) -> list[float]:
    """The y of each spot: near its neighbours, and never closer than the gap."""
    height = box_heights + [0.0] * (count - len(box_heights))
    y = [0.0] * count
    for spots in columns:
        _settle(y, spots, [0.0] * len(spots), height)
    for sweep in range(HEIGHT_SWEEPS):
        neighbours, direction = (before, 1) if sweep % 2 == 0 else (after, -1)
        for spots in columns[::direction]:
            wishes = [_mean(y, neighbours[spot], y[spot]) for spot in spots]
            _settle(y, spots, wishes, height)
    both = [near + far for near, far in zip(before, after, strict=True)]
    for sweep in range(STRAIGHTENING_SWEEPS):
        for spots in columns[:: -1 if sweep % 2 == 0 else 1]:
            wishes = [
                _between(y, both[spot], y[spot]) if after[spot] else _mean(y, before[spot], y[spot])
                for spot in spots
            ]
            _settle(y, spots, wishes, height)
    return y


def _between(y: list[float], spots: list[int], own: float) -> float:
    """The nearest place to `own` that makes the lines shortest: a median keeps lines straight."""
    if not spots:
        return own
    ordered = sorted([y[spot] for spot in spots])
    low, high = ordered[(len(spots) - 1) // 2], ordered[len(spots) // 2]
    return min(max(own, low), high)


def _settle(y: list[float], spots: list[int], wishes: list[float], height: list[float]) -> None:
    for spot, settled in zip(spots, _spread(wishes, spots, height), strict=True):
        y[spot] = settled


def _spread(wishes: list[float], spots: list[int], height: list[float]) -> list[float]:
    """The places nearest to the wishes, in order and with gaps: least squares.

    Without the gaps taken up so far, the answer is the nearest non-decreasing sequence. It is
    found by pooling: a place that is above the one before it is averaged with it.
    """
    taken = [0.0]
    for upper, lower in pairwise(spots):
        taken.append(taken[-1] + (height[upper] + height[lower]) / 2 + BOX_GAP)
    blocks: list[tuple[float, int]] = []  # sum and length of each pool
    for wish, offset in zip(wishes, taken, strict=True):
        total, length = wish - offset, 1
        while blocks and blocks[-1][0] * length > total * blocks[-1][1]:
            total, length = total + blocks[-1][0], length + blocks[-1][1]
            blocks.pop()
        blocks.append((total, length))
    pooled = [total / length for total, length in blocks for _ in range(length)]
    return [value + offset for value, offset in zip(pooled, taken, strict=True)]


def _column_borders(
    columns: list[list[int]], sizes: Sequence[Size]
) -> tuple[list[float], list[float]]:
    left, right = [], []
    x = 0.0
    for spots in columns:
        width = max((sizes[spot][0] for spot in spots if spot < len(sizes)), default=0.0)
        left.append(x)
        right.append(x + width)
        x += width + COLUMN_GAP
    return left, right


def _lanes(column: list[int], edges: Sequence[Edge]) -> dict[int, int]:
    """A lane below the drawing for each tail of a very long edge: 0 is the uppermost.

    Edges of one tail share a lane. A lane is used again where it has become free.
    """
    end: dict[int, int] = {}
    for tail, head in edges:
        if column[head] - column[tail] > LONGEST_BENT_EDGE:
            end[tail] = max(end.get(tail, 0), column[head])
    lanes: dict[int, int] = {}
    busy: list[tuple[int, int]] = []  # (column where it becomes free, lane)
    for tail in sorted(end, key=lambda box: (column[box], box)):
        if busy and busy[0][0] <= column[tail]:
            lanes[tail] = busy.pop(0)[1]
        else:
            lanes[tail] = len(busy)
        insort(busy, (end[tail], lanes[tail]))
    return lanes


def _curve(stops: list[tuple[float, float, float]]) -> list[Point]:
    """A spline through stops (x from, x to, y): level at the stops, S-shaped between them."""
    start, _, y = stops[0]
    points = [(start, y)]
    for enter, leave, y in stops:
        for x in (enter, leave):
            if x > points[-1][0]:
                _extend(points, (x, y))
    return points


def _extend(points: list[Point], end: Point) -> None:
    """Append one cubic. A level piece that follows a level piece makes it longer instead."""
    if len(points) > 1 and all(y == end[1] for _, y in points[-4:]):
        del points[-3:]
    x, y = points[-1]
    points += [((x + end[0]) / 2, y), ((x + end[0]) / 2, end[1]), end]
