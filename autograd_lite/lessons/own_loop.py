"""Exercises whose answer is a training loop: it trains a small layer, and its weights tell all."""

import contextlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from .. import nn, optim
from ..operation import Operation
from .exercise import Exercise, Mistake, State, Unreadable, Verdict, is_blank

Loop = Callable[[Any, Any, Any, Any], Any]


class Outcome(NamedTuple):
    """What a loop left behind."""

    weights: Any  # at the beginning of each batch and at the end
    gradients: Any  # at the end; nan where there is none
    forwards: int
    backwards: int
    steps: int
    returned: Any


class Linear(nn.Linear):
    """A layer that counts how often it is called."""

    calls = 0

    def forward(self, x: Any) -> Any:
        self.calls += 1
        return super().forward(x)


class Loss(nn.MSELoss):
    """A loss that counts how often it is gone back through."""

    def __init__(self) -> None:
        self.backwards: list[int] = []

    def forward(self, prediction: Any, target: Any) -> Any:
        backwards = self.backwards

        class Passed(Operation):
            def forward(self, loss: Any) -> Any:
                return loss * 1.0

            def backward(self, dz: Any) -> Any:
                backwards.append(1)
                return dz

        return Passed()(super().forward(prediction, target))


class SGD(optim.SGD):
    """Gradient descent that counts its steps."""

    steps = 0

    def step(self) -> None:
        self.steps += 1
        super().step()


@dataclass(frozen=True, kw_only=True)
class OwnLoop(Exercise):
    """Write `train(model, loss, optimizer, batches)`. Each mistake is such a loop too."""

    answer: Loop
    because: str
    mistakes: tuple[Mistake, ...]

    def compare(self, answer: Any) -> Verdict:
        if not callable(answer) or isinstance(answer, type):
            call = f'lessons.check("{self.key}", train)'
            raise Unreadable(f"Hand in the function itself, without calling it: {call}.")
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            received = self._try(answer)
        if not received.forwards and not received.steps:
            if is_blank(received.returned):
                return Verdict(State.NOT_TRIED)
            raise Unreadable("train returns something, but it never calls the model or step.")
        print(printed.getvalue(), end="")
        if self.same(received, self.outcome(self.answer)):
            return Verdict(State.RIGHT, self.because)
        for mistake in self.mistakes:
            if self.same(received, self.outcome(mistake.gives)):
                return Verdict(State.NOT_YET, mistake.message)
        return Verdict(State.NOT_YET, self._describe(received))

    def outcome(self, loop: Loop) -> Outcome:
        """Let a loop train one layer on three batches, the same each time."""
        model = Linear(2, 1, rng=0)
        optimizer, loss = SGD(model.parameters(), lr=0.1), Loss()
        seen = []

        def batches() -> Iterator[tuple[Any, Any]]:
            rng = np.random.default_rng(0)
            for _ in range(3):
                seen.append(numbers(model.state_dict().values()))
                yield rng.normal(size=(4, 2)), rng.normal(size=(4, 1))

        returned = loop(model, loss, optimizer, batches())
        seen.append(numbers(model.state_dict().values()))
        gradients = numbers(
            np.full(p.shape, np.nan) if p.grad is None else p.grad for p in model.parameters()
        )
        counts = model.calls, len(loss.backwards), optimizer.steps
        return Outcome(np.array(seen), gradients, *counts, returned)

    def same(self, one: Outcome, other: Outcome) -> bool:
        """Would a check take one for the other? When the weights move, gradients do not count."""
        if one.weights.shape != other.weights.shape or not np.allclose(one.weights, other.weights):
            return False
        if (one.steps, one.backwards) != (other.steps, other.backwards):
            return False
        moved = bool(np.ptp(one.weights, axis=0).any())
        return moved or np.allclose(one.gradients, other.gradients, equal_nan=True)

    def _try(self, loop: Loop) -> Outcome:
        try:
            return self.outcome(loop)
        except NotImplementedError:
            return Outcome(np.zeros((0, 0)), np.zeros(0), 0, 0, 0, None)
        except Exception as problem:
            reason = f"{type(problem).__name__}: {problem}".rstrip(".")
            raise Unreadable(f"train stopped with {reason}.") from None

    def _describe(self, received: Outcome) -> str:
        return (
            "The weights are not what they should be. Your loop got 3 batches. Calls of the model: "
            f"{received.forwards}; of backward: {received.backwards}; of step: {received.steps}. "
            f"lessons.hint({self.key!r}) gives a "
            "hint."
        )


def numbers(arrays: Any) -> Any:
    """All numbers of several arrays in a row."""
    return np.concatenate([np.ravel(array) for array in arrays])
