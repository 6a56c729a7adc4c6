"""What holds for every exercise of every lesson."""

import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from autograd_lite import ComputationGraph, lessons
from autograd_lite.lessons import backward_order, chain_rule, small_network, two_passes
from autograd_lite.lessons.catalogue import EXERCISES, LESSONS
from autograd_lite.lessons.choice import Choice
from autograd_lite.lessons.exercise import Exercise, Mistake, State
from autograd_lite.lessons.found import Found
from autograd_lite.lessons.function import Function
from autograd_lite.lessons.numeric import COUNT, Number, Numbers
from autograd_lite.lessons.ordering import Ordering, edges_back
from autograd_lite.lessons.own_engine import OwnEngine
from autograd_lite.lessons.own_layer import OwnLayer
from autograd_lite.lessons.own_loop import OwnLoop
from autograd_lite.lessons.own_operation import OwnOperation
from autograd_lite.lessons.own_pass import OwnPass
from autograd_lite.lessons.tiles import Tiles
from autograd_lite.nn import Module
from autograd_lite.operation import Operation
from tests.lessons.value import Value

every = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
# These checks name a mistake by running the answer, each with a test file of its own.
RUNNING = (Found, Ordering, OwnEngine, Tiles)
# The answer is code, and so is what each mistake gives.
WRITTEN = (Function, OwnLayer, OwnLoop, OwnOperation, OwnPass)
WITH_MISTAKES = {k: e for k, e in EXERCISES.items() if not isinstance(e, (Choice, *RUNNING))}
diagnosing = pytest.mark.parametrize("exercise", WITH_MISTAKES.values(), ids=WITH_MISTAKES)
CHOICES = {key: e for key, e in EXERCISES.items() if isinstance(e, Choice)}
choosing = pytest.mark.parametrize("exercise", CHOICES.values(), ids=CHOICES)


def right_answer(exercise: Exercise) -> Any:
    if isinstance(exercise, Choice | Tiles):
        return exercise.right
    if isinstance(exercise, Ordering):
        return list(edges_back(ComputationGraph(exercise.record()[0])))[::-1]
    if isinstance(exercise, OwnEngine):
        return Value
    if isinstance(exercise, WRITTEN):
        return exercise.answer
    assert isinstance(exercise, Found | Number | Numbers)
    return exercise.answer()


def wrong_answer(exercise: Exercise, mistake: Mistake) -> Any:
    return mistake.gives if isinstance(exercise, WRITTEN) else mistake.gives()


def stubs(exercise: Exercise) -> list[Any]:
    if isinstance(exercise, Choice):
        return [None, "", ...]
    if isinstance(exercise, Tiles):
        return [None, "", ..., [None, None], ["a2", ...]]
    if isinstance(exercise, Ordering):
        return [None, "", ..., [None, None, None], ["e", ..., "p"]]
    if isinstance(exercise, Numbers):
        names = list(exercise.answer())
        return [
            None,
            dict.fromkeys(names),
            dict.fromkeys(names, ...),
            {**dict.fromkeys(names, 1.0), names[-1]: None},
            [None] * len(names),
            (1.0,) * (len(names) - 1) + (None,),
        ]
    if isinstance(exercise, OwnPass):
        return [None, ..., lambda *args: None, lambda *args: ..., unwritten]
    if isinstance(exercise, OwnLoop):
        return [None, ..., lambda *args: None, unwritten, walks_the_batches]
    if isinstance(exercise, Function):
        return [None, lambda *args: None, lambda *args: ..., lambda *args: (None, None), unwritten]
    if isinstance(exercise, OwnOperation):
        return [None, Operation, Unwritten, type("Dots", (Operation,), {"forward": dots})]
    if isinstance(exercise, OwnLayer):
        bare = type("Bare", (Module,), {"__init__": nothing})
        return [None, bare, type("Dots", (bare,), {"forward": dots})]
    return [None, ..., ""]


def nothing(self: Module, n: int) -> None:
    return None


class Unwritten(Operation):
    def forward(self, *arrays: Any) -> None:
        return None


def dots(self: Any, *arrays: Any) -> Any:
    return ...


def walks_the_batches(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for _, _ in batches:
        ...


def unwritten(*args: float) -> None:
    raise NotImplementedError


def four_digits(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: float(f"{number:.4g}") for name, number in answer.items()}
    return float(f"{answer:.4g}")


@every
def test_a_stub_is_not_tried_yet(exercise: Exercise, capsys: pytest.CaptureFixture[str]) -> None:
    for stub in stubs(exercise):
        lessons.check(exercise.key, stub)
        assert capsys.readouterr().out.startswith(f"· {exercise.key}: not tried yet\n")


@every
def test_the_right_answer_is_right(exercise: Exercise, capsys: pytest.CaptureFixture[str]) -> None:
    lessons.check(exercise.key, right_answer(exercise))
    assert capsys.readouterr().out.startswith(f"✓ {exercise.key}: right. ")


@diagnosing
def test_the_right_answer_rounded_to_four_digits_is_right(exercise: Exercise) -> None:
    if isinstance(exercise, Number | Numbers) and exercise.tolerance != COUNT:
        assert exercise.judge(four_digits(right_answer(exercise))).state is State.RIGHT


COUNTS = (
    "03.paths", "03.visits", "04.runs", "04.best", "04.weights", "04.sweeps", "04.jacobian",
    "06.count", "06.silent",
    "10.linear", "10.shared", "10.cell", "11.share", "12.passes",
)  # fmt: skip


@pytest.mark.parametrize("key", COUNTS)
def test_a_count_is_exact(key: str) -> None:
    right = right_answer(EXERCISES[key])
    for factor in (1.002, 0.99, 1.01):
        near = (
            {name: number * factor for name, number in right.items()}
            if isinstance(right, dict)
            else right * factor
        )
        verdict = EXERCISES[key].judge(near)
        assert verdict.state is State.NOT_YET
        assert verdict.message == "Close. But this is a whole number: write every digit of it."


@diagnosing
def test_several_numbers_are_also_read_in_their_order(exercise: Exercise) -> None:
    if isinstance(exercise, Numbers):
        assert exercise.judge(tuple(exercise.answer().values())).state is State.RIGHT


@diagnosing
def test_each_known_mistake_gets_its_own_message(exercise: Any) -> None:
    for mistake in exercise.mistakes:
        verdict = exercise.judge(wrong_answer(exercise, mistake))
        assert verdict.state is State.NOT_YET
        assert verdict.message.endswith(mistake.message)


@diagnosing
def test_the_messages_of_an_exercise_differ(exercise: Any) -> None:
    messages = [mistake.message for mistake in exercise.mistakes]
    assert messages
    assert len(set(messages)) == len(messages)


@diagnosing
def test_mistakes_differ_from_each_other_by_more_than_rounding(exercise: Any) -> None:
    for one, other in combinations(exercise.mistakes, 2):
        assert not same(exercise, one.gives, other.gives), (one.message, other.message)


@diagnosing
def test_no_mistake_gives_the_right_answer(exercise: Any) -> None:
    for mistake in exercise.mistakes:
        assert not same(exercise, exercise.answer, mistake.gives), mistake.message


def same(exercise: Any, one: Callable[..., Any], other: Callable[..., Any]) -> bool:
    """Would a check take one for the other?"""
    if isinstance(exercise, OwnLayer | OwnLoop | OwnOperation):
        return exercise.same(exercise.outcome(one), exercise.outcome(other))
    if isinstance(exercise, OwnPass):
        return exercise.outcome(one) == exercise.outcome(other)
    if isinstance(exercise, Function):
        return all(one(*p) == pytest.approx(other(*p), rel=2e-3) for p in exercise.points())
    return bool(one() == pytest.approx(other(), rel=exercise.tolerance, abs=1e-9))


@diagnosing
def test_a_message_does_not_give_the_answer_away(exercise: Exercise) -> None:
    if isinstance(exercise, WRITTEN):
        return
    assert isinstance(exercise, Number | Numbers)
    right = right_answer(exercise)
    shown = {f"{n:.4g}" for n in (right.values() if isinstance(right, dict) else [right])}
    for mistake in exercise.mistakes:
        assert not shown & set(re.findall(r"\d+(?:\.\d+)?", mistake.message)) - {"0"}


@choosing
def test_each_letter_is_explained_and_one_is_right(exercise: Choice) -> None:
    verdicts = [exercise.judge(letter) for letter in exercise.letters]
    assert [v.state for v in verdicts].count(State.RIGHT) == 1
    assert len({v.message for v in verdicts}) == len(exercise.options) == 4
    assert all(v.message for v in verdicts)


@choosing
def test_the_question_is_printed_with_the_verdict(
    exercise: Choice, capsys: pytest.CaptureFixture[str]
) -> None:
    for answer in (None, "a", "nonsense"):
        lessons.check(exercise.key, answer)
        printed = " ".join(capsys.readouterr().out.split())
        for text in (exercise.prompt, *(option.text for option in exercise.options)):
            assert text in printed


@every
def test_three_hints_from_gentle_to_nearly_the_answer(exercise: Exercise) -> None:
    assert len(set(exercise.hints)) == 3
    assert all(hint.strip() for hint in exercise.hints)


def test_keys_are_unique_and_begin_with_their_lesson() -> None:
    assert len(EXERCISES) == sum(len(lesson.exercises) for lesson in LESSONS)
    for lesson in LESSONS:
        assert all(e.key.startswith(f"{lesson.number}.") for e in lesson.exercises)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("01.predict", 6.9093),
        ("01.fork", 2.5839),
        ("01.still", 0.4161),
        ("01.own", {"x1": 5.5949, "x2": 1.6487}),
        ("01.nudge", 0.025839),
        ("02.multiply", {"x": 100, "y": 0.01}),
        ("02.add", {"x": 0.6, "y": 0.6}),
        ("02.max", {"x": 0, "y": 0.7}),
        ("02.tie", {"x": 0.5, "y": 0.5}),
        ("02.sigmoid", 0.225),
        ("02.copy", 6),
        ("02.network", {"a": -0.0983, "b": 0.3932}),
        ("03.series", -2),
        ("03.fan", 35),
        ("03.paths", 3),
        ("03.overwrite", 18),
        ("03.visits", 15),
        ("05.ones", 0),
        ("06.count", 13),
        ("06.cost", {"z3": -0.6, "y": 0.6}),
        ("06.sigmoid", 0.2115),
        ("06.silent", 2),
        ("06.bias", 0.6),
        ("06.update", 0.56),
        ("06.stuck", 0.125),
        ("06.identity", {"sigmoid": -0.04436, "identity": -0.25}),
        ("08.too_far", 1 / 9),
        ("08.halves", 0.5),
        ("09.rescue", 4),
        ("10.linear", 2),
        ("10.time", 2.75),
        ("10.forget", 0.10737),
        ("10.shared", 36),
        ("10.closed", 3.235e-4),
        ("10.cell", {"operations": 5, "to_W_h": 1}),
    ],
)
def test_the_numbers_of_the_lessons(key: str, expected: Any) -> None:
    assert right_answer(EXERCISES[key]) == pytest.approx(expected, rel=1e-3)


def slope(f: Callable[[float], float], x: float, h: float = 1e-6) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


def test_the_gradients_agree_with_numeric_ones() -> None:
    x1, x2 = two_passes.X1, two_passes.X2
    assert two_passes.gradient_x1(x1, x2) == pytest.approx(
        slope(lambda x: two_passes.value(x, x2), x1)
    )
    x1, x2 = two_passes.OWN_X1, two_passes.OWN_X2
    assert two_passes.own_gradients(x1, x2) == pytest.approx(
        {
            "x1": slope(lambda x: two_passes.own_value(x, x2), x1),
            "x2": slope(lambda x: two_passes.own_value(x1, x), x2),
        }
    )
    a, b = small_network.A, small_network.B
    assert small_network.gradients(a, b) == pytest.approx(
        {
            "a": slope(lambda x: small_network.forward(x, b)["L"], a),
            "b": slope(lambda x: small_network.forward(a, x)["L"], b),
        }
    )
    assert chain_rule.series_gradient(2.0) == pytest.approx(slope(chain_rule.series, 2.0))
    assert sum(chain_rule.branches(2.0)) == pytest.approx(slope(chain_rule.fan, 2.0))
    a, b = backward_order.A, backward_order.B
    assert backward_order.e_gradient(a, b) == pytest.approx(
        slope(lambda x: backward_order.e_value(x, b), a)
    )
    assert chain_rule.f_backward(a, b) == pytest.approx(
        (
            slope(lambda x: chain_rule.f_value(x, b), a),
            slope(lambda x: chain_rule.f_value(a, x), b),
        )
    )
