"""The exercise of the learner's own engine: each number it sends is held against the steps."""

import reprlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..graph import ComputationGraph
from ..ops import FUNCTIONS
from ..steps import Contribution
from ..tensor import Tensor
from ..views.number import format_short
from .exercise import Exercise, State, Unreadable, Verdict, is_blank
from .numeric import close, read_number

EXACT = 1e-9
Edge = tuple[str, str]  # from a node back to one of its inputs
Nodes = dict[str, Any]


class Program(NamedTuple):
    """A function that both engines compute: its inputs, and all its nodes, the output last."""

    formula: str
    inputs: dict[str, float]
    compute: Callable[..., Nodes]

    def nodes(self, make: Callable[[float], Any], sin: Callable[[Any], Any]) -> Nodes:
        leaves = {name: make(value) for name, value in self.inputs.items()}
        return leaves | self.compute(*leaves.values(), sin)


class Sent(NamedTuple):
    """One contribution, as the learner's engine recorded it."""

    edge: Edge
    value: float


def fork(x1: Any, x2: Any, sin: Callable[[Any], Any]) -> Nodes:
    v2, v3 = x1 * x2, sin(x1)
    return {"v2": v2, "v3": v3, "y": v2 + v3}


def waiting(a: Any, b: Any, sin: Callable[[Any], Any]) -> Nodes:
    """The product p must wait for e and for s: here a wrong order shows."""
    p = a * b
    s = p + a
    return {"p": p, "s": s, "e": p * s}


PROGRAMS = (
    Program("y = sin(x1) + x1·x2", {"x1": 2.0, "x2": 3.0}, fork),
    Program("e = p·s with p = a·b, s = p + a", {"a": 2.0, "b": -3.0}, waiting),
)


@dataclass(frozen=True, kw_only=True)
class OwnEngine(Exercise):
    """Write a class Value with data, grad, inputs, + · sin, and a backward that records."""

    because: str

    def compare(self, answer: Any) -> Verdict:
        if not isinstance(answer, type):
            raise Unreadable(f'Hand in the class itself: lessons.check("{self.key}", Value).')
        for program in PROGRAMS:
            run = Run(program, answer)
            if run.untouched():
                return Verdict(State.NOT_TRIED)
            problem = (
                run.wrong_data() or run.wrong_local() or run.wrong_sending() or run.wrong_grad()
            )
            if problem:
                return Verdict(State.NOT_YET, f"{program.formula}: {problem}")
        return Verdict(State.RIGHT, self.because)


class Run:
    """One program in both engines, side by side."""

    def __init__(self, program: Program, engine: type) -> None:
        tensors = program.nodes(Tensor, FUNCTIONS["sin"])
        for name, tensor in tensors.items():
            tensor.name = name
        self.tensors: dict[str, Tensor] = tensors
        self.output = list(tensors)[-1]
        self.edges = [
            step.contributions[0]
            for step in ComputationGraph(tensors[self.output]).steps("edge")
            if step.contributions
        ]
        self.values = _guarded(program.formula, program.nodes, engine, lambda value: value.sin())
        self.names = {id(value): name for name, value in self.values.items()}

    def untouched(self) -> bool:
        """No local gradient is filled in beyond what was given, and nothing is sent."""
        if any(map(is_blank, self.values.values())):
            return False
        filled = [c for c in self.edges if type(c.node.operation).__name__ != "Add"]
        return all(is_blank(self._local(c)) for c in filled) and not self._sends()

    def wrong_data(self) -> str:
        """The first value that differs, on the way forward."""
        for name, tensor in self.tensors.items():
            value = self.values[name]
            if is_blank(value):
                return f"computing {name} gave {value!r}. Return a Value with the data and inputs."
            data = read_number(getattr(value, "data", None), f"{name}.data")
            if not close(data, tensor.item(), EXACT):
                return (
                    f"{name}.data is {format_short(data)}, expected {format_short(tensor.item())}."
                )
        return ""

    def wrong_local(self) -> str:
        """The first local gradient that differs, on the way back."""
        for c in self.edges:
            where = f"the local gradient ∂{c.node.name}/∂{c.target.name}"
            local = self._local(c)
            if is_blank(local):
                return f"{where} is still to be written."
            number, expected = read_number(local, where), float(c.local)
            if not close(number, expected, EXACT):
                return (
                    f"{where} is {format_short(number)}, expected {format_short(expected)}. "
                    f"{_named_local(c, number)}"
                ).rstrip()
        return ""

    def wrong_sending(self) -> str:
        """The first contribution that differs, and the likely mistake."""
        sent = self._sent()
        if not sent:
            return "the local gradients are right. Now backward: it has sent nothing yet."
        edges = {_edge(c) for c in self.edges}
        if not edges & {each.edge for each in sent} and all(e.edge[::-1] in edges for e in sent):
            return (
                "value and input are turned round in what is sent. Write "
                "sent.append((value, input, contribution)): from the value back to its input."
            )
        counts = Counter(each.edge for each in sent)
        received = {each.edge: each.value for each in sent}
        for c in self.edges:
            edge = _edge(c)
            expected = f"{format_short(c.upstream)} · {format_short(c.local)}"
            if edge not in received:
                return f"{edge[0]} sends nothing to {edge[1]}, expected {expected}."
            if counts[edge] > 1:
                return (
                    f"{edge[0]} sends to {edge[1]} {counts[edge]} times. Each node has one turn: "
                    "it waits until all has arrived, and sends the sum."
                )
            if not close(received[edge], float(c.value), EXACT):
                return (
                    f"from {edge[0]} to {edge[1]} goes {format_short(received[edge] + 0.0)}, "
                    f"expected {expected} = {format_short(c.value)}. {self._named_sending(sent)}"
                ).rstrip()
        return ""

    def wrong_grad(self) -> str:
        """The first node whose grad is not the sum of what was sent to it."""
        last = {_edge(c)[1]: c for c in self.edges}
        seed = {self.output: 1.0}
        for name in self.tensors:
            expected = seed.get(name) or float(last[name].after)
            grad = read_number(getattr(self.values[name], "grad", None), f"{name}.grad")
            if close(grad, expected, EXACT):
                continue
            said = f"{name}.grad is {format_short(grad)}, expected {format_short(expected)}."
            if name == self.output:
                return f"{said} That is the seed: ∂{name}/∂{name}."
            arrived = [each.value for each in self._sent() if each.edge[1] == name]
            if len(arrived) > 1 and any(close(grad, value, EXACT) for value in arrived):
                return (
                    f"all that is sent is right. But {said} It keeps one arrival of "
                    f"{len(arrived)}: an = in place of +=."
                )
            return f"all that is sent is right. But {said} Add up what arrives."
        return ""

    def _local(self, c: Contribution) -> Any:
        """What the learner noted beside this input."""
        inputs = getattr(self.values[str(c.node.name)], "inputs", None)
        try:
            value, local = list(inputs)[c.position]  # type: ignore[arg-type]
        except (TypeError, ValueError, IndexError):
            raise Unreadable(
                f"{c.node.name}.inputs is {reprlib.repr(inputs)}. Keep one pair for each input: "
                "[(self, local gradient), (other, local gradient)]."
            ) from None
        if value is not self.values[str(c.target.name)]:
            raise Unreadable(
                f"input {c.position} of {c.node.name} is not {c.target.name}. Keep self first, "
                "then other."
            )
        return local

    def _sends(self) -> bool:
        try:
            return bool(self.values[self.output].backward())
        # It cannot work yet, but there is something to run.
        except Exception:
            return True

    def _sent(self) -> list[Sent]:
        """Run the learner's backward on values that are fresh, and read its record."""
        if "record" not in self.__dict__:
            self.record = _guarded("backward", self.values[self.output].backward)
        if is_blank(self.record):
            return []
        return [self._read(entry) for entry in self.record]

    def _read(self, entry: Any) -> Sent:
        try:
            source, target, value = entry
            edge = self.names[id(source)], self.names[id(target)]
        except (TypeError, ValueError, KeyError):
            raise Unreadable(
                f"{reprlib.repr(entry)} is in what backward returned. Expected is a list of "
                "(value, input, contribution), three for each arrow."
            ) from None
        return Sent(edge, read_number(value, f"what {edge[0]} sends to {edge[1]}"))

    def _named_sending(self, sent: list[Sent]) -> str:
        """The mistake that explains every number that was sent, if one does."""
        locals_ = {_edge(c): float(c.local) for c in self.edges}
        order = [each.edge for each in sent]
        value = self.tensors[self.output].item()

        def explains(seed: float = 1.0, **rule: bool) -> bool:
            replayed = replay(order, locals_, {self.output: seed}, **rule)
            return all(
                close(each.value, number, EXACT)
                for each, number in zip(sent, replayed, strict=True)
            )

        early = _too_early(order)
        if explains(seed=0.0) and not explains():
            return f"The seed is missing: the backward pass starts with {self.output}.grad = 1."
        if explains(seed=value):
            return f"It starts from the value of {self.output}. The seed is 1."
        if early and explains():
            return (
                f"{early[0]} has its turn before {early[1]}, and has not got all of its gradient."
            )
        if explains(overwrite=True):
            return "What arrives overwrites what was there: an = in place of +=."
        if explains(arrives=False):
            return "What is sent does not arrive: add it to the grad of the input."
        if explains(upstream=False):
            return "That is the local gradient alone: multiply it by the grad of the node."
        if explains(local=False):
            return "That is the grad of the node alone: multiply it by the local gradient."
        return ""


def replay(
    order: list[Edge],
    locals_: dict[Edge, float],
    totals: dict[str, float],
    overwrite: bool = False,
    arrives: bool = True,
    upstream: bool = True,
    local: bool = True,
) -> list[float]:
    """What goes over the edges in this order, with one mistake built in."""
    values = []
    for source, target in order:
        value = (totals.get(source, 0.0) if upstream else 1.0) * (
            locals_.get((source, target), 0.0) if local else 1.0
        )
        if arrives:
            totals[target] = value if overwrite else totals.get(target, 0.0) + value
        values.append(value)
    return values


def _too_early(order: list[Edge]) -> Edge | None:
    """A node that sends, and one that sends to it later."""
    for place, (early, _) in enumerate(order):
        for late, target in order[place + 1 :]:
            if target == early:
                return early, late
    return None


def _named_local(c: Contribution, received: float) -> str:
    values = [float(value) for value in c.node.operation.inputs]
    own = values[c.position]
    kind = type(c.node.operation).__name__
    if kind == "Multiply" and close(received, own, EXACT):
        return "Each input has got itself. In a product the two switch."
    if kind == "Multiply" and close(received, float(c.node.data), EXACT):
        return "That is the product. The local gradient is the other factor."
    if kind == "Sin" and close(received, float(c.node.data), EXACT):
        return "That is the output. The derivative of sin is cos, and cos needs the input."
    if kind == "Sin" and close(received, -float(c.local), EXACT):
        return "The sign is wrong: it is the derivative of cos that has a minus."
    return ""


def _edge(c: Contribution) -> Edge:
    return str(c.node.name), str(c.target.name)


def _guarded(what: str, call: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except Exception as problem:
        reason = f"{type(problem).__name__}: {problem}".rstrip(".")
        raise Unreadable(f"{what} stopped with {reason}.") from None
