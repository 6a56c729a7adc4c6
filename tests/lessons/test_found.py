"""Exercises with many right answers: each is tried, and what it misses has a name."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.lessons import fooled, silent_product, small_network
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State
from autograd_lite.lessons.found import Found

EVERY = {key: e for key, e in EXERCISES.items() if isinstance(e, Found)}
every = pytest.mark.parametrize("exercise", EVERY.values(), ids=EVERY)


@every
def test_each_shortfall_is_named_by_its_own_message(exercise: Found) -> None:
    messages = [shortfall.message for shortfall in exercise.mistakes]
    assert len(set(messages)) == len(messages) > 0
    for shortfall in exercise.mistakes:
        verdict = exercise.judge(shortfall.gives())
        assert (verdict.state, verdict.message) == (State.NOT_YET, shortfall.message)


@every
@pytest.mark.parametrize("answer", [3.0, "2.5", [1.0, 2.0, 3.0], int, abs], ids=repr)
def test_another_kind_of_answer_gets_a_sentence(exercise: Found, answer: Any) -> None:
    verdict = exercise.judge(answer)
    assert verdict.state is State.NOT_YET
    assert verdict.message not in {shortfall.message for shortfall in exercise.mistakes}


@pytest.mark.parametrize(("a", "b"), [(-2.0, 1.5), (-0.5, 0.1), (0.0, 3.0), (2.0, -2.5)])
def test_where_the_product_gets_nothing_the_engine_agrees(a: float, b: float) -> None:
    x, y = ag.Tensor(a), ag.Tensor(b)
    p = x * y
    ag.sigmoid(ag.maximum(p + x, y)).backward()
    silent = x.grad == 0
    assert silent == (silent_product.lead({"a": a, "b": b}) < 0)
    verdict = EXERCISES["02.stopped"].judge({"a": a, "b": b})
    assert (verdict.state is State.RIGHT) == silent


def test_the_network_of_the_lesson_is_the_shortfall() -> None:
    point = {"a": small_network.A, "b": small_network.B}
    assert "chooses s" in EXERCISES["02.stopped"].judge(point).message


def recorded(function: Any, at: float = 3.0) -> Any:
    return function(ag.Tensor(at, name="x"))


@pytest.mark.parametrize(
    "function",
    [
        lambda x: 6 * x - x * x,
        lambda x: (x - 2) * (4 - x),
        lambda x: x / 9 + 1 / x,
        lambda x: x - x,
        lambda x: np.exp(x) - np.exp(3.0) * x,
    ],
)
def test_paths_that_cancel(function: Any) -> None:
    assert EXERCISES["03.cancel"].judge(recorded(function)).state is State.RIGHT


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (recorded(lambda x: 6 * x - x * x, at=2.0), "x is 2 in this graph"),
        (recorded(lambda x: x), "Hand in y"),
        (recorded(lambda x: x * ag.Tensor(2.0)), "2 inputs, not x alone"),
        (recorded(lambda x: (x * np.ones(2)).sum()), "shape"),
    ],
)
def test_graphs_that_are_not_asked_for(answer: Any, message: str) -> None:
    verdict = EXERCISES["03.cancel"].judge(answer)
    assert verdict.state is State.NOT_YET
    assert message in verdict.message


def test_too_many_paths_are_not_walked() -> None:
    y = x = ag.Tensor(3.0, name="x")
    for _ in range(40):
        y = y + y
    verdict = EXERCISES["03.cancel"].judge(y - 2.0**40 * x)
    assert "1,099,511,627,777 paths" in verdict.message


@pytest.mark.parametrize(
    "rule",
    [
        lambda x, dz: dz * 2,
        lambda x, dz: dz * 2 * x**2,
        lambda x, dz: dz * (x + 1),
        lambda x, dz: dz * 2 * abs(x),
    ],
)
def test_rules_that_fool_the_check_at_one_point(rule: Any) -> None:
    assert EXERCISES["05.fooled"].judge(fooled.square(rule)).state is State.RIGHT


def test_a_forward_that_was_changed_is_told() -> None:
    class Cubed(ag.Operation):
        def forward(self, x: Any) -> Any:
            return x**3

        def backward(self, dz: Any) -> Any:
            return dz * 2

    assert "forward is no longer" in EXERCISES["05.fooled"].judge(Cubed).message


@pytest.mark.parametrize(
    ("function", "right"),
    [
        (lambda x, w: (x + w) * (w + x), True),
        (lambda x, w: np.exp(x * w) + np.sin(w * x), True),
        (lambda x, w: (x - w) * (w - x), False),
        (lambda x, w: x * w + x, False),
    ],
)
def test_what_the_compiler_finds_twice(function: Any, right: bool) -> None:
    assert (EXERCISES["11.twice"].judge(function).state is State.RIGHT) == right


def test_a_cube_by_its_output_is_right_too() -> None:
    class Cube(ag.Operation):
        def forward(self, x: Any) -> Any:
            return x**3

        def backward(self, dz: Any) -> Any:
            return dz * 3 * self.output / self.inputs[0]

    assert EXERCISES["12.cube"].judge(Cube).state is State.RIGHT
