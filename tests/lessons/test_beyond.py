"""Lesson 12: its numbers, its solutions, and what its prose claims, held against the engine."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import autograd_lite as ag
from autograd_lite.lessons import beyond, beyond_rules, second_derivatives
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "notebooks/sources/12_beyond.md").read_text(encoding="utf-8")


def cell(first: str, kind: str = "python") -> str:
    """The cell, or the folded solution, that begins like this."""
    return next(b for b in re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL) if first in b)


def written(*codes: str) -> dict[str, Any]:
    room: dict[str, Any] = {"ag": ag, "np": np}
    for code in codes:
        exec(code.split("\n\n\nlessons.")[0], room)
    return room


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("12.seed", {"x1": 62, "x2": 13}),
        ("12.second", -2.650889),
        ("12.relu", 18),
        ("12.product", {"x1": 12, "x2": 14}),
        ("12.passes", {"hessian": 1000, "product": 1}),
    ],
)
def test_the_numbers_of_the_lesson(key: str, expected: Any) -> None:
    exercise: Any = EXERCISES[key]
    assert exercise.answer() == pytest.approx(expected, rel=1e-6)


def test_the_two_outputs_have_the_jacobian_of_the_exercise() -> None:
    outputs = written(cell("def outputs").split("\n\n\nx = ")[0])["outputs"]
    point = np.array([beyond.X1, beyond.X2])
    np.testing.assert_array_equal(ag.jacobian(outputs)(point), beyond.ROWS)
    (sent,) = ag.vjp(outputs, point)[1](np.array(beyond.SEED))
    assert list(beyond.SEEDED.answer().values()) == list(sent)


def test_the_second_derivatives_are_sympy_s() -> None:
    x, w = sympy.symbols("x w")
    wave = x * sympy.sin(x)
    at = {x: second_derivatives.AT}
    assert second_derivatives.first() == pytest.approx(float(wave.diff(x).subs(at)))
    assert second_derivatives.second() == pytest.approx(float(wave.diff(x, 2).subs(at)))
    bent = (w * second_derivatives.EXAMPLE - second_derivatives.TARGET) ** 2
    assert second_derivatives.KINKED.answer() == float(bent.diff(w, 2))
    a, b = sympy.symbols("a b")
    hessian = sympy.hessian(a * b**2, (a, b)).subs(
        dict(zip((a, b), second_derivatives.POINT, strict=True))
    )
    moved = hessian * sympy.Matrix(second_derivatives.MOVE)
    assert list(second_derivatives.PRODUCT.answer().values()) == [float(m) for m in moved]


def test_the_rules_to_be_found_are_the_engine_s() -> None:
    room = written(cell("def polar("), cell("def g(x)"))
    for point in beyond_rules.POLAR.points():
        matrix = np.ravel(ag.jacobian(room["polar"], (0, 1))(*point), order="F")
        assert beyond_rules.polar_slopes(*point) == pytest.approx(tuple(matrix), abs=1e-12)
    for x1, x2, v1, v2 in beyond_rules.TIMES_HESSIAN.points():
        (moved,) = ag.hvp(room["g"], (np.array([x1, x2]),), (np.array([v1, v2]),))
        expected = beyond_rules.times_hessian(x1, x2, v1, v2)
        assert expected == pytest.approx(tuple(moved), abs=1e-12)


@pytest.mark.parametrize(
    ("key", "answer", "message"),
    [
        ("12.passes", {"hessian": 1001, "product": 1}, "Not yet: hessian. One too many"),
        ("12.product", {"x1": 14, "x2": 12}, "x1 and x2 are swapped"),
        ("12.seed", {"x1": 13, "x2": 62}, "x1 and x2 are swapped"),
        ("12.second", -0.8323, "x·cos x, one half of the *first* derivative"),
    ],
)
def test_a_number_has_its_own_name(key: str, answer: Any, message: str) -> None:
    verdict = EXERCISES[key].judge(answer)
    assert verdict.state is State.NOT_YET
    assert message in verdict.message


def test_a_formula_by_hand_is_not_told_how_it_was_found() -> None:
    for name, key in RULES.items():
        verdict = EXERCISES[key].judge(getattr(beyond_rules, name))
        assert verdict.state is State.RIGHT
        assert "Two passes" not in verdict.message


RULES = {"polar_slopes": "12.polar.rule", "times_hessian": "12.hessian.rule"}


@pytest.mark.parametrize("name", RULES)
def test_a_folded_solution_is_right_and_the_stub_is_not_tried_yet(name: str) -> None:
    exercise = EXERCISES[RULES[name]]
    stub = cell(f"def {name}")
    assert exercise.judge(written(stub)[name]).state is State.NOT_TRIED
    solved = written(stub, cell(f"def {name}", "text"))[name]
    assert exercise.judge(solved).state is State.RIGHT


SLIPS = [
    ("polar_slopes", "first[0], second[0], first[1], second[1]", "*first, *second", "*column*"),
    ("polar_slopes", "(1.0, 0.0)", "(1.0, 1.0)", "gave x_r ="),
    ("polar_slopes", "_, ", "", "return x_r, x_phi, y_r, y_phi"),
    ("times_hessian", "moved[0], moved[1]", "gradient[0], gradient[1]", "That is the gradient."),
    ("times_hessian", "(v,)", "(x,)", "x moves along x"),
    ("times_hessian", "ag.grad(g)", "g", "stopped with"),
]


@pytest.mark.parametrize(("name", "taken", "put", "message"), SLIPS)
def test_a_slip_is_named(name: str, taken: str, put: str, message: str) -> None:
    solution = cell(f"def {name}", "text")
    assert taken in solution
    answer = written(cell(f"def {name}"), solution.replace(taken, put))[name]
    verdict = EXERCISES[RULES[name]].judge(answer)
    assert verdict.state is State.NOT_YET
    assert message in verdict.message


def test_reverse_over_reverse_gives_the_same_product() -> None:
    g = written(cell("def g(x)"))["g"]
    x, v = np.array([0.3, -1.2]), np.array([1.0, 2.0])
    other = ag.grad(lambda x: (ag.grad(g)(x) * v).sum())(x)
    np.testing.assert_allclose(other, beyond_rules.times_hessian(*x, *v), rtol=1e-12)


def test_the_cube_is_refused_and_the_mended_one_passes() -> None:
    broken = written(cell("class Cube").split("\n\n\nprint")[0])["Cube"]
    mended = written(cell("class Cube", "text"))["Cube"]
    assert ag.gradcheck(broken, 2.0)
    with pytest.raises(TypeError, match=r"lost their connection .*self\.inputs"):
        ag.gradcheck(broken, 2.0, order=2)
    assert ag.gradcheck(mended, 2.0, order=2)


def test_a_penalty_on_plain_numbers_changes_nothing() -> None:
    gradients = []
    for recorded, penalised in ((False, False), (False, True), (True, True)):
        x = ag.Tensor([1.0, 2.0])
        loss = (x * x * x).sum()
        loss.backward(create_graph=recorded)
        penalty, x.grad = (x.grad**2).sum(), None
        (loss + penalty * float(penalised)).backward()
        gradients.append(list(x.grad))
    assert gradients[0] == gradients[1] == [3.0, 12.0]
    assert gradients[2] == [3.0 + 36.0, 12.0 + 288.0]  # 3x² + 36x³


def test_the_limit_of_the_learning_rate_is_2_over_the_largest_curvature() -> None:
    bowl = written(cell("def bowl").split("\n\n\nstart")[0])["bowl"]
    curvature = np.linalg.eigvalsh(ag.hessian(bowl)(np.zeros(2)))
    assert curvature.min() > 0
    best = np.linalg.solve(ag.hessian(bowl)(np.zeros(2)), -ag.grad(bowl)(np.zeros(2)))
    steepest = np.linalg.eigh(ag.hessian(bowl)(best))[1][:, -1]
    for factor, lands_higher in ((1.99, False), (2.01, True)):
        line = best + steepest
        after = line - factor / curvature.max() * ag.grad(bowl)(line)
        assert (after - best) @ steepest < 0  # on the other side
        assert (bowl(ag.Tensor(after)).item() > bowl(ag.Tensor(line)).item()) is lands_higher


@pytest.mark.parametrize(
    ("first", "name"), [("x1, x2 = ag.Tensor(3.0", "seed"), ("y.backward(create", "gradient_graph")]
)
def test_a_figure_shows_what_the_cell_beside_it_steps(first: str, name: str) -> None:
    pytest.importorskip("pygraphviz", exc_type=ImportError)  # other engines place differently
    code, stepped = cell(first).split("ag.Stepper(")
    room = written(code)
    drawn = eval(f"ag.draw({stepped}", room)
    assert (ROOT / f"figures/{name}.svg").read_text(encoding="utf-8") == drawn.svg() + "\n"
