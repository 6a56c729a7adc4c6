"""Mini-batches: the examples, shuffled and handed out a few at a time."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..counts import count
from ..tensor import Tensor


def batches(x: Any, t: Any, size: int, rng: Any = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Every example once, in a shuffled order, `size` at a time; the last batch may be smaller.

    Args:
        x, t: arrays with one row for each example.
        size: examples in a batch. `len(x)` or more gives one batch of all.
        rng: None, a seed or a `np.random.Generator`. A seed gives the same order at each call;
            for a new order each epoch make one generator before the first.

    Raises:
        TypeError: a tensor. Batches are data; the graph begins behind them.
        ValueError: x and t of different lengths, no examples, or a size below 1.

    >>> rng = np.random.default_rng(0)
    >>> x, t = np.arange(5.0).reshape(5, 1), np.arange(5)
    >>> [len(x_batch) for x_batch, t_batch in batches(x, t, 2, rng)]
    [2, 2, 1]
    """
    x, t = examples(x, "x", "batches"), examples(t, "t", "batches")
    if len(x) != len(t):
        raise ValueError(
            f"batches: x has {len(x)} rows and t has {len(t)}, expected a target for each example."
        )
    step = count(size, "batches: size")
    order = np.random.default_rng(rng).permutation(len(x))
    # A generator inside, so that a mistake is told here and not at the first batch.
    return ((x[rows], t[rows]) for rows in (order[i : i + step] for i in range(0, len(x), step)))


def examples(data: Any, name: str, owner: str) -> np.ndarray:
    """An array with at least one row, or a message."""
    if isinstance(data, Tensor):
        raise TypeError(
            f"{owner}: {name} is a Tensor, expected an array. Write {name}.numpy(); the model "
            "makes the graph."
        )
    array = np.asarray(data)
    if array.ndim == 0 or len(array) == 0:
        raise ValueError(
            f"{owner}: {name} has shape {array.shape}, expected one row for each example, and at "
            "least one."
        )
    return array
