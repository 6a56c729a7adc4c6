"""The stepper of y = sin(x1) + x1·x2 and of the [2,3,1] network: what Python does for it once,
and what every step costs, here and in the browser.
"""

from collections.abc import Iterator

import numpy as np

import autograd_lite as ag

from . import table
from .network import start
from .timing import seconds


def fork() -> ag.Tensor:
    x1, x2 = ag.Tensor(2.0, name="x1"), ag.Tensor(3.0, name="x2")
    return np.sin(x1) + x1 * x2


def network() -> ag.Tensor:
    X, T, *arrays = start()
    W1, b1, W2, b2 = (ag.Tensor(array) for array in arrays)
    with ag.scope("hidden"):
        a = ag.sigmoid(X @ W1 + b1)
    with ag.scope("output"):
        y = ag.sigmoid(a @ W2 + b2)
    return ((y - T) ** 2).mean()


def tables(quick: bool) -> Iterator[str]:
    lines = []
    for name, y in (("sin", fork()), ("[2,3,1] network", network())):
        graph = ag.ComputationGraph(y)
        picture = ag.draw(graph)
        steps = len(picture.trace.steps)
        count = 1 if quick else 30
        record = seconds(lambda graph=graph: graph.steps(), count).median
        draw = seconds(
            lambda picture=picture, steps=steps: [picture.svg(step) for step in range(steps)], count
        ).median
        made = seconds(lambda y=y: ag.Stepper(y), count).median
        lines.append([
            name, f"{steps}", table.number(made * 1000), f"{steps / record:,.0f}",
            f"{steps / draw:,.0f}",
        ])  # fmt: skip
    head = ["", "steps", "stepper made, ms", "steps recorded a second", "steps drawn a second"]
    yield table.block("The stepper in Python", head, lines)
    if not quick:
        from . import browser

        yield browser.block()
