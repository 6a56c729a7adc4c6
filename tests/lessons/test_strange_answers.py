"""Whatever is handed in, a check prints a sentence and raises nothing."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograd_lite import lessons
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import Exercise, State


class RaisesOnFloat:
    def __float__(self) -> float:
        raise RuntimeError("no")


class RaisesOnEverything:
    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError("no")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        raise RuntimeError("no")


class RaisesOnItems(dict[str, float]):
    def values(self) -> Any:
        raise RuntimeError("no")


def raises(*args: float) -> float:
    raise ZeroDivisionError("division by zero\nin two lines")


def sometimes_nothing(x: float, y: float = 0, dz: float = 0) -> tuple[float, float] | None:
    return (y * dz, x * dz) if x > 0 else None


inside_itself: list[Any] = []
inside_itself.append(inside_itself)

STRANGE = {
    "nan": float("nan"),
    "infinity": -np.inf,
    "text": "2.5839",
    "markup": "<img src=x onerror=alert(1)>",
    "bytes": b"3",
    "true": True,
    "numpy true": np.True_,
    "complex": 2 + 3j,
    "huge": 10**400,
    "too long": [1.0] * 7,
    "too short": (1.0,),
    "empty dict": {},
    "wrong names": {"p": 1.0, "q": 2.0},
    "text inside": {"x": "1", "y": "2", "x1": "1", "x2": "2", "a": "1", "b": "2"},
    "nan inside": [float("nan"), 1.0],
    "list inside": [[1.0, 2.0], [3.0, 4.0]],
    "inside itself": inside_itself,
    "set": {1.0, 2.0},
    "matrix": np.zeros((2, 2)),
    "objects": np.array([None, "x"], dtype=object),
    "nothing": np.zeros(0),
    "object": object(),
    "type": int,
    "generator": (n for n in (1.0, 2.0)),
    "raises on float": RaisesOnFloat(),
    "raises on everything": RaisesOnEverything(),
    "raises on items": RaisesOnItems(x=1.0),
    "function that raises": raises,
    "function of nothing": lambda: 1.0,
    "function that returns text": lambda *args: "dx, dy",
    "function that returns one number": lambda *args: 1.0,
    "function that returns nan": lambda *args: (float("nan"), 1.0),
    "function that returns sometimes": sometimes_nothing,
    "function that returns a monster": lambda *args: RaisesOnEverything(),
}


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_answer_gets_a_sentence(
    exercise: Exercise, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lessons.check(exercise.key, STRANGE[name])
    printed = capsys.readouterr()
    assert printed.out.startswith(f"✗ {exercise.key}: not yet. ")
    assert "Traceback" not in printed.out
    assert printed.err == ""


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.sampled_from(["x", "y", "x1", "x2", "a", "b", "c"]), inner)
    ),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(answer=anything, exercise=st.sampled_from(list(EXERCISES.values())))
def test_no_answer_raises(answer: Any, exercise: Exercise) -> None:
    assert exercise.judge(answer).state in State
    assert exercise.judge(lambda *args: answer).state in State


@pytest.mark.parametrize(
    ("key", "answer", "message"),
    [
        ("01.fork", "2.58", "The answer is the text '2.58'. Write a number, no quotes."),
        ("01.fork", float("nan"), "The answer is nan. Write a finite number; check what"),
        ("01.fork", True, "The answer is True. Write a number, for example 2.5."),
        ("01.fork", [3, 4], "The answer is of type list, not one number. Write a number,"),
        ("01.own", {"x1": 1}, 'x2 is missing. Write {"x1": …, "x2": …}.'),
        ("01.own", {"x1": 1, "x2": 2, "x3": 3}, "'x3' is not asked for. Write"),
        ("01.own", [1, 2, 3], "2 numbers are expected, not 3. Write"),
        ("01.own", 3.0, "2 numbers are expected, not a float. Write"),
        ("01.own", {"x1": "one", "x2": 2}, "x1 is the text 'one'. Write a number"),
        ("01.quiz.1", "e", "'e' is none of the letters a, b, c, d."),
        ("02.rule", (1, 2), 'without calling it: lessons.check("02.rule", multiply_backward).'),
        ("02.rule", raises, "stopped with ZeroDivisionError: division by zero"),
        ("02.rule", lambda x, y, dz: y * dz, "End with `return dx, dy`."),
        ("02.rule", sometimes_nothing, "gave None. End with `return dx, dy`."),
    ],
)
def test_the_sentence_says_what_to_write(key: str, answer: Any, message: str) -> None:
    verdict = EXERCISES[key].judge(answer)
    assert verdict.state is State.NOT_YET
    assert message in verdict.message


def test_function_that_prints_instead_of_returning_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lessons.check("02.rule", lambda x, y, dz: print(y * dz, x * dz))
    assert "prints, and returns nothing. End with `return dx," in capsys.readouterr().out
