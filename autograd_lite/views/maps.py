"""Maps: a small matrix as squares. The area is the magnitude; filled is positive, hollow negative.

After G. E. Hinton and T. Shallice, Lesioning an attractor network (1991).
"""

from typing import Any

import numpy as np

MOST = 12  # rows or columns, beyond which a map would be too fine to read
WIDTH, HEIGHT = 60.0, 44.0  # room for one map
Corner = tuple[float, float]
CELL = 14.0  # the widest cell
FULL = 0.86  # the side of the largest square, in cells


def has_map(value: Any) -> bool:
    """Whether an array is small enough: up to 12 × 12, more than one number."""
    shape = np.shape(value)
    return len(shape) in (1, 2) and np.size(value) > 1 and max(shape) <= MOST


def corner(line: str, alone: bool) -> Corner:
    """Where a map stands in its box: below the numbers, of which there is one line or two."""
    return {"value": 12.0, "grad": 82.0}[line], 54.0 if alone else 76.0


def grid(value: Any, at: Corner) -> str:
    """The lines between and around the cells, as the data of an SVG path."""
    left, top = at
    (rows, columns), cell = _shape(value)
    across = "".join(f"M{left:g},{top + r * cell:g}h{columns * cell:g}" for r in range(rows + 1))
    down = "".join(f"M{left + c * cell:g},{top:g}v{rows * cell:g}" for c in range(columns + 1))
    return across + down


def squares(value: Any, at: Corner) -> tuple[str, str]:
    """The squares of the positive and of the negative numbers, as the data of two SVG paths."""
    left, top = at
    (rows, columns), cell = _shape(value)
    array = np.asarray(value, dtype=float).reshape(rows, columns)
    array = np.where(np.isfinite(array), array, 0.0)
    largest = np.abs(array).max(initial=0.0) or 1.0
    sides = cell * FULL * np.sqrt(np.abs(array) / largest)
    paths = ["", ""]
    for (row, column), number in np.ndenumerate(array):
        side = sides[row, column]
        if side >= 0.5:
            x = left + (column + 0.5) * cell - side / 2
            y = top + (row + 0.5) * cell - side / 2
            paths[int(number < 0)] += f"M{x:.1f},{y:.1f}h{side:.1f}v{side:.1f}h-{side:.1f}z"
    return paths[0], paths[1]


def _shape(value: Any) -> tuple[tuple[int, int], float]:
    rows, columns = np.atleast_2d(value).shape
    return (rows, columns), round(min(WIDTH / columns, HEIGHT / rows, CELL), 2)
