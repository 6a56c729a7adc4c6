"""Equations of a step that takes a scope whole: what goes in and what comes out."""

from ..steps import Contribution, Step
from ..tensor import Tensor
from .number import MINUS, format_value
from .span import Equation, Span
from .trace import Trace, is_bare_number, latex_name


def whole_forward(trace: Trace, step: Step) -> list[Equation]:
    """`a2 = hidden(X) = array (4, 3)`."""
    assert step.scope is not None
    nodes = {inner.node for inner in step.inner}
    inputs = dict.fromkeys(
        tensor
        for inner in step.inner
        for tensor in inner.node.inputs
        if tensor not in nodes and not is_bare_number(tensor)
    )
    call = _call(trace, step, "", [trace.name(tensor).text for tensor in inputs])
    name = trace.name(step.node)
    return [Equation(Span(name.text, name.latex), ((call,), (_value(step.value, "value"),)))]


def whole_backward(trace: Trace, step: Step) -> list[Equation]:
    """`∂J/∂X = hidden.backward(∂J/∂a2) = array (4, 2)`, for each gradient that leaves."""
    call = _call(trace, step, ".backward", [trace.gradient_name(step.node).text])
    sent = {inner.node for inner in step.inner}
    leaving: dict[Tensor, Contribution] = {
        c.target: c for c in step.contributions if c.target not in sent
    }
    return [
        Equation(
            Span(trace.gradient_name(target).text, trace.gradient_name(target).latex),
            ((call,), (_value(c.after, "grad"),)),
            note=f"so far, {c.arrived} of {c.expected} arrows" if c.remaining else "",
        )
        for target, c in leaving.items()
    ]


def _call(trace: Trace, step: Step, method: str, arguments: list[str]) -> Span:
    assert step.scope is not None
    text = f"{trace.scope_label(step.scope)}{method}({', '.join(arguments)})"
    return Span(text, latex_name(text), "grad" if method else "")


def _value(value: object, kind: str) -> Span:
    text = format_value(value)
    return Span(text, text.replace(MINUS, "-"), kind)
