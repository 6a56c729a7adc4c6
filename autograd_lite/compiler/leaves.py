"""Leaves: the inputs of a program, and the values that they have at a call."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from .program import Input


class Leaves:
    """Takes values by name; what is not named has the value that its tensor has now."""

    def __init__(self, graph: Any, inputs: tuple[Input, ...], numbers: bool) -> None:
        self._graph = graph
        self._names = frozenset(graph.inputs)
        nodes = {graph.label(node): node for node in graph.nodes if node.operation is None}
        self._places: list[tuple[str, Any, Callable[[Any], Any]]] = [
            (leaf.label, nodes[leaf.label], partial(_number if numbers else _array, leaf))
            for leaf in inputs
        ]

    def values(self, inputs: Mapping[str, Any]) -> list[Any]:
        """One value for each input, in order.

        Raises:
            ValueError: an unknown name, or a value of another shape.
        """
        if not inputs.keys() <= self._names:
            for name in inputs:
                self._graph.input_named(name)
        return [
            fit(inputs[label] if label in inputs else node._data)
            for label, node, fit in self._places
        ]


def _number(leaf: Input, value: Any) -> float:
    return value if type(value) is float else _array(leaf, value).item()


def _array(leaf: Input, value: Any) -> Any:
    """The value as the program takes it; an array of the right kind is not copied."""
    if isinstance(value, np.ndarray) and value.dtype == leaf.dtype and value.shape == leaf.shape:
        return value if leaf.shape else value[()]
    array = np.asarray(getattr(value, "_data", value))
    if array.dtype.kind not in "fiub":
        raise ValueError(
            f"forward: {leaf.label} received {value!r}, expected a number or an array of numbers."
        )
    if array.shape != leaf.shape:
        raise ValueError(
            f"forward: {leaf.label} received shape {array.shape}, expected {leaf.shape}, for "
            "which this program was written. Write ag.compile(function), which writes another "
            "program for each shape."
        )
    return array.astype(leaf.dtype)[()]
