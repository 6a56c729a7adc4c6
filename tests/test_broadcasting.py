"""Broadcasting and its reverse, which is its transpose."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograd_lite import Tensor
from autograd_lite.broadcasting import broadcasts, unbroadcast
from tests.strategies import same_every_run

SHAPES = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)


@same_every_run
@given(SHAPES, SHAPES)
def test_broadcasts_is_what_numpy_says(shape: Any, to: Any) -> None:
    try:
        np.broadcast_to(np.zeros(shape), to)
    except ValueError:
        assert not broadcasts(shape, to)
    else:
        assert broadcasts(shape, to)


@st.composite
def repeated(draw: st.DrawFn) -> tuple[Any, Any]:
    """A shape, and one that it broadcasts to."""
    to = draw(SHAPES)
    kept = to[draw(st.integers(0, len(to))) :]
    return tuple(1 if draw(st.booleans()) else length for length in kept), to


@same_every_run
@given(repeated())
def test_unbroadcast_is_the_transpose_of_broadcasting(shapes: tuple[Any, Any]) -> None:
    shape, to = shapes
    random = np.random.default_rng(5)
    x, gradient = random.integers(-9, 9, shape).astype(float), random.integers(-9, 9, to)
    back = unbroadcast(gradient.astype(float), shape)
    assert np.shape(back) == shape
    # <broadcast(x), g> = <x, unbroadcast(g)>, exactly: these are small whole numbers.
    assert np.sum(np.broadcast_to(x, to) * gradient) == np.sum(x * back)


@same_every_run
@given(repeated())
def test_on_a_tensor_it_is_recorded(shapes: tuple[Any, Any]) -> None:
    shape, to = shapes
    value = np.random.default_rng(5).normal(size=to)
    gradient = Tensor(value)
    back = unbroadcast(gradient, shape)
    assert isinstance(back, Tensor)
    np.testing.assert_array_equal(back.data, unbroadcast(value, shape))
    seed = np.random.default_rng(6).normal(size=shape)
    back.backward(seed)
    np.testing.assert_array_equal(gradient.grad, np.broadcast_to(seed, to))


@pytest.mark.parametrize("shape", [(), (3,), (2, 0)])
def test_a_gradient_that_fits_is_handed_on_as_it_is(shape: Any) -> None:
    gradient = np.ones(shape)
    assert unbroadcast(gradient, shape) is gradient
