"""Windows of computed arrays are looked at anew at every call."""

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import nn, optim

X = np.random.default_rng(0).normal(size=(2, 1, 6, 6))


def test_a_convolution_behind_a_computed_array() -> None:
    x, w = ag.Tensor(X, name="x"), ag.Tensor(np.ones((2, 1, 3, 3)), name="w")
    y = (ag.conv2d(ag.relu(x), w) ** 2.0).sum()
    value, gradients = ag.ComputationGraph(y).compile().value_and_grad()
    y.backward()
    assert value == y.item()
    np.testing.assert_array_equal(gradients["x"], x.grad)
    np.testing.assert_array_equal(gradients["w"], w.grad)


def test_two_layers_are_trained() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.ReLU(), nn.Conv2d(2, 1, 2, rng=1))
    twin = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.ReLU(), nn.Conv2d(2, 1, 2, rng=1))
    step = (
        ag.ComputationGraph((net(X) ** 2.0).mean())
        .compile()
        .training_step(optim.SGD(net.parameters(), lr=0.1))
    )
    sgd = optim.SGD(twin.parameters(), lr=0.1)
    for _ in range(3):
        loss = (twin(X) ** 2.0).mean()
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        assert step() == pytest.approx(loss.item(), rel=1e-12)
