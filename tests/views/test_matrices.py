"""Matrices of a step: the arrays that its equation names, number for number."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from autograd_lite.views.equation import equations
from autograd_lite.views.matrices import Matrix, matrices
from autograd_lite.views.number import format_number
from autograd_lite.views.trace import Trace
from tests.strategies import Program, programs, same_every_run
from tests.views.test_array_symbol import array_graphs, network


def shown(y: Tensor) -> dict[str, list[Matrix]]:
    """The matrices under each equation, by its left side."""
    steps = Trace(ComputationGraph(y))
    return {
        one.left.text: tables
        for step in steps.steps
        for one, tables in zip(equations(steps, step), matrices(steps, step), strict=True)
    }


def numbers(table: Matrix) -> np.ndarray:
    text = [[number.replace("−", "-") for number in row] for row in table.rows]
    return np.array(text, dtype=float).reshape(table.shape)


def test_a_product_backward_shows_both_factors_as_used_and_the_gradient() -> None:
    said = shown(network(3))
    names = [(table.name, table.shape, table.kind) for table in said["∂J/∂W2"]]
    assert names == [
        ("a2ᵀ", (3, 3), "value"), ("∂J/∂v8", (3, 1), "grad"), ("∂J/∂W2", (3, 1), "grad"),
    ]  # fmt: skip
    left, right, result = map(numbers, said["∂J/∂W2"])
    np.testing.assert_allclose(left @ right, result, atol=2e-3)
    assert [table.name for table in said["∂J/∂a2"]] == ["∂J/∂v8", "W2ᵀ", "∂J/∂a2"]


def test_forward_shows_the_inputs_and_the_output() -> None:
    said = shown(network(3))
    assert [(table.name, table.kind) for table in said["v5"]] == [
        ("X", "value"), ("W1", "value"), ("v5", "value"),
    ]  # fmt: skip
    assert [table.name for table in said["W1"]] == ["W1"]
    assert [table.name for table in said["J"]] == ["v12"]  # J is a number: its equation tells it


def test_other_rules_show_what_comes_in_and_what_leaves() -> None:
    said = shown(network(3))
    assert [table.name for table in said["∂J/∂b2"]] == ["∂J/∂v9", "∂J/∂b2"]
    assert [table.name for table in said["∂J/∂v6"]][-1] == "∂J/∂v6"


@pytest.mark.parametrize("rule", [lambda dz, x: dz + dz * x, lambda dz, x: dz - dz * x])
def test_a_rule_that_ends_in_a_sum_shows_what_comes_in_and_no_factors(rule: Any) -> None:
    class Mine(ag.Operation):
        def forward(self, x: Any) -> Any:
            return x + x * x / 2.0 if rule(1.0, 1.0) else x - x * x / 2.0

        def backward(self, dz: Any) -> Any:
            return rule(dz, self.inputs[0])

    said = shown(Mine()(Tensor([1.0, 2.0], name="x")).sum())
    assert [table.name for table in said["∂y/∂x"]] == ["∂y/∂v1", "∂y/∂x"]


def test_plus_and_minus_show_the_gradient_that_comes_in_on_both_sides() -> None:
    for y in (lambda a, b: a + b, lambda a, b: a - b):
        said = shown(y(Tensor([1.0, 2.0], name="a"), Tensor([3.0, 4.0], name="b")).sum())
        for name in "ab":
            assert [table.name for table in said[f"∂y/∂{name}"]] == ["∂y/∂v2", f"∂y/∂{name}"]


def test_a_vector_is_one_row_and_what_is_large_or_deep_only_a_shape() -> None:
    assert shown(ag.sin(Tensor([1.0, -2.0], name="v")).sum())["v"] == [
        Matrix("v", (2,), "value", [["1.0000", "−2.0000"]])
    ]
    for shape in [(9, 2), (2, 9), (2, 2, 2), (9,), (0, 3)]:
        (table,) = shown(Tensor(np.ones(shape), name="v").sum())["v"]
        assert (table.shape, table.rows) == (shape, [])
    (table,) = shown(Tensor(np.ones((8, 8)), name="v").sum())["v"]
    assert len(table.rows) == 8


def test_a_scope_that_is_taken_whole_shows_none() -> None:
    with ag.scope("a"):
        y = (Tensor([1.0, 2.0], name="v") * 2.0).sum()
    steps = Trace(ComputationGraph(y), "scope")
    assert all(matrices(steps, step) == [] for step in steps.steps if step.inner)


@same_every_run
@given(programs())
def test_single_numbers_are_told_by_equations_alone(program: Program) -> None:
    _, y = program.record()
    steps = Trace(ComputationGraph(y))
    assert not any(tables for step in steps.steps for tables in matrices(steps, step))


@same_every_run
@given(array_graphs())
def test_each_equation_has_its_tables_and_the_last_is_its_result(y: Tensor) -> None:
    steps = Trace(ComputationGraph(y))
    for step in steps.steps:
        told, tables = equations(steps, step), matrices(steps, step)
        assert len(told) == len(tables)
        json.dumps([[one._asdict() for one in some] for some in tables])
        for i, (one, some) in enumerate(zip(told, tables, strict=True)):
            result = step.value
            if step.phase != "forward":
                result = step.contributions[i].after if step.contributions else step.upstream
            if np.ndim(result):
                assert some[-1].name == one.left.text
                expected = [[format_number(n) for n in row] for row in np.atleast_2d(result)] \
                    if np.ndim(result) < 3 else []  # fmt: skip
                assert some[-1].rows in (expected, [])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_loud(value: float) -> None:
    (table,) = shown(Tensor([value, 1.0], name="v").sum())["v"]
    assert table.rows[0][0].endswith("!")
