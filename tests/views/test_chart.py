"""Charts: few round ticks, a curve that stays inside, nothing that breaks on strange numbers."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograd_lite.views.chart import Ground, ceiling, curve_frame, draw_curve, exponents
from autograd_lite.views.panel import Still, new_panel, place, text_columns, write
from autograd_lite.views.surface import CELLS, DARKEST, contour, draw_surface, surface_frame
from autograd_lite.views.svg import fill
from autograd_lite.views.theme import DARK, LIGHT, chart_css, dark_css
from tests.strategies import same_every_run

GROUND = Ground(50, 30, 200, 100)
SQUARE = Ground(50, 30, 200, 200)
positive = st.floats(1e-300, 1e300)


def points_of(path: str) -> np.ndarray:
    return np.array(re.findall(r"(-?[\d.]+),(-?[\d.]+)", path), dtype=float)


# Scales.


@same_every_run
@given(positive)
def test_the_end_of_an_axis_is_round_and_not_far_above(value: float) -> None:
    end = ceiling(value)
    assert value <= end < 2.001 * value
    assert re.fullmatch(r"[1-9]e[+-]\d+", f"{end:.0e}")
    assert float(f"{end:.0e}") == end


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_an_axis_without_a_number_ends_at_one(value: float) -> None:
    assert ceiling(value) == 1.0


@same_every_run
@given(positive, positive)
@example(1.0, 1.0)
@example(1e-9, 1e-9)
def test_powers_of_ten_hold_both_numbers_evenly(one: float, other: float) -> None:
    low, high = sorted([one, other])
    ticks = exponents(low, high)
    assert 2 <= len(ticks) <= 5
    assert ticks[0] <= np.log10(low)
    assert np.log10(high) <= ticks[-1]
    assert len(set(np.diff(ticks))) == 1


# The curve.


@same_every_run
@given(st.lists(st.floats(0, 1e6), max_size=1000))
def test_the_curve_stays_on_its_ground_from_the_first_point_to_the_last(
    losses: list[float],
) -> None:
    frame = curve_frame("loss", GROUND, list(enumerate(losses)))
    places = points_of(frame["loss.curve@d"])
    if not losses:
        assert frame["loss.curve@d"] == ""
        return
    assert len(places) <= 301
    assert places[0, 0] == GROUND.left
    assert (float(frame["loss.end@cx"]), float(frame["loss.end@cy"])) == tuple(places[-1])
    low, high = [GROUND.left, GROUND.top], [GROUND.right, GROUND.bottom]
    assert ((places >= low) & (places <= high)).all()
    assert (np.diff(places[:, 0]) >= 0).all()


def test_ticks_say_where_the_curve_is() -> None:
    frame = curve_frame("loss", GROUND, [(0, 0.3), (10, 0.15), (20, 0.0)])
    assert [frame[f"loss.x{i}"] for i in range(3)] == ["0", "10", "20"]
    assert [frame[f"loss.y{i}"] for i in range(3)] == ["0", "0.15", "0.3"]
    assert points_of(frame["loss.curve@d"]).tolist() == [[50, 30], [150, 80], [250, 130]]


def test_every_slot_of_a_frame_is_in_the_drawing() -> None:
    svg = new_panel(300, 200)
    draw_curve(svg, "loss", GROUND, "Loss", "steps")
    fill(svg, curve_frame("loss", GROUND, [(0, 1.0)]))
    assert [e.text for e in svg.iter("text")].count("10") == 1


# The surface.


def test_shades_follow_the_values_and_the_contour_is_where_they_are_one_half() -> None:
    frame = surface_frame(SQUARE, lambda points: points[:, 0])  # dark to the right
    shades = [float(frame[f"c{i}@fill-opacity"]) for i in range(CELLS**2)]
    rows = np.reshape(shades, (CELLS, CELLS))
    assert (rows == rows[0]).all()
    assert (np.diff(rows[0]) >= 0).all()
    assert (rows.min(), rows.max()) == (0.0, DARKEST)
    places = points_of(frame["contour@d"])
    assert set(places[:, 0]) == {SQUARE.left + SQUARE.width / 2}
    assert (places[:, 1].min(), places[:, 1].max()) == (SQUARE.top, SQUARE.bottom)


@same_every_run
@given(st.integers(0, 2**32 - 1))
def test_the_contour_is_where_the_triangles_are_zero(seed: int) -> None:
    heights = np.random.default_rng(seed).normal(size=(4, 4))
    side = np.arange(4.0)
    for piece in contour(side, heights):
        for x, y in piece:
            i, j = int(min(y, 2)), int(min(x, 2))
            u, v = x - j, y - i
            (a, b), (c, d) = heights[i : i + 2, j : j + 2]
            # Each cell is two planes that meet at its diagonal.
            plane = a + u * (b - a) + v * (d - b) if u >= v else a + v * (c - a) + u * (d - c)
            assert abs(plane) < 1e-9
    above = heights > 0
    crossing = (above[:, 1:] != above[:, :-1]).any() or (above[1:] != above[:-1]).any()
    assert bool(contour(side, heights)) == bool(crossing)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 0.5, 1e300])
def test_any_value_gives_a_drawing(value: float) -> None:
    frame = surface_frame(SQUARE, lambda points: np.where(points[:, 0] > 0.5, value, 0.0))
    assert not re.search("nan|inf", "".join(frame.values()))


def test_examples_differ_by_shape_and_have_numbers() -> None:
    svg = new_panel(300, 300)
    draw_surface(svg, SQUARE, np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0]))
    assert [c.get("class") for c in svg.iter("circle")] == ["ag-corner", "ag-corner ag-one"]
    assert [t.text for t in svg.iter("text")][-2:] == ["1", "2"]


# Panels.


def test_a_still_is_one_picture_with_all_panels_and_its_table() -> None:
    panels = [new_panel(100, 50), new_panel(80, 60)]
    for panel in panels:
        write(panel, "<a & b>", 5, 20, "ag-label", slot="words")
    still = Still(
        panels, [{"words": "one"}, {"words": "two"}], "alt <1>", ("a", "b"), [("1", "<2>")]
    )
    svg = ET.fromstring(still.svg())
    assert (svg.get("width"), svg.get("height")) == ("188", "60")
    assert [t.text for t in svg.iter() if t.get("data-slot") == "words"] == ["one", "two"]
    assert len(list(svg.iter("{http://www.w3.org/2000/svg}style"))) == 1
    bundle = still._repr_mimebundle_()
    assert bundle["text/plain"] == "a  b\n1  <2>"
    assert 'alt="alt &lt;1&gt;"' in bundle["text/html"]
    assert "<td>&lt;2&gt;</td>" in bundle["text/html"]
    assert [ET.fromstring(one).get("width") for one in still.svgs()] == ["100", "80"]


def test_coordinates_have_one_decimal_and_no_minus_zero() -> None:
    assert [place(x) for x in (2, 2.04, 2.06, -0.01, "v3")] == ["2", "2", "2.1", "0", "v3"]


def test_columns_stand_below_each_other() -> None:
    assert text_columns([("a", "bb", "c"), ("aaa", "b", "")]) == "a    bb  c\naaa  b"


# The style.


def test_the_style_of_charts_keeps_to_its_scope_in_both_themes() -> None:
    for css, scope, colours in (
        (chart_css(), ".ag-svg", LIGHT),
        (dark_css(".dark"), ".dark .ag-svg", DARK),
    ):
        assert css.count("{") == css.count("}")
        rules = re.findall(r"^([^{]+)\{", css, flags=re.M)
        assert all(part.strip().startswith(scope) for rule in rules for part in rule.split(","))
        assert f".ag-heat {{ fill: {colours['value']}; }}" in css


def test_no_text_of_a_chart_is_smaller_than_12_pixels() -> None:
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", chart_css())]
    assert min(sizes) >= 12
