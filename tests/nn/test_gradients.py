"""Every layer and loss, in all its inputs and parameters, against differences of values."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor, nn

RNG = np.random.default_rng(0)
CAUSAL = np.tril(np.ones((3, 3), dtype=bool))


class Twice(nn.Module):
    """One layer called inside itself, and one weight that two layers share."""

    def __init__(self) -> None:
        self.first, self.second = nn.Linear(2, 2, rng=0), nn.Linear(2, 2, rng=1)
        self.second.W = self.first.W

    def forward(self, x: Any, deeper: bool = True) -> Any:
        x = self.second(np.tanh(self.first(x)))
        return self(x, deeper=False) if deeper else x


def unrolled(cell: nn.Module) -> Callable[..., Any]:
    def call(x: Any, h: Any, *c: Any) -> Any:
        state = (h, *c) if c else h
        for t in range(5):
            state = cell(x[:, t], state)
        return ag.concatenate(state, axis=1) if c else state

    return call


def dropped(x: Any) -> Any:
    return nn.Dropout(0.4, rng=0)(x)  # the same mask at each call


def against(loss: nn.Module, target: Any) -> Callable[..., Any]:
    return lambda x: loss(x, target)


CELL, LSTM, TWICE = nn.RNNCell(2, 3, rng=0), nn.LSTMCell(2, 2, rng=0), Twice()
NORM, ATTENTION = nn.LayerNorm(4), nn.Attention(4, n_heads=2, rng=0)
LINEAR, CONV = nn.Linear(3, 2, rng=0), nn.Conv2d(2, 2, 3, stride=2, padding=1, rng=0)
NETWORK = nn.Sequential(nn.Linear(2, 3, rng=0), nn.Sigmoid(), nn.Linear(3, 1, rng=1))
SHARES = RNG.dirichlet(np.ones(3), size=4)

# name: (the module that has the parameters, what is called, shapes of its inputs)
CASES: dict[str, tuple[nn.Module, Callable[..., Any], list[tuple[int, ...]]]] = {
    "Linear": (LINEAR, LINEAR, [(2, 4, 3)]),
    "Sequential": (NETWORK, NETWORK, [(4, 2)]),
    "shared weights": (TWICE, TWICE, [(3, 2)]),
    "Conv2d": (CONV, CONV, [(2, 2, 5, 4)]),
    "RNNCell": (CELL, unrolled(CELL), [(2, 5, 2), (2, 3)]),
    "LSTMCell": (LSTM, unrolled(LSTM), [(2, 5, 2), (2, 2), (2, 2)]),
    "Attention": (ATTENTION, ATTENTION, [(2, 3, 4)]),
    "masked Attention": (ATTENTION, lambda x: ATTENTION(x, mask=CAUSAL), [(3, 4)]),
    "LayerNorm": (NORM, NORM, [(2, 3, 4)]),
    "Dropout": (nn.Module(), dropped, [(3, 4)]),
    "Flatten": (nn.Module(), nn.Flatten(), [(2, 3, 2)]),
    "MaxPool2d": (nn.Module(), nn.MaxPool2d(2, stride=1), [(1, 2, 4, 4)]),
    **{
        name: (nn.Module(), getattr(nn, name)(), [(3, 4)])
        for name in ("ReLU", "Sigmoid", "Tanh", "Softplus", "Softmax")
    },
    "MSELoss": (nn.Module(), against(nn.MSELoss(), np.ones((4, 3))), [(4, 3)]),
    "CrossEntropyLoss": (nn.Module(), against(nn.CrossEntropyLoss(), SHARES), [(4, 3)]),
    "classes": (nn.Module(), against(nn.CrossEntropyLoss(), np.array([0, 2, 1, 1])), [(4, 3)]),
}


# Remembered before the checks put other tensors in their places.
PARAMETERS = {name: module.named_parameters() for name, (module, _, _) in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_every_gradient_is_what_differences_say(name: str) -> None:
    module, call, shapes = CASES[name]
    rng = np.random.default_rng(1)
    inputs = [rng.normal(size=shape) for shape in shapes]
    weights = [rng.normal(size=p.shape) for p in PARAMETERS[name].values()]

    def function(*arguments: Any) -> Any:
        put(module, dict(zip(PARAMETERS[name], arguments[len(inputs) :], strict=True)))
        return call(*arguments[: len(inputs)])

    assert ag.gradcheck(function, *inputs, *weights)


def test_the_clipped_loss_too_where_it_does_not_clip() -> None:
    loss = nn.ClippedCrossEntropyLoss()
    assert ag.gradcheck(lambda y: loss(y, SHARES), RNG.dirichlet(np.ones(3), size=4), order=2)


@pytest.mark.parametrize("name", ["Sequential", "masked Attention", "LayerNorm", "shared weights"])
def test_the_gradient_can_be_differentiated_again(name: str) -> None:
    module, call, shapes = CASES[name]
    rng = np.random.default_rng(2)
    put(module, {path: Tensor(rng.normal(size=p.shape)) for path, p in PARAMETERS[name].items()})
    assert ag.gradcheck(call, *(rng.normal(size=shape) for shape in shapes), order=2)


def put(module: nn.Module, tensors: dict[str, Any]) -> None:
    """Give a module other tensors for its parameters; where one is shared, at every place."""
    for path, tensor in tensors.items():
        *way, name = path.split(".")
        owner: Any = module
        for part in way:
            owner = vars(owner)[part]
        setattr(owner, name, tensor)
    if isinstance(module, Twice):
        module.second.W = module.first.W
