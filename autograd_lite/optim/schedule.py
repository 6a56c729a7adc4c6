"""Learning rates that change while training goes on: call `step()` once an epoch."""

from math import cos, pi

from ..counts import count
from .optimizer import Optimizer, not_negative


class StepLR:
    """Multiply the learning rate by `gamma` after every `step_size` calls of `step`.

    >>> from autograd_lite import Tensor
    >>> from autograd_lite.optim import SGD
    >>> sgd = SGD([Tensor(1.0)], lr=0.8)
    >>> schedule = StepLR(sgd, step_size=2, gamma=0.5)
    >>> for epoch in range(4):
    ...     schedule.step()
    ...     print(sgd.lr)
    0.8
    0.4
    0.4
    0.2
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        self.optimizer = optimizer
        self.step_size = count(step_size, "StepLR: step_size")
        self.gamma = not_negative(gamma, "gamma", "StepLR")
        self.steps_done = 0

    def step(self) -> None:
        self.steps_done += 1
        if self.steps_done % self.step_size == 0:
            self.optimizer.lr *= self.gamma


class CosineLR:
    """Half a cosine from the learning rate at the start to `minimum`, in `steps` calls.

    After k calls lr = minimum + (start − minimum)·(1 + cos(π·k/steps))/2; it then stays.

    >>> from autograd_lite import Tensor
    >>> from autograd_lite.optim import SGD
    >>> sgd = SGD([Tensor(1.0)], lr=0.8)
    >>> schedule = CosineLR(sgd, steps=4)
    >>> for epoch in range(4):
    ...     schedule.step()
    ...     print(f"{sgd.lr:.4f}")
    0.6828
    0.4000
    0.1172
    0.0000
    """

    def __init__(self, optimizer: Optimizer, steps: int, minimum: float = 0.0) -> None:
        self.optimizer = optimizer
        self.steps = count(steps, "CosineLR: steps")
        self.minimum = not_negative(minimum, "minimum", "CosineLR")
        self.start = optimizer.lr
        self.steps_done = 0

    def step(self) -> None:
        self.steps_done = min(self.steps_done + 1, self.steps)
        share = (1 + cos(pi * self.steps_done / self.steps)) / 2
        self.optimizer.lr = self.minimum + (self.start - self.minimum) * share
