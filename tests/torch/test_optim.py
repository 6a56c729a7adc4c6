"""A hundred steps of each optimiser, beside PyTorch's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import autograd_lite as ag
from autograd_lite import optim

STEPS = 100

OPTIMISERS: dict[str, tuple[Callable, Callable, dict[str, Any]]] = {
    "SGD": (optim.SGD, torch.optim.SGD, {"lr": 0.05}),
    "momentum": (optim.SGD, torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}),
    "decay": (optim.SGD, torch.optim.SGD, {"lr": 0.05, "weight_decay": 0.1}),
    "both": (optim.SGD, torch.optim.SGD, {"lr": 0.01, "momentum": 0.7, "weight_decay": 0.1}),
    "Adam": (optim.Adam, torch.optim.Adam, {"lr": 0.01}),
    "Adam, all set": (
        optim.Adam,
        torch.optim.Adam,
        {"lr": 0.02, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.1},
    ),
}
SCHEDULES: dict[str, tuple[Callable, Callable]] = {
    "none": (lambda o: None, lambda o: None),
    "steps": (
        lambda o: optim.StepLR(o, 30, gamma=0.5),
        lambda o: torch.optim.lr_scheduler.StepLR(o, 30, gamma=0.5),
    ),
    "cosine": (
        lambda o: optim.CosineLR(o, STEPS, minimum=0.001),
        lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, STEPS, eta_min=0.001),
    ),
}


def train(
    package: str, starts: list[np.ndarray], inputs: np.ndarray, name: str, schedule: str, clip: bool
) -> list[np.ndarray]:
    """The same loop for either package: a small network, whose second layer begins late."""
    ours = package == "ours"
    parameters = [
        ag.Tensor(start) if ours else torch.tensor(start, requires_grad=True) for start in starts
    ]
    make, make_theirs, options = OPTIMISERS[name]
    optimizer = (make if ours else make_theirs)(parameters, **options)
    scheduler = SCHEDULES[schedule][not ours](optimizer)
    norms = []
    for step in range(STEPS):
        x = inputs[step] if ours else torch.tensor(inputs[step])
        W1, b1, W2, b2 = parameters
        tanh = np.tanh if ours else torch.tanh
        hidden = tanh(x @ W1 + b1)
        J = ((hidden @ W2 + b2 if step > 10 else hidden) ** 2).mean()
        optimizer.zero_grad()
        J.backward()
        if clip and ours:
            norms.append(optim.clip_grad_norm(parameters, 0.1))
        elif clip:
            norms.append(torch.nn.utils.clip_grad_norm_(parameters, 0.1).item())
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
    return [p.numpy() if ours else p.detach().numpy() for p in parameters] + [np.array(norms)]


def both(
    dtype: type, name: str, schedule: str = "none", clip: bool = False
) -> list[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(5)
    shapes = [(3, 4), (4,), (4, 2), ()]
    starts = [rng.normal(size=shape).astype(dtype) for shape in shapes]
    inputs = rng.normal(size=(STEPS, 5, 3)).astype(dtype)
    found = train("ours", starts, inputs, name, schedule, clip)
    expected = train("theirs", starts, inputs, name, schedule, clip)
    return list(zip(found, expected, strict=True))


@pytest.mark.parametrize("clip", [False, True], ids=["free", "clipped"])
@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_hundred_steps_agree(name: str, schedule: str, clip: bool) -> None:
    for mine, theirs in both(np.float64, name, schedule, clip):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_float32_agrees_and_stays(name: str) -> None:
    for mine, theirs in both(np.float32, name)[:-1]:
        assert mine.dtype == theirs.dtype == np.float32
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-5)


def test_one_large_float32_gradient_does_not_stop_adam() -> None:
    """1e20 squared is inf in float32."""
    w, theirs = ag.Tensor(np.ones(2, np.float32)), torch.ones(2, requires_grad=True)
    adam, judge = optim.Adam([w], lr=0.1), torch.optim.Adam([theirs], lr=0.1)
    seen = []
    for size in [1e20] + [1.0] * STEPS:
        w.grad = np.array([size, 1.0], np.float32)
        theirs.grad = torch.tensor([size, 1.0])
        adam.step()
        judge.step()
        np.testing.assert_allclose(w.data, theirs.detach().numpy(), rtol=1e-5, atol=1e-5)
        seen.append(w.data[0])
    assert seen[2] < seen[1] < seen[0] < 1.0
