"""Attention: every place looks at all places, and takes in what fits."""

from typing import Any

import numpy as np

from ..counts import counts
from ..ops import FUNCTIONS
from ..tensor import Tensor
from .initialise import weights
from .module import Module


class Attention(Module):
    """softmax(Q Kᵀ / √d) V · W_o, with Q = x W_q, K = x W_k, V = x W_v, for x (…, T, n_model).

    With several heads the columns are dealt out among them, d = n_model / n_heads each.
    Source: A. Vaswani et al., Attention is all you need (2017).

    >>> import numpy as np
    >>> causal = np.tril(np.ones((4, 4), dtype=bool))
    >>> Attention(6, n_heads=2, rng=0)(np.ones((1, 4, 6)), causal).shape
    (1, 4, 6)
    """

    def __init__(self, n_model: int, n_heads: int = 1, rng: Any = None) -> None:
        counts("Attention", n_model=n_model, n_heads=n_heads)
        if n_model % n_heads:
            raise ValueError(
                f"Attention: n_heads received {n_heads}, expected a divisor of n_model={n_model}."
            )
        rng, square = np.random.default_rng(rng), (n_model, n_model)
        self.W_q, self.W_k, self.W_v, self.W_o = (
            weights(square, n_model, n_model, "xavier", rng) for _ in range(4)
        )
        self.n_heads = n_heads

    def forward(self, x: Any, mask: Any = None) -> Any:
        """`mask` (T, T), True where a place (row) may look at another (column)."""
        if mask is not None:
            mask = _allowed(mask)
        shape = self._check(x, mask)
        q, k, v = (self._heads(x @ W) for W in (self.W_q, self.W_k, self.W_v))
        scores = q @ np.swapaxes(k, -1, -2) / q.shape[-1] ** 0.5
        if mask is not None:
            scores = scores + np.where(mask, 0.0, -np.inf).astype(scores.dtype)
        mixed = FUNCTIONS["softmax"](scores, axis=-1) @ v
        return np.swapaxes(mixed, -3, -2).reshape(shape) @ self.W_o

    def _heads(self, x: Any) -> Any:
        """(…, T, n_model) → (…, heads, T, d)."""
        *before, width = x.shape
        return np.swapaxes(x.reshape(*before, self.n_heads, width // self.n_heads), -3, -2)

    def _check(self, x: Any, mask: Any) -> tuple[int, ...]:
        shape, width = np.shape(getattr(x, "_data", x)), self.W_q.shape[0]
        if len(shape) < 2 or shape[-1] != width:
            raise ValueError(
                f"{self.name or 'Attention'}: received x of shape {shape}, expected "
                f"(…, T, {width}): {width} numbers at each of T places. Write x.reshape(1, -1) for "
                "a single place."
            )
        if mask is not None:
            self._check_mask(mask, shape[-2])
        return shape

    def _check_mask(self, mask: np.ndarray, length: int) -> None:
        if mask.shape != (length, length) or not mask.any(axis=1).all():
            raise ValueError(
                f"{self.name or 'Attention'}: received a mask of shape {mask.shape}, expected "
                f"{(length, length)} with at least one True in each row: a place that may look "
                "nowhere has no average."
            )

    def __repr__(self) -> str:
        return f"Attention({self.W_q.shape[0]}, n_heads={self.n_heads})"


def _allowed(mask: Any) -> np.ndarray:
    """Booleans. Numbers that are added to scores, 0 and −∞, would be read the wrong way round."""
    allowed = np.asarray(mask._data if isinstance(mask, Tensor) else mask)
    floats = allowed.dtype.kind not in "biu"
    if floats or ((allowed != 0) & (allowed != 1)).any():
        received = "floats" if floats else "numbers other than 0 and 1"
        raise ValueError(
            f"Attention: received a mask of {received}, expected True where a place may look. "
            "Write mask == 0 for one that is added to scores, mask == 1 for one that multiplies."
        )
    return allowed.astype(bool)
