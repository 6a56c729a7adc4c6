"""A wrong number gets the name of the misconception that gives it on this very graph."""

from collections.abc import Callable
from math import cos, exp, radians, sin
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings

import autograd_lite as ag
from autograd_lite import Tensor
from tests.strategies import Program, programs, same_every_run

Make = Callable[[], Tensor]


def named(value: Tensor, name: str) -> Tensor:
    value.name = name
    return value


def fork() -> Tensor:
    """y = x1·x2 + sin(x1)."""
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    p, s = named(x1 * x2, "p"), named(np.sin(x1), "s")
    return named(p + s, "y")


def behind() -> Tensor:
    """y = 5·exp(a·b): something but 1 arrives at the product."""
    a, b = Tensor(0.5, name="a"), Tensor(-0.8, name="b")
    return named(5 * named(np.exp(named(a * b, "p")), "q"), "y")


def fan() -> Tensor:
    """L = y1·y2 + y3: three arrows."""
    a = Tensor(2.0, name="a")
    y1, y2, y3 = named(3 * a, "y1"), named(a**2, "y2"), named(-a, "y3")
    return named(y1 * y2 + y3, "L")


def twice() -> Tensor:
    """e = (ab)(ab + a): a fork behind a fork."""
    a, b = Tensor(2.0, name="a"), Tensor(-3.0, name="b")
    p = named(a * b, "p")
    return named(p * named(p + a, "s"), "e")


def router() -> Tensor:
    """y = 4·max(u + v, w)."""
    u, v, w = Tensor(1.0, name="u"), Tensor(2.5, name="v"), Tensor(0.5, name="w")
    return named(4 * named(ag.maximum(named(u + v, "s"), w), "m"), "y")


def minus() -> Tensor:
    """y = 3·(u − v)."""
    return named(3 * (Tensor(1.0, name="u") - Tensor(2.5, name="v")), "y")


Q = 5 * exp(-0.4)  # what arrives at p in `behind`


@pytest.mark.parametrize(
    ("make", "asked", "typed", "words"),
    [
        (fork, "x1", 3.0, "what the last arrow brings: it has overwritten the others"),
        (fork, "x1", cos(2), "what the first arrow brings, and no other"),
        (fork, "x1", 3 - cos(2), "the wrong sign on what comes from s"),
        (fork, "x1", 3 * cos(2), "the contributions multiplied"),
        (fork, "x1", (3 + cos(2)) / 2, "the mean of the contributions"),
        (fork, "x1", 2 + cos(2), "when p sends ∂y/∂p times its own input"),
        (fork, "x1", 3 + sin(2), "when s sends ∂y/∂s times the output"),
        (fork, "x1", 3 + cos(radians(2)), "when s sends the slope with an angle in degrees"),
        (fork, "x1", -3 - cos(2), "right but for its sign"),
        (fork, "x1", 2.0, "the gradient of x2"),
        (fork, "x1", (6 + sin(2)) * (3 + cos(2)), "starts from the value 6.9093"),
        (fork, "x1", 6 + sin(2), "the value of y. The gradient says how fast y moves when x1"),
        (fork, "y", 6 + sin(2), "the value of y. The gradient says how fast y moves when y"),
        (fork, "p", 6.0, "the value of p. The gradient says how fast y moves when p"),
        (fan, "a", 35 + 1, "the sum without what comes from y3"),
        (fan, "a", 24.0, "what comes back from y2 alone"),
        (fan, "a", 35 + 2, "the wrong sign on what comes from y3"),
        (behind, "a", -0.8, "the local gradient alone. Multiply it by ∂y/∂p"),
        (behind, "a", Q, "∂y/∂p unchanged"),
        (behind, "a", Q * 0.5, "∂y/∂p times its own input"),
        (behind, "a", -Q * -0.8, "right but for its sign"),
        (behind, "p", exp(-0.4), "the local gradient alone"),
        (twice, "a", 18.0, "what you get when, all the way back, the last arrow overwrites"),
        (behind, "a", exp(-0.8) / 2, "when, all the way back, × hands each input its own value"),
        (router, "s", 2.0, "half of ∂y/∂m"),
        (router, "u", 2.0, "half of ∂y/∂s"),
        (router, "u", 1.0, "the local gradient alone"),
        (router, "w", 2.0, "half of ∂y/∂m"),
        (router, "w", 4.0, "∂y/∂m unchanged"),
        (fork, "s", cos(2), "what goes on from s to x1, one arrow too far. The gradient says how"),
        (behind, "p", Q * -0.8, "what goes on from p to a, one arrow too far"),
        (behind, "p", -0.8, "the local gradient from p to a, one arrow too far"),
        (twice, "e", -4.0, "what goes on from e to p, one arrow too far"),
        (minus, "v", -1.5, "half of ∂y/∂v2"),
        (minus, "v", 3.0, "∂y/∂v2 unchanged"),
    ],
)
def test_a_wrong_gradient_gets_its_name(make: Make, asked: str, typed: float, words: str) -> None:
    quiz = ag.Quiz(make(), ask=[asked])
    quiz.answers = {asked: typed}
    assert quiz.said.startswith(f"✗ gradient of {asked}: ")
    assert words in quiz.said


@pytest.mark.parametrize(
    ("make", "asked", "typed", "words"),
    [
        (fork, "s", sin(radians(2)), "what you get with an angle in degrees"),
        (fork, "y", 6 + sin(radians(2)), "what you get with an angle in degrees"),
        (fork, "p", 5.0, "the sum. Here the inputs are multiplied"),
        (fork, "y", 6 * sin(2), "the product. Here the inputs are added"),
        (fork, "y", 6.0, "the value of p, one node too early"),
        (fork, "y", -6 - sin(2), "right but for its sign"),
        (fork, "y", 1.0, "the gradient. Here the value is asked"),
        (minus, "v2", 1.5, "what you get with the two inputs swapped"),
    ],
)
def test_a_wrong_value_gets_its_name(make: Make, asked: str, typed: float, words: str) -> None:
    quiz = ag.Quiz(make(), ask=[f"value of {asked}"])
    quiz.answers = {asked: typed}
    assert quiz.said.startswith(f"✗ value of {asked}: ")
    assert words in quiz.said


def test_of_two_mistakes_with_the_same_number_the_first_is_named() -> None:
    x = Tensor(3.0, name="x")
    quiz = ag.Quiz(named(x * x, "y"), ask=["x"])
    for _ in range(2):
        quiz.answers = {"x": 3.0}  # one arrow, its own input, the value of x
        assert "✗ gradient of x: 3 is what the last arrow brings" in quiz.said
        quiz.answers = {"x": 6.0}
        assert quiz.said.startswith("✓")


def test_the_exact_mistake_goes_before_one_that_is_near() -> None:
    """cos of 2 degrees is nearly 1, the gradient unchanged."""
    quiz = ag.Quiz(fork(), ask=["x1"])
    for typed, words in (("3.9994", "degrees"), ("4", "unchanged"), ("3.999", "unchanged")):
        quiz.check({"x1": typed})
        assert words in quiz.said


def test_a_mistake_that_counts_as_right_is_not_named() -> None:
    """Its own input, 1.0495, is right at this tolerance; 1.0505 is near that and not right."""
    a, b = Tensor(1.0495, name="a"), Tensor(1.0, name="b")
    for tolerance, is_named in ((0.002, True), (0.05, False)):
        quiz = ag.Quiz(named(a * b, "y"), ask=["a"], tolerance=tolerance)
        quiz.answers = {"a": 1.0505}
        assert quiz.said.startswith("✗ gradient of a: ")
        assert ("its own input" in quiz.said) == is_named
        assert ("not it" in quiz.said) != is_named


@pytest.mark.parametrize("ask", ["gradients", "values"])
@settings(same_every_run, max_examples=30)
@given(program=programs())
def test_no_mistake_is_named_where_the_number_is_right(ask: str, program: Program) -> None:
    _, output = program.record()
    assume(output.requires_grad)
    quiz = ag.Quiz(output, ask=ask)
    picture = quiz.still()
    right = {label: float(picture.read(n)) for label, n in quiz._asked.items()}
    quiz.answers = {label: round(number, 6) for label, number in right.items()}
    assert quiz.done
    assert "✗" not in quiz.said


@pytest.mark.parametrize("ask", ["gradients", "values"])
@settings(same_every_run, max_examples=30)
@given(program=programs())
def test_every_mistake_that_differs_is_named(ask: str, program: Program) -> None:
    from autograd_lite.widgets.graph_mistakes import graph_mistakes
    from autograd_lite.widgets.quiz import same

    _, output = program.record()
    assume(output.requires_grad)
    quiz = ag.Quiz(output, ask=ask)
    for label, number in list(quiz._asked.items())[-2:]:
        right = float(quiz.still().read(number))
        for wrong, _ in list(graph_mistakes(quiz.still(), number)):
            if not np.isfinite(wrong) or same(wrong, right, 1e-2):
                continue
            quiz.answers = {label: wrong}
            assert quiz.said.startswith(f"✗ {label}: ")
            assert "not it. " not in quiz.said


def test_arrays_in_the_graph_do_not_stop_it() -> None:
    w, b = Tensor([1.0, 2.0], name="w"), Tensor(0.5, name="b")
    y = named((w * b + b).sum(), "y")
    quiz = ag.Quiz(y, ask=["b"])
    quiz.answers = {"b": 2.0}
    assert "✗ gradient of b: 2 is what the first arrow brings" in quiz.said
    quiz.answers = {"b": 9.0}
    assert "9 is not it. 2 arrows come back" in quiz.said
    quiz.answers = {"b": 5.0}
    assert quiz.done


def test_an_operation_of_ones_own_whose_rule_is_no_product_does_not_stop_it() -> None:
    class Clipped(ag.Operation):
        def forward(self, x):
            return x * 3.0

        def backward(self, dz):
            return np.clip(3.0 * dz, -1.0, 1.0)

    quiz = ag.Quiz(Clipped()(Tensor(2.0, name="x")), ask=["x"])
    for wrong in (2.0, 3.0, 6.0):
        quiz.answers = {"x": wrong}
        assert quiz.said.startswith("✗")
    quiz.answers = {"x": 1.0}
    assert quiz.done


@pytest.mark.parametrize("ask", ["gradients", "values"])
def test_an_operation_may_refuse_what_a_mistake_would_give_it(ask: str) -> None:
    class Sin(ag.Operation):
        def forward(self, x: Any) -> Any:
            if x < 1:
                raise RuntimeError("not below 1")
            return np.sin(x)

        def backward(self, dz: Any) -> Any:
            return dz * np.cos(self.inputs[0])

    quiz = ag.Quiz(Sin()(Tensor(2.0, name="x")) * 3, ask=ask)
    said = quiz.check(dict.fromkeys(quiz.answers, "77.7"))
    assert said.count("✗") == len(quiz.answers)
