"""Program: both passes of a graph as a list of NumPy calls, each of which makes one new value."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

# What may look at the memory of its first operand in another way.
VIEWS = frozenset({"np.reshape", "np.transpose", "np.broadcast_to", "[]"})


class Value:
    """An array or a single number of the program. `label` is what views call it."""

    __slots__ = ("array", "label")

    def __init__(self, array: Any, label: str = "") -> None:
        self.array = array  # as it was when the program was recorded: gives shape, dtype, layout
        self.label = label

    @property
    def shape(self) -> tuple[int, ...]:
        return np.shape(self.array)

    @property
    def dtype(self) -> np.dtype:
        return np.asarray(self.array).dtype

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.label or self.shape})"


class Input(Value):
    """What comes from outside at each call: a leaf of the graph, or the seed."""

    __slots__ = ()


class Constant(Value):
    """Always the same array."""

    __slots__ = ()


@dataclass(frozen=True)
class Function:
    """A NumPy function, by the name that it has in the source.

    `ufunc` is set for elementwise functions. `call` is what runs. One that is not `pure` may give
    something else for the same arguments: it may draw random numbers.
    """

    name: str
    call: Callable[..., Any]
    ufunc: bool = False
    pure: bool = True


class Call(Value):
    """`label = function(*arguments, **options)`, where arguments may be other values.

    `part` says where it belongs, "forward", "backward" or "update"; `note` what it is for. Its
    `number` is that of the line as it was recorded, and stays when a pass rewrites it.
    """

    __slots__ = ("arguments", "function", "note", "number", "options", "part")

    def __init__(
        self,
        array: Any,
        function: Function,
        arguments: tuple[Any, ...],
        options: Mapping[str, Any],
        part: str = "forward",
        note: str = "",
        label: str = "",
        number: int = 0,
    ) -> None:
        super().__init__(array, label)
        self.number = number
        self.function = function
        self.arguments = arguments
        self.options = dict(options)
        self.part = part
        self.note = note

    @property
    def operands(self) -> list[Value]:
        """The values that it reads, also those inside lists and tuples, in order."""
        return list(_values((self.arguments, tuple(self.options.values()))))

    def reading(self, values: Mapping[Value, Value]) -> "Call":
        """The same call with other operands; itself when none has been replaced."""
        if not any(operand in values for operand in self.operands):
            return self
        return self.changed(
            arguments=_substitute(self.arguments, values),
            options={key: _substitute(option, values) for key, option in self.options.items()},
        )

    def changed(self, **parts: Any) -> "Call":
        """A call with other parts; the label and the note stay.

        What looks at the memory of an operand looks at the new one's then.
        """
        own = {name: getattr(self, name) for name in (*Call.__slots__, *Value.__slots__)}
        call = Call(**{**own, **parts})
        if "array" not in parts and (call.function.name in VIEWS or self._is_view()):
            arrays = {operand: operand.array for operand in call.operands}
            call.array = call._run(arrays)
        return call

    def _is_view(self) -> bool:
        array = self.array
        return isinstance(array, np.ndarray) and any(
            np.may_share_memory(array, operand.array) for operand in self.operands
        )

    def _run(self, values: Mapping[Value, Any]) -> Any:
        return self.function.call(
            *evaluated(self.arguments, values),
            **{key: evaluated(option, values) for key, option in self.options.items()},
        )


@dataclass(frozen=True)
class Program:
    """The calls in order, inputs before results.

    `value` is the output of the forward pass. `gradients` are what the backward pass gives for
    each input that wants one; `None` where no path leads. `seed` is the input that the backward
    pass begins with, where it is not 1. `others` are further values that are wanted.
    """

    inputs: tuple[Input, ...]
    calls: tuple[Call, ...]
    value: Value
    gradients: Mapping[Input, Value | None]
    seed: Input | None = None
    others: tuple[Value, ...] = ()

    def changed(self, **parts: Any) -> "Program":
        return replace(self, **parts)

    @property
    def results(self) -> list[Value]:
        gradients = [value for value in self.gradients.values() if value is not None]
        return [self.value, *gradients, *self.others]

    def run(self, arrays: Mapping[Any, Any]) -> dict[Value, Any]:
        """Every value, computed one call after the other with nothing clever: to compare with."""
        values: dict[Value, Any] = dict(arrays)
        for call in self.calls:
            values[call] = call._run(values)
        return values

    def __len__(self) -> int:
        return len(self.calls)


Rule = Callable[[Call], Value]


def rewrite(program: Program, rule: Rule) -> Program:
    """The program with `rule(call)` in the place of each call, which may be an earlier value.

    A rule sees each call with its operands already replaced. A new call takes over the label;
    it may read calls that are new as well.
    """
    replaced: dict[Value, Value] = {}
    calls: dict[Call, None] = {}
    labels: dict[Call, str] = {}
    for call in program.calls:
        current = call.reading(replaced)
        value = rule(current)
        if isinstance(value, Call):
            new = [part for part in value.operands if isinstance(part, Call)]
            calls.update(dict.fromkeys([*new, value]))  # those that are there keep their place
        if value is not call:
            replaced[call] = value
        if value is not current and isinstance(value, Call) and not value.label:
            labels.setdefault(value, call.label)
    return _labelled(_substituted(program, tuple(calls), replaced), labels)


def _labelled(program: Program, labels: Mapping[Call, str]) -> Program:
    """The program with names for calls that had none. Programs before it have the old calls."""
    replaced: dict[Value, Value] = {}
    calls = []
    for call in program.calls:
        current = call.reading(replaced)
        if labels.get(call):
            current = current.changed(label=labels[call])
        if current is not call:
            replaced[call] = current
        calls.append(current)
    return _substituted(program, tuple(calls), replaced)


def _substituted(
    program: Program, calls: tuple[Call, ...], replaced: Mapping[Value, Value]
) -> Program:
    """The program with these calls, and its results among them."""
    return program.changed(
        calls=calls,
        value=replaced.get(program.value, program.value),
        gradients={
            leaf: None if gradient is None else replaced.get(gradient, gradient)
            for leaf, gradient in program.gradients.items()
        },
        others=tuple(replaced.get(value, value) for value in program.others),
    )


def is_call(value: Any, name: str) -> bool:
    """Whether a value is what the function of this name gives."""
    return isinstance(value, Call) and value.function.name == name


def evaluated(tree: Any, values: Mapping[Value, Any]) -> Any:
    """The arrays behind the values of an argument."""
    if isinstance(tree, Constant):
        return tree.array
    if isinstance(tree, Value):
        return values[tree]
    if isinstance(tree, tuple | list):
        return type(tree)(evaluated(part, values) for part in tree)
    return tree


def _substitute(tree: Any, values: Mapping[Value, Value]) -> Any:
    if isinstance(tree, Value):
        return values.get(tree, tree)
    if isinstance(tree, tuple | list):
        return type(tree)(_substitute(part, values) for part in tree)
    return tree


def _values(tree: Any) -> Iterator[Value]:
    if isinstance(tree, Value):
        yield tree
    elif isinstance(tree, tuple | list):
        for part in tree:
            yield from _values(part)
