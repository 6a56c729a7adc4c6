"""The source of a training step: both passes, then the optimiser's rule, on flat arrays."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .passes import optimise, skip_gradients
from .placement import Buffer, can_write, place
from .program import Call, Input, Program, Value
from .source import Part, Writer
from .trace import trace
from .two_passes import HEADER, run
from .update import Update, trace_update


class WrittenStep(NamedTuple):
    """`passes(*inputs)` fills `slopes` and gives the loss; `update(lr, *numbers)` moves.

    `values` and `slopes` are one array each, `parts` the places of the parameters in them.
    `memory` is what the optimiser's rule remembers: such an array, or a number, which `update`
    takes and returns. `update` is `None` where the rule could not be written for all at once.
    """

    source: str
    inputs: tuple[Input, ...]
    passes: Callable[..., Any]
    update: Callable[..., Any] | None
    values: np.ndarray
    slopes: np.ndarray
    parts: list[slice]
    memory: list[Any]
    quiet: bool


def write_step(graph: Any, moved: Sequence[Any], optimizer: Any) -> WrittenStep:
    """The step that moves the tensors `moved`, which are leaves of the graph."""
    recorded, quiet = trace(graph)
    by_label = {leaf.label: leaf for leaf in recorded.inputs}
    wanted = [by_label[graph.label(tensor)] for tensor in moved]
    program = skip_gradients(recorded, wanted)
    for _, after in optimise(program, reorder=True):
        program = after
    flat = np.empty(sum(_size(leaf) for leaf in wanted), wanted[0].dtype)
    update = trace_update(optimizer, flat)
    layout = Layout(flat, wanted, program, update)
    calls = program.calls + (update.calls if update else ())
    results = dict(enumerate((*program.gradients.values(), *layout.results)))
    whole = Program((*layout.inputs, *program.inputs), calls, program.value, results)
    writer = Writer(whole, place(whole, given=layout.given))
    inputs = tuple(leaf for leaf in program.inputs if leaf not in layout.given)
    note = f"{graph.top}, and its gradients"
    functions = writer.write(
        Part("passes", inputs, program.calls, writer.fresh(program.value), note, layout.slope_copies)
    )
    if update is not None:
        numbers = [new for old, new in zip(update.remembered, update.memory, strict=True) if not old.shape]
        returned = "".join(f"{writer.name(number)}, " for number in numbers).rstrip()
        taken = [leaf for leaf in update.inputs[2:] if not leaf.shape]
        functions += ["", "", *writer.write(
            Part("update", taken, update.calls, returned, "", layout.value_copies)
        )]  # fmt: skip
    source = "\n".join([HEADER, "", *writer.setup(whole), "", "", *functions, ""])
    space = run(source, writer.given)
    memory = [
        space[writer.name(entry)] if entry.shape else entry.array
        for entry in (update.remembered if update else ())
    ]
    return WrittenStep(
        source, inputs, space["passes"], space.get("update"), space["parameters"],
        space["gradients"], layout.parts, memory, quiet,
    )  # fmt: skip


class Layout:
    """Which values lie where in the flat arrays, and what has to be copied there."""

    def __init__(
        self, flat: np.ndarray, wanted: list[Input], program: Program, update: Update | None
    ) -> None:
        self.inputs = (Input(flat, "parameters"), Input(flat, "gradients"))
        if update is not None:
            self.inputs = update.inputs
        self.given: dict[Value, Buffer] = {}
        self.parts: list[slice] = []
        self.results: list[Value] = []
        self.slope_copies: list[tuple[Value, Value]] = []
        self.value_copies: list[tuple[Value, Value]] = []
        for leaf in self.inputs:
            if leaf.shape:
                zeros = f"np.zeros({flat.size}{'' if flat.dtype == float else f', np.{flat.dtype}'})"
                self.given[leaf] = Buffer(flat, zeros, [leaf])
        for leaf in wanted:
            self._give_parts(leaf, program.gradients[leaf])
        if update is not None:
            for old, new in zip((self.inputs[0], *update.remembered), (update.parameters, *update.memory), strict=True):
                self._write_back(old, new, update.calls)

    def _give_parts(self, leaf: Input, gradient: Value | None) -> None:
        begin = self.parts[-1].stop if self.parts else 0
        part = slice(begin, begin + _size(leaf))
        self.parts.append(part)
        like = np.empty(leaf.shape, leaf.dtype)
        made = f"[{part.start}:{part.stop}].reshape({', '.join(map(str, leaf.shape)) or '()'})"
        self.given[leaf] = Buffer(like, f"parameters{made}", [leaf])
        place = Input(like, f"∂/∂{leaf.label}")
        slope = Buffer(like, f"gradients{made}", [place])
        fits = isinstance(gradient, Call) and can_write(gradient) and gradient not in self.given
        if fits and gradient.array.flags.c_contiguous:
            self.given[gradient] = slope
        else:
            self.given[place] = slope
            self.slope_copies.append((place, gradient))

    def _write_back(self, old: Input, new: Value, calls: Sequence[Call]) -> None:
        """The new value goes where the old one was; at once, if nobody reads the old one later."""
        self.results.append(new)
        if not old.shape or new is old:
            return
        after = calls[calls.index(new) + 1 :] if new in calls else ()
        read = any(old in call.operands for call in after)
        if isinstance(new, Call) and can_write(new) and new not in self.given and not read:
            self.given[new] = self.given[old]
        else:
            self.value_copies.append((old, new))


def _size(value: Value) -> int:
    return int(np.prod(value.shape, dtype=int))
