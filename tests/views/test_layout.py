"""The layout: the same promises from each engine, and a picture when Graphviz is missing."""

import importlib
import shutil
import sys
from collections.abc import Sequence
from itertools import combinations, pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_lite.views import layout as module
from autograd_lite.views.engines import ENGINES
from autograd_lite.views.layout import Layout, layout

Sizes = dict[str, tuple[float, float]]
Edges = list[tuple[str, str]]

ROUNDING = 0.11  # places are rounded to 0.1


def boxes(names: str, size: tuple[float, float] = (150, 78)) -> Sizes:
    return dict.fromkeys(names.split(), size)


def pairs(text: str) -> Edges:
    """'a>b b>c' as edges."""
    return [(tail, head) for tail, head in (edge.split(">") for edge in text.split())]


UNEVEN: Sizes = {"x": (60, 40), "wide": (300, 30), "tall": (80, 200), "y": (150, 78)}
GRAPHS: dict[str, tuple[Sizes, Edges]] = {
    "nothing": ({}, []),
    "one box": (boxes("x"), []),
    "apart": (boxes("a b c d"), pairs("a>b")),
    "sin(x1)+x1*x2": (boxes("x1 x2 sin mul y"), pairs("x1>sin x1>mul x2>mul sin>y mul>y")),
    "x*x": (boxes("x mul y"), pairs("x>mul x>mul mul>y x>y x>y x>y")),
    "uneven": (UNEVEN, pairs("x>wide x>tall wide>y tall>y x>y")),
    "neuron": (
        boxes("x w p b s t w2 p2 y"),
        pairs("x>p w>p p>s b>s s>t t>p2 w2>p2 p2>y x>y"),
    ),
    "two layers": (
        boxes("a b c d e f"),
        [(tail, head) for tail in "ab" for head in "cde"] + pairs("c>f d>f e>f"),
    ),
}


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name == "pygraphviz":
        try:
            importlib.import_module("pygraphviz")
        except (ImportError, OSError) as error:
            pytest.skip(f"pygraphviz cannot be imported: {error}")
    if name == "dot" and shutil.which("dot") is None:
        pytest.skip("the program `dot` is not on the PATH")
    return name


def borders(drawing: Layout, sizes: Sizes, name: str) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    (x, y), (width, height) = drawing.centers[name], sizes[name]
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def bezier(points: Sequence[tuple[float, float]], t: float) -> tuple[float, float]:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x = sum(weight * point[0] for weight, point in zip(weights, points, strict=True))
    return x, sum(weight * point[1] for weight, point in zip(weights, points, strict=True))


def sampled(curve: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    starts = range(0, len(curve) - 1, 3)
    return [bezier(curve[i : i + 4], step / 16) for i in starts for step in range(17)]


def middle_height(curve: Sequence[tuple[float, float]]) -> float:
    return curve[len(curve) // 2 - 1][1] + curve[len(curve) // 2][1]


def assert_sound(drawing: Layout, sizes: Sizes, edges: Edges) -> None:
    """What every drawing promises."""
    assert list(drawing.centers) == list(sizes)
    assert len(drawing.curves) == len(edges)
    boxes = {name: borders(drawing, sizes, name) for name in sizes}
    for left, top, right, bottom in boxes.values():
        assert left >= 0
        assert right <= drawing.width
        assert top >= 0
        assert bottom <= drawing.height
    for one, other in combinations(boxes.values(), 2):
        apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
        assert apart, "two boxes overlap"
    for (tail, head), curve in zip(edges, drawing.curves, strict=True):
        assert len(curve) >= 4
        assert len(curve) % 3 == 1
        assert boxes[tail][2] <= boxes[head][0], "an edge runs from right to left"
        assert curve[0][0] == pytest.approx(boxes[tail][2], abs=ROUNDING)
        assert curve[-1][0] == pytest.approx(boxes[head][0], abs=ROUNDING)
        assert abs(curve[0][1] - drawing.centers[tail][1]) <= module.PORT_REACH + ROUNDING
        assert abs(curve[-1][1] - drawing.centers[head][1]) <= module.PORT_REACH + ROUNDING
        assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in curve)
        for x, y in sampled(curve):
            for name, (left, top, right, bottom) in boxes.items():
                inside = left + 1 < x < right - 1 and top + 1 < y < bottom - 1
                assert not inside, f"edge {tail} to {head} runs through {name}"
    for first, second in combinations(range(len(edges)), 2):
        if edges[first] == edges[second]:
            upper, lower = drawing.curves[first], drawing.curves[second]
            assert upper[0][1] < lower[0][1]
            assert upper[-1][1] < lower[-1][1]
            assert middle_height(upper) <= middle_height(lower), "parallel edges cross"
    numbers = [drawing.width, drawing.height]
    numbers += [side for point in drawing.centers.values() for side in point]
    numbers += [side for curve in drawing.curves for point in curve for side in point]
    assert numbers == [round(number, 1) for number in numbers]


@pytest.mark.parametrize("graph", GRAPHS)
def test_every_engine_keeps_the_promises(
    engine: str, graph: str, capfd: pytest.CaptureFixture[str]
) -> None:
    sizes, edges = GRAPHS[graph]
    drawing = layout(sizes, edges, engine)
    assert drawing.engine == engine
    assert_sound(drawing, sizes, edges)
    assert layout(sizes, edges, engine) == drawing
    assert capfd.readouterr() == ("", "")


def test_two_inputs_keep_their_order(engine: str) -> None:
    drawing = layout(boxes("a b minus"), pairs("a>minus b>minus"), engine)
    assert drawing.centers["a"][1] < drawing.centers["b"][1]


def test_names_are_not_read_by_graphviz(engine: str, capfd: pytest.CaptureFixture[str]) -> None:
    odd = ['"', "<b>x</b>", "n1", "graph", "a -> b; c", "é\n\\N", ""]
    edges = [(odd[0], name) for name in odd[1:]]
    plain_names = [f"box {index}" for index in range(len(odd))]
    drawing = layout(dict.fromkeys(odd, (80, 40)), edges, engine)
    other = layout(
        dict.fromkeys(plain_names, (80, 40)),
        [(plain_names[0], name) for name in plain_names[1:]],
        engine,
    )
    assert list(drawing.centers.values()) == list(other.centers.values())
    assert drawing.curves == other.curves
    assert capfd.readouterr() == ("", "")


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Sizes, Edges]:
    """A graph of up to 24 boxes of any size; with a chain through them for very long edges."""
    side = st.floats(20, 250)
    shapes = draw(st.lists(st.tuples(side, side), max_size=24))
    names = draw(st.permutations([f"b{index}" for index in range(len(shapes))]))
    edges: Edges = []
    if len(shapes) > 1:
        index = st.integers(0, len(shapes) - 1)
        ends = draw(
            st.lists(st.tuples(index, index).filter(lambda two: two[0] != two[1]), max_size=40)
        )
        if draw(st.booleans()):
            ends += [(first, first + 1) for first in range(len(shapes) - 1)]
        edges = [(names[min(two)], names[max(two)]) for two in ends]
    return dict(zip(sorted(names), shapes, strict=True)), edges


@given(graphs())
def test_plain_keeps_the_promises_for_any_graph(graph: tuple[Sizes, Edges]) -> None:
    sizes, edges = graph
    drawing = layout(sizes, edges, "plain")
    assert_sound(drawing, sizes, edges)
    assert layout(sizes, edges, "plain") == drawing


def test_a_chain_of_ten_thousand_boxes_is_drawn_plain_by_itself() -> None:
    names = [f"b{index}" for index in range(10_000)]
    drawing = layout(dict.fromkeys(names, (150, 78)), list(pairwise(names)))
    assert drawing.engine == "plain"
    assert len(drawing.curves) == len(names) - 1


def test_few_boxes_with_very_long_edges_are_drawn_plain_by_themselves() -> None:
    names = [f"b{index}" for index in range(100)]
    edges = [*pairwise(names), *((names[0], name) for name in names[2:])]
    assert layout(dict.fromkeys(names, (150, 78)), edges).engine == "plain"


SIZES, EDGES = GRAPHS["sin(x1)+x1*x2"]


def failing_pygraphviz(error: Exception, given_text: list[str]) -> SimpleNamespace:
    def graph(string: str) -> None:
        given_text.append(string)
        raise error

    return SimpleNamespace(AGraph=graph)


def answering_pygraphviz(answer: bytes) -> SimpleNamespace:
    return SimpleNamespace(AGraph=lambda string: SimpleNamespace(draw=lambda format, prog: answer))


def test_pygraphviz_comes_first() -> None:
    pytest.importorskip("pygraphviz", exc_type=ImportError)
    assert layout(SIZES, EDGES).engine == "pygraphviz"


@pytest.mark.skipif(shutil.which("dot") is None, reason="the program `dot` is not on the PATH")
def test_without_pygraphviz_the_dot_program_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    assert layout(SIZES, EDGES).engine == "dot"


@pytest.mark.parametrize(
    "pygraphviz",
    [
        None,
        failing_pygraphviz(OSError("libgobject-2.0.so.0: cannot open"), []),
        answering_pygraphviz(b""),
        answering_pygraphviz(b'{"objects": []}'),
        answering_pygraphviz(b'{"objects": [{"name": "n0", "pos": "nan"}]}'),
    ],
    ids=["not installed", "no library", "no answer", "no boxes", "no place"],
)
def test_without_graphviz_there_is_still_a_drawing(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    pygraphviz: SimpleNamespace | None,
) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", pygraphviz)
    monkeypatch.setenv("PATH", "")
    drawing = layout(SIZES, EDGES)
    assert drawing == layout(SIZES, EDGES, "plain")
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a script as a program")
def test_a_dot_program_that_fails_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    capfd: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path_factory.mktemp("bin")
    (folder / "dot").write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
    (folder / "dot").chmod(0o755)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setenv("PATH", str(folder))
    assert layout(SIZES, EDGES).engine == "plain"
    assert capfd.readouterr() == ("", "")


def test_graphviz_is_given_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    given_text: list[str] = []
    fake = failing_pygraphviz(OSError(), given_text)
    monkeypatch.setitem(sys.modules, "pygraphviz", fake)
    layout({"secret": (80, 40), "other": (80, 40)}, [("secret", "other")])
    assert len(given_text) == 1
    assert "secret" not in given_text[0]
    assert given_text[0].count("label") == 1
    assert 'label=""' in given_text[0]


@pytest.mark.parametrize("name", ["pygraphviz", "dot"])
def test_a_named_engine_that_is_missing_is_an_error(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuntimeError, match=f"engine='{name}' cannot be used here"):
        layout(SIZES, EDGES, name)


def test_an_unknown_engine_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'neato' is not known.*'pygraphviz', 'dot', 'plain'"):
        layout(SIZES, EDGES, "neato")


@pytest.mark.parametrize("size", [(0, 10), (10, -1), (float("nan"), 10), (10, float("inf"))])
def test_a_size_that_is_no_size(size: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="size of box 'x'"):
        layout({"x": size}, [])


def test_an_edge_to_an_unknown_box() -> None:
    with pytest.raises(ValueError, match="names box 'z'"):
        layout(boxes("x y"), pairs("x>z"))


@pytest.mark.parametrize("edges", ["x>y y>z z>y", "x>y z>z"])
def test_a_circle_is_refused_and_named(edges: str) -> None:
    with pytest.raises(ValueError, match=r"circle through box '[yz]'"):
        layout(boxes("x y z"), pairs(edges))
