"""Sum and mean: NumPy's arguments, and the gradient spread back over the elements."""

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
