"""Exercises whose answer is an operation, a class with forward and backward, tried on arrays."""

import contextlib
import dis
import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any, NamedTuple

import numpy as np

from ..operation import Operation
from ..tensor import Tensor
from ..views.number import format_short
from .difference import differences, where
from .exercise import Exercise, Mistake, State, Unreadable, Verdict, is_blank


class Outcome(NamedTuple):
    """What one operation makes of the inputs and of the upstream gradient."""

    value: Any
    gradients: list[Any]  # one for each input, if the rule is right


@dataclass(frozen=True, kw_only=True)
class OwnOperation(Exercise):
    """Write an operation. `answer` and what each mistake gives are such classes too.

    `shapes` are those of the inputs, by name. With square ones a rule that forgot a transpose runs,
    so that its numbers can name the mistake. With `forward_given` the stub has its forward already,
    and backward is what is asked for.
    """

    name: str
    shapes: Mapping[str, tuple[int, ...]]
    answer: type[Operation]
    because: str
    mistakes: tuple[Mistake, ...]
    seed: int = 0
    forward_given: bool = False

    def compare(self, answer: Any) -> Verdict:
        operation = self._made(answer)
        right = self.outcome(self.answer)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            value = self._run(operation, "forward", *self._set(operation))
            if is_blank(value):
                return Verdict(State.NOT_TRIED)
            operation.output = self._read(value, "forward", "the value")
            if not agree(operation.output, right.value):
                message = self._named_value(operation.output, right.value)
                picture = picture_of("forward", operation.output, right.value)
                return Verdict(State.NOT_YET, message, picture)
            self._refuse_borrowed(operation)
            returned = self._run(operation, "backward", self._upstream())
        print(printed.getvalue(), end="")
        if self.forward_given and all(map(is_blank, _several(returned))):
            return Verdict(State.NOT_TRIED)
        if is_blank(returned):
            raise Unreadable(self._unfinished(_several(returned)))
        return self._judge(Outcome(operation.output, self._listed(returned)), right)

    def outcome(self, kind: Callable[[], Operation]) -> Outcome:
        """What an operation of the course gives, right or wrong."""
        operation = kind()
        operation.output = operation.forward(*self._set(operation))
        return Outcome(operation.output, self._listed(operation.backward(self._upstream())))

    def same(self, one: Outcome, other: Outcome) -> bool:
        """Would a check take one for the other?"""
        return len(one.gradients) == len(other.gradients) and all(
            map(agree, one.gradients, other.gradients)
        )

    @property
    def names(self) -> list[str]:
        return [f"d{name}" for name in self.shapes]

    @property
    def _wanted(self) -> str:
        return f"`return {', '.join(self.names)}`"

    def _made(self, answer: Any) -> Operation:
        if isinstance(answer, type) and hasattr(answer, "backward"):
            if not issubclass(answer, Operation):
                wanted = f"class {self.name}(ag.Operation):"
                raise Unreadable(
                    f"{answer.__name__} is no operation yet. Begin it with `{wanted}`."
                )
            try:
                return answer()
            except Exception as problem:
                reason = f"{type(problem).__name__}: {problem}"
                raise Unreadable(f"{answer.__name__}() stopped with {reason}.") from None
        call = f'lessons.check("{self.key}", {self.name})'
        raise Unreadable(f"Hand in the class itself: {call}.")

    def _arrays(self) -> tuple[list[Any], Any]:
        """Inputs and upstream gradient: the same each time, two decimals."""
        rng = np.random.default_rng(self.seed)
        inputs = [rng.uniform(-2, 2, shape).round(2) for shape in self.shapes.values()]
        shape = np.shape(self.answer().forward(*inputs))
        upstream = np.asarray(np.round(rng.uniform(-2, 2, shape), 2))
        for array in (*inputs, upstream):
            array.flags.writeable = False
        return inputs, upstream

    def _upstream(self) -> Any:
        return self._arrays()[1]

    def _set(self, operation: Operation) -> list[Any]:
        """Give the operation its inputs, as the engine does before forward."""
        inputs = self._arrays()[0]
        operation.inputs, operation.needs = tuple(inputs), (True,) * len(inputs)
        return inputs

    def _refuse_borrowed(self, operation: Operation) -> None:
        """An input that backward does not define is whatever an earlier cell left there."""
        outside = read_from_outside(operation.backward)
        for name in self.shapes:
            if name in outside:
                kind = outside[name]
                whose = f"; it is the {kind} of an earlier cell" if kind else ""
                begin = f"Begin with {self._unpack}"
                raise Unreadable(f"{name} is not defined in backward{whose}. {begin}.")

    @property
    def _unpack(self) -> str:
        names = ", ".join(self.shapes)
        return f"`{names if len(self.shapes) > 1 else f'({names},)'} = self.inputs`"

    @property
    def _tuple(self) -> str:
        even = ", even for one input" if len(self.shapes) == 1 else ""
        return f"self.inputs is a tuple{even}: write {self._unpack}."

    def _run(self, operation: Operation, method: str, *arguments: Any) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return getattr(operation, method)(*arguments)
        except NotImplementedError:
            return None
        except Exception as problem:
            reason = f"{type(problem).__name__}: {problem}".rstrip(".")
            reads = code_of(getattr(operation, method)).co_names
            packed = "inputs" in reads and ("'tuple'" in reason or "sequence" in reason)
            named = f" {self._tuple}" if packed else _reading(reason)
            raise Unreadable(f"{self.name}.{method} stopped with {reason}.{named}") from None

    def _unfinished(self, returned: Sequence[Any]) -> str:
        empty = [name for name, value in zip(self.names, returned, strict=False) if is_blank(value)]
        if len(empty) < len(returned) == len(self.names):
            return f"Still empty: {', '.join(empty)}."
        return f"forward is right. Now backward: it ends with {self._wanted}."

    def _read(self, value: Any, method: str, what: str) -> Any:
        if isinstance(value, Tensor):
            raise Unreadable(
                f"{self.name}.{method} returned a Tensor. Write it in NumPy: np.exp, not ag.exp."
            )
        try:
            array = np.asarray(value, dtype=float)
        except Exception:
            kind = type(value).__name__
            message = f"{self.name}.{method} returned {what} of type {kind}, not numbers."
            raise Unreadable(message) from None
        return array

    def _listed(self, returned: Any) -> list[Any]:
        return [self._read(gradient, "backward", "a gradient") for gradient in _several(returned)]

    def _judge(self, received: Outcome, right: Outcome) -> Verdict:
        if self.same(received, right):
            return Verdict(State.RIGHT, self.because)
        picture = self._picture(received.gradients, right.gradients)
        for mistake in self.mistakes:
            if self.same(received, self.outcome(mistake.gives)):
                return Verdict(State.NOT_YET, mistake.message, picture)
        message = self._describe(received.gradients, right.gradients)
        return Verdict(State.NOT_YET, message, picture)

    def _picture(self, received: list[Any], right: list[Any]) -> str:
        """Where the gradients differ, as far as they have the shapes of their inputs."""
        if len(received) != len(right):
            return ""
        triples = zip(self.names, received, right, strict=True)
        return "\n".join(filter(None, (picture_of(*triple) for triple in triples)))

    def _describe(self, received: list[Any], right: list[Any]) -> str:
        if len(received) != len(right):
            return (
                f"backward returned {_count(len(received), 'gradient')}, expected "
                f"{len(right)}, one for each input: {self._wanted}."
            )
        # The last input first: in a network it is the one that the way back reaches first.
        for name, got, expected in reversed(list(zip(self.names, received, right, strict=True))):
            if len(right) == 1 and got.shape == (1, *expected.shape):  # as of np.exp(self.inputs)
                return f"{name} has shape {got.shape}, expected {expected.shape}. {self._tuple}"
            if got.shape != expected.shape:
                return (
                    f"{name} has shape {got.shape}, expected {expected.shape}: a gradient has the "
                    "shape of its input."
                )
            if not agree(got, expected):
                return f"forward is right. {_first_difference(name, got, expected)}"
        raise AssertionError("the gradients agree")

    def _named_value(self, value: Any, expected: Any) -> str:
        for mistake in self.mistakes:
            if agree(value, self.outcome(mistake.gives).value):
                return mistake.message
        return self._describe_value(value, expected)

    def _describe_value(self, value: Any, expected: Any) -> str:
        if value.shape != expected.shape:
            return f"forward gave shape {value.shape}, expected {expected.shape}."
        return _first_difference("the value that forward returns", value, expected)


def code_of(method: Any) -> CodeType:
    """The code of a method; an empty one for what was not written in Python."""
    code = getattr(method, "__code__", None)
    return code if isinstance(code, CodeType) else (lambda: None).__code__


def read_from_outside(method: Any) -> dict[str, str]:
    """The names that a method does not define itself: of what kind each is, "" for nothing there.

    >>> z = 2.0
    >>> read_from_outside(lambda dz: dz * z * unknown)
    {'z': 'float', 'unknown': ''}
    """
    there = getattr(method, "__globals__", {})
    read = [i.argval for i in dis.get_instructions(code_of(method)) if i.opname == "LOAD_GLOBAL"]
    return {name: type(there[name]).__name__ if name in there else "" for name in read}


def agree(one: Any, other: Any) -> bool:
    """Equal in shape, and in every number up to rounding."""
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=1e-5, atol=1e-8)


def picture_of(name: str, received: Any, expected: Any) -> str:
    """Where two arrays of one shape differ; nothing for two shapes, which a sentence tells."""
    return where(name, received, expected) if received.shape == expected.shape else ""


def _several(returned: Any) -> Sequence[Any]:
    """What backward returned, as one gradient for each input."""
    return returned if isinstance(returned, tuple | list) else (returned,)


def _reading(reason: str) -> str:
    """What an error of Python or of NumPy means here."""
    if "ellipsis" in reason:
        return " A line above it still holds `...`."
    if "matmul" in reason and "enough dimensions" in reason:
        return " One factor is no matrix: does a line above it still hold `...`?"
    if "matmul" in reason and "mismatch" in reason:
        return " The inner numbers of this product differ. Which transpose, which order fits?"
    return ""


def _first_difference(name: str, received: Any, expected: Any) -> str:
    different = differences(received, expected)
    place = tuple(int(i) for i in np.argwhere(different)[0])
    where = f"[{', '.join(map(str, place))}]"
    many = f", and {_count(int(different.sum()) - 1, 'more place')}" if different.sum() > 1 else ""
    return (
        f"Not yet: {name}. At {where} it is {format_short(received[place])}, "
        f"expected {format_short(expected[place])}{many}."
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
