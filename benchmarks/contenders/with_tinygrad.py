"""tinygrad: kernels made for each graph. It needs a C compiler, clang, to run on a processor."""

import os
from typing import Any

os.environ["DEV"] = "CPU"

from tinygrad import Device, Tensor, TinyJit, dtypes

from .. import digits as digits_row
from .. import network as network_row
from ..sin import X1, X2
from ..turns import Run

try:
    Device["CPU"]
except OSError:
    raise ImportError("no clang found") from None


def sin() -> Run:
    def step() -> Any:
        x1, x2 = Tensor(X1, dtype=dtypes.float64), Tensor(X2, dtype=dtypes.float64)
        y = x1.sin() + x1 * x2
        got = (y, *y.gradient(x1, x2))
        Tensor.realize(*got)
        return got

    return Run(step, lambda got: [part.item() for part in got])


def network() -> Run:
    X, T, *parameters = [Tensor(array).realize() for array in network_row.start()]

    def cost(x: Any, t: Any) -> Any:
        W1, b1, W2, b2 = parameters
        y = ((x @ W1 + b1).sigmoid() @ W2 + b2).sigmoid()
        return ((y - t) ** 2).mean()

    return trained(cost, parameters, network_row.LR, lambda: (X, T))


def digits(dtype: str, examples: int) -> Run:
    X, T, *arrays = digits_row.start(dtype, examples)
    parameters = [Tensor(array).realize() for array in arrays]
    places = digits_row.starts(examples)

    def cost(x: Any, t: Any) -> Any:
        W1, b1, W2, b2 = parameters
        scores = (x @ W1 + b1).relu() @ W2 + b2
        return -(t * scores.log_softmax()).sum() / digits_row.BATCH

    def batch() -> Any:
        place = next(places)
        rows = slice(place, place + digits_row.BATCH)
        return Tensor(X[rows]).realize(), Tensor(T[rows]).realize()

    return trained(cost, parameters, digits_row.LR, batch)


def trained(cost: Any, parameters: Any, lr: float, batch: Any) -> Run:
    @TinyJit
    def update(x: Any, t: Any) -> Any:
        loss = cost(x, t)
        gradients = loss.gradient(*parameters)
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.assign(parameter - lr * gradient)
        return loss.realize(*parameters)

    def step() -> Any:
        loss = update(*batch())
        Device[Device.DEFAULT].synchronize()
        return loss

    return Run(step, lambda loss: [loss.item(), *(p.numpy() for p in parameters)])
