"""Equations: what happens at a step in symbols, then in numbers, then the result."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..operation import Operation
from ..steps import Contribution, Step
from .number import MINUS, format_number, format_value
from .symbol import Symbol, local_formula
from .trace import Trace

TERMS = 4  # a sum of more paths is shortened


@dataclass(frozen=True)
class Span:
    """A piece of an equation. `kind` is "value", "grad", "faint" or "" and sets its colour."""

    text: str
    latex: str
    kind: str = ""


@dataclass(frozen=True)
class Equation:
    """left = right, once per line: symbols first, the result last.

    `local` says what the local gradient is in symbols; `note` where the sum stands.
    """

    left: Span
    lines: tuple[tuple[Span, ...], ...]
    local: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        """One plain line: `v2 = x1 · x2 = 2.0000 · 3.0000 = 6.0000`."""
        sides = ["".join(span.text for span in line) for line in self.lines]
        return " = ".join([self.left.text, *sides]) + (f" ({self.note})" if self.note else "")

    @property
    def latex(self) -> str:
        sides = ["".join(span.latex for span in line) for line in self.lines]
        return " = ".join([self.left.latex, *sides])


def equations(trace: Trace, step: Step) -> list[Equation]:
    """The equations of a step: one, or in the backward pass one per contribution."""
    if step.phase == "forward":
        return [_forward(trace, step)]
    if step.phase == "seed":
        left = _span(trace.gradient_name(step.node))
        return [Equation(left, ((_number(step.upstream, "grad"),),), note="the seed")]
    return [_backward(trace, contribution) for contribution in step.contributions]


def _forward(trace: Trace, step: Step) -> Equation:
    node = step.node
    left = _span(trace.name(node))
    if node.operation is None:
        note = "a variable" if node.requires_grad else "a constant"
        return Equation(left, ((_number(step.value, "value"),),), note=note)
    names = [trace.name(tensor) for tensor in node.inputs]
    lines = [formula(node.operation, names)]
    if all(np.ndim(value) == 0 for value in step.inputs):
        # Bare constants keep their digits; the other inputs show their values.
        values = [
            name if tensor.operation is None and not tensor.requires_grad else _digits(value)
            for tensor, name, value in zip(node.inputs, names, step.inputs, strict=True)
        ]
        lines.append(formula(node.operation, values))
    spans = tuple((Span(line.text, line.latex),) for line in lines)
    return Equation(left, (*spans, (_number(step.value, "value"),)))


def formula(operation: Operation, inputs: list[Symbol]) -> Symbol:
    """The operation written out with its inputs put in."""
    name = operation.symbol or type(operation).__name__
    keys = "xyzuvw"[: len(inputs)]
    if not operation.formula or len(keys) < len(inputs):
        arguments = ", ".join(i.text for i in inputs)
        latex = ", ".join(i.latex for i in inputs)
        return Symbol(f"{name}({arguments})", rf"\mathrm{{{name}}}({latex})")
    texts = {key: i.at(1).text for key, i in zip(keys, inputs, strict=True)}
    latexes = {key: i.at(1).latex for key, i in zip(keys, inputs, strict=True)}
    return Symbol(
        _single_parentheses(operation.formula.format(**texts)),
        _single_parentheses((operation.latex or operation.formula).format(**latexes)),
    )


def _single_parentheses(text: str) -> str:
    """sin((−1)) → sin(−1)."""
    return re.sub(rf"\((\([{MINUS}-][^()]*\))\)", r"\1", text)


def _backward(trace: Trace, c: Contribution) -> Equation:
    names = [
        tensor._data
        if not tensor.requires_grad and np.ndim(tensor._data) == 0
        else trace.name(tensor)
        for tensor in c.node.inputs
    ]
    local = local_formula(c.node.operation, c.position, names, trace.name(c.node))
    lines = [_symbols(trace, c)]
    if _all_numbers(c):
        lines.append(_numbers(c))
    lines.append((_number(c.after, "grad"),))
    paths = f"{c.arrived} of {c.expected} paths"
    note = (
        "" if c.expected == 1 else f"{paths}, complete" if not c.remaining else f"so far, {paths}"
    )
    return Equation(
        _span(trace.gradient_name(c.target)),
        tuple(lines),
        local=f"{trace.local_name(c).text} = {local.text}" if local is not None else "",
        note=note,
    )


def _symbols(trace: Trace, c: Contribution) -> tuple[Span, ...]:
    """∂y/∂v2 · ∂v2/∂x1 + …: every path, those to come in faint."""
    spans: list[Span] = []
    for index, (node, _) in enumerate(trace.arrivals(c.target), start=1):
        if c.expected > TERMS and index != c.arrived:
            if not spans or spans[-1].text != "…":
                spans += [_plus("faint")] * bool(spans) + [Span("…", r"\dots", "faint")]
            continue
        kind = "faint" if index > c.arrived else "grad" if index == c.arrived else ""
        upstream = trace.gradient_name(node)
        local = trace.ratio(trace.name(node), trace.name(c.target))
        product = upstream * local if _all_numbers(c) else _odot(upstream, local)
        if spans:
            spans.append(_plus("faint" if kind == "faint" else ""))
        spans.append(Span(product.text, product.latex, kind))
    return tuple(spans)


def _numbers(c: Contribution) -> tuple[Span, ...]:
    """3.0000 + 1.0000 · (−0.4161) + ?: the total so far, this product, what is missing."""
    spans = []
    if c.before is not None:
        spans += [Span(_text(c.before), _text(c.before), "grad"), _plus("")]
    upstream, local = (_digits(value).at(1) for value in (c.upstream, c.local))
    spans += [
        Span(upstream.text, upstream.latex, "grad"),
        Span(" · ", r" \cdot "),
        Span(local.text, local.latex, "local"),
    ]
    missing = min(c.remaining, TERMS)
    spans += [_plus("faint"), Span("?", "?", "faint")] * missing
    return tuple(spans)


def _all_numbers(c: Contribution) -> bool:
    return c.local is not None and all(np.ndim(v) == 0 for v in (c.upstream, c.local, c.value))


def _odot(left: Symbol, right: Symbol) -> Symbol:
    return Symbol(f"{left.text} ⊙ {right.text}", rf"{left.latex} \odot {right.latex}", 1)


def _digits(value: Any) -> Symbol:
    text = _text(value)
    return Symbol(text, text.replace(MINUS, "-"), 0 if text.startswith(MINUS) else 3)


def _text(value: Any) -> str:
    return format_number(value)


def _number(value: Any, kind: str) -> Span:
    text = format_value(value)
    return Span(text, text.replace(MINUS, "-"), kind)


def _plus(kind: str) -> Span:
    return Span(" + ", " + ", kind)


def _span(symbol: Symbol) -> Span:
    return Span(symbol.text, symbol.latex)
