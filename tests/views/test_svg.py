"""SVG: one skeleton, filled at each step; names are text, numbers fit, nothing moves."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Operation, Tensor
from autograd_lite.recording import Scope, within
from autograd_lite.views.diagram import make_diagram
from autograd_lite.views.picture import Picture
from autograd_lite.views.svg import HEIGHT, TITLE, WIDTH, clean, place
from tests.strategies import Program, programs, same_every_run

SVG = "{http://www.w3.org/2000/svg}"
MONO = 14 * 0.61  # the width of a letter of a number: 14 px, as wide as common fonts get
BOLD = 13 * 0.62  # of a digit in a title
INDENT = 12
HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror="alert(1)">', "a&b", "&lt;", "'",
    "]]>", "-->", "\x00\x08\x1f", "\ud800", "\ufffe", "😀👩‍👩‍👧", "مرحبا", "\u202egnp.x", "x" * 500,
    "tab\there", "new\nline", "e1@class", "svg", "v0.value", " ",
)  # fmt: skip


def worked_example() -> tuple[Tensor, Tensor, Tensor]:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    product = x1 * x2
    return x1, x2, ag.sin(x1) + product


def picture(y: Tensor, **options: Any) -> Picture:
    return Picture(ComputationGraph(y), **options)


def drawings(picture: Picture) -> Iterator[ET.Element]:
    for step in range(len(picture.trace.steps)):
        yield ET.fromstring(picture.svg(step))


def tags(svg: ET.Element) -> list[str]:
    return [element.tag for element in svg.iter()]


def by_class(svg: ET.Element, name: str) -> list[ET.Element]:
    return [e for e in svg.iter() if name in e.get("class", "").split()]


def shown(element: ET.Element) -> str:
    return "".join(element.itertext())


# Structure.


@settings(same_every_run, max_examples=30)
@given(programs())
def test_every_node_and_every_edge_is_there_with_its_texts(program: Program) -> None:
    y = program.record()[1]
    graph = ComputationGraph(y)
    svg = ET.fromstring(picture(y).svg())
    assert [e.get("data-node") for e in by_class(svg, "ag-node")] == [
        graph.label(node) for node in graph.nodes
    ]
    edges = [
        f"{graph.label(tensor)}>{graph.label(node)}:{position}"
        for node in graph.nodes
        for position, tensor in enumerate(node.inputs)
    ]
    assert [e.get("data-edge") for e in by_class(svg, "ag-edge")] == edges
    assert len(by_class(svg, "ag-value")) == len(by_class(svg, "ag-grad")) == len(graph.nodes)
    assert len(by_class(svg, "ag-local")) == len(edges)


@settings(same_every_run, max_examples=30)
@given(programs(), st.sampled_from(["node", "edge"]))
def test_stepping_changes_texts_and_attributes_and_adds_nothing(program: Program, by: str) -> None:
    one, *others = drawings(picture(program.record()[1] * 2.0, granularity=by))
    for other in others:
        assert tags(other) == tags(one)
        for before, after in zip(one.iter(), other.iter(), strict=True):
            assert before.keys() == after.keys()
            changed = {name for name in before.attrib if before.get(name) != after.get(name)}
            allowed = {"class", "stroke-width", "data-step", "data-phase", "aria-label"}
            assert changed <= allowed


def test_the_slots_are_unique() -> None:
    svg = picture(worked_example()[2]).skeleton
    slots = [e.get("data-slot") for e in svg.iter() if e.get("data-slot")]
    assert len(slots) == len(set(slots))


def test_a_square_has_two_edges_that_are_two_curves() -> None:
    x = Tensor(3.0, name="x")
    svg = ET.fromstring(picture(x * x).svg())
    edges = by_class(svg, "ag-edge")
    assert [e.get("data-edge") for e in edges] == ["x>v1:0", "x>v1:1"]
    curves = {by_class(e, "ag-forward-line")[0].get("d") for e in edges}
    assert len(curves) == 2


def test_gates_variables_and_constants_differ_by_shape() -> None:
    k = Tensor(3.0, requires_grad=False, name="k")
    svg = ET.fromstring(picture(Tensor(2.0, name="x") * k).svg())
    corners = {
        name: by_class(by_class(svg, name)[0], "ag-box")[0].get("rx")
        for name in ("ag-variable", "ag-operation")
    }
    assert corners["ag-variable"] != corners["ag-operation"]
    assert "ag-constant .ag-box { stroke-dasharray" in shown(svg)


# Values, gradients and their marks.


def test_the_fork_in_the_middle_of_the_backward_pass() -> None:
    svg = ET.fromstring(picture(worked_example()[2]).svg(7))
    node = {e.get("data-node"): e for e in by_class(svg, "ag-node")}
    assert shown(by_class(node["x1"], "ag-value")[0]) == "▸ 2.0000"
    assert shown(by_class(node["x1"], "ag-grad")[0]) == "◂ ∇ −0.4161"
    assert shown(by_class(node["x1"], "ag-badge")[0]) == "1 of 2 arrows"
    assert shown(by_class(node["x2"], "ag-grad")[0]) == ""
    assert shown(by_class(node["x1"], "ag-title")[0]) == "● x1"
    assert "ag-receiving" in node["x1"].get("class", "")
    assert svg.get("aria-label", "").startswith("backward: ∂y/∂x1 = ")
    assert (svg.get("data-step"), svg.get("data-phase")) == ("7", "backward")


def test_an_output_without_a_name_is_called_y_and_every_output_has_its_number() -> None:
    x1, x2, y = worked_example()
    titles = [shown(e) for e in by_class(ET.fromstring(picture(y).svg()), "ag-title")]
    assert titles == ["x1", "x2", "v2", "v3", "y = v4"]
    y.name = "loss"
    titles = [shown(e) for e in by_class(ET.fromstring(picture(y).svg()), "ag-title")]
    assert titles[-1] == "loss = v4"
    titles = [
        shown(e) for e in by_class(ET.fromstring(picture(x1 * x2, gradient=0.5).svg()), "ag-title")
    ]
    assert titles == ["x1", "x2", "v2"]  # what is differentiated is somebody else's


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_has_the_loud_class(value: float) -> None:
    svg = ET.fromstring(picture(Tensor(value, name="x") * 1.0).svg())
    assert "!" in shown(by_class(svg, "ag-loud")[0])


# Names.


@settings(same_every_run, max_examples=40)
@given(st.text(min_size=1) | st.sampled_from(HOSTILE), st.booleans())
def test_a_name_is_text_and_nothing_else(name: str, leaf: bool) -> None:
    def draw(name: str) -> str:
        x = Tensor(2.0, name=name if leaf else "x")
        y = x * x
        if not leaf:
            y.name = name
        return picture(y).svg()

    text = draw(name)
    text.encode()
    svg, plain = ET.fromstring(text), ET.fromstring(draw("plain"))
    assert tags(svg) == tags(plain)
    for element, other in zip(svg.iter(), plain.iter(), strict=True):
        assert element.keys() == other.keys()
        assert element.get("class") == other.get("class")
        assert element.get("data-slot") == other.get("data-slot")
    node = by_class(svg, "ag-node")[0 if leaf else 1]
    assert len(shown(by_class(node, "ag-title")[0])) <= TITLE + 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_scope_may_be_called_anything(name: str) -> None:
    with ag.scope(name):
        y = Tensor(2.0, name="x") * 2.0
    svg = ET.fromstring(picture(y, closed=[name]).svg())
    assert len(by_class(svg, "ag-scope")) == 1


def test_the_whole_name_is_in_the_tooltip() -> None:
    svg = ET.fromstring(picture(Tensor(2.0, name="x" * 40) * 2.0).svg())
    titles = [shown(e) for e in svg.iter(f"{SVG}title")]
    assert titles[0].startswith("x" * 40 + ": ")


@given(st.text(st.characters()))
@same_every_run
def test_cleaned_text_is_text_of_an_xml_file(text: str) -> None:
    assert ET.fromstring(f"<a>{clean(text).replace('&', '').replace('<', '')}</a>") is not None


class MultiplyLayer(Operation):
    def forward(self, x: Any, y: Any) -> Any:
        return x * y

    def backward(self, dz: Any) -> Any:
        x, y = self.inputs
        return dz * y, dz * x


@pytest.mark.parametrize("name", ["M", "MultiplyLayer", "AVeryLongNameOfAnOperation"])
@pytest.mark.parametrize("called", [None, "z", "hidden_layer_activation"])
def test_the_name_of_a_node_keeps_its_room_beside_a_long_class_name(
    name: str, called: str | None
) -> None:
    y = type(name, (MultiplyLayer,), {})()(Tensor(2.0, name="x"), Tensor(3.0, name="w"))
    y.name = called
    box = by_class(ET.fromstring(picture(y).svg()), "ag-output")[0]
    title = shown(by_class(box, "ag-title")[0])
    kinds = [*by_class(box, "ag-kind"), *by_class(box, "ag-symbol")]
    assert len(title) + len(shown(kinds[0])) <= TITLE
    if called != "hidden_layer_activation":
        assert title == f"{called or 'y'} = v2"
    else:
        assert title.startswith("h")
        assert title.endswith("… = v2")


# Sizes and places.


def test_nothing_moves_when_the_inputs_change() -> None:
    drawing = picture(worked_example()[2])
    before = ET.fromstring(drawing.svg())
    drawing.graph.forward(x1=-1e9, x2=1e-9)
    drawing.refresh()
    after = ET.fromstring(drawing.svg())
    assert shown(before) != shown(after)
    places = ("x", "y", "transform", "d", "width", "height", "viewBox", "rx")
    for one, other in zip(before.iter(), after.iter(), strict=True):
        assert [one.get(p) for p in places] == [other.get(p) for p in places]


@settings(same_every_run, max_examples=40)
@given(st.floats(width=64), st.floats(width=64))
def test_no_number_is_wider_than_its_box(a: float, b: float) -> None:
    with np.errstate(all="ignore"):
        svg = ET.fromstring(picture(Tensor(a, name="a") * Tensor(b, name="b")).svg())
    for element in [*by_class(svg, "ag-value"), *by_class(svg, "ag-grad")]:
        assert INDENT + MONO * len(shown(element)) <= WIDTH


@settings(same_every_run, max_examples=40)
@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_bare_constant_has_all_its_digits_in_its_box(value: float) -> None:
    svg = ET.fromstring(picture(Tensor(0.0, name="x") * value).svg())
    constant = by_class(svg, "ag-constant")[0]
    digits = shown(by_class(constant, "ag-title")[0])
    assert float(digits.replace("−", "-")) == pytest.approx(value, rel=1e-5)
    width = float(by_class(constant, "ag-box")[0].get("width", ""))
    assert INDENT + BOLD * len(digits) <= width


def test_an_array_of_many_dimensions_fits_too() -> None:
    svg = ET.fromstring(picture(Tensor(np.zeros((64, 3, 10, 10)), name="x").sum()).svg())
    for element in [*by_class(svg, "ag-value"), *by_class(svg, "ag-grad")]:
        assert INDENT + MONO * len(shown(element)) <= WIDTH


def test_every_box_is_inside_the_drawing() -> None:
    svg = ET.fromstring(picture(worked_example()[2]).svg())
    for node in by_class(svg, "ag-node"):
        left, top = map(float, re.findall(r"[-\d.]+", node.get("transform", "")))
        assert 0 <= left <= float(svg.get("width", "")) - WIDTH
        assert 0 <= top <= float(svg.get("height", "")) - HEIGHT


def test_scopes_that_feed_each_other_still_draw() -> None:
    x = Tensor(0.5, name="x")
    a, b = Scope("a"), Scope("b")

    def sin_in(scope: Scope, x: Tensor) -> Tensor:
        with within((scope,)):
            return ag.sin(x)

    y = sin_in(a, sin_in(b, sin_in(a, x))) * 2.0
    drawing = picture(y, closed=["a", "b"])
    svg = ET.fromstring(drawing.svg())
    assert [e.get("data-edge") for e in by_class(svg, "ag-edge")][:3] == ["x>a:0", "a>b:0", "b>a:0"]
    curves = place(drawing.diagram).curves
    assert all(np.isfinite(point).all() for curve in curves for point in curve)


@pytest.mark.parametrize("engine", ["pygraphviz", "plain"])
def test_the_picture_is_the_same_whoever_finds_the_places(engine: str) -> None:
    if engine == "pygraphviz":
        pytest.importorskip("pygraphviz", exc_type=ImportError)
    y = worked_example()[2]
    drawn, other = (ET.fromstring(picture(y, engine=e).svg()) for e in (engine, None))
    assert tags(drawn) == tags(other)
    assert [shown(e) for e in drawn.iter()] == [shown(e) for e in other.iter()]


def test_a_diagram_of_one_box() -> None:
    diagram = make_diagram(ComputationGraph(Tensor(1.0, name="x")))
    assert place(diagram).centers.keys() == {"v0"}
