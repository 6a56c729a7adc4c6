"""Exercises whose answer is an order: the check lets the nodes send in it and says what comes."""

import re
import reprlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..graph import ComputationGraph
from ..steps import Contribution
from ..tensor import Tensor
from ..views.number import format_short
from .exercise import Exercise, State, Unreadable, Verdict

Edges = dict[str, list[Contribution]]  # the edges back from each operation, by its name


@dataclass(frozen=True, kw_only=True)
class Ordering(Exercise):
    """Put the operations of a graph of named nodes in the order of the backward pass.

    `record` computes the graph anew and returns its output and the variable that is watched.
    """

    record: Callable[[], tuple[Tensor, Tensor]]
    because: str

    def compare(self, answer: Any) -> Verdict:
        output, watched = self.record()
        graph = ComputationGraph(output)
        edges = edges_back(graph)
        order = read_order(answer, list(edges), list(graph.inputs))
        received = sweep(order, edges, graph.label(output))[graph.label(watched)]
        result = (
            f"Your order gives ∂{graph.label(output)}/∂{graph.label(watched)} = "
            f"{format_short(received)}."
        )
        reason = _too_early(order, edges, graph)
        if reason:
            return Verdict(State.NOT_YET, f"{result} {reason}")
        return Verdict(State.RIGHT, f"{result} {self.because}")


def edges_back(graph: ComputationGraph) -> Edges:
    """What every operation sends to, with the local gradients, in the order of the values."""
    edges: Edges = {graph.label(node): [] for node in graph.nodes if node.operation is not None}
    for step in graph.steps("edge"):
        for contribution in step.contributions:
            edges[graph.label(contribution.node)].append(contribution)
    return edges


def sweep(order: Sequence[str], edges: Edges, output: str) -> dict[str, float]:
    """Let the operations send in this order, right or wrong: what each node has in the end."""
    totals: dict[str, float] = defaultdict(float, {output: 1.0})
    for name in order:
        for c in edges[name]:
            totals[str(c.target.name)] += totals[name] * float(c.local)
    return totals


def read_order(answer: Any, names: list[str], variables: list[str]) -> list[str]:
    """Read names from a list, or from text such as `e, s, p`. Variables send nothing: left out.

    Raises `Unreadable`.
    """
    wanted = f"Write each of {', '.join(names)} once, as a list: {_listed(names)}."
    if isinstance(answer, str):
        answer = re.findall(r"\w+", answer)
    if not isinstance(answer, list | tuple):
        raise Unreadable(f"A list of names is expected, not {type(answer).__name__}. {wanted}")
    # [e, s, p] without the quotes: those are tensors, which bear the names.
    if any(isinstance(entry, list | tuple) for entry in answer):
        raise Unreadable(f"Those are several lists. Check one order, then the next. {wanted}")
    given: list[Any] = [getattr(entry, "name", entry) for entry in answer]
    order = [entry for entry in given if entry not in variables]
    for entry in order:
        if entry not in names:
            raise Unreadable(f"{reprlib.repr(entry)} is no operation of this graph. {wanted}")
    for name in names:
        if order.count(name) != 1:
            problem = "is missing" if name not in order else "is there more than once"
            raise Unreadable(f"{name} {problem}. {wanted}")
    return order


def _too_early(order: Sequence[str], edges: Edges, graph: ComputationGraph) -> str:
    """The first operation that sends before one that it must wait for, or nothing."""
    output = graph.label(graph.output)
    due = sweep(list(edges)[::-1], edges, output)
    for place, early in enumerate(order):
        for late in order[place + 1 :]:
            if any(c.target.name == early for c in edges[late]):
                had = sweep(order[:place], edges, output)[early]
                return (
                    f"In it {early} comes before {late}. So {early} passes on "
                    f"{format_short(had)} and not its whole gradient {format_short(due[early])}: "
                    f"what {late} sends to {early} comes too late."
                )
    return ""


def _listed(names: Sequence[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    return f"[{', '.join(quoted)}]"
