"""HIPS autograd: a tape under a thin copy of NumPy's interface."""

from typing import Any

import autograd.numpy as np
from autograd import value_and_grad

from .. import digits as digits_row
from .. import network as network_row
from ..sin import X1, X2
from ..turns import Run


def sin() -> Run:
    both = value_and_grad(lambda x: np.sin(x[0]) + x[0] * x[1])

    def step() -> Any:
        return both((X1, X2))

    return Run(step, lambda got: [got[0], *got[1]])


def network() -> Run:
    X, T, *parameters = network_row.start()

    def cost(parameters: Any, x: Any, t: Any) -> Any:
        W1, b1, W2, b2 = parameters
        a = 1 / (1 + np.exp(-(x @ W1 + b1)))
        y = 1 / (1 + np.exp(-(a @ W2 + b2)))
        return np.mean((y - t) ** 2)

    return trained(cost, parameters, network_row.LR, lambda: (X, T))


def digits(dtype: str, examples: int) -> Run:
    X, T, *parameters = digits_row.start(dtype, examples)
    places = digits_row.starts(examples)

    def cost(parameters: Any, x: Any, t: Any) -> Any:
        W1, b1, W2, b2 = parameters
        scores = np.maximum(x @ W1 + b1, 0) @ W2 + b2
        scores = scores - np.max(scores, axis=1, keepdims=True)
        logs = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
        return -np.sum(t * logs) / digits_row.BATCH

    def batch() -> Any:
        place = next(places)
        return X[place : place + digits_row.BATCH], T[place : place + digits_row.BATCH]

    return trained(cost, parameters, digits_row.LR, batch)


def trained(cost: Any, parameters: Any, lr: float, batch: Any) -> Run:
    both = value_and_grad(cost)

    def step() -> Any:
        nonlocal parameters
        loss, gradients = both(parameters, *batch())
        parameters = [p - lr * g for p, g in zip(parameters, gradients, strict=True)]
        return loss

    return Run(step, lambda loss: [loss, *parameters])
