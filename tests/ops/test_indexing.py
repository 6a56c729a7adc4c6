"""Indexing as NumPy does it, basic and advanced; gradients back to the places that were read."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from autograd_lite.ops.indexing import is_basic, shown
from tests.strategies import same_every_run

SHAPE = (3, 2, 4)
VALUE = np.random.default_rng(4).normal(size=SHAPE)


def check(index: Any) -> None:
    """Values are NumPy's; each element receives the upstream of all the places it went to."""
    x = Tensor(VALUE)
    y = x[index]
    np.testing.assert_array_equal(y.data, VALUE[index])
    seed = np.random.default_rng(5).normal(size=y.shape)
    y.backward(seed)
    places = np.arange(VALUE.size).reshape(SHAPE)[index]
    expected = np.bincount(places.ravel(), np.ravel(seed), VALUE.size).reshape(SHAPE)
    np.testing.assert_allclose(x.grad, expected, rtol=1e-13, atol=1e-15)


@same_every_run
@given(arrays.basic_indices(SHAPE, allow_newaxis=True, allow_ellipsis=True))
def test_basic_indexing(index: Any) -> None:
    assert is_basic(index)
    check(index)


@same_every_run
@given(
    arrays.integer_array_indices(
        SHAPE, result_shape=arrays.array_shapes(max_dims=2, max_side=4), dtype=np.int64
    )
)
def test_advanced_indexing(index: Any) -> None:
    assert not is_basic(index)
    check(index)


@same_every_run
@given(st.lists(st.integers(-3, 2), max_size=6), st.sampled_from([0, slice(None), slice(1, None)]))
def test_lists_mixed_with_slices_and_integers(places: list[int], other: Any) -> None:
    check((np.array(places, int), other))
    check((slice(None), other, np.array(places, int)))


@same_every_run
@given(arrays.arrays(bool, arrays.array_shapes(max_dims=3).map(lambda s: SHAPE[: len(s)])))
def test_masks(mask: np.ndarray) -> None:
    check(mask)


@pytest.mark.parametrize(
    "index",
    [np.int64(1), np.array(1), True, False, np.True_, range(2), [], [True, False, True],
     (None, [0, 0]), (0, 1, 3), ..., (), ([[0, 1], [1, 0]], 0), (Ellipsis, np.array([1, 1, 1]))],
    ids=repr,
)  # fmt: skip
def test_other_ways_to_write_an_index(index: Any) -> None:
    check(index)


def test_a_place_that_is_read_twice_gets_both_gradients() -> None:
    x = Tensor([1.0, 2.0, 3.0])
    x[[0, 2, 2, -1]].backward([1.0, 10.0, 100.0, 1000.0])
    np.testing.assert_array_equal(x.grad, [1.0, 0.0, 1110.0])


def test_a_single_element_is_a_number() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    y = x[1, 0]
    assert y.shape == ()
    (y * y).backward()
    np.testing.assert_array_equal(x.grad, [[0.0, 0.0], [6.0, 0.0]])


def test_rows_of_a_loop_are_indexing() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    first, second = x
    (first * second).sum().backward()
    np.testing.assert_array_equal(x.grad, [[3.0, 4.0], [1.0, 2.0]])
    assert len(x) == 2


def test_a_single_number_has_no_length_and_no_rows() -> None:
    x = Tensor(2.0, name="x")
    with pytest.raises(TypeError, match="'x' is a single number: it has no length"):
        len(x)
    with pytest.raises(TypeError, match="'x' is a single number"):
        list(x)


@pytest.mark.parametrize("kind", [list, np.array])
def test_the_callers_index_is_copied(kind: Callable[..., Any]) -> None:
    index = kind([0, 1])
    x = Tensor([1.0, 2.0, 3.0], name="x")
    y = x[index].sum()
    index[0] = 2
    y.backward()
    np.testing.assert_array_equal(x.grad, [1.0, 1.0, 0.0])
    assert ComputationGraph(y).forward(x=[5.0, 6.0, 7.0]) == 11.0


def test_a_comparison_selects() -> None:
    x = Tensor([-1.0, 2.0, 3.0])
    (x[x > 0.0] * 10.0).sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 10.0, 10.0])


@pytest.mark.parametrize(
    ("index", "error", "says"),
    [
        (5, IndexError, r"GetItem of 'x' \(shape \(2, 3\)\): index 5 is out of bounds.*size 2"),
        ((0, 0, 0), IndexError, "too many indices"),
        ([0.0], IndexError, "integer"),
        (np.array([True, False, True]), IndexError, "boolean index did not match"),
        ("a", IndexError, "valid indices"),
        (Tensor([0.0], name="i"), TypeError, r"received 'i' as an index.*x\[t > 0\.0\].*numpy"),
        ((0, Tensor(1.0)), TypeError, "received a variable as an index"),
    ],
    ids=repr,
)
def test_an_index_that_does_not_fit_is_told(index: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        Tensor(np.zeros((2, 3)), name="x")[index]


def test_a_part_of_a_tensor_cannot_be_overwritten() -> None:
    x = Tensor([1.0, 2.0], name="x")
    with pytest.raises(TypeError, match=r"'x' belongs to a graph.*ag\.where.*a = t\.numpy\(\)"):
        x[0] = 5.0
    np.testing.assert_array_equal(x.data, [1.0, 2.0])


@pytest.mark.parametrize(
    ("index", "text"),
    [(0, "0"), ((0, slice(1, 3)), "0, 1:3"), (slice(None, None, -1), "::-1"), (slice(None), ":"),
     (slice(2, None), "2:"), (..., "..."), (None, "None"), (np.array([1, 2]), "…"),
     (np.array(3), "3"), ((np.array([1]), ...), "…, ...")],
    ids=repr,
)  # fmt: skip
def test_formulas_show_the_index(index: Any, text: str) -> None:
    assert shown(index) == text
    operation = Tensor(np.zeros((4, 4, 4)))[index].operation
    assert operation.formula.format(x="w") == f"w[{text}]"
    assert text in operation.latex.format(x="w")
    assert operation.latex.format(x="w").startswith("w[")


@pytest.mark.parametrize("index", [1, slice(0, 2), [0, 2, 2], (..., None)], ids=repr)
def test_the_backward_of_indexing_is_indexed_again(index: Any) -> None:
    x = Tensor([1.0, 2.0, 3.0])
    seed = Tensor(np.arange(1.0, 1.0 + x[index].size).reshape(x[index].shape))
    x[index].backward(seed, create_graph=True)
    weights = np.array([5.0, 7.0, 11.0])
    (x.grad * weights).sum().backward()
    np.testing.assert_array_equal(seed.grad, weights[index])


def test_forward_mode_moves_the_elements_that_were_read() -> None:
    _, moved = ag.jvp(lambda x: x[[2, 0]], (np.zeros(3),), (np.array([1.0, 2.0, 3.0]),))
    np.testing.assert_array_equal(moved, [3.0, 1.0])
