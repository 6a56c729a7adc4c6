"""Quiz: what is asked is hidden until it is known, and `answers` is the same as typing."""

import json
import re
from base64 import b64decode
from collections.abc import Callable
from html import unescape
from typing import Any

import numpy as np
import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.views.number import format_number
from tests.strategies import same_every_run

RIGHT = {"y": 1.0, "v2": 1.0, "v3": 1.0, "x1": 3.0 + np.cos(2.0), "x2": 2.0}


def fork() -> Tensor:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    v2 = x1 * x2
    return v2 + np.sin(x1)


def state(quiz: ag.Quiz) -> str:
    """All that the browser and the stored notebook are given, the program apart."""
    sent = {name: value for name, value in quiz.get_state().items() if name not in ("_esm", "_css")}
    bundle = quiz.still()._repr_mimebundle_()
    inside = re.findall(r"base64,([\w+/=]+)", bundle["text/html"])
    drawings = [b64decode(data).decode() for data in inside]
    text = json.dumps(sent, ensure_ascii=False, default=str)
    return unescape("\n".join([text, *bundle.values(), *drawings, repr(quiz)]))


def shown(quiz: ag.Quiz, name: str) -> str:
    """The line of a node's gradient in the picture."""
    picture = quiz.still()
    nodes = [node for node in picture.graph.nodes if picture.name(node) == name]
    return picture.frame()[f"{picture.diagram.box_of[nodes[0]].key}.grad"]


def test_nothing_is_told_before_it_is_known() -> None:
    quiz = ag.Quiz(fork())
    text = state(quiz)
    for secret in ("2.5839", "2.58", "0.4161", "∂y/∂", "cos"):
        assert secret not in text, secret
    assert shown(quiz, "x1") == "◂ ∇ ?"
    assert quiz.still().alt.endswith("gradient of v3, gradient of x1, gradient of x2.")
    assert quiz._trace["equations"] == []


def test_what_is_right_is_revealed_with_a_tick_and_its_equation() -> None:
    quiz = ag.Quiz(fork(), ask=["x1"])
    quiz.answers = {"x1": 2.5839}
    assert quiz.said == "✓ gradient of x1: 2.5839 is right.\n1 of 1 right."
    assert shown(quiz, "x1") == "◂ ∇ 2.5839 ✓"
    (equation,) = quiz._trace["equations"]
    told = ["".join(text for text, _ in line) for line in equation["lines"]]
    assert told[1:] == ["1.0000 · (−0.4161) + 1.0000 · 3.0000", "2.5839"]


def test_the_pass_goes_on_as_the_numbers_become_known() -> None:
    quiz = ag.Quiz(fork())
    steps = quiz.still().trace.steps
    at = []
    for name, right in RIGHT.items():
        at.append(quiz.still().step)
        quiz.answers = {name: right}
    # x1 alone does not let it go on: the step that brings its part of the product tells x2 too.
    assert at == [4, 5, 5, 6, 7]
    assert quiz.still().step == len(steps)
    assert quiz.done


def test_right_score_and_done() -> None:
    quiz = ag.Quiz(fork())
    assert quiz.right == dict.fromkeys(quiz.answers, False)
    assert (quiz.score, quiz.done) == (0, False)
    quiz.answers = {**RIGHT, "x1": 3.0}
    assert (quiz.score, quiz.done) == (4, False)
    assert not quiz.right["gradient of x1"]
    assert quiz.right["gradient of x2"]
    quiz.answers = {"x1": RIGHT["x1"]}
    assert (quiz.score, quiz.done) == (5, True)
    assert quiz.said.endswith("5 of 5 right.")


def test_answers_are_kept_by_what_was_asked_and_those_left_out_stay() -> None:
    quiz = ag.Quiz(fork(), ask=["x1", "value of v2", "gradient of v2"])
    quiz.answers = {"x1": 1}
    quiz.answers = {"value of v2": "6,0"}
    assert quiz.answers == {"gradient of x1": 1.0, "value of v2": 6.0, "gradient of v2": None}
    quiz.answers = {"x1": None}
    assert quiz.answers["gradient of x1"] is None
    assert quiz._trace["fields"][0]["verdict"] == ""


def test_setting_answers_is_the_same_as_typing() -> None:
    typed, given_ = ag.Quiz(fork()), ag.Quiz(fork())
    typed.check({"gradient of x1": "3", "gradient of y": "1"})
    given_.answers = {"x1": 3, "y": 1.0}
    assert typed.answers == given_.answers
    assert typed._trace == {**given_._trace, "said": typed.said}
    assert set(typed.said.splitlines()) == set(given_.said.splitlines())


def test_a_kernel_answers_what_the_browser_asks() -> None:
    quiz = ag.Quiz(fork())
    seen: list[Any] = []
    quiz.observe(lambda change: seen.append(change["new"]["gradient of x2"]), "answers")
    quiz._handle_custom_msg({"id": "1", "press": "check", "with": [{"gradient of x2": "2"}]}, [])
    assert quiz.right["gradient of x2"]
    assert seen == [2.0]
    quiz._handle_custom_msg({"id": "2", "press": "show", "with": ["gradient of y"]}, [])
    assert "gradient of y: 1.0000 is shown" in quiz.said
    assert quiz._answered == "2"
    quiz._handle_custom_msg({"id": "3", "press": "__init__", "with": [None]}, [])
    assert quiz.score == 1


def test_the_browser_cannot_say_that_it_is_right() -> None:
    quiz = ag.Quiz(fork())
    quiz.set_state({"right": dict.fromkeys(quiz.right, True)})
    assert not quiz.done
    with pytest.raises(traitlets.TraitError):
        quiz.right = {}


def test_a_link_in_the_browser_may_set_some_answers_too() -> None:
    quiz = ag.Quiz(fork())
    quiz.answers = {"y": 1.0}
    quiz.set_state({"answers": {"gradient of x2": 2.0}})
    assert quiz.score == 2
    with pytest.raises(traitlets.TraitError):
        quiz.set_state({"answers": {"gradient of x2": "two"}})
    assert quiz.answers["gradient of x2"] == 2.0
    assert quiz.score == 2


@pytest.mark.parametrize("text", ["2.5839", "2,5839", " 2.58385 ", "2.584", "25839/10000"])
def test_a_number_may_be_typed_in_several_ways(text: str) -> None:
    quiz = ag.Quiz(fork(), ask=["x1"])
    quiz.check({"x1": text})
    assert quiz.done


def test_a_real_minus_is_a_minus() -> None:
    x = Tensor(2.0, name="x")
    quiz = ag.Quiz(-0.42 * x, ask=["x"])
    quiz.check({"x": "−0.42"})
    assert quiz.done


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("abc", "'abc' is not a number. Write it like 0.5, 1/2 or -2."),
        ("3+cos(2)", "is not a number"),
        ("__import__('os').abort()", "is not a number"),
        ("nan", "is not a number"),
        ("inf", "received 'inf', expected a finite number"),
        ("1e999", "received '1e999', expected a finite number"),
        ("1/0", "divides by zero"),
        ("", "Type a number first."),
        ("9" * 10_000, "expected a finite number"),
    ],
)
def test_what_is_no_answer_is_said_so_and_is_none(text: str, words: str) -> None:
    quiz = ag.Quiz(fork(), ask=["x1"])
    quiz.answers = {"x1": 3.0}
    quiz.check({"x1": text})
    assert quiz.said.startswith("· gradient of x1: ")
    assert words in quiz.said
    assert len(quiz.said) < 200
    assert quiz.answers == {"gradient of x1": None}
    assert shown(quiz, "x1") == "◂ ∇ ?"


@pytest.mark.parametrize(
    "wrong",
    [{"x3": 1.0}, {"x1": "abc"}, {"x1": float("nan")}, {"x1": float("inf")}, {"x1": True},
     {"x1": [1.0, 2.0]}, {"x1": np.ones(2)}, {"x1": 1j}, {"x1": 10**400}, {2: 1.0}, 3.0, None],
)  # fmt: skip
def test_from_python_what_is_no_answer_is_refused_and_changes_nothing(wrong: Any) -> None:
    quiz = ag.Quiz(fork())
    quiz.answers = {"x2": 3.0}
    before = quiz.answers, quiz._trace
    with pytest.raises(traitlets.TraitError):
        quiz.answers = wrong
    assert (quiz.answers, quiz._trace) == before


def test_a_refusal_names_the_value_and_what_to_write() -> None:
    quiz = ag.Quiz(fork(), ask=["x1"])
    with pytest.raises(ValueError, match=r"answers: received 'x2', expected some of gradient of x"):
        quiz.answers = {"x2": 1.0}
    with pytest.raises(ValueError, match=r"answers: received \[1.0\], expected a number, such as"):
        quiz.answers = {"x1": [1.0]}


@pytest.mark.parametrize("kind", [float, np.float32, np.float64, np.array, Tensor, str])
def test_any_kind_of_number_is_an_answer(kind: Callable[[float], Any]) -> None:
    quiz = ag.Quiz(fork(), ask=["x1"])
    quiz.answers = {"x1": kind(RIGHT["x1"])}
    assert quiz.done
    assert type(quiz.answers["gradient of x1"]) is float


def test_what_is_shown_does_not_count_and_what_was_right_still_does() -> None:
    quiz = ag.Quiz(fork())
    quiz.answers = {"x2": 2.0}
    quiz.show("x1")
    assert shown(quiz, "x1") == "◂ ∇ 2.5839"
    assert "Its equation comes when the numbers in it are known." in quiz.said
    quiz.answers = {"y": 1.0, "v2": 1.0, "v3": 1.0}
    assert "Its equation comes" not in json.dumps(quiz._trace["fields"])
    quiz.show()
    assert quiz.score == 4
    assert shown(quiz, "x2") == "◂ ∇ 2.0000 ✓"
    assert len(quiz._trace["equations"]) == 5
    quiz.answers = RIGHT
    assert (quiz.score, quiz.done) == (4, False)
    assert "does not count" in quiz.said
    assert all(field["known"] for field in quiz._trace["fields"])


def test_an_answer_that_is_taken_back_is_covered_again() -> None:
    quiz = ag.Quiz(fork(), ask=["x1"])
    quiz.answers = {"x1": 2.5839}
    quiz.answers = {"x1": 2.0}
    assert shown(quiz, "x1") == "◂ ∇ ?"
    assert not quiz.done
    assert "2.5839" not in state(quiz)


@pytest.mark.parametrize(
    ("asked", "advice"),
    [
        ("x1", "9.9 is not it. 2 arrows come back: upstream × local for each, and their sum."),
        ("x2", "9.9 is not it. Multiply what arrives at the end of the arrow by the local"),
        ("y", "9.9 is not it. Nothing comes back to it: it is the seed of the backward pass."),
        ("value of v2", "9.9 is not it. Put the values at its inputs into its operation."),
    ],
)
def test_a_number_that_no_known_mistake_gives_gets_advice(asked: str, advice: str) -> None:
    quiz = ag.Quiz(fork(), ask=[asked])
    quiz.check({asked: "9.9"})
    assert advice in quiz.said


def test_nearly_right_is_said_to_be_close() -> None:
    quiz = ag.Quiz(fork(), ask=["x1"])
    quiz.check({"x1": "2.6"})
    assert quiz.said.startswith("✗ gradient of x1: 2.6 is close. Write at least four digits.")


@same_every_run
@given(
    st.floats(-1e5, 1e5).filter(lambda x: x == 0 or abs(x) > 1e-12),
    st.sampled_from([0.0, 2e-3, 0.1]),
)
def test_four_decimals_as_shown_are_always_right(slope: float, tolerance: float) -> None:
    quiz = ag.Quiz(Tensor(2.0, name="x") * slope, ask=["x"], tolerance=tolerance)
    quiz.check({"x": format_number(slope)})
    # Scientific numbers are shown with four decimals of their own.
    assert quiz.done or (tolerance == 0 and (abs(slope) < 1e-3 or abs(slope) >= 1e5))


@pytest.mark.parametrize(("tolerance", "done"), [(0, False), (2e-3, False), (0.05, True)])
def test_the_tolerance_is_relative(tolerance: float, done: bool) -> None:
    quiz = ag.Quiz(fork(), ask=["x1"], tolerance=tolerance)
    quiz.answers = {"x1": 2.5}
    assert quiz.done == done


def test_zero_is_not_right_for_something_small() -> None:
    quiz = ag.Quiz(Tensor(2.0, name="x") * 6.7e-5, ask=["x"])
    quiz.answers = {"x": 0.0}
    assert not quiz.done
    quiz.answers = {"x": 6.7e-5}
    assert quiz.done


@pytest.mark.parametrize("tolerance", [-0.1, 1, 2, float("nan"), "0.01", None])
def test_a_tolerance_that_makes_no_sense_is_refused(tolerance: float) -> None:
    with pytest.raises(ValueError, match="tolerance: received"):
        ag.Quiz(fork(), tolerance=tolerance)


def test_it_works_on_a_copy() -> None:
    y = fork()
    quiz = ag.Quiz(y)
    quiz.show()
    assert all(node.grad is None for node in ag.ComputationGraph(y).nodes)


def test_names_from_users_are_text() -> None:
    x = Tensor(2.0, name="<script>alert(1)</script>")
    quiz = ag.Quiz(np.sin(x))
    assert "<script>" not in quiz.still()._repr_mimebundle_()["text/html"]
    assert "<script>" not in quiz._svg
    quiz.answers = {"<script>alert(1)</script>": np.cos(2.0)}
    assert quiz.score == 1


def test_scopes_are_open_so_that_all_can_be_asked() -> None:
    x = Tensor(2.0, name="x")
    with ag.scope("inner"):
        s = np.sin(x)
        s.name = "s"
    quiz = ag.Quiz(s * 3.0, ask=["s"])
    quiz.answers = {"s": 3.0}
    assert quiz.done


def test_repr_tells_what_is_asked_and_how_it_stands() -> None:
    quiz = ag.Quiz(fork(), ask=["x1", "x2"])
    quiz.answers = {"x2": 2.0}
    assert repr(quiz) == "Quiz(gradient of x1, gradient of x2: 1 of 2 right)"
