"""Exercises whose answer is an operation: what a learner may hand in, and what is said then."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Elementwise, Operation, Tensor, lessons
from autograd_lite.lessons import own_rules
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State
from autograd_lite.lessons.own_operation import OwnOperation

RULES = [e for e in EXERCISES.values() if isinstance(e, OwnOperation)]


def operation(forward: Any, backward: Any) -> type[Operation]:
    return type("Own", (Operation,), {"forward": forward, "backward": backward})


@pytest.mark.parametrize("exercise", RULES, ids=lambda exercise: exercise.key)
def test_the_rules_that_are_called_right_pass_the_gradient_check_twice(
    exercise: OwnOperation,
) -> None:
    rng = np.random.default_rng(1)
    inputs = [rng.normal(size=shape) for shape in exercise.shapes.values()]
    assert ag.gradcheck(exercise.answer, *inputs, order=2)


@pytest.mark.parametrize("exercise", RULES, ids=lambda exercise: exercise.key)
def test_what_passes_the_gradient_check_passes_the_exercise_and_the_reverse(
    exercise: OwnOperation,
) -> None:
    """One exception: the engine itself sums what comes back over a broadcast axis."""
    rng = np.random.default_rng(1)
    inputs = [rng.normal(size=shape) for shape in exercise.shapes.values()]
    for mistake in exercise.mistakes:
        if "not summed" not in mistake.message:
            with pytest.raises((AssertionError, ValueError)):
                ag.gradcheck(mistake.gives, *inputs)


def test_a_rule_in_the_style_of_local_gradients_is_right_too() -> None:
    class Exp(Elementwise):
        def forward(self, x: Any) -> Any:
            return np.exp(x)

        def local_gradients(self, x: Any) -> Any:
            return (self.output,)

    assert EXERCISES["05.exp.rule"].judge(Exp).state is State.RIGHT


def test_the_class_is_handed_in_under_any_name_and_may_print(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def backward(self: Any, dz: Any) -> Any:
        print("dz has shape", dz.shape)
        return dz * self.output

    lessons.check("05.exp.rule", operation(lambda self, x: np.exp(x), backward))
    printed = capsys.readouterr().out
    assert printed.startswith("dz has shape (3,)\n✓ 05.exp.rule: right.")


class Plain:
    """A class that forgot to be an operation."""

    def forward(self, x: Any) -> Any:
        return np.exp(x)

    def backward(self, dz: Any) -> Any:
        return dz


def raises(self: Any, *arrays: Any) -> Any:
    raise ZeroDivisionError("division by zero")


def writes(self: Any, dz: Any) -> Any:
    dz *= 2.0
    return dz


def forward(self: Any, x: Any) -> Any:
    return np.exp(x)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Plain, "Plain is no operation yet. Begin it with `class Exp(ag.Operation):`."),
        (own_rules.Exp(), 'Hand in the class itself: lessons.check("05.exp.rule", Exp).'),
        (np.exp, 'Hand in the class itself: lessons.check("05.exp.rule", Exp).'),
        (operation(raises, raises), "Exp.forward stopped with ZeroDivisionError: division by zero"),
        (operation(forward, raises), "Exp.backward stopped with ZeroDivisionError: division by"),
        (operation(forward, writes), "Exp.backward stopped with"),
        (operation(forward, lambda self, dz: None), "forward is right. Now backward: it ends with"),
        (
            operation(lambda self, x: x, raises),
            "Not yet: the value that forward returns. At [0] it",
        ),
        (operation(lambda self, x: x.sum(), raises), "forward gave shape (), expected (3,)."),
        (operation(lambda self, x: ag.exp(Tensor(x)), raises), "Write it in NumPy: np.exp, not"),
        (
            operation(forward, lambda self, dz: (dz, dz)),
            "backward returned 2 gradients, expected 1",
        ),
        (operation(forward, lambda self, dz: dz.sum()), "dx has shape (), expected (3,)"),
        (operation(forward, lambda self, dz: 7 * dz), "forward is right. Not yet: dx. At [0] it"),
        (operation(forward, lambda self, dz: "dx"), "returned a gradient of type str, not numbers"),
    ],
)
def test_what_is_not_right_is_told_in_a_sentence(answer: Any, message: str) -> None:
    verdict = EXERCISES["05.exp.rule"].judge(answer)
    assert verdict.state is State.NOT_YET
    assert message in verdict.message


CELL = """
class Own(Right):
    def backward(self, dz):
        {}
"""


def in_a_cell(exercise: OwnOperation, backward: str, **earlier: Any) -> str:
    """What is said of a backward written in a notebook in which earlier cells have run."""
    kernel = {"np": np, "Right": exercise.answer, **earlier}
    exec(CELL.format(backward), kernel)
    return exercise.judge(kernel["Own"]).message


@pytest.mark.parametrize(
    ("earlier", "whose"),
    [
        ({}, ""),
        ({"x": Tensor(2.0)}, "; it is the Tensor of an earlier cell"),
        ({"x": np.ones(3)}, "; it is the ndarray of an earlier cell"),
    ],
)
def test_an_input_that_backward_takes_from_an_earlier_cell_is_named(
    earlier: dict[str, Any], whose: str
) -> None:
    said = in_a_cell(own_rules.MULTIPLY, "return dz * y, dz * x", **earlier)
    assert said == f"x is not defined in backward{whose}. Begin with `x, y = self.inputs`."
    said = in_a_cell(own_rules.EXP, "return dz * np.exp(x)", **earlier)
    assert said == f"x is not defined in backward{whose}. Begin with `(x,) = self.inputs`."


def test_an_earlier_x_does_not_disturb_a_rule_that_unpacks_its_inputs() -> None:
    rule = "x, y = self.inputs; return dz * y, dz * x"
    assert in_a_cell(own_rules.MULTIPLY, rule, x=Tensor(2.0)) == own_rules.MULTIPLY.because


@pytest.mark.parametrize(
    ("exercise", "backward"),
    [
        (own_rules.EXP, "x = self.inputs; return dz * np.exp(x)"),
        (own_rules.EXP, "x = self.inputs; return dz * x"),
        (own_rules.EXP, "x = self.inputs; return 2.0 * x * dz"),
        (own_rules.SOFTPLUS, "x = self.inputs; return dz / (1 + np.exp(-x))"),
        (own_rules.SOFTPLUS, "x = self.inputs; return dz * np.exp(x) / (1 + np.exp(x))"),
    ],
)
def test_inputs_that_are_not_unpacked_are_named(exercise: OwnOperation, backward: str) -> None:
    said = in_a_cell(exercise, backward)
    assert said.endswith("a tuple, even for one input: write `(x,) = self.inputs`.")


def test_both_right_rules_of_exp_are_right() -> None:
    for rule in ("np.exp(self.inputs[0])", "self.output"):
        assert in_a_cell(own_rules.EXP, f"return dz * {rule}") == own_rules.EXP.because


def test_of_the_bias_it_is_said_what_the_gradient_check_does() -> None:
    class Unsummed(own_rules.Affine):
        def backward(self, dz: Any) -> Any:
            X, W, _ = self.inputs
            return dz @ W.T, X.T @ dz, dz

    assert ag.gradcheck(Unsummed, np.ones((4, 2)), np.ones((2, 3)), np.ones(3))
    assert "The gradient check would let dz pass" in own_rules.AFFINE.judge(Unsummed).message


def test_an_answer_does_not_change_the_next_one() -> None:
    """The arrays that are handed to a rule are its own to read and nobody's to write."""

    def spoils(self: Any, x: Any) -> Any:
        x[...] = 0.0
        return x

    exercise = EXERCISES["05.exp.rule"]
    assert "read-only" in exercise.judge(operation(spoils, raises)).message
    assert exercise.judge(own_rules.Exp).state is State.RIGHT
