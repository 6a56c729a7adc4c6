"""Groups: rectangles around boxes, and clusters for Graphviz."""

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.views.groups import ABOVE, PADDING, clusters, rectangles
from autograd_lite.views.svg import place

SIZE = (10.0, 10.0)


def test_a_rectangle_goes_around_its_boxes_and_around_the_rectangles_inside() -> None:
    one, two = 5 + PADDING, 5 + 2 * PADDING
    assert rectangles([[0, 1], [1]], [(0, 0), (100, 0)], [SIZE, SIZE]) == [
        (-one, -5 - 2 * ABOVE, 100 + two, two), (100 - one, -5 - ABOVE, 100 + one, one),
    ]  # fmt: skip


def test_around_a_box_of_others_there_is_no_rectangle() -> None:
    centers = [(0, 0), (50, 0), (100, 0)]
    assert rectangles([[0, 2], [0]], centers, [SIZE] * 3)[0] is None


def test_clusters_are_inside_those_that_hold_them() -> None:
    lines = clusters([[0, 1, 2], [1, 2], [2], [3]])
    assert "".join("{" if "{" in line else "}" for line in lines if line[-1] in "{}") == "{{{}}}{}"
    assert [line for line in lines if line.startswith("subgraph")] == [
        f"subgraph cluster{number} {{" for number in range(4)
    ]


def nested() -> Tensor:
    x = Tensor(0.5, name="x")
    with ag.scope("outer"):
        y = ag.sin(x)
        with ag.scope("inner"):
            y = ag.cos(y) * ag.exp(y)
    return y * x


@pytest.mark.parametrize("engine", [None, "plain"])
def test_open_scopes_are_framed_with_the_inner_frame_within_the_outer(engine: str | None) -> None:
    picture = ag.views.Picture(ag.ComputationGraph(nested()), engine=engine)
    places = place(picture.diagram, engine)
    outer, inner = places.regions
    assert [region.label for region in picture.diagram.regions] == ["outer", "inner"]
    assert outer is not None
    assert inner is not None
    edges = np.array([(0.0, 0.0, places.width, places.height), outer, inner])
    assert (np.diff(edges[:, :2], axis=0) > 0).all()  # each within the one before
    assert (np.diff(edges[:, 2:], axis=0) < 0).all()
    for key, (x, y) in places.centers.items():
        within = outer[0] < x < outer[2] and outer[1] < y < outer[3]
        assert within == (key in picture.diagram.regions[0].boxes)
