"""What every optimiser shares: which parameters it has, and a step that is all or nothing."""

from collections.abc import Iterable
from math import isfinite
from typing import Any

import numpy as np

from ..tensor import Tensor
from .gradients import (
    all_finite,
    call_of,
    finite_gradients,
    gradient_of,
    own_parameters,
    refuse_all_frozen,
)
from .memory import keep_freed_memory

ndarray = np.ndarray  # found sooner


class Optimizer:
    """The parent of SGD and Adam; a subclass writes `update`.

    Args:
        parameters: variables, as `model.parameters()` gives them. Those that are frozen
            (`requires_grad = False`) stay where they are.
        lr: the learning rate, 0 or more. `optimizer.lr = ...` changes it at any time.
        weight_decay: this much of a parameter is added to its gradient.

    Raises:
        TypeError, ValueError: no parameters, one that is no variable or is there twice, or a
            number outside its range.
    """

    _foreign = True  # whether update is somebody else's

    def __init_subclass__(cls) -> None:
        if "update" in vars(cls):
            cls._foreign = not cls.__module__.startswith(f"{__package__}.")

    def __init__(self, parameters: Iterable[Tensor], lr: float, weight_decay: float = 0.0) -> None:
        keep_freed_memory()
        self._owner = type(self).__name__
        self._step = f"{self._owner}.step"
        self.parameters = own_parameters(parameters, self._owner)
        refuse_all_frozen(self.parameters, self._owner)
        self.lr = lr
        self.weight_decay = not_negative(weight_decay, "weight_decay", self._owner)
        self._shapes = [parameter.shape for parameter in self.parameters]
        self._memory: list[tuple[Any, ...]] = [()] * len(self.parameters)

    @property
    def lr(self) -> float:
        return self._lr

    @lr.setter
    def lr(self, value: float) -> None:
        self._lr = not_negative(value, "lr", self._owner)

    def zero_grad(self) -> None:
        """Forget every gradient, since `backward` adds to what is there."""
        for parameter in self.parameters:
            parameter._grad = None

    def step(self) -> None:
        """Move every parameter that has a gradient. Gradients stay as they are.

        Everything is computed and checked before the first parameter changes.

        Raises:
            FloatingPointError: a gradient has a nan or an inf, or a parameter or what is
                remembered of it would get one.
            ValueError: a gradient has another shape than its parameter, or the parameter
                another one than when the optimiser was made.
        """
        for place, parameter, new, memory in self._moves():
            # A new array, never the old one changed: graphs recorded before must notice.
            new.setflags(False)  # type: ignore[call-arg]  # by position: half the time
            parameter._data = new if new.ndim else new[()]  # of the shape that it had
            self._memory[place] = memory

    @np.errstate(all="ignore")  # what overflows is told by name
    def _moves(self) -> list[tuple[int, Tensor, np.ndarray, tuple[Any, ...]]]:
        """Where each parameter goes, and what to remember of it."""
        parameters, shapes, memories = self.parameters, self._shapes, self._memory
        moves = []
        for place, parameter in enumerate(parameters):
            value, gradient, shape = parameter._data, parameter._grad, shapes[place]
            if (
                type(gradient) is not ndarray
                or gradient.shape != shape
                or value.shape != shape
                or gradient.dtype is not value.dtype
                or not parameter.requires_grad
            ):  # the usual needs no more words
                gradient = gradient_of(parameters, place, self._step)
                if gradient is None:
                    continue
                if value.shape != shape:
                    finite_gradients(parameters, self._step)
                    raise ValueError(self._other_shape(place))
                gradient = gradient.astype(value.dtype)  # a parameter keeps its precision
            if self._foreign and not all_finite(gradient):
                finite_gradients(parameters, self._step)
            if self.weight_decay:
                gradient = self.decayed(gradient, value)
            new, memory = self.update(value, gradient, memories[place])
            # In our own rules a nan or an inf of the gradient is in the new value too.
            flat = new.ravel("K")
            if not isfinite(flat.dot(flat)):
                finite_gradients(parameters, self._step)
                if not all_finite(new):
                    raise FloatingPointError(self._too_far(place))
            if memory and not all(map(all_finite, memory)):  # it would never be forgotten
                raise FloatingPointError(self._too_large(place))
            moves.append((place, parameter, new, memory))
        return moves

    def decayed(self, gradient: Any, value: Any) -> Any:
        """The gradient with weight_decay · value added to it."""
        return gradient + self.weight_decay * value if self.weight_decay else gradient

    def update(
        self, value: Any, gradient: Any, memory: tuple[Any, ...]
    ) -> tuple[np.ndarray, tuple[Any, ...]]:
        """The new value of one parameter, and what to remember of it for the next step.

        All are new arrays; nothing that came in is changed. `memory` is empty at first.
        """
        raise NotImplementedError(f"{self._owner}.update is not written.")

    def _too_far(self, place: int) -> str:
        return (
            f"{self._owner}.step: {call_of(self.parameters, place)} would become infinite with "
            f"lr = {self.lr:g}. Nothing was changed. Write a smaller lr."
        )

    def _too_large(self, place: int) -> str:
        return (
            f"{self._owner}.step: the gradient of {call_of(self.parameters, place)} is too large "
            "to be remembered: its mean or mean square would become infinite. Nothing was "
            "changed. Call optim.clip_grad_norm(parameters, 1.0) before each step."
        )

    def _other_shape(self, place: int) -> str:
        return (
            f"{self._owner}.step: {call_of(self.parameters, place)} had shape "
            f"{self._shapes[place]} when the optimiser was made. Nothing was changed. Make a new "
            f"{self._owner}."
        )

    def __repr__(self) -> str:
        return f"{self._owner}({len(self.parameters)} parameters, lr={self.lr:g})"


def not_negative(value: float, name: str, owner: str) -> float:
    """A number that is 0 or more, or a message."""
    number = as_number(value, name, owner)
    if not 0.0 <= number < np.inf:
        raise ValueError(f"{owner}: {name} received {value!r}, expected a number, 0 or more.")
    return number


def below_one(value: float, name: str, owner: str) -> float:
    """A share in [0, 1), or a message: at 1 nothing would ever be forgotten."""
    number = as_number(value, name, owner)
    if not 0.0 <= number < 1.0:
        raise ValueError(
            f"{owner}: {name} received {value!r}, expected at least 0 and below 1, such as 0.9."
        )
    return number


def as_number(value: Any, name: str, owner: str) -> float:
    """A Python number, which leaves float32 parameters float32."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{owner}: {name} received {value!r}, expected a number.") from None
