"""Scopes: where nodes belong, what scopes are called, and steps a scope at a time."""

import numpy as np
import pytest
from hypothesis import given

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from autograd_lite.recording import Scope
from autograd_lite.scopes import group_of, homes, scope_labels
from autograd_lite.steps import Step
from tests.strategies import Program, programs, same_every_run


def dense(x: Tensor, w: Tensor, b: Tensor, name: str = "dense") -> Tensor:
    with ag.scope(name, [w, b]):
        return ag.tanh(x * w + b)


def leaves(*names: str) -> list[Tensor]:
    return [Tensor(0.5 + i, name=name) for i, name in enumerate(names)]


def names(graph: ComputationGraph, node: Tensor) -> list[str]:
    return [scope.name for scope in graph.homes[node]]


# Where nodes belong.


def test_a_leaf_belongs_to_the_scope_that_owns_it_and_an_input_to_none() -> None:
    x, w, b = leaves("x", "w", "b")
    graph = ComputationGraph(dense(x, w, b))
    assert [names(graph, leaf) for leaf in (x, w, b)] == [[], ["dense"], ["dense"]]


def test_a_leaf_of_two_scopes_belongs_to_what_is_around_both() -> None:
    x, w, b = leaves("x", "w", "b")
    with ag.scope("cells"):
        y = dense(dense(x, w, b), w, b)
    graph = ComputationGraph(y)
    assert [names(graph, leaf) for leaf in (x, w, b)] == [[], ["cells"], ["cells"]]
    assert names(ComputationGraph(dense(dense(x, w, b), w, b)), w) == []


def test_an_owned_leaf_that_others_use_too_stays_with_its_owner() -> None:
    x, w, b = leaves("x", "w", "b")
    assert names(ComputationGraph(dense(x, w, b) + w), w) == ["dense"]


def test_what_is_made_inside_belongs_inside() -> None:
    with ag.scope("outer"), ag.scope("inner"):
        w = Tensor(2.0, name="w")
    graph = ComputationGraph(3.0 * w)
    assert names(graph, w) == ["outer", "inner"]


def test_a_copied_graph_keeps_owners() -> None:
    graph = ComputationGraph(dense(*leaves("x", "w", "b"))).copy()
    assert [names(graph, leaf) for leaf in graph.inputs.values()] == [[], ["dense"], ["dense"]]


# What scopes are called.


def test_a_name_of_several_scopes_gets_numbers_and_the_others_keep_theirs() -> None:
    scopes = [Scope(name) for name in ("cell", "loss", "cell", "cell 2", "cell")]
    assert list(scope_labels([(scope,) for scope in scopes]).values()) == [
        "cell 1", "loss", "cell 3", "cell 2", "cell 4",
    ]  # fmt: skip


def test_scopes_are_listed_in_the_order_of_the_graph() -> None:
    x, w, b, v, c = leaves("x", "w", "b", "v", "c")
    graph = ComputationGraph(dense(dense(x, w, b), v, c))
    assert list(graph.scopes) == ["dense 1", "dense 2"]
    assert homes(graph.nodes)[graph.output] == (graph.scopes["dense 2"],)


def test_the_region_of_a_node_is_the_outermost_closed_scope_or_the_innermost() -> None:
    outer, inner = Scope("outer"), Scope("inner")
    assert group_of((outer, inner), ()) is inner
    assert group_of((outer, inner), {outer, inner}) is outer
    assert group_of((outer, inner), {inner}) is inner
    assert group_of((), ()) is None


# Steps.


def shown(graph: ComputationGraph, steps: list[Step]) -> list[str]:
    return [
        f"{step.phase[0]} {step.scope.name if step.scope else graph.label(step.node)}"
        for step in steps
    ]


def test_a_scope_is_one_step_in_each_pass_and_its_weights_come_with_it() -> None:
    x, w, b, v, c = leaves("x", "w", "b", "v", "c")
    y = dense(dense(x, w, b, "first"), v, c, "second") ** 2
    y.name = "y"
    graph = ComputationGraph(y)
    steps = graph.steps("scope")
    assert shown(graph, steps) == [
        "f x", "f first", "f second", "f y", "s y", "b y", "b second", "b first",
    ]  # fmt: skip
    first = steps[1]
    assert [graph.label(inner.node) for inner in first.inner][:2] == ["w", "b"]
    assert first.node is first.inner[-1].node
    assert steps[-1].node is first.node
    assert [step.index for step in steps] == list(range(8))


def test_a_closed_scope_is_taken_with_all_inside_it() -> None:
    x, w, b, v, c = leaves("x", "w", "b", "v", "c")
    with ag.scope("net"):
        y = dense(dense(x, w, b, "first"), v, c, "second")
    graph = ComputationGraph(y)
    closed = [graph.scopes["net"]]
    assert shown(graph, graph.steps("scope", closed=closed)) == ["f x", "f net", "s v10", "b net"]
    assert shown(graph, graph.forward_steps("scope", closed)) == ["f x", "f net"]


@same_every_run
@given(programs())
def test_a_step_of_a_scope_holds_all_that_happens_in_it(program: Program) -> None:
    """Taken apart again, steps of scopes are the steps of nodes."""
    with ag.scope("all"):
        output = program.record()[1]
    graph = ComputationGraph(output * 2.0)
    apart = [one for step in graph.steps("scope") for one in step.inner or (step,)]
    key = [(one.phase, graph.label(one.node)) for one in apart]
    whole = [(one.phase, graph.label(one.node)) for one in graph.steps()]
    assert sorted(key) == sorted(whole)
    assert [k for k in key if k[0] == "backward"] == [k for k in whole if k[0] == "backward"]
    for step in graph.steps("scope"):
        if step.inner:
            assert [c.target for c in step.contributions] == [
                c.target for inner in step.inner for c in inner.contributions
            ]


def test_scopes_that_take_turns_are_a_step_for_each_turn() -> None:
    x = Tensor(0.5, name="x")
    with ag.scope("outer"):
        y = ag.sin(x)
        with ag.scope("inner"):
            y = ag.cos(y)
        y = ag.exp(y)
    graph = ComputationGraph(y)
    assert shown(graph, graph.forward_steps("scope")) == ["f x", "f outer", "f inner", "f outer"]


def test_owned_takes_tensors() -> None:
    w = Tensor(np.ones(3), name="w")
    with ag.scope("layer", owned=[w]):
        y = w.sum()
    assert y.scopes[0].owned == {w._number}
    with pytest.raises(AttributeError), ag.scope("layer", owned=[1.0]):
        pass


def test_a_leaf_of_a_scope_that_computes_nothing_has_a_step_of_its_own() -> None:
    class Twice(ag.nn.Module):
        def __init__(self) -> None:
            self.layer = ag.nn.Linear(1, 1, rng=0)

        def forward(self, x: Tensor) -> Tensor:
            return self.layer(self.layer(x))

    graph = ComputationGraph(Twice()(np.ones((1, 1))).sum())
    steps = graph.steps("scope")
    assert shown(graph, steps)[:4] == ["f layer.W", "f layer.b", "f layer", "f layer"]


def test_a_leaf_made_within_a_scope_belongs_to_its_forward_step() -> None:
    x = Tensor(0.5, name="x")
    with ag.scope("s"):
        a = x * 3.0
        w = Tensor(5.0, name="w")
        y = ag.tanh(a * w)
    graph = ComputationGraph(y + 1.0)
    steps = graph.steps("scope")
    assert shown(graph, steps) == ["f x", "f s", "f v5", "s v5", "b v5", "b s"]
    assert all(one.phase == step.phase for step in steps for one in step.inner)
    assert graph.label(steps[-1].node) == graph.label(y) == "v4"
    assert w in {one.node for one in steps[1].inner}
