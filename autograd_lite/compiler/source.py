"""Source: a program with its places, written as straight-line NumPy that a person can read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np

from .literals import dtype_name, empty, kind, literal, shape_of
from .names import Names, comment, variable
from .placement import Buffer, Placement, find_roots
from .program import VIEWS, Call, Constant, Program, Value

INFIX = {
    "np.add": "+", "np.subtract": "-", "np.multiply": "*", "np.divide": "/", "**": "**",
    "np.greater": ">", "np.greater_equal": ">=", "np.less": "<", "np.less_equal": "<=",
    "np.equal": "==", "np.not_equal": "!=",
}  # fmt: skip
KEYWORD = frozenset({"maximum", "minimum"})  # NumPy wants out= of these
WIDTH = 48  # where comments begin


@dataclass
class Part:
    """A function of the source: what it takes, which calls it makes, what it returns."""

    name: str
    parameters: Sequence[Value]
    calls: Sequence[Call]
    returns: str
    note: str = ""
    copies: Sequence[tuple[Value, Value]] = ()  # at its end: where to, and what


class Writer:
    """Names for all values, and the lines that compute them.

    `brief`: where microseconds count, `add(x, y, z)` for `np.add(x, y, out=z)`.
    """

    def __init__(self, program: Program, placement: Placement, brief: bool = False) -> None:
        written = dict.fromkeys(map(_name, program.calls))
        names = (name.removeprefix("np.") for name in written if name.startswith("np."))
        self._short = frozenset(name for name in names if brief and "." not in name)
        self._imported: set[str] = set()
        self.names = Names(self._short)
        self.given: dict[str, Any] = {}  # what the source cannot write down: arrays, operations
        self._placement = placement
        self._names: dict[Value, str] = {}
        self._buffers: dict[Buffer, str] = {}
        self._numbers: dict[str, str] = {}
        self._constants: dict[tuple[Any, ...], str] = {}
        self._ones: dict[str, str] = {}
        self._needs_math = False
        self.roots = find_roots(program.calls)
        # Buffers first: what is a part of another one is written with that one's name.
        for buffer in placement.all_buffers():
            labels = [value.label for value in buffer.values if value.label] or [""]
            self._buffers[buffer] = self.names.give(variable(labels[-1]), "t")
        for value, buffer in placement.buffers.items():
            self._names[value] = self._buffers[buffer]
        for leaf in program.inputs:
            if leaf not in placement.buffers:
                self._names[leaf] = self.names.give(variable(leaf.label), "input")
        for call in program.calls:
            wish = variable(call.label)
            if call.function.name == "np.transpose":
                wish = f"{self._names.get(call.operands[0], '')}_T"
            if call not in self._names:
                self._names[call] = self.names.give(wish, "t")

    def name(self, value: Value) -> str:
        """How a value is read: its variable, or the number itself."""
        return self._constant(value) if isinstance(value, Constant) else self._names[value]

    def header(self) -> list[str]:
        """The modules that the source needs."""
        lines = ["import numpy as np"]
        if self._imported:
            words = ", ".join(sorted(self._imported))
            inside = wrap(f"{words},", initial_indent="    ", subsequent_indent="    ")
            short = f"from numpy import {words}"
            lines += [short] if len(short) < 90 else ["from numpy import (", *inside, ")"]
            lines += ["", "# The last array of a call, or out=, is the one that is written into."]
        if self._needs_math:
            lines = ["import math", "", *lines]
        told = [
            f"# {name} is given: {comment([_described(thing)])}."
            for name, thing in self.given.items()
        ]
        return [*lines, "", *told] if told else lines

    def setup(self, program: Program) -> list[str]:
        """The lines that make buffers and views of them, once."""
        lines = [self._made(buffer, name) for buffer, name in self._buffers.items()]
        for call in program.calls:
            if call in self._placement.fixed:
                lines.append(f"{self._names[call]} = {self._expression(call)}")
        numbers = [f"{name} = np.array({number})" for number, name in self._numbers.items()]
        return [*lines, *numbers, *(f"{name} = {ones}" for name, ones in self._ones.items())]

    def _made(self, buffer: Buffer, name: str) -> str:
        """A part of another array says whose it is, if its name does not."""
        line = f"{name} = {buffer.made or empty(buffer.like)}"
        label = buffer.values[0].label if buffer.made and buffer.values else ""
        return _with_comment(line, [label] if label not in (name, "") else [])

    def write(self, part: Part) -> list[str]:
        """A function, with what each line is for beside it."""
        parameters = ", ".join(self._names[value] for value in part.parameters)
        renamed = [
            f"{self._names[value]} is {value.label}"
            for value in part.parameters
            if self._names[value].startswith("input") and value.label
        ]
        lines = [_with_comment(f"def {part.name}({parameters}):", renamed)]
        for call in part.calls:
            if call not in self._placement.fixed:
                lines.append(_with_comment(f"    {self._line(call)}", [_told(call)]))
        for place, value in part.copies:
            lines.append(f"    {self.name(place)}[...] = {self.name(value)}")
        if part.returns or len(lines) == 1:
            lines.append(_with_comment(f"    return {part.returns}".rstrip(), [part.note]))
        return lines

    def fresh(self, value: Value, held: Iterable[Value] = ()) -> str:
        """A result as the caller may keep it and write into: a copy of what is not new.

        `held` is what others hold.
        """
        name = self.name(value)
        if not value.shape:
            return name
        is_new = (
            isinstance(value, Call)
            and value not in self._placement.buffers
            and value not in self.roots
            and value.function.name not in VIEWS  # a reshape is a view of some inputs, not of all
        )
        if is_new and value not in {self.roots.get(other, other) for other in held}:
            return name
        return f"np.array({name})"

    def _line(self, call: Call) -> str:
        buffer = self._placement.buffers.get(call)
        if buffer is None:
            return f"{self._names[call]} = {self._expression(call)}"
        if call.function.name in (".astype", "[...]"):
            return f"{self._buffers[buffer]}[...] = {self._argument(call.arguments[0])}"
        arguments = [self._operand(part, call) for part in call.arguments]
        name, out = self._shortened(_name(call)), self._buffers[buffer]
        if name in self._short - KEYWORD and not call.options:
            return f"{name}({', '.join([*arguments, out])})"
        return f"{name}({', '.join(arguments)}{self._options({**call.options, 'out': out})})"

    def _shortened(self, name: str) -> str:
        word = name.removeprefix("np.")
        if word not in self._short:
            return name
        self._imported.add(word)
        return word

    def _expression(self, call: Call) -> str:
        name, arguments = _name(call), call.arguments
        if name == "np.transpose" and arguments[1] == tuple(range(len(arguments[1])))[::-1]:
            return f"{self._argument(arguments[0])}.T"
        if name in INFIX:
            left, right = (self._operand(part, call) for part in arguments)
            return f"{left} {INFIX[name]} {right}"
        if name == "np.negative":
            return f"-{self._operand(arguments[0], call)}"
        if name == "[]":
            return f"{self._argument(arguments[0])}[{self._index(arguments[1])}]"
        if name == ".astype" and not call.shape:
            return f"{dtype_name(call.dtype)}({self._argument(arguments[0])})"
        if name == ".astype":
            return f"{self._argument(arguments[0])}.astype({dtype_name(call.dtype)})"
        if name == "[...]":
            return f"np.broadcast_to({self._argument(arguments[0])}, {call.shape}).copy()"
        if not name.startswith(("np.", "math.")):
            owner, _, _ = name.partition(".")
            self.given[owner] = _Given(self.given.get(owner), name, call.function.call)
        elif not _is_found(name, call.function.call):
            name = self._give(call.function.call, "function")
        else:
            self._needs_math |= name.startswith("math.")
            name = self._shortened(name)
        shown = ", ".join(self._operand(part, call) for part in arguments)
        return f"{name}({shown}{self._options(call.options)})"

    def _options(self, options: dict[str, Any]) -> str:
        return "".join(
            f", {key}={option if key == 'out' else self._argument(option)}"
            for key, option in options.items()
        )

    def _operand(self, part: Any, call: Call) -> str:
        """An operand of an elementwise call: numbers that meet arrays are made arrays once."""
        number = part.array if isinstance(part, Constant) else part
        if isinstance(part, Value) and not isinstance(part, Constant):
            return self._names[part]
        weak = call.function.ufunc or call.function.name == "**"
        if np.ndim(number) or not isinstance(number, int | float | np.floating) or not weak:
            return self._argument(part)
        others = [x.dtype for x in call.operands if not isinstance(x, Constant)]
        dtype = np.result_type(*others) if others else call.dtype
        if isinstance(part, Constant) and np.result_type(part.dtype, dtype) != dtype:
            return f"{dtype_name(part.dtype)}({literal(number)})"  # it widens what it meets
        if not call.function.ufunc or call not in self._placement.buffers:
            return literal(number)
        written = f"{literal(number)}{kind(dtype)}"
        if written not in self._numbers:
            word = "".join(c if c.isalnum() else "_" for c in literal(number).removesuffix(".0"))
            wish = f"num_{word}" if len(word) < 8 else ""
            self._numbers[written] = self.names.give(wish, "k")
        return self._numbers[written]

    def _argument(self, tree: Any) -> str:
        if isinstance(tree, Constant):
            return self._constant(tree)
        if isinstance(tree, Value):
            return self._names[tree]
        if isinstance(tree, tuple | list):
            inside = ", ".join(map(self._argument, tree))
            if isinstance(tree, list):
                return f"[{inside}]"
            return f"({inside},)" if len(tree) == 1 else f"({inside})"
        if isinstance(tree, np.dtype):
            return dtype_name(tree)
        if isinstance(tree, bool | str | type(None)):
            return repr(tree)
        if isinstance(tree, int | float | np.number):
            return literal(tree)
        if tree is Ellipsis:
            return "..."
        return self._give(tree, "given")

    def _index(self, index: Any) -> str:
        if isinstance(index, tuple):
            return ", ".join(map(self._index, index)) + ("," if len(index) == 1 else "") or "()"
        if isinstance(index, slice):
            ends = [self._end(index.start), self._end(index.stop)]
            return ":".join(ends if index.step is None else [*ends, self._end(index.step)])
        return self._argument(index)

    def _end(self, end: Any) -> str:
        return "" if end is None else str(int(end))

    def _constant(self, constant: Constant) -> str:
        array = np.asarray(constant.array)
        if constant.shape == () and constant.dtype in (np.float64, np.float32, np.float16):
            written = literal(array)
            return (
                written if constant.dtype == float else f"{dtype_name(constant.dtype)}({written})"
            )
        key = array.dtype.str, array.shape, array.strides, array.tobytes()
        if key not in self._constants:
            self._constants[key] = self._made_once(array)
        return self._constants[key]

    def _made_once(self, array: np.ndarray) -> str:
        """The name of an array that is always the same."""
        if not array.ndim or not array.size or not (array == 1.0).all():
            return self._give(array, "given")
        name = self.names.give(f"ones_{'x'.join(map(str, array.shape))}", "ones_")
        self._ones[name] = f"np.ones({shape_of(array.shape)}{kind(array.dtype)})"
        return name

    def _give(self, thing: Any, kind: str) -> str:
        name = self.names.give("", kind)
        self.given[name] = thing
        return name


def _described(thing: Any) -> str:
    if isinstance(thing, np.ndarray):
        return f"an array of {thing.dtype}, shape {thing.shape}, as it was recorded"
    return repr(thing) if isinstance(thing, _Given) else f"a {type(thing).__name__}"


class _Given:
    """An operation that is called as it is: its functions by name."""

    def __init__(self, earlier: Any, name: str, call: Callable[..., Any]) -> None:
        self.__dict__.update(getattr(earlier, "__dict__", {}))
        setattr(self, name.partition(".")[2], call)

    def __repr__(self) -> str:
        return "an operation that is called as it is"


def _told(call: Call) -> str:
    """What a line is for: its note, if the value is the one that the note is about."""
    forward = call.note.partition(" = ")[0] == call.label
    return call.note if call.label and forward else call.label


def _name(call: Call) -> str:
    """A product of two matrices is `np.dot` too: the same numbers with less ado."""
    name = call.function.name
    matrices = name == "np.matmul" and all(np.ndim(x.array) == 2 for x in call.operands)
    return "np.dot" if matrices else name


def _is_found(name: str, call: Any) -> bool:
    """Whether NumPy has the function under this name."""
    if name.startswith("math."):
        return True
    found: Any = np
    for word in name.split(".")[1:]:
        found = getattr(found, word, None)
    return found == call or name == "np.dot"


def _with_comment(line: str, texts: Iterable[str]) -> str:
    told = comment(texts)
    return f"{line:<{WIDTH}}  # {told}" if told else line
