"""The notes for teachers are held to the lessons: sections, minutes, mistakes and answers."""

import json
import math
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import nn
from autograd_lite.lessons import catalogue
from autograd_lite.lessons.catalogue import EXERCISES, LESSONS, Lesson
from autograd_lite.lessons.choice import Choice
from autograd_lite.lessons.exercise import Exercise, State
from autograd_lite.lessons.found import Found
from autograd_lite.lessons.numeric import Number, Numbers
from autograd_lite.lessons.ordering import Ordering
from autograd_lite.lessons.tiles import Tiles

from .load import NOTEBOOKS, ROOT

TEACHING = NOTEBOOKS / "teaching"
PLAN = re.compile(r"^\| (\d+) \| (.+?) \| .+? \|$", re.MULTILINE)
WRONG = re.compile(r"^- `(\d\d\.[\w.]+)`(?: \*\*(.+?)\*\*)?\.", re.MULTILINE)
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.number)

built: dict[str, Any] = runpy.run_path(str(TEACHING / "build.py"), run_name="teaching")


def note(lesson: Lesson) -> str:
    (path,) = TEACHING.glob(f"{lesson.number}_*.md")
    return path.read_text(encoding="utf-8")


def source(lesson: Lesson) -> str:
    return built["source_of"](lesson)


def minutes(lesson: Lesson) -> int:
    found = re.search(r"\*\*(\d+) minutes\.\*\*", source(lesson))
    assert found, "the lesson does not say how many minutes it takes"
    return int(found[1])


def test_what_is_generated_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    changed = built["main"](check=True)
    assert changed == 0, capsys.readouterr().out + "Run: python notebooks/teaching/build.py"


@each_lesson
def test_the_plan_has_every_section_and_the_minutes_of_the_lesson(lesson: Lesson) -> None:
    rows = PLAN.findall(built["section"](note(lesson), "Time"))
    planned = [title for _, cell in rows for title in cell.split("<br>")]
    assert planned == re.findall(r"^## (.+)$", source(lesson), re.MULTILINE)
    assert sum(int(number) for number, _ in rows) == minutes(lesson)


@each_lesson
def test_lesson_00_gives_the_same_minutes(lesson: Lesson) -> None:
    table = built["section"](source(LESSONS[0]), "The lessons")
    row = re.search(rf"\]\({lesson.number}_.*?\| (\d+) \|$", table, re.MULTILINE)
    assert lesson.number == "00" or (row and int(row[1]) == minutes(lesson))


@each_lesson
def test_every_wrong_prediction_is_a_mistake_that_its_check_knows(lesson: Lesson) -> None:
    text = built["section"](note(lesson), "Wrong predictions to expect")
    found = WRONG.findall(text)
    assert len(found) == len(re.findall("^- ", text, re.MULTILINE)), "a line is not read"
    assert len(found) >= (5 if lesson.number > "00" else 1)
    for key, wrong in found:
        exercise = EXERCISES[key]
        assert exercise in lesson.exercises
        assert (wrong in known(exercise)) == isinstance(exercise, Choice | Number | Numbers), (
            key, wrong, known(exercise),
        )  # fmt: skip


def known(exercise: Exercise) -> list[str]:
    """What a wrong answer may look like: a letter, or the numbers of a mistake."""
    if isinstance(exercise, Choice):
        return [letter for letter in exercise.letters if letter != exercise.right]
    if isinstance(exercise, Number | Numbers):
        return [built["written"](mistake.gives()) for mistake in exercise.mistakes]
    return []


@each_lesson
def test_every_exercise_is_answered(lesson: Lesson) -> None:
    answers = built["section"](note(lesson), "Answers")
    headings = re.findall(r"^### (.+)$", answers, re.MULTILINE)
    for exercise in lesson.exercises:
        assert f"`{exercise.key}`" in headings
    for item in re.findall(r"^\*\*(\d+)\. ", built["section"](source(lesson), "Exercises"), re.M):
        checked = re.search(
            rf'^\*\*{item}\. (?:(?!^\*\*\d)[\s\S])*?lessons\.check\("([^"]+)"',
            built["section"](source(lesson), "Exercises"),
            re.M,
        )
        assert checked or any(h.startswith(f"Exercise {item}. ") for h in headings), item


SOLVED = [
    pytest.param(lesson, exercise, id=exercise.key)
    for lesson in LESSONS
    for exercise in lesson.exercises
    if not isinstance(exercise, Choice | Number | Numbers)
]


@pytest.mark.parametrize(("lesson", "exercise"), SOLVED)
def test_each_written_solution_is_right(lesson: Lesson, exercise: Exercise) -> None:
    solution = built["solution"](source(lesson), exercise.key)
    if isinstance(exercise, Found):  # found in the cells above the check, and tried there
        return
    if isinstance(exercise, Ordering | Tiles):
        for answer in re.findall(r"`(\[.*?\])`", solution):
            assert exercise.judge(json.loads(answer)).state is State.RIGHT
        return
    stub = next(c for c in BLOCK.findall(source(lesson)) if f'check("{exercise.key}"' in c)
    stub, call = re.split(r"\n*lessons\.check\(", stub)
    code = "\n".join(BLOCK.findall(solution))
    if not code:  # the solution is one line of the stub
        code = stub.replace("return None", re.findall("`(return .+?)`", solution)[0])
    names: dict[str, Any] = {"np": np, "ag": ag, "nn": nn, "math": math}
    exec(compile(stub, exercise.key, "exec"), names)
    exec(compile(code, exercise.key, "exec"), names)
    verdict = exercise.judge(names[re.findall(r"\w+", call)[-1]])
    assert verdict.state is State.RIGHT, verdict.message


def test_a_number_is_written_as_it_is_read() -> None:
    assert built["written"](-2.0) == "−2"
    assert built["written"](0.026) == "0.026"
    assert built["written"]({"x": 1e-7, "y": 15052800.0}) == "x 1.0000e−07, y 15,052,800"


def test_a_note_keeps_what_is_written_by_hand_and_loses_what_was_generated() -> None:
    lesson = catalogue.LESSONS[0]
    text = f"# By hand\n\n{built['BEGIN']}\n\nold\n"
    fresh = built["note"](text, lesson)
    assert fresh.startswith("# By hand\n\n")
    assert "old" not in fresh
    assert built["note"](fresh, lesson) == fresh


def test_a_lesson_without_a_note_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert built["main"](check=True, folder=tmp_path) == 1
    assert "has no 00_name.md for the lesson 'Start here': write one" in capsys.readouterr().err


def test_a_check_without_a_folded_solution_is_named() -> None:
    with pytest.raises(ValueError, match=r"02\.rule: no solution is folded"):
        built["solution"]('lessons.check("02.rule", f)', "02.rule")


ENTRY = re.compile(r"^\| \*\*(.+?)\*\*(.*?) \| (.+?) \| \[(\d\d)\]\(\.\./(\S+)\.ipynb\) \|$", re.M)
GLOSSARY = (TEACHING / "glossary.md").read_text(encoding="utf-8")


def test_the_glossary_is_in_order_and_each_word_is_in_its_lesson() -> None:
    entries = ENTRY.findall(GLOSSARY)
    assert len(entries) == GLOSSARY.count("| **") > 60
    whole = [(word + more).casefold() for word, more, *_ in entries]
    assert whole == sorted(set(whole))
    for word, _, meaning, number, name in entries:
        lesson = next(lesson for lesson in LESSONS if lesson.number == number)
        assert name.startswith(number)
        assert not meaning.endswith("."), word
        assert len(re.findall(r"\. [A-Z]", meaning)) == 0, f"{word}: one sentence each"
        stem = re.sub(r"(ing|ise|e|y)$", "", word.casefold())
        assert stem in re.sub(r"[*`]", "", source(lesson)).casefold(), (word, number)


def test_the_words_of_lesson_00_are_those_of_the_glossary() -> None:
    words = built["words"](source(LESSONS[0]))
    assert len(words) >= 10
    rows = dict(built["ROW"].findall(GLOSSARY))
    assert words == {word: rows[word] for word in words}
    with pytest.raises(ValueError, match="has no row for"):
        built["glossary"]("| **fork** | x |", words)


def test_the_way_to_grade_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = "from autograd_lite import lessons\nlessons.check('00.ready', 4)"
    cells = [nbformat.v4.new_code_cell(text) for text in ("1 / 0", answer)]
    notebook = tmp_path / "my_lessons" / "notebooks" / "01_two_passes.ipynb"
    notebook.parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)
    code = BLOCK.findall((TEACHING / "README.md").read_text(encoding="utf-8"))[0]
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run.stdout == "{'00.ready': 'right'}\n"


@pytest.mark.parametrize(
    ("x1", "x2", "fails"), [(2.5839, 2, ""), (None, None, "0 of 2"), (3, 2, "Add them all")]
)
def test_a_quiz_grades_as_it_is_written(x1: Any, x2: Any, fails: str) -> None:
    _, ask, answer, grade = BLOCK.findall((TEACHING / "README.md").read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    exec(ask, names)
    exec(answer, names)  # as the learner finds it
    assert not names["quiz"].done
    names["quiz"].answers = {"x1": x1, "x2": x2}
    if not fails:
        exec(grade, names)
        return
    with pytest.raises(AssertionError, match=fails):
        exec(grade, names)
