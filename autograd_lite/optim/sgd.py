"""Stochastic gradient descent, with momentum if you like."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..tensor import Tensor
from .optimizer import Optimizer, below_one

add = np.add  # found sooner


class SGD(Optimizer):
    """w ← w − lr·v, where v ← momentum·v + g and g = gradient + weight_decay·w.

    v begins as the first g. Without momentum v is g. These are PyTorch's formulas.

    Args:
        parameters: variables, as `model.parameters()` gives them.
        lr: the learning rate, 0 or more.
        momentum: at least 0 and below 1; 0.9 is usual.
        weight_decay: 0 or more.

    >>> from autograd_lite import Tensor
    >>> w = Tensor(3.0, name="w")
    >>> sgd = SGD([w], lr=0.1)
    >>> (w * w).backward()  # the gradient is 2w = 6
    >>> sgd.step()
    >>> print(f"{w.item():.1f}")
    2.4
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.momentum = below_one(momentum, "momentum", "SGD")

    def update(
        self, value: Any, gradient: Any, memory: tuple[Any, ...]
    ) -> tuple[np.ndarray, tuple[Any, ...]]:
        velocity = gradient
        if self.momentum:
            # A copy: the gradient may be added to before the next step.
            velocity = self.momentum * memory[0] + gradient if memory else np.array(gradient)
        new = velocity * -self._lr
        # Written over the product: a second array as large would cost more than the sum.
        new = add(new, value, new) if new.size > 1 else new + value
        return new, (velocity,) if self.momentum else ()
