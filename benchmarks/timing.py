"""Times of something that is done again and again in this process."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Spread(NamedTuple):
    """The middle one, and where the middle half lies."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    ordered = sorted(values)
    count = len(ordered)
    return Spread(statistics.median(ordered), ordered[count // 4], ordered[3 * count // 4])


def seconds(run: Callable[[], Any], count: int) -> Spread:
    """What one run takes; the first, which loads and fills caches, is not counted."""
    run()
    times = []
    for _ in range(count):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return spread(times)
