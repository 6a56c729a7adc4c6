"""Equations of a step that takes a scope whole: what goes in and what comes out."""

from typing import Any

from ..steps import Contribution, Step
from ..tensor import Tensor
from .number import MINUS, format_value
from .span import Equation, Span
from .trace import Trace, is_bare_number, latex_name


def whole_forward(trace: Trace, step: Step) -> list[Equation]:
    """`a2 = hidden(X) = array (4, 3)`, for each value that others use."""
    nodes = {inner.node for inner in step.inner}
    inputs = dict.fromkeys(
        tensor
        for inner in step.inner
        for tensor in inner.node.inputs
        if tensor not in nodes and not is_bare_number(tensor)
    )
    call = _call(trace, step, "", [trace.name(tensor).text for tensor in inputs])
    return [
        Equation(_left(trace.name(node)), ((call,), (_value(node._data, "value"),)))
        for node in _results(trace, step)
    ]


def whole_backward(trace: Trace, step: Step) -> list[Equation]:
    """`∂J/∂X = hidden.backward(∂J/∂a2) = array (4, 2)`, for each gradient that leaves.

    What had arrived before from elsewhere stands in front: `… + `, and then its number.
    """
    upstream = [trace.gradient_name(node).text for node in _results(trace, step)]
    call = _call(trace, step, ".backward", upstream)
    sent = {inner.node for inner in step.inner}
    leaving: dict[Tensor, list[Contribution]] = {}
    for c in step.contributions:
        if c.target not in sent:
            leaving.setdefault(c.target, []).append(c)
    return [_leaves(trace, call, contributions) for contributions in leaving.values()]


def _leaves(trace: Trace, call: Span, contributions: list[Contribution]) -> Equation:
    first, last = contributions[0], contributions[-1]
    lines: list[tuple[Span, ...]] = [(call,)]
    if first.before is not None:
        own: Any = sum((c.value for c in contributions[1:]), first.value)
        plus = Span(" + ", " + ")
        lines = [
            (Span("…", r"\dots", "faint"), plus, call),
            (_value(first.before, "grad"), plus, _value(own, "grad")),
        ]
    arrows = f"{last.arrived} of {last.expected} arrows"
    note = f"so far, {arrows}" if last.remaining else f"{arrows}, complete"
    return Equation(
        _left(trace.gradient_name(last.target)),
        (*lines, (_value(last.after, "grad"),)),
        note=note if last.expected > len(contributions) else "",
    )


def _results(trace: Trace, step: Step) -> list[Tensor]:
    """What the scope computes and others use."""
    nodes = {inner.node for inner in step.inner}
    computed = [node for node in trace.graph.nodes if node in nodes and node.operation is not None]
    used = [
        node
        for node in computed
        if node is trace.graph.output or any(user not in nodes for user, _ in trace.arrivals(node))
    ]
    return used or [step.node]


def _call(trace: Trace, step: Step, method: str, arguments: list[str]) -> Span:
    assert step.scope is not None
    text = f"{trace.scope_label(step.scope)}{method}({', '.join(arguments)})"
    return Span(text, latex_name(text), "grad" if method else "")


def _left(name: Any) -> Span:
    return Span(name.text, name.latex)


def _value(value: object, kind: str) -> Span:
    text = format_value(value)
    return Span(text, text.replace(MINUS, "-"), kind)
