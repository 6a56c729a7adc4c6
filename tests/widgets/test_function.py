"""explore: what is shown is what the function computed, at every position of the sliders."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.widgets.function import FunctionStepper
from tests.strategies import same_every_run


def bend(x1: Tensor, x2: Tensor) -> Tensor:
    if x1 > 0:
        return np.sin(x1) + x1 * x2
    return x2 * x2


def explored(**options: Any) -> FunctionStepper:
    return ag.explore(bend, x1=(-3, 2, 3), x2=(-3, 1, 3), **options)


@settings(same_every_run, max_examples=30)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=3))
def test_wherever_the_sliders_were_the_picture_is_that_of_the_function(
    places: list[tuple[float, float]],
) -> None:
    widget = explored()
    for x1, x2 in places:
        widget.inputs = {"x1": x1, "x2": x2}
    y = bend(Tensor(x1, name="x1"), Tensor(x2, name="x2"))
    plain = ag.Stepper(y)
    widget.step = plain.step = len(plain._trace["steps"]) - 1
    assert widget.render_svg() == plain.render_svg()
    assert widget._trace["steps"] == plain._trace["steps"]
    assert widget._svg == plain._svg
    assert widget.inputs == {"x1": x1, "x2": x2}


def test_it_starts_in_the_middle_or_at_the_start_with_a_slider_for_each_range() -> None:
    widget = ag.explore(bend, x1=(-3, 1), x2=(0, 4, 5))
    assert widget.inputs == {"x1": -1.0, "x2": 4.0}
    spans = [(one["name"], one["min"], one["max"]) for one in widget._sliders]
    assert spans == [("x1", -3.0, 1.0), ("x2", 0.0, 5.0)]


def test_the_drawing_is_sent_only_when_the_graph_is_another_one() -> None:
    widget = explored()
    drawings: list[str] = []
    widget.observe(lambda change: drawings.append(change["new"]), "_svg")
    widget.inputs = {"x1": 1.0}
    assert drawings == []
    widget.inputs = {"x1": -1.0}
    widget.inputs = {"x1": -2.0}
    assert len(drawings) == 1


def test_the_step_stays_and_the_last_one_stays_the_last() -> None:
    widget = explored()
    widget.step = 2
    widget.inputs = {"x1": -1.0}
    assert widget.step == 2
    widget.inputs = {"x1": 1.0}
    assert widget.step == 2
    widget.step = 8
    widget.inputs = {"x1": -1.0}
    assert (widget.step, len(widget._trace["steps"])) == (3, 4)
    widget.inputs = {"x1": 1.0}
    assert (widget.step, len(widget._trace["steps"])) == (8, 9)
    for moved, expected in ((False, 7), (True, 8)):
        widget.step = 7
        widget.inputs = {"x1": -1.0}
        widget.inputs = {"x1": -1.5}
        assert widget.step == 3
        if moved:
            widget.step = 0
            widget.step = 3
        widget.inputs = {"x1": 1.0}
        assert widget.step == expected


def test_an_input_that_plays_no_part_is_told() -> None:
    widget = explored()
    assert widget.said == ""
    widget.inputs = {"x1": -1.0}
    assert widget.said == "y was computed without x1 here: a nudge changes nothing."
    assert not widget._said["loud"]


def choosy(x: Tensor) -> Tensor:
    if x < 0:
        raise ValueError("<b>roots</b> want x above 0")
    return x**0.5


def test_an_error_of_the_function_is_shown_and_everything_else_stays() -> None:
    widget = ag.explore(choosy, x=(-1, 4, 9))
    before = widget.render_svg(), widget._svg, widget._sliders
    answers = widget._trace.get("answer", 0)
    for _ in range(2):
        widget.inputs = {"x": -0.5}
        assert widget.said == (
            "choosy(x = −0.5000) raised ValueError: <b>roots</b> want x above 0. "
            "The picture stays at x = 4.0000."
        )
        assert widget._said["loud"]
        assert widget.inputs == {"x": 4.0}
        assert (widget.render_svg(), widget._svg, widget._sliders) == before
        assert widget._trace["answer"] > answers  # the browser hears that it was heard
        answers = widget._trace["answer"]
    widget.inputs = {"x": 1.0}
    assert widget.said == ""
    assert widget.inputs == {"x": 1.0}


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("x" * 10_000), KeyError("a"), RecursionError()]
)
def test_any_error_is_short_enough_to_be_read(error: Exception) -> None:
    def f(x: Tensor) -> Tensor:
        if x > 0:
            raise error
        return x * x

    widget = ag.explore(f, x=(-1, -1, 1))
    widget.inputs = {"x": 1.0}
    assert type(error).__name__ in widget.said
    assert len(widget.said) < 500


def test_what_the_browser_sends_is_computed_and_whole_numbers_are_numbers() -> None:
    widget = explored()
    widget.set_state({"inputs": {"x1": 1, "x2": 0}})
    assert widget.inputs == {"x1": 1.0, "x2": 0.0}
    assert widget.said == ""
    assert "1.0000" in widget.render_svg(0)


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda x: None, "f returned None, .*`return` missing"),
        (lambda x: 2.0, r"f returned 2.0 \(float\), expected a Tensor .*np.sin and not math.sin"),
        (lambda x: x.item() ** 2, r"without float\(\) and \.item\(\)"),
        (lambda x: (x, x), "f returned a tuple, expected one Tensor"),
        (lambda x: np.array(2.0), "ndarray"),
        (lambda x: math.sin(x), "np.sin, not math.sin"),
        (lambda x: x * np.ones(3), r"needs a seed.*\.sum\(\)"),
        (lambda x: x.detach() * 2, "depends on no variable"),
    ],
)
def test_what_cannot_be_stepped_through_is_told_at_once(f: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        ag.explore(f, x=(-1, 1))
    assert caught.value.__notes__ == ["explore called f(x = 0.0000)."]


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(ValueError, match="f: another node is called v2 too"):
        ag.explore(lambda x, v2: x * v2 + v2, x=(0, 1), v2=(0, 1))
    with pytest.raises(ValueError, match="f: another node is called x too"):
        ag.explore(lambda x: x * Tensor(2.0, name="x"), x=(0, 1))


@pytest.mark.parametrize(
    ("f", "value", "words"),
    [
        (
            lambda x: np.log(x) * 2.0,
            -1.0,
            "Step 2 is not a number: v1 = log(x) = log(−1.0000) = nan!",
        ),
        (lambda x: 1.0 / x, 0.0, "Step 2 is infinite: v1 = 1 / x = 1 / 0.0000 = inf!"),
        (lambda x: np.sqrt(x), 0.0, "Step 4 is infinite: ∂y/∂x = "),
    ],
)
def test_the_first_step_without_a_number_is_said_loudly(f: Any, value: float, words: str) -> None:
    widget = ag.explore(f, x=(-1, 1, 1))
    assert widget.said == ""
    widget.inputs = {"x": value}
    assert widget.said.startswith(words)
    assert widget.said.endswith("Move a slider to where there is a value, if there is one.")
    assert widget._said["loud"]


def test_scopes_stay_as_they_are_while_the_graph_has_the_same() -> None:
    def f(x: Tensor) -> Tensor:
        with ag.scope("square"):
            y = x * x
        return y + 1.0 if x > 0 else y

    widget = ag.explore(f, x=(-1, 0.5, 1))
    widget.closed = ["square"]
    widget.inputs = {"x": 0.7}
    assert widget.closed == ["square"]
    widget.inputs = {"x": -0.5}
    assert widget.closed == ["square"]
    widget.granularity = "edge"
    widget.inputs = {"x": 0.5}
    assert (widget.closed, widget.granularity) == (["square"], "edge")


def test_the_output_is_called_z_where_an_input_is_called_y() -> None:
    widget = ag.explore(lambda x, y: x * x if x > 0 else x * y, x=(-3, 2, 3), y=(0, 1))
    assert widget.said == "z was computed without y here: a nudge changes nothing."
    widget.inputs = {"x": -1.0}
    assert widget._top == "z"
    assert ag.FormulaStepper("x*y")._top == "z"
    assert ag.FormulaStepper("x*y*z")._top == "v4"
    assert ag.FormulaStepper("x")._top == "y"


def test_repr_names_the_function() -> None:
    assert repr(explored()) == "FunctionStepper(bend, step 1 of 9)"
    assert repr(ag.explore(lambda x: x * x, x=(0, 1))) == "FunctionStepper(f, step 1 of 4)"


@pytest.mark.parametrize("view", ["paths", "check", "nudge"])
def test_an_open_view_goes_on_when_its_input_leaves_the_graph(view: str) -> None:
    stepper = ag.explore(lambda x1, x2: x1 * x2 if x1 > 0 else x2 * 2.0, x1=(-3, 2, 3), x2=(-3, 3))
    stepper.leaf = "x1"
    stepper.view = view
    stepper.inputs = {"x1": -1.0}
    assert stepper.leaf == "x2"
    assert "x1" not in stepper._aside["options"]
    assert len(stepper._aside["frames"][0]) == len(stepper._picture.finished)


def test_a_nudge_over_a_branch_says_what_the_function_does_there() -> None:
    widget = ag.explore(
        lambda x1, x2: x1 * x1 if x1 > x2 else x2 * x2, x1=(-3, 2, 3), x2=(0, 1.5, 3)
    )
    widget.view = "nudge"
    widget.h = -0.25
    assert "the function itself" not in widget._aside["note"]
    widget.h = -1.0
    assert widget._aside["note"] == (
        "At x1 = 1.0000 the function itself goes another way: there y = 2.2500. The numbers here "
        "stay on the way that is drawn."
    )
    widget.inputs = {"x1": 2.75}
    assert "the function itself" not in widget._aside["note"]


def test_a_nudge_to_where_the_function_raises_says_so() -> None:
    def picky(x: Tensor) -> Tensor:
        if x < 0:
            raise ValueError("no negative numbers")
        return x * x

    widget = ag.explore(picky, x=(-3, 0.5, 3))
    widget.view, widget.h = "nudge", -1.0
    assert "At x = −0.5000 the function itself raises ValueError." in widget._aside["note"]
    assert widget.inputs == {"x": 0.5}


def test_a_nudge_of_a_variable_that_the_function_brings_along_is_left_to_the_graph() -> None:
    w = Tensor(3.0, name="w")
    widget = ag.explore(lambda x: x * w, x=(-3, 2, 3))
    widget.view, widget.leaf = "nudge", "w"
    assert widget._aside["note"].startswith("Nothing bends on this way")


def test_a_nudge_that_the_graph_refuses_is_told_in_the_words_of_the_operation() -> None:
    class Picky(ag.Operation):
        def forward(self, x: Any) -> Any:
            if x < 0:
                raise ValueError("no negative numbers here.")
            return x * 2.0

        def backward(self, dz: Any) -> Any:
            return dz * 2.0

    widget = ag.explore(lambda x: Picky()(x), x=(-3, 0.5, 3))
    widget.view, widget.h = "nudge", -1.0
    assert "no negative numbers here" in widget._aside["title"]


def test_a_step_that_a_shorter_graph_ends_with_is_found_again_in_the_longer_one() -> None:
    def bend(x: Any) -> Any:
        return np.sin(np.exp(x * x)) * x if x > 0 else x * 2

    widget = ag.explore(bend, x=(-2, 1, 2))
    widget.step = 3
    widget.inputs = {"x": -1.0}
    assert widget.step == len(widget._trace["steps"]) - 1 == 3
    widget.inputs = {"x": 1.0}
    assert widget.step == 3
