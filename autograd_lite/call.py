"""One recorded call of a user's function: what goes in, what comes out, derivatives between."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .kinds import Multilinear
from .nested import flatten, places, rebuild
from .operation import as_tensors
from .recording import MODE, setting
from .steps import forward_sweep, gradients, topological_order
from .tensor import Tensor

Argnums = int | tuple[int, ...]


class Copy(Multilinear):
    """z = x, as a node of its own. A function's argument is so told from the same tensor in
    another place."""

    symbol, nickname = "copy", "mover"
    rule = "the input receives the upstream gradient"
    formula, latex = "{x}", "{x}"

    def forward(self, x: Any) -> Any:
        return x

    def backward(self, dz: Any) -> Any:
        return dz


class Call(NamedTuple):
    """The variables that a function was given, and the tensors it returned, nested or not.

    `name` is the transform's, for messages.

    `recorded`: derivatives are Tensors. So it is where something outside the call could be
    differentiated by: plain arrays would be a silent zero there.
    """

    name: str
    variables: list[Tensor]
    output: Any
    recorded: bool

    def value(self, output: Tensor) -> Any:
        return output if self.recorded else output.numpy()

    def pull(self, seeds: Sequence[Any]) -> list[Any]:
        """Reverse mode: seeds of the outputs, to gradients of the variables."""
        again = self.recorded or any(map(is_variable, seeds))
        starts: dict[Tensor, Any] = {}
        for output, given in zip(flatten(self.output), seeds, strict=True):
            seed = _like(given, output, f"{self.name}: received a seed", again)
            starts[output] = starts[output] + seed if output in starts else seed
        sent = gradients(starts, self.variables, again)
        return [_result(*pair, again) for pair in zip(sent, self.variables, strict=True)]

    def push(self, moves: Sequence[Any]) -> list[Any]:
        """Forward mode: tangents of the variables, to tangents of the outputs."""
        tangents = {
            variable: _like(move, variable, f"{self.name}: received a tangent", self.recorded)
            for variable, move in zip(self.variables, moves, strict=True)
        }
        outputs = flatten(self.output)
        with setting(recording=True):
            moved = forward_sweep(
                topological_order(*outputs, since=min((v._number for v in tangents), default=0)),
                tangents,
                self.recorded,
            )
        return [_result(moved.get(output), output, self.recorded) for output in outputs]


def record(
    name: str,
    function: Callable[..., Any],
    arguments: Sequence[Any],
    chosen: tuple[int, ...],
    options: dict[str, Any],
    moves: Sequence[Any] = (),
) -> Call:
    """Call the function with variables in the place of the chosen arguments.

    Raises:
        TypeError: an argument that is not made of floats, a result that is no Tensor.
    """
    variables: list[Tensor] = []

    prepared = list(arguments)
    watched = MODE.get().recording
    with setting(recording=True):
        for position in sorted(chosen):
            argument = arguments[position]
            labels = [_name(function, position) + place for place in places(argument)]
            pairs = zip(flatten(argument), labels, strict=True)
            leaves = [_variable(leaf, name, label) for leaf, label in pairs]
            variables += leaves
            prepared[position] = rebuild(argument, leaves)
        output = function(*prepared, **options)
    for result in flatten(output):
        if not isinstance(result, Tensor):
            raise TypeError(
                f"{name}: {title(function)} returned {type(result).__name__}, expected a Tensor. "
                "Compute with the arguments by operators, np.sin, ag.relu, …; .item() and .data "
                "leave the graph."
            )
    given = [leaf for position in chosen for leaf in flatten(arguments[position])]
    outside = any(map(is_variable, [*given, *moves])) or _reaches_outside(output, variables)
    return Call(name, variables, output, watched and outside)


def _variable(leaf: Any, transform: str, label: str) -> Tensor:
    if is_variable(leaf):
        return Copy()(leaf)
    name = leaf.name if isinstance(leaf, Tensor) else None
    try:
        return Tensor(leaf.data if isinstance(leaf, Tensor) else leaf, name=name or label)
    except TypeError as error:
        raise TypeError(f"{transform}: {error}") from None


def _name(function: Callable[..., Any], position: int) -> str:
    """What the function calls its argument, for messages and pictures."""
    code = getattr(function, "__code__", None)
    names = code.co_varnames[: code.co_argcount] if code is not None else ()
    return names[position] if position < len(names) else f"argument {position}"


def is_variable(value: Any) -> bool:
    """Whether a gradient could flow into a value."""
    return isinstance(value, Tensor) and value.requires_grad


def _reaches_outside(output: Any, variables: list[Tensor]) -> bool:
    """Whether the function used variables that it was not given as arguments."""
    first = min((variable._number for variable in variables), default=0)
    own = set(variables)
    return any(
        tensor.requires_grad and tensor._number < first
        for node in topological_order(*flatten(output), since=first)
        for tensor in (node, *(() if node in own else node.inputs))
    )


def _like(given: Any, node: Tensor, what: str, recorded: bool) -> Any:
    """A seed or a tangent, in the dtype of its node: an array, or a Tensor."""
    value = given._data if isinstance(given, Tensor) else np.asarray(given)
    if value.shape != node.shape:
        raise ValueError(
            f"{what} of shape {value.shape}, expected {node.shape}, the shape of the "
            "value it belongs to."
        )
    if recorded and isinstance(given, Tensor):
        return given if given.dtype == node.dtype else given.astype(node.dtype)
    array = np.array(value, node.dtype)[()]
    return as_tensors((array,))[0] if recorded else array


def _result(value: Any, like: Tensor, recorded: bool) -> Any:
    """A derivative as the user gets it: zeros where nothing arrived, an array of its own."""
    if value is None:
        value = np.zeros(like.shape, like.dtype)
    return as_tensors((value,))[0] if recorded else np.array(value, like.dtype)


def positions(name: str, argnums: Argnums, arguments: Sequence[Any]) -> tuple[int, ...]:
    """The places of the arguments to differentiate by, checked."""
    chosen = argnums if isinstance(argnums, tuple) else (argnums,)
    for number in chosen:
        if not isinstance(number, int) or isinstance(number, bool):
            raise TypeError(
                f"{name}: argnums received {argnums!r}, expected a whole number, or a tuple "
                "of them such as (0, 1)."
            )
        if not 0 <= number < len(arguments):
            raise ValueError(
                f"{name}: argnums received {number}, expected a place among the {len(arguments)} "
                "arguments of the call, from 0 on. Arguments by keyword do not count."
            )
    if not chosen or len(set(chosen)) < len(chosen):
        raise ValueError(f"{name}: argnums received {argnums}, expected each place once.")
    return chosen


def by_argument(values: list[Any], argnums: Argnums, arguments: Sequence[Any]) -> Any:
    """One value for each variable, nested as the arguments are."""
    if isinstance(argnums, int):
        return rebuild(arguments[argnums], values)
    # record() made the variables in the order of the arguments, not of argnums.
    by_place = {}
    for position in sorted(argnums):
        count = len(flatten(arguments[position]))
        by_place[position] = rebuild(arguments[position], values[:count])
        values = values[count:]
    return tuple(by_place[position] for position in argnums)


def as_arguments(name: str, what: str, values: Any) -> tuple[Any, ...]:
    if not isinstance(values, tuple | list):
        raise TypeError(
            f"{name}: {what} received {type(values).__name__}, expected a tuple with one entry "
            "for each argument: (x,) for one."
        )
    return tuple(values)


def title(function: Callable[..., Any]) -> str:
    name = getattr(function, "__name__", "<lambda>")
    return "the function" if name == "<lambda>" else name
