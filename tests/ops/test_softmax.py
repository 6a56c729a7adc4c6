"""softmax, its logarithm and logsumexp: stable far out, worked numbers, every axis."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import autograd_lite as ag
from autograd_lite import Tensor
from tests.strategies import same_every_run

ROWS = arrays.arrays(float, st.tuples(st.integers(1, 3), st.integers(1, 4)),
                     elements=st.floats(-1e3, 1e3))  # fmt: skip


def by_definition(x: np.ndarray, axis: int) -> np.ndarray:
    """In extended range: e^x is kept as a power of two and a factor below two."""
    shifted = (x - np.max(x, axis, keepdims=True)).astype(np.longdouble)
    powers = np.exp(shifted)
    return powers / powers.sum(axis, keepdims=True)


@same_every_run
@given(ROWS, st.sampled_from([0, 1, -1, -2]))
def test_shares_of_one_and_logarithms_of_them(x: np.ndarray, axis: int) -> None:
    shares, logs = ag.softmax(Tensor(x), axis), ag.log_softmax(Tensor(x), axis)
    np.testing.assert_allclose(shares.data.sum(axis), 1.0, rtol=1e-14)
    np.testing.assert_allclose(shares.data, by_definition(x, axis).astype(float), 1e-12, 1e-300)
    np.testing.assert_allclose(np.exp(logs.data), shares.data, rtol=1e-11, atol=1e-300)
    total = ag.logsumexp(Tensor(x), axis, keepdims=True)
    np.testing.assert_allclose(x - total.data, logs.data, rtol=1e-12, atol=1e-12)


@same_every_run
@given(ROWS, st.sampled_from([0, 1]), st.floats(-500, 500))
def test_a_shift_of_all_changes_nothing_but_logsumexp(
    x: np.ndarray, axis: int, shift: float
) -> None:
    for name in ("softmax", "log_softmax"):
        function = getattr(ag, name)
        one, other = function(Tensor(x), axis), function(Tensor(x + shift), axis)
        np.testing.assert_allclose(one.data, other.data, rtol=1e-10, atol=1e-10)
        # So a gradient has nothing to say about it: it sums to zero.
        tensor = Tensor(x)
        seed = np.arange(1.0, 1.0 + x.size).reshape(x.shape)
        function(tensor, axis).backward(seed)
        np.testing.assert_allclose(tensor.grad.sum(axis), 0.0, atol=1e-11)
    moved = ag.logsumexp(Tensor(x + shift), axis).data - ag.logsumexp(Tensor(x), axis).data
    np.testing.assert_allclose(moved, shift, atol=1e-10)


def test_two_shares_are_a_sigmoid() -> None:
    x = Tensor([0.0, np.log(3.0)])
    z = ag.softmax(x)
    np.testing.assert_allclose(z.data, [0.25, 0.75])
    z.backward([1.0, 0.0])
    np.testing.assert_allclose(x.grad, [0.25 * 0.75, -0.25 * 0.75])
    x.grad = None
    ag.log_softmax(x).backward([0.0, 1.0])
    np.testing.assert_allclose(x.grad, [-0.25, 0.25])
    x.grad = None
    ag.logsumexp(x).backward(2.0)
    np.testing.assert_allclose(x.grad, [0.5, 1.5])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_out_all_is_exact_and_silent(dtype: Any) -> None:
    value = np.array([1000.0, -1000.0, 0.0], dtype)
    results = {}
    for name in ("softmax", "log_softmax", "logsumexp"):
        x = Tensor(value)
        z = getattr(ag, name)(x)
        z.backward(np.array([1.0, 2.0, 3.0], dtype) if z.ndim else 1.0)
        results[name] = z.data.tolist(), x.grad.tolist()
    assert results == {
        "softmax": ([1.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
        "log_softmax": ([0.0, -2000.0, -1000.0], [-5.0, 2.0, 3.0]),
        "logsumexp": (1000.0, [1.0, 0.0, 0.0]),
    }


def test_equal_logits_share_evenly_even_if_all_are_huge() -> None:
    for value in (0.0, 1e308, -1e308):
        np.testing.assert_array_equal(ag.softmax(Tensor([value] * 4)).data, [0.25] * 4)
    assert ag.logsumexp(Tensor([-1000.0, -1000.0])).item() == -1000.0 + np.log(2.0)


@pytest.mark.parametrize("infinite", [-np.inf, np.inf])
def test_logsumexp_of_infinities(infinite: float) -> None:
    x = Tensor([infinite, 0.0])
    z = ag.logsumexp(x)
    assert z.item() == max(infinite, 0.0)
    if infinite < 0:  # nothing is added, and nothing comes back
        z.backward()
        np.testing.assert_array_equal(x.grad, [0.0, 1.0])


def test_logsumexp_of_nothing_is_the_logarithm_of_zero() -> None:
    for empty in (np.zeros(0), np.full(2, -np.inf)):
        x = Tensor(empty)
        z = ag.logsumexp(x)
        assert z.item() == -np.inf
        z.backward()
        np.testing.assert_array_equal(x.grad, np.zeros(empty.shape))


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2), (-1, 0), ()])
def test_logsumexp_takes_numpys_axes(axis: Any, keepdims: bool) -> None:
    value = np.random.default_rng(1).normal(size=(3, 3, 3))
    x = Tensor(value)
    z = ag.logsumexp(x, axis, keepdims)
    total = np.exp(value).sum(axis=axis, keepdims=keepdims)
    np.testing.assert_allclose(z.data, np.log(total), rtol=1e-13)
    seed = np.random.default_rng(2).normal(size=z.shape)
    z.backward(seed)
    kept = np.exp(value).sum(axis=axis, keepdims=True)
    expected = seed.reshape(kept.shape) * np.exp(value) / kept
    np.testing.assert_allclose(x.grad, expected, rtol=1e-12)


@pytest.mark.parametrize(("name", "value"), [("softmax", 1.0), ("log_softmax", 0.0)])
def test_a_single_number_has_all_of_the_share(name: str, value: float) -> None:
    x = Tensor(3.0)
    z = getattr(ag, name)(x)
    z.backward()
    assert (z.item(), x.grad, x.grad.shape) == (value, 0.0, ())


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_an_axis_of_no_length(name: str) -> None:
    for shape in ((2, 0), (0, 2)):
        x = Tensor(np.zeros(shape))
        getattr(ag, name)(x).backward(np.zeros(shape))
        assert x.grad.shape == shape


@pytest.mark.parametrize("function", [ag.softmax, ag.log_softmax, ag.logsumexp])
def test_an_axis_that_is_not_there_names_the_tensor(function: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match=r"of 'x' \(shape \(2, 3\)\): axis 2 is out of bounds"):
        function(Tensor(np.zeros((2, 3)), name="x"), axis=2)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_forward_mode_is_the_jacobian_times_the_move(name: str) -> None:
    function, x = getattr(ag, name), np.array([[0.3, -1.0, 2.0], [1.0, 1.0, 0.0]])
    move = np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]])
    _, moved = ag.jvp(lambda x: function(x, 1), (x,), (move,))
    matrix = ag.jacobian(lambda x: function(x, 1))(x)
    np.testing.assert_allclose(moved, np.tensordot(matrix, move, 2), rtol=1e-12)
