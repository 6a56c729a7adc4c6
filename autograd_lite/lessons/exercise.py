"""What every exercise is: a key, three hints, and a judge that raises nothing."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar


class State(StrEnum):
    """How an answer stands, in the words that the learner reads."""

    RIGHT = "right"
    NOT_YET = "not yet"
    NOT_TRIED = "not tried yet"


@dataclass(frozen=True)
class Verdict:
    """The state of one answer, a sentence about it, and a picture in signs of what is wrong."""

    state: State
    message: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Mistake:
    """A known misconception: `gives` computes its wrong answer, `message` names it."""

    gives: Callable[..., Any]
    message: str


class Unreadable(Exception):
    """The answer is of the wrong kind. The message says what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Exercise(ABC):
    """One question. A kind of exercise says how its answers are judged."""

    key: str
    hints: tuple[str, str, str]

    after_hints: ClassVar[str] = 'Open the folded "Solution" below the exercise.'

    @property
    def question(self) -> str:
        """The question, when the notebook does not hold it already."""
        return ""

    @abstractmethod
    def compare(self, answer: Any) -> Verdict:
        """Judge an answer that is not blank. May raise `Unreadable`."""

    def judge(self, answer: object) -> Verdict:
        """Judge any object at all, without raising."""
        try:
            if is_blank(answer):
                return Verdict(State.NOT_TRIED)
            return self.compare(answer)
        except Unreadable as problem:
            return Verdict(State.NOT_YET, str(problem))
        # Whatever the learner made, Run All must reach the end of the notebook.
        except Exception:
            kind = type(answer).__name__
            return Verdict(State.NOT_YET, f"The answer, of type {kind}, cannot be read.")


def is_blank(answer: object) -> bool:
    """True for None, ..., empty text, and a collection that still holds one of these.

    >>> is_blank(None), is_blank({"x1": 2.0, "x2": ...}), is_blank((1, 2))
    (True, True, False)
    """
    if isinstance(answer, Mapping):
        answer = list(answer.values())
    if isinstance(answer, list | tuple):
        return any(map(_is_blank_value, answer))
    return _is_blank_value(answer)


def _is_blank_value(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or value is Ellipsis
