"""What both passes cost, counted in forward passes: `python benchmarks/two_passes.py`.

The network of lesson 04 (784 inputs, 100 hidden units, 10 outputs, float32), with 64 examples at
once and with one. Medians; set OMP_NUM_THREADS=1 and let the machine be quiet.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

import autograd_lite as ag

RUNS = 300


def passes(batch: int) -> tuple[Callable[[], None], Callable[[], None]]:
    """The forward pass alone, and both passes."""
    rng = np.random.default_rng(0)
    shapes = [(784, 100), (100,), (100, 10), (10,)]
    W1, b1, W2, b2 = (ag.Tensor(rng.normal(0, 0.05, s).astype(np.float32)) for s in shapes)
    x = rng.normal(size=(batch, 784)).astype(np.float32)
    target = np.eye(10, dtype=np.float32)[rng.integers(0, 10, batch)]

    def loss() -> ag.Tensor:
        scores = ag.relu(x @ W1 + b1) @ W2 + b2
        return -(target * ag.log_softmax(scores, axis=1)).sum() / batch

    def forward() -> None:
        with ag.no_grad():
            loss()

    def both() -> None:
        for parameter in (W1, b1, W2, b2):
            parameter.grad = None
        loss().backward()

    return forward, both


def seconds(run: Callable[[], None]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    for batch in (64, 1):
        forward, both = passes(batch)
        print(f"batch {batch:2}: both passes take {seconds(both) / seconds(forward):.1f} forward")
