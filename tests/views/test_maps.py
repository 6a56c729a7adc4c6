"""Maps: a square for each number, its area the magnitude, hollow where it is negative."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograd_lite.views import maps
from tests.strategies import same_every_run

SQUARE = re.compile(r"M([\d.]+),([\d.]+)h([\d.]+)v([\d.]+)h-([\d.]+)z")
AT = maps.corner("value", alone=False)
matrices = arrays(
    float,
    st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda shape: shape != (1, 1)),
    elements=st.floats(-1e3, 1e3).map(lambda number: round(number, 3)),
)


def read(path: str) -> list[tuple[float, float, float]]:
    """The squares of a path: left, top, side."""
    assert SQUARE.sub("", path) == ""
    return [(float(x), float(y), float(side)) for x, y, side, _, _ in SQUARE.findall(path)]


@same_every_run
@given(matrices, st.sampled_from(["value", "grad"]), st.booleans())
def test_squares_stand_in_their_cells_and_their_area_is_the_magnitude(
    matrix: np.ndarray, line: str, alone: bool
) -> None:
    left, top = at = maps.corner(line, alone)
    rows, columns = matrix.shape
    cell = min(maps.WIDTH / columns, maps.HEIGHT / rows, maps.CELL)
    filled, hollow = (read(path) for path in maps.squares(matrix, at))
    largest = np.abs(matrix).max() or 1.0
    drawn = np.zeros_like(matrix)
    for sign, squares in ((1, filled), (-1, hollow)):
        for x, y, side in squares:
            row, column = int((y + side / 2 - top) / cell), int((x + side / 2 - left) / cell)
            drawn[row, column] = sign * (side / (cell * maps.FULL)) ** 2
    assert np.abs(drawn - matrix / largest).max() < 0.1
    assert all(x + side <= left + maps.WIDTH + 0.2 for x, _, side in filled + hollow)
    assert all(y + side <= top + maps.HEIGHT + 0.2 for _, y, side in filled + hollow)


def test_a_vector_is_a_row_and_zero_is_an_empty_cell() -> None:
    filled, hollow = maps.squares(np.array([1.0, 0.0, -1.0]), AT)
    assert len(read(filled)) == len(read(hollow)) == 1
    assert read(filled)[0][1] == read(hollow)[0][1]


def test_what_is_not_finite_is_left_to_the_text() -> None:
    filled, hollow = maps.squares(np.array([np.nan, np.inf, 1.0, -np.inf]), AT)
    assert (len(read(filled)), hollow) == (1, "")
    assert maps.squares(np.zeros((2, 2)), AT) == ("", "")


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((), False), ((1,), False), ((1, 1), False), ((3,), True), ((12, 12), True), ((13, 2), False),
     ((2, 2, 2), False), ((0, 3), False)],
)  # fmt: skip
def test_only_small_matrices_have_maps(shape: tuple[int, ...], expected: bool) -> None:
    assert maps.has_map(np.zeros(shape)) is expected


def test_the_grid_has_a_line_more_than_cells() -> None:
    assert maps.grid(np.zeros((2, 3)), AT).count("M") == 3 + 4
