"""Each epoch hands out every example once, with its own target."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite.data import batches


@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 1000))
def test_every_example_comes_once_with_its_target(n: int, size: int, seed: int) -> None:
    x, t = np.arange(2.0 * n).reshape(n, 2), np.arange(n)
    parts = list(batches(x, t, size, seed))
    assert [len(part) for part, _ in parts[:-1]] == [size] * ((n - 1) // size)
    assert 1 <= len(parts[-1][0]) <= size
    order = np.concatenate([targets for _, targets in parts])
    assert sorted(order) == list(range(n))
    np.testing.assert_array_equal(np.concatenate([part for part, _ in parts]), x[order])


def order_of(rng: object) -> list[int]:
    return [int(t[0]) for _, t in batches(np.zeros(30), np.arange(30), 1, rng)]


def test_the_order_comes_from_the_generator() -> None:
    generator = np.random.default_rng(0)
    first, second = order_of(generator), order_of(generator)
    assert first == order_of(0) == order_of(np.random.default_rng(0))
    assert first != second
    assert order_of(None) != order_of(None)
    assert first != sorted(first)


def test_the_shuffle_is_drawn_at_the_call() -> None:
    """So that two loops over one generator do not depend on how they are interleaved."""
    generator = np.random.default_rng(0)
    a, b = (batches(np.zeros(9), np.arange(9), 9, generator) for _ in range(2))
    (_, late), (_, early) = next(b), next(a)
    expected = np.random.default_rng(0)
    np.testing.assert_array_equal(early, expected.permutation(9))
    np.testing.assert_array_equal(late, expected.permutation(9))


def test_batches_are_copies() -> None:
    x = np.zeros((4, 1))
    for part, _ in batches(x, x, 4):
        part += 1.0
    assert not x.any()


def test_lists_are_welcome_and_dtypes_stay() -> None:
    ((x, t),) = batches([[1.0], [2.0]], np.array([0, 1], np.uint8), 5)
    assert x.shape == (2, 1)
    assert t.dtype == np.uint8


@pytest.mark.parametrize("size", [0, -3, 2.0, None, "all"])
def test_a_size_below_one_is_refused_at_once(size: object) -> None:
    with pytest.raises(ValueError, match=r"size received .*, expected a whole number from 1"):
        batches(np.ones(3), np.ones(3), size)  # type: ignore[arg-type]


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="x has 3 rows and t has 2"):
        batches(np.ones(3), np.ones(2), 1)


@pytest.mark.parametrize("empty", [1.0, [], np.ones((0, 2))])
def test_no_examples_are_refused(empty: object) -> None:
    with pytest.raises(ValueError, match=r"batches: x has shape .*at least one"):
        batches(empty, empty, 1)


def test_tensors_are_refused() -> None:
    with pytest.raises(TypeError, match=r"x is a Tensor, expected an array. Write x\.numpy\(\)"):
        batches(ag.Tensor([1.0]), [1.0], 1)
    with pytest.raises(TypeError, match=r"t is a Tensor"):
        batches([1.0], ag.Tensor([1.0]), 1)
