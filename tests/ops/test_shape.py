"""Moving elements: NumPy's own results, and every element's gradient back at its place."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import Tensor
from tests.strategies import same_every_run

# Written once, these run on an array and on a tensor.
MOVES: dict[str, Callable[[Any], Any]] = {
    "transpose": np.transpose,
    "transpose axes": lambda x: np.transpose(x, (1, 2, 0)),
    "transpose negative axes": lambda x: np.transpose(x, (-1, -3, -2)),
    "T": lambda x: x.T,
    "method transpose": lambda x: x.transpose(2, 0, 1),
    "method transpose tuple": lambda x: x.transpose((2, 0, 1)),
    "method transpose alone": lambda x: x.transpose(),
    "reshape": lambda x: np.reshape(x, (6, 4)),
    "reshape minus one": lambda x: np.reshape(x, (4, -1)),
    "method reshape": lambda x: x.reshape(3, -1, 2),
    "method reshape tuple": lambda x: x.reshape((8, 3)),
    "method reshape flat": lambda x: x.reshape(-1),
    "ravel": np.ravel,
    "expand_dims": lambda x: np.expand_dims(x, 1),
    "expand_dims last": lambda x: np.expand_dims(x, -1),
    "expand_dims two": lambda x: np.expand_dims(x, (0, -2)),
    "squeeze": lambda x: np.squeeze(np.reshape(x, (1, 24, 1))),
    "squeeze axis": lambda x: np.squeeze(np.reshape(x, (1, 24, 1)), axis=-1),
    "squeeze nothing": np.squeeze,
    "swapaxes": lambda x: np.swapaxes(x, 0, -1),
    "moveaxis": lambda x: np.moveaxis(x, 0, -1),
    "moveaxis two": lambda x: np.moveaxis(x, (0, 1), (2, 0)),
    "flip": np.flip,
    "flip one": lambda x: np.flip(x, 1),
    "flip negative": lambda x: np.flip(x, -1),
    "flip two": lambda x: np.flip(x, (0, -1)),
    "broadcast_to": lambda x: np.broadcast_to(x, (5, 2, 3, 4)),
    "concatenate": lambda x: np.concatenate([x, x], axis=1),
    "concatenate negative": lambda x: np.concatenate([x, x[:, :, :1]], axis=-1),
    "concatenate flat": lambda x: np.concatenate([x, x[0]], axis=None),
    "stack": lambda x: np.stack([x, x]),
    "stack last": lambda x: np.stack([x, x, x], axis=-1),
    "pad": lambda x: np.pad(x, 1),
    "pad pair": lambda x: np.pad(x, (1, 2)),
    "pad pairs": lambda x: np.pad(x, ((1, 0), (0, 2), (0, 0))),
    "pad value": lambda x: np.pad(x, 2, constant_values=-7.0),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_values_are_numpys_and_each_element_gets_back_what_its_copies_got(move: Any) -> None:
    value = np.random.default_rng(1).normal(size=(2, 3, 4))
    x = Tensor(value)
    y, expected = move(x), move(value)
    assert type(y) is Tensor
    np.testing.assert_array_equal(y.data, expected)
    seed = np.random.default_rng(2).normal(size=expected.shape)
    y.backward(seed)
    # The places that each element went to, told by NumPy: numbers that mark elements.
    marks = move(np.arange(1.0, 25.0).reshape(2, 3, 4))
    gradient = [np.sum(seed * (marks == mark)) for mark in range(1, 25)]
    np.testing.assert_allclose(x.grad, np.reshape(gradient, (2, 3, 4)), rtol=1e-13)


@same_every_run
@given(st.permutations(range(4)), st.lists(st.booleans(), min_size=4, max_size=4))
def test_transpose_takes_any_order_of_axes(order: list[int], negative: list[bool]) -> None:
    axes = [axis - 4 if minus else axis for axis, minus in zip(order, negative, strict=True)]
    value = np.arange(24.0).reshape(1, 2, 3, 4)
    x = Tensor(value)
    y = ag.transpose(x, axes)
    np.testing.assert_array_equal(y.data, np.transpose(value, axes))
    y.backward(y.data)  # each element is its own seed
    np.testing.assert_array_equal(x.grad, value)


@same_every_run
@given(st.data())
def test_concatenated_parts_get_their_own_gradients(data: st.DataObject) -> None:
    axis = data.draw(st.integers(-3, 2))
    lengths = data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=4))
    shapes = [[2, 2, 2] for _ in lengths]
    for shape, length in zip(shapes, lengths, strict=True):
        shape[axis] = length
    values = [np.full(shape, float(i)) for i, shape in enumerate(shapes)]
    parts = [Tensor(value) for value in values]
    y = ag.concatenate(parts, axis)
    np.testing.assert_array_equal(y.data, np.concatenate(values, axis))
    y.backward(y.data)
    for part, value in zip(parts, values, strict=True):
        np.testing.assert_array_equal(part.grad, value)


def test_concatenate_mixes_tensors_arrays_and_lists() -> None:
    x = Tensor([1.0, 2.0])
    y = np.concatenate([np.zeros(1), x, [5, 6]])
    y.backward([1.0, 10.0, 100.0, 1.0, 1.0])
    np.testing.assert_array_equal(y.data, [0.0, 1.0, 2.0, 5.0, 6.0])
    np.testing.assert_array_equal(x.grad, [10.0, 100.0])


def test_stack_of_single_numbers_and_constants() -> None:
    x = Tensor(2.0)
    y = ag.stack([x, 1.0, x * x])
    y.backward([1.0, 10.0, 100.0])
    np.testing.assert_array_equal(y.data, [2.0, 1.0, 4.0])
    assert x.grad == 401.0


def test_a_tensor_is_taken_apart_and_stacked_again() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    y = ag.stack(list(x), axis=1)
    np.testing.assert_array_equal(y.data, x.data.T)
    y.backward([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(x.grad, [[1.0, 3.0], [2.0, 4.0]])


def test_forward_mode_of_concatenate_when_one_part_stands_still() -> None:
    _, moved = ag.jvp(
        lambda x: ag.concatenate([x, [7.0]]), (np.array([1.0, 2.0]),), (np.array([3.0, 4.0]),)
    )
    np.testing.assert_array_equal(moved, [3.0, 4.0, 0.0])


def test_the_margin_of_a_pad_does_not_move() -> None:
    _, moved = ag.jvp(lambda x: ag.pad(x, 1, 9.0), (np.array([1.0, 2.0]),), (np.array([3.0, 4.0]),))
    np.testing.assert_array_equal(moved, [0.0, 3.0, 4.0, 0.0])


def test_a_margin_is_zero_if_nothing_is_said() -> None:
    np.testing.assert_array_equal(ag.pad(Tensor([1.0, 2.0]), 1).data, [0.0, 1.0, 2.0, 0.0])


def test_broadcast_to_nothing_sends_back_zero() -> None:
    x = Tensor([[1.0], [2.0]])
    ag.broadcast_to(x, (2, 0)).backward(np.zeros((2, 0)))
    np.testing.assert_array_equal(x.grad, [[0.0], [0.0]])


def test_astype_changes_the_precision_and_the_gradient_comes_back_in_its_own() -> None:
    x = Tensor([1.0 / 3.0, 2.0])
    y = x.astype(np.float32)
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y.data, np.array([1.0 / 3.0, 2.0], np.float32))
    y.backward([0.1, 1.0])
    assert x.grad.dtype == np.float64
    np.testing.assert_array_equal(x.grad, np.array([0.1, 1.0], np.float32).astype(float))


def test_astype_to_integers_is_refused() -> None:
    with pytest.raises(TypeError, match=r"astype: received int64, expected a floating"):
        Tensor([1.0]).astype(np.int64)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda x: x.reshape(4, 2), r"Reshape of 'x' \(shape \(2, 3\)\): cannot reshape .*\(4,2\)"),
        (lambda x: x.transpose(0, 0), r"Transpose of 'x' \(shape \(2, 3\)\): repeated axis"),
        (lambda x: x.transpose(0, 2), r"Transpose of 'x' .*axis 2 is out of bounds"),
        (lambda x: ag.broadcast_to(x, (4, 3)), r"BroadcastTo of 'x' .*\(2,3\).*\(4,3\)"),
        (lambda x: ag.concatenate([x, np.ones((3, 3))], 1), r"Concatenate of 'x' .*\(3, 3\)"),
        (lambda x: ag.concatenate([x[0, 0], 1.0]), r"Write stack for single numbers"),
        (lambda x: ag.concatenate([x, x[0]]), r"All lengths but the one along the axis"),
        (lambda x: ag.concatenate([]), r"nothing: need at least one array to concatenate\. All"),
        (lambda x: ag.concatenate([x], 2), r"Concatenate of 'x' .*axis 2 is out of bounds"),
        (lambda x: ag.pad(x, -1), r"Pad of 'x' .*negative"),
        (lambda x: np.flip(x, 2), "axis 2 is out of bounds for array of dimension 2"),
        (lambda x: np.flip(x, (0, -3)), "axis -3 is out of bounds for array of dimension 2"),
        (lambda x: np.swapaxes(x, 0, 5), "axis 5 is out of bounds for array of dimension 2"),
        (lambda x: np.moveaxis(x, 0, 7), "axis 7 is out of bounds for array of dimension 2"),
        (lambda x: np.expand_dims(x, 4), "axis 4 is out of bounds"),
        (lambda x: np.squeeze(x, 0), "size not equal to one"),
    ],
)
def test_what_does_not_fit_is_told(call: Callable[[Tensor], Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call(Tensor(np.zeros((2, 3)), name="x"))


@pytest.mark.parametrize(
    "options", [{"mode": "edge"}, {"constant_values": (1.0, 2.0)}], ids=["mode", "two values"]
)
def test_a_margin_of_something_else_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"np\.pad: mode=.*one number; np\.concatenate"):
        np.pad(Tensor([1.0, 2.0]), 1, **options)


@pytest.mark.parametrize(
    "function",
    [ag.reshape, ag.transpose, ag.broadcast_to, ag.pad, ag.astype, ag.concatenate, ag.stack],
)
def test_plain_arrays_become_constants(function: Any) -> None:
    argument = {
        "reshape": (3, 1), "transpose": None, "broadcast_to": (2, 3), "pad": 1, "astype": float,
    }  # fmt: skip
    name = function.__name__
    array = np.array([1.0, 2.0, 3.0])
    y = function(array, argument[name]) if name in argument else function([array, array])
    assert type(y) is Tensor
    assert not y.requires_grad


def test_a_margin_given_as_a_dict_is_told_to_be_written_as_pairs() -> None:
    with pytest.raises(TypeError, match=r"pad: received a dict.*a pair for each axis"):
        ag.pad(ag.Tensor([[1.0]]), {0: (1, 2)})
