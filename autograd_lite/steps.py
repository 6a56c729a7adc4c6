"""Steps: both passes as records. The engine runs this sweep, and every view reads it.

Nodes are Tensors; this module stands below them and only uses their attributes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from .anomaly import check_contribution, check_tangent
from .recording import MODE, Scope, setting

Node: TypeAlias = Any  # a Tensor
Edge: TypeAlias = tuple[Node, int, Any, Any, Any, Any]

_number = attrgetter("_number")
ndarray = np.ndarray
_ONE = np.float64(1.0)

GRANULARITIES = ("node", "edge", "scope")


class Contribution(NamedTuple):
    """What one edge carries in the backward pass: from `node` back to its input `target`.

    `value` = `upstream` × `local`, summed over the axes that broadcasting had repeated.
    `local` is `None` where there is no such product: for an operation that states its
    backward only as a whole, and for a sum along an axis.
    `before` and `after` are the running total of `target`: `None` before the first arrival.
    `arrived` of `expected` arrows have come, this one included.
    """

    node: Node
    position: int
    target: Node
    upstream: Any
    local: Any
    value: Any
    before: Any
    after: Any
    arrived: int
    expected: int

    def __eq__(self, other: object) -> bool:
        return self is other  # comparing the arrays inside would give arrays

    def __ne__(self, other: object) -> bool:
        return self is not other  # tuple has one of its own

    def __hash__(self) -> int:
        return id(self)

    @property
    def remaining(self) -> int:
        """How many arrows to `target` are still to come."""
        return self.expected - self.arrived


class Step(NamedTuple):
    """One thing that happens, with everything that a view may show of it.

    forward: `node` gets `value` from `inputs` (the values of its inputs).
    seed: the output's gradient is set to `upstream`, usually 1.
    backward: `node` passes `upstream` back; `contributions` has one entry per input that
    needs a gradient (granularity "node") or exactly one (granularity "edge").
    With granularity "scope" a step may stand for all of a `scope`: `inner` are its nodes' steps,
    `contributions` all of theirs, and `node` is the scope's result.
    """

    index: int  # type: ignore[assignment]  # in place of tuple.index
    phase: str
    node: Node
    inputs: tuple[Any, ...]
    value: Any
    upstream: Any = None
    contributions: tuple[Contribution, ...] = ()
    scope: Scope | None = None
    inner: "tuple[Step, ...]" = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self)


def topological_order(*outputs: Node, since: int = 0) -> list[Node]:
    """Every node that the outputs are computed from, inputs before results.

    The order of creation is topological, so sorting by it suffices: no recursion. What is
    older than number `since` is left out: it depends on nothing that came later.
    """
    seen = set(outputs)
    order = [*outputs] if len(seen) == len(outputs) else list(dict.fromkeys(outputs))
    for node in order:  # it grows
        for tensor in node.inputs:
            if tensor not in seen and tensor._number >= since:
                seen.add(tensor)
                order.append(tensor)
    order.sort(key=_number)
    return order


def computed_order(output: Node) -> list[Node]:
    """The computed nodes behind an output, inputs before results: all that a sweep visits."""
    order, last = [output], output._number
    seen: set[Node] | None = None  # while the numbers only fall, as in a chain, none comes twice
    for node in order:  # it grows
        for tensor in node.inputs[::-1]:
            if tensor.operation is None:
                continue
            if seen is None:
                number = tensor._number
                if number < last:
                    order.append(tensor)
                    last = number
                    continue
                if number == last:
                    continue
                seen = set(order)
            if tensor not in seen:
                seen.add(tensor)
                order.append(tensor)
    if seen is None:
        order.reverse()
    else:
        order.sort(key=_number)
    return order


def make_seed(output: Node, gradient: Any = None) -> Any:
    """The gradient that the backward pass starts from: 1, or the one that was given."""
    if gradient is None and type(output._data) is np.float64 and output.requires_grad:
        return _ONE
    if not output.requires_grad:
        raise ValueError(
            f"{output.describe()} depends on no variable, so there is no gradient to send "
            "back. Wrap an input as Tensor(value) and compute it again (not inside no_grad)."
        )
    if gradient is None:
        if not output.ndim:
            return type(output._data)(1.0)
        if output.size != 1:
            raise ValueError(
                f"backward() from {output.describe()} of shape {output.shape} needs a seed: "
                "write backward(gradient) with an array of that shape, or make one number "
                "of it first, for example with .sum()."
            )
        return np.ones(output.shape, output.dtype)
    seed = np.array(getattr(gradient, "_data", gradient), dtype=output.dtype)
    if seed.shape != output.shape:
        raise ValueError(
            f"backward() from {output.describe()}: received a seed of shape {seed.shape}, "
            f"expected the shape {output.shape} of the value it belongs to."
        )
    return seed[()]


def sweep(
    order: list[Node],
    totals: dict[Node, Any],
    create_graph: bool = False,
    edges: list[Edge] | None = None,
) -> dict[Node, Any]:
    """The backward pass: each node, last first, sends upstream × local to its inputs.

    `totals` has the seeds at first, and what reached each node in the end; it is returned. Each
    edge adds (node, position, upstream, contribution, before, after) to `edges`. Nothing is
    written into the graph until `commit(totals)`. With `create_graph` the seeds are tensors, and
    all that is computed is recorded.
    """
    if create_graph and not MODE.get().recording:
        with setting(recording=True):  # it is recorded inside no_grad() too
            return sweep(order, totals, create_graph, edges)
    watched = MODE.get().anomaly
    for node in reversed(order):
        operation = node.operation
        if operation is None:
            continue
        if node not in totals:
            check_unchanged((node,))
            continue
        upstream = totals[node]
        targets, recorded = node.inputs, operation.inputs
        if create_graph:
            check_unchanged((node,))  # or its rule would be what cannot be differentiated
            operation = operation.on_tensors(targets, node)
        position = -1
        for contribution in operation.contributions(upstream):
            position += 1  # sooner than `enumerate` and `zip`
            target = targets[position]
            if target._data is not recorded[position]:
                raise _changed(node, target)
            if contribution is None:
                continue
            if watched:
                check_contribution(node, position, upstream, contribution)
            after = totals[target] + contribution if target in totals else contribution
            if edges is not None:
                before = totals.get(target)
                edges.append((node, position, upstream, contribution, before, after))
            totals[target] = after
    return totals


def gradients(
    seeds: dict[Node, Any], targets: Sequence[Node], create_graph: bool = False
) -> list[Any]:
    """The gradient that reaches each target, `None` where no path leads. No `grad` changes."""
    since = min((target._number for target in targets), default=0)
    order = topological_order(*seeds, since=since)
    reached = set(targets)  # what depends on a target; the rest of the graph is left alone
    for node in order:
        if any(tensor in reached for tensor in node.inputs):
            reached.add(node)
    between = [node for node in order if node in reached]
    seeds = {node: seed for node, seed in seeds.items() if node in reached}
    totals = sweep(between, seeds, create_graph)
    return [totals.get(target) for target in targets]


def forward_sweep(
    order: list[Node], tangents: dict[Node, Any], create_graph: bool = False
) -> dict[Node, Any]:
    """Forward mode: the tangents of some nodes move along the graph to all that follow."""
    check_unchanged(order)
    moving = dict(tangents)
    for node in order:
        incoming = [moving.get(tensor) for tensor in node.inputs]
        still = all(tangent is None for tangent in incoming)
        if still or node in moving or not node.requires_grad:
            continue
        operation = node.operation
        if create_graph:
            operation = operation.on_tensors(node.inputs, node)
        moving[node] = operation.tangent(incoming)
        if MODE.get().anomaly:
            check_tangent(node, moving[node])
    return moving


def commit(totals: dict[Node, Any], create_graph: bool = False) -> None:
    """Write the totals of a finished sweep: inner nodes anew, leaves added up."""
    for node, total in totals.items():
        if node._grad is not None and node.operation is None:
            totals[node] = _added(node, total, create_graph)
    for node, total in totals.items():
        if type(total) is ndarray:
            # Several nodes may have it: `Tensor.grad` makes it their own.
            total.setflags(False)  # type: ignore[call-arg]
        node._grad = total


def _added(leaf: Node, total: Any, create_graph: bool) -> Any:
    """What a leaf has from earlier sweeps, and the total of this one."""
    before = leaf._grad
    if np.shape(before) not in ((), leaf.shape):
        raise ValueError(
            f"{leaf.describe()} has a grad of shape {np.shape(before)}, expected its "
            f"own shape {leaf.shape}. Set grad = None before the backward pass."
        )
    if create_graph:
        with setting(recording=True):  # as the sweep itself
            return before + total
    total = getattr(before, "_data", before) + total
    return np.asarray(total, dtype=leaf.dtype)


def check_unchanged(order: Iterable[Node]) -> None:
    """Refuse to read a graph whose leaves were given other values after it was recorded."""
    for node in order:
        if node.operation is None:
            continue
        for tensor, recorded in zip(node.inputs, node.operation.inputs, strict=True):
            if tensor._data is not recorded:
                raise _changed(node, tensor)


def _changed(node: Node, tensor: Node) -> RuntimeError:
    return RuntimeError(
        f"{tensor.describe()} was changed after {node.describe()} was computed "
        "from it, so the recorded values no longer belong together. Compute the "
        "result again, or call ComputationGraph(result).forward()."
    )


def forward_steps(order: list[Node]) -> Iterator[Step]:
    """The forward pass as it was recorded: one step for each node but bare constants."""
    check_unchanged(order)
    for node in order:
        if has_step(node):
            inputs = () if node.operation is None else node.operation.inputs
            yield Step(0, "forward", node, inputs, node._data)


def has_step(node: Node) -> bool:
    """Whether a node has a forward step: all but constants without a name, such as 3 in 3·x."""
    return node.operation is not None or node.requires_grad or node.name is not None


def backward_steps(order: list[Node], seed: Any, granularity: str) -> Iterator[Step]:
    """The seed, then the sweep, an edge or a node at a time."""
    output = order[-1]
    yield Step(0, "seed", output, (), output._data, upstream=seed)
    pending: list[Contribution] = []
    for contribution in contributions(order, seed):
        if pending and (granularity == "edge" or contribution.node is not pending[-1].node):
            yield _backward_step(pending)
            pending = []
        pending.append(contribution)
    if pending:
        yield _backward_step(pending)


def _backward_step(pending: list[Contribution]) -> Step:
    node = pending[0].node
    return Step(
        0, "backward", node, node.operation.inputs, node._data, pending[0].upstream, tuple(pending)
    )


def contributions(order: list[Node], seed: Any) -> Iterator[Contribution]:
    """The sweep with what a view needs besides: local gradients and counts of arrows."""
    expected = Counter(
        tensor
        for node in order
        if node.operation is not None
        for tensor, needed in zip(node.inputs, node.operation.needs, strict=True)
        if needed
    )
    arrived: Counter[Node] = Counter()
    edges: list[Edge] = []
    sweep(order, {order[-1]: seed}, edges=edges)
    for node, position, upstream, value, before, after in edges:
        target = node.inputs[position]
        arrived[target] += 1
        local = node.operation.local_gradient(position)
        if local is not None and np.ndim(value) == 0 and not _is_product(value, upstream, local):
            local = None  # a rule that is not linear in dz: no number stands for it
        yield Contribution(
            node, position, target, upstream, local, value, before, after,
            arrived[target], expected[target],
        )  # fmt: skip


def _is_product(value: Any, upstream: Any, local: Any) -> bool:
    """Whether a contribution is upstream · local, but for rounding and undone broadcasting."""
    if np.ndim(upstream) or np.ndim(local):
        return True
    return bool(np.isclose(value, upstream * local, rtol=1e-4, atol=0.0, equal_nan=True))
