"""Leaves: the inputs of a program, and the values that they have at a call."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .program import Input

_OTHER_SHAPES = {
    "forward": "ag.compile(function) writes another program for each shape.",
    "step": "For another batch record the graph with it, and make a step with the same optimiser.",
}


class Leaves:
    """Takes values by name; what is not named has the value that its tensor has now.

    A program of single numbers takes Python's floats.
    """

    def __init__(
        self, graph: Any, inputs: tuple[Input, ...], numbers: bool, owner: str = "forward"
    ) -> None:
        self._graph = graph
        self._owner = owner  # for messages
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
                value = self._array(leaf, value, node._data)
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
                raise ValueError(
                    f"{self._owner}: {name} received None, expected a number or an array."
                )
        known = ", ".join(label for label, *_ in self._places if label) or "no inputs"
        raise ValueError(f"{self._owner}: received {', '.join(inputs)}, expected only {known}.")

    def _array(self, leaf: Input, value: Any, own: Any) -> Any:
        """The value as the program takes it, or a message; `own` is that of the tensor."""
        told = f"{self._owner}: {leaf.label}"
        try:
            array = np.asarray(getattr(value, "_data", value))
        except ValueError as error:  # lists of different lengths
            raise ValueError(f"{told} received lists of different lengths: {error}") from None
        if array.dtype.kind not in "fiub":
            raise ValueError(
                f"{told} received {value!r}, expected a number or an array of numbers."
            )
        if array.shape != leaf.shape and value is own:
            raise ValueError(
                f"{told} has become an array of shape {array.shape}; it had shape {leaf.shape} "
                "when this program was written. Compile another one."
            )
        if array.shape != leaf.shape:
            raise ValueError(
                f"{told} received shape {array.shape}, expected {leaf.shape}, for which this "
                f"program was written. {_OTHER_SHAPES[self._owner]}"
            )
        return array.astype(leaf.dtype, copy=False)[()]
