"""Lesson 11: its exercises, and what its prose says of the compiled program."""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite.lessons import compiling, compiling_rules
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State
from autograd_lite.lessons.own_pass import written

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "notebooks/sources/11_compiling_the_graph.md").read_text(encoding="utf-8")
DEAD = EXERCISES["11.dead.rule"]
floats = st.floats(width=64, allow_nan=False)


def cell(first: str, kind: str = "python") -> str:
    """The cell, or the block of text, that holds this."""
    return next(b for b in re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL) if first in b)


def run(code: str) -> dict[str, Any]:
    room: dict[str, Any] = {"ag": ag, "np": np, "Counter": Counter}
    exec(code.split("\n\n\nlessons.")[0], room)
    return room


def told(answer: Any) -> str:
    verdict = DEAD.judge(answer)
    assert verdict.state is State.NOT_YET
    return verdict.message


def parsed(text: str) -> list[tuple[str, ...]]:
    found = re.findall(r"^(\w+) = (\w+) (\S) (\w+)$", text, re.MULTILINE)
    return [(name, sign, left, right) for name, left, sign, right in found]


def test_the_lines_of_the_first_question() -> None:
    lines: Any = parsed(cell("d = b + y", "text"))
    kept = [line[0] for line in compiling_rules.remove_dead(lines, ["z"])]
    assert (kept, len(lines)) == (["a", "c", "z"], 5)
    assert lines == list(compiling_rules.DEAD_LINES.trials[0].lines)


def test_the_lines_that_are_shared(capsys: pytest.CaptureFixture[str]) -> None:
    assert compiling.SHARED.answer() == 6
    assert parsed(cell("f = d * e", "text")) == list(compiling.TWICE)
    room = run(cell("def share"))
    assert room["program"] == list(compiling.TWICE)
    assert room["share"](room["program"]) == compiling.share(list(compiling.TWICE))
    assert capsys.readouterr().out.count("\n") == 6


def test_the_solution_is_right_and_the_stub_is_not_tried_yet() -> None:
    name = "remove_dead"
    assert DEAD.judge(run(cell("def remove_dead"))[name]).state is State.NOT_TRIED
    solution = run(cell("def remove_dead", "text"))[name]
    assert DEAD.judge(solution).state is State.RIGHT


def test_other_ways_to_hand_in_the_lines() -> None:
    right = compiling_rules.remove_dead
    assert DEAD.judge(lambda lines, results: tuple(right(lines, results))).state is State.RIGHT
    assert DEAD.judge(lambda lines, results: iter(right(lines, results))).state is State.RIGHT
    lists = DEAD.judge(lambda lines, results: [list(line) for line in right(lines, results)])
    assert lists.state is State.RIGHT


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([("a", "+", "x", "y")], "Hand in the function itself"),
        (lambda lines: lines, "remove_dead stopped with TypeError"),
        (lambda lines, results: 1 / 0, "remove_dead stopped with ZeroDivisionError"),
        (lambda lines, results: 3, "remove_dead stopped with TypeError"),
        (lambda lines, results: [line[0] for line in lines], "returned the name 'a'"),
        (lambda lines, results: lines[:1], "the line `c = a * a` is needed, and it is gone"),
        (lambda lines, results: lines[:4] + lines[4:] * 2, "nobody needs the line `b = x * x`"),
        (lambda lines, results: 2 * compiling_rules.remove_dead(lines, results), "not once each"),
    ],
)  # fmt: skip
def test_what_is_no_pass_is_said(answer: Any, message: str) -> None:
    assert message in told(answer)


def test_a_pass_may_change_the_lists_it_is_given() -> None:
    def emptying(lines: Any, results: Any) -> Any:
        kept = compiling_rules.remove_dead(lines, results)
        lines.clear()
        results.clear()
        return kept

    for _ in range(2):
        assert DEAD.judge(emptying).state is State.RIGHT


def first_to_last(lines: Any, results: Any) -> Any:
    alive, kept = set(results), []
    for line in lines:
        if line[0] in alive:
            alive.update(line[2:])
            kept.append(line)
    return kept


def test_results_alone_are_not_enough_however_they_were_found() -> None:
    alone = told(lambda lines, results: [line for line in lines if line[0] in results])
    assert "Only the lines of the results are left" in alone
    assert told(first_to_last) == alone


def test_four_is_named() -> None:
    assert "only the operands count" in EXERCISES["11.share"].judge(4).message


@pytest.mark.parametrize("line", [("a", "+", "x"), 3, "a"])
def test_what_is_no_line_is_shown_as_it_is(line: Any) -> None:
    assert written(line) == repr(line)


def bits(number: Any) -> bytes:
    return np.float64(number).tobytes()


@given(floats, floats)
def test_what_is_said_to_be_exact_is_exact(x: float, y: float) -> None:
    assert bits(x * 1.0) == bits(x - 0.0) == bits(x)
    assert bits(x + y) == bits(y + x) or np.isnan(x + y)
    assert bits(x * y) == bits(y * x) or np.isnan(x * y)
    assert bits(x - y) == bits(-(y - x)) or x == y or np.isnan(x - y)


def test_what_is_said_not_to_be_exact_is_not() -> None:
    assert bits(-0.0 + 0.0) == bits(0.0) != bits(-0.0)
    assert (1e-20 + 1) - 1 == 0
    assert np.isnan(float("inf") * 2.0 / float("inf"))
    assert any(x * y / y != x for x in range(1, 50) for y in (0.1, 0.3, 0.7))
    for x in (np.inf, -3.0, -0.0):
        assert bits(0.0 * x) != bits(0.0)
    assert bits(0.0 * 1e308) == bits(0.0)


@pytest.fixture(scope="module")
def network() -> dict[str, Any]:
    return run(cell("def cost"))


def test_each_line_beside_an_equation_is_in_the_program_in_this_order(
    network: dict[str, Any],
) -> None:
    rows = re.findall(r"^\| (F\d|B\d+|)(?: |)\|.*\| (.*) \|$", TEXT, re.MULTILINE)
    assert [name for name, _ in rows if name] == [*(f"F{n}" for n in range(1, 8)),
                                                  *(f"B{n}" for n in range(1, 11))]  # fmt: skip
    source = network["compiled"].source
    lines = [line.partition("#")[0].strip() for line in source.splitlines()]
    places = [lines.index(code) for _, told in rows for code in re.findall("`(.*?)`", told)]
    assert places == sorted(places)
    # "four lines, to …", "and the two before": between them lie those lines, and views alone.
    between = [
        line for line in lines[places[0] : places[-1]]
        if line and not line.endswith(".T") and not line.startswith(("return", "def", "d_Y"))
    ]  # fmt: skip
    assert len(between) + 1 == len(places) + 3 * 3 + 1 + 2 + 2


def test_what_goes_and_what_comes_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    run(cell("def cost"))
    counts = []
    for line in capsys.readouterr().out.splitlines():
        changes = sum(
            int(sign.replace("−", "-") + n) for sign, n in re.findall(r"([−+])(\d+) ", line)
        )
        counts.append((int(re.findall(r"(\d+) calls", line)[0]), changes))
    assert len(counts) == 4
    assert all(now == before + change for (before, _), (now, change) in pairwise(counts))


def test_only_what_compares_by_itself_follows(capsys: pytest.CaptureFixture[str]) -> None:
    code = cell("def square_or_minus") + cell("leaky = {")
    exec(code, {"ag": ag, "np": np})
    rows = [line.split()[-3:] for line in capsys.readouterr().out.splitlines()[-4:]]
    assert [now == right for _, now, right in rows] == [True, False, False, False]
    for function in (ag.relu, ag.abs, lambda x: ag.clip(x, -1.0, 1.0),
                     lambda x: ag.minimum(x, 0.1 * x)):  # fmt: skip
        quick = ag.compile(function)
        for at in (2.0, -3.0):
            assert quick(at) == function(ag.Tensor(at)).item()


def test_the_compiled_network_gives_what_the_graph_gives(network: dict[str, Any]) -> None:
    compiled = network["compiled"]
    value, gradients = compiled.value_and_grad()
    J = network["cost"](network["X"], network["Y"], *network["parameters"](5))
    J.backward()
    inputs = ag.ComputationGraph(J).inputs
    assert value == pytest.approx(J.item(), rel=1e-14)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, inputs[name].grad, rtol=1e-12, err_msg=name)


def test_one_array_holds_three_values_and_the_last_of_them_is_read(network: dict[str, Any]) -> None:
    forward, backward = network["compiled"].source.split("def backward")
    for comment in ("XW1 = X @ W1", "z2 = XW1 + b1", "a2 = σ(z2)"):
        assert re.search(rf"out=a2\) *# {re.escape(comment)}$", forward, re.MULTILINE)
    assert "np.multiply(a2, t2" in backward
    assert "z2," not in backward.replace("d_z2,", "")


def test_without_gradients_of_data_two_results_are_gone(network: dict[str, Any]) -> None:
    data = [ag.Tensor(network[a], requires_grad=False, name=n)
            for a, n in (("corners", "X"), ("wanted", "Y"))]  # fmt: skip
    compiled = ag.ComputationGraph(network["cost"](*data, *network["parameters"](5))).compile()
    with_data = network["compiled"]
    assert with_data.value_and_grad()[1].keys() - compiled.value_and_grad()[1].keys() == {"X", "Y"}
    lines = [
        [line.partition("#")[0].strip() for line in one.source.splitlines()]
        for one in (with_data, compiled)
    ]
    gone = [line for line in lines[0] if line not in lines[1] and " = " in line]
    assert gone == ["d_Y = -d_z3", "W1_T = W1.T", "d_X = np.dot(d_z2, W1_T)"]
    assert all(len(one.passes[0][1]) > len(one.passes[-1][1]) for one in (with_data, compiled))


@pytest.fixture(scope="module")
def wasteful() -> Any:
    return run(cell("w = ag.Tensor([0.5").split("\nag.Stepper")[0])["y"]


def test_the_passes_take_away_what_the_prose_says(wasteful: Any) -> None:
    compiled = ag.ComputationGraph(wasteful).compile()
    labels = [(name, {call.label for call in program.calls}) for name, program in compiled.passes]
    gone = {name: before - after for (_, before), (name, after) in pairwise(labels)}
    assert gone == {
        "constant folding": {"v5"},
        "algebra": set(),
        "common subexpressions": {"v3", "∂y/∂v3", "∂y/∂w"},
        "dead calls": {"∂y/∂v6", "∂y/∂v4"},
    }
    shared = {call.label for call, array in compiled.arrays.items() if array == "d_v2"}
    assert shared == {"v4", "v6", "∂y/∂v2"}
    assert len(set(compiled.arrays.values())) == 2


def test_the_figure_shows_what_the_cell_beside_it_steps(wasteful: Any) -> None:
    pytest.importorskip("pygraphviz", exc_type=ImportError)  # other engines place differently
    stored = (ROOT / "figures/wasteful.svg").read_text(encoding="utf-8")
    assert stored == ag.draw(wasteful, step=7).svg() + "\n"


def test_the_training_step_reorders_and_the_program_does_not(network: dict[str, Any]) -> None:
    weights = network["parameters"](5)
    J = network["cost"](network["corners"], network["wanted"], *weights)
    compiled = ag.ComputationGraph(J).compile()
    step = compiled.training_step(ag.optim.SGD(weights, lr=2.0))
    for sign in ("= dot(", "multiply(num_0_5, d_z3"):
        assert sign in step.source
        assert sign not in compiled.source
    assert step() == pytest.approx(J.item(), rel=1e-12)
    assert "t6 = -lr" in step.source
    assert "def update(t6):" in step.source


def test_gradients_of_data_are_not_recorded(network: dict[str, Any]) -> None:
    calls = []
    for wanted in (True, False):
        data = [ag.Tensor(network[a], requires_grad=wanted) for a in ("corners", "wanted")]
        compiled = ag.ComputationGraph(network["cost"](*data, *network["parameters"](5))).compile()
        calls.append(len(compiled.passes[0][1]))
    assert calls == [44, 41]
