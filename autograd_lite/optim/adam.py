"""Adam: a step for each number, by the running mean and mean square of its gradient."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..tensor import Tensor
from .optimizer import Optimizer, below_one, not_negative


class Adam(Optimizer):
    """w ← w − lr·m̂/(√v̂ + eps), from the gradient g:

    m ← β₁·m + (1 − β₁)·g,  v ← β₂·v + (1 − β₂)·g²,  both from 0, and after k steps
    m̂ = m/(1 − β₁ᵏ),  v̂ = v/(1 − β₂ᵏ). With weight_decay, g = gradient + weight_decay·w.

    The steps k are counted for each parameter, as in PyTorch.
    Source: D. P. Kingma and J. Ba, Adam, 2015, arXiv:1412.6980.

    >>> from autograd_lite import Tensor
    >>> w = Tensor([3.0, -500.0], name="w")
    >>> adam = Adam([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> adam.step()  # the first step is lr for every number, whatever its gradient
    >>> w.data
    array([   2.9, -499.9])
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        if not isinstance(betas, tuple | list) or len(betas) != 2:
            raise TypeError(f"Adam: betas received {betas!r}, expected two numbers, (0.9, 0.999).")
        self.betas = (
            below_one(betas[0], "betas[0]", "Adam"),
            below_one(betas[1], "betas[1]", "Adam"),
        )
        self.eps = not_negative(eps, "eps", "Adam")
        if not self.eps:  # a zero gradient would be 0/0
            raise ValueError(
                f"Adam: eps received {eps!r}, expected a number above 0, such as 1e-8."
            )

    def update(
        self, value: Any, gradient: Any, memory: tuple[Any, ...]
    ) -> tuple[np.ndarray, tuple[Any, ...]]:
        (beta1, beta2), (m, v, k) = self.betas, memory or (0.0, 0.0, 0)
        new = np.empty_like(value)  # room for what comes between, and at last the value
        k += 1
        m = beta1 * m + np.multiply(gradient, 1 - beta1, out=new)
        # Scaled before it is squared: in float32 the square of a large number is inf.
        np.multiply(gradient, 1 - beta2, out=new)
        v = beta2 * v + np.multiply(new, gradient, out=new)
        np.sqrt(v, out=new)
        np.divide(new, (1 - beta2**k) ** 0.5, out=new)
        np.add(new, self.eps, out=new)
        np.divide(m, new, out=new)
        np.multiply(new, -self.lr / (1 - beta1**k), out=new)
        return np.add(new, value, out=new), (m, v, k)
