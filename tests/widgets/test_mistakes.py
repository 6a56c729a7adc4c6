"""A wrong gradient gets the name of the misconception that gives it, computed for these inputs."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from autograd_lite.widgets.mistakes import TOLERANCE, close, judge
from tests.strategies import same_every_run

Gate = Callable[..., Tensor]
DZ = 0.7


def said(typed: str, gate: Gate, x: float, y: float | None = None, dz: float = DZ) -> str:
    """What is said of a gradient typed for x, without the name."""
    leaf = Tensor(x, name="x")
    inputs = [leaf] if y is None else [leaf, Tensor(y, name="y")]
    step = ComputationGraph(gate(*inputs)).steps(gradient=dz)[-1]
    line = judge("x", typed, step, leaf)
    mark, words = line.split(" x: ")
    return f"{mark} {words}"


@pytest.mark.parametrize(
    ("gate", "inputs", "typed", "words"),
    [
        (ag.multiply, (2.5, -3.0), DZ * 2.5, "dz times its own input"),
        (ag.multiply, (2.5, -3.0), -3, "the local gradient alone"),
        (ag.multiply, (2.5, -3.0), DZ, "dz unchanged"),
        (ag.multiply, (2.5, -3.0), DZ * -7.5, "dz times the output"),
        (ag.multiply, (2.5, -3.0), DZ * 3, "right but for its sign"),
        (ag.add, (2.0, -3.0), DZ / 2, "half of dz"),
        (ag.add, (2.0, -3.0), 1, "the local gradient alone"),
        (ag.maximum, (2.0, -3.0), DZ / 2, "half of dz"),
        (ag.minimum, (2.0, -3.0), DZ / 2, "half of dz"),
        (ag.minimum, (2.0, -3.0), DZ, "dz unchanged"),
        (ag.divide, (2.0, -4.0), -0.25, "the local gradient alone"),
        (ag.sigmoid, (0.5,), 0.2350, "the local gradient alone"),
        (ag.sigmoid, (0.5,), DZ * 0.6225, "dz times the output"),
        (ag.sin, (2.0,), DZ * np.sin(2.0), "dz times the output"),
        (ag.relu, (-2.0,), DZ, "dz unchanged"),
        (lambda x: x + x, (2.0,), DZ, "one path only"),
        (lambda x: x + x, (2.0,), 2, "the local gradient alone"),
    ],
)
def test_each_mistake_has_its_name(
    gate: Gate, inputs: tuple[float, ...], typed: float, words: str
) -> None:
    line = said(str(typed), gate, *inputs)
    assert line.startswith("✗ ")
    assert words in line


def test_any_other_wrong_number_gets_the_right_one() -> None:
    assert said("9.9", ag.multiply, 2.0, -3.0) == "✗ 9.9 is not it; it is −2.1000."


def test_half_is_right_at_a_tie() -> None:
    assert said("0.35", ag.maximum, 2.0, 2.0) == "✓ 0.3500 is right."


@same_every_run
@given(*[st.floats(-4, 4) for _ in range(3)], st.floats(-10, 10))
def test_right_is_said_of_the_right_number_and_of_no_other(
    x: float, y: float, dz: float, typed: float
) -> None:
    right = dz * y
    assert said(repr(right), ag.multiply, x, y, dz).startswith("✓ ")
    assume(abs(typed - right) > 2 * TOLERANCE * max(abs(right), 0.01))
    assert said(repr(typed), ag.multiply, x, y, dz).startswith("✗ ")


def test_three_digits_are_enough_and_two_are_not_nor_is_zero_for_something_small() -> None:
    assert close(0.235, 0.23500371)
    assert close(-2.14, -2.14159)
    assert not close(0.24, 0.23500371)
    assert not close(0.0, 6.7e-5)
    assert not close(float("nan"), 1.0)


@pytest.mark.parametrize("typed", ["0.7", "0,7", " 0.7 ", "7e-1", "+0.7", "0.700", "7/10"])
def test_a_number_may_be_written_in_several_ways(typed: str) -> None:
    assert said(typed, ag.add, 2.0, 3.0).startswith("✓")


@pytest.mark.parametrize("typed", ["-0.7", "−0.7", "−0,7"])
def test_a_real_minus_is_a_minus(typed: str) -> None:
    assert said(typed, ag.add, 2.0, 3.0, dz=-0.7).startswith("✓")


@pytest.mark.parametrize("typed", ["abc", "1/x", "1.000,5", "<b>", "0x1", "--1", "2 3"])
def test_what_is_no_number_is_said_to_be_none(typed: str) -> None:
    line = said(typed, ag.add, 2.0, 3.0)
    assert line == f"· {typed!r} is not a number. Write it like 0.5, 1/2 or -2."


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_typed_is_no_mistake(typed: str) -> None:
    assert said(typed, ag.add, 2.0, 3.0) == "· no prediction. It is 0.7000."


def test_an_infinite_gradient_can_be_predicted() -> None:
    with np.errstate(all="ignore"):
        assert said("inf", ag.divide, 2.0, 0.0).startswith("✓")
        assert said("1", ag.divide, 2.0, 0.0).startswith("✗")
