"""A quiz in a graded notebook: one cell answers, a later one asserts, as nbgrader and otter do."""

from pathlib import Path
from typing import Any

import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

QUESTION = """\
import numpy as np
import autograd_lite as ag
x1, x2 = ag.Tensor(2.0, name="x1"), ag.Tensor(3.0, name="x2")
quiz = ag.Quiz(x1 * x2 + np.sin(x1), ask=["x1", "x2"])
quiz"""
RIGHT = "quiz.answers = {'x1': 2.5839, 'x2': 2}"
WRONG = "quiz.answers = {'x1': 3, 'x2': 2}"
SHOWN = f"quiz.show('x1')\n{RIGHT}"

# What otter keeps in a notebook's metadata: doctests, run after the learner's cells.
OTTER = {
    "OK_FORMAT": True,
    "tests": {
        "q1": {
            "name": "q1",
            "points": 2,
            "suites": [
                {
                    "cases": [
                        {"code": ">>> quiz.done\nTrue", "hidden": False, "locked": False},
                        {
                            "code": ">>> quiz.right['gradient of x1']\nTrue",
                            "hidden": True,
                            "locked": False,
                        },
                    ],
                    "scored": True,
                    "setup": "",
                    "teardown": "",
                    "type": "doctest",
                }
            ],
        }
    },
}


def nbgrader(name: str, grade: bool, solution: bool, points: int = 0) -> dict[str, Any]:
    """The metadata that nbgrader gives a cell of its assignments."""
    cell = {
        "grade": grade, "grade_id": name, "locked": not solution, "schema_version": 3,
        "solution": solution, "task": False,
    }  # fmt: skip
    return {"nbgrader": {**cell, "points": points} if grade else cell}


def assignment(answer: str) -> NotebookNode:
    cells = [
        new_code_cell(QUESTION, id="question", metadata=nbgrader("question", False, False)),
        new_code_cell(answer, id="answer", metadata=nbgrader("answer", False, True)),
        new_code_cell(
            "assert quiz.done, quiz.said",
            id="grade",
            metadata=nbgrader("grade", True, False, points=2),
        ),
        new_code_cell("print(quiz.score, 'of', len(quiz.answers))", id="score"),
    ]
    return new_notebook(cells=cells, metadata={"otter": OTTER})


def run(notebook: NotebookNode, tmp_path: Path) -> NotebookNode:
    resources = {"metadata": {"path": str(tmp_path)}}
    return NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources=resources
    ).execute()


def test_right_answers_pass_the_grading_cell_and_the_quiz_is_stored_without_them(
    tmp_path: Path,
) -> None:
    question, _, grade, score = run(assignment(RIGHT), tmp_path).cells
    assert grade.metadata["nbgrader"]["grade"]
    assert grade.outputs == []
    assert score.outputs[0]["text"] == "2 of 2\n"
    still = question.outputs[0]["data"]
    assert "Asked: gradient of x1, gradient of x2." in still["text/html"]
    assert "2.5839" not in str(still)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (WRONG, "3 is what the last arrow brings"),
        (SHOWN, "does not count"),
        ("...", "0 of 2 right"),
    ],
)
def test_other_answers_fail_it_and_the_reason_is_the_mistake(
    answer: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(CellExecutionError) as caught:
        run(assignment(answer), tmp_path)
    assert caught.value.ename == "AssertionError"
    assert reason in str(caught.value)


@pytest.mark.parametrize(("answer", "points"), [(RIGHT, 2), (WRONG, 0)])
def test_the_cases_of_otter_are_doctests_of_the_quiz(
    answer: str, points: int, tmp_path: Path
) -> None:
    notebook = assignment(answer)
    del notebook.cells[2]
    notebook.cells.append(new_code_cell(f"otter = {OTTER!r}\n{GRADE}", id="otter"))
    graded = run(notebook, tmp_path).cells[-1]
    assert graded.outputs[-1]["text"] == f"q1 {points}\n"


# What otter's grader does with a test of type doctest: every case passes, or no point is given.
GRADE = """\
import doctest
for name, test in otter["tests"].items():
    failed = 0
    for suite in test["suites"]:
        for case in suite["cases"]:
            example = doctest.DocTestParser().get_doctest(case["code"], globals(), name, None, 0)
            runner = doctest.DocTestRunner(verbose=False)
            failed += runner.run(example, out=lambda text: None, clear_globs=False).failed
    print(name, 0 if failed else test["points"])"""
