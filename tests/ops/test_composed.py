"""NumPy's functions that are made of others: NumPy's values, and derivatives to second order."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag

X = np.random.default_rng(5).normal(size=(4, 3))
V = X[0]

CALLS: dict[str, tuple[Callable[..., Any], tuple[np.ndarray, ...]]] = {
    "var": (np.var, (X,)),
    "var of columns": (lambda x: np.var(x, axis=0, ddof=1), (X,)),
    "var kept": (lambda x: np.var(x, axis=-1, keepdims=True), (X,)),
    "std": (lambda x: np.std(x, axis=1), (X,)),
    "outer": (np.outer, (V, X[1])),
    "outer of matrices": (np.outer, (X, V)),
    "hstack": (lambda x, y: np.hstack([x, y]), (X, X[:, :1])),
    "hstack of vectors": (lambda x, y: np.hstack([x, y]), (V, V[:2])),
    "vstack": (lambda x, y: np.vstack([x, y]), (X, V)),
    "repeat": (lambda x: np.repeat(x, 2), (X,)),
    "repeat rows": (lambda x: np.repeat(x, [1, 0, 2, 3], axis=0), (X,)),
    "take": (lambda x: np.take(x, [0, 5, 5]), (X,)),
    "take columns": (lambda x: np.take(x, [2, 0, 2], axis=1), (X,)),
    "take from the end": (lambda x: np.take(x, 1, axis=-1), (X,)),
    "tril": (np.tril, (X,)),
    "triu": (lambda x: np.triu(x, 1), (X,)),
    "tril of a stack": (lambda x: np.tril(x, -1), (X.reshape(2, 2, 3),)),
    "split": (lambda x: np.split(x, 2)[1], (X,)),
    "split at places": (lambda x: np.split(x, [1, 1, 3], axis=0)[2], (X,)),
    "split columns": (lambda x: np.split(x, 3, axis=-1)[2], (X,)),
    "an empty part": (lambda x: np.split(x, [1, 1], axis=0)[1], (X,)),
    "method var": (lambda x: x.var(axis=0), (X,)),
    "method std": (lambda x: x.std(), (X,)),
    "method ravel": (lambda x: x.ravel(), (X,)),
    "method flatten": (lambda x: x.flatten(), (X,)),
    "method squeeze": (lambda x: x.squeeze(), (X[:1],)),
    "method swapaxes": (lambda x: x.swapaxes(0, 1), (X,)),
    "method clip": (lambda x: x.clip(-0.4, 0.4), (X,)),
    "method cumsum": (lambda x: x.cumsum(axis=1), (X,)),
    "method dot": (lambda x, y: x.dot(y), (X, V)),
    "method repeat": (lambda x: x.repeat(3, axis=1), (X,)),
    "method take": (lambda x: x.take([1, 1], axis=0), (X,)),
}


@pytest.mark.parametrize(("call", "inputs"), CALLS.values(), ids=CALLS)
def test_is_numpys_and_can_be_differentiated(
    call: Callable[..., Any], inputs: tuple[np.ndarray, ...]
) -> None:
    result = call(*map(ag.Tensor, inputs))
    expected = call(*inputs)
    assert type(result) is ag.Tensor
    assert result.shape == np.shape(expected)
    np.testing.assert_allclose(result.data, expected, rtol=1e-14)
    assert ag.gradcheck(call, *inputs, order=2)


@pytest.mark.parametrize("method", ["argmax", "argmin"])
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_places_are_plain(method: str, axis: int | None) -> None:
    np.testing.assert_array_equal(
        getattr(ag.Tensor(X), method)(axis), getattr(X, method)(axis), strict=True
    )


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda x: np.sum(x, dtype=float), r"np\.sum of 'x': 'dtype' cannot be recorded"),
        (lambda x: np.var(x, dtype=float), r"np\.var of 'x': 'dtype' cannot be recorded"),
        (lambda x: np.reshape(x, -1, order="F"), r"np\.reshape of 'x': 'order' cannot"),
    ],
)
def test_an_option_that_cannot_be_recorded_names_the_tensor(call: Any, says: str) -> None:
    with pytest.raises(TypeError, match=says):
        call(ag.Tensor(X, name="x"))


def test_a_split_that_does_not_come_out_even_is_numpys_error() -> None:
    with pytest.raises(ValueError, match="equal division"):
        np.split(ag.Tensor(X), 3)


def test_the_deviation_of_equal_numbers_does_not_move() -> None:
    x = ag.Tensor([2.0, 2.0, 2.0])
    np.std(x).backward()
    np.testing.assert_array_equal(x.grad, [0.0, 0.0, 0.0])
