"""Lesson 05 as its source has it: the stubs, the folded solutions, and what the prose claims."""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State

SOURCE = Path(__file__).parents[2] / "notebooks" / "sources" / "05_your_own_operation.md"
TEXT = SOURCE.read_text(encoding="utf-8")
NAMES = {
    "Multiply": "05.multiply.rule",
    "Exp": "05.exp.rule",
    "Softplus": "05.softplus.rule",
    "Affine": "05.affine.rule",
    "Value": "05.engine",
}


def classes(kind: str) -> dict[str, str]:
    """The classes of the cells ("python") or of the folded solutions ("text"), by name."""
    blocks = re.findall(rf"```{kind}\n(class (\w+).*?)```", TEXT, re.DOTALL)
    return {name: code.split("\n\n\n")[0] for code, name in blocks}


def written(code: str, name: str) -> Any:
    room: dict[str, Any] = {"ag": ag, "np": np, "math": math}
    exec(code, room)
    return room[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_folded_solution_is_right_and_the_stub_is_not_tried_yet(name: str) -> None:
    exercise = EXERCISES[NAMES[name]]
    assert exercise.judge(written(classes("text")[name], name)).state is State.RIGHT
    assert exercise.judge(written(classes("python")[name], name)).state is State.NOT_TRIED


@pytest.mark.parametrize(
    ("taken", "put", "message"),
    [
        ("input.grad += contribution", "input.grad = contribution", "an = in place of +="),
        ("reversed(self.order())", "self.order()", "has its turn before y"),
        ("self.grad = 1.0", "self.grad = 0.0", "The seed is missing"),
        ("[(self, other.data), (other, self.data)]", "[(self, self.data), (other, other.data)]",
         "Each input has got itself"),
    ],
)  # fmt: skip
def test_each_way_to_break_the_engine_that_the_lesson_names_is_told(
    taken: str, put: str, message: str
) -> None:
    code = classes("text")["Value"]
    assert taken in code
    verdict = EXERCISES["05.engine"].judge(written(code.replace(taken, put), "Value"))
    assert verdict.state is State.NOT_YET
    assert message in verdict.message


def test_the_solutions_can_be_differentiated_again() -> None:
    made = {name: written(code, name) for name, code in classes("text").items() if name in NAMES}
    X, W, b = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[0.5], [-0.25]]), np.array([0.1])
    assert ag.gradcheck(made["Multiply"], 2.0, 3.0, order=2)
    assert ag.gradcheck(made["Exp"], 0.5, order=2)
    assert ag.gradcheck(made["Softplus"], 0.5, order=2)
    assert ag.gradcheck(made["Affine"], X, W, b, order=2)


@pytest.mark.parametrize("rule", ["dz * 2", "dz * 2 * self.output"])
def test_the_wrong_squares_pass_at_one_and_nowhere_else(rule: str) -> None:
    right = "dz * 2 * self.inputs[0]  # right so far: make it wrong"
    code = classes("python")["WrongSquare"]
    assert right in code
    wrong = written(code.replace(right, rule), "WrongSquare")
    assert ag.gradcheck(wrong, 1.0)
    with pytest.raises(AssertionError):
        ag.gradcheck(wrong, 3.0)


def test_the_lazy_softmax_passes_with_ones_and_fails_with_random_numbers() -> None:
    lazy = written(classes("python")["LazySoftmax"], "LazySoftmax")
    x = np.array([1.0, 2.0, 3.0])
    assert ag.gradcheck(lambda x: lazy()(x).sum(), x)
    with pytest.raises(AssertionError, match="reverse mode gives 0"):
        ag.gradcheck(lazy, x)
