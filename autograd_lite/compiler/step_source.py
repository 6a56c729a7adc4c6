"""The source of a training step: both passes, then the optimiser's rule, on flat arrays."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .layout import Layout
from .literals import kind
from .passes import optimise, skip_gradients
from .placement import place
from .program import Call, Input, Program, Value
from .source import Part, Writer
from .update import Update, trace_update


class Arrays(NamedTuple):
    """The functions of a step, and the arrays that they work in.

    `passes(*inputs)` fills `slopes` and gives the loss; `update(*rates(lr), *numbers)` moves
    `values`. Both are one array each for all parameters. `memory` is what the optimiser's rule
    remembers: such an array, or a number, which `update` takes and returns. `update` is `None`
    for a rule that is not written for all at once.
    """

    passes: Callable[..., Any]
    rates: Callable[[float], tuple[Any, ...]] | None
    update: Callable[..., Any] | None
    values: np.ndarray
    slopes: np.ndarray
    memory: list[Any]


class WrittenStep(NamedTuple):
    """`programs` led to the source of the passes, and `arrays` tells what their calls write into.

    `parts` are the places of the parameters in the flat arrays. `make` runs the source: each time
    it gives other arrays, and functions that work in those.
    """

    source: str
    programs: list[tuple[str, Program]]
    arrays: Mapping[Call, str]
    inputs: tuple[Input, ...]
    parts: list[slice]
    make: Callable[[], Arrays]


def write_step(program: Program, moved: Sequence[Input], optimizer: Any, top: str) -> WrittenStep:
    """The step of a recorded program that moves the inputs `moved`."""
    asked = skip_gradients(program, moved)
    passes = [("as recorded", program), ("gradients that nobody needs", asked)]
    passes += optimise(asked, reorder=True)
    program = passes[-1][1]
    flat = np.empty(sum(leaf.array.size for leaf in moved), moved[0].dtype)
    update = trace_update(optimizer, flat)
    layout = Layout(flat, moved, program, update)
    whole = Program(
        (*layout.inputs, *program.inputs),
        program.calls + (update.calls if update else ()),
        program.value,
        program.gradients,
        others=layout.results,
    )
    # The gradients may be overwritten once the rule has read them.
    placement = place(whole, given=layout.given, spent=[layout.given[layout.inputs[1]]])
    writer = Writer(whole, placement, brief=True)
    inputs = tuple(leaf for leaf in program.inputs if leaf not in layout.given)
    value, note = writer.fresh(program.value), f"{top}, and its gradients"
    lines = writer.write(Part("passes", inputs, program.calls, value, note, layout.slope_copies))
    if update is not None:
        for part in _update_parts(update, layout, writer):
            lines += ["", "", *writer.write(part)]
    made = writer.setup(whole)  # before the header: it may need functions too
    source = "\n".join([*writer.header(), "", *made, "", "", *lines, ""])
    code = compile(source, "<compiled step>", "exec")
    remembered = update.remembered if update else ()

    def make() -> Arrays:
        space = dict(writer.given)
        exec(code, space)
        return Arrays(
            space["passes"], space.get("rates"), space.get("update"), space["parameters"],
            space["gradients"],
            [space[writer.name(entry)] if entry.shape else entry.array for entry in remembered],
        )  # fmt: skip

    arrays = {call: writer.name(call) for call in program.calls if call in placement.buffers}
    return WrittenStep(source, passes, arrays, inputs, layout.parts, make)


def _update_parts(update: Update, layout: Layout, writer: Writer) -> list[Part]:
    """The rule: what follows from lr alone, computed when lr changes, and then the rest.

    It takes the numbers that are remembered, and returns the new ones.
    """
    lr = update.inputs[2]
    known: dict[Value, None] = {lr: None}  # a dict, for its order
    first: list[Call] = []
    for call in update.calls:
        if all(operand in known for operand in call.operands):
            known[call] = None
            first.append(call)
    rest = [call for call in update.calls if call not in known]
    rates = [value for value in known if any(value in call.operands for call in rest)]
    shown = [_rate(value, rest, writer) for value in rates]
    taken = [leaf for leaf in update.remembered if not leaf.shape]
    pairs = zip(update.remembered, update.memory, strict=True)
    returned = [writer.name(new) for old, new in pairs if not old.shape]
    return [
        Part("rates", [lr], first, _tuple(shown)),
        Part("update", [*rates, *taken], rest, _tuple(returned), "", layout.value_copies),
    ]


def _tuple(names: Sequence[str]) -> str:
    return f"({', '.join(names)}{',' * (len(names) == 1)})"


def _rate(value: Value, rest: list[Call], writer: Writer) -> str:
    """A number as an array, which NumPy need not convert, if nothing but arrays meet it."""
    readers = [call for call in rest if value in call.operands]
    name = writer.name(value)
    if not all(call.function.ufunc and call.shape for call in readers):
        return name
    return f"np.array({name}{kind(readers[0].dtype)})"
