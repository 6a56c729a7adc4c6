"""Stepper: traits that can be set, observed and linked; the browser gets what Python draws."""

import copy
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from autograd_lite.views.text import sentence
from tests.strategies import Program, programs, same_every_run


def worked_example() -> tuple[Tensor, Tensor, Tensor]:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    product = x1 * x2
    return x1, x2, ag.sin(x1) + product


def stepper(**options: Any) -> ag.Stepper:
    return ag.Stepper(worked_example()[2], **options)


def canonical(svg: str) -> str:
    return ET.canonicalize(svg, rewrite_prefixes=True)


def patched(widget: ag.Stepper) -> Iterator[str]:
    """What the browser shows: the drawing it was sent, changed by one frame after the other."""
    svg = ET.fromstring(widget._svg)
    slots = {element.get("data-slot"): element for element in svg.iter()}
    for frame in widget._trace["frames"]:
        for key, text in frame.items():
            slot, at, attribute = key.partition("@")
            if at:
                slots[slot].set(attribute, text)
            else:
                slots[slot].text = text
        yield canonical(ET.tostring(svg, encoding="unicode"))


def drawn(widget: ag.Stepper) -> Iterator[str]:
    for index in range(len(widget._trace["steps"])):
        yield canonical(widget.render_svg(index))


def shown(svg: str) -> list[str]:
    return [text for e in ET.fromstring(svg).iter() if (text := e.text) and e.get("data-slot")]


# What is sent is what Python draws.


@settings(same_every_run, max_examples=20)
@given(programs(), st.sampled_from(["node", "edge"]))
def test_the_frames_that_are_sent_are_the_pictures_that_python_draws(
    program: Program, by: str
) -> None:
    widget = ag.Stepper(program.record()[1], granularity=by)
    assert list(patched(widget)) == list(drawn(widget))


def test_every_step_has_its_frame_its_sentence_and_its_equations() -> None:
    widget = stepper()
    trace = widget.still().trace
    steps = widget._trace["steps"]
    assert len(steps) == len(widget._trace["frames"]) == len(trace.steps) == 9
    assert [step["phase"] for step in steps] == [step.phase for step in trace.steps]
    assert [step["sentence"] for step in steps] == [sentence(trace, step) for step in trace.steps]
    fork = steps[7]["equations"][0]
    assert (fork["left"], fork["note"]) == ("∂y/∂x1", "so far, 1 of 2 arrows")
    assert fork["local"] == "∂v3/∂x1 = cos(x1)"
    assert [text for text, _ in fork["lines"][1]] == ["1.0000", " · ", "(−0.4161)", " + ", "?"]
    assert steps[8]["rule"].startswith("× is a switcher")
    assert len(widget._trace["rows"]) == 9


def test_render_svg_shows_the_step_where_the_stepper_stands() -> None:
    widget = stepper(step=4)
    assert widget.render_svg() == widget.render_svg(4) == widget.still().svg()
    assert widget.render_svg(5) != widget.render_svg(4)


# Traits.


def test_the_step_can_be_set_and_observed() -> None:
    widget = stepper()
    seen = []
    widget.observe(lambda change: seen.append(change["new"]), "step")
    for step in (3, 8, 0):
        widget.step = step
    assert seen == [3, 8, 0]
    assert repr(widget) == "Stepper(y, step 1 of 9)"


def test_steppers_can_be_linked() -> None:
    one, other = stepper(), stepper()
    traitlets.link((one, "step"), (other, "step"))
    other.step = 6
    assert one.step == 6


@pytest.mark.parametrize("step", [-1, 9, 100])
def test_a_step_that_does_not_exist_is_refused(step: int) -> None:
    widget = stepper(step=2)
    with pytest.raises(ValueError, match=f"step: received {step}, expected 0 to 8"):
        widget.step = step
    assert widget.step == 2
    with pytest.raises(ValueError, match=f"step: received {step}, expected 0 to 8"):
        stepper(step=step)
    with pytest.raises(traitlets.TraitError):
        widget.step = 1.5


def test_an_unknown_granularity_is_refused() -> None:
    widget = stepper()
    with pytest.raises(ValueError, match="granularity: received 'leaf'"):
        widget.granularity = "leaf"
    assert widget.granularity == "node"
    with pytest.raises(ValueError, match="granularity"):
        stepper(granularity="leaf")


@pytest.mark.parametrize("by", ["node", "edge"])
def test_it_starts_at_the_step_it_is_given(by: str) -> None:
    for step in range(9):
        widget = stepper(step=step, granularity=by)
        assert widget.step == step
        assert widget.still().step == step


def place(widget: ag.Stepper) -> tuple[str, str]:
    step = widget.still().trace.steps[widget.step]
    return step.phase, widget.still().trace.name(step.node).text


def known(widget: ag.Stepper) -> list[str]:
    """The values and gradients in the boxes."""
    return [text for text in shown(widget.render_svg()) if text[0] in "▸◂"]


def test_another_granularity_keeps_the_place() -> None:
    for step in range(9):
        widget = stepper(step=step)
        before, texts = place(widget), known(widget)
        widget.granularity = "edge"
        assert place(widget) == before
        assert known(widget) == texts  # nothing un-happens
        assert len(widget._trace["steps"]) == 11
        assert list(patched(widget)) == list(drawn(widget))
        widget.granularity = "node"
        assert (place(widget), widget.step) == (before, step)


# Inputs.


def test_new_inputs_are_computed_at_the_same_step() -> None:
    widget = stepper(step=8)
    skeleton = widget._svg
    widget.inputs = {"x1": 0.0}
    assert (widget.step, widget.inputs) == (8, {"x1": 0.0, "x2": 3.0})
    assert widget._svg == skeleton  # nothing moves, nothing is sent again
    texts = shown(widget.render_svg())
    assert "▸ 0.0000" in texts
    assert "◂ ∇ 4.0000" in texts  # cos(0) + 3
    assert list(patched(widget)) == list(drawn(widget))


def test_the_learners_own_graph_stays_as_it_is() -> None:
    x1, x2, y = worked_example()
    graph = ComputationGraph(y)
    before = (float(x1.data), float(x2.data), float(y.data))
    widget = ag.Stepper(graph)
    widget.inputs = {"x1": 100.0}
    widget.granularity = "edge"
    assert (float(x1.data), float(x2.data), float(y.data)) == before
    assert (x1.grad, x2.grad, y.grad) == (None, None, None)
    y.backward()
    assert x1.grad == pytest.approx(3 + np.cos(2.0))
    graph.forward(x1=-1.0)
    assert widget.inputs["x1"] == 100.0


def test_two_steppers_of_one_graph_are_independent() -> None:
    graph = ComputationGraph(worked_example()[2])
    one, other = ag.Stepper(graph), ag.Stepper(graph)
    before = copy.deepcopy(other._trace)
    one.inputs = {"x1": 9.0}
    one.step = 3
    assert (other._trace, other.step, other.inputs["x1"]) == (before, 0, 2.0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 0.0, 1e308])
@pytest.mark.parametrize("by", ["node", "edge"])
def test_inputs_may_lead_anywhere_without_error_or_warning(value: float, by: str) -> None:
    x, k = Tensor(1.0, name="x"), Tensor(1.0, requires_grad=False, name="k")
    widget = ag.Stepper(np.log(x) / (x * k) + 10.0**x, granularity=by)
    widget.inputs = {"x": value}
    widget.inputs = {"k": 0.0}
    widget.granularity = "edge" if by == "node" else "node"
    assert any("!" in text for text in shown(widget.render_svg(len(widget._trace["steps"]) - 1)))


def test_a_stepper_may_start_where_nothing_is_finite() -> None:
    with np.errstate(all="ignore"):
        y = np.sqrt(Tensor(0.0, name="x")) / 0.0
    assert ag.Stepper(y).inputs == {"x": 0.0}


def test_inputs_are_single_numbers_with_a_name_of_their_own() -> None:
    twins = Tensor(1.0, name="w") * Tensor(2.0, name="w")
    y = (Tensor([1.0, 2.0], name="v") * Tensor(3.0, name="x") * Tensor(4.0) * twins).sum()
    widget = ag.Stepper(y)
    assert widget.inputs == {"x": 3.0}
    assert [slider["name"] for slider in widget._sliders] == ["x"]


# Sliders.


def test_a_slider_reaches_to_both_sides_and_around_its_value() -> None:
    y = Tensor(0.5, name="a") * Tensor(-30.0, name="b")
    small, large = ag.Stepper(y)._sliders
    assert (small["min"], small["max"]) == (-4.0, 4.0)
    assert large["min"] <= -30.0 <= large["max"]


def test_a_slider_takes_the_range_it_is_given() -> None:
    slider = stepper(sliders={"x2": (0, 10)})._sliders[1]
    assert (slider["name"], slider["min"], slider["max"]) == ("x2", 0, 10)
    assert 0 < slider["step"] <= 0.1
    assert stepper(sliders={"x1": [0.0, 1e-6]})._sliders[0]["step"] < 1e-7


@pytest.mark.parametrize("value", [1e308, -1.7e308, float("inf"), float("nan"), 0.0, 1e-300])
def test_a_slider_has_finite_ends_whatever_its_value(value: float) -> None:
    (slider,) = ag.Stepper(Tensor(value, name="x") + 0.0)._sliders
    assert all(np.isfinite(slider[end]) for end in ("min", "max", "step"))
    assert slider["min"] < slider["max"]


@pytest.mark.parametrize(
    "given",
    [(1, 0), (1, 1), (0, float("inf")), (float("nan"), 1), 3, (1,), (1, 2, 3), ("a", "b")],
)
def test_a_range_that_is_none_is_refused_by_name(given: Any) -> None:
    with pytest.raises(ValueError, match=r"sliders: .*x1.*\(low, high\)"):
        stepper(sliders={"x1": given})


def test_a_slider_for_an_unknown_input_is_refused() -> None:
    with pytest.raises(ValueError, match=r"sliders: received 'q', expected .*x1, x2"):
        stepper(sliders={"q": (0, 1)})


# What cannot be stepped.


def test_an_output_without_a_gradient_is_refused_in_the_engines_words() -> None:
    vector, constant = Tensor([1.0, 2.0], name="v"), Tensor(1.0, requires_grad=False, name="k")
    with pytest.raises(ValueError, match="needs a seed"):
        ag.Stepper(vector * 2.0)
    with pytest.raises(ValueError, match="depends on no variable"):
        ag.Stepper(constant * 2.0)
    with pytest.raises(TypeError, match="expected the Tensor"):
        ag.Stepper(2.0)
    with pytest.raises(ValueError, match="no scope is named"):
        stepper(closed=["layer"])


def test_a_seed_and_closed_scopes_are_passed_on() -> None:
    with ag.scope("double"):
        y = Tensor([1.0, 2.0], name="v") * 2.0
    widget = ag.Stepper(y, gradient=[1.0, -1.0], closed=["double"])
    assert repr(widget) == "Stepper(L, step 1 of 4)"
    assert 'data-node="double"' in widget.render_svg()
    assert "◂ ∇ (2,)" in shown(widget.render_svg(3))


# Scopes.


def network() -> Tensor:
    rng = np.random.default_rng(0)
    x = Tensor(rng.normal(size=(4, 2)), requires_grad=False, name="x")
    w, b = Tensor(rng.normal(size=(2, 3)), name="w"), Tensor(np.zeros(3), name="b")
    with ag.scope("net"):
        with ag.scope("layer", [w, b]):
            h = ag.tanh(x @ w + b)
        with ag.scope("head"):
            y = (h**2).mean()
    return y


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from(["net", "layer", "head"]), unique=True),
    st.sampled_from(["node", "edge", "scope"]),
    st.data(),
)
def test_opening_and_closing_stays_at_the_node(
    closed: list[str], granularity: str, data: st.DataObject
) -> None:
    widget = ag.Stepper(network(), granularity=granularity)
    step = data.draw(st.integers(0, len(widget._trace["steps"]) - 1))
    widget.step = step
    before = widget.still().trace.steps[step]
    widget.closed = closed
    after = widget.still().trace.steps[widget.step]
    assert after.phase == before.phase
    if granularity == "scope":
        shown = {one.node for one in after.inner or (after,)}
        assert shown & {one.node for one in before.inner or (before,)}
    else:
        assert after.node is before.node
        assert widget.step == step
    assert list(patched(widget)) == list(drawn(widget))
    assert set(widget.closed) == set(closed)


def test_what_is_closed_is_a_trait_with_names_in_their_order() -> None:
    widget = ag.Stepper(network(), closed=["head", "layer"])
    assert widget.closed == ["layer", "head"]
    with pytest.raises(ValueError, match="no scope is named 'tail'"):
        widget.closed = ["tail"]
    assert widget.closed == ["layer", "head"]


def test_only_a_graph_with_scopes_steps_by_scope() -> None:
    assert "scope" in ag.Stepper(network())._granularities
    assert "scope" not in stepper()._granularities


# What comes from the browser.


@pytest.mark.parametrize(
    "state", [{"step": 99}, {"granularity": "leaf"}, {"inputs": {"zzz": 1.0}}, {"closed": ["no"]}]
)
def test_a_refused_value_from_the_browser_leaves_the_widget_as_it_was(state: Any) -> None:
    widget = stepper(step=3)
    before = {name: getattr(widget, name) for name in ("step", "granularity", "inputs", "closed")}
    with pytest.raises(ValueError, match=r"received|no scope"):
        widget.set_state(state)
    assert {name: getattr(widget, name) for name in before} == before
    assert widget.render_svg() == stepper(step=3).render_svg()


def test_a_value_that_an_operation_refuses_leaves_the_sliders_where_the_graph_is() -> None:
    class Choosy(ag.Operation):
        def forward(self, x: Any) -> Any:
            if x > 4:
                raise ValueError("too large")
            return 1.0 * x

        def backward(self, dz: Any) -> Any:
            return dz

    widget = ag.Stepper(Choosy()(Tensor(2.0, name="x1")))
    with pytest.raises(ValueError, match="too large"):
        widget.inputs = {"x1": 5.0}
    assert widget.inputs == {"x1": 2.0}
    widget.inputs = {"x1": 3.0}
    assert "3.0000" in widget.render_svg()


def test_a_picture_of_a_product_with_a_bare_number_appears() -> None:
    x = Tensor([1.0, 2.0], name="x")
    assert ag.Stepper(ag.einsum(",i->i", 2.0, x).sum())._svg
