"""Exercises whose answer is a function, tried at random points with a fixed seed."""

import contextlib
import io
import reprlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .exercise import Exercise, Mistake, State, Unreadable, Verdict, is_blank
from .numeric import close, read_numbers

Point = tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Function(Exercise):
    """Write a function. `answer` and each mistake are functions of the same arguments."""

    name: str
    arguments: tuple[str, ...]
    results: tuple[str, ...]
    answer: Callable[..., tuple[float, ...]]
    because: str
    mistakes: tuple[Mistake, ...]
    seed: int = 0
    tries: int = 8

    def points(self) -> list[Point]:
        """Where the function is tried: the same points each time, two decimals."""
        rng = np.random.default_rng(self.seed)
        rows = rng.uniform(-3, 3, (self.tries, len(self.arguments))).round(2)
        return [tuple(row) for row in rows.tolist()]

    def compare(self, answer: Any) -> Verdict:
        if not callable(answer):
            call = f'lessons.check("{self.key}", {self.name})'
            raise Unreadable(f"Hand in the function itself, without calling it: {call}.")
        points = self.points()
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            returned = [self._call(answer, point) for point in points]
        if all(map(is_blank, returned)):
            if printed.getvalue():
                wanted = f"return {', '.join(self.results)}"
                raise Unreadable(f"{self.name} prints, and returns nothing. End with `{wanted}`.")
            return Verdict(State.NOT_TRIED)
        print(printed.getvalue(), end="")
        received = [self._read(value, point) for value, point in zip(returned, points, strict=True)]
        wrong = self._first_difference(received, self.answer)
        if wrong is None:
            return Verdict(State.RIGHT, self.because)
        for mistake in self.mistakes:
            if self._first_difference(received, mistake.gives) is None:
                return Verdict(State.NOT_YET, mistake.message)
        return Verdict(State.NOT_YET, self._describe(points[wrong], received[wrong]))

    def _call(self, function: Callable[..., Any], point: Point) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return function(*point)
        except NotImplementedError:
            return None
        except Exception as problem:
            reason = f"{type(problem).__name__}: {problem}"
            raise Unreadable(f"{self._written(point)} stopped with {reason}.") from None

    def _read(self, value: Any, point: Point) -> Point:
        wanted = f"return {', '.join(self.results)}"
        if is_blank(value):
            raise Unreadable(f"{self._written(point)} gave {value!r}. End with `{wanted}`.")
        try:
            return tuple(read_numbers(value, self.results).values())
        except Unreadable:
            gave = reprlib.repr(value)
            problem = f"{self._written(point)} gave {gave}. End with `{wanted}`."
            raise Unreadable(problem) from None

    def _first_difference(self, received: list[Point], rule: Callable[..., Point]) -> int | None:
        for index, (point, numbers) in enumerate(zip(self.points(), received, strict=True)):
            if not all(map(close, numbers, rule(*point))):
                return index
        return None

    def _describe(self, point: Point, numbers: Point) -> str:
        expected = self._values(self.answer(*point))
        return f"{self._written(point)} gave {self._values(numbers)}; expected {expected}."

    def _values(self, numbers: Point) -> str:
        pairs = zip(self.results, numbers, strict=True)
        return ", ".join(f"{name} = {number:.4g}" for name, number in pairs)

    def _written(self, point: Point) -> str:
        pairs = zip(self.arguments, point, strict=True)
        return f"{self.name}({', '.join(f'{name}={number:g}' for name, number in pairs)})"
