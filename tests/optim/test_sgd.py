"""SGD moves each parameter against its gradient; momentum remembers, weight decay pulls to 0."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite.optim import SGD

NUMBERS = st.floats(-10, 10)


def variable(value: object, gradient: object) -> ag.Tensor:
    tensor = ag.Tensor(value, name="w")
    tensor.grad = np.asarray(gradient, tensor.dtype)[()]
    return tensor


@given(NUMBERS, NUMBERS, st.floats(0, 2), st.floats(0, 1))
def test_a_plain_step_is_the_formula(w: float, g: float, lr: float, decay: float) -> None:
    parameter = variable(w, g)
    SGD([parameter], lr, weight_decay=decay).step()
    assert parameter.item() == pytest.approx(w - lr * (g + decay * w), abs=1e-12)


@given(NUMBERS, st.lists(NUMBERS, min_size=1, max_size=6), st.floats(0, 0.99))
def test_momentum_sums_the_gradients_with_weights(
    w: float, gradients: list[float], momentum: float
) -> None:
    parameter = variable(w, 0.0)
    sgd = SGD([parameter], 0.1, momentum=momentum)
    for gradient in gradients:
        parameter.grad = np.float64(gradient)
        sgd.step()
    expected, n = w, len(gradients)
    for k in range(n):
        expected -= 0.1 * sum(g * momentum ** (k - i) for i, g in enumerate(gradients[: k + 1]))
    assert parameter.item() == pytest.approx(expected, abs=1e-10)


def test_momentum_keeps_the_first_gradient_when_that_array_grows() -> None:
    w = variable([1.0], [1.0])
    sgd = SGD([w], 1.0, momentum=0.5)
    sgd.step()
    w.grad += 1.0  # 2
    sgd.step()
    np.testing.assert_array_equal(w.data, [1.0 - 1.0 - 2.5])


@pytest.mark.parametrize("momentum", [-0.1, 1.0, 1.5, np.nan])
def test_momentum_outside_its_range_is_refused(momentum: float) -> None:
    with pytest.raises(ValueError, match=r"SGD: momentum received .*, expected .* below 1"):
        SGD([ag.Tensor(1.0)], 0.1, momentum=momentum)
