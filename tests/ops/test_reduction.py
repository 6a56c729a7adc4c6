"""Reductions: NumPy's arguments, the gradient spread back, and what happens at the edges."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.ops.reduction import Reduction

AXES = [None, 0, 1, 2, -1, -3, (0, 2), (-1, 0), (0, 1, 2), ()]


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("name", ["sum", "mean"])
def test_every_axis(name: str, axis: Any, keepdims: bool) -> None:
    random = np.random.default_rng(3)
    value = random.normal(size=(3, 4, 3))  # equal lengths: a wrong axis would still broadcast
    x = Tensor(value)
    y = getattr(x, name)(axis=axis, keepdims=keepdims)
    np.testing.assert_array_equal(y.data, getattr(np, name)(value, axis=axis, keepdims=keepdims))
    seed = random.normal(size=y.shape)
    y.backward(seed)
    kept = getattr(np, name)(value, axis=axis, keepdims=True)
    share = 1.0 if name == "sum" else kept.size / value.size
    np.testing.assert_allclose(
        x.grad, np.broadcast_to(seed.reshape(kept.shape) * share, value.shape), rtol=1e-15
    )


@pytest.mark.parametrize("name", ["sum", "mean"])
def test_function_method_and_numpy_are_the_same(name: str) -> None:
    value = np.arange(6.0).reshape(2, 3)
    for result in (
        getattr(ag, name)(Tensor(value), 1, True),
        getattr(Tensor(value), name)(1, keepdims=True),
        getattr(np, name)(Tensor(value), axis=1, keepdims=True),
    ):
        assert result.shape == (2, 1)
        np.testing.assert_array_equal(result.data, getattr(np, name)(value, 1, keepdims=True))


@pytest.mark.parametrize("axis", [None, 0, -1])
def test_sum_of_a_single_number(axis: Any) -> None:
    x = Tensor(2.0)
    x.sum(axis=axis).backward()
    assert x.grad == 1.0
    assert x.grad.shape == ()


def test_sum_of_nothing() -> None:
    x = Tensor(np.zeros((0, 3)))
    y = x.sum()
    y.backward()
    assert y.item() == 0.0
    assert x.grad.shape == (0, 3)


def test_mean_over_an_axis_when_another_is_empty() -> None:
    x = Tensor(np.zeros((3, 0)))
    y = x.mean(axis=0)
    y.backward(np.zeros(0))
    assert x.grad.shape == (3, 0)


@pytest.mark.parametrize("option", [{"out": np.zeros(())}, {"dtype": float}])
def test_options_that_cannot_be_recorded_are_refused(option: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=next(iter(option))):
        np.sum(Tensor([1.0, 2.0]), **option)


def test_an_axis_that_is_not_there_names_the_tensor() -> None:
    with pytest.raises(ValueError, match=r"Sum of 'x' \(shape \(2,\)\): axis 1"):
        Tensor([1.0, 2.0], name="x").sum(axis=1)


def test_a_reduction_without_a_slope_cannot_go_backward() -> None:
    class Median(Reduction):
        def forward(self, x: Any) -> Any:
            return np.median(x, axis=self.axis, keepdims=self.keepdims)

    y = Median()(Tensor([1.0, 2.0, 4.0]))
    assert y.item() == 2.0
    with pytest.raises(NotImplementedError):
        y.backward()


VALUES = {
    "max": np.max, "min": np.min, "prod": np.prod,
    "norm": lambda x, axis, keepdims: np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims)),
}  # fmt: skip


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("name", VALUES)
def test_every_axis_of_the_others(name: str, axis: Any, keepdims: bool) -> None:
    value = np.random.default_rng(3).normal(size=(3, 3, 3))
    x = Tensor(value)
    y = getattr(ag, name)(x, axis=axis, keepdims=keepdims)
    expected = VALUES[name](value, axis=axis, keepdims=keepdims)
    np.testing.assert_allclose(y.data, expected, rtol=1e-14)
    # Scaling x scales the result: the gradient along x itself says how fast.
    degree = value.size // y.size if name == "prod" else 1
    seed = np.random.default_rng(4).normal(size=y.shape)
    y.backward(seed)
    kept = VALUES[name](value, axis=axis, keepdims=True)
    along = np.sum(x.grad * value, axis=axis, keepdims=True)
    np.testing.assert_allclose(along, degree * seed.reshape(kept.shape) * kept, rtol=1e-10)


@pytest.mark.parametrize("axis", [None, 0, -1])
@pytest.mark.parametrize("name", [*VALUES, "logsumexp"])
def test_a_single_number_is_its_own_aggregate(name: str, axis: Any) -> None:
    x = Tensor(2.0)
    y = getattr(ag, name)(x, axis)
    y.backward()
    assert (y.item(), x.grad, x.grad.shape) == (2.0, 1.0, ())


@pytest.mark.parametrize("name", ["max", "min"])
def test_ties_of_the_largest_and_the_smallest_are_split_evenly(name: str) -> None:
    x = Tensor([[2.0, 2.0, 2.0], [2.0, 1.0, 2.0], [2.0, 3.0, 2.0]])
    getattr(ag, name)(x, axis=1).backward([6.0, 6.0, 6.0])
    expected = {
        "max": [[2.0, 2.0, 2.0], [3.0, 0.0, 3.0], [0.0, 6.0, 0.0]],
        "min": [[2.0, 2.0, 2.0], [0.0, 6.0, 0.0], [3.0, 0.0, 3.0]],
    }
    np.testing.assert_array_equal(x.grad, expected[name])


@pytest.mark.parametrize(
    ("values", "gradient"),
    [([2.0, 3.0, 5.0], [15.0, 10.0, 6.0]), ([2.0, 0.0, 5.0], [0.0, 10.0, 0.0]),
     ([0.0, 0.0, 5.0], [0.0, 0.0, 0.0]), ([7.0], [1.0]), ([-1.0, 2.0], [2.0, -1.0]),
     ([2.0, 3.0, 5.0, 7.0, 11.0], [1155.0, 770.0, 462.0, 330.0, 210.0])],
    ids=str,
)  # fmt: skip
def test_prod_is_exact_with_zeros(values: list[float], gradient: list[float]) -> None:
    x = Tensor(values)
    ag.prod(x).backward()
    np.testing.assert_array_equal(x.grad, gradient)


@pytest.mark.parametrize("axis", [None, 0])
def test_norm_at_zero_is_flat(axis: Any) -> None:
    x = Tensor([0.0, 0.0])
    y = ag.norm(x, axis)
    y.backward()
    assert y.item() == 0.0
    np.testing.assert_array_equal(x.grad, [0.0, 0.0])


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
def test_norm_where_the_squares_do_not_fit(scale: float) -> None:
    x = Tensor([3.0 * scale, -4.0 * scale])
    y = ag.norm(x)
    y.backward()
    assert y.item() == pytest.approx(5.0 * scale, rel=1e-15)
    np.testing.assert_allclose(x.grad, [0.6, -0.8], rtol=1e-15)


def test_norm_at_zero_is_flat_to_second_order_too() -> None:
    np.testing.assert_array_equal(ag.hessian(ag.norm)(np.zeros(2)), np.zeros((2, 2)))


def test_norm_of_length_one_is_nothing_special() -> None:
    x = Tensor([0.0, -1.0])
    ag.norm(x).backward(2.0)
    np.testing.assert_array_equal(x.grad, [0.0, -2.0])


def test_norm_scales_each_row_by_itself() -> None:
    x = Tensor([[3e200, 4e200], [3e-200, 4e-200], [0.0, 0.0]])
    for keepdims in (False, True):
        y = ag.norm(x, axis=1, keepdims=keepdims)
        np.testing.assert_allclose(y.data.ravel(), [5e200, 5e-200, 0.0], rtol=1e-15)


def test_norm_of_an_infinite_element_is_infinite() -> None:
    assert ag.norm(Tensor([1.0, -np.inf])).item() == np.inf


def test_the_largest_of_nothing_is_told() -> None:
    with pytest.raises(ValueError, match=r"Max of 'x' \(shape \(0,\)\): zero-size array"):
        ag.max(Tensor(np.zeros(0), name="x"))


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
def test_cumsum_is_numpys_and_sends_back_what_comes_later(axis: Any) -> None:
    value = np.random.default_rng(3).normal(size=(3, 3))
    x = Tensor(value)
    y = np.cumsum(x, axis=axis)
    np.testing.assert_array_equal(y.data, np.cumsum(value, axis=axis))
    seed = np.random.default_rng(4).normal(size=y.shape)
    y.backward(seed)
    for mark in range(9):
        unit = np.zeros((3, 3))
        unit.flat[mark] = 1.0
        assert x.grad.flat[mark] == pytest.approx(np.sum(seed * np.cumsum(unit, axis=axis)))


@pytest.mark.parametrize("name", [*VALUES, "sum", "mean", "logsumexp"])
def test_axis_and_keepdims_have_numpys_defaults(name: str) -> None:
    y = getattr(ag, name)(Tensor(np.ones((2, 3))))
    assert y.shape == ()
    operation = type(y.operation)()
    assert (operation.axis, operation.keepdims) == (None, False)
