"""The learner's engine, right, and wrong in every way that the lesson speaks of."""

import math
from typing import Any

import pytest

from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State, Verdict
from tests.lessons.value import Value

ENGINE = EXERCISES["05.engine"]


def judge(**changed: Any) -> Verdict:
    return ENGINE.judge(type("Value", (Value,), changed))


def walked(self: Value) -> list[Value]:
    """Along every path: a node has a turn for each way to it."""
    return [self, *(node for target, _ in self.inputs for node in walked(target))]


def set_grad(self: Value, contribution: float) -> None:
    self.grad = contribution


def breadth_first(self: Value) -> list[Value]:
    """Nearest to the output first: p comes before s."""
    found = [self]
    for node in found:
        found += [target for target, _ in node.inputs if target not in found]
    return found


def input_first(self: Value) -> list[tuple[Value, Value, float]]:
    return [(target, value, sent) for value, target, sent in Value.backward(self)]


def test_the_solution_is_right() -> None:
    verdict = judge()
    assert verdict.state is State.RIGHT, verdict.message


def test_nothing_filled_in_is_not_tried_yet() -> None:
    blank = {
        "pairs": lambda self, other: [(self, ...), (other, ...)],
        "slope": lambda self: ...,
        "backward": lambda self: [],
    }
    assert judge(**blank).state is State.NOT_TRIED
    for part in blank:
        verdict = judge(**{name: blank[name] for name in blank if name != part})
        assert verdict.state is State.NOT_YET
        assert "still to be written" in verdict.message


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"pairs": lambda self, other: [(self, self.data), (other, other.data)]},
         "∂v2/∂x1 is 2, expected 3. Each input has got itself. In a product the two switch."),
        ({"pairs": lambda self, other: [(self, self.data * other.data)] * 2},
         "∂v2/∂x1 is 6, expected 3. That is the product. The local gradient is the other"),
        ({"slope": lambda self: math.sin(self.data)}, "cos needs the input"),
        ({"slope": lambda self: -math.cos(self.data)}, "The sign is wrong"),
        ({"slope": lambda self: ...}, "the local gradient ∂v3/∂x1 is still to be written"),
        ({"sin": lambda self: Value(0.5, [(self, 1.0)])}, "v3.data is 0.5, expected 0.909297"),
        ({"sin": lambda self: None}, "stopped with AttributeError"),
        ({"__add__": lambda self, other: None}, "computing y gave None. Return a Value"),
        ({"pairs": lambda self, other: [self, other]}, "Keep one pair for each input"),
        ({"pairs": lambda self, other: [(other, self.data), (self, other.data)]},
         "input 0 of v2 is not x1. Keep self first"),
        ({"backward": lambda self: None}, "Now backward: it has sent nothing yet"),
        ({"backward": lambda self: [1.0, 2.0]}, "a list of (value, input, contribution), three"),
        ({"backward": lambda self: [(self, Value(1.0), 1.0)]}, "Expected is a list of"),
        ({"backward": input_first},
         "turned round in what is sent. Write sent.append((value, input, contribution))"),
        ({"seed": 0.0}, "goes 0, expected 1 · 1 = 1. The seed is missing"),
        ({"seed": "value"}, "It starts from the value of y. The seed is 1."),
        ({"turns": Value.order}, "v2 has its turn before y"),
        ({"turns": breadth_first}, "p has its turn before s, and has not got all of its gradient"),
        ({"turns": walked}, "p sends to a 2 times. Each node has one turn"),
        ({"turns": lambda self: self.order()[:2:-1]}, "v2 sends nothing to x1, expected 1 · 3"),
        ({"receive": set_grad}, "x1.grad is 3, expected 2.58385. It keeps one arrival of 2: an ="),
        ({"receive": lambda self, contribution: None}, "What is sent does not arrive: add"),
        ({"contribution": lambda self, local: local}, "multiply it by the grad of the node"),
        ({"contribution": lambda self, local: self.grad}, "multiply it by the local gradient"),
    ],
)  # fmt: skip
def test_the_first_number_that_differs_is_named_with_the_mistake(
    changed: dict[str, Any], message: str
) -> None:
    verdict = judge(**changed)
    assert verdict.state is State.NOT_YET
    assert message in verdict.message


def test_overwriting_inside_the_graph_is_named_too() -> None:
    """Where only an inner node overwrites, the leaves look right in the first function."""

    def receive(self: Value, contribution: float) -> None:
        self.grad = contribution if self.inputs else self.grad + contribution

    verdict = judge(receive=receive)
    assert "e = p·s" in verdict.message
    assert "from p to a goes 18, expected -10".replace("-", "−") in verdict.message
    assert "What arrives overwrites what was there: an = in place of +=." in verdict.message


@pytest.mark.parametrize("answer", [Value(2.0), Value, int, lambda data: Value(data), "Value"])
def test_the_class_itself_is_handed_in(answer: Any) -> None:
    verdict = ENGINE.judge(answer)
    if answer is Value:
        assert verdict.state is State.RIGHT
    else:
        assert verdict.state is State.NOT_YET
        assert verdict.message


def test_it_is_judged_afresh_each_time() -> None:
    assert [ENGINE.judge(Value) for _ in range(2)] == [ENGINE.judge(Value)] * 2
