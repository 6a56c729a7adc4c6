"""Replay: the values of a graph at other inputs. The graph itself keeps its own."""

from typing import Any

import numpy as np

from .graph import ComputationGraph
from .tensor import Tensor


def nudged(
    graph: ComputationGraph, leaf: Tensor, place: tuple[int, ...], h: float
) -> dict[Tensor, Any]:
    """The value of every node, were the number at this place of a leaf larger by `h`."""
    twin = graph.copy()
    twins = dict(zip(graph.nodes, twin.nodes, strict=True))
    value = np.array(leaf._data)
    value[place] += h
    leaves = {node: node._data for node in twin.nodes if node.operation is None}
    with np.errstate(all="ignore"):  # what is not finite is shown, loudly
        twin._replay(leaves | {twins[leaf]: value[()]})
    return {node: one._data for node, one in twins.items()}


class Projection:
    """The output times its seed as a function of the variables' arrays, in float64."""

    def __init__(self, graph: ComputationGraph, variables: list[Tensor], seed: Any) -> None:
        self.graph = graph.copy()
        twins = dict(zip(graph.nodes, self.graph.nodes, strict=True))
        self.places = [twins[leaf] for leaf in variables]
        self.leaves = {
            node: np.array(node._data, dtype=float)[()]
            for node in self.graph.nodes
            if node.operation is None
        }
        self.seed = np.asarray(seed, dtype=float)

    def __call__(self, arrays: list[Any]) -> float:
        moved = zip(self.places, arrays, strict=True)
        values = {place: np.copy(array)[()] for place, array in moved}
        return float(np.sum(self.seed * self.graph._replay(self.leaves | values)))
