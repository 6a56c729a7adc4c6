"""Text: the trace as a table and as sentences, whatever the names are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from autograd_lite.views.text import (
    HEAD,
    LONG,
    describe,
    gate_rule,
    html_table,
    rows,
    sentence,
    text_table,
)  # fmt: skip
from autograd_lite.views.trace import Trace
from tests.strategies import same_every_run
from tests.views.cells import Cells


def square(name: str = "x") -> Trace:
    x = Tensor(3.0, name=name)
    return Trace(ComputationGraph(x * x))


def chain(length: int) -> Trace:
    y = x = Tensor(0.5, name="x")
    for _ in range(length):
        y = ag.sin(y)
    assert y is not x
    return Trace(ComputationGraph(y))


def test_the_table_has_a_row_for_each_step() -> None:
    trace = square()
    table = rows(trace)
    assert [row[0] for row in table] == [str(step.index + 1) for step in trace.steps]
    assert [row[1] for row in table] == [step.phase for step in trace.steps]
    assert table[1] == ("2", "forward", "v1", "v1 = x · x = 3.0000 · 3.0000 = 9.0000")


def test_the_plain_table_is_in_columns() -> None:
    lines = text_table(square()).splitlines()
    assert len(lines) == 1 + 4
    starts = [line.index(word) for line, word in zip(lines, ["what", "x =", "v1 ="], strict=False)]
    assert len(set(starts)) == 1


def test_a_table_up_to_a_step_tells_nothing_of_what_follows() -> None:
    trace = square()
    assert rows(trace, 1) == rows(trace)[:2]
    for table in (text_table(trace, 1), html_table(trace, 1)):
        assert "9.0000" in table
        assert "∂" not in table


def test_a_long_table_says_what_it_leaves_out() -> None:
    short, long = chain(10), chain(200)
    assert len(rows(short)) == len(short.steps)
    numbers = [row[0] for row in rows(long) if row[0].strip("…")]
    assert (numbers[0], numbers[-1]) == ("1", str(len(long.steps)))
    assert len(numbers) <= LONG
    missing = f"{len(long.steps) - len(numbers):,}"
    for table in (text_table(long), html_table(long)):
        assert missing in table
        assert "left out" in table


@same_every_run
@given(st.text(min_size=1) | st.sampled_from(["<script>", "</td><b>", "&lt;", "'\"", "a\nb\tc"]))
def test_names_are_text_in_the_html_table(name: str) -> None:
    table = Cells(html_table(square(name)))
    assert set(table.tags) == {"table", "thead", "tbody", "tr", "th", "td"}
    assert table.cells[: len(HEAD)] == list(HEAD)
    assert len(table.cells) == len(HEAD) * 5


@same_every_run
@given(st.text(st.characters(), min_size=1) | st.sampled_from(["a\nb", "a\r\nb", "\ud800", "\x00"]))
def test_a_name_neither_breaks_a_row_nor_the_file(name: str) -> None:
    table = text_table(square(name))
    assert len(table.splitlines()) == 1 + 4
    table.encode()


def test_a_sentence_says_where_we_are() -> None:
    trace = square()
    assert sentence(trace, trace.steps[1]) == (
        "Step 2 of 4, forward: v1 = x · x = 3.0000 · 3.0000 = 9.0000"
    )


def test_the_gates_rule_is_said_where_the_gate_acts() -> None:
    trace = square()
    rules = [gate_rule(step) for step in trace.steps]
    switcher = f"× is a switcher: {trace.graph.output.operation.rule}."
    assert rules == ["", switcher, "", switcher]
    scaled = Trace(ComputationGraph(3 * Tensor(2.0)))
    assert gate_rule(scaled.steps[-1]).startswith("× is a scaler: ")
    divided = Trace(ComputationGraph(Tensor(3.0) / Tensor(2.0)))
    assert gate_rule(divided.steps[-1]).startswith("÷: ")


@pytest.mark.parametrize(
    ("y", "said"),
    [
        (
            Tensor(1.0, name="a") * Tensor(2.0, name="b"),
            "Computation graph: y as a function of a, b in 1 operation.",
        ),
        (Tensor(2.0, requires_grad=False) * 2.0, "Computation graph: y in 1 operation."),
        (Tensor(1.0, name="x"), "Computation graph: x as a function of x in 0 operations."),
    ],
)
def test_a_graph_in_one_sentence(y: Tensor, said: str) -> None:
    assert describe(Trace(ComputationGraph(y))) == said


def test_many_variables_are_not_all_named() -> None:
    y = sum((Tensor(1.0, name=f"w{i}") for i in range(30)), Tensor(0.0, name="b"))
    assert describe(Trace(ComputationGraph(y))).count("w") <= 8
