"""What a page answers is what Python answers, and asking for it changes nothing."""

import json
import re
from itertools import product
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.widgets.columns import unpack
from autograd_lite.widgets.front import Front
from autograd_lite.widgets.page import as_page, script_json
from autograd_lite.widgets.recorded import narrow
from autograd_lite.widgets.state import page_state
from autograd_lite.widgets.walk import CYCLE, TICK


def stepper(x1: float = 2.0, **options: Any) -> ag.Stepper:
    x, y = Tensor(x1, name="x1"), Tensor(3.0, name="x2")
    return ag.Stepper(np.sin(x) + x * y, **options)


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def answers(
    recorded: dict[str, Any], every: int = 1
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Where each axis stands, and the answer there; every so many of them."""
    axes = recorded["axes"]
    names = [axis["name"] for axis in axes]
    places = list(product(*(axis["places"] for axis in axes)))
    assert len(places) == len(recorded["index"])
    return [
        (dict(zip(names, place, strict=True)), unpack(recorded, index))
        for place, index in list(zip(places, recorded["index"], strict=True))[::every]
    ]


@given(st.floats(-100, 100), st.floats(0.01, 1000), st.floats(0, 1), st.integers(5, 41))
def test_a_slider_keeps_its_start_and_its_range(
    low: float, wide: float, share: float, most: int
) -> None:
    high = low + wide
    start = min(low + share * wide, high)
    slider = {"name": "x", "min": low, "max": high, "step": 0.01}
    places = narrow(slider, start, most)
    assert 2 <= len(places) <= most
    assert places == sorted(set(places))
    assert np.isclose(places, start, rtol=1e-9, atol=1e-9 * wide).any()
    assert np.allclose(np.diff(places), slider["step"], rtol=1e-6)
    assert places[0] >= low - 1e-9 * (abs(low) + wide)
    assert places[-1] <= high + 1e-9 * (abs(high) + wide)
    assert (slider["min"], slider["max"]) == (places[0], places[-1])


def test_a_stepper_answers_as_python_does_at_every_place() -> None:
    page = as_page(stepper(step=4, granularity="edge"))
    live = stepper(step=4, granularity="edge")
    assert len(page["recorded"]["index"]) == 17 * 13
    for inputs, answer in answers(page["recorded"], 7):
        live.inputs = inputs
        assert answer == {"inputs": inputs, "_trace": plain(live._trace)}
    assert page["state"]["_sliders"][0] == {"name": "x1", "min": -4.0, "max": 4.0, "step": 0.5}


def test_many_inputs_move_one_at_a_time() -> None:
    leaves = [Tensor(float(i), name=f"w{i}") for i in range(5)]
    recorded = as_page(ag.Stepper(sum(leaves, Tensor(0.0, name="w"))))["recorded"]
    assert recorded["single"]
    start = {axis["name"]: axis["places"][axis["start"]] for axis in recorded["axes"]}
    seen = [unpack(recorded, index)["inputs"] for index in recorded["index"]]
    assert len(seen) == sum(len(axis["places"]) for axis in recorded["axes"])
    assert all(sum(one[name] != start[name] for name in start) <= 1 for one in seen)


def test_a_start_that_is_not_finite_has_its_sliders_too() -> None:
    page = as_page(stepper(float("nan")))
    assert page["state"]["inputs"]["x1"] is None
    assert page["recorded"]["axes"][0]["places"][0] == -4.0
    script_json(page)


def test_where_an_operation_refuses_there_is_no_answer() -> None:
    class Picky(ag.Operation):
        def forward(self, x: Any) -> Any:
            if x < 0:
                raise ValueError("not below zero")
            return x * 2

        def backward(self, dz: Any) -> Any:
            return 2 * dz

    recorded = as_page(ag.Stepper(Picky()(Tensor(1.0, name="x"))))["recorded"]
    places = recorded["axes"][0]["places"]
    assert [index is None for index in recorded["index"]] == [place < 0 for place in places]


def test_where_a_function_refuses_there_is_no_answer() -> None:
    def picky(x1: Any, x2: Any) -> Any:
        if x2.item() < 0:
            raise ValueError("not below zero")
        return x1 * x2

    page = as_page(ag.explore(picky, x1=(-1, 1, 2), x2=(-1, 1, 2)))
    places = list(product(*(axis["places"] for axis in page["recorded"]["axes"])))
    refused = [index is None for index in page["recorded"]["index"]]
    assert refused == [x2 < 0 for _, x2 in places]
    assert page["state"]["_said"]["words"] == ""


@pytest.mark.parametrize("name", ["inputs", "$", "$x", "__proto__"])
def test_an_input_may_have_any_name(name: str) -> None:
    recorded = as_page(ag.Stepper(Tensor(2.0, name=name) * 3.0))["recorded"]
    (axis,) = recorded["axes"]
    assert (axis["trait"], axis["inside"]) == ("inputs", True)
    for inputs, answer in answers(recorded):
        assert answer["inputs"] == inputs


@pytest.fixture(scope="module")
def bench() -> ag.GateBench:
    return ag.GateBench("add", x=2.0, y=3.0, upstream=0.5)


@pytest.fixture(scope="module")
def bench_page(bench: ag.GateBench) -> dict[str, Any]:
    before, picture = plain(page_state(bench)), bench.still().svg()
    page = as_page(bench)
    assert (plain(page_state(bench)), bench.still().svg()) == (before, picture)
    return page


def test_a_bench_answers_as_python_does(bench_page: dict[str, Any]) -> None:
    live = ag.GateBench()
    found = answers(bench_page["recorded"], 97)
    assert {at["gate"] for at, _ in found} == set(ag.GateBench.gates)
    for at, answer in found:
        live.gate = at["gate"]
        live.inputs = {name: at[name] for name in ("x", "y", "upstream")}
        if at["looked"]:
            live.predict(x=1.0)
        for name in ("svg", "frames", "step", "asked"):
            assert answer["_trace"][name] == plain(live._trace[name]), (at, name)
        assert bool(answer["_trace"]["feedback"]) == at["looked"]


def test_a_bench_tells_the_gradients_and_judges_nothing(bench_page: dict[str, Any]) -> None:
    looked = [answer for at, answer in answers(bench_page["recorded"], 97) if at["looked"]]
    for answer in looked:
        lines = answer["_trace"]["feedback"]
        for name, line in zip(answer["_trace"]["asked"], lines, strict=True):
            assert re.fullmatch(rf"· {name}: it is [^ ]+\. Compare it with your prediction\.", line)


def test_a_flow_answers_as_python_does() -> None:
    page = as_page(ag.GradientFlow(10, "sigmoid", "xavier", width=4))
    live = ag.GradientFlow(width=4)
    assert page["state"]["_choices"]["depth"] == [2, 30, 2]
    for settings, answer in answers(page["recorded"], 11):
        live.depth, live.activation, live.init = settings.values()
        assert answer == {**settings, "_trace": plain(live._trace)}


@pytest.fixture(scope="module")
def walked() -> dict[str, Any]:
    loop = ag.TrainingLoop()
    before = plain(page_state(loop))
    page = as_page(loop)
    assert plain(page_state(loop)) == before
    return page


@pytest.mark.parametrize(
    "pressed", [CYCLE * 4, ("forward", "backward", "backward", "step"), ("step", "zero")]
)
def test_the_buttons_lead_where_python_leads(
    walked: dict[str, Any], pressed: tuple[str, ...]
) -> None:
    recorded, live = walked["recorded"], ag.TrainingLoop()
    here = recorded["start"]
    for button in pressed:
        here = recorded["ways"][here][button]
        getattr(live, button)()
        assert unpack(recorded, here) == {"_trace": plain(live._trace)}, button


@pytest.mark.parametrize(("lr", "zeroing"), [(2.0, True), (50.0, True), (0.5, False)])
def test_run_leads_where_python_leads(walked: dict[str, Any], lr: float, zeroing: bool) -> None:
    recorded, live = walked["recorded"], ag.TrainingLoop(lr=lr)
    live.zeroing = zeroing
    settings = {"lr": lr, "zeroing": zeroing}
    (here,) = (one["state"] for one in recorded["starts"] if one["settings"] == settings)
    while here is not None:
        if "run" in recorded["ways"][here]:
            live.run(TICK)
            assert unpack(recorded, recorded["ways"][here]["run"]) == {"_trace": plain(live._trace)}
        here = recorded["ways"][here].get("run")
    assert len(live.losses) > TICK or live._trace["stopped"]


@pytest.mark.parametrize("make", [stepper, lambda: ag.GradientFlow(width=4)])
def test_asking_beforehand_changes_nothing(make: Any) -> None:
    widget = make()
    before, picture = plain(page_state(widget)), widget.still()._repr_mimebundle_()
    page = as_page(widget)
    assert plain(page_state(widget)) == before
    assert widget.still()._repr_mimebundle_() == picture
    assert page == as_page(make())


def test_a_new_kind_of_widget_needs_nothing_but_its_state() -> None:
    class Plain(Front):
        _esm = "export default { render() {} };"
        without_python: ClassVar[dict[str, Any]] = {"_label": "alone", "_no_such_trait": 1}

        def numbers(self) -> dict[str, float]:
            return {}

    page = as_page(Plain(_kind="plain", _label="live"))
    assert page["recorded"] is None
    assert page["state"]["_label"] == "alone"
    assert "_no_such_trait" not in page["state"]


def test_a_nudge_answers_at_its_places_and_other_views_stand() -> None:
    page, live = as_page(stepper(view="nudge")), stepper(view="nudge")
    assert page["state"]["_views"] == ["steps", "paths", "check", "nudge"]
    assert page["state"]["_sliders"] == []
    assert {at["leaf"] for at, _ in answers(page["recorded"])} == {"x1", "x2"}
    for at, answer in answers(page["recorded"], 5):
        live.leaf, live.h = at["leaf"], at["h"]
        assert answer["_aside"] == plain(live._aside)
        assert answer.get("h", at["h"]) == at["h"]


def test_a_stepper_with_sliders_has_no_views_that_would_stand_still() -> None:
    assert as_page(stepper())["state"]["_views"] == []
    assert as_page(stepper(view="paths"))["recorded"] is None


def test_a_quiz_shows_its_numbers_in_any_order_and_judges_nothing() -> None:
    x, y = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    quiz = ag.Quiz(x * y)
    before = plain(quiz._trace)
    recorded = as_page(quiz)["recorded"]
    assert plain(quiz._trace) == before
    live, here = ag.Quiz(x * y), 0
    for label in reversed(list(live.answers)):
        live.show(label)
        here = recorded["ways"][here][f"show {label}"]
        fields = unpack(recorded, here)["_trace"]["fields"]
        assert [one["known"] for one in fields] == [
            one["known"] for one in plain(live._trace)["fields"]
        ]
    assert here == recorded["ways"][0]["show"]
    assert not any("check" in way for way in recorded["ways"])


def bend(x1: Tensor, x2: Tensor) -> Tensor:
    return x1 * x1 if x1 > x2 else np.sin(x2)


@pytest.mark.parametrize(
    "make",
    [lambda: ag.explore(bend, x1=(-3, 2, 3), x2=(-3, -1, 3)), lambda: ag.FormulaStepper("a*b")],
)
def test_a_function_answers_as_python_does_where_it_branches_too(make: Any) -> None:
    page, live = as_page(make()), make()
    fixed = page["state"]
    for inputs, answer in answers(page["recorded"], 7):
        live.inputs = inputs
        now = {**fixed, **answer}
        for name in ("_svg", "_said", "_label", "_top", "leaf", "inputs"):
            assert now[name] == plain(getattr(live, name)), (inputs, name)
        assert now["_trace"]["rows"] == plain(live._trace["rows"])
        assert now["_trace"]["frames"] == plain(live._trace["frames"])


def test_each_kind_of_widget_has_one_front_end() -> None:
    x = Tensor(2.0, name="x")
    shown: list[Front] = [
        stepper(), stepper(view="nudge"), ag.Quiz(x * x), ag.FormulaStepper(), ag.GateBench(),
        ag.explore(bend, x1=(-3, 3), x2=(-3, 3)), ag.TrainingLoop(), ag.GradientFlow(width=4),
    ]  # fmt: skip
    modules = {(widget._kind, widget._esm) for widget in shown}
    kinds = [kind for kind, _ in modules]
    assert sorted(kinds) == ["bench", "flow", "own", "quiz", "stepper", "training"]


def test_the_slider_of_a_nudge_stops_where_python_was_asked() -> None:
    page = as_page(stepper(view="nudge"))
    places = page["recorded"]["axes"][1]["places"]
    assert np.allclose(np.diff(places), page["state"]["_h_step"])
    assert (places[0], places[-1]) == (-1.0, 1.0)


def test_asking_a_quiz_beforehand_changes_nothing_and_what_is_shown_is_said() -> None:
    quiz = ag.Quiz(np.sin(x := Tensor(2.0, name="x")) * x, ask=["x"])
    quiz.answers = {"x": 5.0}
    before = plain(page_state(quiz))
    page = as_page(quiz)
    assert plain(page_state(quiz)) == before == plain(page["state"])
    recorded = page["recorded"]
    shown = unpack(recorded, recorded["ways"][recorded["start"]]["show gradient of x"])
    said = ag.Quiz(np.sin(x) * x, ask=["x"]).show()
    assert shown["_trace"]["said"] == said


def test_every_learning_rate_begins_where_its_settings_say() -> None:
    page = as_page(ag.TrainingLoop(lr=1 / 3))
    settings = [one["settings"] for one in page["recorded"]["starts"]]
    assert page["recorded"]["settings"] in settings
    assert {one["lr"] for one in settings} == set(page["state"]["_rates"])
