"""The short words of a training step give no warning, whichever function is written."""

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import optim

UNARY = ("sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "sigmoid", "relu", "softplus", "abs")
BINARY = ("add", "subtract", "multiply", "divide", "maximum", "minimum")


@pytest.mark.parametrize("name", [*UNARY, *BINARY])
def test_a_step_runs_without_a_warning(name: str) -> None:
    w = ag.Tensor(np.linspace(0.2, 0.9, 6).reshape(2, 3), name="w")
    x = ag.Tensor(np.linspace(0.3, 0.8, 3), requires_grad=False, name="x")
    function = getattr(ag, name)
    z = function(w, x) if name in BINARY else function(w * x)
    step = ag.ComputationGraph((z * z).mean()).compile().training_step(optim.SGD([w], lr=0.01))
    first, second = step(), step()
    assert second <= first
