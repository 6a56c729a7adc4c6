"""compile: a function of arrays whose program is written at its first call, for each shape once."""

from collections.abc import Callable, Hashable
from functools import update_wrapper
from typing import Any

import numpy as np

from ..call import is_variable, title
from ..graph import ComputationGraph
from ..nested import convert, flatten, places
from ..ops.arithmetic import Drop
from ..recording import MODE, setting
from ..tensor import Tensor
from .compiled import Compiled


class CompiledFunction:
    """What `compile` returns: the function, run as NumPy source.

    `programs` holds what was written so far, by the shapes and dtypes of the arguments; `source`
    is the code of the last call.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._variables: dict[Hashable, list[Tensor]] = {}
        self._last: Compiled | None = None
        self.programs: dict[Hashable, Compiled] = {}
        update_wrapper(self, function)

    def __call__(self, *arguments: Any) -> Any:
        """The value of the function, an array or a number.

        Given a variable it runs as it is, and is recorded like any other.
        """
        if MODE.get().recording and any(map(is_variable, flatten(arguments))):
            return self._function(*arguments)
        return self._prepared(arguments).forward()

    def value_and_grad(self, *arguments: Any) -> tuple[Any, tuple[Any, ...]]:
        """The value, one number, and the gradient for each argument, nested as it is.

        What is no float has `None`.
        """
        program = self._prepared(arguments)
        if program.graph.output.size != 1:
            raise ValueError(
                f"compile: {title(self._function)} returned shape {program.graph.output.shape}; a "
                "gradient belongs to one number. Make one of it, for example with .sum()."
            )
        value, found = program.value_and_grad()
        label = {node: program.graph.label(node) for node in program.graph.nodes}
        leaves = iter(self._variables[_key_of(arguments)])

        def gradient(value: Any) -> Any:
            if not _is_floats(value):
                return None
            leaf = next(leaves)
            return found[label[leaf]] if leaf in label else np.zeros(leaf.shape, leaf.dtype)[()]

        return value, tuple(convert(argument, gradient) for argument in arguments)

    @property
    def source(self) -> str:
        """The NumPy code of the program that ran last."""
        if self._last is None:
            raise RuntimeError(
                f"compile: {title(self._function)} was not called yet, so no program is written: "
                "the first call tells the shapes."
            )
        return self._last.source

    def _prepared(self, arguments: tuple[Any, ...]) -> Compiled:
        """The program for arguments of this kind, with their values in its leaves."""
        key = _key_of(arguments)
        if key not in self.programs:
            self._write(key, arguments)
        leaves = [leaf for leaf in flatten(arguments) if _is_floats(leaf)]
        for variable, leaf in zip(self._variables[key], leaves, strict=True):
            variable._data = _array(leaf)
        self._last = self.programs[key]
        return self._last

    def _write(self, key: Hashable, arguments: tuple[Any, ...]) -> None:
        names = self._function.__code__.co_varnames if hasattr(self._function, "__code__") else ()
        variables: list[Tensor] = []

        def prepared(argument: Any, name: str) -> Any:
            labels = iter(f"{name}{place}" for place in places(argument))

            def leaf(value: Any) -> Any:
                label = next(labels)
                if not _is_floats(value):
                    return value
                variables.append(Tensor(_array(value), name=label))
                return variables[-1]

            return convert(argument, leaf)

        given = [
            prepared(argument, names[i] if i < len(names) else f"argument {i}")
            for i, argument in enumerate(arguments)
        ]
        with setting(recording=True):
            output = self._function(*given)
        if not isinstance(output, Tensor):
            whole = [value for value in flatten(arguments) if type(value) is int]
            fixed = (
                f" Whole numbers are fixed: write {whole[0]}.0, not {whole[0]}." if whole else ""
            )
            raise TypeError(
                f"compile: {title(self._function)} returned {type(output).__name__}, expected a "
                f"Tensor. Compute with the arguments by operators, np.sin, ag.relu, ….{fixed}"
            )
        graph = ComputationGraph(output)
        if any(isinstance(node.operation, Drop) for node in graph.nodes):
            raise ValueError(
                f"compile: {title(self._function)} has a Dropout, which draws once what it drops; "
                "every call would drop the same. Call model.eval() first."
            )
        self.programs[key] = graph.compile()
        self._variables[key] = variables

    def __repr__(self) -> str:
        return f"compile({title(self._function)}, {len(self.programs)} programs)"


def compile(function: Callable[..., Any]) -> CompiledFunction:
    """The function as NumPy source, written at its first call for arguments of a new kind.

    Arrays and floats are variables, told apart by shape and dtype; whole numbers, text and other
    objects by their value. Tensors that the function uses from outside, such as the weights of a
    model, have the value that they have at each call; everything else, also constants without a
    name, masks and indices, is as it was when the program was written. Arguments may be lists,
    tuples and dicts. One thread at a time.

    Raises:
        TypeError: an array of whole numbers, or a function that returns no Tensor.

    >>> import numpy as np
    >>> import autograd_lite as ag
    >>> f = ag.compile(lambda x, y: (x * y).sum())
    >>> print(f(np.array([1.0, 2.0]), np.array([3.0, 4.0])))
    11.0
    >>> value, (dx, dy) = f.value_and_grad(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    >>> dx
    array([3., 4.])
    """
    if not callable(function):
        raise TypeError(
            f"compile: received {type(function).__name__}, expected a function. For a graph that "
            "is recorded already write ComputationGraph(y).compile()."
        )
    return CompiledFunction(function)


def _is_floats(value: Any) -> bool:
    return isinstance(value, float | Tensor) or (
        isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "f"
    )


def _array(value: Any) -> Any:
    return value._data if isinstance(value, Tensor) else np.asarray(value)[()]


def _key_of(tree: Any) -> Hashable:
    """The same for arguments that one program is good for."""
    if isinstance(tree, list | tuple):
        return type(tree), *map(_key_of, tree)
    if isinstance(tree, dict):
        return dict, *((key, _key_of(value)) for key, value in tree.items())
    if _is_floats(tree):
        array = _array(tree)
        return "floats", array.shape, array.dtype.str
    if isinstance(tree, np.ndarray):
        raise TypeError(
            f"compile: received an array of {tree.dtype}. A program is written for shapes, not for "
            "what such numbers pick out. Give floats: np.eye(10)[labels] for labels of 10 classes."
        )
    try:
        hash(tree)
    except TypeError:
        raise TypeError(
            f"compile: received {type(tree).__name__}, which cannot be compared with what an "
            "earlier program was written for. Give arrays, numbers, text, or lists of these."
        ) from None
    return type(tree), tree
