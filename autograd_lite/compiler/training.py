"""A training step: both passes and the optimiser's rule as NumPy source, all in place."""

from collections.abc import Mapping, Sequence
from math import isfinite
from operator import attrgetter, is_
from typing import Any

import numpy as np

from ..nn.normalise import Drop
from ..ops.indexing import GetItem, is_basic
from ..optim.gradients import all_finite, call_of, not_finite
from ..optim.optimizer import Optimizer
from ..tensor import new_number
from .leaves import Leaves
from .program import Input, Program
from .step_source import write_step

_data = attrgetter("_data")


class TrainingStep:
    """`step(**inputs)` gives the loss, and moves the optimiser's parameters along its gradients.

    It does what `loss.backward()` and `optimizer.step()` do, in place: the parameters lie one
    behind the other in one array, their gradients in another, and the optimiser's rule runs once
    for all. `grad` of the parameters stays what it was. `optimizer.lr` is read at every step; its
    other settings are those of the time when the step was compiled.

    `source` is the code. `passes` and `arrays` tell how it came about, as those of `Compiled`;
    some of its passes change the order of sums and products, and so the last bits.

    >>> import autograd_lite as ag
    >>> w = ag.Tensor([3.0, -5.0], name="w")
    >>> x = ag.Tensor([1.0, 2.0], requires_grad=False, name="x")
    >>> graph = ag.ComputationGraph(((w - x) ** 2.0).sum())
    >>> step = graph.compile().training_step(ag.optim.SGD([w], lr=0.5))
    >>> print(step(x=[0.0, 0.0]))
    34.0
    >>> w.data
    array([0., 0.])
    """

    def __init__(self, graph: Any, program: Program, quiet: bool, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self._quiet = quiet
        _refuse_what_cannot_be_trained(graph, optimizer)
        moved = _moved(graph, program, optimizer)
        self._places = list(moved)
        self._tensors = [optimizer.parameters[place] for place in moved]
        written = write_step(program, list(moved.values()), optimizer, graph.top)
        self.source = written.source
        self.passes, self.arrays = written.programs, written.arrays
        self._passes, self._rates, self._update = written.passes, written.rates, written.update
        self._lr: float | None = None
        self._now: tuple[Any, ...] = ()  # what follows from lr
        self._leaves = Leaves(graph, written.inputs, numbers=False, owner="step")
        self._inputs = written.inputs
        self._data = _data_of(graph, written.inputs, optimizer)
        self._labels_fixed = any(map(_picks, graph.nodes))
        self._slopes = written.slopes
        shapes = [tensor.shape for tensor in self._tensors]
        self._values = _parts(written.values, written.parts, shapes)
        self._gradients = _parts(written.slopes, written.parts, shapes)
        self._memory = [
            _parts(entry, written.parts, shapes) if np.ndim(entry) else None
            for entry in written.memory
        ]
        self._numbers: tuple[Any, ...] = ()
        self._watched = [*self._leaves.nodes, *self._tensors]
        self._seen: list[Any] = [None] * len(self._watched)  # their values at the last step
        self._given: Sequence[Any] = ()
        # What the tensors and the optimiser were given: another value there is somebody else's.
        self._handed: list[Any] = [None] * len(self._tensors)
        self._remembered: list[Any] = [None] * len(self._tensors)
        self._single = not all(tensor.ndim for tensor in self._tensors)  # no views, but numbers
        self._number = new_number()
        # Below this no step goes to infinity; above it each is looked at before anything moves.
        self._safe = 1e100 if self._slopes.dtype == np.float64 else 1e15
        self._take_over()
        self._hand_out()

    def __call__(self, /, **inputs: Any) -> Any:
        """One step; returns the loss before it.

        Raises:
            FloatingPointError: a gradient has a nan or an inf, or a parameter or what is
                remembered of it would get one. Nothing was changed then.
            ValueError: an unknown name, or a value of another shape.
        """
        if inputs or not all(map(is_, map(_data, self._watched), self._seen)):
            values = self._prepared(inputs)
        else:
            values = self._given  # nothing is new
        if self._quiet:
            with np.errstate(all="ignore"):
                loss = self._passes(*values)
        else:
            loss = self._passes(*values)
        slopes = self._slopes
        squares = slopes.dot(slopes)
        if not isfinite(squares) and not all_finite(slopes):
            raise self._not_finite(values)
        if squares >= self._safe or self.optimizer._lr >= self._safe:
            self._move_one_by_one()
        elif self._update is not None and not self._memory and self.optimizer._lr == self._lr:
            self._update(*self._now)  # the usual way, in few words
        else:
            self._move()
        number = new_number()
        if number != self._number + 1 or self._single:
            self._hand_out()  # tensors were made since the last step, perhaps a graph of these
        self._number = number
        return loss

    def _prepared(self, inputs: Mapping[str, Any]) -> Sequence[Any]:
        """What the passes take, with all that has changed since the last step."""
        values = self._leaves.values(inputs)
        if inputs:
            self._refuse_half_a_batch(inputs)
        if not all(map(is_, map(_data, self._tensors), self._handed)):
            self._take_over()
        if not inputs:
            self._given = values
            self._seen = [*map(_data, self._leaves.nodes), *self._handed]
        return values

    def _refuse_half_a_batch(self, inputs: Mapping[str, Any]) -> None:
        """What is not given would be that of the recorded batch, and nobody would notice."""
        missing = [name for name in self._data if name not in inputs]
        if missing:
            raise ValueError(
                f"step: received {', '.join(inputs)}, but not {', '.join(missing)}. Give all of "
                f"{', '.join(self._data)}, or nothing for the recorded ones. A constant that "
                "stays what it is needs no name."
            )
        if self._labels_fixed:
            raise ValueError(
                "step: the graph picks by whole numbers that were recorded, such as the labels of "
                "the first batch; another batch would be trained on them. Give labels as rows: "
                "Tensor(np.eye(10)[labels], requires_grad=False, name='labels') for 10 classes."
            )

    def _take_over(self) -> None:
        """Copy parameters that somebody else has given another value."""
        for tensor, handed, value in zip(self._tensors, self._handed, self._values, strict=True):
            if tensor._data is handed:
                continue
            if tensor.shape != value.shape or tensor.dtype != value.dtype:
                raise ValueError(
                    f"TrainingStep: {tensor.describe()} has become {tensor.dtype} of shape "
                    f"{tensor.shape}; it was {value.dtype} of shape {value.shape} when the step "
                    "was compiled. Compile another one."
                )
            value[...] = tensor._data
        self._number = -1  # whatever happens, they are handed out again after this step

    def _hand_out(self) -> None:
        """Give each tensor its numbers in a new array, which graphs recorded before do not hold.

        The memory behind is the same, but by the array a graph notices.
        """
        for i, tensor in enumerate(self._tensors):
            view = self._values[i].view()
            view.flags.writeable = False
            self._handed[i] = tensor._data = view[()]
        self._seen[len(self._leaves.nodes) :] = self._handed

    def _move(self) -> None:
        """The optimiser's rule: for all at once, if what it remembers is here."""
        if self._update is None:
            self._move_one_by_one()
            return
        if self.optimizer.lr != self._lr and self._rates is not None:
            self._lr = self.optimizer.lr
            self._now = self._rates(self._lr)
        if not self._memory:
            self._update(*self._now)
            return
        memory = self.optimizer._memory
        ours = all(
            memory[place] is entry
            for place, entry in zip(self._places, self._remembered, strict=True)
        )
        if not ours:
            self._move_one_by_one()
        else:
            numbers = self._update(*self._now, *self._numbers)
            if self._numbers:
                self._numbers = numbers
                self._remember()

    def _move_one_by_one(self) -> None:
        """As the optimiser itself does it: before there is something to remember, where numbers
        are large, or if its rule is not written for all numbers alike.
        """
        optimizer, moved = self.optimizer, []
        with np.errstate(all="ignore"):  # what overflows is told below, by name
            for place, *parts in zip(self._places, self._values, self._gradients, strict=True):
                value, gradient = map(np.array, parts)  # a rule may remember them as they are now
                gradient = optimizer.decayed(gradient, value)
                new, memory = optimizer.update(value, gradient, optimizer._memory[place])
                if not all_finite(new):
                    raise FloatingPointError(optimizer._too_far(place))
                if not all(map(all_finite, memory)):
                    raise FloatingPointError(optimizer._too_large(place))
                moved.append((new, memory))
        for place, value, (new, memory) in zip(self._places, self._values, moved, strict=True):
            value[...] = new
            optimizer._memory[place] = memory
        memories = [memory for _, memory in moved]
        if self._update is None or not self._memory:
            return
        numbers = {
            tuple(e for e, part in zip(memory, self._memory, strict=True) if part is None)
            for memory in memories
        }
        if len(numbers) == 1:
            self._numbers = numbers.pop()
            for entries, arrays in zip(zip(*memories, strict=True), self._memory, strict=True):
                for entry, array in zip(entries, arrays or (), strict=arrays is not None):
                    array[...] = entry
            self._remember()

    def _remember(self) -> None:
        """Let the optimiser see what it remembers, so that it can go on by itself."""
        for i, place in enumerate(self._places):
            numbers = iter(self._numbers)
            entry = tuple([next(numbers) if part is None else part[i] for part in self._memory])
            self.optimizer._memory[place] = self._remembered[i] = entry

    def _not_finite(self, values: Sequence[Any]) -> FloatingPointError:
        place = next(i for i, g in enumerate(self._gradients) if not np.isfinite(g).all())
        error = not_finite(
            self.optimizer.parameters, self._places[place], self._gradients[place], "step"
        )
        for leaf, value in zip(self._inputs, values, strict=True):
            if not all_finite(value):
                return FloatingPointError(
                    f"{str(error).partition('. Nothing')[0]}, and input {leaf.label} has nan or "
                    "inf in it already. Nothing was changed."
                )
        return error

    def __repr__(self) -> str:
        names = ", ".join(self._data)
        return f"TrainingStep({names}; {len(self._tensors)} parameters, {self.optimizer!r})"


def _data_of(graph: Any, inputs: Sequence[Input], optimizer: Optimizer) -> list[str]:
    """The arrays that a batch consists of: named constants that are nobody's frozen weights."""
    given = {leaf.label for leaf in inputs}
    owned = {number for scope in graph.scopes.values() for number in scope.owned}
    owned |= {parameter._number for parameter in optimizer.parameters}
    return [
        name for name, leaf in graph.inputs.items()
        if name in given and not leaf.requires_grad and leaf.ndim and leaf._number not in owned
    ]  # fmt: skip


def _picks(node: Any) -> bool:
    return isinstance(node.operation, GetItem) and not is_basic(node.operation.index)


def _refuse_what_cannot_be_trained(graph: Any, optimizer: Any) -> None:
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"training_step: received {type(optimizer).__name__}, expected an optimiser, such as "
            "optim.SGD(parameters, lr=0.1)."
        )
    if any(isinstance(node.operation, Drop) for node in graph.nodes):
        raise ValueError(
            "training_step: the graph has a Dropout, which drew once what it drops; every step "
            "would drop the same. Train with backward() and optimizer.step(), or call model.eval() "
            "before recording, to drop nothing."
        )
    if type(optimizer).step is not Optimizer.step:
        raise TypeError(
            f"training_step: {type(optimizer).__name__} has a step of its own, which a program "
            "would pass over. Write the rule as update(value, gradient, memory) alone."
        )
    if graph.output.size != 1:
        raise ValueError(
            f"training_step: the output has shape {graph.output.shape}, expected one number, the "
            "loss. Make it one, for example with .mean()."
        )


def _moved(graph: Any, program: Program, optimizer: Optimizer) -> dict[int, Input]:
    """The parameters that get a gradient, by their places: they are inputs of the program."""
    by_label = {leaf.label: leaf for leaf, slope in program.gradients.items() if slope is not None}
    leaves = {node: by_label.get(graph.label(node)) for node in graph.nodes}
    found = {place: leaves.get(tensor) for place, tensor in enumerate(optimizer.parameters)}
    moved = {place: leaf for place, leaf in found.items() if leaf is not None}
    if not moved:
        raise ValueError(
            f"training_step: {graph.top} depends on none of the optimiser's parameters, of which "
            f"the first is {call_of(optimizer.parameters, 0)}. Compute the loss from them."
        )
    kinds = sorted({str(leaf.dtype) for leaf in moved.values()})
    if len(kinds) > 1:
        raise TypeError(
            f"training_step: the parameters are {' and '.join(kinds)}, expected one kind. Write "
            "model.astype(np.float32)."
        )
    return moved


def _parts(flat: np.ndarray, parts: list[slice], shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    return [flat[part].reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
