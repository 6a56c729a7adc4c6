"""The linear layer: every output is a weighted sum of all inputs, and a bias."""

from typing import Any

import numpy as np

from ..counts import counts
from ..tensor import Tensor
from .initialise import weights
from .module import Module


class Linear(Module):
    """y = x @ W + b, for x (…, n_in), W (n_in, n_out), b (n_out).

    Args:
        init: "he", normal with variance 2/n_in, or "xavier", with 2/(n_in + n_out); b is 0.
        rng: a seed or a `np.random.Generator`; fresh random numbers when left out.

    >>> import numpy as np
    >>> layer = Linear(2, 3, rng=0)
    >>> layer(np.ones((4, 2))).shape
    (4, 3)
    """

    def __init__(
        self, n_in: int, n_out: int, bias: bool = True, init: str = "he", rng: Any = None
    ) -> None:
        counts("Linear", n_in=n_in, n_out=n_out)
        self.W = weights((n_in, n_out), n_in, n_out, init, rng)
        self.b = Tensor(np.zeros(n_out)) if bias else None

    def forward(self, x: Any) -> Any:
        n_in = self.W._data.shape[0]
        shape = x._data.shape if isinstance(x, Tensor) else np.shape(x)
        if not shape or shape[-1] != n_in:
            raise ValueError(
                f"{self.name or 'Linear'}: received x of shape {shape}, expected {n_in} numbers "
                f"in each row, (…, {n_in}), for W of shape {self.W.shape}. Samples are rows: write "
                "x.T if they are columns, x.reshape(1, -1) for a single one."
            )
        y = x @ self.W
        return y if self.b is None else y + self.b

    def __repr__(self) -> str:
        n_in, n_out = self.W.shape
        return f"Linear({n_in}, {n_out}{'' if self.b is not None else ', bias=False'})"
