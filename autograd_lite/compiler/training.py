"""A training step: both passes and the optimiser's rule as NumPy source, all in place."""

from collections.abc import Mapping, Sequence
from math import isfinite
from operator import attrgetter, is_
from sys import getrefcount
from typing import Any

import numpy as np

from ..optim.gradients import all_finite, not_finite
from ..optim.optimizer import Optimizer
from ..tensor import new_number
from .leaves import Leaves
from .program import Program
from .step_source import write_step
from .trainable import data_of, moved_by, picks, refuse_what_cannot_be_trained

_data = attrgetter("_data")


class TrainingStep:
    """`step(**inputs)` gives the loss, and moves the optimiser's parameters along its gradients.

    It does what `loss.backward()` and `optimizer.step()` do, in place: the parameters lie one
    behind the other in one array, their gradients in another, and the rule of SGD or Adam runs
    once for all. `grad` of the parameters stays what it was. `optimizer.lr` is read at every step;
    which parameters move, and the optimiser's other settings, are those of the time when the step
    was compiled. Give all of a batch, or nothing for the recorded one. One thread at a time.

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
        refuse_what_cannot_be_trained(graph, optimizer)
        moved = moved_by(graph, program, optimizer)
        self._places = list(moved)
        self._tensors = [optimizer.parameters[place] for place in moved]
        self._written = write_step(program, list(moved.values()), optimizer, graph.top)
        self.source = self._written.source
        self.passes, self.arrays = self._written.programs, self._written.arrays
        self._leaves = Leaves(graph, self._written.inputs, numbers=False, owner="step")
        self._batch = data_of(graph, self._written.inputs, optimizer)
        self._labels_fixed = any(map(picks, graph.nodes))
        self._numbers: tuple[Any, ...] = ()  # those that the rule remembers, such as steps done
        self._given: Sequence[Any] = ()  # the recorded inputs
        # What was found at the last step in the leaves, and given to the tensors and the optimiser:
        # another value there is somebody else's.
        self._watched = [*self._leaves.nodes, *self._tensors]
        self._seen: list[Any] = [None] * len(self._watched)
        self._handed: list[Any] = [None] * len(self._tensors)
        self._remembered: list[Any] = [None] * len(self._tensors)
        self._single = not all(tensor.ndim for tensor in self._tensors)  # no views, but numbers
        self._number = new_number()
        self._alone: list[int] = []  # how many hold the arrays when nobody else does
        self._install()
        # Below this no step of SGD or Adam goes to infinity; above it each is looked at first.
        self._safe = 1e100 if self._flat.dtype == np.float64 else 1e15
        if self._flat.dtype not in (np.float32, np.float64):
            self._safe = -1.0

    def __call__(self, /, **inputs: Any) -> Any:
        """One step; returns the loss before it.

        Raises:
            FloatingPointError: a gradient has a nan or an inf, or a parameter or what is
                remembered of it would get one. Nothing was changed then.
            ValueError: an unknown name, half a batch, or a value of another shape.
        """
        number = new_number()
        if number != self._number + 1:  # since the last step somebody may have kept our arrays
            self._leave_what_others_hold()
        self._number = number
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
        elif self._quick is not None and self.optimizer._lr == self._lr:
            self._quick(*self._now)  # the usual way, in few words
        else:
            self._move()
        if self._single:
            self._hand_out()
        return loss

    # The arrays that the parameters lie in.

    def _install(self) -> None:
        """Take new arrays, and the functions that work in them."""
        made, parts = self._written.make(), self._written.parts
        shapes = [tensor.shape for tensor in self._tensors]
        self._passes, self._rates, self._update = made.passes, made.rates, made.update
        self._flat, self._slopes = made.values, made.slopes
        self._values = _parts(made.values, parts, shapes)
        self._gradients = _parts(made.slopes, parts, shapes)
        self._memory = [
            _parts(entry, parts, shapes) if np.ndim(entry) else None for entry in made.memory
        ]
        self._flat_memory = made.memory
        self._lr: float | None = None
        self._now: tuple[Any, ...] = ()  # what follows from lr
        # The weights of SGD and Adam grow by no more than their gradients, unless they decay.
        plain = not self._memory and not self.optimizer.weight_decay
        self._quick = self._update if plain else None

    def _leave_what_others_hold(self) -> None:
        """Go on in new arrays if a graph, a picture or the user holds these."""
        if not self._alone or self._holders() == self._alone:
            return
        flat, memory, ours = self._flat, self._flat_memory, self._is_ours()
        self._install()
        self._flat[...] = flat
        for new, old in zip(self._flat_memory, memory, strict=True):
            if np.ndim(new):
                new[...] = old
        self._hand_out()
        if ours and self._memory:
            self._remember()

    def _holders(self) -> list[int]:
        """How many hold the arrays; more than at first, and somebody else does."""
        return [getrefcount(self._flat), *map(getrefcount, self._handed)]

    def _hand_out(self) -> None:
        """Give the tensors views of our arrays, but for those that have another value by now."""
        for i, tensor in enumerate(self._tensors):
            new = self._values[i].view()
            new.flags.writeable = False
            new = new if new.ndim else new[()]
            if tensor._data is self._handed[i]:
                tensor._data = new
            self._handed[i] = new
        del new
        self._seen[len(self._leaves.nodes) :] = self._handed
        self._alone = self._holders()

    def _take_over(self) -> None:
        """Copy parameters that somebody else has given another value."""
        for i, tensor in enumerate(self._tensors):
            value = self._values[i]
            if tensor._data is self._handed[i]:
                continue
            if tensor.shape != value.shape or tensor.dtype != value.dtype:
                raise ValueError(
                    f"step: {tensor.describe()} has become {tensor.dtype} of shape "
                    f"{tensor.shape}; it was {value.dtype} of shape {value.shape} when the step "
                    "was compiled. Compile another one."
                )
        for i, tensor in enumerate(self._tensors):
            if tensor._data is not self._handed[i]:
                self._values[i][...] = self._handed[i] = tensor._data
        self._hand_out()

    # What comes in.

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
            self._alone = self._holders()
        return values

    def _refuse_half_a_batch(self, inputs: Mapping[str, Any]) -> None:
        """What is not given would be that of the recorded batch, and nobody would notice."""
        missing = [name for name in self._batch if name not in inputs]
        if missing:
            raise ValueError(
                f"step: received {', '.join(inputs)}, but not {', '.join(missing)}. Give all of "
                f"{', '.join(self._batch)}, or nothing for the recorded ones. A constant that "
                "stays what it is needs no name."
            )
        if self._labels_fixed:
            raise ValueError(
                "step: the graph picks by whole numbers that were recorded, such as the labels of "
                "the first batch; another batch would be trained on them. Give labels as rows: "
                "Tensor(np.eye(10)[labels], requires_grad=False, name='labels') for 10 classes."
            )

    # The optimiser's rule.

    def _move(self) -> None:
        """For all at once, if what the rule remembers is here, and nothing is too large."""
        if self._update is None or self._rates is None or not self._is_ours():
            self._move_one_by_one()
            return
        if self.optimizer.weight_decay and not self._flat.dot(self._flat) < self._safe:
            self._move_one_by_one()
            return
        if self.optimizer.lr != self._lr:
            self._lr = self.optimizer.lr
            self._now = self._rates(self._lr)
        numbers = self._update(*self._now, *self._numbers)
        if self._numbers:
            self._numbers = numbers
            self._remember()

    def _is_ours(self) -> bool:
        """Whether the optimiser remembers what it was given here."""
        memory = self.optimizer._memory
        return not self._memory or all(
            memory[place] is entry
            for place, entry in zip(self._places, self._remembered, strict=True)
        )

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
        for leaf, value in zip(self._written.inputs, values, strict=True):
            if not all_finite(value):
                return FloatingPointError(
                    f"{str(error).partition('. Nothing')[0]}, and input {leaf.label} has nan or "
                    "inf in it already. Nothing was changed."
                )
        return error

    def __repr__(self) -> str:
        names = ", ".join(self._batch)
        return f"TrainingStep({names}; {len(self._tensors)} parameters, {self.optimizer!r})"


def _parts(flat: np.ndarray, parts: list[slice], shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    return [flat[part].reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
