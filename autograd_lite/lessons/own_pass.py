"""Exercises whose answer is a pass of a compiler: a function of lines that returns lines."""

import contextlib
import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .exercise import Exercise, Mistake, State, Unreadable, Verdict, is_blank

Line = tuple[str, str, str, str]  # name, sign, left, right: "a = x + y"
Lines = list[Line]


@dataclass(frozen=True)
class Trial:
    """Lines, and the names of what is wanted of them."""

    lines: tuple[Line, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OwnPass(Exercise):
    """Write a pass. `answer` and what each mistake gives are such functions too."""

    name: str
    trials: tuple[Trial, ...]
    answer: Callable[[Lines, Sequence[str]], Lines]
    because: str
    mistakes: tuple[Mistake, ...]

    def compare(self, answer: Any) -> Verdict:
        if not callable(answer):
            call = f'lessons.check("{self.key}", {self.name})'
            raise Unreadable(f"Hand in the function itself, without calling it: {call}.")
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            returned = [self._run(answer, trial) for trial in self.trials]
        if all(one is None or one is ... for one in returned):
            return Verdict(State.NOT_TRIED)
        print(printed.getvalue(), end="")
        received = [self._read(*pair) for pair in zip(returned, self.trials, strict=True)]
        right = self.outcome(self.answer)
        if received == right:
            return Verdict(State.RIGHT, self.because)
        for mistake in self.mistakes:
            if received == self.outcome(mistake.gives):
                return Verdict(State.NOT_YET, mistake.message)
        triples = zip(self.trials, received, right, strict=True)
        first = next(triple for triple in triples if triple[1] != triple[2])
        return Verdict(State.NOT_YET, _difference(*first))

    def outcome(self, function: Callable[[Lines, Sequence[str]], Lines]) -> list[Lines]:
        """What is left of each trial."""
        return [list(function(list(trial.lines), list(trial.results))) for trial in self.trials]

    def _run(self, function: Any, trial: Trial) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                returned = function(list(trial.lines), list(trial.results))
                return returned if is_blank(returned) else list(returned)
        except NotImplementedError:
            return None
        except Exception as problem:
            reason = f"{type(problem).__name__}: {problem}".rstrip(".")
            raise Unreadable(f"{self.name} stopped with {reason}.") from None

    def _read(self, returned: Any, trial: Trial) -> list[Any]:
        if not isinstance(returned, list):
            raise Unreadable(f"{self.name} returned {returned!r}. End with `return` and the lines.")
        names = [line[0] for line in trial.lines]
        for line in returned:
            if line in names:
                raise Unreadable(
                    f"{self.name} returned the name {line!r}. Return the whole lines, each as it "
                    f"came in, such as {trial.lines[0]!r}."
                )
        return [tuple(line) if isinstance(line, list) else line for line in returned]


def written(line: Any) -> str:
    """A line as Python would have it.

    >>> written(("a", "+", "x", "y"))
    'a = x + y'
    """
    if not (isinstance(line, tuple) and len(line) == 4):
        return repr(line)
    name, sign, left, right = line
    return f"{name} = {left} {sign} {right}"


def _difference(trial: Trial, received: list[Any], wanted: Lines) -> str:
    asked = f"Of `{'; '.join(map(written, trial.lines))}`, when {' and '.join(trial.results)} "
    asked += "is wanted" if len(trial.results) == 1 else "are wanted"
    missing = [line for line in wanted if line not in received]
    extra = [line for line in received if line not in wanted]
    if missing:
        return f"{asked}, the line `{written(missing[0])}` is needed, and it is gone."
    if extra:
        return f"{asked}, nobody needs the line `{written(extra[0])}`."
    return f"{asked}, the right lines are there, but not once each in the order they came in."
