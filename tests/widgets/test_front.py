"""What every widget shares: a still picture in the notebook, plain JSON to the browser."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.views.theme import DARK, LIGHT
from autograd_lite.widgets import front
from autograd_lite.widgets.front import VIEW, Front, stylesheet


def stepper() -> ag.Stepper:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    return ag.Stepper(np.sin(x1) + x1 * x2, step=5)


def bench() -> ag.GateBench:
    return ag.GateBench("multiply", x=2.0, y=3.0)


def training() -> ag.TrainingLoop:
    loop = ag.TrainingLoop()
    loop.run(3)
    return loop


def flow() -> ag.GradientFlow:
    return ag.GradientFlow(depth=3)


def formula() -> ag.FormulaStepper:
    return ag.FormulaStepper()


def function() -> Front:
    return ag.explore(lambda x1, x2: x1 * x2, x1=(-3, 2, 3), x2=(-3, 1, 3))


def quiz() -> ag.Quiz:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    quiz = ag.Quiz(np.sin(x1) + x1 * x2)
    quiz.answers = {"x1": 3.0, "x2": 2.0}
    return quiz


every = pytest.mark.parametrize("make", [stepper, bench, training, flow, formula, function, quiz])
# Those that have inputs.
widgets = pytest.mark.parametrize("make", [stepper, bench, formula, function])
Make = Callable[[], Front]


def displayed(widget: Front, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The outputs of the cell that shows the widget."""
    outputs: list[dict[str, Any]] = []
    monkeypatch.setattr(front, "display", lambda bundle, raw: outputs.append(bundle))
    widget._ipython_display_()
    return outputs


class Sources(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.images.append(dict(attrs))


@every
def test_shown_it_is_a_still_picture_and_then_the_live_view(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget = make()
    still, live = displayed(widget, monkeypatch)
    assert still.keys() == {"text/plain", "text/html"}  # text and an image survive everywhere
    (image,) = Sources(still["text/html"]).images
    assert str(image["src"]).startswith("data:image/svg+xml;base64,")
    assert image["alt"] == widget.still().alt
    assert live.keys() == {VIEW}
    assert live[VIEW]["model_id"] == widget.model_id


@every
def test_the_still_picture_is_the_same_every_time(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (displayed(make(), monkeypatch)[0] for _ in range(2))
    assert one == other


@every
def test_the_state_is_strict_json_and_holds_no_address(make: Make) -> None:
    widget = make()
    widget.inputs = {name: float("nan") for name in widget.inputs}
    text = json.dumps(widget.get_state(drop_defaults=False), allow_nan=False, default=str)
    assert not re.search(r"0x[0-9a-f]{6,}|object at|Infinity|NaN\b", text)


@widgets
def test_inputs_that_are_not_finite_travel_as_null_and_null_changes_nothing(make: Make) -> None:
    widget = make()
    name, kept, *_ = widget.inputs
    widget.inputs = {name: float("inf")}
    sent = widget.get_state("inputs")["inputs"]
    assert sent[name] is None
    widget.set_state({"inputs": {**sent, kept: 1.5}})
    assert widget.inputs[name] == float("inf")
    assert widget.inputs[kept] == 1.5


@widgets
@pytest.mark.parametrize(
    "wrong", [{"q": 1.0}, {"FIRST": "1.0"}, {"FIRST": None}, {"FIRST": True}, {"FIRST": [1.0]}]
)
def test_wrong_inputs_are_named_and_change_nothing(make: Make, wrong: dict[str, Any]) -> None:
    widget = make()
    first, before = next(iter(widget.inputs)), (widget.inputs, widget._trace)
    given = {first if name == "FIRST" else name: value for name, value in wrong.items()}
    with pytest.raises(ValueError, match=rf"inputs: received .*{next(iter(given))}.*{first}"):
        widget.inputs = given
    assert (widget.inputs, widget._trace) == before


@widgets
@pytest.mark.parametrize("kind", [int, float, np.float32, np.float64, np.int64])
def test_any_number_is_an_input_and_the_others_stay(make: Make, kind: Any) -> None:
    widget = make()
    first, *others = widget.inputs
    before = widget.inputs
    widget.inputs = {first: kind(1)}
    assert widget.inputs == {**before, first: 1.0}
    assert type(widget.inputs[first]) is float
    assert list(widget.inputs) == [first, *others]


@widgets
def test_two_widgets_share_nothing(make: Make) -> None:
    one, other = make(), make()
    before = (other.inputs, other._trace)
    one.inputs = {next(iter(one.inputs)): 0.25}
    assert (other.inputs, other._trace) == before
    assert one._trace != other._trace


@pytest.mark.parametrize(
    "widget",
    [ag.Stepper, ag.GateBench, ag.TrainingLoop, ag.GradientFlow, ag.FormulaStepper, ag.Quiz],
)
def test_the_front_end_is_one_module_without_imports(widget: type[Front]) -> None:
    module = widget._esm
    assert module.count("export default") == 1
    assert not re.search(r"^\s*import\b|\bimport\(|\brequire\(|innerHTML|\beval\(", module, re.M)
    assert "http" not in module.replace("http://www.w3.org/2000/svg", "")


def test_the_stylesheet_has_both_themes_and_balanced_braces() -> None:
    css = re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.S)
    assert css.count("{") == css.count("}")
    assert f"--ag-value: {LIGHT['value']};" in css
    assert f"--ag-value: {DARK['value']};" in css
    assert "url(" not in css


def test_every_colour_that_the_controls_use_is_defined() -> None:
    used = set(re.findall(r"var\(--ag-([\w-]+)", stylesheet()))
    assert used <= LIGHT.keys()
