"""What others hold of a parameter stays what it was, whatever a compiled step does in place."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor, optim


def start() -> tuple[Tensor, Tensor, Any]:
    w = Tensor([2.0, 3.0], name="w")
    loss = (w**3.0).sum()
    return w, loss, ComputationGraph(loss).compile().training_step(optim.SGD([w], lr=0.01))


def test_making_a_step_changes_nothing() -> None:
    w, loss, _ = start()
    loss.backward()
    np.testing.assert_allclose(w.grad, [12.0, 27.0])


def test_data_that_was_read_stays() -> None:
    w, _, step = start()
    kept, wanted = [], []
    for _ in range(4):
        step()
        kept.append(w.data)
        wanted.append(w.numpy())
    np.testing.assert_array_equal(kept, wanted)
    assert not np.array_equal(kept[0], kept[1])


def test_a_copy_of_a_graph_and_a_picture_stay() -> None:
    w, _, step = start()
    step()
    step()
    loss = (w**3.0).sum()
    twin, picture = ComputationGraph(loss).copy(), ag.draw(loss)
    shown, value = picture.svg(), w.numpy()
    step()
    leaf = twin.inputs["w"]
    twin.backward()
    np.testing.assert_allclose(leaf.grad, 3.0 * value**2)
    assert picture.svg() == shown
    with pytest.raises(RuntimeError, match="'w' was changed after"):
        loss.backward()


def test_a_replayed_graph_notices() -> None:
    w, _, step = start()
    graph = ComputationGraph((w**3.0).sum())
    step()
    step()
    graph.forward()
    step()
    with pytest.raises(RuntimeError, match="'w' was changed after"):
        graph.backward()


def test_a_compiled_graph_goes_back_from_the_values_of_its_forward_pass() -> None:
    w, _, step = start()
    other = ComputationGraph((w**3.0).sum()).compile()
    step()
    value = w.numpy()
    other.forward()
    step()
    np.testing.assert_allclose(other.backward()["w"], 3.0 * value**2)


def test_the_optimiser_remembers_through_new_arrays() -> None:
    pairs = []
    for keep in (False, True):
        w = Tensor([2.0, 3.0], name="w")
        adam = optim.Adam([w], lr=0.1)
        step = ComputationGraph((w**3.0).sum()).compile().training_step(adam)
        kept = []
        for _ in range(5):
            step()
            if keep:
                kept.append(w.data)
        pairs.append(w.numpy())
    np.testing.assert_array_equal(*pairs)


def test_nothing_is_made_anew_while_nobody_holds_anything() -> None:
    w, _, step = start()
    step()
    flat = id(step._flat)
    for _ in range(3):
        str(w.data)  # looked at, and let go
        step()
    assert id(step._flat) == flat
