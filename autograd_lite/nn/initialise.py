"""Where training starts: random weights whose size keeps signals about as large as they came in."""

from typing import Any

import numpy as np

from ..tensor import Tensor


def weights(shape: tuple[int, ...], n_in: int, n_out: int, init: str, rng: Any = None) -> Tensor:
    """Normal with mean 0 and variance 2/n_in ("he") or 2/(n_in + n_out) ("xavier").

    `rng` is None, a seed or a `np.random.Generator`, as for `np.random.default_rng`.
    Sources: K. He et al., Delving deep into rectifiers (2015); X. Glorot and Y. Bengio,
    Understanding the difficulty of training deep feedforward neural networks (2010).
    """
    variances = {"he": 2 / n_in, "xavier": 2 / (n_in + n_out)}
    if init not in variances:
        raise ValueError(
            f"init: received {init!r}, expected one of {', '.join(map(repr, variances))}. "
            "For other weights set them: layer.W.data = ..."
        )
    return Tensor(np.random.default_rng(rng).normal(0.0, np.sqrt(variances[init]), shape))


def uniform(shape: tuple[int, ...], bound: float, rng: np.random.Generator) -> Tensor:
    """Evenly between −bound and bound."""
    return Tensor(rng.uniform(-bound, bound, shape))
