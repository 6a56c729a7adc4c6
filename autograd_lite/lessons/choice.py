"""Exercises with letters: a question, its options, and why each is right or not."""

import reprlib
import string
from dataclasses import dataclass
from typing import Any, ClassVar

from .exercise import Exercise, State, Unreadable, Verdict


@dataclass(frozen=True)
class Option:
    """One option: what it says, and what the learner reads after choosing it."""

    text: str
    because: str


@dataclass(frozen=True, kw_only=True)
class Choice(Exercise):
    """A question with lettered options, of which one is right."""

    prompt: str
    options: tuple[Option, ...]
    right: str

    after_hints: ClassVar[str] = "Try a letter: each answer is explained."

    @property
    def letters(self) -> str:
        return string.ascii_lowercase[: len(self.options)]

    @property
    def question(self) -> str:
        pairs = zip(self.letters, self.options, strict=True)
        lines = [f"{letter}) {option.text}" for letter, option in pairs]
        example = f'Answer with a letter, for example: lessons.check("{self.key}", "a")'
        return "\n".join([self.prompt, *lines, example])

    def compare(self, answer: Any) -> Verdict:
        letter = answer.strip(" ().").lower() if isinstance(answer, str) else ""
        if len(letter) != 1 or letter not in self.letters:
            received = reprlib.repr(answer)
            quotes = "" if isinstance(answer, str) else ' Write it in quotes, for example "a".'
            raise Unreadable(
                f"{received} is none of the letters {', '.join(self.letters)}.{quotes}"
            )
        option = self.options[self.letters.index(letter)]
        state = State.RIGHT if letter == self.right else State.NOT_YET
        return Verdict(state, option.because)
