"""Recurrent cells: one step in time. Unrolled, they share their weights over all steps."""

from typing import Any

import numpy as np

from ..counts import counts
from ..ops import FUNCTIONS
from .initialise import uniform
from .module import Module


class RNNCell(Module):
    """h' = tanh(x @ W_x + h @ W_h + b), for x (N, n_in) and h (N, n_hidden).

    All weights are drawn evenly from ±1/√n_hidden.

    >>> import numpy as np
    >>> cell, h = RNNCell(3, 2, rng=0), np.zeros((1, 2))
    >>> for x in np.ones((5, 1, 3)):
    ...     h = cell(x, h)
    >>> h.shape
    (1, 2)
    """

    def __init__(self, n_in: int, n_hidden: int, rng: Any = None) -> None:
        counts("RNNCell", n_in=n_in, n_hidden=n_hidden)
        rng, bound = np.random.default_rng(rng), n_hidden**-0.5
        self.W_x = uniform((n_in, n_hidden), bound, rng)
        self.W_h = uniform((n_hidden, n_hidden), bound, rng)
        self.b = uniform((n_hidden,), bound, rng)

    def forward(self, x: Any, h: Any) -> Any:
        _check(self, x, h=h)
        return FUNCTIONS["tanh"](x @ self.W_x + h @ self.W_h + self.b)

    def __repr__(self) -> str:
        return f"RNNCell({self.W_x.shape[0]}, {self.W_h.shape[0]})"


class LSTMCell(Module):
    """c' = f · c + i · g and h' = o · tanh(c'), with gates from x @ W_x + h @ W_h + b.

    The columns of the weights stand in PyTorch's order: input gate i, forget gate f, candidate g,
    output gate o. i, f and o are squashed by a sigmoid, g by tanh. x is (N, n_in), h and c are
    (N, n_hidden). All weights are drawn evenly from ±1/√n_hidden. The nodes of the gates are
    called i, f, g and o in the graph of a single step; over several steps, v7 and so on.
    Source: S. Hochreiter and J. Schmidhuber (1997), with the forget gate of F. Gers (2000).

    >>> import numpy as np
    >>> cell = LSTMCell(3, 2, rng=0)
    >>> h, c = cell(np.ones((1, 3)), (np.zeros((1, 2)), np.zeros((1, 2))))
    >>> h.shape, c.shape
    ((1, 2), (1, 2))
    """

    def __init__(self, n_in: int, n_hidden: int, rng: Any = None) -> None:
        counts("LSTMCell", n_in=n_in, n_hidden=n_hidden)
        rng, bound = np.random.default_rng(rng), n_hidden**-0.5
        self.W_x = uniform((n_in, 4 * n_hidden), bound, rng)
        self.W_h = uniform((n_hidden, 4 * n_hidden), bound, rng)
        self.b = uniform((4 * n_hidden,), bound, rng)

    def forward(self, x: Any, state: tuple[Any, Any]) -> tuple[Any, Any]:
        h, c = state
        _check(self, x, h=h, c=c)
        n = self.W_h.shape[0]
        gates = x @ self.W_x + h @ self.W_h + self.b
        sigmoid, tanh = FUNCTIONS["sigmoid"], FUNCTIONS["tanh"]
        i, f, g, o = (
            squash(gates[:, k * n : (k + 1) * n])
            for k, squash in enumerate((sigmoid, sigmoid, tanh, sigmoid))
        )
        i.name, f.name, g.name, o.name = "i", "f", "g", "o"
        c = f * c + i * g
        return o * tanh(c), c

    def __repr__(self) -> str:
        return f"LSTMCell({self.W_x.shape[0]}, {self.W_h.shape[0]})"


def _check(cell: Any, x: Any, **states: Any) -> None:
    """x (N, n_in), and each state (N, n_hidden): a row for each row of x, none is repeated."""
    name, n_in, n_hidden = cell.name or type(cell).__name__, len(cell.W_x), len(cell.W_h)
    rows, *_ = (*_shape(x), 0)
    if _shape(x) != (rows, n_in):
        raise ValueError(
            f"{name}: received x of shape {_shape(x)}, expected (N, {n_in}). A cell takes one step "
            "in time: give it x[:, t]."
        )
    for key, state in states.items():
        if _shape(state) != (rows, n_hidden):
            raise ValueError(
                f"{name}: received {key} of shape {_shape(state)}, expected {(rows, n_hidden)}, a "
                f"row for each row of x. Begin with np.zeros(({rows}, {n_hidden}))."
            )


def _shape(value: Any) -> tuple[int, ...]:
    return np.shape(getattr(value, "_data", value))
