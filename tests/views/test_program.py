"""Pictures of programs: what a pass takes away, before and after, and the arrays at the end."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import optim
from autograd_lite.compiler import Compiled, TrainingStep
from autograd_lite.compiler.passes import PASSES, REORDERING


def wasteful() -> Compiled:
    """Something for every exact pass: a sum twice, two constants, a factor 1, a dead gradient."""
    x, w = ag.Tensor([1.0, 2.0, 3.0], name="x"), ag.Tensor([0.5, -1.0, 2.0], name="w")
    k = ag.Tensor(2.0, requires_grad=False)
    y = ((x + w) * (w + x) * (k * 3.0)).sum()
    y.name = "y"
    return ag.ComputationGraph(y).compile()


def step() -> TrainingStep:
    """Something for the passes of a training step: nobody moves x."""
    x = ag.Tensor([[1.0, 2.0], [3.0, 4.0]], name="x")
    w, b = ag.Tensor([[0.5, 0.1], [2.0, 0.3]], name="w"), ag.Tensor([0.1, 0.2], name="b")
    c = ag.Tensor([0.3], name="c")
    loss = ((ag.sigmoid(x @ w + b) + c) ** 2.0).mean()
    loss.name = "loss"
    return ag.ComputationGraph(loss).compile().training_step(optim.SGD([w, b, c], lr=0.1))


COMPILED, STEP = wasteful(), step()
DONE = [
    *((COMPILED, name) for name in [*(name for name, _ in COMPILED.passes), "arrays"]),
    *((STEP, name) for name in [*(name for name, _ in STEP.passes), "arrays"]),
]


def texts(svg: str) -> list[str]:
    found = [element for element in ET.fromstring(svg).iter() if element.tag[-4:] == "text"]
    return ["".join(element.itertext()) for element in found]


def boxes(svg: str) -> list[dict[str, str]]:
    """For each sheet where its boxes stand, by their first line."""
    sheets = [sheet for sheet in ET.fromstring(svg) if sheet.tag[-3:] == "svg"]
    found = []
    for sheet in sheets:
        nodes = [node for node in sheet.iter() if "ag-node" in node.get("class", "")]
        firsts = ["".join(node[1].itertext()).lstrip("−+ ") for node in nodes]
        assert len(set(firsts)) + firsts.count("6") - ("6" in firsts) == len(firsts)
        found.append(dict(zip(firsts, (node.get("transform", "") for node in nodes), strict=True)))
    return found


@pytest.mark.parametrize(
    ("of", "name"), DONE, ids=[f"{type(of).__name__}, {name}" for of, name in DONE]
)
def test_every_pass_has_a_picture(of: Compiled | TrainingStep, name: str) -> None:
    picture = ag.draw_pass(of, name)
    svg = ET.fromstring(picture.svg())
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == picture.alt
    assert len(picture.alt) > 10
    bundle = picture._repr_mimebundle_()
    assert picture.alt.split("∂")[0] in bundle["text/html"]
    assert bundle["text/plain"] == repr(picture)
    assert picture.svg() == ag.draw_pass(of, name).svg()


def test_the_examples_show_every_pass() -> None:
    shown = {name for _, name in DONE}
    assert shown >= {*PASSES, *REORDERING, "gradients that nobody needs", "arrays"}


def test_what_goes_is_struck_through_and_told() -> None:
    picture = ag.draw_pass(COMPILED, "common subexpressions")
    before = dict(COMPILED.passes)["algebra"]
    after = dict(COMPILED.passes)["common subexpressions"]
    left = {call.number for call in after.calls}
    gone = [call.label for call in before.calls if call.number not in left]
    assert gone == ["v3", "∂y/∂v3", "∂y/∂w"]
    assert picture.svg().count('class="ag-node ag-operation ag-gone') == len(gone)
    assert [f"− {label}" for label in gone] == [t for t in texts(picture.svg()) if t[:1] == "−"]
    assert "v3, ∂y/∂v3, ∂y/∂w" in picture.alt
    struck = [e.text for e in ET.fromstring(picture.svg()).iter() if e.get("class") == "ag-struck"]
    assert struck == gone  # the − beside it is not


@pytest.mark.parametrize("name", ["common subexpressions", "dead calls"])
def test_what_stays_stands_where_it_stood(name: str) -> None:
    before, after = boxes(ag.draw_pass(COMPILED, name).svg())
    assert len(after) < len(before)
    assert after.items() <= before.items()


def test_an_arrow_that_stays_keeps_its_curve_and_a_new_one_joins_the_borders() -> None:
    sheets = ag.draw_pass(COMPILED, "common subexpressions").sheets
    before, after = [sheet._places for sheet in sheets]
    assert before is not None
    assert after is not None
    old = set(before.curves.values())
    named = {
        (sheets[1].names[tail], sheets[1].names[head], lane): curve
        for (tail, head, lane), curve in after.curves.items() if curve not in old
    }  # fmt: skip
    # v3 was the other factor, and ∂y/∂v3 the other summand.
    assert set(named) == {("v2", "v4", 1), ("v2", "∂y/∂v2", 0), ("∂y/∂v2", "∂y/∂x", 1)}
    for (tail, head, _), curve in after.curves.items():
        assert curve[0][0] == pytest.approx(after.centers[tail][0] + after.sizes[tail][0] / 2)
        assert curve[-1][0] == pytest.approx(after.centers[head][0] - after.sizes[head][0] / 2)
    assert len(set(after.curves.values())) == len(after.curves)


def test_with_a_new_box_all_are_placed_anew() -> None:
    before, after = boxes(ag.draw_pass(COMPILED, "algebra").svg())
    assert before["v2"] != after["v2"]


@pytest.mark.parametrize(
    ("of", "name"), DONE, ids=[f"{type(of).__name__}, {name}" for of, name in DONE]
)
def test_arrows_run_to_the_right(of: Compiled | TrainingStep, name: str) -> None:
    for sheet in ag.draw_pass(of, name).sheets:
        if sheet._places:
            assert all(curve[0][0] < curve[-1][0] for curve in sheet._places.curves.values())


def test_a_wide_picture_stays_readable() -> None:
    picture = ag.draw_pass(STEP, "constant folding")
    width = float(ET.fromstring(picture.svg()).get("width", 0))
    html = picture._repr_mimebundle_()["text/html"]
    assert width > 1500
    assert f"max-width:100%;min-width:{0.75 * width:.0f}px" in html
    assert "overflow-x:auto" in html


def test_a_call_without_a_name_is_not_called_like_a_number() -> None:
    shown = texts(ag.draw_pass(STEP, "as recorded").svg())
    assert {"t2", "−t3", "exp(t4)"} <= set(shown)
    assert not any("·" in text for text in shown)
    assert not any("t-1" in text for text in texts(ag.draw_pass(STEP, "signs merged").svg()))


def test_what_is_written_anew_is_marked() -> None:
    x = ag.Tensor([1.0, 2.0], name="x")
    picture = ag.draw_pass(ag.ComputationGraph((x * -1.0).sum()).compile(), "algebra")
    assert "+ v1" in texts(picture.svg())
    assert "−x" in texts(picture.svg())


def test_boxes_of_the_two_passes_are_told_apart_by_more_than_colour() -> None:
    svg = ET.fromstring(ag.draw_pass(COMPILED, "as recorded").svg())
    styles = {
        element.text: element.get("class") for element in svg.iter() if element.tag[-4:] == "text"
    }
    assert styles["v2"] == "ag-value"
    assert styles["∂y/∂v2"] == "ag-grad"
    assert "∂" not in "".join(t for t, s in styles.items() if t and s == "ag-value")


def test_the_last_picture_names_the_arrays_of_the_source() -> None:
    picture = ag.draw_pass(COMPILED, "arrays")
    for call, name in COMPILED.arrays.items():
        assert f"{name} = np.empty" in COMPILED.source
        assert any(text.endswith(f"→ {name}") for text in texts(picture.svg())), call
    count = re.search(r"(\d+) calls, (\d+) arrays", picture.alt)
    assert count is not None
    assert [int(n) for n in count.groups()] == [
        len(COMPILED.passes[-1][1]), len(set(COMPILED.arrays.values())),
    ]  # fmt: skip


def test_names_are_text() -> None:
    x = ag.Tensor(np.ones(3), name='<script>"&\x07')
    picture = ag.draw_pass(ag.ComputationGraph((x * 2.0).sum()).compile(), "as recorded")
    assert "<script>" not in picture.svg()
    assert "<script>" not in picture._repr_mimebundle_()["text/html"]
    ET.fromstring(picture.svg())


def test_an_unknown_pass_is_refused() -> None:
    with pytest.raises(ValueError, match="received 'magic', expected one of 'as recorded', "):
        ag.draw_pass(COMPILED, "magic")
