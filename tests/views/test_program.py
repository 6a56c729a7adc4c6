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
    return [
        element.text or "" for element in ET.fromstring(svg).iter() if element.tag[-4:] == "text"
    ]


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
    count = re.match(r"(\d+) calls, (\d+) arrays", picture.alt)
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
