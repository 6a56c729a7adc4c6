"""autograd_lite: a graph recorded at every step, the same with layers, and compiled once."""

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd_lite as ag
from autograd_lite import nn, optim

from .. import digits as digits_row
from .. import network as network_row
from ..sin import X1, X2
from ..turns import Run

BATCH = digits_row.BATCH


def sin() -> Run:
    def step() -> Any:
        x1, x2 = ag.Tensor(X1), ag.Tensor(X2)
        y = ag.sin(x1) + x1 * x2
        y.backward()
        return y, x1, x2

    return Run(step, lambda made: [made[0].data, made[1].grad, made[2].grad])


def sin_compiled() -> Run:
    x1, x2 = ag.Tensor(X1, name="x1"), ag.Tensor(X2, name="x2")
    value_and_grad = ag.ComputationGraph(np.sin(x1) + x1 * x2).compile().value_and_grad

    def step() -> Any:
        return value_and_grad(x1=X1, x2=X2)

    return Run(step, lambda got: [got[0], got[1]["x1"], got[1]["x2"]])


def network() -> Run:
    X, T, *arrays = network_row.start()
    W1, b1, W2, b2 = parameters = [ag.Tensor(array) for array in arrays]

    def loss() -> Any:
        a = ag.sigmoid(X @ W1 + b1)
        y = ag.sigmoid(a @ W2 + b2)
        return ((y - T) ** 2).mean()

    return descent(parameters, network_row.LR, loss)


def network_fused() -> Run:
    X, T, *arrays = network_row.start()
    W1, b1, W2, b2 = parameters = [ag.Tensor(array) for array in arrays]
    x, t = constant(X, "X"), constant(T, "T")

    def loss() -> Any:
        a = ag.sigmoid(ag.linear(x, W1, b1))
        y = ag.sigmoid(ag.linear(a, W2, b2))
        return ag.mse_loss(y, t)

    return descent(parameters, network_row.LR, loss)


def network_nn() -> Run:
    X, T, *arrays = network_row.start()
    net = nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 1), nn.Sigmoid())
    return trained(net, arrays, nn.MSELoss(), network_row.LR, lambda: (X, T))


def network_compiled() -> Run:
    X, T, *arrays = network_row.start()
    W1, b1, W2, b2 = parameters = [ag.Tensor(array) for array in arrays]
    x, t = constant(X, "X"), constant(T, "T")
    a = ag.sigmoid(x @ W1 + b1)
    y = ag.sigmoid(a @ W2 + b2)
    loss = ((y - t) ** 2).mean()
    train = ag.ComputationGraph(loss).compile().training_step(optim.SGD(parameters, network_row.LR))
    return Run(train, lambda loss: [loss, *(p.data for p in parameters)])


def digits(dtype: str, examples: int) -> Run:
    X, T, *arrays = digits_row.start(dtype, examples)
    W1, b1, W2, b2 = parameters = [ag.Tensor(array) for array in arrays]
    places = digits_row.starts(examples)

    def loss() -> Any:
        place = next(places)
        x, t = X[place : place + BATCH], T[place : place + BATCH]
        scores = ag.relu(x @ W1 + b1) @ W2 + b2
        return -(t * ag.log_softmax(scores, axis=1)).sum() / BATCH

    return descent(parameters, digits_row.LR, loss)


def digits_fused(dtype: str, examples: int) -> Run:
    X, T, *arrays = digits_row.start(dtype, examples)
    W1, b1, W2, b2 = parameters = [ag.Tensor(array) for array in arrays]
    places = digits_row.starts(examples)

    def loss() -> Any:
        place = next(places)
        x, t = X[place : place + BATCH], T[place : place + BATCH]
        return ag.cross_entropy(ag.linear(ag.relu(ag.linear(x, W1, b1)), W2, b2), t)

    return descent(parameters, digits_row.LR, loss)


def digits_nn(dtype: str, examples: int) -> Run:
    X, T, *arrays = digits_row.start(dtype, examples)
    places = digits_row.starts(examples)

    def batch() -> Any:
        place = next(places)
        return X[place : place + BATCH], T[place : place + BATCH]

    net = nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10)).astype(dtype)
    return trained(net, arrays, nn.CrossEntropyLoss(), digits_row.LR, batch)


def digits_compiled(dtype: str, examples: int) -> Run:
    X, T, *arrays = digits_row.start(dtype, examples)
    W1, b1, W2, b2 = parameters = [ag.Tensor(array) for array in arrays]
    x, t = constant(X[:BATCH], "X"), constant(T[:BATCH], "T")
    scores = ag.relu(x @ W1 + b1) @ W2 + b2
    loss = -(t * ag.log_softmax(scores, axis=1)).sum() / BATCH
    train = ag.ComputationGraph(loss).compile().training_step(optim.SGD(parameters, digits_row.LR))
    places = digits_row.starts(examples)

    def step() -> Any:
        place = next(places)
        return train(X=X[place : place + BATCH], T=T[place : place + BATCH])

    return Run(step, lambda loss: [loss, *(p.data for p in parameters)])


def trained(net: Any, arrays: Any, cost: Any, lr: float, batch: Any) -> Run:
    """A network of layers as its user trains it."""
    for parameter, array in zip(net.parameters(), arrays, strict=True):
        parameter.data = array

    def loss() -> Any:
        x, t = batch()
        return cost(net(x), t)

    return descent(net.parameters(), lr, loss)


def descent(parameters: list[ag.Tensor], lr: float, loss: Callable[[], Any]) -> Run:
    """A step of SGD on a loss that is recorded anew each time."""
    sgd = optim.SGD(parameters, lr)

    def step() -> Any:
        value = loss()
        sgd.zero_grad()
        value.backward()
        sgd.step()
        return value

    return Run(step, lambda value: [value.data, *(p.data for p in parameters)])


def constant(array: np.ndarray, name: str) -> ag.Tensor:
    return ag.Tensor(array, requires_grad=False, name=name)
