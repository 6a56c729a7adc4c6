"""Which misconception gives a wrong number of a graph: each is recomputed on the graph itself.

The order is fixed: where two mistakes give the same number, the first one is named.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np

from ..remembered import own_copy
from ..steps import Contribution, Step
from ..tensor import Tensor
from ..views.covered import VALUE, CoveredPicture, Number
from ..views.number import format_number
from .mistakes import Named, mistakes

DEGREES = "with an angle in degrees. Calculus and Python measure angles in radians."
SIGN = "right but for its sign."
PassOn = Callable[[Contribution, float], float]
Meet = Callable[[float, float], float]


def graph_mistakes(picture: CoveredPicture, number: Number) -> Iterator[Named]:
    """What known misconceptions give for a number of the graph, and their names."""
    if number.kind == VALUE:
        yield from _of_value(picture, number.node)
        return
    steps = [step for step in picture.trace.steps if step.phase == "backward"]
    senders = [step for step in steps if _arriving(step, number.node)]
    if senders:
        yield from _at_fork(picture, senders, number.node)
        yield from _at_gates(picture, senders, number.node)
        yield from _all_the_way(picture, steps, number.node)
        yield from _neighbours(picture, senders, number.node)
    yield from _too_far(picture, steps, number.node)
    yield from _at_seed(picture, number.node)


def _arriving(step: Step, node: Tensor) -> list[Contribution]:
    return [c for c in step.contributions if c.target is node]


def _at_fork(picture: CoveredPicture, senders: list[Step], node: Tensor) -> Iterator[Named]:
    """Contributions that are lost, or put together in another way than by a sum."""
    arriving = [(c, float(c.value)) for step in senders for c in _arriving(step, node)]
    values = [value for _, value in arriving]
    if len(values) == 1:
        return
    yield values[-1], "what the last arrow brings: it has overwritten the others. Add them."
    yield values[0], "what the first arrow brings, and no other. Add them all."
    for c, value in arriving:
        way = picture.name(c.node)
        yield value, f"what comes back from {way} alone. Every arrow counts: add them."
        yield (
            sum(values) - value,
            f"the sum without what comes from {way}. Every arrow counts.",
        )
        yield sum(values) - 2 * value, f"the sum with the wrong sign on what comes from {way}."
    yield float(np.prod(values)), "the contributions multiplied. Between arrows, add."
    yield sum(values) / len(values), "the mean of the contributions. They are added."


def _at_gates(picture: CoveredPicture, senders: list[Step], node: Tensor) -> Iterator[Named]:
    """A wrong rule at one of the operations that use the node; all else is right."""
    total = float(picture.gradients[node])
    for step in senders:
        arriving = _arriving(step, node)
        rest = total - sum(float(c.value) for c in arriving)
        dz = picture.trace.gradient_name(step.node).text
        known = mistakes(step, arriving, dz) if _has_numbers(step) else ()
        for wrong, words in (*known, *_in_degrees(arriving)):
            if len(senders) > 1:
                words = f"what you get when {picture.name(step.node)} sends {words}"
            yield rest + wrong, words
    yield -total, SIGN


def _has_numbers(step: Step) -> bool:
    return all(
        c.local is not None and np.ndim(c.local) == np.ndim(c.upstream) == 0
        for c in step.contributions
    ) and not any(np.ndim(value) for value in step.inputs)


def _in_degrees(arriving: list[Contribution]) -> Iterator[Named]:
    """The slope of a sine, cosine or tangent at the wrong angle."""
    operation = arriving[0].node.operation
    if _is_angle(operation):
        wrong = own_copy(operation)
        wrong.inputs = (np.radians(operation.inputs[0]),)
        try:
            wrong.output = wrong.forward(*wrong.inputs)
            slope = float(wrong.local_gradient(0))
        except Exception:  # an operation of the learner's own may refuse such an input
            return
        yield float(arriving[0].upstream) * slope, f"the slope {DEGREES}"


def _is_angle(operation: Any) -> bool:
    return type(operation).__name__ in ("Sin", "Cos", "Tan") and np.ndim(operation.output) == 0


def _all_the_way(picture: CoveredPicture, steps: list[Step], node: Tensor) -> Iterator[Named]:
    """One wrong rule at every step of the backward pass."""
    if not all(map(_has_numbers, steps)):
        return
    seed = float(picture.gradients[picture.graph.output])
    for pass_on, meet, words in RULES:
        totals = {picture.graph.output: seed}
        for step in steps:
            for c in step.contributions:
                came = pass_on(c, totals[c.node])
                totals[c.target] = meet(totals[c.target], came) if c.target in totals else came
        yield totals[node], f"what you get when, all the way back, {words}"


def _rightly(c: Contribution, upstream: float) -> float:
    return upstream * float(c.local)


def _own_input(c: Contribution, upstream: float) -> float:
    switcher = type(c.node.operation).__name__ == "Multiply"
    return upstream * float(c.node.operation.inputs[c.position] if switcher else c.local)


def _shared_out(kinds: tuple[str, ...]) -> PassOn:
    def halved(c: Contribution, upstream: float) -> float:
        halves = type(c.node.operation).__name__ in kinds
        return upstream / 2 if halves else _rightly(c, upstream)

    return halved


def _unsigned(c: Contribution, upstream: float) -> float:
    return upstream * abs(float(c.local))


def _add(so_far: float, came: float) -> float:
    return so_far + came


RULES: tuple[tuple[PassOn, Meet, str], ...] = (
    (_rightly, lambda so_far, came: came, "the last arrow overwrites the others. Add them."),
    (_rightly, lambda so_far, came: so_far, "only the first arrow is kept. Add them all."),
    (_own_input, _add, "× hands each input its own value. Each receives the other one."),
    (_shared_out(("Add",)), _add, "+ shares out halves. It hands all of it to each input."),
    (_shared_out(("Maximum", "Minimum")), _add, "max or min shares out halves. One gets all."),
    (_unsigned, _add, "every minus of a local gradient is lost."),
)


def _neighbours(picture: CoveredPicture, senders: list[Step], node: Tensor) -> Iterator[Named]:
    """The gradient of another input of the same operation: the two are swapped."""
    for step in senders:
        for c in step.contributions:
            gradient = picture.gradients[c.target]
            if c.target is not node and np.ndim(gradient) == 0:
                yield float(gradient), f"the gradient of {picture.name(c.target)}."


def _too_far(picture: CoveredPicture, steps: list[Step], node: Tensor) -> Iterator[Named]:
    """What the node does to its own inputs, in place of what comes to it."""
    for step in steps:
        if step.node is not node or not _has_numbers(step):
            continue
        for c in step.contributions:
            onward = f"{picture.name(node)} to {picture.name(c.target)}, one arrow too far."
            moves = _moves(picture, node)
            yield float(c.value), f"what goes on from {onward} {moves}"
            yield float(c.local), f"the local gradient from {onward} {moves}"


def _moves(picture: CoveredPicture, node: Tensor) -> str:
    name, top = picture.name(node), picture.trace.top
    return f"The gradient says how fast {top} moves when {name} moves."


def _at_seed(picture: CoveredPicture, node: Tensor) -> Iterator[Named]:
    """A value in place of the seed, or of the gradient."""
    output = picture.graph.output
    seed = picture.gradients[output]
    if output.ndim == 0 and seed != 0 and node is not output:
        start = float(output._data)
        yield (
            float(picture.gradients[node]) * start / float(seed),
            f"what you get when the backward pass starts from the value {format_number(start)}. "
            "It starts from the seed.",
        )
    for tensor in dict.fromkeys((node, output)):
        if tensor.ndim == 0:
            yield (
                float(tensor._data),
                f"the value of {picture.name(tensor)}. {_moves(picture, node)}",
            )


def _of_value(picture: CoveredPicture, node: Tensor) -> Iterator[Named]:
    """What known misconceptions of the forward pass give."""
    operation, inputs = node.operation, node.inputs
    kind = type(operation).__name__
    if all(tensor.ndim == 0 for tensor in inputs):
        numbers = [float(tensor._data) for tensor in inputs]
        if _is_angle(operation):
            yield _forward(operation, np.radians(numbers)), f"what you get {DEGREES}"
        if kind == "Add":
            yield float(np.prod(numbers)), "the product. Here the inputs are added."
        if kind == "Multiply":
            yield sum(numbers), "the sum. Here the inputs are multiplied."
        if kind in ("Subtract", "Divide", "Power"):
            yield _forward(operation, numbers[::-1]), "what you get with the two inputs swapped."
        for tensor, value in zip(inputs, numbers, strict=True):
            yield value, f"the value of {picture.name(tensor)}, one node too early."
    if any(_is_angle(tensor.operation) for tensor in picture.graph.nodes):
        yield _in_degrees_throughout(picture, node), f"what you get {DEGREES}"
    yield -float(node._data), SIGN
    if np.ndim(picture.gradients.get(node, ())) == 0 and node in picture.gradients:
        yield float(picture.gradients[node]), "the gradient. Here the value is asked."


def _forward(operation: Any, inputs: Any) -> float:
    """The value at other inputs; nan, which is no answer, where the operation refuses them."""
    with suppress(Exception):
        return float(own_copy(operation).forward(*map(np.float64, inputs)))
    return np.nan


def _in_degrees_throughout(picture: CoveredPicture, node: Tensor) -> float:
    """The value of the node with every angle taken for degrees."""
    values: dict[Tensor, Any] = {}
    for tensor in picture.graph.nodes:
        if tensor.operation is None:
            values[tensor] = tensor._data
            continue
        inputs = [values[each] for each in tensor.inputs]
        if _is_angle(tensor.operation):
            inputs = [np.radians(inputs[0])]
        try:
            values[tensor] = own_copy(tensor.operation).forward(*inputs)
        except Exception:
            return np.nan
    return float(values[node])
