"""clip_grad_norm shortens all gradients by one factor."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd_lite as ag
from autograd_lite.optim import clip_grad_norm


def with_gradients(*gradients: np.ndarray) -> list[ag.Tensor]:
    tensors = [ag.Tensor(np.zeros_like(gradient)) for gradient in gradients]
    for tensor, gradient in zip(tensors, gradients, strict=True):
        tensor.grad = gradient.copy()
    return tensors


ARRAYS = hnp.arrays(float, hnp.array_shapes(max_dims=2, max_side=3), elements=st.floats(-1e3, 1e3))


@given(st.lists(ARRAYS, min_size=1, max_size=3), st.floats(1e-3, 1e4))
def test_the_norm_is_at_most_the_limit_and_the_direction_stays(
    gradients: list[np.ndarray], limit: float
) -> None:
    parameters = with_gradients(*gradients)
    norm = clip_grad_norm(parameters, limit)
    flat = np.concatenate([g.ravel() for g in gradients])
    assert norm == pytest.approx(np.linalg.norm(flat))
    clipped = np.concatenate([p.grad.ravel() for p in parameters])
    assert np.linalg.norm(clipped) <= limit * (1 + 1e-12)
    np.testing.assert_allclose(clipped * norm, flat * min(norm, limit), atol=1e-2)
    if norm < limit - 1e-6:
        np.testing.assert_array_equal(clipped, flat)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_squares_that_overflow_do_not_make_the_gradient_zero(dtype: type) -> None:
    huge = np.array([3.0, 4.0], dtype) * (np.finfo(dtype).max / 8)
    (parameter,) = with_gradients(huge)
    norm = clip_grad_norm([parameter], 1.0)
    assert norm == pytest.approx(5 * (float(np.finfo(dtype).max) / 8))
    np.testing.assert_allclose(parameter.grad, [0.6, 0.8], rtol=1e-6)
    assert parameter.grad.dtype == dtype


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_squares_that_underflow_do_not_make_the_norm_zero(dtype: type) -> None:
    tiny = np.array([3.0, 4.0], dtype) * np.finfo(dtype).tiny
    assert clip_grad_norm(with_gradients(tiny), 1.0) == pytest.approx(
        np.hypot(*tiny.tolist()), rel=1e-3, abs=0.0
    )
    assert clip_grad_norm(with_gradients(np.zeros(2, dtype), np.zeros((0, 3), dtype)), 1.0) == 0.0


def test_many_float16_numbers_have_a_norm() -> None:
    many = with_gradients(np.full(90_000, 2.0, np.float16))
    assert clip_grad_norm(many, np.inf) == pytest.approx(600.0)


def test_a_limit_of_inf_only_measures() -> None:
    parameters = with_gradients(np.array([3.0, 4.0]), np.zeros(1))
    assert clip_grad_norm(parameters, np.inf) == 5.0
    np.testing.assert_array_equal(parameters[0].grad, [3.0, 4.0])


def test_what_is_frozen_is_left_out() -> None:
    parameters = with_gradients(np.array([3.0, 4.0]), np.array([12.0]))
    parameters[1].requires_grad = False
    assert clip_grad_norm(parameters, 10.0) == 5.0
    parameters[0].requires_grad = False
    assert clip_grad_norm(parameters, 10.0) == 0.0


def test_what_has_no_gradient_is_left_out() -> None:
    parameters = [*with_gradients(np.array([3.0, 4.0])), ag.Tensor(1.0)]
    assert clip_grad_norm(parameters, 10.0) == 5.0
    assert parameters[1].grad is None
    assert clip_grad_norm([ag.Tensor(1.0)], 1.0) == 0.0


def test_a_nan_is_named_and_nothing_changes() -> None:
    parameters = with_gradients(np.array([30.0, 40.0]), np.array([np.nan]))
    with pytest.raises(FloatingPointError, match=r"parameters\[1\] of shape \(1,\) has 1 nan"):
        clip_grad_norm(parameters, 1.0)
    np.testing.assert_array_equal(parameters[0].grad, [30.0, 40.0])


@pytest.mark.parametrize("limit", [-1.0, np.nan])
def test_a_limit_below_zero_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match="clip_grad_norm: max_norm received"):
        clip_grad_norm(with_gradients(np.ones(1)), limit)
