"""Two functions: the program of a graph written as `forward` and `backward`, ready to run."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .placement import place
from .program import Call, Input, Program, Value
from .source import Part, Writer


class TwoPasses(NamedTuple):
    """`forward(*inputs)` gives the value and what is kept; `backward(*kept)` the gradients.

    With an output of several elements `backward` takes the seed as well, behind what is kept.
    """

    source: str
    inputs: tuple[Input, ...]
    forward: Callable[..., Any]
    backward: Callable[..., Any]
    arrays: Mapping[Call, str]  # the array that a call writes into, by its name


def write_both(program: Program, top: str) -> TwoPasses:
    forward = [call for call in program.calls if call.part == "forward"]
    backward = [call for call in program.calls if call.part == "backward"]
    leaves = tuple(leaf for leaf in program.inputs if leaf is not program.seed)
    seed = [program.seed] if program.seed is not None else []
    needed = _read_behind(program, {*leaves, *forward}, backward)
    placement = place(program, kept=needed)
    writer = Writer(program, placement)
    kept = [value for value in needed if not placement.is_made_once(value)]
    names = [writer.name(value) for value in kept]
    value = f"{writer.fresh(program.value, needed)}, ({', '.join(names)}{',' * (len(names) == 1)})"
    functions = [
        *writer.write(Part("forward", leaves, forward, value, top)),
        "",
        "",
        *writer.write(Part("backward", [*kept, *seed], backward, _gradients(program, writer))),
    ]
    made = writer.setup(program)
    source = "\n".join([*writer.header(), *[""] * bool(made), *made, "", "", *functions, ""])
    space = run(source, writer.given)
    arrays = {call: writer.name(call) for call in program.calls if call in placement.buffers}
    return TwoPasses(source, leaves, space["forward"], space["backward"], arrays)


def run(source: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The names that the source defines."""
    space = dict(given)
    exec(compile(source, "<compiled graph>", "exec"), space)
    return space


def _read_behind(program: Program, made: set[Value], backward: list[Call]) -> list[Value]:
    """What the backward pass reads of the forward pass, in order."""
    read = [operand for call in backward for operand in call.operands]
    for leaf, gradient in program.gradients.items():
        read.append(leaf if gradient is None else gradient)
    return [value for value in dict.fromkeys(read) if value in made]


def _gradients(program: Program, writer: Writer) -> str:
    """What the backward pass returns: each gradient under the label of its variable."""
    entries: list[str] = []
    earlier: list[Value] = []
    for leaf, gradient in program.gradients.items():
        if gradient is None:
            entries.append(f"{leaf.label!a}: np.zeros_like({writer.name(leaf)})")
        else:
            entries.append(f"{leaf.label!a}: {writer.fresh(gradient, earlier)}")
            earlier.append(gradient)
    return f"{{{', '.join(entries)}}}"
