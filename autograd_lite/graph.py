"""ComputationGraph: what a tensor was computed from, in order, to replay and to step."""

from collections import Counter
from collections.abc import Collection
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np

from .recording import Scope
from .remembered import own_copy
from .scalars import scalar_output
from .scopes import by_scope, group_of, homes, scope_labels
from .steps import (
    GRANULARITIES,
    Step,
    backward_steps,
    check_unchanged,
    forward_steps,
    make_seed,
    topological_order,
)
from .tensor import Tensor, new_number


class ComputationGraph:
    """The graph behind `output`: its nodes in topological order, the output last.

    >>> x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    >>> graph = ComputationGraph(x1 * x2)
    >>> [graph.label(node) for node in graph.nodes]
    ['x1', 'x2', 'v2']
    >>> print(graph.forward(x2=4.0))
    8.0
    """

    def __init__(self, output: Tensor) -> None:
        if not isinstance(output, Tensor):
            raise TypeError(
                f"ComputationGraph: received {type(output).__name__}, expected the Tensor that "
                "a computation returned. Wrap an input as Tensor(value) and compute with it."
            )
        self.nodes: tuple[Tensor, ...] = tuple(topological_order(output))
        self.output = output
        self.ids = _ids(self.nodes)
        self._labels = _labels(self.nodes, self.ids)

    @property
    def inputs(self) -> dict[str, Tensor]:
        """The named leaves: what `forward` accepts."""
        return {
            node.name: node
            for node in self.nodes
            if node.operation is None and self.label(node) == node.name
        }

    def label(self, node: Tensor) -> str:
        """What views call a node: its name if only it has it, else v0, v1, … (c0, … constants)."""
        return self._labels[node]

    @cached_property
    def homes(self) -> dict[Tensor, tuple[Scope, ...]]:
        """The scopes that each node is in, the outermost first."""
        return homes(self.nodes)

    @cached_property
    def scopes(self) -> dict[str, Scope]:
        """Every scope by a name of its own: "layer", or "layer 1" and "layer 2"."""
        computed = [node.scopes for node in self.nodes if node.operation is not None]
        labels = scope_labels([*computed, *self.homes.values()])
        return {label: scope for scope, label in labels.items()}

    @property
    def top(self) -> str:
        """What is differentiated: the output's label, or y if it has no name and y is free."""
        label = self.label(self.output)
        return "y" if label != self.output.name and self.is_free("y") else label

    def is_free(self, name: str) -> bool:
        """Whether no node is called `name`."""
        return name not in self._labels.values()

    def copy(self) -> "ComputationGraph":
        """The same graph on tensors of its own: replaying one does not touch the other."""
        twins: dict[Tensor, Tensor] = {}
        new_number()  # the copies hold the arrays too
        for node in self.nodes:
            twin = twins[node] = copy(node)
            twin.inputs = tuple(twins[tensor] for tensor in node.inputs)
            twin.grad = None
        return ComputationGraph(twins[self.output])

    def forward(self, /, **inputs: Any) -> np.ndarray:
        """Compute every node again, with new values for the named inputs.

        Inputs that are not named keep their values. Returns the output's value. Gradients of
        an earlier backward pass stay what they were. What Python or a mask decided stays decided:
        an `if`, an index, the condition of `where` were answered when the graph was recorded.

        Raises:
            ValueError: an unknown name, or a value that an operation cannot take. The graph
                then keeps all its old values.
        """
        values = {self.input_named(name): value for name, value in inputs.items()}
        return self._replay(
            {
                node: node._data if node not in values else _replacement(node, values[node])
                for node in self.nodes
                if node.operation is None
            }
        )

    def _replay(self, values: dict[Tensor, Any]) -> np.ndarray:
        operations = {}
        new_number()  # new operations hold the leaves' arrays
        for node in self.nodes:
            if node.operation is not None:
                # On a copy: when an operation refuses, the graph keeps what it had.
                operation = operations[node] = own_copy(node.operation)
                operation.needs = tuple(tensor.requires_grad for tensor in node.inputs)
                arrays = tuple(values[tensor] for tensor in node.inputs)
                values[node] = operation.run(node.inputs, arrays)
        for node, value in values.items():
            node._replace(value)
        for node, operation in operations.items():
            node.operation = operation
        return np.asarray(self.output.data)

    def input_named(self, name: str) -> Tensor:
        """The input of this name, or a message that says which there are."""
        inputs = self.inputs
        if name in inputs:
            return inputs[name]
        if any(node.name == name and node.operation is None for node in self.nodes):
            raise ValueError(f"forward: several nodes are called {name!r}. Give each its own name.")
        from difflib import get_close_matches  # for a message; importing it takes time

        near = get_close_matches(name, inputs, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        known = ", ".join(inputs) or "none: give a leaf a name, Tensor(value, name=...)"
        raise ValueError(f"forward: no input is named {name!r}. Inputs are {known}.{hint}")

    def backward(self, gradient: Any = None) -> None:
        """The output's `backward`: the gradient of every leaf, added to what it has."""
        self.output.backward(gradient)

    def steps(
        self, granularity: str = "node", gradient: Any = None, closed: Collection[Scope] = ()
    ) -> list[Step]:
        """Both passes as records: forward, the seed, backward. Nothing in the graph changes.

        Args:
            granularity: "node", an operation at a time; "edge", a contribution at a time; or
                "scope", a scope at a time: of scopes in each other the innermost.
            gradient: the seed, as for `backward`.
            closed: scopes that are taken whole, with all the scopes inside them.
        """
        if granularity not in GRANULARITIES:
            raise ValueError(
                f"steps: received granularity {granularity!r}, expected one of "
                f"{', '.join(map(repr, GRANULARITIES))}."
            )
        seed = make_seed(self.output, gradient)
        backward = backward_steps(list(self.nodes), seed, granularity)
        return self._grained([*self.forward_steps(), *backward], granularity, closed)

    def _grained(
        self, steps: list[Step], granularity: str, closed: Collection[Scope]
    ) -> list[Step]:
        if granularity == "scope":
            homes = self.homes
            steps = by_scope(steps, lambda node: group_of(homes[node], closed))
        return [step._replace(index=index) for index, step in enumerate(steps)]

    def forward_steps(
        self, granularity: str = "node", closed: Collection[Scope] = ()
    ) -> list[Step]:
        """The forward pass alone, which needs no variable and no seed."""
        return self._grained(list(forward_steps(list(self.nodes))), granularity, closed)

    def scalars(self) -> "ComputationGraph":
        """The same computation with every number a node, each array a scope of its name.

        W of shape (2, 3) becomes W[0,0] … W[1,2]; an array of one element keeps its name, and
        is no scope. A matrix product becomes products and sums of two.

        Raises:
            ValueError: an output of several elements, or more than 5,000 nodes.
            TypeError: an operation that cannot be taken apart, such as softmax.

        >>> w, x = Tensor([2.0, 3.0], name="w"), Tensor([4.0, 5.0], name="x")
        >>> graph = ComputationGraph(w @ x).scalars()
        >>> [graph.label(node) for node in graph.nodes]
        ['w[0]', 'w[1]', 'x[0]', 'x[1]', 'v4', 'v5', 'v6']
        """
        return ComputationGraph(scalar_output(self))

    def compile(self) -> Any:
        """Both passes as NumPy source, to read and to run: a `Compiled`.

        >>> compiled = ComputationGraph(Tensor(2.0, name="x") ** 3.0).compile()
        >>> print(compiled(x=4.0), compiled.backward())
        64.0 {'x': 48.0}
        """
        from .compiler import Compiled  # for whoever asks: it is no part of the engine

        return Compiled(self)

    def check_unchanged(self) -> None:
        """Raise if a leaf was given another value after the graph was recorded."""
        check_unchanged(self.nodes)

    def __repr__(self) -> str:
        return f"ComputationGraph({self.top}, {len(self.nodes)} nodes)"


def _replacement(leaf: Tensor, value: Any) -> Any:
    array = np.array(value._data if isinstance(value, Tensor) else value)
    if array.dtype.kind not in "fiub":
        raise ValueError(
            f"forward: {leaf.name} received {value!r}, expected a number or an array of numbers."
        )
    array = array.astype(leaf.dtype)
    array.flags.writeable = False
    return array[()]


def _ids(nodes: tuple[Tensor, ...]) -> dict[Tensor, str]:
    """v0, v1, … in topological order; bare constants are counted apart, as c0, c1, …"""
    ids: dict[Tensor, str] = {}
    counts = {"v": 0, "c": 0}
    for node in nodes:
        bare = node.operation is None and not node.requires_grad and node.name is None
        letter = "c" if bare else "v"
        ids[node] = f"{letter}{counts[letter]}"
        counts[letter] += 1
    return ids


def _labels(nodes: tuple[Tensor, ...], ids: dict[Tensor, str]) -> dict[Tensor, str]:
    taken = Counter([*(node.name for node in nodes), *ids.values()])
    return {node: node.name if node.name and taken[node.name] == 1 else ids[node] for node in nodes}
