"""Loop: a small network in training, changed by one button at a time."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from ..graph import ComputationGraph
from ..ops import FUNCTIONS
from ..recording import no_grad
from ..tensor import Tensor
from ..views.number import format_number, format_short

NAMES = {"W1": "W¹", "b1": "b¹", "W2": "W²", "b2": "b²"}
SHAPES = {"W1": (2, 3), "b1": (3,), "W2": (3, 1), "b2": (1,)}
XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])

Changes = dict[str, tuple[str, ...]]  # what changed: a block, and its lines


class Network:
    """Ŷ = σ(σ(X·W¹ + b¹)·W² + b²): two inputs, three hidden units, one output."""

    def __init__(self, rng: Any = None) -> None:
        draw = np.random.default_rng(rng).normal
        self.W1, self.b1, self.W2, self.b2 = (
            Tensor(draw(size=shape), name=name)
            for name, shape in zip(NAMES.values(), SHAPES.values(), strict=True)
        )

    def parameters(self) -> list[Tensor]:
        return [self.W1, self.b1, self.W2, self.b2]

    def __call__(self, x: Any) -> Tensor:
        sigmoid = FUNCTIONS["sigmoid"]
        return sigmoid(sigmoid(x @ self.W1 + self.b1) @ self.W2 + self.b2)


class Loop:
    """Parameters, gradients, and the graph of the loss, if there is one.

    Each method is one button. `said` tells what it did, `changed` which numbers it changed.
    """

    def __init__(self, model: Callable[[Any], Tensor], x: np.ndarray, t: np.ndarray) -> None:
        self.x, self.t = x, t
        self.model = deepcopy(model)
        parameters = _parameters_of(self.model)
        self.parameters = dict(zip(NAMES, parameters, strict=True))
        self._first = {name: p.data for name, p in self.parameters.items()}
        self._start()
        self._try()
        self.said = "Nothing is computed yet. Press Forward."
        self.changed: Changes = {}

    def _start(self) -> None:
        for name, parameter in self.parameters.items():
            parameter.data = self._first[name]
            parameter.grad = None
        self.loss: Tensor | None = None
        self.stale = False  # whether the parameters have changed since the graph was recorded
        self.swept = False  # whether this graph was gone backward already
        self.steps = 0
        self.points: list[tuple[int, float]] = []  # steps taken, loss
        self._kept: tuple[int, dict[str, np.ndarray]] | None = None  # of the last finite loss
        self.stopped = False  # whether the last run came to an end by itself

    def _try(self) -> None:
        """A model that does not fit is refused here, and not by the first button."""
        with np.errstate(all="ignore"):
            output = self.model(Tensor(self.x, requires_grad=False))
            if getattr(output, "shape", None) != self.t.shape:
                raise ValueError(
                    f"model: gave {getattr(output, 'shape', type(output).__name__)} for x of shape "
                    f"{self.x.shape}, expected {self.t.shape}: one output for each row."
                )
            _hidden(ComputationGraph(output), self.parameters["b1"], self.parameters["W2"])

    @property
    def values(self) -> dict[str, np.ndarray]:
        """z², a², Ŷ and J of the last forward pass; empty before one."""
        if self.loss is None:
            return {}
        graph = ComputationGraph(self.loss)
        z2, a2 = _hidden(graph, self.parameters["b1"], self.parameters["W2"])
        return {"z2": z2.data, "a2": a2.data, "Y": self._output.data, "J": self.loss.data}

    def predict(self, points: np.ndarray) -> np.ndarray:
        """Ŷ at points (n, 2), by the parameters as they are."""
        with np.errstate(all="ignore"), no_grad():
            return self.model(Tensor(points, requires_grad=False)).data.ravel()

    # The buttons.

    def forward(self) -> None:
        before = self._numbers()
        self._record()
        self._note(before)
        if self.changed:
            self.said = (
                f"Forward: the values were computed, J = {format_number(self._loss_now())}. "
                "No parameter and no gradient changed."
            )
        else:
            self.said = "Forward: the same parameters gave the same values. Nothing changed."

    def backward(self) -> None:
        before = self._numbers()
        if self.loss is None:
            self.said = "Backward: there is no graph yet to go back through. Press Forward first."
        elif self.stale:
            self.said = (
                "Backward: the parameters have changed since this graph was recorded. "
                "Press Forward first."
            )
        else:
            more = "They kept what earlier passes had left."
            if not self._has_gradients():
                more = "They were empty before."
            elif self.swept:
                more = "It is the same graph again, so the same amounts came on top."
            self._sweep()
            self._note(before)
            added = _count("gradient", self._changed_lines("grad"), "were added to")
            self.said = f"Backward: {added}. No value and no parameter changed. {more}"
            return
        self.changed = {}

    def step(self, lr: float) -> None:
        before = self._numbers()
        if not self._has_gradients():
            self.said = "Step: there are no gradients, so nothing can change. Press Backward first."
        elif trouble := self._move(lr):
            self.said = f"Step: {trouble} Nothing changed. Press Zero, or take a smaller rate."
        else:
            self._note(before)
            moved = _count("parameter", self._changed_lines("value"), "moved")
            late = " The values are now out of date." if self.stale else ""
            self.said = (
                f"Step: {moved} by −{format_short(lr)} times the gradient. "
                f"No gradient changed.{late}"
            )
            return
        self.changed = {}

    def zero(self) -> None:
        before = self._numbers()
        self._empty()
        self._note(before)
        emptied = _count("gradient", self._changed_lines("grad"), "were emptied")
        self.said = (
            f"Zero: {emptied}. No value and no parameter changed." if self.changed
            else "Zero: there are no gradients. Nothing changed."
        )  # fmt: skip

    def run(self, steps: int, lr: float, zeroing: bool) -> None:
        before = self._numbers()
        trouble = next(filter(None, (self._train(lr, zeroing) for _ in range(steps))), "")
        self.stopped = bool(trouble)
        way = "forward, zero, backward, step" if zeroing else "forward, backward, step, no zero"
        end = trouble or f"Before the last step J was {format_number(self._loss_now())}."
        self.said = f"Run: {way}; {_count('step', self.steps, '')}in all. {end}"
        self._note(before)

    def reset(self) -> None:
        before = self._numbers()
        self._start()
        self.said = "Reset: the parameters are as they were at first. No values, no gradients."
        self._note(before)

    # What they are made of.

    def _record(self) -> None:
        """Forward: a new graph."""
        with np.errstate(all="ignore"):  # what is not finite is shown, loudly
            self._output = self.model(Tensor(self.x, requires_grad=False))
            self.loss = ((self._output - self.t) ** 2).mean()
        self.stale = self.swept = False
        if self.points and self.points[-1][0] == self.steps:
            self.points.pop()  # the same parameters, seen again
        if np.isfinite(self._loss_now()):
            self.points.append((self.steps, self._loss_now()))

    def _sweep(self) -> None:
        assert self.loss is not None
        with np.errstate(all="ignore"):
            self.loss.backward()
        self.swept = True

    def _move(self, lr: float) -> str:
        """w ← w − lr·grad for all or for none; what stands against it."""
        moved = {}
        for name, parameter in self.parameters.items():
            if parameter.grad is not None:
                with np.errstate(all="ignore"):
                    moved[name] = parameter.data - lr * parameter.grad
                if not np.isfinite(moved[name]).all():
                    return f"{NAMES[name]} would no longer be finite."
        if not self.stale and np.isfinite(self._loss_now()):
            self._kept = self.steps, {name: p.data for name, p in self.parameters.items()}
        for name, value in moved.items():
            if not np.array_equal(value, self.parameters[name].data):
                self.parameters[name].data = value
                self.stale = self.loss is not None
        self.steps += 1
        return ""

    def _has_gradients(self) -> bool:
        return any(p.grad is not None for p in self.parameters.values())

    def _changed_lines(self, line: str) -> int:
        """How many parameters, or their gradients, the last button changed."""
        return sum(line in self.changed.get(name, ()) for name in NAMES)

    def _empty(self) -> None:
        for parameter in self.parameters.values():
            parameter.grad = None

    def _train(self, lr: float, zeroing: bool) -> str:
        """One step of a run; why the run has to stop, or nothing."""
        self._record()
        if not np.isfinite(now := self._loss_now()):
            return f"Then the loss was {format_number(now)}, so the run stopped.{self._go_back()}"
        if zeroing:
            self._empty()
        self._sweep()
        if trouble := self._move(lr):
            return f"Then the run stopped: {trouble} Try a smaller rate."
        return ""

    def _go_back(self) -> str:
        """To the parameters of the last finite loss, if there was one."""
        if self._kept is None:
            return ""
        self.steps, kept = self._kept
        for name, value in kept.items():
            self.parameters[name].data = value
        self._record()
        return " The parameters are those of the last finite loss. Try a smaller rate."

    def _loss_now(self) -> float:
        return self.loss.item() if self.loss is not None else float("nan")

    def _numbers(self) -> dict[tuple[str, str], Any]:
        """All that is shown: the value and the gradient of each parameter, and the values."""
        shown: dict[tuple[str, str], Any] = {}
        for name, parameter in self.parameters.items():
            shown[name, "value"] = parameter.data
            if parameter.grad is not None:
                shown[name, "grad"] = np.array(parameter.grad)
        return shown | {(name, "value"): value for name, value in self.values.items()}

    def _note(self, before: dict[tuple[str, str], Any]) -> None:
        """Mark what is no longer what it was."""
        now = self._numbers()
        self.changed = {}
        for key in {**before, **now}:
            same = key in before and key in now
            if not same or not np.array_equal(before[key], now[key], equal_nan=True):
                name, line = key
                self.changed[name] = (*self.changed.get(name, ()), line)


def _count(thing: str, count: int, done: str) -> str:
    """
    >>> _count("gradient", 1, "were emptied")
    '1 gradient was emptied'
    """
    done = done.replace("were", "was") if count == 1 else done
    return f"{count:,} {thing}{'s' * (count != 1)} {done}"


def _parameters_of(model: Any) -> list[Tensor]:
    parameters = list(model.parameters()) if hasattr(model, "parameters") else []
    shapes = [parameter.shape for parameter in parameters]
    if shapes != list(SHAPES.values()):
        raise ValueError(
            f"model: received parameters of shapes {shapes}, expected {list(SHAPES.values())}, "
            "two inputs, three hidden units and one output, such as nn.Sequential(nn.Linear(2, 3), "
            "nn.Sigmoid(), nn.Linear(3, 1), nn.Sigmoid())."
        )
    return parameters


def _hidden(graph: ComputationGraph, b1: Tensor, W2: Tensor) -> tuple[Tensor, Tensor]:
    """z², which b¹ was added to, and a², which is multiplied by W²."""
    z2 = next((node for node in graph.nodes if any(one is b1 for one in node.inputs)), None)
    product = next((node for node in graph.nodes if any(one is W2 for one in node.inputs)), None)
    a2 = None if product is None else product.inputs[0]
    if z2 is None or a2 is None or a2 is z2 or a2.shape != z2.shape:
        raise ValueError(
            "model: received one without an activation behind its hidden layer, expected one such "
            "as nn.Sigmoid(): its values are shown."
        )
    return z2, a2
