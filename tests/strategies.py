"""Random computations: what hypothesis draws, and how they run on any kind of number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

import autograd_lite as ag

# The same examples in every run, no time limits, nothing written to disk.
same_every_run = settings(derandomize=True, deadline=None, database=None, max_examples=100)

UNARY = ("negative", "sin", "cos", "tanh", "sigmoid")
BINARY = ("add", "subtract", "multiply")
KINKED_UNARY = ("relu", "abs")
KINKED_BINARY = ("maximum", "minimum")


@dataclass(frozen=True)
class Program:
    """`leaves`, then one line per operation: its name and the earlier values it takes."""

    leaves: tuple[float, ...]
    lines: tuple[tuple[str, tuple[int, ...]], ...]

    def run(self, leaves: Sequence[Any], call: Callable[..., Any]) -> list[Any]:
        """Every value in turn; `call(name, *inputs)` computes one operation."""
        values = list(leaves)
        for name, places in self.lines:
            values.append(call(name, *(values[place] for place in places)))
        return values

    def record(self) -> tuple[list[ag.Tensor], ag.Tensor]:
        """The leaves, named x0, x1, …, and the output."""
        leaves = [ag.Tensor(value, name=f"x{i}") for i, value in enumerate(self.leaves)]
        values = self.run(leaves, lambda name, *inputs: getattr(ag, name)(*inputs))
        return leaves, values[-1]


@st.composite
def programs(draw: st.DrawFn, kinks: bool = True) -> Program:
    """A few leaves and up to eight operations; values are used again and again."""
    # Few distinct numbers, so that ties and zeros do happen.
    number = st.sampled_from([-1.5, -1.0, -0.3, 0.0, 0.7, 1.0, 2.0])
    leaves = tuple(draw(st.lists(number, min_size=1, max_size=3)))
    unary = UNARY + KINKED_UNARY * kinks
    binary = BINARY + KINKED_BINARY * kinks
    lines = []
    for i in range(draw(st.integers(1, 8))):
        name = draw(st.sampled_from(unary + binary))
        # The first input is the newest value, so that nearly everything reaches the output.
        newest = len(leaves) + i - 1
        others = [draw(st.integers(0, newest)) for _ in range(name in binary)]
        lines.append((name, (newest, *others)))
    return Program(leaves, tuple(lines))


def numeric_gradient(
    function: Callable[..., Any], inputs: Sequence[np.ndarray], position: int, h: float = 1e-6
) -> np.ndarray:
    """Central differences of a function that returns one number, for one of its inputs."""
    gradient = np.zeros(inputs[position].shape)
    for index in np.ndindex(gradient.shape):
        ends = []
        for sign in (1.0, -1.0):
            moved = [np.array(value, dtype=float) for value in inputs]
            moved[position][index] += sign * h
            ends.append(function(*moved))
        gradient[index] = (ends[0] - ends[1]) / (2.0 * h)
    return gradient
