"""Replay at other inputs: the graph itself keeps its values."""

import numpy as np

from autograd_lite import ComputationGraph, Tensor
from autograd_lite.replay import Projection, nudged


def test_one_number_moves_and_the_graph_stays() -> None:
    x = Tensor([1.0, 2.0], name="x")
    y = (x * x).sum()
    moved = nudged(ComputationGraph(y), x, (1,), 0.5)
    np.testing.assert_array_equal(moved[x], [1.0, 2.5])
    assert moved[y] == 1.0 + 2.5**2
    assert (y.item(), x.data[1]) == (5.0, 2.0)


def test_a_projection_is_a_function_of_arrays_in_float64() -> None:
    x = Tensor(np.array([1.0, 2.0], dtype=np.float32), name="x")
    y = x * x
    project = Projection(ComputationGraph(y), [x], [1.0, 10.0])
    assert project([np.array([1.0, 0.1])]) == 1.0 + 10.0 * (0.1 * 0.1)
    np.testing.assert_array_equal(y.data, [1.0, 4.0])
