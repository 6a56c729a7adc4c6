"""Forward mode from a backward rule: by the rule on tensors, or row by row on arrays alone."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Operation, Tensor

X, Y = np.array([0.5, -1.5, 2.0]), np.array([3.0, 0.25, -1.0])
TX, TY = np.array([1.0, 2.0, -1.0]), np.array([0.5, 0.0, 3.0])


class OnTensors(Operation):
    """z = (x·y, Σx): a rule in NumPy's functions, of two inputs."""

    def forward(self, x: Any, y: Any) -> Any:
        return np.append(x * y, np.sum(x))

    def backward(self, dz: Any) -> Any:
        x, y = self.inputs
        return dz[:3] * y + dz[3], dz[:3] * x


class OnArrays(OnTensors):
    """The same, with a number taken out of the graph."""

    def backward(self, dz: Any) -> Any:
        x, y = self.inputs
        last = np.asarray(dz)[3].item()
        return dz[:3] * y + last, dz[:3] * x


KINDS = pytest.mark.parametrize("kind", [OnTensors, OnArrays])


@KINDS
def test_the_move_of_the_output_is_the_jacobian_times_the_moves(kind: type[Operation]) -> None:
    value, moved = ag.jvp(kind(), (X, Y), (TX, TY))
    np.testing.assert_array_equal(value, [*(X * Y), X.sum()])
    np.testing.assert_allclose(moved, [*(TX * Y + X * TY), TX.sum()], rtol=1e-14)


@KINDS
@pytest.mark.parametrize("still", [0, 1])
def test_an_input_may_stand_still(kind: type[Operation], still: int) -> None:
    if still == 0:
        moved = ag.jvp(lambda y: kind()(X, y), (Y,), (TY,))[1]
        expected = [*(X * TY), 0.0]
    else:
        moved = ag.jvp(lambda x: kind()(x, Y), (X,), (TX,))[1]
        expected = [*(TX * Y), TX.sum()]
    np.testing.assert_allclose(moved, expected, rtol=1e-14)


@KINDS
def test_what_moves_an_output_only_through_one_input_is_zero_elsewhere(
    kind: type[Operation],
) -> None:
    moved = ag.jvp(lambda y: kind()(X, y)[3], (Y,), (TY,))[1]
    assert moved == 0.0
    assert moved.shape == ()


def test_an_output_that_does_not_depend_on_dz_does_not_move() -> None:
    class Flat(Operation):
        def forward(self, x: Any) -> Any:
            return np.sign(x)

        def backward(self, dz: Any) -> Any:
            return np.zeros(self.inputs[0].shape)

    np.testing.assert_array_equal(ag.jvp(Flat(), (X,), (TX,))[1], np.zeros(3))


def test_forward_mode_does_not_change_the_operation() -> None:
    x = Tensor(X)
    z = OnArrays()(x, Tensor(Y, requires_grad=False))
    before = z.operation.needs, z.operation.inputs, z.operation.output
    z.operation.tangent([TX, None])
    after = z.operation.needs, z.operation.inputs, z.operation.output
    assert all(one is other for one, other in zip(before, after, strict=True))


def test_row_by_row_the_result_is_of_the_outputs_dtype() -> None:
    moved = ag.jvp(OnArrays(), (X.astype(np.float32), Y.astype(np.float32)), (TX, TY))[1]
    assert moved.dtype == np.float32
    np.testing.assert_allclose(moved, [*(TX * Y + X * TY), TX.sum()], rtol=1e-6)


def test_a_rule_that_cannot_run_on_tensors_is_refused_where_the_move_is_differentiated() -> None:
    x = Tensor(X, name="x")
    with pytest.raises(TypeError, match=r"OnArrays\.backward cannot be differentiated again"):
        ag.jvp(lambda x: OnArrays()(x, Y), (x,), (TX,))
    moved = ag.jvp(lambda x: OnTensors()(x, Y), (x,), (TX,))[1]
    assert isinstance(moved, Tensor)


def test_the_move_can_be_differentiated_again() -> None:
    class Cube(Operation):
        def forward(self, x: Any) -> Any:
            return x**3

        def backward(self, dz: Any) -> Any:
            return dz * 3 * self.inputs[0] ** 2

    slope = ag.grad(lambda x: ag.jvp(Cube(), (x,), (TX,))[1].sum())
    np.testing.assert_allclose(slope(X), 6 * X * TX, rtol=1e-14)
    np.testing.assert_allclose(ag.hvp(lambda x: Cube()(x).sum(), (X,), (TX,))[0], 6 * X * TX)


def test_a_rule_that_forgets_dz_moves_by_nothing_and_is_caught() -> None:
    class Forgets(Operation):
        def forward(self, x: Any) -> Any:
            return x**2

        def backward(self, dz: Any) -> Any:
            return 2 * np.asarray(self.inputs[0]) + 0.0 * np.asarray(dz)

    np.testing.assert_array_equal(ag.jvp(Forgets(), (X,), (TX,))[1], np.zeros(3))
    with pytest.raises(AssertionError, match="Forgets by input 0"):
        ag.gradcheck(Forgets, X)
