"""What check, hint and progress print."""

import io
import sys

import pytest

from autograd_lite import lessons
from autograd_lite.lessons.catalogue import LESSONS

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize("call", [lessons.check, lessons.hint])
def test_an_unknown_key_names_near_ones(call: object) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=r"no exercise '01\.forks'\. Did you mean '01\.fork'"):
        call("01.forks")


@pytest.mark.parametrize("key", ["zzz", 3, None, ["01.fork"]])
def test_a_key_like_no_other_lists_the_known_ones(key: object) -> None:
    with pytest.raises(ValueError, match=r"Known are 00\.ready, 01\.predict, .*02\.quiz\.3"):
        lessons.check(key)  # type: ignore[arg-type]


def test_hints_come_one_by_one_and_end_at_the_solution(capsys: Captured) -> None:
    starts = []
    for _ in range(5):
        lessons.hint("01.fork")
        starts.append(
            [line[:10] for line in capsys.readouterr().out.splitlines() if line[0] != " "]
        )
    hints = ["Hint 1 of ", "Hint 2 of ", "Hint 3 of "]
    assert starts[:3] == [hints[:1], hints[:2], hints]
    assert starts[3] == starts[4] == [*hints, "There are "]


def test_after_the_last_hint_the_learner_knows_where_to_look(capsys: Captured) -> None:
    for key in ["01.fork"] * 4 + ["01.quiz.1"] * 4:
        lessons.hint(key)
    out = capsys.readouterr().out
    assert 'no more hints. Open the folded "Solution" below the exercise.' in out
    assert "no more hints. Try a letter: each answer is explained." in out


def test_hints_of_one_exercise_do_not_use_up_those_of_another(capsys: Captured) -> None:
    lessons.hint("01.fork")
    lessons.hint("02.max")
    assert capsys.readouterr().out.count("Hint 1 of 3") == 2


def test_progress_counts_tried_and_right(capsys: Captured) -> None:
    lessons.check("00.ready", 4)
    lessons.check("01.predict", 6.9093)
    lessons.check("01.fork", 3)
    lessons.check("01.own", None)
    capsys.readouterr()
    lessons.progress()
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == "lesson                  tried     right"
    assert lines[:3] == [
        "00 Start here           1 of 1    1 of 1    done",
        "01 Two passes           2 of 8    1 of 8    under way",
        "02 Gate rules           0 of 12   0 of 12   not started",
    ]
    assert [line[:2] for line in lines] == [lesson.number for lesson in LESSONS]


def test_progress_that_is_off_looks_the_same_always(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRAD_LITE_PROGRESS", "off")
    lessons.progress()
    before = capsys.readouterr().out
    lessons.check("00.ready", 4)
    capsys.readouterr()
    lessons.progress()
    assert capsys.readouterr().out == before
    assert "AUTOGRAD_LITE_PROGRESS=off" in before


def test_a_terminal_without_the_symbols_gets_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    lessons.check("00.ready", 4)
    terminal.seek(0)
    assert terminal.read().startswith("? 00.ready: right.")
