"""detect_anomaly: the first node that makes a nan or an inf is named, in either pass."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import ComputationGraph, Operation, Tensor, detect_anomaly


def x(*values: float) -> Tensor:
    return Tensor(values, name="x")


FORWARD: dict[str, tuple[Callable[[], Any], str]] = {
    "a number": (lambda: np.log(Tensor(0.0, name="x")), r"Log made -inf from 'x' = 0\.0\.$"),
    "its place": (
        lambda: np.sqrt(x(1.0, -4.0, -9.0)), r"Sqrt made nan at \[1\] from 'x' = -4\.0\.$",
    ),
    "two axes": (
        lambda: Tensor([[1.0, 2.0], [3.0, 4.0]], name="a") / [[1.0, 1.0], [0.0, 1.0]],
        r"Divide made inf at \[1, 0\] from 'a' = 3\.0 and a constant = 0\.0\.$",
    ),
    "other shapes": (
        lambda: np.exp(x(1.0, 2.0)).sum() * 1.0 + x(1e308, 1e308).sum(),
        r"Sum made inf from 'x' = an array of shape \(2,\)\.$",
    ),
    "a bad input": (
        lambda: x(1.0, np.nan, np.inf).sum(),
        r"Sum received 'x' with nan in it already\.$",
    ),
    "overflow": (lambda: ag.exp(x(1000.0)), r"Exp made inf at \[0\] from 'x' = 1000\.0\.$"),
    "the first of several": (
        lambda: np.sin(np.log(x(0.0)) * 2.0), r"Log made -inf at \[0\] from 'x' = 0\.0\.$",
    ),
    "deep inside": (
        lambda: np.log(np.sin(x(0.0))), r"Log made -inf at \[0\] from the result of Sin = 0\.0\.$",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("compute", "says"), FORWARD.values(), ids=FORWARD)
def test_the_forward_pass_names_operation_place_and_inputs(
    compute: Callable[[], Any], says: str
) -> None:
    with pytest.raises(FloatingPointError, match=f"^forward pass: {says}"), detect_anomaly():
        compute()


def inverse(slope: float) -> Operation:
    class Bad(Operation):
        def forward(self, x: Any) -> Any:
            return x * 1.0

        def backward(self, dz: Any) -> Any:
            return dz * np.where(self.inputs[0] == 2.0, slope, 1.0)

    return Bad()


BACKWARD: dict[str, tuple[Callable[[], Tensor], Any, str]] = {
    "a number": (
        lambda: np.sqrt(Tensor(0.0, name="x")), None,
        r"Sqrt sent inf to 'x', with upstream gradient 1\.0 and 'x' = 0\.0\.$",
    ),
    "its place": (
        lambda: (np.sqrt(x(4.0, 0.0)) * 3.0).sum(), None,
        r"Sqrt sent inf at \[1\] to 'x', with upstream gradient 3\.0 and 'x' = 0\.0\.$",
    ),
    "other shapes": (
        lambda: Tensor(1.0, name="w") * np.array([1e200, 1.0]), [1e200, 1.0],
        r"Multiply sent inf to 'w', with upstream gradient an array of shape \(2,\) and 'w' = "
        r"1\.0 and a constant = an array of shape \(2,\)\.$",
    ),
    "one of two inputs": (
        lambda: Tensor(1e-200, name="x") / Tensor(1e-200, name="y"), 1e150,
        r"Divide sent inf to 'x', with upstream gradient 1e\+150 and 'x' = 1e-200 and 'y'",
    ),
    "a rule of ones own": (
        lambda: inverse(np.nan)(x(1.0, 2.0)).sum(), None,
        r"Bad sent nan at \[1\] to 'x', with upstream gradient 1\.0 and 'x' = 2\.0\.$",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("build", "seed", "says"), BACKWARD.values(), ids=BACKWARD)
@pytest.mark.parametrize("create_graph", [False, True])
def test_the_backward_pass_names_operation_input_and_upstream(
    build: Callable[[], Tensor], seed: Any, says: str, create_graph: bool
) -> None:
    y = build()
    with pytest.raises(FloatingPointError, match=f"^backward pass: {says}"), detect_anomaly():
        y.backward(seed, create_graph=create_graph)
    assert all(node.grad is None for node in ComputationGraph(y).nodes)


def test_steps_and_functions_of_functions_are_watched() -> None:
    y = np.sqrt(Tensor(0.0, name="x"))
    for use in (
        lambda: ComputationGraph(y).steps(),
        lambda: ag.grad(np.sqrt)(0.0),
        lambda: ComputationGraph(y).forward(x=-1.0),
    ):
        with pytest.raises(FloatingPointError, match="pass: Sqrt "), detect_anomaly():
            use()
    assert y.item() == 0.0


def test_what_is_finite_passes_and_leaves_are_not_judged() -> None:
    with detect_anomaly():
        leaf = Tensor(np.nan)
        y = (ag.softmax(x(1000.0, -1000.0)) * x(1.0, 2.0)).sum()
        y.backward()
        Tensor(np.zeros(0)).sum().backward()
    assert leaf.grad is None


def test_it_ends_and_numpys_own_warnings_are_back() -> None:
    with pytest.raises(FloatingPointError), detect_anomaly():
        np.log(x(0.0))
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.log(x(0.0))
    with detect_anomaly():
        pass
    with np.errstate(divide="ignore"):
        assert np.log(x(0.0)).data == -np.inf


def test_an_infinite_number_that_came_in_is_no_anomaly() -> None:
    scores = Tensor([[0.3, -1.0], [2.0, 0.5]])
    with detect_anomaly():
        shares = ag.softmax(np.where(np.tri(2) > 0.0, scores, -np.inf))
        (shares * shares).sum().backward()
        assert ag.max_pool2d(Tensor(np.ones((1, 1, 4, 4))), 2, padding=1).shape == (1, 1, 3, 3)
    assert scores.grad is not None
    assert np.isfinite(scores.grad).all()


def test_forward_mode_is_watched_too() -> None:
    with (
        pytest.raises(FloatingPointError, match=r"forward mode: Sqrt moves by inf, with .* = 0\.0"),
        detect_anomaly(),
    ):
        ag.jvp(ag.sqrt, (0.0,), (1.0,))


def test_a_tangent_that_is_a_number_is_let_through() -> None:
    with detect_anomaly():
        assert ag.jvp(ag.sqrt, (4.0,), (1.0,))[1] == 0.25
