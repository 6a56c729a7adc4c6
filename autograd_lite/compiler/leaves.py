"""Leaves: the inputs of a program, and the values that they have at a call."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .program import Input


class Leaves:
    """Takes values by name; what is not named has the value that its tensor has now.

    A program of single numbers takes Python's floats.
    """

    def __init__(self, graph: Any, inputs: tuple[Input, ...], numbers: bool) -> None:
        self._graph = graph
        nodes = {graph.label(node): node for node in graph.nodes if node.operation is None}
        named = graph.inputs
        self._places = [
            (
                leaf.label if leaf.label in named else None,
                nodes[leaf.label],
                leaf,
                leaf.shape,
                leaf.dtype,
            )
            for leaf in inputs
        ]
        self.nodes = [node for _, node, *_ in self._places]
        self._labels: list[Any] = [label for label, *_ in self._places]
        self.values = self._floats if numbers else self._arrays

    def _arrays(self, inputs: Mapping[Any, Any]) -> list[Any]:
        """One array for each input, in order. Those of the right kind are not copied.

        Raises:
            ValueError: an unknown name, or a value of another shape.
        """
        values, found = [], 0
        for label, node, leaf, shape, dtype in self._places:
            value = inputs.get(label)
            if value is None:
                value = node._data
            else:
                found += 1
            if type(value) is not np.ndarray or value.shape != shape or value.dtype is not dtype:
                value = _array(leaf, value, node._data)
            values.append(value)
        if found != len(inputs):
            self._refuse_unknown(inputs)
        return values

    def _floats(self, inputs: Mapping[str, Any]) -> Sequence[Any]:
        values = tuple(map(inputs.get, self._labels))
        if len(inputs) == len(values):
            for value in values:
                if type(value) is not float:
                    break
            else:
                return values  # the usual call, in as few words as possible
        return [value if type(value) is float else value.item() for value in self._arrays(inputs)]

    def _refuse_unknown(self, inputs: Mapping[str, Any]) -> None:
        for name, value in inputs.items():
            self._graph.input_named(name)
            if value is None:
                raise ValueError(f"forward: {name} received None, expected a number or an array.")
        known = ", ".join(label for label, *_ in self._places if label)
        raise ValueError(f"forward: received {', '.join(inputs)}, expected only {known}.")


def _array(leaf: Input, value: Any, own: Any) -> Any:
    """The value as the program takes it, or a message; `own` is that of the tensor."""
    array = np.asarray(getattr(value, "_data", value))
    if array.dtype.kind not in "fiub":
        raise ValueError(
            f"forward: {leaf.label} received {value!r}, expected a number or an array of numbers."
        )
    if array.shape != leaf.shape and value is own:
        raise ValueError(
            f"forward: {leaf.label} has become an array of shape {array.shape}; it had shape "
            f"{leaf.shape} when this program was written. Compile another one."
        )
    if array.shape != leaf.shape:
        raise ValueError(
            f"forward: {leaf.label} received shape {array.shape}, expected {leaf.shape}, for "
            "which this program was written. Write ag.compile(function), which writes another "
            "program for each shape."
        )
    return array.astype(leaf.dtype, copy=False)[()]
