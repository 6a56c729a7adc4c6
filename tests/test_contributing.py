"""CONTRIBUTING.md is true: its operation and its lesson are tried, what it names is there."""

import re
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.kinds import Elementwise
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State
from autograd_lite.ops import TABLE
from autograd_lite.ops.table import Entry
from tests.notebooks import guards
from tests.notebooks.load import build

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
OPERATION, LESSON = TEXT.split("\n## A new lesson\n")
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`((?:autograd_lite|tests|notebooks|figures)/[\w/]+\.\w+)`")


@pytest.fixture
def names() -> dict[str, Any]:
    """What its operation leaves behind, in a namespace like that of the file it belongs in."""
    names: dict[str, Any] = {"Elementwise": Elementwise, "np": np, "Any": Any, "Entry": Entry}
    for code in PYTHON.findall(OPERATION):
        exec(compile(code, "CONTRIBUTING.md", "exec"), names)
    return names


def test_the_example_is_not_in_the_package_yet() -> None:
    assert "arctan" not in {entry.name for entry in TABLE}
    with pytest.raises(TypeError) as error:
        np.arctan(ag.Tensor(1.0))
    assert re.findall(r"```text\n(.*?)\n```", OPERATION)[0] in str(error.value)


def test_the_operation_is_right_in_both_orders_and_describes_itself(names: dict[str, Any]) -> None:
    arctan = names["Arctan"]
    for x in (-3.0, 0.0, 0.7, np.linspace(-2, 2, 6).reshape(2, 3)):
        assert ag.gradcheck(arctan(), x, order=2)
    assert arctan.__doc__.startswith("z")
    assert arctan.formula.format(x="x") == "arctan(x)"
    assert arctan()(ag.Tensor(1.0)).item() == pytest.approx(np.pi / 4)


def test_the_message_of_a_wrong_rule_is_that_of_the_check(names: dict[str, Any]) -> None:
    class Wrong(names["Arctan"]):  # type: ignore[misc]
        def local_gradients(self, x: Any) -> Any:
            return (1.0 / (1.0 + x),)

    with pytest.raises(AssertionError) as error:
        ag.gradcheck(Wrong(), ag.Tensor(0.7, name="x"))
    assert re.findall(r"```text\n(.*?)\n```", OPERATION)[1] == str(error.value)


def test_the_places_of_the_lines_are_there() -> None:
    rows = re.findall(r"^\| `([A-Z]+)` in `([^`]+)`[^|]*\| `([^`]+)` \|$", OPERATION, re.MULTILINE)
    assert len(rows) == 4
    for place, path, line in rows:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^{place}\b.* = {{$", text, re.MULTILINE), (place, path)
        # The line is written as the one of tan is.
        kin = line.replace("arctan", "tan").replace("atan", "tan").partition("(")[0]
        assert kin in text, line


def test_the_tests_that_are_promised_to_fail_exist() -> None:
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    promised = re.findall(r"^\| [^|]+ \| `(test_\w+)", OPERATION, re.MULTILINE)
    assert len(promised) == 5
    for name in promised:
        assert f"def {name}(" in tests


def test_the_checks_of_the_lesson_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    code = PYTHON.findall(LESSON)[0].replace("from .", "from autograd_lite.lessons.")
    names: dict[str, Any] = {}
    exec(compile(code, "CONTRIBUTING.md", "exec"), names)
    slope, flat = names["ARCTAN"]
    assert slope.judge(slope.answer()).state is State.RIGHT
    assert [slope.judge(m.gives()).message for m in slope.mistakes] == [
        m.message for m in slope.mistakes
    ]
    assert flat.judge(flat.right).state is State.RIGHT
    assert not {slope.key, flat.key} & EXERCISES.keys()
    (title,) = re.findall(r'`Lesson\("13", "(.+?)", ARCTAN\)`', LESSON)
    assert len(title) <= 20


def test_the_text_of_the_lesson_passes_the_guards_that_need_no_output(tmp_path: Path) -> None:
    (text,) = re.findall(r"^````markdown\n(.*?)^````", LESSON, re.MULTILINE | re.DOTALL)
    source = tmp_path / "13_arctan.md"
    source.write_text(text, encoding="utf-8")
    notebook: nbformat.NotebookNode = build.read(source)
    for guard in (guards.headings, guards.template, guards.pictures, guards.code, guards.paths):
        assert guard(notebook) == []
    asked = re.findall(r'lessons\.check\("([^"]+)"', text)
    assert asked == re.findall(r'key="([^"]+)"', PYTHON.findall(LESSON)[0])
    # What is said to be said names the right cells.
    assert 'check("13.slope"' in notebook.cells[3].source
    assert notebook.cells[3].id == "13-004"
    assert "arctan.svg" in notebook.cells[6].source


def test_files_and_commands_that_are_named_exist() -> None:
    new = {"autograd_lite/lessons/arctan.py", "notebooks/sources/13_arctan.md",
           "notebooks/teaching/13_arctan.md", "notebooks/13_arctan.ipynb"}  # fmt: skip
    named = set(NAMED.findall(TEXT))
    for command in re.findall(r"pytest ([^`\n]+)", TEXT):
        named |= {word for word in command.split() if word.startswith(("tests", "notebooks"))}
    assert len(named) > 20
    assert {name for name in named if not (ROOT / name).exists()} <= new
    for script in re.findall(r"python ([\w/]+\.py)", TEXT):
        assert (ROOT / script).exists()


def test_the_commands_before_a_commit_are_those_of_the_hooks() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    block = TEXT.partition("## Before you commit")[2].partition("```\n")[2].partition("\n```")[0]
    assert [" ".join(line.split()[:2]).removesuffix(" .") for line in block.splitlines()] == [
        entry.removesuffix(" --fix") for entry in re.findall(r"entry: (.+)", hooks)
    ]
