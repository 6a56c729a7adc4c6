"""Both passes written by hand, of `sin` and of the [2,3,1] network."""

from math import cos, sin
from typing import Any

import numpy as np

from ..network import LR, start
from ..sin import X1, X2
from ..turns import Run


def sin_floats() -> Run:
    def step(x1: float = X1, x2: float = X2) -> Any:
        y = sin(x1) + x1 * x2
        dy = 1.0
        return y, dy * cos(x1) + dy * x2, dy * x1

    return Run(step, list)


def sin_numpy() -> Run:
    def step() -> Any:
        x1, x2 = np.float64(X1), np.float64(X2)
        y = np.sin(x1) + x1 * x2
        dy = np.float64(1.0)
        return y, dy * np.cos(x1) + dy * x2, dy * x1

    return Run(step, list)


def network_plain() -> Run:
    X, T, W1, b1, W2, b2 = start()

    def step() -> Any:
        nonlocal W1, b1, W2, b2
        a = 1 / (1 + np.exp(-(X @ W1 + b1)))
        y = 1 / (1 + np.exp(-(a @ W2 + b2)))
        error = y - T
        loss = (error * error).mean()

        dz2 = (2 / error.size) * error * y * (1 - y)
        dW2, db2 = a.T @ dz2, dz2.sum(axis=0)
        dz1 = dz2 @ W2.T * a * (1 - a)
        dW1, db1 = X.T @ dz1, dz1.sum(axis=0)

        W1, b1 = W1 - LR * dW1, b1 - LR * db1
        W2, b2 = W2 - LR * dW2, b2 - LR * db2
        return loss

    return Run(step, lambda loss: [loss, W1, b1, W2, b2])


def network_in_place() -> Run:
    X, T, *parameters = start()
    gradients = [np.empty_like(parameter) for parameter in parameters]
    pairs = list(zip(parameters, gradients, strict=True))
    multiply, subtract = np.multiply, np.subtract
    lr = np.array(LR)

    def update() -> None:
        for parameter, gradient in pairs:
            multiply(gradient, lr, gradient)
            subtract(parameter, gradient, parameter)

    return _network(X, T, parameters, gradients, update)


def network_flat() -> Run:
    """All parameters are views into one array, all gradients into another: one update."""
    X, T, *given = start()
    parameters, all_parameters = flat(given)
    gradients, all_gradients = flat([np.zeros_like(array) for array in given])
    lr = np.array(LR)

    def update() -> None:
        np.multiply(all_gradients, lr, all_gradients)
        np.subtract(all_parameters, all_gradients, all_parameters)

    return _network(X, T, parameters, gradients, update)


def flat(arrays: list[np.ndarray]) -> tuple[list[np.ndarray], np.ndarray]:
    """Copies of the arrays inside one array, and that array."""
    whole = np.concatenate([array.ravel() for array in arrays])
    parts = np.split(whole, np.cumsum([array.size for array in arrays])[:-1])
    shaped = [part.reshape(array.shape) for part, array in zip(parts, arrays, strict=True)]
    return shaped, whole


def _network(X: Any, T: Any, parameters: Any, gradients: Any, update: Any) -> Run:
    """The floor: every array is there before the first step, and nothing is looked up twice."""
    W1, b1, W2, b2 = parameters
    dW1, db1, dW2, db2 = gradients
    dot, add, subtract, multiply = np.dot, np.add, np.subtract, np.multiply
    negative, exp, reciprocal = np.negative, np.exp, np.reciprocal
    a, y = np.empty((4, 3)), np.empty((4, 1))
    error, slope1, slope2 = np.empty((4, 1)), np.empty((4, 3)), np.empty((4, 1))
    dz1, dz2 = np.empty((4, 3)), np.empty((4, 1))
    errors = error.ravel()
    XT, aT, W2T = X.T, a.T, W2.T
    one, share = np.array(1.0), np.array(2 / 4)
    ones = np.ones(4)

    def step() -> Any:
        dot(X, W1, a)
        add(a, b1, a)
        negative(a, a)
        exp(a, a)
        add(a, one, a)
        reciprocal(a, a)
        dot(a, W2, y)
        add(y, b2, y)
        negative(y, y)
        exp(y, y)
        add(y, one, y)
        reciprocal(y, y)
        subtract(y, T, error)
        loss = dot(errors, errors) / 4

        subtract(one, y, slope2)
        multiply(slope2, y, slope2)
        multiply(error, share, dz2)
        multiply(dz2, slope2, dz2)
        dot(aT, dz2, dW2)
        dot(ones, dz2, db2)  # a sum over rows: half of what np.add.reduce costs at this size
        dot(dz2, W2T, dz1)
        subtract(one, a, slope1)
        multiply(slope1, a, slope1)
        multiply(dz1, slope1, dz1)
        dot(XT, dz1, dW1)
        dot(ones, dz1, db1)

        update()
        return loss

    return Run(step, lambda loss: [loss, *parameters])
