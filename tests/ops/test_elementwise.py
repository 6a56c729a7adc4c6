"""Functions of one variable where they are special: kinks, saturation and poles."""

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor


@pytest.mark.parametrize("name", ["relu", "abs"])
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_the_gradient_at_the_kink_is_zero(name: str, zero: float) -> None:
    x = Tensor(zero)
    getattr(ag, name)(x).backward()
    assert x.grad == 0.0


def test_relu_and_abs_on_both_sides() -> None:
    x = Tensor([-2.0, 0.0, 3.0])
    (ag.relu(x) + 10.0 * abs(x)).sum().backward()
    np.testing.assert_array_equal(x.grad, [-10.0, 0.0, 11.0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_far_out_is_exact_and_silent(dtype: type) -> None:
    x = Tensor(np.array([-1000.0, 0.0, 1000.0], dtype))
    y = ag.sigmoid(x)
    y.sum().backward()
    np.testing.assert_array_equal(y.data, [0.0, 0.5, 1.0])
    np.testing.assert_array_equal(x.grad, [0.0, 0.25, 0.0])


def test_sigmoid_keeps_its_small_values() -> None:
    x = Tensor(-700.0)
    y = ag.sigmoid(x)
    y.backward()
    np.testing.assert_allclose([y.item(), x.grad], np.exp(-700.0), rtol=1e-12)


def test_tanh_far_out_is_exact_and_silent() -> None:
    x = Tensor([-1000.0, 0.0, 1000.0])
    ag.tanh(x).sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 1.0, 0.0])


def test_exp_of_a_large_negative_number_is_silent() -> None:
    x = Tensor(-1000.0)
    ag.exp(x).backward()
    assert x.grad == 0.0


def test_sqrt_at_zero_is_infinitely_steep() -> None:
    x = Tensor(0.0)
    with np.errstate(divide="ignore"):
        np.sqrt(x).backward()
    assert x.grad == np.inf


def test_nan_stays_visible() -> None:
    x = Tensor(np.nan)
    y = np.sin(x) * 2.0
    y.backward()
    assert np.isnan(y.item())
    assert np.isnan(x.grad)
