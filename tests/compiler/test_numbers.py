"""Programs of single numbers: Python's floats, and NumPy's answers where Python has none."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Operation, Tensor
from tests.strategies import Program, programs

FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "log": lambda x, y: np.log(x) * y,
    "divide": lambda x, y: x / y,
    "power": lambda x, y: x**y,
    "exp": lambda x, y: np.exp(x * y),
    "sqrt": lambda x, y: np.sqrt(x) + y,
    "sin": lambda x, y: np.sin(x * y) + np.cos(y),
    "tan": lambda x, y: np.tan(x) - y,
    "product": lambda x, y: x * y * x * y,
    "square": lambda x, y: (x * y) ** 2.0,
    "root of power": lambda x, y: (x**3.0) ** 0.5 * y,
    "tanh": lambda x, y: np.tanh(x / y),
    "softplus": lambda x, y: ag.softplus(x) * ag.sigmoid(y),
    "larger": lambda x, y: np.maximum(x, y) * np.minimum(x, 1.0) + ag.relu(y),
    "distance": lambda x, y: abs(x - y),
}
LARGE_AND_SMALL = st.sampled_from([
    0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.0, 700.0, 1e200, -1e200, 1e308, 5e-324, 1e-310,
    float("inf"), float("-inf"), float("nan"),
])  # fmt: skip


def same(ours: Any, theirs: Any) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-320)


@given(st.sampled_from(sorted(FUNCTIONS)), LARGE_AND_SMALL, LARGE_AND_SMALL)
def test_the_answers_are_numpys(name: str, a: float, b: float) -> None:
    function = FUNCTIONS[name]
    with np.errstate(all="ignore"):
        graph = ComputationGraph(function(Tensor(1.5, name="x"), Tensor(0.7, name="y")))
        compiled = graph.compile()
        assert compiled._of_numbers
        x, y = Tensor(a), Tensor(b)
        z = function(x, y)
        z.backward()
        for _ in range(2):
            value, gradients = compiled.value_and_grad(x=a, y=b)
            same([value, gradients["x"], gradients["y"]], [z.item(), x.grad, y.grad])
        same(compiled.forward(x=a, y=b), z.item())
        gradients = compiled.backward()
        same([gradients["x"], gradients["y"]], [x.grad, y.grad])


@given(programs())
def test_any_program_of_numbers(program: Program) -> None:
    leaves, y = program.record()
    compiled = ComputationGraph(y).compile()
    y.backward()
    value, gradients = compiled.value_and_grad()
    np.testing.assert_allclose(value, y.item(), rtol=1e-12, atol=1e-15)
    for leaf in leaves:
        if leaf.name in gradients:
            np.testing.assert_allclose(gradients[leaf.name], leaf.grad, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("name", "a", "b"), [("log", 0.0, 1.0), ("divide", 1.0, 0.0)])
def test_numpy_warns_as_it_does_for_the_engine(name: str, a: float, b: float) -> None:
    compiled = ComputationGraph(FUNCTIONS[name](Tensor(1.5, name="x"), Tensor(0.7, name="y")))
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert np.isinf(compiled.compile().forward(x=a, y=b))


class Quiet(Operation):
    """It asked NumPy not to warn."""

    def forward(self, x: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.log1p(x)

    def backward(self, dz: Any) -> Any:
        return dz * 2.0


def test_a_rule_that_silenced_numpy_is_silent() -> None:
    compiled = ComputationGraph(Quiet()(Tensor(1.5, name="x"))).compile()
    assert compiled.forward(x=-1.0) == -np.inf
    assert compiled.value_and_grad(x=-1.0) == (-np.inf, {"x": 2.0})


def test_numbers_may_be_given_in_any_kind() -> None:
    compiled = ComputationGraph(Tensor(1.5, name="x") ** 2.0).compile()
    for three in (3, 3.0, np.float32(3), np.array(3.0), Tensor(3.0), np.int64(3)):
        assert compiled.value_and_grad(x=three) == (9.0, {"x": 6.0})
    with pytest.raises(ValueError, match=r"x received shape \(2,\), expected \(\)"):
        compiled.forward(x=[1.0, 2.0])
    with pytest.raises(ValueError, match=r"no input is named .z.\. Inputs are x"):
        compiled.value_and_grad(z=1.0)
    with pytest.raises(ValueError, match="x received None"):
        compiled.forward(x=None)
    with pytest.raises(ValueError, match="no input is named ''"):
        ComputationGraph(Tensor(2.0) * 3.0).compile().forward(**{"": 1.0})


def test_single_float32_numbers_stay_float32() -> None:
    x = Tensor(np.float32(1.1), name="x")
    y = np.sin(x) * x
    y.backward()
    compiled = ComputationGraph(y).compile()
    value, gradients = compiled.value_and_grad()
    assert not compiled._of_numbers
    assert (value, value.dtype) == (y.data, np.float32)
    assert gradients["x"] == x.grad


def test_backward_takes_no_seed_and_needs_a_forward_pass() -> None:
    compiled = ComputationGraph(Tensor(2.0, name="x") * 3.0).compile()
    with pytest.raises(RuntimeError, match=r"there was no forward pass. Write forward\(\.\.\.\)"):
        compiled.backward()
    compiled.forward()
    with pytest.raises(TypeError, match="is one number, whose seed is 1"):
        compiled.backward(2.0)


def test_a_float32_number_on_the_way_is_rounded_as_it_was() -> None:
    def function(x: Tensor) -> Tensor:
        return np.sin(x.astype(np.float32)).astype(np.float64) * x

    compiled = ComputationGraph(function(Tensor(1.1, name="x"))).compile()
    z = Tensor(0.7)
    y = function(z)
    y.backward()
    value, gradients = compiled.value_and_grad(x=0.7)
    np.testing.assert_allclose([value, gradients["x"]], [y.item(), z.grad], rtol=1e-12)
