"""Trace: the names that views give, and which passes there are to show."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from autograd_lite.recording import Scope
from autograd_lite.views.trace import Trace, is_bare_number, latex_name
from tests.strategies import Program, programs, same_every_run


def trace_of(y: Tensor, **options: object) -> Trace:
    return Trace(ComputationGraph(y), **options)  # type: ignore[arg-type]


def names(trace: Trace) -> list[str]:
    return [trace.name(node).text for node in trace.graph.nodes]


def test_a_node_is_called_by_its_name_or_its_number_and_a_bare_constant_by_its_digits() -> None:
    x, k = Tensor(2.0, name="x"), Tensor(4.0, requires_grad=False, name="k")
    assert names(trace_of(x * -1.5 + k)) == ["x", "k", "−1.5", "v2", "v3"]


def test_an_array_without_a_name_has_a_number_of_its_own() -> None:
    x = Tensor([1.0, 2.0], name="x")
    assert names(trace_of(x * np.array([3.0, 4.0]))) == ["x", "c0", "v1"]


@pytest.mark.parametrize("name", ["x1", "z²", "W.bias", "a'", "größe", "x_1"])
def test_a_plain_name_stands_as_it_is(name: str) -> None:
    assert names(trace_of(Tensor(1.0, name=name) * 2.0))[0] == name


@pytest.mark.parametrize("name", ["a + b", "<b>", "-x", "(", "two words"])
def test_any_other_name_is_quoted_so_that_it_reads_as_one_thing(name: str) -> None:
    assert names(trace_of(Tensor(1.0, name=name) * 2.0))[0] == f"“{name}”"


def test_two_nodes_of_one_name_have_numbers() -> None:
    y = Tensor(1.0, name="x") * Tensor(2.0, name="x")
    assert names(trace_of(y)) == ["v0", "v1", "v2"]


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("x", "x"), ("x12", "x_{12}"), ("é", "é"), ("x_1", r"\mathrm{x\_1}"),
        ("50%", r"\mathrm{50\%}"), ("{", r"\mathrm{\{}"), ("a\\b", r"\mathrm{a\backslash b}"),
        ("a^2", r"\mathrm{a\wedge 2}"), ("12", r"\mathrm{12}"),
    ],
)  # fmt: skip
def test_names_in_latex(name: str, latex: str) -> None:
    assert latex_name(name) == latex


def test_both_passes_or_what_there_is() -> None:
    x, k = Tensor([1.0, 2.0], name="x"), Tensor(3.0, requires_grad=False, name="k")
    assert {step.phase for step in trace_of(x.sum()).steps} == {"forward", "seed", "backward"}
    for y in (x * 2.0, k * k):  # no single number, no variable
        assert {step.phase for step in trace_of(y).steps} == {"forward"}
    seeded = trace_of(x * 2.0, gradient=[1.0, 0.0])
    assert {step.phase for step in seeded.steps} == {"forward", "seed", "backward"}


def test_a_seed_that_cannot_be_sent_is_the_engines_message() -> None:
    k = Tensor(3.0, requires_grad=False, name="k")
    with pytest.raises(ValueError, match="depends on no variable"):
        trace_of(k * k, gradient=1.0)
    with pytest.raises(ValueError, match="granularity"):
        trace_of(Tensor(1.0) * 2.0, granularity="leaf")


@same_every_run
@given(programs(), st.sampled_from(["node", "edge"]))
def test_arrivals_are_the_contributions_in_their_order(program: Program, granularity: str) -> None:
    trace = trace_of(program.record()[1], granularity=granularity)
    for node in trace.graph.nodes:
        arrived = [
            (c.node, c.position)
            for step in trace.steps for c in step.contributions if c.target is node
        ]  # fmt: skip
        expected = trace.arrivals(node)
        assert len(arrived) == len(expected)
        for one, other in zip(arrived, expected, strict=True):
            assert one[0] is other[0]
            assert one[1] == other[1]


def test_only_a_constant_number_without_a_name_is_bare() -> None:
    bare = Tensor(2.0, requires_grad=False)
    array, named = Tensor([2.0], requires_grad=False), Tensor(2.0, requires_grad=False, name="k")
    variable, result = Tensor(2.0), bare * bare
    found = [is_bare_number(node) for node in (bare, array, named, variable, result)]
    assert found == [True, False, False, False, False]


def test_scopes_are_named_by_one_look_at_them_all() -> None:
    looks = []

    class Watched(dict[str, Scope]):
        def items(self) -> Any:
            looks.append(1)
            return super().items()

    x = Tensor(1.0, name="x")
    for _ in range(3):
        with ag.scope("layer"):
            x = x * 2.0
    graph = ComputationGraph(x)
    scopes = graph.scopes
    vars(graph)["scopes"] = Watched(scopes)
    trace = Trace(graph)
    assert [trace.scope_label(scope) for scope in scopes.values()] == list(scopes)
    assert len(looks) == 1
