"""Exercises that ask for something with a property: many answers are right, so each is tried."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .exercise import Exercise, State, Verdict


@dataclass(frozen=True)
class Shortfall:
    """One way to miss the property: `missed` tells it, `gives` is an answer that misses it so."""

    missed: Callable[[Any], bool]
    gives: Callable[[], Any]
    message: str


@dataclass(frozen=True, kw_only=True)
class Found(Exercise):
    """Find something that has a property. `answer` gives one that has it.

    `read` turns an answer into what the shortfalls look at, and may raise `Unreadable`. The first
    shortfall that applies is named; when none does, the answer is right.
    """

    read: Callable[[Any], Any]
    answer: Callable[[], Any]
    because: str
    mistakes: tuple[Shortfall, ...]

    def compare(self, answer: Any) -> Verdict:
        subject = self.read(answer)
        for shortfall in self.mistakes:
            if shortfall.missed(subject):
                return Verdict(State.NOT_YET, shortfall.message)
        return Verdict(State.RIGHT, self.because)
