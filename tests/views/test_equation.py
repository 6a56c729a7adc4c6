"""Equations: each line that is shown is true, to the last digit of what is shown."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Operation, Step, Tensor
from autograd_lite.views import equation, number, symbol, trace
from autograd_lite.views.equation import Equation, equations
from autograd_lite.views.trace import Trace
from tests.strategies import Program, programs, same_every_run
from tests.views.formulas import evaluate, every_digit


@contextmanager
def full_precision() -> Iterator[None]:
    """Every number with all its digits, so that a line can be computed from what it shows."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (number, equation):
            patch.setattr(module, "format_number", every_digit)
        for module in (symbol, trace):
            patch.setattr(module, "format_short", every_digit)
        yield


def record(program: Program, constants: bool) -> Tensor:
    _, y = program.record()
    return (2.0 - y * -0.3) ** 2.0 / 4.0 + 0.5 * y if constants else y


def told(trace: Trace) -> Iterator[tuple[Step, Equation]]:
    for step in trace.steps:
        for one in equations(trace, step):
            yield step, one


def sides(one: Equation) -> list[str]:
    return ["".join(span.text for span in line) for line in one.lines]


def texts(y: Tensor, **options: Any) -> list[str]:
    return [one.text for _, one in told(Trace(ComputationGraph(y), **options))]


def worked_example() -> Tensor:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    product = x1 * x2
    return ag.sin(x1) + product


# What is shown is computed from what is shown.


@same_every_run
@given(programs(), st.booleans(), st.sampled_from(["node", "edge"]))
def test_the_numbers_of_every_line_give_its_result(
    program: Program, constants: bool, granularity: str
) -> None:
    with full_precision():
        steps = Trace(ComputationGraph(record(program, constants)), granularity)
        for step, one in told(steps):
            *_, numbers, result = ["", *sides(one)]
            if step.phase != "seed" and step.node.operation is not None:
                assert len(one.lines) == 3
                shown = evaluate(numbers.replace(" + ?", ""))
                assert shown == pytest.approx(evaluate(result), rel=1e-12, abs=1e-12)


@same_every_run
@given(programs(), st.booleans())
def test_the_symbols_of_every_forward_line_give_its_result(
    program: Program, constants: bool
) -> None:
    with full_precision():
        steps = Trace(ComputationGraph(record(program, constants)))
        values = {steps.name(node).text: node.item() for node in steps.graph.nodes}
        for step, one in told(steps):
            if step.phase == "forward":
                lines, expected = sides(one), values[one.left.text]
                assert evaluate(lines[0], values) == pytest.approx(expected, rel=1e-12, abs=1e-12)
                assert evaluate(lines[-1]) == expected


@same_every_run
@given(programs(), st.booleans())
def test_the_local_gradient_in_symbols_is_the_number_beside_it(
    program: Program, constants: bool
) -> None:
    with full_precision():
        steps = Trace(ComputationGraph(record(program, constants)))
        values = {steps.name(node).text: node.item() for node in steps.graph.nodes}
        for step in steps.steps:
            for one, c in zip(equations(steps, step), step.contributions, strict=False):
                _, formula = one.local.split(" = ", 1)
                shown = evaluate(formula, values)
                assert shown == pytest.approx(float(c.local), rel=1e-12, abs=1e-12)


@same_every_run
@given(programs(), st.sampled_from(["node", "edge"]))
def test_a_sum_is_called_complete_with_its_last_path_and_never_earlier(
    program: Program, granularity: str
) -> None:
    _, y = program.record()
    y.backward()
    totals = {node: node.grad for node in ComputationGraph(y).nodes}
    with full_precision():
        steps = Trace(ComputationGraph(y), granularity)
        for step in steps.steps:
            for one, c in zip(equations(steps, step), step.contributions, strict=False):
                *_, numbers, result = sides(one)
                assert evaluate(result) == c.after
                missing = numbers.count("?")
                if c.remaining:
                    assert one.note == f"so far, {c.arrived} of {c.expected} arrows"
                    assert missing == c.remaining or (c.expected > equation.TERMS and missing > 0)
                else:
                    assert evaluate(result) == totals[c.target]
                    assert missing == 0
                    expected = f"{c.expected} of {c.expected} arrows, complete"
                    assert one.note == (expected if c.expected > 1 else "")


# The first lesson, word for word.


def test_the_worked_example() -> None:
    assert texts(worked_example()) == [
        "x1 = 2.0000 (a variable)",
        "x2 = 3.0000 (a variable)",
        "v2 = x1 · x2 = 2.0000 · 3.0000 = 6.0000",
        "v3 = sin(x1) = sin(2.0000) = 0.9093",
        "v4 = v3 + v2 = 0.9093 + 6.0000 = 6.9093",
        "∂y/∂v4 = 1.0000 (the seed)",
        "∂y/∂v3 = ∂y/∂v4 · ∂v4/∂v3 = 1.0000 · 1.0000 = 1.0000",
        "∂y/∂v2 = ∂y/∂v4 · ∂v4/∂v2 = 1.0000 · 1.0000 = 1.0000",
        "∂y/∂x1 = ∂y/∂v3 · ∂v3/∂x1 + ∂y/∂v2 · ∂v2/∂x1 = 1.0000 · (−0.4161) + ? = −0.4161 "
        "(so far, 1 of 2 arrows)",
        "∂y/∂x1 = ∂y/∂v3 · ∂v3/∂x1 + ∂y/∂v2 · ∂v2/∂x1 = −0.4161 + 1.0000 · 3.0000 = 2.5839 "
        "(2 of 2 arrows, complete)",
        "∂y/∂x2 = ∂y/∂v2 · ∂v2/∂x2 = 1.0000 · 2.0000 = 2.0000",
    ]


def test_the_path_of_the_step_is_in_colour_and_the_one_to_come_faint() -> None:
    steps = Trace(ComputationGraph(worked_example()))
    first, second = [one for _, one in told(steps) if one.left.text == "∂y/∂x1"]
    assert [span.kind for span in first.lines[0]] == ["grad", "faint", "faint"]
    assert [span.kind for span in second.lines[0]] == ["", "", "grad"]
    assert [span.text for span in first.lines[1] if span.kind == "faint"] == [" + ", "?"]


def test_the_two_paths_of_a_square_have_two_names() -> None:
    x = Tensor(3.0, name="x")
    *_, first, second = texts(x * x)
    assert first.startswith("∂y/∂x = ∂y/∂v1 · ∂₁v1 + ∂y/∂v1 · ∂₂v1 = 1.0000 · 3.0000 + ? = 3.0000")
    assert second.endswith("= 3.0000 + 1.0000 · 3.0000 = 6.0000 (2 of 2 arrows, complete)")


def test_a_sum_of_many_paths_is_shortened() -> None:
    x = Tensor(2.0, name="x")
    y = x * 1.0
    for _ in range(9):
        y = y + x
    first, *_, last = [one for one in texts(y) if one.startswith("∂y/∂x =")]
    assert "· ∂v10/∂x + … = " in first
    assert "(so far, 1 of 10 arrows)" in first
    assert first.count("?") == 1
    assert "∂y/∂x = … + " in last
    assert last.endswith("= 10.0000 (10 of 10 arrows, complete)")
    assert max(map(len, texts(y))) < 120


def test_named_constants_show_their_values_among_the_numbers_and_bare_ones_their_digits() -> None:
    x, k = Tensor(2.0, name="x"), Tensor(3.0, requires_grad=False, name="k")
    assert texts(k * x)[2] == "v2 = k · x = 3.0000 · 2.0000 = 6.0000"
    assert texts(3 * x)[1] == "v1 = 3 · x = 3 · 2.0000 = 6.0000"
    assert texts(x**-0.5)[1] == "v1 = x^(−0.5) = 2.0000^(−0.5) = 0.7071"


def test_negative_numbers_stand_in_parentheses_after_an_operator() -> None:
    x, y = Tensor(-1.0, name="x"), Tensor(-2.0, name="y")
    assert texts(x - y)[2] == "v2 = x − y = (−1.0000) − (−2.0000) = 1.0000"
    assert texts(ag.sin(x))[1] == "v1 = sin(x) = sin(−1.0000) = −0.8415"


def test_a_seed_of_somebody_elses_is_the_gradient_of_what_comes_later() -> None:
    x = Tensor(3.0, name="x")
    *_, seed, back = texts(2.0 * x, gradient=0.5)
    assert seed == "∂L/∂v1 = 0.5000 (the seed)"
    assert back == "∂L/∂x = ∂L/∂v1 · ∂v1/∂x = 0.5000 · 2.0000 = 1.0000"


@pytest.mark.parametrize("name", ["y", "L", "x"])
@pytest.mark.parametrize("gradient", [None, 0.5])
def test_what_is_differentiated_is_called_like_nothing_else(name: str, gradient: Any) -> None:
    x = Tensor(3.0, name="x")
    inner = x * 2.0
    inner.name = name
    steps = Trace(ComputationGraph(ag.sin(inner)), gradient=gradient)
    others = {steps.name(node).text for node in steps.graph.nodes[:-1]}
    assert steps.top not in others


def test_arrays_show_the_rule_and_not_a_product_of_numbers() -> None:
    v = Tensor([1.0, 2.0], name="v")
    forward, *_, back = texts((v * v).sum())[1:]
    assert forward == "v1 = v · v = [1.0000, 4.0000]"
    assert "= … + ∂y/∂v1 ⊙ v = [2.0000, 4.0000] (2 of 2 arrows, complete)" in back


def test_a_gradient_that_broadcasting_sums_says_so() -> None:
    b, v = Tensor(1.0, name="b"), Tensor([1.0, 2.0, 3.0], name="v")
    (back,) = [one for one in texts((b * v).sum()) if one.startswith("∂y/∂b")]
    assert back == "∂y/∂b = ∂y/∂v2 · ∂v2/∂b = Σ(∂y/∂v2 ⊙ v) = 6.0000 (shapes (3,) → ())"


# A learner's own operations.


class MultiplyLayer(Operation):
    """The course's first own operation: no symbol, no formula."""

    def forward(self, x: Any, y: Any) -> Any:
        return x * y

    def backward(self, dz: Any) -> Any:
        x, y = self.inputs
        return dz * y, dz * x


def test_an_operation_of_forward_and_backward_alone_has_equations() -> None:
    y = MultiplyLayer()(Tensor(2.0, name="x"), Tensor(3.0, name="w"))
    *_, forward, _, first, second = texts(y)
    assert forward == "v2 = MultiplyLayer(x, w) = MultiplyLayer(2.0000, 3.0000) = 6.0000"
    assert first == "∂y/∂x = ∂y/∂v2 · ∂v2/∂x = 1.0000 · 3.0000 = 3.0000"
    assert second == "∂y/∂w = ∂y/∂v2 · ∂v2/∂w = 1.0000 · 2.0000 = 2.0000"
    *_, array = texts(MultiplyLayer()(Tensor([2.0], name="x"), 3.0))
    assert array == "∂y/∂x = ∂y/∂v1 · ∂v1/∂x = ∂y/∂v1 · 3 = [3.0000]"


def test_a_backward_that_forgets_its_upstream_gradient_is_shown_as_no_product() -> None:
    class Forgetful(MultiplyLayer):
        def backward(self, dz: Any) -> Any:
            x, y = self.inputs
            return y, x

    y = Forgetful()(Tensor(2.0, name="x"), 3.0) * 0.5
    *_, last = texts(y)
    assert last == "∂y/∂x = ∂y/∂v1 · ∂v1/∂x = Forgetful.backward(∂y/∂v1) = 3.0000"


@pytest.mark.parametrize(
    ("formula", "latex"), [("{a}·{b}", ""), ("{x", ""), ("{}", ""), ("{x}", r"\frac{1}{2}")]
)
def test_a_formula_that_cannot_be_filled_is_named(formula: str, latex: str) -> None:
    kind = type("Mine", (MultiplyLayer,), {"formula": formula, "latex": latex})
    steps = Trace(ComputationGraph(kind()(Tensor(2.0), Tensor(3.0))))
    with pytest.raises(ValueError, match=r"Mine\.formula is .*Write \{x\}, \{y\}"):
        list(told(steps))


def test_an_operation_of_many_inputs_lists_them() -> None:
    class Seven(Operation):
        formula = "{x} + {y}"

        def forward(self, *inputs: Any) -> Any:
            return sum(inputs)

        def backward(self, dz: Any) -> Any:
            return [dz] * len(self.inputs)

    y = Seven()(*(Tensor(float(i), name=f"x{i}") for i in range(7)))
    assert texts(y)[7].startswith("v7 = Seven(x0, x1, x2, x3, x4, x5, x6) = Seven(0.0000, ")


# LaTeX.

COMMANDS = {"frac", "partial", "cdot", "mathrm", "backslash", "wedge", "sim", "sin"}


@same_every_run
@given(st.text(min_size=1, max_size=12) | st.sampled_from([r"\href{x}", "a_b", "{", "}%", "x1"]))
def test_latex_has_balanced_braces_and_nothing_of_a_name_is_a_command(name: str) -> None:
    x = Tensor(2.0, name=name)
    for _, one in told(Trace(ComputationGraph(ag.sin(x) * x))):
        # What is escaped is only a letter to read.
        plain = re.sub(r"\\[#$%&_{}]", "", one.latex)
        depth = 0
        for char in plain:
            depth += {"{": 1, "}": -1}.get(char, 0)
            assert depth >= 0
        assert depth == 0
        assert not set("#$%&") & set(plain)
        assert set(re.findall(r"\\([a-z]*)", plain)) <= COMMANDS


def test_latex_of_the_worked_example() -> None:
    steps = Trace(ComputationGraph(worked_example()))
    latex = [one.latex for _, one in told(steps)]
    assert latex[3] == r"v_{3} = \sin(x_{1}) = \sin(2.0000) = 0.9093"
    assert latex[9] == (
        r"\frac{\partial y}{\partial x_{1}} = "
        r"\frac{\partial y}{\partial v_{3}} \cdot \frac{\partial v_{3}}{\partial x_{1}} + "
        r"\frac{\partial y}{\partial v_{2}} \cdot \frac{\partial v_{2}}{\partial x_{1}} = "
        r"-0.4161 + 1.0000 \cdot 3.0000 = 2.5839"
    )


def test_latex_of_an_own_operation_escapes_its_name() -> None:
    rule = {"backward": lambda self, dz: (np.array([3.0]), np.array([2.0]))}
    kind = type("My_Layer", (MultiplyLayer,), rule)
    steps = Trace(ComputationGraph(kind()(Tensor([2.0], name="x"), Tensor([3.0], name="w"))))
    latex = [one.latex for _, one in told(steps)]
    assert latex[2].startswith(r"v_{2} = \mathrm{My\_Layer}(x, w) = ")
    assert r"My\_Layer.backward" in latex[-1]


@pytest.mark.parametrize("value", [2.0, [1.0, 2.0]])
def test_a_rule_runs_once_for_all_that_is_told_of_it(value: Any) -> None:
    calls = []

    class Mine(ag.Operation):
        def forward(self, x: Any) -> Any:
            return x * 3.0

        def backward(self, dz: Any) -> Any:
            calls.append(dz)
            return dz * 3.0

    stepper = ag.Stepper((Mine()(Tensor(value, name="x")) * Tensor(1.0, name="k")).sum())
    assert len(calls) <= 3  # the sweep, its slope where there is one, and the equations
    calls.clear()
    stepper.inputs = {**stepper.inputs, "k": 2.0}
    assert len(calls) <= 3
