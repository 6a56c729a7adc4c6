"""Whose memory: over random programs no gradient shares any, and no input is modified."""

import copy
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from tests.strategies import same_every_run

# From (3, 3) to (3, 3): many hand their gradient on as it is, or as a view of it.
STEPS: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "negative": lambda x, y: -x,
    "relu": lambda x, y: ag.relu(x),
    "maximum": lambda x, y: np.maximum(x, y),
    "where": lambda x, y: np.where(np.eye(3, dtype=bool), x, y),
    "matmul": lambda x, y: x @ y * 0.1,
    "transpose": lambda x, y: x.T,
    "reshape": lambda x, y: x.reshape(9).reshape(3, 3),
    "flip": lambda x, y: x[::-1],
    "rows": lambda x, y: x[[0, 2, 2]],
    "row": lambda x, y: np.broadcast_to(x[0], (3, 3)),
    "concatenate": lambda x, y: np.concatenate([x[:1], y[1:]]),
    "pad": lambda x, y: np.pad(x[1:, 1:], ((1, 0), (0, 1))),
    "cumsum": lambda x, y: np.cumsum(x, axis=1),
    "softmax": lambda x, y: ag.softmax(x),
    "mean": lambda x, y: x - x.mean(axis=0, keepdims=True),
    "einsum": lambda x, y: np.einsum("ij->ij", x),
    "copy": lambda x, y: ag.astype(x, np.float64),
}

Line = tuple[str, int, int]  # a step, and which values it takes
LINES = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 9), st.integers(0, 9)),
    min_size=1, max_size=6,
)  # fmt: skip
SHAPES = st.lists(st.sampled_from([(3, 3), (3,), (3, 1), ()]), min_size=1, max_size=3)


def compute(inputs: Sequence[Any], lines: list[Line]) -> Any:
    """The last value; each line takes one of the two newest values and any other."""
    values = [x + np.zeros((3, 3)) if x.shape != (3, 3) else x for x in inputs]
    for name, first, second in lines:
        newest = values[-1 - first % min(2, len(values))]
        values.append(STEPS[name](newest, values[second % len(values)]))
    return values[-1]


def arrays_of(shapes: list[Any]) -> list[np.ndarray]:
    return [np.full(shape, 0.5 + i) for i, shape in enumerate(shapes)]


def run(shapes: list[Any], lines: list[Line]) -> tuple[list[np.ndarray], list[Tensor], Tensor]:
    """The callers' arrays, the leaves made of them, and the output."""
    arrays = arrays_of(shapes)
    leaves = [Tensor(array, name=f"x{i}") for i, array in enumerate(arrays)]
    return arrays, leaves, compute(leaves, lines)


@pytest.mark.parametrize("create_graph", [False, True])
@same_every_run
@given(shapes=SHAPES, lines=LINES)
def test_no_two_gradients_share_memory_with_each_other_or_with_anything(
    create_graph: bool, shapes: list[Any], lines: list[Line]
) -> None:
    arrays, leaves, output = run(shapes, lines)
    seed = np.arange(1.0, 10.0).reshape(3, 3)
    nodes = ComputationGraph(output).nodes
    for _ in range(2):  # the second adds to the first
        output.backward(seed, create_graph=create_graph)
    if create_graph:
        assert all(node.grad is None or type(node.grad) is Tensor for node in nodes)
    else:
        gradients = [node.grad for node in nodes if node.grad is not None]
        others = [seed, *arrays, *(node._data for node in nodes)]
        for i, gradient in enumerate(gradients):
            assert gradient.flags.writeable
            assert gradient.flags.owndata
            shared = [a for a in (*gradients[:i], *others) if np.shares_memory(a, gradient)]
            assert shared == []
    for i, (array, leaf) in enumerate(zip(arrays, leaves, strict=True)):
        np.testing.assert_array_equal(array, np.full(array.shape, 0.5 + i))
        np.testing.assert_array_equal(leaf.data, array)
    np.testing.assert_array_equal(seed, np.arange(1.0, 10.0).reshape(3, 3))


@same_every_run
@given(shapes=SHAPES, lines=LINES)
def test_writing_into_a_gradient_reaches_nothing_else(shapes: list[Any], lines: list[Line]) -> None:
    _, leaves, output = run(shapes, lines)
    output.backward(np.ones((3, 3)))
    nodes = ComputationGraph(output).nodes
    before = [None if node.grad is None else node.grad.copy() for node in nodes]
    values = [node.numpy() for node in nodes]
    for leaf in leaves:
        if leaf.grad is not None:
            leaf.grad[...] = 999.0
    for node, gradient, value in zip(nodes, before, values, strict=True):
        np.testing.assert_array_equal(node.data, value)
        if gradient is not None and node.operation is not None:
            np.testing.assert_array_equal(node.grad, gradient)


@same_every_run
@given(shapes=SHAPES, lines=LINES)
def test_results_of_functions_of_functions_are_the_callers_own(
    shapes: list[Any], lines: list[Line]
) -> None:
    arrays = arrays_of(shapes)

    def function(*inputs: Any) -> Any:
        return compute(inputs, lines)

    value, pullback = ag.vjp(function, *arrays)
    seed = np.ones((3, 3))
    gradients = pullback(seed)
    tangents = tuple(np.ones(array.shape) for array in arrays)
    moved = ag.jvp(function, tuple(arrays), tangents)[1]
    mine = [value, *gradients, moved]
    for i, array in enumerate(mine):
        assert array.flags.writeable
        others = (*mine[:i], *arrays, *tangents, seed)
        assert not any(np.shares_memory(array, other) for other in others)
        array[...] = -1.0
    for i, array in enumerate(arrays):
        np.testing.assert_array_equal(array, np.full(array.shape, 0.5 + i))
    again = pullback(seed)
    assert all(np.all(gradient == -1.0) for gradient in gradients)
    assert not any(np.shares_memory(a, b) for a, b in zip(gradients, again, strict=True))


@pytest.mark.parametrize("again", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_copied_and_pickled_tensors_own_their_gradients(again: Any) -> None:
    x, y = Tensor([1.0, 2.0], name="x"), Tensor([3.0, 4.0], name="y")
    (x + y).sum().backward()  # + hands both the same array
    twins = again([x, y])
    twins[0].grad[...] = 9.0
    for tensor in (x, y, twins[1]):
        np.testing.assert_array_equal(tensor.grad, [1.0, 1.0])
