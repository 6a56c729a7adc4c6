"""Lesson 07 as its source has it: solutions, numbers, and what the prose claims."""

import math
import re
from decimal import Context, Decimal, localcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite.lessons import large_scores, softmax_cross_entropy, softmax_rules
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "notebooks/sources/07_softmax_cross_entropy.md").read_text(encoding="utf-8")
NAMES = {
    "scores_backward": "07.together.rule",
    "Softmax": "07.softmax.rule",
    "two_class_loss": "07.stable.rule",
}
scores = st.lists(st.floats(-5, 5), min_size=3, max_size=3)


def blocks(kind: str) -> dict[str, str]:
    """The functions and classes of the cells ("python") or of the solutions ("text"), by name."""
    found = re.findall(rf"```{kind}\n((?:class|def) (\w+).*?)```", TEXT, re.DOTALL)
    return {name: code.split("\n\n\n")[0] for code, name in found}


def written(code: str, name: str) -> Any:
    room: dict[str, Any] = {"ag": ag, "np": np}
    exec(code, room)
    return room[name]


def said(key: str, code: str, name: str) -> str:
    verdict = EXERCISES[key].judge(written(code, name))
    assert verdict.state is State.NOT_YET
    return verdict.message


@pytest.mark.parametrize("name", NAMES)
def test_a_folded_solution_is_right_and_the_stub_is_not_tried_yet(name: str) -> None:
    exercise = EXERCISES[NAMES[name]]
    assert exercise.judge(written(blocks("text")[name], name)).state is State.RIGHT
    assert exercise.judge(written(blocks("python")[name], name)).state is State.NOT_TRIED


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("07.other", 0.2),
        ("07.jacobian", {"y1_a1": 0.16, "y1_a2": -0.06}),
        ("07.shift", 0.665241),
        ("07.cap", 18.420681),
        ("07.batch", {"a1": 0.1, "a2": -0.35, "a3": 0.25}),
        ("07.bias", {"b1": -0.275, "b2": -0.225, "b3": 0.5}),
    ],
)
def test_the_numbers_of_the_lesson(key: str, expected: Any) -> None:
    exercise: Any = EXERCISES[key]
    assert exercise.answer() == pytest.approx(expected, rel=1e-6)


def test_the_numbers_are_those_of_the_graphs() -> None:
    loss = softmax_cross_entropy.record()
    loss.backward()
    graph = ag.ComputationGraph(loss)
    assert graph.inputs["a1"].grad == pytest.approx(softmax_cross_entropy.OTHER.answer())
    assert [x.grad for x in graph.inputs.values()] == pytest.approx([0.2, -0.7, 0.5])

    loss = softmax_cross_entropy.record_batch()
    loss.backward()
    inputs = ag.ComputationGraph(loss).inputs
    rows, bias = (EXERCISES[key].answer() for key in ("07.batch", "07.bias"))  # type: ignore[attr-defined]
    assert inputs["Z"].grad[0] == pytest.approx(list(rows.values()))
    assert inputs["b"].grad == pytest.approx(list(bias.values()))


@pytest.mark.parametrize(
    ("first", "figure"), [("a1 = ag", "softmax"), ("powers = [[", "softmax_batch")]
)
def test_a_figure_shows_what_the_cell_beside_it_steps(first: str, figure: str) -> None:
    pytest.importorskip("pygraphviz", exc_type=ImportError)  # other engines place differently
    code = re.search(
        rf"```python\n({re.escape(first)}[^`]*?)ag\.Stepper\([^`]*?closed=(\[.*?\])", TEXT
    )
    assert code
    loss = written(code[1], "L")
    closed = re.findall(r"\w+", code[2])
    stored = (ROOT / "figures" / f"{figure}.svg").read_text(encoding="utf-8")
    assert stored == ag.draw(loss, closed=closed).svg() + "\n"


@given(scores, st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
def test_y_minus_t_comes_back_for_every_target_that_sums_to_one(
    a: list[float], weights: list[float]
) -> None:
    t = np.array(weights) / sum(weights)
    x = ag.Tensor([a])
    ag.nn.CrossEntropyLoss()(x, t[None]).backward()
    assert x.grad[0] == pytest.approx(np.array(softmax_rules.shares(*a)) - t, abs=1e-12)


@given(scores)
def test_the_rule_to_be_found_is_the_engine_s(a: list[float]) -> None:
    x = ag.Tensor(a)
    (-np.log(np.exp(x) / np.exp(x).sum())[1]).backward()
    assert softmax_rules.minus_target(*a) == pytest.approx(tuple(x.grad), abs=1e-12)


@given(scores)
def test_the_jacobian_is_what_the_lesson_says(a: list[float]) -> None:
    y = np.array(softmax_rules.shares(*a))
    J = ag.jacobian(ag.softmax)(np.array(a))
    assert pytest.approx(np.diag(y) - np.outer(y, y), abs=1e-12) == J
    assert J.sum(axis=0) == pytest.approx(np.zeros(3), abs=1e-12)
    assert J.sum(axis=1) == pytest.approx(np.zeros(3), abs=1e-12)
    assert (J - np.diag(np.diag(J)) <= 0).all()


@given(st.floats(-2000, 2000), st.floats(-2000, 2000))
def test_the_stable_loss_is_right_to_the_last_digits(a1: float, a2: float) -> None:
    with localcontext(Context(prec=50)):
        exact = float((1 + (Decimal(a2) - Decimal(a1)).exp()).ln())
    (loss,) = large_scores.two_class_loss(a1, a2)
    assert loss == pytest.approx(exact, rel=1e-9, abs=1e-9)
    cross_entropy = ag.nn.CrossEntropyLoss()(np.array([[a1, a2]]), np.array([0]))
    assert loss == pytest.approx(cross_entropy.item(), rel=1e-9, abs=1e-9)


def test_the_largest_score_needs_no_gradient() -> None:
    """Recorded or not, what comes back over it adds up to 0."""

    def shifted(a: Any) -> Any:
        powers = np.exp(a - np.max(a))
        return powers / powers.sum()

    a = np.array([0.3, 1.2, -0.5])
    assert pytest.approx(ag.jacobian(ag.softmax)(a), abs=1e-15) == ag.jacobian(shifted)(a)


def test_below_the_clip_the_loss_stands_still() -> None:
    for d, alive in ((18.4, True), (18.5, False)):
        y = ag.Tensor([[1 / (1 + math.exp(d)), 1 - 1 / (1 + math.exp(d))]])
        loss = ag.nn.ClippedCrossEntropyLoss(large_scores.CLIP)(y, np.array([0]))
        loss.backward()
        assert bool(y.grad[0, 0]) is alive
        assert loss.item() == pytest.approx(min(d, large_scores.CAP.answer()), abs=1e-6)


def test_a_forward_that_computes_something_else_is_named_where_the_gradient_check_is_silent() -> (
    None
):
    code = blocks("text")["Softmax"].replace("axis=1", "axis=0")
    assert ag.gradcheck(written(code, "Softmax"), np.array([[1.0, 2.0], [0.5, -1.0]]), order=2)
    assert "the examples compete with each other" in said("07.softmax.rule", code, "Softmax")


@pytest.mark.parametrize(
    ("taken", "put", "message"),
    [
        ("powers.sum(axis=1, keepdims=True)", "powers.sum()", "by the sum of the whole table"),
        ("powers.sum(axis=1, keepdims=True)", "powers.sum(axis=1)", "The sums in forward have"),
        ("x.max(axis=1, keepdims=True)", "x.max(axis=1)", "The largest scores in forward have"),
        ("z * (dz - (dz * z).sum(axis=1, keepdims=True))", "dz * z * (1 - z)", "rule of the sigm"),
        ("(dz * z).sum(axis=1, keepdims=True)", "(dz * z).sum(axis=1)", "on the way back have sh"),
        ("z * (dz - (dz * z).sum(axis=1, keepdims=True))", "0 * dz", "Zeros are right when ones"),
    ],
)  # fmt: skip
def test_a_slip_in_softmax_is_named(taken: str, put: str, message: str) -> None:
    code = blocks("text")["Softmax"]
    assert taken in code
    assert message in said("07.softmax.rule", code.replace(taken, put), "Softmax")


LOSS = "def two_class_loss(a1, a2):\n    import math\n    return {}"


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ("np.log(np.exp(a1) + np.exp(a2)) - a1", "(a1=1500, a2=-500) is inf. A power of a"),
        ("-np.log(np.exp(a1) / (np.exp(a1) + np.exp(a2)))", "(a1=1500, a2=-500) is nan. A power"),
        ("math.log(math.exp(a1) + math.exp(a2)) - a1", "(a1=1500, a2=-500) is inf. A power of a"),
        ("-np.log(1 / (1 + np.exp(a2 - a1)))", "(a1=-1250, a2=1000) is inf. A power of a large"),
        ("-np.log(max(1 / (1 + np.exp(a2 - a1)), 1e-8))", "Leave the clip out."),
        ("np.logaddexp(a1, a2)", "The score of the true class is subtracted from it."),
        ("np.logaddexp(a1, a2) - a2", "That is the loss for true class 2."),
        ("1 / 0", "stopped with ZeroDivisionError"),
        ("a1, a2", "End with `return L`"),
    ],
)
def test_what_is_wrong_with_a_loss_is_named(returned: str, message: str) -> None:
    assert message in said("07.stable.rule", LOSS.format(returned), "two_class_loss")


@pytest.mark.parametrize("returned", ["np.logaddexp(a1, a2) - a1", "(np.logaddexp(0, a2 - a1),)"])
def test_other_ways_to_write_the_loss_are_right(returned: str) -> None:
    answer = written(LOSS.format(returned), "two_class_loss")
    assert EXERCISES["07.stable.rule"].judge(answer).state is State.RIGHT
