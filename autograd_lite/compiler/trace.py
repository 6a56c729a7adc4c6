"""Tracing: run the rules of a recorded graph on stand-ins, and get both passes as a program."""

from contextlib import suppress
from typing import Any

import numpy as np

from ..broadcasting import unbroadcast
from ..operation import _listed
from ..recording import setting
from ..remembered import own_copy
from ..steps import make_seed, sweep
from .program import Constant, Function, Input, Program, Value
from .traced import BROADCAST, Recorder, Traced, Untraceable
from .whole import Whole, draws, plain


class Twin:
    """A node of the graph with a stand-in for its value: what the engine's sweep goes through."""

    def __init__(self, node: Any, inputs: tuple["Twin", ...], value: Traced, rule: Any) -> None:
        self.inputs = inputs
        self.operation = rule
        self.requires_grad = node.requires_grad
        self._data = value
        self._number = node._number


class Rule:
    """The rule of one operation, run on stand-ins.

    Where it does what cannot be written as lines of NumPy, the operation itself is called.
    """

    def __init__(self, node: Any, inputs: tuple[Traced, ...], labels: "Labels") -> None:
        self.inputs = inputs
        self.needs = node.operation.needs
        self.recorder = labels.recorder
        self._labels = labels
        self._whole: Whole | None = None
        self._traced = own_copy(node.operation)
        self._original = node.operation
        self._node = node

    def forward(self) -> Traced:
        calls, operation = len(self.recorder.calls), self._traced
        try:
            if draws(operation):
                raise Untraceable
            operation.inputs, operation.output = tuple(x.lent() for x in self.inputs), None
            value = operation.forward(*operation.inputs)
            if isinstance(value, np.ndarray | np.generic):  # of nothing but constants
                value = Traced(Constant(value), self.recorder)
            if not isinstance(value, Traced) or not _same(value.array, self._node._data):
                raise Untraceable
        except Exception:  # whatever a rule says of what is no array
            del self.recorder.calls[calls:]
            value = self._call_forward()
        operation.output = value.lent()
        self._output = value.lent()
        return value

    def contributions(self, dz: Traced) -> list[Traced | None]:
        calls = len(self.recorder.calls)
        self.recorder.note = ""
        try:
            if self._whole is not None:
                raise Untraceable
            gradients = _listed(self._traced.backward(dz.lent()))
            fitted = [
                self._fit(position, gradient) if needed else None
                for position, (gradient, needed) in enumerate(
                    zip(gradients, self.needs, strict=True)
                )
            ]
            self._compare(fitted, dz.array)
            return fitted
        except Exception:
            del self.recorder.calls[calls:]
            return self._call_backward(dz)

    def _compare(self, fitted: list[Traced | None], dz: Any) -> None:
        """A rule of somebody else's is believed where it gives what it gives the engine."""
        if not self._original.remembers:
            return
        expected = own_copy(self._original).contributions(plain(dz))
        for ours, theirs in zip(fitted, expected, strict=True):
            if ours is not None and not _same(ours.array, theirs):
                raise Untraceable

    def _fit(self, position: int, gradient: Any) -> Traced:
        """As the engine does it: in the shape and the dtype of the input."""
        wanted = self.inputs[position]
        if not isinstance(gradient, Traced):
            array = np.asarray(gradient, dtype=wanted.dtype)[()]
            gradient = Traced(Constant(array), self.recorder)
        elif gradient.dtype != wanted.dtype:
            gradient = gradient.astype(wanted.dtype)
        if gradient.shape == wanted.shape:
            return gradient
        if gradient.ndim == 0:  # one number for every element
            return self.recorder.record(BROADCAST, (gradient, wanted.shape), {})
        return unbroadcast(gradient, wanted.shape)

    def _call_forward(self) -> Traced:
        self._whole = Whole(self._original, self._node.inputs, last=self._original)
        name = self._labels.name_of(self._original)
        recorded = np.array(self._node._data)[()]  # not run again: it may draw random numbers
        function = Function(f"{name}.forward", self._whole.forward, pure=False)
        return self.recorder.write(recorded, function, self.inputs, {})

    def _call_backward(self, dz: Traced) -> list[Traced | None]:
        whole = self._whole or Whole(self._original, self._node.inputs)
        name = self._labels.name_of(self._original)
        gradients: list[Traced | None] = []
        for position, needed in enumerate(self.needs):
            function = Function(f"{name}.gradient_{position}", whole.gradient(position), pure=False)
            arguments = (dz, self._output, *self.inputs)
            gradients.append(self.recorder.record(function, arguments, {}) if needed else None)
        return gradients


class Labels:
    """Names for operations that are called as they are."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self._names: dict[int, str] = {}

    def name_of(self, operation: Any) -> str:
        return self._names.setdefault(id(operation), f"operation{len(self._names) + 1}")


def trace(graph: Any) -> tuple[Program, bool]:
    """Both passes of a recorded graph as a program, in the engine's own order.

    The inputs are the leaves, but for constants without a name; for an output of several
    elements, the seed is one more. The second result tells whether a rule silenced NumPy.
    """
    recorder = Recorder()
    labels = Labels(recorder)
    twins: dict[Any, Twin] = {}
    inputs = {}
    for node in graph.nodes:
        label = graph.label(node)
        if node.operation is None:
            fixed = not node.requires_grad and node.name is None
            value: Value = (Constant if fixed else Input)(node._data, "" if fixed else label)
            if isinstance(value, Input):
                inputs[node] = value
            twins[node] = Twin(node, (), Traced(value, recorder), None)
            continue
        recorder.note = f"{label} = {_formula(graph, node)}"
        rule = Rule(node, tuple(twins[tensor]._data for tensor in node.inputs), labels)
        output = rule.forward()
        output.value.label = output.value.label or label
        twins[node] = Twin(node, tuple(twins[t] for t in node.inputs), output, rule)
    seed = _seed(graph.output, recorder)
    recorder.part = "backward"
    totals: dict[Any, Traced] = {}
    if seed is not None:
        with setting(anomaly=False):  # stand-ins cannot be watched
            totals = sweep([twins[node] for node in graph.nodes], {twins[graph.output]: seed})
    _label_gradients(graph, twins, totals)
    gradients: dict[Input, Value | None] = {}
    for node, leaf in inputs.items():
        if node.requires_grad:
            total = totals.get(twins[node])
            gradients[leaf] = None if total is None else total.value
    leaves = tuple(inputs.values())
    begin = seed.value if seed is not None and isinstance(seed.value, Input) else None
    value = twins[graph.output]._data.value
    if begin is not None:
        leaves += (begin,)
    return Program(leaves, tuple(recorder.calls), value, gradients, begin), recorder.quiet


def _seed(output: Any, recorder: Recorder) -> Traced | None:
    """What the backward pass begins with: 1, or an input where the output is no single number."""
    if not output.requires_grad:
        return None
    if output.size == 1:
        return Traced(Constant(make_seed(output)), recorder)
    return Traced(Input(np.ones(output.shape, output.dtype), "gradient"), recorder)


def _formula(graph: Any, node: Any) -> str:
    """What the operation computes, in the names of its inputs."""
    labels = [_name(graph, tensor) for tensor in node.inputs]
    operation = node.operation
    if len(labels) <= 6 and operation.formula:
        with suppress(LookupError, ValueError):  # drawings tell what is wrong with it
            return operation.formula.format(**dict(zip("xyzuvw", labels, strict=False)))
    return f"{operation.symbol or type(operation).__name__}({', '.join(labels)})"


def _name(graph: Any, node: Any) -> str:
    """A number without a name is shown itself."""
    bare = node.operation is None and not node.requires_grad and node.name is None
    return f"{node._data:g}" if bare and node.ndim == 0 else graph.label(node)


def _label_gradients(graph: Any, twins: dict[Any, Twin], totals: dict[Twin, Traced]) -> None:
    top = graph.top
    for node, twin in reversed(twins.items()):  # what a sum passes on is called as the sum is
        total = totals.get(twin)
        if total is not None and not total.value.label:
            total.value.label = f"∂{top}/∂{graph.label(node)}"


def _same(array: Any, recorded: Any) -> bool:
    """Whether a rule on stand-ins gave what it gave on arrays."""
    return np.array_equal(array, recorded, equal_nan=True) and array.dtype == recorded.dtype
