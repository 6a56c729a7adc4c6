"""Trace: the steps of a graph with the names that views give to what is in them."""

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Any

import numpy as np

from ..graph import ComputationGraph
from ..recording import Scope
from ..steps import Contribution, Step
from ..tensor import Tensor
from .number import format_short
from .symbol import SUM, Symbol

INVALID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
PLAIN = re.compile(
    r"\w[\w.'²³¹]*(\[[\d,]+\])?"
)  # any other name is quoted, so that it reads as one thing


class Trace:
    """All steps of both passes of a graph, ready to be shown.

    `top` is what is differentiated: the output, or L when the seed is somebody else's gradient.
    """

    def __init__(
        self,
        graph: ComputationGraph,
        granularity: str = "node",
        gradient: Any = None,
        closed: Collection[Scope] = (),
    ) -> None:
        self.graph = graph
        self.granularity = granularity
        # Without a variable, or a seed for several elements, there is a forward pass to show.
        alone = gradient is None and not (graph.output.requires_grad and graph.output.size == 1)
        self.steps: list[Step] = (
            graph.forward_steps(granularity, closed)
            if alone
            else graph.steps(granularity, gradient, closed)
        )
        self.top = graph.top if gradient is None else _free_name(graph)
        self._arrivals: dict[Tensor, list[tuple[Tensor, int]]] | None = None
        self._scope_labels = {scope: label for label, scope in graph.scopes.items()}
        # What each edge's rule reads as: it runs once, however often it is told.
        self.rules: dict[Contribution, Any] = {}

    def arrivals(self, target: Tensor) -> list[tuple[Tensor, int]]:
        """The edges, (node, position), that bring gradient to `target`, in their order."""
        if self._arrivals is None:
            self._arrivals = defaultdict(list)
            for node in reversed(self.graph.nodes):
                for position, tensor in enumerate(node.inputs):
                    if node.operation.needs[position]:
                        self._arrivals[tensor].append((node, position))
        return self._arrivals[target]

    def final_gradients(self) -> dict[Tensor, Any]:
        """The gradient of every node once the last step is done."""
        totals: dict[Tensor, Any] = {}
        for step in self.steps:
            if step.phase == "seed":
                totals[step.node] = step.upstream
            totals.update({c.target: c.after for c in step.contributions})
        return totals

    def label(self, node: Tensor) -> str:
        """A node's label on one line, without what no file can hold."""
        return clean(" ".join(self.graph.label(node).split()))

    def scope_label(self, scope: Scope) -> str:
        """A scope's name of its own, on one line."""
        label = self._scope_labels.get(scope, scope.name)
        return clean(" ".join(label.split()))

    def name(self, node: Tensor) -> Symbol:
        """A node in a formula: its label, or the digits of a bare number."""
        if is_bare_number(node):
            text = format_short(node._data)
            return Symbol(text, text.replace("−", "-"), SUM if text.startswith("−") else 3)
        label = self.label(node)
        return Symbol(label if PLAIN.fullmatch(label) else f"“{label}”", latex_name(label))

    def inner_name(self, node: Tensor) -> Symbol:
        """A node below or above a ∂. The output y is v4 there.

        ∂y/∂v2 is the gradient of v2, over all its ways to y; ∂v4/∂v2 is the one operation's.
        """
        number = self.graph.ids[node]
        is_top = node is self.graph.output and self.top == self.graph.label(node)
        if is_top and node.operation is not None:
            return Symbol(number, latex_name(number))
        return self.name(node)

    def gradient_name(self, node: Tensor) -> Symbol:
        """∂y/∂node."""
        return self.ratio(Symbol(self.top, latex_name(self.top)), self.inner_name(node))

    def local_name(self, node: Tensor, position: int) -> Symbol:
        """∂node/∂input, the local gradient; ∂₁node, ∂₂node where one input comes in twice."""
        target, above = node.inputs[position], self.inner_name(node)
        if sum(tensor is target for tensor in node.inputs) == 1:
            return self.ratio(above, self.name(target))
        place = str(position + 1)
        text = f"∂{place.translate(SUBSCRIPT)}{above.text}"
        return Symbol(text, rf"\partial_{{{place}}} {above.latex}")

    @staticmethod
    def ratio(above: Symbol, below: Symbol) -> Symbol:
        return Symbol(
            f"∂{above.text}/∂{below.text}",
            rf"\frac{{\partial {above.latex}}}{{\partial {below.latex}}}",
        )


def _free_name(graph: ComputationGraph) -> str:
    """L, or L′, L″ … if a node is called so: whatever comes after the graph."""
    name = "L"
    while not graph.is_free(name):
        name += "′"
    return name


def clean(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return INVALID.sub("\ufffd", text)


def is_bare_number(node: Tensor) -> bool:
    """A constant such as the 3 in 3·x: shown by its digits, it needs no name."""
    return (
        node.operation is None
        and not node.requires_grad
        and node.name is None
        and np.ndim(node._data) == 0
    )


def latex_name(label: str) -> str:
    """x1 → x_{1}; other names upright, with everything special escaped."""
    head = label.rstrip("0123456789")
    if len(head) == 1 and head.isalpha():
        return f"{head}_{{{label[1:]}}}" if len(label) > 1 else head
    escapes = {"\\": r"\backslash ", "^": r"\wedge ", "~": r"\sim "}
    special = "".join(
        escapes.get(char, "\\" + char if char in "#$%&_{}" else char) for char in label
    )
    return rf"\mathrm{{{special}}}"
