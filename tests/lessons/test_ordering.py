"""Orders: the check lets the nodes send as the learner says, and names what comes too early."""

import ast
import re
from itertools import permutations
from pathlib import Path

import pytest

from autograd_lite import ComputationGraph
from autograd_lite.lessons import backward_order, chain_rule
from autograd_lite.lessons.backward_order import A, B
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State
from autograd_lite.lessons.ordering import Ordering, edges_back, sweep

SOURCES = Path(__file__).parents[2] / "notebooks" / "sources"
ORDERINGS = {key: e for key, e in EXERCISES.items() if isinstance(e, Ordering)}
orderings = pytest.mark.parametrize("exercise", ORDERINGS.values(), ids=ORDERINGS)


def uses(exercise: Ordering) -> dict[str, set[str]]:
    """For each operation, the operations that use it."""
    graph = ComputationGraph(exercise.record()[0])
    operations = [node for node in graph.nodes if node.operation is not None]
    return {
        str(node.name): {
            str(other.name)
            for other in operations
            if any(tensor is node for tensor in other.inputs)
        }
        for node in operations
    }


@orderings
def test_right_are_the_orders_in_which_each_comes_after_all_that_use_it(
    exercise: Ordering,
) -> None:
    users = uses(exercise)
    for order in permutations(users):
        waits = all(users[name] <= set(order[:place]) for place, name in enumerate(order))
        assert (exercise.judge(order).state is State.RIGHT) == waits


@orderings
def test_the_right_orders_and_no_others_give_the_gradient_of_the_engine(
    exercise: Ordering,
) -> None:
    output, watched = exercise.record()
    output.backward()
    assert watched.grad is not None
    edges = edges_back(ComputationGraph(output))
    for order in permutations(edges):
        received = sweep(order, edges, str(output.name))[str(watched.name)]
        verdict = exercise.judge(order)
        assert (received == float(watched.grad)) == (verdict.state is State.RIGHT)
        assert f" = {received:g}. ".replace("-", "−") in verdict.message


@orderings
def test_each_wrong_order_names_two_operations_in_the_wrong_order(exercise: Ordering) -> None:
    users = uses(exercise)
    for order in permutations(users):
        verdict = exercise.judge(order)
        if verdict.state is State.NOT_YET:
            named = [
                (early, late)
                for early in users
                for late in users
                if f"In it {early} comes before {late}." in verdict.message
            ]
            assert len(named) == 1
            (early, late) = named[0]
            assert late in users[early]
            assert order.index(early) < order.index(late)


def test_the_puzzle_gives_24_and_one_wrong_order_6() -> None:
    right, wrong = (EXERCISES["03.order"].judge(list(order)) for order in ("esp", "eps"))
    assert right.message.startswith("Your order gives ∂e/∂a = 24. ")
    assert wrong.message == (
        "Your order gives ∂e/∂a = 6. In it p comes before s. So p passes on −4 and not its "
        "whole gradient −10: what s sends to p comes too late."
    )


def test_overwriting_leaves_one_path_of_three() -> None:
    output, _ = backward_order.record()
    received = {"e": 1.0}
    for name in ("e", "s", "p"):
        for c in edges_back(ComputationGraph(output))[name]:
            received[str(c.target.name)] = received[name] * float(c.local)
    assert received["a"] == chain_rule.OVERWRITE.answer() == 18.0
    assert backward_order.e_gradient(A, B) == 24.0


@pytest.mark.parametrize("answer", [["e", "s", "p"], ("e", "s", "p", "a", "b"), "e, s, p",
                                    "e → s → p"])  # fmt: skip
def test_an_order_may_be_written_in_several_ways(answer: object) -> None:
    assert EXERCISES["03.order"].judge(answer).state is State.RIGHT


def test_the_tensors_themselves_stand_for_their_names() -> None:
    e, _ = backward_order.record()
    p, s = e.inputs
    assert EXERCISES["03.order"].judge([e, s, p]).state is State.RIGHT


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("esp", "'esp' is no operation of this graph."),
        (["e", "p"], "s is missing."),
        (["e", "s", "p", "e"], "e is there more than once."),
        (["e", 4, "p"], "4 is no operation of this graph."),
        (
            [["e", "s", "p"], ["e", "p", "s"]],
            "Those are several lists. Check one order, then the next.",
        ),
        ({"e", "s", "p"}, "A list of names is expected, not set."),
    ],
)
def test_what_cannot_be_read_is_told_how_to_write_it(answer: object, message: str) -> None:
    verdict = EXERCISES["03.order"].judge(answer)
    assert verdict.state is State.NOT_YET
    assert verdict.message == f'{message} Write each of p, s, e once, as a list: ["p", "s", "e"].'


def test_the_orders_that_the_lesson_prints_are_right_one_by_one() -> None:
    text = (SOURCES / "03_chain_rule.md").read_text(encoding="utf-8")
    printed = re.findall(r'`(\["L", [^`]*\])`', text)
    assert len(printed) == 2
    for order in map(ast.literal_eval, printed):
        assert EXERCISES["03.orders"].judge(order).state is State.RIGHT


def test_the_walk_of_the_lesson_enters_as_many_boxes_as_the_formula_says() -> None:
    def enter(level: int) -> int:
        return 1 + (enter(level - 1) + enter(level - 1) if level else 0)

    assert [enter(n) for n in range(6)] == [backward_order.visits(n) for n in range(6)]
