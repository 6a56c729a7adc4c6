"""The layout in plain Python: no box is hit, nothing recurses, very big graphs are drawn."""

from itertools import pairwise

import pytest

from autograd_lite.views import layered

BOX = (150.0, 78.0)


def chain(count: int) -> list[tuple[int, int]]:
    return list(pairwise(range(count)))


def test_a_circle_is_left_out_of_the_order() -> None:
    assert layered.topological_order(4, [(0, 1), (1, 2), (2, 1), (2, 3)]) == [0]


def test_a_box_stands_right_of_everything_it_needs() -> None:
    edges = [(0, 1), (1, 2), (0, 2), (2, 3)]
    assert layered.columns_of(4, edges) == [0, 1, 2, 3]


def test_a_weight_stands_beside_its_first_user() -> None:
    edges = [*chain(6), (6, 4), (6, 5)]
    assert layered.columns_of(7, edges)[6] == 3


def test_inputs_keep_their_order() -> None:
    centers, _ = layered.place([BOX] * 6, [(box, 5) for box in range(5)])
    heights = [y for _, y in centers[:5]]
    assert heights == sorted(heights)
    assert centers[5][1] == pytest.approx(heights[2])


def test_crossings_that_can_be_avoided_are_avoided() -> None:
    centers, _ = layered.place([BOX] * 6, [(0, 5), (1, 4), (2, 3)])
    assert [centers[box][1] for box in (5, 4, 3)] == [centers[box][1] for box in (0, 1, 2)]


def test_the_users_of_the_inputs_can_reorder_them() -> None:
    centers, _ = layered.place([BOX] * 5, [(0, 3), (2, 3), (1, 4)])
    first, last, other = (centers[box][1] for box in (0, 2, 1))
    assert first < last < other


def test_a_level_line_is_one_piece() -> None:
    """Also where it leaves a narrow box in a wide column."""
    _, curves = layered.place([(50, 78), BOX, BOX], [(0, 1)])
    assert len(curves[0]) == 4


def test_a_chain_is_one_straight_line() -> None:
    centers, curves = layered.place([BOX] * 9, chain(9))
    assert {y for _, y in centers} == {centers[0][1]}
    assert {y for curve in curves for _, y in curve} == {centers[0][1]}


def test_a_box_with_two_inputs_stands_between_them() -> None:
    centers, _ = layered.place([BOX] * 5, [(0, 2), (0, 3), (1, 3), (2, 4), (3, 4)])
    assert centers[4][1] == pytest.approx((centers[2][1] + centers[3][1]) / 2)


def test_long_edges_run_below_all_boxes_and_share_the_line_of_their_tail() -> None:
    count = 40
    edges = [*chain(count), (0, 30), (0, 39), (1, 20), (25, 39)]
    centers, curves = layered.place([BOX] * count, edges)
    floor = max(y for _, y in centers) + BOX[1] / 2
    lowest = [max(y for _, y in curve) for curve in curves[-4:]]
    assert min(lowest) > floor
    assert lowest[0] == lowest[1]
    assert lowest[2] != lowest[0]
    assert lowest[3] == lowest[2]  # (1, 20) has ended where (25, 39) starts


def test_a_chain_of_ten_thousand() -> None:
    count = 10_000
    centers, curves = layered.place([BOX] * count, chain(count))
    assert all(left[0] < right[0] for left, right in pairwise(centers))
    assert len(curves) == count - 1


def test_one_weight_used_by_ten_thousand() -> None:
    count = 10_000
    edges = [*chain(count), *((0, box) for box in range(2, count))]
    _, curves = layered.place([BOX] * count, edges)
    assert sum(map(len, curves)) < 20 * len(edges)  # and not a bend for each column passed


def test_nothing_to_place() -> None:
    assert layered.place([], []) == ([], [])
