"""Nudge: one number of an input moves by h, and the output by about gradient · h."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .graph import ComputationGraph
from .replay import nudged
from .tensor import Tensor

ROUNDING = 16.0  # units in the last place, within which a difference is none


@dataclass(frozen=True)
class Nudge:
    """A number of a leaf, moved by `h`: what the output does, and what the gradient foretold.

    change = y(x + h) − y(x), computed by a replay of the graph; foretold = ∂y/∂x · h.

    Args:
        place: the index of the number in the leaf, () for a single one.
        seed: of the backward pass; it makes one number of an output of several.
        gradient: ∂y/∂x at this number, as the backward pass computed it.

    >>> x = Tensor(3.0, name="x")
    >>> nudge = Nudge(ComputationGraph(x * x), x, (), h=0.5, seed=1.0, gradient=6.0)
    >>> nudge.change, nudge.foretold, nudge.difference
    (3.25, 3.0, 0.25)
    """

    graph: ComputationGraph
    leaf: Tensor
    place: tuple[int, ...]
    h: float
    seed: Any
    gradient: float

    @cached_property
    def moved(self) -> dict[Tensor, Any]:
        """The value of every node after the nudge."""
        return nudged(self.graph, self.leaf, self.place, self.h)

    def move_of(self, node: Tensor) -> float:
        """How far a node of a single number moves."""
        old, new = node._data, self.moved[node]
        return _unless_rounding(new - old, old.dtype, old, new)

    @property
    def before(self) -> float:
        """y(x)."""
        return self._output(self.graph.output._data)

    @property
    def after(self) -> float:
        """y(x + h)."""
        return self._output(self.moved[self.graph.output])

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def foretold(self) -> float:
        return self.gradient * self.h

    @property
    def difference(self) -> float:
        """change − gradient · h, and 0 where it is nothing but rounding."""
        return _unless_rounding(self.change - self.foretold, self._dtype, *self._sizes)

    @property
    def drowns(self) -> bool:
        """Whether rounding may be larger than what a bend would change.

        More than √ε of the nudge is too much to tell a line from a bend.
        """
        small, share = _rounding(self._dtype, *self._sizes), float(np.finfo(self._dtype).eps) ** 0.5
        return small > share * max(abs(self.foretold), abs(self.h))

    @property
    def _sizes(self) -> tuple[float, float, float]:
        return self.before, self.after, self.foretold

    @property
    def _dtype(self) -> Any:
        return self.graph.output.dtype

    def _output(self, value: Any) -> float:
        return float(np.sum(self.seed * value))


def _unless_rounding(number: Any, dtype: Any, *sizes: Any) -> float:
    """The number, or 0 where values of this dtype and these sizes do not tell it from 0."""
    return 0.0 if abs(number) <= _rounding(dtype, *sizes) < np.inf else float(number)


def _rounding(dtype: Any, *sizes: Any) -> float:
    return ROUNDING * float(np.finfo(dtype).eps) * float(max(map(abs, sizes)))
