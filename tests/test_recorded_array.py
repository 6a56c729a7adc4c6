"""The array of Tensor.data: reads like any array, writes nowhere, and computes plain arrays."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd_lite import ComputationGraph, Tensor
from autograd_lite.recorded_array import RecordedArray, read_only


def item(a: Any, value: Any) -> None:
    a[0] = value


def add(a: Any, value: Any) -> None:
    a += value


def power(a: Any, value: Any) -> None:
    a **= value


WRITES: dict[str, Callable[[Any], Any]] = {
    "item": lambda a: item(a, 5.0),
    "slice of it": lambda a: item(a[1:], 5.0),
    "reshaped": lambda a: item(a.reshape(2, 1), 5.0),
    "iterated": lambda a: [add(row, 1.0) for row in a.reshape(2, 1)],
    "+=": lambda a: add(a, 1.0),
    "**=": lambda a: power(a, 2.0),
    "at": lambda a: np.add.at(a, [0], 1.0),
    "out": lambda a: np.multiply(a, 2.0, out=a),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_writing_is_refused_with_the_name_and_what_to_write(write: Callable[[Any], Any]) -> None:
    w = Tensor([1.0, 2.0], name="w")
    with pytest.raises(ValueError, match=r"^'w' is remembered by graphs.*t\.data = t\.data - step"):
        write(w.data)
    np.testing.assert_array_equal(w.data, [1.0, 2.0])


@pytest.mark.parametrize(
    "write",
    [lambda a: a.fill(0.0), lambda a: a.sort(), lambda a: np.copyto(a, 0.0),
     lambda a: np.put(a, 0, 1.0), lambda a: a.setflags(write=True)],
    ids=["fill", "sort", "copyto", "put", "setflags"],
)  # fmt: skip
def test_nor_can_numpys_other_ways_write(write: Callable[[Any], Any]) -> None:
    w = Tensor([2.0, 1.0])
    with pytest.raises(ValueError, match=r"read-only|WRITEABLE"):
        write(w.data)
    np.testing.assert_array_equal(w.data, [2.0, 1.0])


def test_a_single_number_is_read_only_too() -> None:
    y = Tensor(2.0) * 3.0
    with pytest.raises(ValueError, match=r"^the result of Multiply is remembered by graphs"):
        y.data[...] = 1.0
    assert y.item() == 6.0


def test_a_new_value_by_arithmetic() -> None:
    w = Tensor([1.0, 2.0])
    w.data = w.data - 0.5
    np.testing.assert_array_equal(w.data, [0.5, 1.5])


@pytest.mark.parametrize(
    "compute",
    [lambda a: a * 2.0, lambda a: 1.0 - a, np.sin, lambda a: a @ a, lambda a: a > 1.5,
     lambda a: np.add.reduce(a), lambda a: np.modf(a)[0], lambda a: np.where(a > 1.0, a, 0.0)],
)  # fmt: skip
def test_what_is_computed_from_it_is_plain_and_right(compute: Callable[[Any], Any]) -> None:
    w = Tensor([1.0, 2.0])
    result = compute(w.data)
    assert not isinstance(result, RecordedArray)
    np.testing.assert_array_equal(result, compute(np.array([1.0, 2.0])))


def test_a_copy_may_be_written_to() -> None:
    w = Tensor([1.0, 2.0], name="w")
    for mine in (w.data.copy(), copy.copy(w.data), copy.deepcopy(w.data), np.array(w.data)):
        mine[0] = 5.0
        mine += 1.0
        np.testing.assert_array_equal(mine, [6.0, 3.0])
    np.testing.assert_array_equal(w.data, [1.0, 2.0])


def test_another_array_takes_a_result() -> None:
    w, out = Tensor([1.0, 2.0]), np.zeros(2)
    out += w.data
    np.add.at(out, [0, 0], w.data[:1] - 1.0)
    np.multiply(w.data, out, out=out)
    np.testing.assert_array_equal(out, [1.0, 4.0])


def test_it_prints_and_pickles_like_an_array() -> None:
    w = Tensor([1.0, 2.5])
    assert repr(w.data) == "array([1. , 2.5])"
    assert str(w.data) == "[1.  2.5]"
    again = pickle.loads(pickle.dumps(w.data))
    assert type(again) is np.ndarray
    np.testing.assert_array_equal(again, [1.0, 2.5])
    again[0] = 7.0


def test_it_is_a_view_that_stays_when_the_leaf_gets_a_new_value() -> None:
    w = Tensor([1.0, 2.0], name="w")
    before = w.data
    w.data = [3.0, 4.0]
    ComputationGraph(w * 1.0).forward(w=[5.0, 6.0])
    np.testing.assert_array_equal(before, [1.0, 2.0])


def test_an_array_that_nobody_named_is_this_value() -> None:
    array = np.zeros(2).view(RecordedArray)
    array.flags.writeable = False
    with pytest.raises(ValueError, match=r"^this value is remembered"):
        array[0] = 1.0


def test_read_only_leaves_the_original_writeable() -> None:
    array = np.zeros(2)
    view = read_only(array, "'a'")
    array[0] = 3.0
    assert view[0] == 3.0
    with pytest.raises(ValueError, match="'a' is remembered"):
        view[0] = 1.0
