"""Lesson 04: its numbers and rules, judged by SymPy, by the engine and by arithmetic."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy

import autograd_lite as ag
from autograd_lite.lessons import differences, four_ways
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("04.runs", 4),
        ("04.best", 8),
        ("04.weights", 15_052_800),
        ("04.sweeps", 1),
        ("04.seed", {"x1": 14, "x2": 25, "x3": 36}),
        ("04.jacobian", {"forward": 3, "reverse": 1000}),
    ],
)
def test_the_numbers_of_the_lesson(key: str, expected: Any) -> None:
    exercise: Any = EXERCISES[key]
    assert exercise.answer() == pytest.approx(expected, rel=1e-12)


def test_the_misprint_is_told_from_the_right_number_and_from_a_rounded_one() -> None:
    assert four_ways.WEIGHTS.judge(15_052_800).state is State.RIGHT
    assert "misprint" in four_ways.WEIGHTS.judge(15_082_800).message
    assert "write every digit" in four_ways.WEIGHTS.judge(15.05e6).message
    assert "write every digit" in four_ways.WEIGHTS.judge(15_052_900).message


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((3, 1001), "Right: forward. Not yet: reverse. That counts one run more, as"),
        ((4, 1000), "Right: reverse. Not yet: forward. That counts one run more, as"),
        ((1000, 1000), "Right: reverse. Not yet: forward. Forward mode starts at an input,"),
        ((4, 7), "forward: That counts one run more, as"),
    ],
)
def test_one_wrong_number_of_two_is_named_once(answer: tuple[int, int], message: str) -> None:
    assert four_ways.JACOBIAN.judge(answer).message.startswith(message)


def test_in_a_central_difference_the_bend_cancels() -> None:
    def parabola(x: float) -> float:
        return x * x

    assert differences.central_difference(parabola, 1.0, 0.5) == 2.0
    assert differences.forward_difference(parabola, 1.0, 0.5) == 2.5


def forward_error(h: float) -> float:
    return differences.relative_error(differences.forward_difference, h)


def central_error(h: float) -> float:
    return differences.relative_error(differences.central_difference, h)


def test_a_smaller_step_is_better_until_rounding_makes_it_worse() -> None:
    bending = [forward_error(10.0**-k) for k in range(1, 9)]
    assert bending == sorted(bending, reverse=True)
    assert forward_error(1e-8) == pytest.approx(2e-9, rel=0.5)
    assert forward_error(1e-15) == pytest.approx(0.14, abs=0.005)
    assert forward_error(1e-16) == 1.0
    assert min(map(central_error, (1e-5, 1e-6, 1e-7))) < forward_error(1e-8) / 10


def test_one_step_shrinks_the_error_like_h_and_two_like_h_squared() -> None:
    assert forward_error(1e-2) / forward_error(1e-3) == pytest.approx(10, rel=0.1)
    assert central_error(1e-2) / central_error(1e-3) == pytest.approx(100, rel=0.1)


def test_differences_agree_with_a_formula() -> None:
    x = sympy.Symbol("x")
    exact = sympy.lambdify(x, sympy.sin(x).diff(x))
    for at in (-2.0, 0.3, 1.5):
        assert differences.SLOPES.answer(at, 1e-5) == pytest.approx((exact(at),) * 2, abs=1e-5)
        one, two = differences.SLOPES.answer(at, 0.5)
        assert (one - two) * 0.5 == pytest.approx(
            (np.sin(at + 0.5) + np.sin(at - 0.5)) / 2 - np.sin(at)
        )


def test_the_box_with_a_slider_shows_what_the_lesson_tells(
    drawn_slope: Callable[[float], str],
) -> None:
    assert drawn_slope(-4) != drawn_slope(-5) == f"{np.e:.4f}" != drawn_slope(-12)
    assert drawn_slope(-15) == "3.1086"
    assert drawn_slope(-16) == "0.0000"


@pytest.fixture
def drawn_slope() -> Callable[[float], str]:
    exponent = ag.Tensor(-4.0, name="exponent")
    h = 10.0**exponent
    graph = ag.ComputationGraph((ag.exp(1 + h) - np.e) / h)
    return lambda power: f"{graph.forward(exponent=float(power)):.4f}"


def test_the_product_in_forward_mode_is_the_engine_s() -> None:
    for x, y, dx, dy in four_ways.TANGENT.points():
        expected = ag.jvp(lambda x, y: x * y, (x, y), (dx, dy))
        assert four_ways.TANGENT.answer(x, y, dx, dy) == pytest.approx(tuple(map(float, expected)))


def test_the_mixed_rows_are_the_engine_s() -> None:
    _, pullback = ag.vjp(lambda x: np.array(four_ways.ROWS) @ x, np.ones(3))
    (expected,) = pullback(np.array(four_ways.SEED))
    assert list(four_ways.pulled(*four_ways.SEED).values()) == pytest.approx(expected)


def test_a_forward_pass_fills_a_column_and_a_sweep_a_row() -> None:
    A = np.random.default_rng(0).normal(size=(int(four_ways.OUTPUTS), int(four_ways.INPUTS)))
    answer = four_ways.JACOBIAN.answer()
    columns = [ag.jvp(lambda x: A @ x, (np.ones(3),), (move,))[1] for move in np.eye(3)]
    _, pullback = ag.vjp(lambda x: A @ x, np.ones(3))
    rows = [pullback(seed)[0] for seed in np.eye(1000)]
    assert np.allclose(np.array(columns).T, rows)
    assert answer == {"forward": len(columns), "reverse": len(rows)}
