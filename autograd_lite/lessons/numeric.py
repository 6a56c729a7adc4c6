"""Exercises whose answer is one number, or several numbers with names."""

import math
import reprlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .exercise import Exercise, Mistake, State, Unreadable, Verdict

# Wide enough for an answer rounded to four digits, often to three.
TOLERANCE = 2e-3
NEARLY = 2e-2
COUNT = 0.0  # the tolerance of a whole number: it is never rounded

NOT_KNOWN = "That is not it. lessons.hint({key!r}) gives a hint."
TOO_COARSE = "Close. If you rounded, write at least four digits."
NO_COUNT = "Close. But this is a whole number: write every digit of it."


def close(received: float, expected: float, tolerance: float = TOLERANCE) -> bool:
    """Equal up to rounding.

    >>> close(2.584, 2.58385), close(2.6, 2.58385), close(0.0, 0.0)
    (True, False, True)
    """
    return math.isclose(received, expected, rel_tol=tolerance, abs_tol=1e-9)


def read_number(value: Any, name: str) -> float:
    """Read one finite number: a Python number, a NumPy scalar, a tensor with one entry.

    Raises `Unreadable`, which names the input and says what to write.
    """
    if isinstance(value, str | bytes):
        raise Unreadable(f"{name} is the text {reprlib.repr(value)}. Write a number, no quotes.")
    if isinstance(value, bool | np.bool_):
        raise Unreadable(f"{name} is {value}. Write a number, for example 2.5.")
    try:
        # item() is how arrays and tensors hand out their one entry.
        number = float(value.item() if hasattr(value, "item") else value)
    except Exception:
        kind = type(value).__name__
        message = f"{name} is of type {kind}, not one number. Write a number, for example 2.5."
        raise Unreadable(message) from None
    if not math.isfinite(number):
        raise Unreadable(f"{name} is {number}. Write a finite number; check what was divided.")
    return number


def read_numbers(value: Any, names: Sequence[str]) -> dict[str, float]:
    """Read named numbers from a dict, or from a list, tuple or array in the order of `names`.

    Raises `Unreadable`.

    >>> read_numbers((1, 2), ["x", "y"])
    {'x': 1.0, 'y': 2.0}
    """
    wanted = "{" + ", ".join(f'"{name}": …' for name in names) + "}"
    if isinstance(value, Mapping):
        # {x1: …} without the quotes: the keys are then tensors, which bear the names.
        value = {getattr(name, "name", name): entry for name, entry in value.items()}
        missing = [name for name in names if name not in value]
        extra = [reprlib.repr(name) for name in value if name not in names]
        if missing:
            raise Unreadable(f"{missing[0]} is missing. Write {wanted}.")
        if extra:
            raise Unreadable(f"{extra[0]} is not asked for. Write {wanted}.")
        return {name: read_number(value[name], name) for name in names}
    if not isinstance(value, list | tuple | np.ndarray) or np.ndim(value) == 0:
        kind = type(value).__name__
        raise Unreadable(f"{len(names)} numbers are expected, not a {kind}. Write {wanted}.")
    if len(value) != len(names):
        raise Unreadable(f"{len(names)} numbers are expected, not {len(value)}. Write {wanted}.")
    return {name: read_number(entry, name) for name, entry in zip(names, value, strict=True)}


@dataclass(frozen=True, kw_only=True)
class Number(Exercise):
    """One number. `answer` and each mistake compute theirs; nobody types them."""

    answer: Callable[[], float]
    because: str
    mistakes: tuple[Mistake, ...]
    tolerance: float = TOLERANCE

    def compare(self, answer: Any) -> Verdict:
        number, right = read_number(answer, "The answer"), self.answer()
        if close(number, right, self.tolerance):
            return Verdict(State.RIGHT, self.because)
        for mistake in self.mistakes:
            if close(number, mistake.gives(), self.tolerance):
                return Verdict(State.NOT_YET, mistake.message)
        return Verdict(State.NOT_YET, unknown(self, close(number, right, NEARLY)))


@dataclass(frozen=True, kw_only=True)
class Numbers(Exercise):
    """Several numbers with names. Each mistake gives one for every name."""

    answer: Callable[[], dict[str, float]]
    because: str
    mistakes: tuple[Mistake, ...]
    tolerance: float = TOLERANCE

    def compare(self, answer: Any) -> Verdict:
        right = self.answer()
        numbers = read_numbers(answer, list(right))
        wrong = [name for name in right if not self._agree(numbers, right, [name])]
        if not wrong:
            return Verdict(State.RIGHT, self.because)
        good = [name for name in right if name not in wrong]
        return Verdict(State.NOT_YET, f"{_standing(good, wrong)}{self._diagnose(numbers, wrong)}")

    def _diagnose(self, numbers: dict[str, float], wrong: list[str]) -> str:
        # The misconception that explains all the numbers goes before one that explains a part.
        for mistake in self.mistakes:
            if self._agree(numbers, mistake.gives(), list(numbers)):
                return mistake.message
        for name in wrong:
            for mistake in self.mistakes:
                if self._agree(numbers, mistake.gives(), [name]):
                    return mistake.message if len(wrong) == 1 else f"{name}: {mistake.message}"
        right = self.answer()
        return unknown(self, all(close(numbers[name], right[name], NEARLY) for name in wrong))

    def _agree(self, numbers: dict[str, float], other: dict[str, float], names: list[str]) -> bool:
        return all(close(numbers[name], other[name], self.tolerance) for name in names)


def unknown(exercise: Number | Numbers, near: bool) -> str:
    """What is said of a number that no known mistake gives."""
    if not near:
        return NOT_KNOWN.format(key=exercise.key)
    return NO_COUNT if exercise.tolerance == COUNT else TOO_COARSE


def _standing(good: list[str], wrong: list[str]) -> str:
    """Say which part is right already, if there is one."""
    if not good:
        return ""
    return f"Right: {', '.join(good)}. Not yet: {', '.join(wrong)}. "
