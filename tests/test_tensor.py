"""Tensor: a value that is owned, read-only, replaced as a whole, and printed plainly."""

import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor


def test_the_callers_array_is_copied() -> None:
    array = np.array([1.0, 2.0])
    x = Tensor(array)
    y = x * x
    array[:] = 99.0
    np.testing.assert_array_equal(x.data, [1.0, 2.0])
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_constants_are_copied_too() -> None:
    array = np.array([1.0, 2.0])
    x = Tensor([3.0, 4.0])
    y = (x * array).sum()
    array[:] = 99.0
    y.backward()
    np.testing.assert_array_equal(x.grad, [1.0, 2.0])


def test_no_input_array_is_ever_modified() -> None:
    arrays = [np.array([1.0, 2.0]), np.array([[3.0], [4.0]])]
    copies = [array.copy() for array in arrays]
    a, b = map(Tensor, arrays)
    y = (a * b + np.sin(a) - b / arrays[0]).sum()
    y.backward()
    y.backward()
    for array, kept in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(array, kept)


@pytest.mark.parametrize("value", [2.0, [1.0, 2.0]], ids=["0-d", "1-d"])
def test_data_is_read_only_for_leaves_and_results(value: Any) -> None:
    x = Tensor(value)
    for tensor in (x, x * 2.0, x.sum()):
        assert isinstance(tensor.data, np.ndarray)
        with pytest.raises(ValueError, match="in place"):
            tensor.data[...] = 0.0


def test_numpy_gives_a_copy_to_write_to() -> None:
    x = Tensor([1.0, 2.0])
    copy = x.numpy()
    copy[0] = 9.0
    assert x.data[0] == 1.0


def test_a_leaf_gets_a_new_value_which_is_copied() -> None:
    x, new = Tensor([1.0, 2.0]), np.array([3.0, 4.0])
    x.data = new
    new[0] = 9.0
    np.testing.assert_array_equal(x.data, [3.0, 4.0])


def test_a_result_cannot_be_given_a_value() -> None:
    y = Tensor(1.0) * 2.0
    with pytest.raises(ValueError, match=r"Multiply is computed.*Set one of its inputs"):
        y.data = 3.0
    assert y.item() == 2.0


def test_a_leaf_changed_after_recording_is_named() -> None:
    x = Tensor([1.0, 2.0], name="x")
    y = (x * x).sum()
    x.data = [1.0, 2.0]  # equal numbers are no excuse: it was set
    with pytest.raises(RuntimeError, match=r"'x' was changed.*ComputationGraph"):
        y.backward()
    assert x.grad is None
    ComputationGraph(y).forward()
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (3, r"received int\d+.*Write 3\.0 instead of 3"),
        ([1, 2], r"received int\d+ of shape \(2,\).*dtype=float"),
        (np.array([1], np.uint8), "uint8.*dtype=float"),
        (True, "bool.*dtype=float"),
        (1j, "complex128.*two tensors"),
        ("2.0", "expected floats"),
        (None, "expected floats"),
        ({"a": 1.0}, "expected floats"),
    ],
    ids=str,
)
def test_what_has_no_derivative_is_refused_with_what_to_write(data: Any, says: str) -> None:
    with pytest.raises(TypeError, match=says):
        Tensor(data)
    with pytest.raises(TypeError, match=r"^w: received"):
        Tensor(data, name="w")


@pytest.mark.parametrize("data", [1j, "2.0", None, {"a": 1.0}, [None]], ids=str)
def test_a_leaf_refuses_a_new_value_that_is_no_number_and_keeps_the_old(data: Any) -> None:
    w = Tensor(1.0, name="w")
    with pytest.raises(TypeError, match="'w': received"):
        w.data = data
    assert w.item() == 1.0


@pytest.mark.parametrize("value", [[3, 4], [3.0, 4.0], np.array([3.0, 4.0])], ids=repr)
def test_a_new_value_takes_the_dtype_of_the_leaf(value: Any) -> None:
    w = Tensor(np.array([1.0, 2.0], np.float32))
    w.data = value
    assert w.dtype == np.float32
    np.testing.assert_array_equal(w.data, [3.0, 4.0])


@pytest.mark.parametrize("data", [3, [1, 2], True, np.array([1], np.uint8)], ids=str)
def test_integers_are_fine_for_a_constant(data: Any) -> None:
    c = Tensor(data, requires_grad=False)
    assert c.dtype == np.float64
    np.testing.assert_array_equal(c.data, data)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_constant_of_floats_keeps_its_dtype(dtype: Any) -> None:
    assert Tensor(np.ones(2, dtype), requires_grad=False).dtype == dtype


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_of_floats_is_kept(dtype: Any) -> None:
    assert Tensor(np.ones(2, dtype)).dtype == dtype
    assert Tensor(dtype(1.0)).dtype == dtype


def test_python_floats_are_float64() -> None:
    assert Tensor(1.0).dtype == Tensor([1.0]).dtype == np.float64


def test_shape_size_item() -> None:
    x = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert (x.shape, x.ndim, x.size) == ((2, 3), 2, 6)
    y = Tensor(2.5)
    assert (y.shape, y.ndim, y.size) == ((), 0, 1)
    assert type(y.item()) is float
    assert y.item() == Tensor([[2.5]]).item() == 2.5


def test_a_variable_does_not_leave_the_graph_as_a_python_number() -> None:
    with pytest.raises(TypeError, match=r"'x' would leave the graph.*\.item\(\).*np\.sin"):
        math.sin(Tensor(2.0, name="x"))
    assert float(Tensor(2.5, requires_grad=False)) == 2.5


def test_a_tensor_or_a_name_in_the_wrong_place_is_refused() -> None:
    x = Tensor(2.0, name="x")
    with pytest.raises(TypeError, match=r"received 'x', a tensor already.*\.detach\(\)"):
        Tensor(x)
    with pytest.raises(TypeError, match=r"requires_grad received 'x1'.*name="):
        Tensor(2.0, "x1")


# What is printed.


def test_a_number_formats_like_a_number() -> None:
    y = Tensor(2.0) * 3.4546
    assert f"{y:.2f}" == "6.91"
    assert f"{Tensor([1.0, 2.0])}" == "Tensor([1., 2.])"


def test_plus_is_the_value_itself() -> None:
    x = Tensor(2.0)
    (+x * 3.0).backward()
    assert x.grad == 3.0


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (lambda: Tensor(2.0, name="x1"), "Tensor(2., name='x1')"),
        (lambda: Tensor([1.0, 2.5]), "Tensor([1. , 2.5])"),
        (lambda: Tensor(2.0, requires_grad=False), "Tensor(2., requires_grad=False)"),
        (lambda: Tensor(2.0) * 3.0, "Tensor(6., operation=Multiply)"),
    ],
    ids=["named", "array", "constant", "result"],
)
def test_repr(build: Callable[[], Tensor], text: str) -> None:
    assert repr(build()) == text


def test_nothing_that_is_printed_holds_an_address() -> None:
    with ag.scope("box"):
        y = np.sin(Tensor([1.0, 2.0], name="x")).sum()
    graph = ComputationGraph(y)
    for thing in (y, y.operation, y.scopes, graph, graph.nodes, graph.steps()):
        assert " at 0x" not in repr(thing)


def test_a_pickled_graph_goes_on_in_another_process() -> None:
    w = Tensor([1.0, 2.0], name="w")
    u = pickle.loads(pickle.dumps(w * w))
    later = Tensor([3.0, 3.0])  # made before the copy is used
    (u * later * u).sum().backward()
    np.testing.assert_allclose(u.inputs[0].grad, 12 * np.array([1.0, 8.0]))
    assert ComputationGraph(u * 1.0).nodes[0] is u.inputs[0]


def test_tensors_made_after_unpickling_come_after_what_was_unpickled() -> None:
    x = Tensor(2.0, name="x")
    for _ in range(3):
        x = x * 1.0
    state = x.__reduce_ex__(4)[2]
    state[1]["_number"] += 10_000  # made late, in a process that had made more
    twin = Tensor(1.0)
    twin.__setstate__(state)
    assert ComputationGraph(twin * twin).nodes[-1]._number > twin._number


def test_completion_offers_what_a_tensor_has() -> None:
    names = dir(Tensor(1.0))
    assert {"backward", "data", "sum", "grad", "name"} <= {*names}
    assert "byteswap" not in names
