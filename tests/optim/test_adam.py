"""Adam: steps of about lr, whatever the size of the gradient."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite.optim import Adam


@given(st.floats(1e-3, 1e3), st.sampled_from([-1.0, 1.0]))
def test_the_first_step_is_lr_towards_the_smaller_side(size: float, sign: float) -> None:
    w = ag.Tensor([1.0, 2.0])
    w.grad = np.array([sign * size, -sign * size])
    Adam([w], lr=0.1).step()
    np.testing.assert_allclose(w.data, [1.0 - sign * 0.1, 2.0 + sign * 0.1], atol=1e-5)


def test_steps_are_counted_for_each_parameter() -> None:
    """The one that had no gradient at first then makes a first step like any other."""
    early, late = ag.Tensor(0.0), ag.Tensor(0.0)
    adam = Adam([early, late], lr=0.1)
    early.grad = np.float64(1.0)
    adam.step()
    late.grad = np.float64(1.0)
    early.grad = None
    adam.step()
    assert early.item() == late.item()


@pytest.mark.parametrize("betas", [(1.0, 0.9), (0.9, 1.0), (-0.1, 0.9), (0.9, np.nan)])
def test_betas_outside_their_range_are_refused(betas: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match=r"Adam: betas\[[01]\] received .*, expected .* below 1"):
        Adam([ag.Tensor(1.0)], betas=betas)


@pytest.mark.parametrize("betas", [0.9, (0.9,), (0.9, 0.99, 0.999), "99"])
def test_betas_that_are_not_two_are_refused(betas: object) -> None:
    with pytest.raises(TypeError, match="expected two numbers"):
        Adam([ag.Tensor(1.0)], betas=betas)  # type: ignore[arg-type]


def test_a_square_that_overflows_is_told_and_changes_nothing() -> None:
    """Else v stays infinite and the number never moves again."""
    first = ag.Tensor(np.array([1.0], np.float32), name="first")
    w = ag.Tensor(np.array([1.0, 2.0], np.float32), name="w")
    twin = ag.Tensor(w.numpy())
    adam = Adam([first, w], lr=0.1)
    first.grad = np.array([1.0], np.float32)
    w.grad = np.array([1e30, 1.0], np.float32)
    with pytest.raises(
        FloatingPointError, match=r"gradient of 'w' of shape \(2,\) is too large .*clip_grad_norm"
    ):
        adam.step()
    np.testing.assert_array_equal(first.data, [1.0])
    np.testing.assert_array_equal(w.data, [1.0, 2.0])
    twin.grad = w.grad = np.array([1.0, 1.0], np.float32)
    adam.step()
    Adam([twin], lr=0.1).step()
    np.testing.assert_array_equal(w.data, twin.data)


@pytest.mark.parametrize("eps", [-1, 0, 0.0])
def test_an_eps_that_is_not_above_0_is_refused(eps: float) -> None:
    """With 0 a zero gradient would be 0/0."""
    with pytest.raises(ValueError, match=f"Adam: eps received {eps}, expected a number"):
        Adam([ag.Tensor(1.0)], eps=eps)
