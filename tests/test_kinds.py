"""Elementwise and Multilinear: from less that is stated, all modes follow."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import ComputationGraph, Elementwise, Multilinear, Tensor

X, Y = np.array([[0.5, -1.5, 2.0]]), np.array([[3.0], [0.25]])


class Hypotenuse(Elementwise):
    def forward(self, x: Any, y: Any) -> Any:
        return np.hypot(x, y)

    def local_gradients(self, x: Any, y: Any) -> Any:
        return x / self.output, y / self.output


class Outer(Multilinear):
    def forward(self, x: Any, y: Any, z: Any) -> Any:
        return np.einsum("i,j,k->ijk", x, y, z)

    def backward(self, dz: Any) -> Any:
        x, y, z = self.inputs
        return (
            np.einsum("ijk,j,k->i", dz, y, z),
            np.einsum("ijk,i,k->j", dz, x, z),
            np.einsum("ijk,i,j->k", dz, x, y),
        )


def test_local_gradients_give_backward_forward_mode_and_the_number_on_the_edge() -> None:
    x, y = Tensor(X), Tensor(Y)
    z = Hypotenuse()(x, y)
    length = np.hypot(X, Y)
    seed = np.arange(6.0).reshape(2, 3)
    z.backward(seed)
    np.testing.assert_allclose(x.grad, (seed * X / length).sum(axis=0, keepdims=True))
    np.testing.assert_allclose(y.grad, (seed * Y / length).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(z.operation.local_gradient(0), X / length)
    np.testing.assert_allclose(z.operation.local_gradient(1), Y / length)
    (step,) = (s for s in ComputationGraph(z).steps(gradient=seed) if s.phase == "backward")
    for c, local in zip(step.contributions, (X / length, Y / length), strict=True):
        np.testing.assert_allclose(c.local, local)
    _, moved = ag.jvp(Hypotenuse(), (X, Y), (np.ones(X.shape), 2 * np.ones(Y.shape)))
    np.testing.assert_allclose(moved, (X + 2 * Y) / length)
    assert ag.gradcheck(Hypotenuse, X, Y, order=2)


@pytest.mark.parametrize("still", [0, 1])
def test_forward_mode_when_one_input_stands_still(still: int) -> None:
    """And the other, moving, is the smaller one: its tangent is repeated to the output."""
    fixed = [X, Y][still]
    function = (
        (lambda t: Hypotenuse()(fixed, t)) if still == 0 else (lambda t: Hypotenuse()(t, fixed))
    )
    other = [X, Y][1 - still]
    _, moved = ag.jvp(function, (other,), (np.ones(other.shape),))
    np.testing.assert_allclose(moved, other / np.hypot(X, Y))
    assert moved.shape == (2, 3)


def test_a_slope_of_one_number_moves_the_whole_output() -> None:
    class Shift(Elementwise):
        def forward(self, x: Any, y: Any) -> Any:
            return x + y

        def local_gradients(self, x: Any, y: Any) -> Any:
            return 1.0, 1.0

    _, moved = ag.jvp(lambda x: Shift()(x, np.zeros((2, 3))), (4.0,), (5.0,))
    np.testing.assert_array_equal(moved, np.full((2, 3), 5.0))


def test_none_for_an_input_that_needs_none() -> None:
    class Scale(Elementwise):
        def forward(self, x: Any, y: Any) -> Any:
            return x * y

        def local_gradients(self, x: Any, y: Any) -> Any:
            return y, None

    x = Tensor([1.0, 2.0])
    Scale()(x, [3.0, 4.0]).sum().backward()
    np.testing.assert_array_equal(x.grad, [3.0, 4.0])
    with pytest.raises(ValueError, match=r"Scale\.backward returned None for input 1"):
        Scale()(x, Tensor(2.0)).sum().backward()


def test_wide_slopes_do_not_widen_float32() -> None:
    class Double(Elementwise):
        def forward(self, x: Any) -> Any:
            return x + x

        def local_gradients(self, x: Any) -> Any:
            return (np.full(x.shape, 2.0),)

    x = Tensor(np.array([1.0, 2.0], np.float32))
    y = Double()(x)
    gradients = y.operation.contributions(np.ones(2, np.float32))
    assert [g.dtype for g in gradients] == [np.float32]
    _, moved = ag.jvp(Double(), (x.numpy(),), (np.ones(2),))
    assert moved.dtype == np.float32


@pytest.mark.parametrize("moving", [(0,), (1,), (2,), (0, 2), (0, 1, 2)])
def test_multilinear_forward_mode_replaces_one_input_after_the_other(moving: Any) -> None:
    random = np.random.default_rng(3)
    values = [random.normal(size=n) for n in (2, 3, 4)]
    tangents = [random.normal(size=n) for n in (2, 3, 4)]

    def function(*given: Any) -> Any:
        inputs = list(values)
        for place, value in zip(moving, given, strict=True):
            inputs[place] = value
        return Outer()(*inputs)

    _, moved = ag.jvp(function, [values[i] for i in moving], [tangents[i] for i in moving])
    expected = np.zeros((2, 3, 4))
    for i in moving:
        expected += np.einsum(
            "i,j,k->ijk", *(tangents[j] if j == i else values[j] for j in range(3))
        )
    np.testing.assert_allclose(moved, expected, rtol=1e-12)


def test_multilinear_passes_the_gradient_check_to_second_order() -> None:
    random = np.random.default_rng(3)
    assert ag.gradcheck(Outer, *(random.normal(size=n) for n in (2, 1, 2)), order=2)


def test_missing_local_gradients_are_told_in_forward_mode_too() -> None:
    class Silent(Elementwise):
        def forward(self, x: Any) -> Any:
            return x * 1.0

    for use in (
        lambda: Silent()(Tensor(1.0)).backward(),
        lambda: ag.jvp(Silent(), (1.0,), (1.0,)),
        lambda: ComputationGraph(Silent()(Tensor(1.0))).steps(),
    ):
        with pytest.raises(NotImplementedError, match="Silent states no local_gradients"):
            use()


def test_a_wrong_number_of_slopes_is_told_in_forward_mode_too() -> None:
    class Two(Elementwise):
        def forward(self, x: Any) -> Any:
            return x * 1.0

        def local_gradients(self, x: Any) -> Any:
            return 1.0, 1.0

    with pytest.raises(ValueError, match="local_gradients returned 2 slopes, expected 1: one per"):
        ag.jvp(Two(), (1.0,), (1.0,))
