"""A mask that was drawn once is no mask for every step."""

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import nn, optim


def test_a_step_with_dropout_is_refused() -> None:
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Dropout(0.5, rng=0), nn.Linear(4, 1, rng=1))
    x, t = np.ones((2, 3)), np.ones((2, 1))
    sgd = optim.SGD(model.parameters(), lr=0.1)
    graph = ag.ComputationGraph(nn.MSELoss()(model(x), t))
    with pytest.raises(ValueError, match=r"Dropout, which drew once .* model\.eval\(\)"):
        graph.compile().training_step(sgd)
    model.eval()
    without = ag.ComputationGraph(nn.MSELoss()(model(x), t))
    assert np.isfinite(without.compile().training_step(sgd)())
