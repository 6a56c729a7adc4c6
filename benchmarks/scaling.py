"""How cost grows with depth.

A chain of 10³ to 10⁶ nodes is built, swept and freed, with cyclic garbage collection on and off.
Rounds go through all sizes in turn, so that a busy moment hits every size; medians are printed.
"""

import gc
import statistics
import time
import tracemalloc
from collections.abc import Iterator

from autograd_lite import Tensor

from . import table

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 3
Seconds = tuple[float, float, float]  # to build a chain, to sweep it backward, and to free it


def chain(nodes: int) -> tuple[Tensor, Tensor]:
    x = y = Tensor(1.0)
    for _ in range(nodes):
        y = -y
    return x, y


def seconds(nodes: int, least: int) -> Seconds:
    """Short chains are made again and again, until `least` nodes were made: what the long chain
    before them left cold costs time.
    """
    repeats = max(1, least // nodes)
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


def measure(sizes: tuple[int, ...], rounds: int, collection: bool) -> dict[int, list[Seconds]]:
    times: dict[int, list[Seconds]] = {nodes: [] for nodes in sizes}
    for _ in range(rounds):
        for nodes in sizes:
            gc.collect()
            (gc.enable if collection else gc.disable)()
            times[nodes].append(seconds(nodes, sizes[-2]))
            gc.enable()
    return times


def memory(nodes: int) -> tuple[float, float, float]:
    """Bytes a node: after building, with the gradients that a sweep leaves, and when let go."""
    gc.disable()  # what is left then would be left for the collector
    tracemalloc.start()
    x, y = chain(nodes)
    built = tracemalloc.get_traced_memory()[0]
    y.backward()
    swept = tracemalloc.get_traced_memory()[0]
    del x, y
    left = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    gc.enable()
    return built / nodes, swept / nodes, left / nodes


def tables(quick: bool) -> Iterator[str]:
    sizes, rounds = (SIZES[:2], 1) if quick else (SIZES, ROUNDS)
    chain(1_000)[1].backward()  # the first time loads and fills caches
    lines = []
    for collection in (False, True):
        for nodes, times in measure(sizes, rounds, collection).items():
            parts = (statistics.median(part) / nodes * 1e6 for part in zip(*times, strict=True))
            lines.append([
                f"{nodes:,}", "on" if collection else "off", *(f"{part:.2f}" for part in parts)
            ])  # fmt: skip
    built, swept, left = memory(sizes[-2])
    yield table.block(
        "A chain of nodes, µs a node",
        ["nodes", "cyclic garbage collection", "built", "swept", "freed"],
        lines,
        [f"{built:.0f} bytes a node built, {swept:.0f} with gradients, {left:.0f} once let go"],
    )
