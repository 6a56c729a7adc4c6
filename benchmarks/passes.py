"""What both passes cost, counted in forward passes, as lesson 04 says.

Its network: 784 inputs, 100 hidden units, 10 outputs, float32; 64 examples at once, and one.
"""

from collections.abc import Callable, Iterator

import autograd_lite as ag

from . import table
from .digits import start
from .timing import seconds

RUNS = 300


def passes(batch: int) -> tuple[Callable[[], None], Callable[[], None]]:
    """The forward pass alone, and both passes."""
    x, target, *arrays = start("float32", batch)
    W1, b1, W2, b2 = parameters = [ag.Tensor(array) for array in arrays]

    def loss() -> ag.Tensor:
        scores = ag.relu(x @ W1 + b1) @ W2 + b2
        return -(target * ag.log_softmax(scores, axis=1)).sum() / batch

    def forward() -> None:
        with ag.no_grad():
            loss()

    def both() -> None:
        for parameter in parameters:
            parameter.grad = None
        loss().backward()

    return forward, both


def tables(quick: bool) -> Iterator[str]:
    lines = []
    for batch in (64, 1):
        one, two = (seconds(run, 3 if quick else RUNS).median for run in passes(batch))
        lines.append([f"{batch}", *(table.number(t * 1e6) for t in (one, two)), f"{two / one:.1f}"])
    head = ["examples at once", "forward, µs", "both, µs", "both ÷ forward"]
    yield table.block("Both passes of the [784,100,10] network, float32", head, lines)
