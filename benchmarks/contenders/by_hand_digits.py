"""Both passes of the [784,100,10] network written by hand, and as layer classes."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..digits import BATCH, LR, start, starts
from ..turns import Run
from .by_hand import flat as in_one_array


def plain(dtype: str, examples: int) -> Run:
    X, T, W1, b1, W2, b2 = start(dtype, examples)
    places = starts(examples)

    def step() -> Any:
        nonlocal W1, b1, W2, b2
        place = next(places)
        x, t = X[place : place + BATCH], T[place : place + BATCH]
        h = np.maximum(x @ W1 + b1, 0)
        scores = h @ W2 + b2
        scores = scores - scores.max(axis=1, keepdims=True)
        exps = np.exp(scores)
        sums = exps.sum(axis=1, keepdims=True)
        loss = -(t * (scores - np.log(sums))).sum() / BATCH

        dscores = (exps / sums - t) / BATCH
        dW2, db2 = h.T @ dscores, dscores.sum(axis=0)
        dh = dscores @ W2.T * (h > 0)
        dW1, db1 = x.T @ dh, dh.sum(axis=0)

        W1, b1 = W1 - LR * dW1, b1 - LR * db1
        W2, b2 = W2 - LR * dW2, b2 - LR * db2
        return loss

    return Run(step, lambda loss: [loss, W1, b1, W2, b2])


def in_place(dtype: str, examples: int) -> Run:
    X, T, *parameters = start(dtype, examples)
    gradients = [np.empty_like(parameter) for parameter in parameters]
    pairs = list(zip(parameters, gradients, strict=True))
    multiply, subtract = np.multiply, np.subtract
    lr = np.array(LR, dtype)

    def update() -> None:
        for parameter, gradient in pairs:
            multiply(gradient, lr, gradient)
            subtract(parameter, gradient, parameter)

    return _in_place(X, T, parameters, gradients, update)


def flat(dtype: str, examples: int) -> Run:
    """All parameters are views into one array, all gradients into another: one update."""
    X, T, *given = start(dtype, examples)
    parameters, all_parameters = in_one_array(given)
    gradients, all_gradients = in_one_array([np.zeros_like(array) for array in given])
    lr = np.array(LR, dtype)

    def update() -> None:
        np.multiply(all_gradients, lr, all_gradients)
        np.subtract(all_parameters, all_gradients, all_parameters)

    return _in_place(X, T, parameters, gradients, update)


def _in_place(X: Any, T: Any, parameters: Any, gradients: Any, update: Callable[[], None]) -> Run:
    """The floor: every array is there before the first step."""
    W1, b1, W2, b2 = parameters
    dW1, db1, dW2, db2 = gradients
    dtype = X.dtype
    dot, add, subtract, multiply = np.dot, np.add, np.subtract, np.multiply
    h, dh = np.empty((2, BATCH, 100), dtype)
    positive = np.empty((BATCH, 100), bool)
    scores, p = np.empty((2, BATCH, 10), dtype)
    row = np.empty((BATCH, 1), dtype)
    rows = row.ravel()
    hT, W2T = h.T, W2.T
    zero, share = np.array(0, dtype), np.array(1 / BATCH, dtype)
    ones = np.ones(BATCH, dtype)
    places = starts(len(X))

    def step() -> Any:
        place = next(places)
        x, t = X[place : place + BATCH], T[place : place + BATCH]
        dot(x, W1, h)
        add(h, b1, h)
        np.maximum(h, zero, out=h)
        dot(h, W2, scores)
        add(scores, b2, scores)
        np.maximum.reduce(scores, 1, None, row, True)
        subtract(scores, row, scores)
        np.exp(scores, p)
        add.reduce(p, 1, None, row, True)
        np.divide(p, row, p)
        np.log(row, row)
        loss = (dot(ones, rows) - np.vdot(t, scores)) / BATCH  # every row of t sums to 1

        subtract(p, t, p)
        multiply(p, share, p)
        dot(hT, p, dW2)
        dot(ones, p, db2)
        dot(p, W2T, dh)
        np.greater(h, zero, positive)
        multiply(dh, positive, dh)
        dot(x.T, dh, dW1)
        dot(ones, dh, db1)

        update()
        return loss

    return Run(step, lambda loss: [loss, *parameters])


class Linear:
    def __init__(self, W: np.ndarray, b: np.ndarray, first: bool = False) -> None:
        self.params = [W, b]
        self.first = first  # nobody asks for the gradient of the data

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        W, b = self.params
        return x @ W + b

    def backward(self, dy: np.ndarray) -> Any:
        self.grads = [self.x.T @ dy, dy.sum(axis=0)]
        return None if self.first else dy @ self.params[0].T


class ReLU:
    params: tuple[()] = ()
    grads: tuple[()] = ()

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.positive = x > 0
        return np.maximum(x, 0)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        return dy * self.positive


class SoftmaxCrossEntropy:
    def forward(self, scores: np.ndarray, t: np.ndarray) -> Any:
        scores = scores - scores.max(axis=1, keepdims=True)
        exps = np.exp(scores)
        sums = exps.sum(axis=1, keepdims=True)
        self.p, self.t = exps / sums, t
        return -(t * (scores - np.log(sums))).sum() / len(t)

    def backward(self) -> np.ndarray:
        return (self.p - self.t) / len(self.t)


def layers(dtype: str, examples: int) -> Run:
    X, T, W1, b1, W2, b2 = start(dtype, examples)
    network = [Linear(W1, b1, first=True), ReLU(), Linear(W2, b2)]
    cost = SoftmaxCrossEntropy()
    places = starts(examples)

    def step() -> Any:
        place = next(places)
        y = X[place : place + BATCH]
        for layer in network:
            y = layer.forward(y)
        loss = cost.forward(y, T[place : place + BATCH])
        dy = cost.backward()
        for layer in reversed(network):
            dy = layer.backward(dy)
        for layer in network:
            for parameter, gradient in zip(layer.params, layer.grads, strict=True):
                parameter -= LR * gradient
        return loss

    return Run(step, lambda loss: [loss, W1, b1, W2, b2])
