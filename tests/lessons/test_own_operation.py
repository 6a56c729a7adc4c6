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


def test_an_answer_does_not_change_the_next_one() -> None:
    """The arrays that are handed to a rule are its own to read and nobody's to write."""

    def spoils(self: Any, x: Any) -> Any:
        x[...] = 0.0
        return x

    exercise = EXERCISES["05.exp.rule"]
    assert "read-only" in exercise.judge(operation(spoils, raises)).message
    assert exercise.judge(own_rules.Exp).state is State.RIGHT
