"""The source of a training step: both passes, then the optimiser's rule, on flat arrays."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .layout import Layout
from .passes import optimise, skip_gradients
from .placement import place
from .program import Call, Input, Program
from .source import Part, Writer
from .two_passes import HEADER, run
from .update import Update, trace_update


class WrittenStep(NamedTuple):
    """`passes(*inputs)` fills `slopes` and gives the loss; `update(lr, *numbers)` moves `values`.

    Both are one array each, `parts` the places of the parameters in them. `memory` is what the
    optimiser's rule remembers: such an array, or a number, which `update` takes and returns.
    `update` is `None` where the rule could not be written for all at once. `programs` led to the
    source of the passes, and `arrays` tells which arrays their calls write into.
    """

    source: str
    programs: list[tuple[str, Program]]
    arrays: Mapping[Call, str]
    inputs: tuple[Input, ...]
    passes: Callable[..., Any]
    update: Callable[..., Any] | None
    values: np.ndarray
    slopes: np.ndarray
    parts: list[slice]
    memory: list[Any]


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
    writer = Writer(whole, placement)
    inputs = tuple(leaf for leaf in program.inputs if leaf not in layout.given)
    value, note = writer.fresh(program.value), f"{top}, and its gradients"
    lines = writer.write(Part("passes", inputs, program.calls, value, note, layout.slope_copies))
    if update is not None:
        lines += ["", "", *writer.write(_update_part(update, layout, writer))]
    source = "\n".join([HEADER, "", *writer.setup(whole), "", "", *lines, ""])
    space = run(source, writer.given)
    remembered = update.remembered if update else ()
    return WrittenStep(
        source,
        passes,
        {call: writer.name(call) for call in program.calls if call in placement.buffers},
        inputs,
        space["passes"],
        space.get("update"),
        space["parameters"],
        space["gradients"],
        layout.parts,
        [space[writer.name(entry)] if entry.shape else entry.array for entry in remembered],
    )


def _update_part(update: Update, layout: Layout, writer: Writer) -> Part:
    """It takes lr and the numbers that are remembered, and returns the new ones."""
    taken = [leaf for leaf in update.inputs[2:] if not leaf.shape]
    pairs = zip(update.remembered, update.memory, strict=True)
    returned = [f"{writer.name(new)}," for old, new in pairs if not old.shape]
    return Part("update", taken, update.calls, " ".join(returned), "", layout.value_copies)
