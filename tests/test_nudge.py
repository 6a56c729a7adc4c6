"""Nudge: f(x + h) − f(x) by the graph's own replay, beside gradient · h."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_lite import ComputationGraph, Tensor
from autograd_lite.nudge import Nudge
from tests.strategies import Program, programs, same_every_run
from tests.views.test_check import PLAIN

ALL = PLAIN | {
    "relu": lambda x: max(x, 0.0), "abs": abs, "maximum": max, "minimum": min,
}  # fmt: skip


def nudged(
    y: Tensor, leaf: Tensor, h: float, place: tuple[int, ...] = (), seed: Any = 1.0
) -> Nudge:
    leaf.grad = None
    y.backward(seed)
    return Nudge(ComputationGraph(y), leaf, place, h, seed, float(leaf.grad[place]))


@same_every_run
@given(programs(), st.sampled_from([1.0, 0.1, -0.01, 1e-6, 0.0]), st.data())
def test_the_change_is_that_of_a_plain_function(p: Program, h: float, data: st.DataObject) -> None:
    def plain(leaves: Any) -> float:
        return float(p.run(leaves, lambda name, *inputs: ALL[name](*inputs))[-1])

    leaves, y = p.record()
    y.backward()
    names = [f"x{i}" for i, leaf in enumerate(leaves) if leaf.grad is not None]
    if not names:
        return
    number = int(data.draw(st.sampled_from(names))[1:])
    moved = [value + h * (place == number) for place, value in enumerate(p.leaves)]
    one = nudged(y, leaves[number], h)
    before, after = plain(p.leaves), plain(moved)
    assert one.before == pytest.approx(before, rel=1e-12, abs=1e-12)
    assert one.after == pytest.approx(after, rel=1e-12, abs=1e-12)
    near = 1e-12 * (1 + abs(before) + abs(after))
    assert one.change == pytest.approx(after - before, abs=near)
    assert one.foretold == float(leaves[number].grad) * h
    assert one.difference == pytest.approx(one.change - one.foretold, abs=near + 1e-12 * abs(h))


def test_an_element_of_an_array_moves_alone() -> None:
    w = Tensor([[1.0, 2.0], [3.0, 4.0]])
    one = nudged((w * w).sum(), w, 0.5, (1, 0))
    assert (one.change, one.foretold, one.difference) == (3.25, 3.0, 0.25)


def test_the_seed_makes_one_number_of_several() -> None:
    x = Tensor([1.0, 2.0])
    one = nudged(x * x, x, 1.0, (0,), np.array([10.0, 1.0]))
    assert (one.change, one.foretold) == (30.0, 20.0)


def test_a_nudge_that_rounding_swallows_is_told_from_a_line() -> None:
    x = Tensor(2.0)
    y = np.sin(x) + 3.0 * x
    assert nudged(y, x, 1e-12).drowns
    assert not nudged(y, x, 1e-3).drowns
    line = nudged(Tensor(2.0) * x, x, 0.1)
    assert line.difference == 0.0
    assert not line.drowns


def test_a_jump_to_infinity_is_no_rounding() -> None:
    x = Tensor(709.0)
    y = np.exp(x)
    one = nudged(y, x, 10.0)
    assert one.move_of(y) == np.inf
    assert one.move_of(x) == 10.0
