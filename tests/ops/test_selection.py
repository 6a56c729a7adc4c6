"""where and clip: who was chosen, what happens at the bounds, and how conditions broadcast."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import Tensor
from tests.strategies import same_every_run


def test_where_sends_each_gradient_to_the_chosen_input() -> None:
    x, y = Tensor([1.0, 2.0, 3.0]), Tensor([10.0, 20.0, 30.0])
    z = ag.where(np.array([True, False, True]), x, y)
    z.backward([1.0, 2.0, 4.0])
    np.testing.assert_array_equal(z.data, [1.0, 20.0, 3.0])
    np.testing.assert_array_equal(x.grad, [1.0, 0.0, 4.0])
    np.testing.assert_array_equal(y.grad, [0.0, 2.0, 0.0])


@pytest.mark.parametrize(
    ("condition", "x", "y"),
    [((2, 3), (3,), ()), ((3,), (2, 3), (1,)), ((2, 1), (3,), (2, 3)), ((), (3,), (2, 1)),
     ((2, 1), (), ()), ((2, 3), (), ())],
)  # fmt: skip
def test_where_broadcasts_all_three(condition: Any, x: Any, y: Any) -> None:
    random = np.random.default_rng(1)
    mask = random.normal(size=condition) > 0.0
    a, b = random.normal(size=x), random.normal(size=y)
    first, second = Tensor(a), Tensor(b)
    z = np.where(mask, first, second)
    expected = np.where(mask, a, b)
    np.testing.assert_array_equal(z.data, expected)
    seed = random.normal(size=expected.shape)
    z.backward(seed)
    np.testing.assert_allclose(np.sum(first.grad), np.sum(seed * mask), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(np.sum(second.grad), np.sum(seed * ~mask), rtol=1e-12, atol=1e-14)
    assert (first.grad.shape, second.grad.shape) == (a.shape, b.shape)


def test_a_comparison_of_a_tensor_is_a_condition_and_so_is_a_constant() -> None:
    x = Tensor([-1.0, 2.0])
    for condition in (x > 0.0, [False, True], (False, True)):
        np.testing.assert_array_equal(ag.where(condition, x, 5.0).data, [5.0, 2.0])


def test_the_callers_condition_is_copied() -> None:
    mask = np.array([True, False])
    x = Tensor([1.0, 2.0])
    z = ag.where(mask, x, 0.0)
    mask[:] = False
    z.sum().backward()
    np.testing.assert_array_equal(x.grad, [1.0, 0.0])


@pytest.mark.parametrize("condition", [1, [1.0, 0.0], Tensor([1.0, 0.0]), "yes"], ids=repr)
def test_a_condition_that_is_not_boolean_is_told(condition: Any) -> None:
    x = Tensor([1.0, 2.0])
    for function in (ag.where, np.where):
        with pytest.raises(TypeError, match=r"where: received a condition of .*x > 0\.0"):
            function(condition, x, x)


def test_shapes_that_do_not_fit_the_condition_are_told() -> None:
    with pytest.raises(ValueError, match=r"Where of 'x' \(shape \(2,\)\)"):
        ag.where(np.ones(3, bool), Tensor([1.0, 2.0], name="x"), 0.0)


# clip.

NUMBERS = st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0])


@same_every_run
@given(st.lists(NUMBERS, min_size=1, max_size=5), st.none() | NUMBERS, st.none() | NUMBERS)
def test_clip_is_numpys_and_passes_within_and_at_the_bounds(
    values: list[float], low: float | None, high: float | None
) -> None:
    if low is None and high is None:
        return
    x = Tensor(values)
    for clip in (ag.clip, np.clip):
        x.grad = None
        y = clip(x, low, high)
        np.testing.assert_array_equal(y.data, np.clip(values, low, high))
        y.sum().backward()
        within = [
            (low is None or value >= low) and (high is None or value <= high) for value in values
        ]
        np.testing.assert_array_equal(x.grad, np.array(within, float))


def test_bounds_may_be_arrays_and_constants_and_are_copied() -> None:
    low, high = np.array([0.0, -1.0]), Tensor([1.0, 0.0], requires_grad=False)
    x = Tensor([[-1.0, -1.0], [2.0, 2.0]])
    y = ag.clip(x, low, high)
    low[:] = 9.0
    np.testing.assert_array_equal(y.data, [[0.0, -1.0], [1.0, 0.0]])
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [[0.0, 1.0], [0.0, 0.0]])


@pytest.mark.parametrize("name", ["a_min", "a_max"])
def test_clip_repeats_x_to_the_bounds_shape_and_sums_the_gradient(name: str) -> None:
    x = Tensor(0.5)
    y = ag.clip(x, **{name: np.array([0.0, 0.25, 1.0])})
    y.backward([1.0, 10.0, 100.0])
    assert y.shape == (3,)
    assert x.grad == (11.0 if name == "a_min" else 100.0)


def test_a_number_as_a_bound_is_weak() -> None:
    x = Tensor(np.array([0.2, 0.7], np.float32))
    assert ag.clip(x, 0, np.float64(0.5)).dtype == np.float32
    assert ag.clip(x, np.float64(0.5)).dtype == np.float32


def test_whole_numbers_as_bounds_are_weak_and_arrays_of_floats_are_not() -> None:
    x = Tensor(np.array([0.2, 7.0], np.float32))
    for low in (np.array([1, 2]), np.array([True, False]), [1, 1]):
        assert ag.clip(x, low).dtype == np.float32
    assert ag.clip(x, np.array([1.0, 2.0])).dtype == np.float64
    np.testing.assert_array_equal(ag.clip([0.2, 7.0], np.array([1, 2])).data, [1.0, 7.0])


def test_no_bound_at_all_is_told() -> None:
    with pytest.raises(TypeError, match="clip: received no bound, expected a_min, a_max or both"):
        ag.clip(Tensor(1.0))


@pytest.mark.parametrize(("name", "other"), [("a_min", "maximum"), ("a_max", "minimum")])
def test_a_variable_as_a_bound_is_told(name: str, other: str) -> None:
    with pytest.raises(TypeError, match=rf"clip: {name} is 'b'.*Write {other}\(x, bound\)"):
        ag.clip(Tensor(1.0), **{name: Tensor(2.0, name="b")})
