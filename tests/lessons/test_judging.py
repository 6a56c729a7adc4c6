"""How each kind of exercise compares an answer."""

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_lite
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import Mistake, State
from autograd_lite.lessons.function import Function
from autograd_lite.lessons.numeric import Number, Numbers

ROOT = Path(__file__).parents[2]
HINTS = ("one", "two", "three")


def number(right: float, **wrong: float) -> Number:
    mistakes = tuple(Mistake(lambda v=v: v, name) for name, v in wrong.items())
    return Number(key="k", hints=HINTS, answer=lambda: right, because="Because.", mistakes=mistakes)


def test_right_wins_over_a_mistake_that_happens_to_agree() -> None:
    assert number(4.0, squared=4.0).judge(4).state is State.RIGHT


@pytest.mark.parametrize("answer", [2.5839, 2.584, 2.58385316, np.float32(2.5839)])
def test_rounding_is_forgiven(answer: float) -> None:
    assert number(2.58385316).judge(answer).state is State.RIGHT


def test_a_coarse_answer_is_told_to_be_close() -> None:
    assert "Close." in number(2.58385316).judge(2.6).message
    assert "Close." not in number(2.58385316).judge(2.7).message


def test_an_unknown_wrong_answer_points_to_the_hints() -> None:
    verdict = number(4.0, half=2.0).judge(17)
    assert verdict.state is State.NOT_YET
    assert "lessons.hint('k')" in verdict.message


@pytest.mark.parametrize("answer", [np.array(4.0), np.array([[4.0]]), np.float64(4), 4])
def test_an_array_with_one_entry_is_a_number(answer: Any) -> None:
    assert number(4.0).judge(answer).state is State.RIGHT


@pytest.mark.skipif(not hasattr(autograd_lite, "Tensor"), reason="the engine is not there")
def test_a_tensor_is_a_number() -> None:
    assert number(4.0).judge(autograd_lite.Tensor(4.0)).state is State.RIGHT


PAIR = Numbers(
    key="k",
    hints=HINTS,
    answer=lambda: {"a": 1.0, "b": 10.0},
    because="Because.",
    mistakes=(
        Mistake(lambda: {"a": 2.0, "b": 10.0}, "doubled"),
        Mistake(lambda: {"a": 2.0, "b": 20.0}, "all doubled"),
        Mistake(lambda: {"a": 3.0, "b": 30.0}, "tripled"),
    ),
)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"a": 2, "b": 10}, "Right: b. Not yet: a. doubled"),
        ({"a": 2, "b": 20}, "all doubled"),
        ({"a": 3, "b": 10}, "Right: b. Not yet: a. tripled"),
        ({"a": 7, "b": 30}, "b: tripled"),
        ({"a": 1.01, "b": 10}, "Right: b. Not yet: a. Close. If you rounded"),
        ({"b": 10, "a": 7}, "Right: b. Not yet: a. That is not it."),
    ],
)
def test_named_numbers_say_which_one_and_why(answer: dict[str, float], message: str) -> None:
    assert PAIR.judge(answer).message.startswith(message)


def test_the_order_of_a_dict_does_not_matter() -> None:
    assert PAIR.judge({"b": 10, "a": 1}).state is State.RIGHT
    assert PAIR.judge(np.array([1.0, 10.0])).state is State.RIGHT


RULE = EXERCISES["02.rule"]


def test_a_wrong_function_is_shown_a_point_where_it_fails() -> None:
    def wrong_when_negative(x: float, y: float, dz: float) -> tuple[float, float]:
        return y * dz, abs(x) * dz

    assert isinstance(RULE, Function)
    point = next(point for point in RULE.points() if point[0] < 0)
    x, y, dz = point
    message = RULE.judge(wrong_when_negative).message
    assert message.startswith(f"multiply_backward(x={x:g}, y={y:g}, dz={dz:g}) gave ")
    assert f"expected dx = {y * dz:.4g}, dy = {x * dz:.4g}" in message


def test_the_points_are_the_same_each_time_and_of_both_signs() -> None:
    assert isinstance(RULE, Function)
    assert RULE.points() == RULE.points()
    for column in zip(*RULE.points(), strict=True):
        assert min(column) < 0 < max(column)
        assert 0 not in column


def test_a_function_may_return_a_list_a_dict_or_an_array() -> None:
    for kind in (list, np.array, lambda pair: dict(zip(("dx", "dy"), pair, strict=True))):
        assert RULE.judge(lambda x, y, dz, k=kind: k((y * dz, x * dz))).state is State.RIGHT


def test_warnings_of_the_learners_code_stay_away() -> None:
    def noisy(x: float, y: float, dz: float) -> tuple[float, float]:
        np.log(np.float64(-1.0))
        return y * dz, x * dz

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert RULE.judge(noisy).state is State.RIGHT


@pytest.mark.parametrize("written", ["a", "A", " a ", "a)", "(a)"])
def test_a_letter_may_be_written_in_several_ways(written: str) -> None:
    assert EXERCISES["02.quiz.1"].judge(written).state is State.RIGHT


def test_importing_the_package_does_not_import_the_lessons() -> None:
    code = "import sys, autograd_lite; print('autograd_lite.lessons' in sys.modules)"
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"
