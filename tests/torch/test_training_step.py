"""Compiled steps of training, beside PyTorch's own steps."""

from typing import Any

import numpy as np
import pytest
import torch

from autograd_lite import ComputationGraph, Tensor, nn, optim

STEPS = 60
OPTIMISERS: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "SGD": (optim.SGD, torch.optim.SGD, {"lr": 0.1}),
    "momentum": (optim.SGD, torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    "decay": (optim.SGD, torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.1}),
    "both": (optim.SGD, torch.optim.SGD, {"lr": 0.05, "momentum": 0.7, "weight_decay": 0.1}),
    "Adam": (optim.Adam, torch.optim.Adam, {"lr": 0.01}),
    "Adam, decay": (optim.Adam, torch.optim.Adam, {"lr": 0.01, "weight_decay": 0.1}),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", OPTIMISERS)
def test_batches_are_learned_as_pytorch_learns_them(name: str, dtype: Any) -> None:
    random = np.random.default_rng(4)
    make, make_theirs, options = OPTIMISERS[name]
    model = nn.Sequential(nn.Linear(4, 8, rng=0), nn.Tanh(), nn.Linear(8, 3, rng=1)).astype(dtype)
    theirs = [torch.tensor(p.numpy(), requires_grad=True) for p in model.parameters()]
    batches = random.normal(size=(STEPS, 6, 4)).astype(dtype)
    labels = np.eye(3, dtype=dtype)[random.integers(0, 3, size=(STEPS, 6))]
    x = Tensor(batches[0], requires_grad=False, name="x")
    t = Tensor(labels[0], requires_grad=False, name="t")
    optimizer = make(model.parameters(), **options)
    judge = make_theirs(theirs, **options)
    step = ComputationGraph(nn.CrossEntropyLoss()(model(x), t)).compile().training_step(optimizer)
    tolerance = 1e-10 if dtype == np.float64 else 1e-4
    for number in range(STEPS):
        W1, b1, W2, b2 = theirs
        scores = torch.tanh(torch.tensor(batches[number]) @ W1 + b1) @ W2 + b2
        loss = torch.nn.functional.cross_entropy(scores, torch.tensor(labels[number]))
        judge.zero_grad()
        loss.backward()
        judge.step()
        ours = step(x=batches[number], t=labels[number])
        np.testing.assert_allclose(ours, loss.item(), rtol=tolerance)
        if number == STEPS // 2:
            optimizer.lr = judge.param_groups[0]["lr"] = 0.003
    for parameter, other in zip(model.parameters(), theirs, strict=True):
        np.testing.assert_allclose(
            parameter.data, other.detach().numpy(), rtol=10 * tolerance, atol=tolerance
        )
