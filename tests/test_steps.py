"""Steps: the record of both passes agrees with what the engine computes, to the last number."""

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from autograd_lite import ComputationGraph, Contribution, Operation, Step, Tensor
from autograd_lite.broadcasting import unbroadcast
from autograd_lite.steps import topological_order
from tests.strategies import Program, programs, same_every_run


def worked_example() -> tuple[ComputationGraph, list[Tensor]]:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    product = x1 * x2
    sine = np.sin(x1)
    y = product + sine
    return ComputationGraph(y), [x1, x2, product, sine, y]


def all_contributions(steps: list[Step]) -> list[Contribution]:
    return [contribution for step in steps for contribution in step.contributions]


def ids(nodes: Iterable[Tensor]) -> list[int]:
    """Nodes are compared by identity: == compares their values."""
    return [id(node) for node in nodes]


def numbers(contribution: Contribution) -> tuple[Any, ...]:
    c = contribution
    return (
        id(c.node), c.position, id(c.target), c.upstream, c.local, c.value, c.before, c.after,
        c.arrived, c.expected, c.remaining,
    )  # fmt: skip


# The first lesson, step by step.


def test_the_worked_example_step_by_step() -> None:
    graph, (x1, x2, product, sine, y) = worked_example()
    steps = graph.steps()
    assert [step.index for step in steps] == list(range(9))
    assert [step.phase for step in steps] == ["forward"] * 5 + ["seed"] + ["backward"] * 3
    assert ids(step.node for step in steps) == ids([x1, x2, product, sine, y, y, y, sine, product])
    assert [round(float(step.value), 4) for step in steps[:5]] == [2.0, 3.0, 6.0, 0.9093, 6.9093]
    assert [step.inputs for step in steps[:5]] == [
        (), (), (2.0, 3.0), (2.0,), (6.0, math.sin(2.0)),
    ]  # fmt: skip
    seed = steps[5]
    assert (seed.upstream, seed.contributions) == (1.0, ())
    assert [step.upstream for step in steps[6:]] == [1.0, 1.0, 1.0]
    assert [len(step.contributions) for step in steps[6:]] == [2, 1, 2]


def test_the_fork_receives_one_path_after_the_other() -> None:
    graph, (x1, _, product, sine, _) = worked_example()
    found = [numbers(c) for c in all_contributions(graph.steps()) if c.target is x1]
    cos2 = math.cos(2.0)
    assert found == [
        (id(sine), 0, id(x1), 1.0, cos2, cos2, None, cos2, 1, 2, 1),
        (id(product), 0, id(x1), 1.0, 3.0, 3.0, cos2, 3.0 + cos2, 2, 2, 0),
    ]


def test_by_edges_each_contribution_is_a_step_of_its_own() -> None:
    graph, (x1, x2, product, sine, y) = worked_example()
    steps = [step for step in graph.steps("edge") if step.phase == "backward"]
    assert [ids([step.node, c.target]) for step in steps for c in step.contributions] == [
        ids(edge) for edge in [(y, product), (y, sine), (sine, x1), (product, x1), (product, x2)]
    ]
    assert len(steps) == 5
    assert [step.index for step in graph.steps("edge")] == list(range(11))


def test_a_square_has_two_contributions_with_partial_sums() -> None:
    x = Tensor(3.0)
    y = x * x
    (step,) = (s for s in ComputationGraph(y).steps() if s.phase == "backward")
    assert [numbers(c) for c in step.contributions] == [
        (id(y), 0, id(x), 1.0, 3.0, 3.0, None, 3.0, 1, 2, 1),
        (id(y), 1, id(x), 1.0, 3.0, 3.0, 3.0, 6.0, 2, 2, 0),
    ]


# Properties, on random graphs.


@same_every_run
@given(programs())
def test_the_last_total_of_each_node_is_its_gradient(program: Program) -> None:
    for granularity in ("node", "edge"):
        _, output = program.record()
        graph = ComputationGraph(output)
        totals: dict[Tensor, Any] = {output: np.float64(1.0)}
        for contribution in all_contributions(graph.steps(granularity)):
            before, value = contribution.before, contribution.value
            assert before == totals.get(contribution.target)
            assert contribution.after == (value if before is None else before + value)
            totals[contribution.target] = contribution.after
        output.backward()
        assert all(node.grad == totals.get(node) for node in graph.nodes)


@same_every_run
@given(programs())
def test_edges_and_nodes_tell_the_same_story(program: Program) -> None:
    _, output = program.record()
    graph = ComputationGraph(output)
    by_node, by_edge = graph.steps("node"), graph.steps("edge")
    assert list(map(numbers, all_contributions(by_node))) == list(
        map(numbers, all_contributions(by_edge))
    )
    assert all(len(s.contributions) == (s.phase == "backward") for s in by_edge)
    nodes = [s.node for s in by_node if s.phase == "backward"]
    assert len(nodes) == len(set(nodes))  # each node passes its gradient back once


@same_every_run
@given(programs())
def test_no_node_passes_back_before_all_its_paths_have_come(program: Program) -> None:
    _, output = program.record()
    counts: dict[Tensor, int] = defaultdict(int)
    expected: dict[Tensor, int] = {output: 0}
    total: dict[Tensor, Any] = {output: 1.0}
    for c in all_contributions(ComputationGraph(output).steps()):
        assert counts[c.node] == expected[c.node]
        assert c.upstream == total[c.node]
        counts[c.target] += 1
        expected[c.target] = c.expected
        total[c.target] = c.after
        assert c.arrived == counts[c.target] <= c.expected
        assert c.remaining == c.expected - c.arrived
    assert all(counts[node] == number for node, number in expected.items())


@same_every_run
@given(programs())
def test_each_contribution_is_upstream_times_local(program: Program) -> None:
    _, output = program.record()
    for c in all_contributions(ComputationGraph(output).steps()):
        assert c.value == c.upstream * c.local


@same_every_run
@given(programs())
def test_forward_steps_hold_what_a_replay_computes(program: Program) -> None:
    _, output = program.record()
    graph = ComputationGraph(output)
    assert ids(s.node for s in graph.steps() if s.phase == "forward") == ids(graph.nodes)
    moved = Program(tuple(value + 0.25 for value in program.leaves), program.lines)
    graph.forward(**{name: leaf.item() + 0.25 for name, leaf in graph.inputs.items()})
    _, other = moved.record()
    for step, expected in zip(graph.steps(), ComputationGraph(other).steps(), strict=True):
        assert (step.index, step.phase) == (expected.index, expected.phase)
        assert (step.value, step.inputs) == (expected.value, expected.inputs)
        assert step.value == step.node.data


@same_every_run
@given(programs())
def test_the_order_is_topological_and_the_same_each_time(program: Program) -> None:
    _, output = program.record()
    order = topological_order(output)
    assert order[-1] is output
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order)
    assert all(place[t] < place[node] for node in order for t in node.inputs)
    assert ids(topological_order(output)) == ids(order)


# Arrays.


def test_a_contribution_is_summed_where_the_input_was_repeated() -> None:
    random = np.random.default_rng(2)
    w, b = Tensor(random.normal(size=(4, 3)), name="w"), Tensor(random.normal(size=3), name="b")
    y = w * b
    seed = random.normal(size=(4, 3))
    steps = ComputationGraph(y).steps(gradient=seed)
    y.backward(seed)
    for c in all_contributions(steps):
        np.testing.assert_allclose(c.value, unbroadcast(c.upstream * c.local, c.target.shape))
        np.testing.assert_array_equal(c.after, c.target.grad)


def test_a_whole_backward_rule_has_no_local_number() -> None:
    class Flip(Operation):
        def forward(self, x: Any) -> Any:
            return x[::-1] * 1.0

        def backward(self, dz: Any) -> Any:
            return dz[::-1]

    y = Flip()(Tensor([1.0, 2.0]))
    (c,) = all_contributions(ComputationGraph(y).steps(gradient=[3.0, 4.0]))
    assert c.local is None
    np.testing.assert_array_equal(c.value, [4.0, 3.0])


@pytest.mark.parametrize(("options", "stated"), [
    ({}, True), ({"axis": 1}, False), ({"axis": 1, "keepdims": True}, True),
])  # fmt: skip
def test_a_sum_states_a_local_number_only_where_the_product_is_true(
    options: dict[str, Any], stated: bool
) -> None:
    x = Tensor(np.eye(3))
    for y in (x.sum(**options), x.mean(**options)):
        seed = np.arange(1.0, 1.0 + y.size).reshape(y.shape)
        (c,) = all_contributions(ComputationGraph(y).steps(gradient=seed))
        assert (c.local is not None) == stated
        if stated:
            np.testing.assert_array_equal(
                c.value, np.broadcast_to(c.upstream * c.local, c.target.shape)
            )


# Constants, seeds, and what stepping leaves alone.


def test_bare_constants_have_no_step_and_receive_nothing() -> None:
    x, scale = Tensor(2.0, name="x"), Tensor(3.0, requires_grad=False, name="scale")
    steps = ComputationGraph(x * scale + 1.0).steps()
    assert [step.node.name for step in steps if step.phase == "forward"][:2] == ["x", "scale"]
    assert sum(step.phase == "forward" for step in steps) == 4
    assert all(c.target.requires_grad for c in all_contributions(steps))


def test_the_seed_may_be_another_number() -> None:
    x = Tensor(2.0)
    steps = ComputationGraph(x * 3.0).steps(gradient=10.0)
    assert next(step.upstream for step in steps if step.phase == "seed") == 10.0
    assert steps[-1].contributions[-1].after == 30.0


@pytest.mark.parametrize("granularity", ["node", "edge"])
def test_stepping_changes_nothing(granularity: str) -> None:
    graph, nodes = worked_example()
    graph.steps(granularity)
    assert [node.grad for node in nodes] == [None] * 5
    graph.backward()
    before = [node.grad.copy() for node in nodes]
    graph.steps(granularity)
    assert [node.grad for node in nodes] == before


def test_steps_stay_as_they_were_when_the_graph_goes_on() -> None:
    graph, _ = worked_example()
    steps = graph.steps()
    shown = [(step.value, [c.after for c in step.contributions]) for step in steps]
    graph.forward(x1=5.0)
    graph.backward()
    assert [(step.value, [c.after for c in step.contributions]) for step in steps] == shown


def test_steps_do_not_share_the_callers_seed() -> None:
    seed = np.array([1.0, 2.0])
    steps = ComputationGraph(Tensor([3.0, 4.0]) * 2.0).steps(gradient=seed)
    seed[:] = 99.0
    for step in steps[-2:]:
        np.testing.assert_array_equal(step.upstream, [1.0, 2.0])


@pytest.mark.parametrize("value", [2.0, [2.0, -1.0]], ids=["0-d", "1-d"])
def test_float32_steps_are_float32_throughout(value: Any) -> None:
    x = Tensor(np.array(value, np.float32))
    y = (abs(x) + np.maximum(x * x, 0.5) / 3.0).mean()
    contributions = all_contributions(ComputationGraph(y).steps())
    assert {c.value.dtype for c in contributions} == {np.dtype(np.float32)}
    assert {c.after.dtype for c in contributions} == {np.dtype(np.float32)}


def test_a_record_cannot_be_changed() -> None:
    step = worked_example()[0].steps()[-1]
    with pytest.raises(AttributeError):
        step.phase = "forward"
    with pytest.raises(AttributeError):
        step.contributions[0].after = 0.0


def test_counts_stay_true_when_a_leaf_becomes_a_constant_later() -> None:
    x, w = Tensor(2.0, name="x"), Tensor(3.0, name="w")
    graph = ComputationGraph(x * w)
    x.requires_grad = False
    assert all(0 <= c.remaining < c.expected for c in all_contributions(graph.steps()))


def test_records_are_themselves_and_nothing_else() -> None:
    """Their arrays cannot be compared with one answer, so a record equals itself alone."""
    graph = ComputationGraph(Tensor([1.0, 2.0]) * 2.0)
    steps, again = graph.steps(gradient=[1.0, 1.0]), graph.steps(gradient=[1.0, 1.0])
    for one, other in ((steps, again), (all_contributions(steps), all_contributions(again))):
        assert one[-1] == one[-1]
        assert one[-1] != other[-1]
        assert len({*one, *other}) == len(one) + len(other)


class Square(Operation):
    """A whole backward rule of a single number: `slope` of dz and x."""

    def __init__(self, slope: Any) -> None:
        self.slope = slope

    def forward(self, x: Any) -> Any:
        return x**2

    def backward(self, dz: Any) -> Any:
        return self.slope(dz, self.inputs[0])


def test_a_whole_rule_of_a_single_number_states_a_local_number() -> None:
    y = Square(lambda dz, x: dz * 2 * x)(Tensor(3.0)) * 5.0
    last = all_contributions(ComputationGraph(y).steps())[-1]
    assert (last.upstream, last.local, last.value) == (5.0, 6.0, 30.0)


def test_a_rule_that_is_not_linear_in_dz_states_none() -> None:
    y = Square(lambda dz, x: 2 * x)(Tensor(3.0)) * 5.0
    last = all_contributions(ComputationGraph(y).steps())[-1]
    assert (last.upstream, last.local, last.value) == (5.0, None, 6.0)


def test_a_sum_to_one_number_keeps_its_local_array() -> None:
    y = Tensor(2.0) * np.array([3.0, 4.0])
    (c,) = all_contributions(ComputationGraph(y).steps(gradient=[1.0, 10.0]))
    np.testing.assert_array_equal(c.local, [3.0, 4.0])
    assert c.value == 43.0
