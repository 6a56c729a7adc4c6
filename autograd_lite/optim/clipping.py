"""Gradients that are too long are made shorter."""

from collections.abc import Iterable, Sequence
from math import inf, sqrt
from typing import Any

import numpy as np

from ..tensor import Tensor
from .gradients import finite_gradients, own_parameters
from .optimizer import not_negative


def clip_grad_norm(parameters: Iterable[Tensor], max_norm: float) -> float:
    """Make all gradients shorter by one factor, so that their norm is at most `max_norm`.

    The norm is √Σg² over every number of every gradient. The direction stays. Call it between
    `backward()` and `step()`. A `max_norm` of inf only measures. What is frozen is left out.

    Returns:
        The norm before.

    Raises:
        FloatingPointError: a gradient has a nan or an inf. Nothing was changed.

    >>> from autograd_lite import Tensor
    >>> w = Tensor([3.0, 4.0], name="w")
    >>> (w * w).sum().backward()
    >>> clip_grad_norm([w], 1.0)
    10.0
    >>> print(np.round(w.grad, 4))
    [0.6 0.8]
    """
    limit = inf if max_norm == inf else not_negative(max_norm, "max_norm", "clip_grad_norm")
    own = own_parameters(parameters, "clip_grad_norm")
    gradients = finite_gradients(own, "clip_grad_norm")
    norm = _norm([gradient for _, gradient in gradients])
    # PyTorch's 1e-6 keeps 0/0 away.
    factor = limit / (norm + 1e-6)
    if factor < 1.0:
        for place, gradient in gradients:
            own[place].grad = gradient * factor
    return norm


def _norm(gradients: Sequence[Any]) -> float:
    with np.errstate(all="ignore"):
        norm = sqrt(sum(float(np.vdot(gradient, gradient)) for gradient in gradients))
    if all(_safe(gradient.dtype) < norm < inf for gradient in gradients):
        return norm
    # Squares overflow or vanish: measure in float64, in units of the largest.
    largest = max(float(np.abs(gradient).max(initial=0.0)) for gradient in gradients)
    if largest == 0.0:
        return 0.0
    units = (np.divide(gradient, largest, dtype=float) for gradient in gradients)
    return largest * sqrt(sum(float(np.vdot(unit, unit)) for unit in units))


def _safe(dtype: np.dtype) -> float:
    """A norm above this has lost no digit to squares that vanish."""
    about = np.finfo(dtype)
    return sqrt(float(about.tiny) / float(about.eps))
