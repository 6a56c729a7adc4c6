"""FormulaStepper: what is typed is shown, and what cannot be read changes nothing."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.expression import ExpressionError


def type_in(widget: ag.FormulaStepper, text: str) -> None:
    """As the browser does."""
    widget._handle_custom_msg({"id": "view 1", "press": "build", "with": [text]}, [])
    assert widget._answered == "view 1"


def test_it_starts_with_the_formula_of_the_first_lesson() -> None:
    widget = ag.FormulaStepper()
    assert widget.formula == "sin(x1) + x1*x2"
    assert widget.inputs == {"x1": 2.0, "x2": 3.0}
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    assert widget.render_svg(8) == ag.Stepper(np.sin(x1) + x1 * x2).render_svg(8)
    assert repr(widget) == "FormulaStepper(sin(x1) + x1*x2, step 1 of 9)"


def test_a_value_that_is_given_is_taken_and_other_names_start_at_1() -> None:
    widget = ag.FormulaStepper("a*x1 + b*cost", a=4, cost=np.float32(0.5))
    assert widget.inputs == {"a": 4.0, "x1": 2.0, "b": 1.0, "cost": 0.5}


@pytest.mark.parametrize("typed", [False, True])
def test_another_formula_keeps_the_values_and_sliders_of_its_names(typed: bool) -> None:
    widget = ag.FormulaStepper("x1*x2", x1=7.0)
    widget.inputs = {"x1": -1.5, "x2": 0.5}
    sliders = widget._sliders
    for text in ("exp(a)", "a*x2*x1"):
        if typed:
            type_in(widget, text)
        else:
            widget.formula = text
        assert widget.formula == text
        assert widget._refused == {}
    assert widget.inputs == {"a": 1.0, "x2": 0.5, "x1": -1.5}
    assert [one["name"] for one in widget._sliders] == ["a", "x2", "x1"]
    assert widget._sliders[2] == sliders[0]
    y = np.multiply(Tensor(1.0, name="a") * Tensor(0.5, name="x2"), Tensor(-1.5, name="x1"))
    assert widget.render_svg(0) == ag.FormulaStepper("a*x2*x1", x2=0.5, x1=-1.5).render_svg(0)
    assert y.item() == -0.75
    widget.inputs = {"x1": 2.0}
    assert "2.0000" in widget.render_svg(len(widget._trace["steps"]) - 1)


def test_what_is_typed_wrongly_is_said_and_the_graph_stays() -> None:
    widget = ag.FormulaStepper()
    before = widget.get_state(["_svg", "_trace", "_sliders", "inputs", "_formula", "step"])
    type_in(widget, "1 + 🙂")
    assert widget._refused["place"] == 4
    type_in(widget, "x1 + 2x2")
    assert widget._refused["words"].startswith("Character 7: received x2 right after 2")
    assert widget._refused["words"].endswith("The picture still shows sin(x1) + x1*x2.")
    assert widget._refused["lines"] == ["x1 + 2x2", "      ^^"]
    assert widget._refused["place"] == 6
    assert widget.get_state(list(before)) == before
    type_in(widget, "x1 + 2*x2")
    assert widget._refused == {}
    assert widget.formula == "x1 + 2*x2"


def test_places_are_counted_as_the_browser_counts() -> None:
    widget = ag.FormulaStepper()
    type_in(widget, "🙂")
    assert widget._refused["place"] == 0
    type_in(widget, "x1 + 𝑥")  # one character, two of JavaScript's
    assert widget._refused["place"] == 5
    type_in(widget, "\ud800 x1")
    assert widget._refused["lines"][0] == "? x1"


def test_from_python_a_wrong_formula_raises_with_the_place() -> None:
    with pytest.raises(ExpressionError, match=r"write x1\*\*2"):
        ag.FormulaStepper("x1^2")
    widget = ag.FormulaStepper()
    with pytest.raises(ExpressionError, match=r"write x1\*\*2"):
        widget.formula = "x1^2"
    assert widget.formula == "sin(x1) + x1*x2"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"x3": 1.0}, "received a value for x3, expected one for the names in the formula: x1, x2"),
        ({"sin": 1.0}, "received a value for sin"),
        ({"x1": "2"}, "x1 received '2', expected a number"),
        ({"x1": True}, "x1 received True"),
        ({"x1": np.nan}, "x1 received nan"),
    ],
)
def test_values_that_do_not_fit_are_named(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ag.FormulaStepper("x1*x2", **values)


def test_the_last_step_stays_the_last_and_an_earlier_one_where_it_was() -> None:
    widget = ag.FormulaStepper()
    widget.step = 8
    widget.formula = "x1*x2"
    assert widget.step == 4
    widget.step = 1
    widget.formula = "sin(x1)*x2 + x1"
    assert widget.step == 1
    widget.granularity = "edge"
    widget.formula = "x1"
    assert (widget.step, widget.granularity) == (1, "edge")


def test_what_has_no_value_is_said() -> None:
    widget = ag.FormulaStepper("log(x1)")
    widget.inputs = {"x1": -1.0}
    assert widget.said.startswith("Step 2 is not a number: v1 = log(x1) = log(−1.0000) = nan!")
    widget.formula = "x1**2"
    assert widget.said == ""


def test_a_page_without_python_shows_the_formula_and_no_field(tmp_path: Path) -> None:
    page = ag.FormulaStepper("x1**2").to_html(tmp_path / "page.html").read_text(encoding="utf-8")
    assert re.search(r'"_formula": ?"x1\*\*2"', page)
    assert page.count("export default") == 1


def test_the_still_picture_tells_the_formula() -> None:
    stepper = ag.FormulaStepper("exp(a)*b")
    assert stepper.still().alt.startswith("y = exp(a)*b. Computation graph: y")
