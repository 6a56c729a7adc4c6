"""micrograd: every number a node. What it lacks, sin and exp, is added in its own way."""

import math
from itertools import chain
from typing import Any

from micrograd.engine import Value

from ..network import LR, start
from ..sin import X1, X2
from ..turns import Run


def elementary(x: Value, value: float, slope: float, sign: str) -> Value:
    out = Value(value, (x,), sign)

    def backward() -> None:
        x.grad += slope * out.grad

    out._backward = backward
    return out


def sin() -> Run:
    def step() -> Any:
        x1, x2 = Value(X1), Value(X2)
        y = elementary(x1, math.sin(x1.data), math.cos(x1.data), "sin") + x1 * x2
        y.backward()
        return y, x1, x2

    return Run(step, lambda made: [made[0].data, made[1].grad, made[2].grad])


def network() -> Run:
    X, T, *arrays = start()
    inputs, targets = X.tolist(), T.ravel().tolist()
    (W1, b1), (W2, b2) = [
        ([[Value(w) for w in row] for row in W.T.tolist()], [Value(b) for b in bias.tolist()])
        for W, bias in (arrays[:2], arrays[2:])
    ]
    parameters = [*chain(*W1), *b1, *chain(*W2), *b2]

    def layer(W: Any, b: Any, x: Any) -> list[Value]:
        return [
            sigmoid(sum((w * xi for w, xi in zip(row, x, strict=True)), bias))
            for row, bias in zip(W, b, strict=True)
        ]

    def step() -> Any:
        errors = [
            layer(W2, b2, layer(W1, b1, x))[0] - t for x, t in zip(inputs, targets, strict=True)
        ]
        loss = sum((error**2 for error in errors), Value(0.0)) * (1 / len(errors))
        for parameter in parameters:
            parameter.grad = 0.0
        loss.backward()
        for parameter in parameters:
            parameter.data -= LR * parameter.grad
        return loss

    def numbers(loss: Value) -> list[Any]:
        def read(W: Any, b: Any) -> list[Any]:
            columns = [[w.data for w in row] for row in W]
            return [[*zip(*columns, strict=True)], [bias.data for bias in b]]

        return [loss.data, *read(W1, b1), *read(W2, b2)]

    return Run(step, numbers)


def sigmoid(z: Value) -> Value:
    a = 1 / (1 + math.exp(-z.data))
    return elementary(z, a, a * (1 - a), "sigmoid")
