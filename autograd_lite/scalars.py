"""The scalar view: the same computation with every number a node of its own."""

from collections.abc import Callable
from functools import reduce
from math import prod
from typing import Any, TypeAlias

import numpy as np

from .kinds import Elementwise
from .ops.arithmetic import Add, Divide, Multiply
from .ops.indexing import GetItem
from .ops.indicator import Flat
from .ops.linalg import Matmul
from .ops.reduction import Mean, Prod, Sum, range_of
from .ops.selection import Where
from .ops.shape import AsType, BroadcastTo, Concatenate, Reshape, Transpose
from .recording import Scope, setting, within
from .tensor import Tensor

MOST = 5_000  # nodes; more than that nobody can read
MOVERS = (BroadcastTo, Concatenate, GetItem, Reshape, Transpose, Where)
REDUCED = {Sum: Add, Mean: Add, Prod: Multiply}

Graph: TypeAlias = Any  # a ComputationGraph
Places: TypeAlias = np.ndarray  # for each element of an array, which of the numbers it is


def scalar_output(graph: Graph) -> Tensor:
    """The output of `graph` computed again, number by number.

    Raises:
        ValueError: an output of several elements, or more than 5,000 nodes.
        TypeError: an operation that cannot be taken apart.
    """
    graph.check_unchanged()
    if graph.output.size != 1:
        raise ValueError(
            f"scalars: received {graph.output.describe()} of shape {graph.output.shape}, expected "
            "one number at the end. Make one of it first, for example with .sum()."
        )
    count = sum(_count(graph, node) for node in graph.nodes)
    if count > MOST:
        raise ValueError(
            f"scalars: received a graph of {count:,} single numbers, expected at most {MOST:,}. "
            "Take fewer rows of data or narrower layers, or draw the graph with its matrices."
        )
    numbers: list[Tensor] = []
    places: dict[Tensor, Places] = {}
    for node in graph.nodes:
        chain = graph.homes[node]
        if _count(graph, node) > 1:
            chain = (*chain, Scope(graph.label(node)))
        made = len(numbers)
        with setting(recording=True), within(chain):
            places[node] = _taken_apart(node, [places[tensor] for tensor in node.inputs], numbers)
        _name(node, places[node], numbers, made)
    return numbers[places[graph.output].item()]


def _count(graph: Graph, node: Tensor) -> int:
    """How many nodes it makes."""
    operation, size = node.operation, node.size
    if type(operation) in MOVERS:
        return 0
    if operation is None or _is_elementwise(node):
        return size
    if type(operation) is not Matmul and type(operation) not in REDUCED:
        raise _refusal(node)
    terms = _terms(node)
    if terms == 0:
        raise ValueError(f"scalars: {graph.label(node)} is made of no numbers at all.")
    if type(operation) is Matmul:
        return size * (2 * terms - 1)
    return size * (terms - 1) + (size + 1 if _divides(node) else 0)


def _refusal(node: Tensor) -> TypeError:
    return TypeError(
        f"scalars: {node.describe()} is computed by {type(node.operation).__name__}, which cannot "
        "be taken apart into single numbers. Write it with operators, functions of each element, "
        "@, sum and mean, or draw the graph with its matrices."
    )


def _is_elementwise(node: Tensor) -> bool:
    """Whether the operation runs on each element alone: any does where all are single numbers."""
    single = not any(tensor.ndim for tensor in (node, *node.inputs))
    return single or isinstance(node.operation, Elementwise | Flat | AsType)


def _terms(node: Tensor) -> int:
    """How many numbers are put together for each element of a product or a reduction."""
    x = node.inputs[0]
    if type(node.operation) is Matmul:
        return x.shape[-1]
    return prod(x.shape[axis] for axis in range_of(node.operation.axis, x.ndim))


def _divides(node: Tensor) -> bool:
    return type(node.operation) is Mean and _terms(node) > 1


def _taken_apart(node: Tensor, inputs: list[Places], numbers: list[Tensor]) -> Places:
    """Compute the numbers of a node: append them to `numbers` and tell where each element is."""
    operation = node.operation
    if type(operation) in MOVERS:
        return np.asarray(operation.forward(*inputs))
    if operation is None:
        made = [Tensor(value, node.requires_grad) for value in np.ravel(node._data)]
    elif _is_elementwise(node):
        spread = np.broadcast_arrays(*inputs)
        rows = zip(*(part.ravel() for part in spread), strict=True)
        made = [operation(*(numbers[place] for place in row)) for row in rows]
        if any(one.ndim for one in made):  # it keeps an array, such as the bounds of clip
            raise _refusal(node)
    elif type(operation) is Matmul:
        made = _products(node, inputs, numbers)
    elif _terms(node) == 1:
        return inputs[0].reshape(node.shape)
    else:
        made = _reduced(node, inputs[0], numbers)
    numbers += made
    return np.arange(len(numbers) - len(made), len(numbers)).reshape(node.shape)


def _products(node: Tensor, inputs: list[Places], numbers: list[Tensor]) -> list[Tensor]:
    """z[i, j] = x[i, 0]·y[0, j] + x[i, 1]·y[1, j] + …"""
    x, y = inputs
    x = x[..., None, :] if x.ndim > 1 else x  # (…, n, 1, k)
    y = np.swapaxes(y, -1, -2) if y.ndim > 1 else y  # (…, m, k)
    if inputs[0].ndim > 1 and y.ndim > 1:
        y = y[..., None, :, :]
    x, y = np.broadcast_arrays(x, y)
    rows = zip(x.reshape(node.size, -1), y.reshape(node.size, -1), strict=True)
    return [
        _chain(Add, [numbers[i] * numbers[j] for i, j in zip(*row, strict=True)]) for row in rows
    ]


def _reduced(node: Tensor, x: Places, numbers: list[Tensor]) -> list[Tensor]:
    axes = [axis % x.ndim for axis in range_of(node.operation.axis, x.ndim)]
    others = [axis for axis in range(x.ndim) if axis not in axes]
    groups = np.transpose(x, (*others, *axes)).reshape(node.size, _terms(node))
    kind = REDUCED[type(node.operation)]
    totals = [_chain(kind, [numbers[place] for place in group]) for group in groups]
    if not _divides(node):
        return totals
    n = Tensor(np.asarray(_terms(node), node.dtype), requires_grad=False)
    return [Divide()(total, n) for total in totals]


def _chain(kind: Callable[[], Any], terms: list[Tensor]) -> Tensor:
    """The terms put together two at a time, from the left."""
    return reduce(lambda total, term: kind()(total, term), terms)


def _name(node: Tensor, places: Places, numbers: list[Tensor], made: int) -> None:
    """W[0,1] for an element of W; a single element keeps the name."""
    if node.name is None:
        return
    for index, place in np.ndenumerate(places):
        if place >= made or numbers[place].name is None:  # new, or moved here without a name
            where = ",".join(map(str, index))
            numbers[place].name = node.name if node.size == 1 else f"{node.name}[{where}]"
