"""Gradients beside differences: entries of each leaf, chosen and judged."""

import numpy as np

from autograd_lite import ComputationGraph, Tensor
from autograd_lite.compared import ENTRIES, compare


def test_every_entry_of_a_small_leaf_and_some_of_a_large_one() -> None:
    small, large = Tensor(np.arange(1.0, 5.0).reshape(2, 2)), Tensor(np.linspace(0.0, 1.0, 100))
    graph = ComputationGraph((small**2).sum() + (large**3).sum())
    rules = {small: 2 * small.data, large: 3 * large.data**2}
    few, many = compare(graph, 1.0, rules)
    assert [entry.index for entry in few] == list(np.ndindex(2, 2))
    assert len(many) == ENTRIES
    assert all(entry.verdict == "agrees" for entry in (*few, *many))


def test_a_wrong_gradient_differs_and_a_kink_is_no_mistake() -> None:
    x = Tensor([-1.0, 0.0, 2.0])
    (entries,) = compare(ComputationGraph(abs(x).sum()), 1.0, {x: np.array([-1.0, 0.0, 3.0])})
    assert [entry.verdict for entry in entries] == ["agrees", "kink", "differs"]
    assert abs(entries[2].difference - 1.0) < 1e-8
