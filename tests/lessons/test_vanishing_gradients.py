"""Lesson 09: its numbers and solutions, and what its prose claims about gradients, measured."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import autograd_lite as ag
from autograd_lite.lessons import kept_alive, vanishing_gradients
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State

SOURCE = Path(__file__).parents[2] / "notebooks" / "sources" / "09_vanishing_gradients.md"
TEXT = SOURCE.read_text(encoding="utf-8")


def cell(beginning: str) -> str:
    """The cell, or the folded solution, that begins like this."""
    blocks = re.findall(r"```(?:python|text)\n(.*?)```", TEXT, re.DOTALL)
    return next(block for block in blocks if block.startswith(beginning))


@pytest.fixture
def room() -> dict[str, Any]:
    return {"ag": ag, "np": np}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("09.steepest", {"x": 0, "slope": 0.25}),
        ("09.ten", 9.5367431640625e-07),
        ("09.weighted", 57.6650390625),
        ("09.spread", 100),
        ("09.silent", 0.8),
        ("09.variances", {"xavier": 0.005, "he": 0.02}),
    ],
)
def test_the_numbers_of_the_lesson(key: str, expected: Any) -> None:
    exercise: Any = EXERCISES[key]
    assert exercise.answer() == pytest.approx(expected, rel=1e-12)


def test_a_quarter_is_the_largest_slope_and_it_is_at_0_alone() -> None:
    x, z = sympy.symbols("x z", real=True)
    sigma = 1 / (1 + sympy.exp(-x))
    assert sympy.solveset(sigma.diff(x, 2), x, sympy.S.Reals) == {0}
    assert sigma.diff(x).subs(x, 0) == sympy.Rational(1, 4)
    assert sympy.expand(z * (1 - z) - (sympy.Rational(1, 4) - (z - sympy.Rational(1, 2)) ** 2)) == 0


def test_the_slope_is_the_engine_s() -> None:
    for at in (-3.0, 0.0, 0.5, 1.0):
        assert vanishing_gradients.slope(at) == pytest.approx(float(ag.grad(ag.sigmoid)(at)))


def row_of_sigmoids(w: float, b: float, start: float, depth: int = 10) -> float:
    x = ag.Tensor(start)
    a = x
    for _ in range(depth):
        a = ag.sigmoid(w * a + b)
    a.backward()
    return float(x.grad)


def test_ten_sigmoids_stay_below_the_bound_wherever_they_start() -> None:
    for start in np.linspace(-5, 5, 41):
        assert 0 < row_of_sigmoids(1.0, 0.0, float(start)) < vanishing_gradients.TEN.answer()


def test_the_weighted_row_is_the_engine_s_and_without_its_bias_it_saturates() -> None:
    weight, bias = vanishing_gradients.WEIGHT, vanishing_gradients.BIAS
    start = vanishing_gradients.START
    exploded = row_of_sigmoids(weight, bias, start)
    assert vanishing_gradients.WEIGHTED.answer() == pytest.approx(exploded)
    assert row_of_sigmoids(weight, 0.0, start) < row_of_sigmoids(1.0, 0.0, start) < exploded


@pytest.mark.parametrize("spread", [0.01, 0.2, 1.0, 5.0])
def test_a_layer_stretches_a_gradient_by_at_most_a_quarter_of_its_norm(spread: float) -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        a = ag.Tensor(rng.normal(size=(5, 8)))
        W = spread * rng.normal(size=(8, 6))
        arriving = rng.normal(size=(5, 6))
        ag.sigmoid(a @ W).backward(arriving)
        bound = np.linalg.norm(W, 2) / 4 * np.linalg.norm(arriving)
        assert np.linalg.norm(a.grad) <= bound


def norms(activation: str, start: str) -> list[float]:
    return list(ag.GradientFlow(10, activation, start, width=64).norms)


def test_what_the_table_of_starts_is_said_to_show() -> None:
    for start in ("small", "xavier", "he"):
        first, *_, last = norms("sigmoid", start)
        assert first < 1e-4 * last
    found = norms("sigmoid", "xavier")
    assert all(3.5 < after / before < 4.8 for before, after in pairwise(found[1:]))
    first, *_, last = norms("tanh", "xavier")
    assert first == pytest.approx(last, rel=0.25)
    for activation in ("tanh", "relu"):
        small, large = norms(activation, "small"), norms(activation, "large")
        assert small[0] == pytest.approx(small[-1], rel=0.5)
        assert small[0] < 1e-8
        assert large[0] > 10


def test_a_relu_network_gives_every_weight_the_same_share() -> None:
    """Why small weights give W1 and W10 equally little: Σ W ⊙ dW is the same for each layer."""
    rng = np.random.default_rng(0)
    a = rng.normal(size=(4, 6))
    weights = [ag.Tensor(rng.normal(size=(6, 6))) for _ in range(5)]
    for W in weights:
        a = ag.relu(a @ W)
    a.backward(rng.normal(size=(4, 6)))
    shares = [float((W.data * W.grad).sum()) for W in weights]
    assert shares == pytest.approx([shares[0]] * 5)


def run_train(room: dict[str, Any]) -> None:
    exec(cell("X = np.array").split('print("sigmoid, one')[0], room)


def last_loss(room: dict[str, Any], call: str, capsys: pytest.CaptureFixture[str]) -> float:
    run_train(room)
    capsys.readouterr()
    exec(call, room)
    return float(re.findall(r"loss ([\d.e+-]+\d)", capsys.readouterr().out)[-1])


def test_four_times_wider_rescues_the_deep_sigmoids_and_nothing_else_does(
    room: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "`wider = 4.0`" in TEXT
    call = 'train(deep(ag.nn.Sigmoid, "xavier", wider={}), lr={}, steps={})'
    assert last_loss(room, call.format(4.0, 0.1, 1000), capsys) < 0.01
    assert last_loss(room, call.format(1.0, 0.1, 800), capsys) == 0.25
    assert last_loss(room, call.format(1.0, 0.5, 1200), capsys) == 0.25
    assert last_loss(room, call.format(1.0, 2.0, 1000), capsys) > 1e6


def test_the_first_weights_keep_the_mean_square_on_the_average() -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=50)
    z = a @ (rng.normal(size=(50, 200_000)) * (2 / 50) ** 0.5)
    assert z.var() == pytest.approx(2 * np.mean(a**2), rel=0.02)
    assert np.mean(np.maximum(z, 0) ** 2) == pytest.approx(np.mean(a**2), rel=0.02)


def test_equal_units_stay_equal_and_zeros_stay_zero(room: dict[str, Any]) -> None:
    run_train(room)
    exec(cell("def train_231").split("def show")[0], room)
    for value in (0.5, 0.0):
        start = [np.full(shape, value) for shape in ((2, 3), (3,), (3, 1), (1,))]
        W1, W2, _ = room["train_231"](start, 500)
        assert np.ptp(W1.data, axis=1) == pytest.approx(0.0, abs=1e-9)
        assert np.ptp(W2.data) == pytest.approx(0.0, abs=1e-9)
        assert (abs(W1.data - value).max() > 0.1) == (value != 0)
        if value == 0:
            assert not W1.data.any()
            assert not W2.data.any()


def test_equal_biases_are_harmless_where_the_weights_differ(room: dict[str, Any]) -> None:
    run_train(room)
    exec(cell("def train_231").split("def show")[0], room)
    rng = np.random.default_rng(0)
    start = [rng.normal(size=(2, 3)), np.zeros(3), rng.normal(size=(3, 1)), np.zeros(1)]
    assert room["train_231"](start, 2000)[2].item() < 0.01


def test_the_gradient_of_the_bias_is_the_share_that_gets_through() -> None:
    weight, bias = vanishing_gradients.DEAD_WEIGHT, vanishing_gradients.DEAD_BIAS
    for shift in (bias, -5.0, -2.0, -1.0, 2.5):  # at −2 one of them is at the kink
        b = ag.Tensor(shift)
        ag.relu(weight * np.array(vanishing_gradients.DATA) + b).mean().backward()
        silent = vanishing_gradients.silent_share(weight, shift)
        assert 1 - float(b.grad) == pytest.approx(silent)


def test_a_dead_unit_does_not_move_by_a_bit_and_a_leaky_one_recovers() -> None:
    x = np.array(vanishing_gradients.DATA)
    losses = {}
    for activation in (ag.relu, kept_alive.LeakyReLU()):
        w, b = ag.Tensor(2.0), ag.Tensor(-5.0)
        for _ in range(2000):
            loss = ((activation(w * x + b) - np.maximum(x, 0)) ** 2).mean()
            w.grad = b.grad = None
            loss.backward()
            w.data, b.data = w.data - 0.1 * w.grad, b.data - 0.1 * b.grad
        losses[activation] = (float(w.data), float(b.data), loss.item())
    dead, leaky = losses.values()
    assert dead == (2.0, -5.0, 1.0)
    assert leaky[2] < 0.01


def test_the_leaky_relu_of_the_solution_is_right_and_the_stub_is_not_tried_yet(
    room: dict[str, Any],
) -> None:
    exercise = EXERCISES["09.leaky.rule"]
    stub, solution = re.findall(r"```\w+\n(class LeakyReLU.*?)(?:\n\n\n.*?)?```", TEXT, re.DOTALL)
    exec(stub, room)
    assert exercise.judge(room["LeakyReLU"]).state is State.NOT_TRIED
    exec(solution, room)
    assert exercise.judge(room["LeakyReLU"]).state is State.RIGHT
    assert ag.gradcheck(room["LeakyReLU"], np.array([-2.0, -0.5, 3.0]), order=2)


def test_the_clipping_of_the_solution_is_right_and_the_stub_is_not_tried_yet(
    room: dict[str, Any],
) -> None:
    exercise = EXERCISES["09.clip_rule"]
    stub, solution = re.findall(r"```\w+\n(def clip.*?)(?:\n\n\n.*?)?```", TEXT, re.DOTALL)
    exec(stub, room)
    assert exercise.judge(room["clip"]).state is State.NOT_TRIED
    exec(solution, room)
    assert exercise.judge(room["clip"]).state is State.RIGHT


def test_clipping_is_tried_on_long_and_on_short_gradients() -> None:
    lengths = [np.hypot(*point) for point in kept_alive.CLIP.points()]
    assert min(lengths) < kept_alive.LIMIT < max(lengths)
    for point in kept_alive.CLIP.points():
        clipped = kept_alive.clip(*point)
        assert np.hypot(*clipped) <= kept_alive.LIMIT + 1e-12
        assert clipped[0] * point[1] == pytest.approx(clipped[1] * point[0])
