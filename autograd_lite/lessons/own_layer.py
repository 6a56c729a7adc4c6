"""Exercises whose answer is a layer, a Module with parameters, tried on random rows."""

import contextlib
import io
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..nn import Module
from ..tensor import Tensor
from .exercise import Exercise, Mistake, State, Unreadable, Verdict, is_blank
from .own_operation import agree

WIDTH = 3
NO_PARAMETERS = (
    "No parameter is found. Layers and tensors with weights are made once, in __init__, and kept "
    "as attributes: what forward makes anew at each call never learns."
)


@dataclass(frozen=True, kw_only=True)
class OwnLayer(Exercise):
    """Write a layer of `WIDTH` inputs. `answer` and what each mistake gives are such classes too.

    All are given the same parameters, so that the same rule gives the same numbers.
    """

    name: str
    answer: type[Module]
    because: str
    mistakes: tuple[Mistake, ...]

    def compare(self, answer: Any) -> Verdict:
        if not (isinstance(answer, type) and issubclass(answer, Module)):
            call = f'lessons.check("{self.key}", {self.name})'
            raise Unreadable(
                f"Hand in the class itself, {call}. It begins with "
                f"`class {self.name}(ag.nn.Module):`."
            )
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            received = self.outcome(answer)
        print(printed.getvalue(), end="")
        if received is None:
            return Verdict(State.NOT_TRIED)
        if agree(received, self.outcome(self.answer)):
            return Verdict(State.RIGHT, self.because)
        for mistake in self.mistakes:
            if self.same(received, self.outcome(mistake.gives)):
                return Verdict(State.NOT_YET, mistake.message)
        if received[0] == 0:
            return Verdict(State.NOT_YET, NO_PARAMETERS)
        wanted = int(self.outcome(self.answer)[0])
        if received[0] != wanted:
            return Verdict(
                State.NOT_YET,
                f"Found are {int(received[0])} tensors with weights, expected {wanted}: "
                f"W and b. {self._ask}",
            )
        return Verdict(State.NOT_YET, f"The layer runs, and computes something else. {self._ask}")

    @property
    def _ask(self) -> str:
        return f'lessons.hint("{self.key}") gives a hint.'

    def outcome(self, kind: Any) -> Any:
        """What a layer computes and every gradient, in one row; `None` for a stub."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                layer = kind(WIDTH)
                rng = np.random.default_rng(0)
                # By their shapes: names and order are the learner's own.
                found = sorted(layer.parameters(), key=lambda tensor: (-tensor.ndim, tensor.shape))
                for parameter in found:
                    parameter.data = rng.normal(size=parameter.shape)
                x = Tensor(rng.normal(size=(4, WIDTH)), name="x")
                y = layer(x)
            except NotImplementedError:
                return None
            except Exception as problem:
                reason = f"{type(problem).__name__}: {problem}".rstrip(".")
                raise Unreadable(f"{self.name} stopped with {reason}.") from None
        if is_blank(y):
            return None
        if not isinstance(y, Tensor):
            raise Unreadable(
                f"forward returned {type(y).__name__}, expected the Tensor it computed."
            )
        if y.requires_grad:
            y.backward(np.linspace(-1.0, 1.0, y.size).reshape(y.shape))
        gradients = [leaf.grad for leaf in (x, *found)]
        arrays = [y.data, *(np.zeros(1) if g is None else g for g in gradients)]
        # How many parameters were found is a part of the answer.
        return np.concatenate([[len(found)], *(np.ravel(array) for array in arrays)])

    def same(self, one: Any, other: Any) -> bool:
        """Would a check take one for the other?"""
        return agree(one, other)
