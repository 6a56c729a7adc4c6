"""A batch is given whole: what would silently be that of the recorded batch is refused."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import nn, optim

X, LABELS = np.random.default_rng(0).normal(size=(5, 4)), np.array([0, 1, 0, 1, 1])


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(4, 3, rng=0), nn.ReLU(), nn.Linear(3, 2, rng=1))


def named(array: Any, name: str) -> ag.Tensor:
    return ag.Tensor(array, requires_grad=False, name=name)


def make(target: Any) -> tuple[Any, Any, nn.Module]:
    net = network()
    loss = nn.CrossEntropyLoss()(net(named(X, "x")), target)
    compiled = ag.ComputationGraph(loss).compile()
    return compiled, compiled.training_step(optim.SGD(net.parameters(), lr=0.1)), net


def test_half_a_batch_is_refused() -> None:
    _, step, net = make(named(np.eye(2)[LABELS], "t"))
    before = net.state_dict()
    with pytest.raises(ValueError, match="received x, but not t"):
        step(x=X)
    for path, value in net.state_dict().items():
        np.testing.assert_array_equal(value, before[path])
    assert step(x=X, t=np.eye(2)[LABELS]) > step()


def test_recorded_labels_are_refused_for_another_batch() -> None:
    _, step, _ = make(LABELS)
    assert np.isfinite(step())  # the recorded batch has them
    with pytest.raises(ValueError, match="whole numbers that were recorded"):
        step(x=X)


def test_frozen_weights_are_no_data() -> None:
    net = network()
    for parameter in net.parameters()[:2]:
        parameter.requires_grad = False
    loss = nn.CrossEntropyLoss()(net(named(X, "x")), named(np.eye(2)[LABELS], "t"))
    step = ag.ComputationGraph(loss).compile().training_step(optim.SGD(net.parameters(), lr=0.1))
    assert np.isfinite(step(x=X, t=np.eye(2)[LABELS]))


def test_a_bad_input_is_named() -> None:
    _, step, _ = make(named(np.eye(2)[LABELS], "t"))
    with pytest.raises(FloatingPointError, match="input x has nan or inf"):
        step(x=X * np.nan, t=np.eye(2)[LABELS])


def test_another_batch_size_is_refused_with_what_to_do() -> None:
    _, step, _ = make(named(np.eye(2)[LABELS], "t"))
    with pytest.raises(ValueError, match="make a step with the same optimiser"):
        step(x=X[:3], t=np.eye(2)[LABELS[:3]])


def test_a_second_step_is_lines_of_numpy_too() -> None:
    compiled, step, net = make(named(np.eye(2)[LABELS], "t"))
    step()
    second = compiled.training_step(optim.SGD(net.parameters(), lr=0.1))
    assert second.source == step.source
    expected = nn.CrossEntropyLoss()(net(X), np.eye(2)[LABELS]).item()
    assert second() == pytest.approx(expected, rel=1e-12)


def test_a_compiled_function_refuses_dropout() -> None:
    drop = nn.Dropout(0.5, rng=0)
    f = ag.compile(lambda x: drop(x).sum())
    with pytest.raises(ValueError, match="Dropout, which draws once"):
        f(np.ones(4))
    drop.eval()
    assert f(np.ones(4)) == 4.0
