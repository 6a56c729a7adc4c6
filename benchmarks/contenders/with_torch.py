"""PyTorch, as its tutorials write it: torch.nn and torch.optim.SGD."""

import os
from typing import Any

import torch

from .. import digits as digits_row
from .. import network as network_row
from ..sin import X1, X2
from ..turns import Run

if threads := os.environ.get("OMP_NUM_THREADS"):
    torch.set_num_threads(int(threads))


def sin() -> Run:
    def step() -> Any:
        x1 = torch.tensor(X1, dtype=torch.float64, requires_grad=True)
        x2 = torch.tensor(X2, dtype=torch.float64, requires_grad=True)
        y = torch.sin(x1) + x1 * x2
        y.backward()
        return y, x1, x2

    return Run(step, lambda made: [made[0].item(), made[1].grad.item(), made[2].grad.item()])


def network() -> Run:
    X, T, *arrays = network_row.start()
    net = torch.nn.Sequential(
        torch.nn.Linear(2, 3), torch.nn.Sigmoid(), torch.nn.Linear(3, 1), torch.nn.Sigmoid()
    ).to(torch.float64)
    x, t = torch.tensor(X), torch.tensor(T)
    return trained(net, arrays, torch.nn.MSELoss(), network_row.LR, lambda: (x, t))


def digits(dtype: str, examples: int) -> Run:
    X, T, *arrays = digits_row.start(dtype, examples)
    net = torch.nn.Sequential(
        torch.nn.Linear(784, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10)
    ).to(getattr(torch, dtype))
    x, t = torch.from_numpy(X), torch.from_numpy(T)
    places = digits_row.starts(examples)

    def batch() -> Any:
        place = next(places)
        return x[place : place + digits_row.BATCH], t[place : place + digits_row.BATCH]

    return trained(net, arrays, torch.nn.CrossEntropyLoss(), digits_row.LR, batch)


def trained(net: Any, arrays: Any, cost: Any, lr: float, batch: Any) -> Run:
    with torch.no_grad():
        for parameter, array in zip(net.parameters(), arrays, strict=True):
            parameter.copy_(torch.tensor(array.T))  # its weights are (n_out, n_in)
    sgd = torch.optim.SGD(net.parameters(), lr=lr)

    def step() -> Any:
        x, t = batch()
        loss = cost(net(x), t)
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        return loss

    def numbers(loss: Any) -> list[Any]:
        return [loss.item(), *(parameter.detach().numpy().T for parameter in net.parameters())]

    return Run(step, numbers)
