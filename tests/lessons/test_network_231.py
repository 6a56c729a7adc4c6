"""Lesson 06 as its source has it: stubs, folded solutions, and what the prose claims."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State
from autograd_lite.lessons.network_graph import CORNERS, EXCLUSIVE, parameters, record

SOURCE = Path(__file__).parents[2] / "notebooks" / "sources" / "06_the_231_network.md"
TEXT = SOURCE.read_text(encoding="utf-8")
KEYS = {"Cost": "06.cost.rule", "Network": "06.network.rule"}


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def block(kind: str, name: str) -> str:
    """The class of a cell ("python") or of a folded solution ("text")."""
    (code,) = re.findall(rf"```{kind}\n(?:[^`]*\n)?(class {name}\(.*?)```", TEXT, re.DOTALL)
    return str(code).split("\n\n\n")[0]


def written(code: str, name: str) -> Any:
    room: dict[str, Any] = {"ag": ag, "np": np, "sigmoid": sigmoid}
    exec(code, room)
    return room[name]


@pytest.mark.parametrize("name", KEYS)
def test_a_folded_solution_is_right_and_the_stub_is_not_tried_yet(name: str) -> None:
    exercise = EXERCISES[KEYS[name]]
    assert exercise.judge(written(block("text", name), name)).state is State.RIGHT
    assert exercise.judge(written(block("python", name), name)).state is State.NOT_TRIED


def filled(**lines: str) -> str:
    """The message for the stub with some lines filled in."""
    code = block("python", "Network")
    for name, rule in lines.items():
        code, count = re.subn(rf"{name} = \.\.\.", f"{name} = {rule}", code)
        assert count == 1
    return EXERCISES["06.network.rule"].judge(written(code, "Network")).message


def test_a_way_back_that_is_filled_in_half_says_what_is_left() -> None:
    first = {"dYhat": "dJ * 2 / n * (Yhat - Y)", "dz3": "dYhat * Yhat * (1 - Yhat)"}
    assert filled(**first, db2="dz3.sum(axis=0)") == "Still empty: dX, dW1, db1, dW2, dY."
    assert "does a line above it still hold `...`?" in filled(da2="dz3 @ W2.T")
    assert "A line above it still holds `...`." in filled(dz3="dYhat * Yhat * (1 - Yhat)")
    assert "The inner numbers of this product differ." in filled(**first, dW2="a2 @ dz3")


def test_the_solutions_pass_the_check_to_second_order() -> None:
    inputs = (CORNERS, *parameters(5), EXCLUSIVE)
    assert ag.gradcheck(written(block("text", "Network"), "Network"), *inputs, order=2)


def test_the_misprint_is_told_by_the_check_and_by_its_numbers() -> None:
    misprint = written(block("python", "PrintedCost"), "PrintedCost")
    z3, y = ag.Tensor([[0.5]]), ag.Tensor([[0.8]])
    misprint()(z3, y).backward()
    assert z3.grad is not None
    assert y.grad is not None
    assert (z3.grad.item(), y.grad.item()) == pytest.approx((0.48, -0.3))
    with pytest.raises(AssertionError, match=r"gives 0\.48, expected -0\.6"):
        ag.gradcheck(misprint, z3, y)
    assert "Those are the printed lines" in EXERCISES["06.cost.rule"].judge(misprint).message


@pytest.mark.parametrize("n", range(1, 7))
def test_printed_products_without_transposes_run_where_the_lesson_says(n: int) -> None:
    shapes = {"a2": (n, 3), "dz2": (n, 3), "dz3": (n, 1), "X": (n, 2), "W1": (2, 3), "W2": (3, 1)}
    printed = {"B4": ("dz3", "W2"), "B5": ("a2", "dz3"), "B9": ("dz2", "W1"), "B10": ("X", "dz2")}
    runs = {line for line, (a, b) in printed.items() if shapes[a][1] == shapes[b][0]}
    assert runs == ({"B10"} if n == 2 else {"B5"} if n == 3 else set())


def trained(start: list[np.ndarray], rate: float = 4.0) -> tuple[float, np.ndarray]:
    """The loop of the lesson."""
    weights = [ag.Tensor(value) for value in start]
    W1, b1, W2, b2 = weights
    for _ in range(1001):
        a2 = ag.sigmoid(CORNERS @ W1 + b1)
        said = ag.sigmoid(a2 @ W2 + b2)
        cost = ((said - EXCLUSIVE) ** 2).mean()
        cost.backward()
        for W in weights:
            assert W.grad is not None
            W.data = W.data - rate * W.grad
            W.grad = None
    return cost.item(), said.numpy()


@pytest.mark.parametrize("seed", range(8))
def test_two_of_eight_beginnings_get_stuck(seed: int) -> None:
    cost, said = trained(parameters(seed))
    off = np.abs(said - EXCLUSIVE).ravel()
    if seed in (2, 6):
        assert cost == pytest.approx(1 / 8, rel=0.02)
        assert sorted(off.round(1)) == [0.0, 0.0, 0.5, 0.5]
    else:
        assert off.max() < 0.05


def test_from_zeros_nothing_is_learned() -> None:
    cost, said = trained([np.zeros_like(value) for value in parameters(5)])
    assert cost == 0.25
    assert (said == 0.5).all()


def test_the_recorded_network_begins_where_the_lesson_does() -> None:
    nodes = record(CORNERS, EXCLUSIVE, *parameters(5))
    assert "parameters(5)" in TEXT
    assert f"J = {nodes['J'].item():.4f}" in SOURCE.parents[1].joinpath(
        "06_the_231_network.ipynb"
    ).read_text(encoding="utf-8")
