"""How cost grows with depth: `python -m benchmarks.scaling`.

A chain of 10³ to 10⁶ nodes is built, swept and freed, with cyclic garbage collection on and off.
Rounds go through all sizes in turn, so that a busy moment hits every size; medians are printed.
"""

import gc
import statistics
import time
import tracemalloc

from autograd_lite import Tensor

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 5


def chain(nodes: int) -> tuple[Tensor, Tensor]:
    x = y = Tensor(1.0)
    for _ in range(nodes):
        y = -y
    return x, y


def seconds(nodes: int) -> tuple[float, float, float]:
    """To build a chain, to sweep it backward, and to free it.

    Short chains are made again and again, since what the long one before left cold costs time.
    """
    repeats = max(1, SIZES[-2] // nodes)
    build = sweep = free = 0.0
    for _ in range(repeats):
        start = time.perf_counter()
        _, y = chain(nodes)
        built = time.perf_counter()
        y.backward()
        swept = time.perf_counter()
        del y
        free += time.perf_counter() - swept
        build, sweep = build + built - start, sweep + swept - built
    return build / repeats, sweep / repeats, free / repeats


def bytes_per_node(nodes: int) -> tuple[float, float]:
    """After building, and with the gradients that a sweep leaves."""
    tracemalloc.start()
    _, y = chain(nodes)
    built = tracemalloc.get_traced_memory()[0]
    y.backward()
    swept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return built / nodes, swept / nodes


def measure(collection: bool) -> dict[int, list[tuple[float, float, float]]]:
    rounds: dict[int, list[tuple[float, float, float]]] = {nodes: [] for nodes in SIZES}
    for _ in range(ROUNDS):
        for nodes in SIZES:
            gc.collect()
            (gc.enable if collection else gc.disable)()
            rounds[nodes].append(seconds(nodes))
            gc.enable()
    return rounds


if __name__ == "__main__":
    chain(1_000)[1].backward()  # the first time loads and fills caches
    print("garbage collection      nodes   build   sweep    free  (µs per node, medians)")
    for collection in (False, True):
        for nodes, times in measure(collection).items():
            build, sweep, free = (
                statistics.median(part) / nodes * 1e6 for part in zip(*times, strict=True)
            )
            print(
                f"{'on' if collection else 'off':<18}{nodes:>11,}"
                f"{build:>8.2f}{sweep:>8.2f}{free:>8.2f}"
            )
    built, swept = bytes_per_node(SIZES[1])
    print(f"bytes per node     {built:.0f} built, {swept:.0f} with gradients")
