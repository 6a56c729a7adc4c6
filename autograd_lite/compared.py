"""The gradients of a recorded graph, each beside a central difference of its replay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .differences import Partial, error_of, partial_at
from .graph import ComputationGraph
from .replay import Projection
from .tensor import Tensor

ENTRIES = 24  # numbers of each leaf that are compared


@dataclass(frozen=True)
class Entry:
    """One number of a leaf: its gradient, and the slope that values alone show."""

    index: tuple[int, ...]
    gradient: float
    partial: Partial

    @property
    def difference(self) -> float:
        """(y(x + h) − y(x − h)) / 2h, and 0 where it cannot be told from 0."""
        slope = self.partial.expected
        return 0.0 if abs(slope) <= self.partial.allowed else slope

    @property
    def error(self) -> float:
        """|gradient − difference| over the larger of the two."""
        size = max(abs(self.gradient), abs(self.difference))
        return abs(self.gradient - self.difference) / size if size > self.partial.allowed else 0.0

    @property
    def off(self) -> float:
        """How far the two are apart, in units of what a gradient check allows."""
        return error_of(self.partial, self.gradient)

    @property
    def verdict(self) -> str:
        """agrees, differs, too small to check, kink or not finite."""
        if self.partial.kink or not np.isfinite(self.partial.expected):
            return "kink" if np.isfinite(self.partial.expected) else "not finite"
        if 0 < abs(self.gradient) <= self.partial.allowed and not self.difference:
            return "too small to check"  # values cannot tell it from 0
        return "agrees" if self.off <= 1 else "differs"


def compare(
    graph: ComputationGraph, seed: Any, gradients: Mapping[Tensor, Any]
) -> list[list[Entry]]:
    """The entries of each leaf in `gradients`, in its order; of a large one some, evenly spread."""
    project = Projection(graph, list(gradients), seed)
    arrays = [np.array(leaf._data, dtype=float) for leaf in gradients]
    with np.errstate(all="ignore"):  # what is not finite is told
        at = project(arrays)
        return [
            [
                _entry(project, arrays, array, index, at, float(np.asarray(gradient)[index]))
                for index in _places(array)
            ]
            for array, gradient in zip(arrays, gradients.values(), strict=True)
        ]


def _entry(
    project: Projection, arrays: list[Any], array: Any, index: Any, at: float, gradient: float
) -> Entry:
    """As the gradient check takes it: with a narrow step where a wide one does not agree."""
    partial = partial_at(project, arrays, array, index, at, "")
    if not partial.kink and error_of(partial, gradient) > 1:
        narrow = partial.again()
        partial = narrow if error_of(narrow, gradient) <= 1 else partial
    return Entry(index, gradient, partial)


def _places(array: Any) -> list[tuple[int, ...]]:
    count = min(array.size, ENTRIES)
    flat = [number * array.size // count for number in range(count)]
    return [tuple(map(int, np.unravel_index(place, array.shape))) for place in flat]
