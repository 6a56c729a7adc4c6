"""Dropout and layer normalisation."""

from typing import Any

import numpy as np

from ..counts import counts
from ..operation import as_tensors
from ..ops import FUNCTIONS
from ..ops.arithmetic import Drop
from ..tensor import Tensor
from .module import Module


class Dropout(Module):
    """While training each number is set to 0 with probability p, the others divided by 1 − p.

    So the mean stays what it is, and after `eval()` nothing is done. Each call drops others.

    >>> import numpy as np
    >>> layer = Dropout(0.5, rng=0)
    >>> sorted(set(layer(np.ones(100)).numpy().tolist()))
    [0.0, 2.0]
    >>> layer.eval()(np.ones(3))
    Tensor([1., 1., 1.], requires_grad=False)
    """

    def __init__(self, p: float = 0.5, rng: Any = None) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout: p received {p}, expected a probability, 0 to 1.")
        self.p = p
        self.rng = np.random.default_rng(rng)

    def forward(self, x: Any) -> Any:
        (x,) = as_tensors((x,))
        if not self.training or self.p == 0:
            return x
        kept = self.rng.random(x.shape) >= self.p
        share = 1 - self.p or 1.0  # with p = 1 nothing is kept, so nothing is divided
        return Drop()(x, (kept / share).astype(x.dtype))

    def __repr__(self) -> str:
        return f"Dropout({self.p})"


class LayerNorm(Module):
    """(x − mean) / √(variance + ε) · gain + bias, over the last axis, of n numbers.

    The variance is that of the n numbers themselves: divided by n.
    Source: J. L. Ba, J. R. Kiros and G. E. Hinton, Layer normalization (2016).

    >>> y = LayerNorm(4)(np.array([[1.0, 2.0, 3.0, 4.0]]))
    >>> print(abs(y.numpy().mean()) < 1e-12)
    True
    """

    def __init__(self, n: int, eps: float = 1e-5) -> None:
        counts("LayerNorm", n=n)
        self.gain, self.bias = Tensor(np.ones(n)), Tensor(np.zeros(n))
        self.eps = eps

    def forward(self, x: Any) -> Any:
        (x,) = as_tensors((x,))
        n = self.gain.shape[0]
        if x.ndim == 0 or x.shape[-1] != n:
            raise ValueError(
                f"{self.name or 'LayerNorm'}: received x of shape {x.shape}, expected {n} "
                f"numbers in each row, (…, {n})."
            )
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = (centred**2.0).mean(axis=-1, keepdims=True)
        return centred / FUNCTIONS["sqrt"](variance + self.eps) * self.gain + self.bias

    def __repr__(self) -> str:
        return f"LayerNorm({self.gain.shape[0]})"
