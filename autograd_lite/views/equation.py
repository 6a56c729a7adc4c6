"""Equations: what happens at a step in symbols, then in numbers, then the result."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..operation import Operation
from ..steps import Contribution, Step
from .array_symbol import ArraySymbol, array_formula
from .number import MINUS, format_number, format_value
from .span import Equation, Span
from .symbol import Symbol, local_formula
from .trace import Trace, is_bare_number, latex_name
from .whole import whole_backward, whole_forward

TERMS = 4  # a sum of more arrows is shortened


def equations(trace: Trace, step: Step) -> list[Equation]:
    """The equations of a step: one, or in the backward pass one per contribution."""
    if step.inner:
        whole = whole_forward if step.phase == "forward" else whole_backward
        return whole(trace, step)
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
            name if is_bare_number(tensor) else _digits(value)
            for tensor, name, value in zip(node.inputs, names, step.inputs, strict=True)
        ]
        lines.append(formula(node.operation, values))
    spans = tuple((Span(line.text, line.latex),) for line in lines)
    return Equation(left, (*spans, (_number(step.value, "value"),)), shapes=_shapes(trace, step))


def _shapes(trace: Trace, step: Step) -> str:
    """(4, 2) @ (2, 3) → (4, 3): the formula with the shapes put in, where they change."""
    inputs, result = step.node.inputs, np.shape(step.value)
    if all(np.shape(tensor._data) == result or is_bare_number(tensor) for tensor in inputs):
        return ""
    named = [
        trace.name(tensor) if is_bare_number(tensor) else Symbol(str(tensor.shape))
        for tensor in inputs
    ]
    before = named[0] if len(named) == 1 else formula(step.node.operation, named)
    return f"{before.text} → {result}"


def formula(operation: Operation, inputs: list[Symbol]) -> Symbol:
    """The operation written out with its inputs put in."""
    name = operation.symbol or type(operation).__name__
    keys = "xyzuvw"[: len(inputs)]
    if not operation.formula or len(keys) < len(inputs):
        arguments = ", ".join(i.text for i in inputs)
        latex = ", ".join(i.latex for i in inputs)
        return Symbol(f"{name}({arguments})", f"{latex_name(name)}({latex})")
    texts = {key: i.at(1).text for key, i in zip(keys, inputs, strict=True)}
    latexes = {key: i.at(1).latex for key, i in zip(keys, inputs, strict=True)}
    try:
        return Symbol(
            _single_parentheses(operation.formula.format(**texts)),
            _single_parentheses((operation.latex or operation.formula).format(**latexes)),
        )
    except (LookupError, ValueError) as error:
        raise ValueError(
            f"{type(operation).__name__}.formula is {operation.formula!r} and .latex is "
            f"{operation.latex!r}. Write {{x}}, {{y}}, … for the inputs, in the order of forward."
        ) from error


def _single_parentheses(text: str) -> str:
    """sin((−1)) → sin(−1), and max((−1), (−2)) → max(−1, −2)."""
    return re.sub(rf"(\(|, )\(([{MINUS}-][^()]*)\)(?=\)|, )", r"\1\2", text)


def array_rule(trace: Trace, c: Contribution) -> ArraySymbol | None:
    """What the operation's own rule computes for this edge, where arrays take part."""
    return _rules(trace, c)[1]


def _rules(trace: Trace, c: Contribution) -> tuple[Symbol | None, ArraySymbol | None]:
    """The slope and the array rule of this edge, run once for all that is told of it."""
    if c not in trace.rules:
        operation, names, output = c.node.operation, _names(trace, c), trace.name(c.node)
        slope = rule = None
        if c.local is not None:
            slope = local_formula(operation, c.position, names, output)
        if any(map(np.ndim, (c.upstream, c.value, *operation.inputs))):
            rule = array_formula(c, names, output, trace.gradient_name(c.node))
        trace.rules[c] = slope, rule
    return trace.rules[c]


def _names(trace: Trace, c: Contribution) -> list[Any]:
    return [
        tensor._data if is_bare_number(tensor) else trace.name(tensor) for tensor in c.node.inputs
    ]


def _backward(trace: Trace, c: Contribution) -> Equation:
    local, rule = _rules(trace, c)
    name = trace.local_name(c.node, c.position).text
    computed = _numbers(c) if _all_numbers(c) else _arrays(trace, c, local, rule)
    arrows = f"{c.arrived} of {c.expected} arrows"
    note = f"{arrows}, complete" if not c.remaining else f"so far, {arrows}"
    return Equation(
        _span(trace.gradient_name(c.target)),
        (_chain_rule(trace, c), computed, (_number(c.after, "grad"),)),
        local=f"{name} = {local.text}" if local is not None else "",
        note=note if c.expected > 1 else "",
        shapes=rule.shapes if rule is not None and "→" in rule.shapes else "",
    )


def summed(trace: Trace, arriving: Sequence[Contribution]) -> Equation:
    """A gradient whose arrows have all come: their sum in one line."""
    last = arriving[-1]
    whole = _backward(trace, last)
    if last.expected > TERMS or not all(map(_all_numbers, arriving)):
        return whole
    terms: list[Span] = []
    for c in arriving:
        alone = c._replace(before=None, arrived=c.expected)  # its product, and nothing missing
        terms += [*([_plus("")] if terms else []), *_numbers(alone)]
    symbols = tuple(Span(span.text, span.latex) for span in whole.lines[0])
    locals_ = filter(None, (_backward(trace, c).local for c in arriving))
    lines = (symbols, tuple(terms), whole.lines[-1])
    return replace(whole, lines=lines, local=", ".join(locals_), note="")


def _chain_rule(trace: Trace, c: Contribution) -> tuple[Span, ...]:
    """∂y/∂v2 · ∂v2/∂x1 + …: the path of this step, the earlier ones, those to come in faint.

    The dot is the chain rule's, for numbers and for arrays alike.
    """
    if c.expected > TERMS:
        paths = [(c.arrived, c.node, c.position)]
    else:
        paths = [(i, *edge) for i, edge in enumerate(trace.arrivals(c.target), start=1)]
    spans: list[Span] = []
    first, last = paths[0][0], paths[-1][0]
    if first > 1:
        spans += [Span("…", r"\dots", "faint"), _plus("faint")]
    for arrives, node, position in paths:
        term = trace.gradient_name(node) * trace.local_name(node, position)
        kind = "faint" if arrives > c.arrived else "grad" if arrives == c.arrived else ""
        if arrives > first:
            spans.append(_plus("faint" if kind == "faint" else ""))
        spans.append(Span(term.text, term.latex, kind))
    if last < c.expected:
        spans += [_plus("faint"), Span("…", r"\dots", "faint")]
    return tuple(spans)


def _numbers(c: Contribution) -> tuple[Span, ...]:
    """3.0000 + 1.0000 · (−0.4161) + ?: the total so far, this product, what is missing."""
    spans = []
    if c.before is not None:
        spans += [_number(c.before, "grad"), _plus("")]
    upstream, local = (_digits(value).at(1) for value in (c.upstream, c.local))
    spans += [
        Span(upstream.text, upstream.latex, "grad"),
        Span(" · ", r" \cdot "),
        Span(local.text, local.latex, "local"),
    ]
    return (*spans, *_missing(c))


def _arrays(
    trace: Trace, c: Contribution, local: Symbol | None, rule: Symbol | None
) -> tuple[Span, ...]:
    """∂y/∂v2 @ Wᵀ, as the rule computes it; else ∂y/∂v2 ⊙ x2, or the rule that was called."""
    upstream = trace.gradient_name(c.node)
    if rule is not None:
        text, latex = rule.text, rule.latex
    elif c.local is None:
        called = f"{type(c.node.operation).__name__}.backward"
        text = f"{called}({upstream.text})"
        latex = f"{latex_name(called)}({upstream.latex})"
    else:
        slope = (Symbol(format_value(c.local)) if local is None else local).at(1)
        text, latex = f"{upstream.text} ⊙ {slope.text}", rf"{upstream.latex} \odot {slope.latex}"
        if np.size(c.value) < np.size(c.upstream):  # broadcasting is undone
            text, latex = f"Σ({text})", rf"\sum({latex})"
    earlier = [Span("…", r"\dots"), _plus("")] if c.before is not None else []
    return (*earlier, Span(text, latex, "grad"), *_missing(c))


def _missing(c: Contribution) -> list[Span]:
    count = c.remaining if c.expected <= TERMS else min(c.remaining, 1)
    return [_plus("faint"), Span("?", "?", "faint")] * count


def _all_numbers(c: Contribution) -> bool:
    return c.local is not None and all(np.ndim(v) == 0 for v in (c.upstream, c.local, c.value))


def _digits(value: Any) -> Symbol:
    text = format_number(value)
    return Symbol(text, text.replace(MINUS, "-"), 0 if text.startswith(MINUS) else 3)


def _number(value: Any, kind: str) -> Span:
    text = format_value(value)
    return Span(text, text.replace(MINUS, "-"), kind)


def _plus(kind: str) -> Span:
    return Span(" + ", " + ", kind)


def _span(symbol: Symbol) -> Span:
    return Span(symbol.text, symbol.latex)
