"""Equations of a step that takes a scope whole: what comes in, what leaves, which scope."""

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from autograd_lite.views.equation import equations
from autograd_lite.views.text import gate_rule, text_table
from autograd_lite.views.trace import Trace


def network() -> Trace:
    rng = np.random.default_rng(0)
    x = Tensor(rng.normal(size=(4, 2)), name="x")
    w, b = Tensor(rng.normal(size=(2, 3)), name="w"), Tensor(np.zeros(3), name="b")
    with ag.scope("hidden layer", [w, b]):
        h = ag.tanh(x @ w + b)
    h.name = "h"
    y = (h * x.sum()).mean()
    y.name = "y"
    return Trace(ComputationGraph(y), "scope")


def test_forward_names_the_scope_and_what_comes_in() -> None:
    trace = network()
    step = next(step for step in trace.steps if step.scope)
    (equation,) = equations(trace, step)
    assert equation.text == "h = hidden layer(x) = array (4, 3)"
    assert gate_rule(step) == "hidden layer in one step: @, +, tanh."


def test_backward_has_an_equation_for_each_gradient_that_leaves() -> None:
    trace = network()
    step = trace.steps[-1]
    texts = [equation.text for equation in equations(trace, step)]
    assert [text.split(" = ")[0] for text in texts] == ["∂y/∂b", "∂y/∂x", "∂y/∂w"]
    assert all("hidden layer.backward(∂y/∂h)" in text for text in texts)
    gradients = trace.final_gradients()
    leaves = trace.graph.inputs
    trace.graph.output.backward()
    for name in ("x", "w", "b"):
        np.testing.assert_allclose(gradients[leaves[name]], leaves[name].grad, rtol=1e-12)


def test_a_gradient_that_is_not_complete_says_so() -> None:
    x = Tensor(2.0, name="x")
    with ag.scope("a"):
        p = x * 3.0
    with ag.scope("b"):
        q = x * 5.0
    trace = Trace(ComputationGraph(p + q), "scope")
    notes = [
        equation.text for step in trace.steps if step.inner for equation in equations(trace, step)
    ]
    assert notes[-2:] == [
        "∂y/∂x = b.backward(∂y/∂v2) = 5.0000 (so far, 1 of 2 arrows)",
        "∂y/∂x = … + a.backward(∂y/∂v1) = 5.0000 + 3.0000 = 8.0000 (2 of 2 arrows, complete)",
    ]


def test_a_scope_with_two_results_names_both() -> None:
    x = Tensor(2.0, name="x")
    with ag.scope("s"):
        a, b = x * 2.0, x * 3.0
    trace = Trace(ComputationGraph(a * b), "scope")
    texts = [one.text for step in trace.steps if step.inner for one in equations(trace, step)]
    assert texts == [
        "v1 = s(x) = 4.0000",
        "v2 = s(x) = 6.0000",
        "∂y/∂x = s.backward(∂y/∂v1, ∂y/∂v2) = 24.0000",
    ]


def test_the_table_names_scopes() -> None:
    table = text_table(network())
    assert "hidden layer  h = hidden layer(x)" in table


@pytest.mark.parametrize("name", ["a_b$%", "<b>", "x\ny"])
def test_any_name_is_written(name: str) -> None:
    with ag.scope(name):
        y = Tensor(2.0, name="x") ** 2
    trace = Trace(ComputationGraph(y), "scope")
    assert all(equation.latex for step in trace.steps for equation in equations(trace, step))
