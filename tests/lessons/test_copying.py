"""The learner's folder: new lessons come, the learner's files stay."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograd_lite.lessons import __main__ as command
from autograd_lite.lessons import copying
from autograd_lite.lessons.copying import copy_course, course_folder

Captured = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[2]
START = "notebooks/00_start_here.ipynb"
TWO = "notebooks/01_two_passes.ipynb"
FIGURE = "figures/01/fork.svg"


def write(root: Path, **files: str) -> None:
    for name, content in files.items():
        path = root / {"start": START, "two": TWO, "figure": FIGURE}.get(name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small course in the place where an installed package has it."""
    package = tmp_path / "package"
    source = package / "_course"
    write(source, start="start", two="two", figure="<svg/>")
    write(source / "notebooks", **{"build.py": "", "README.md": ""})
    write(source / "notebooks" / ".ipynb_checkpoints", **{"old.ipynb": ""})
    monkeypatch.setattr(copying, "PACKAGE", package)
    return source


def content(root: Path) -> dict[str, str]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {p.relative_to(root).as_posix(): p.read_text(encoding="utf-8") for p in files}


def test_notebooks_and_figures_are_copied_and_nothing_else(course: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    copied = copy_course(course, mine)
    assert content(mine) == {START: "start", TWO: "two", FIGURE: "<svg/>"}
    assert copied.added == [FIGURE, START, TWO]
    assert copied.kept == copied.same == []


def test_a_file_that_is_there_is_never_overwritten(course: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    write(mine, start="my answers", figure="<svg/>")
    copied = copy_course(course, mine)
    assert content(mine) == {START: "my answers", TWO: "two", FIGURE: "<svg/>"}
    assert (copied.added, copied.same, copied.kept) == ([TWO], [FIGURE], [START])


def test_an_update_of_the_course_adds_and_does_not_touch(course: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    copy_course(course, mine)
    write(mine, two="my answers")
    write(course, start="newer", two="newer", **{"notebooks/02_gate_rules.ipynb": "three"})
    copied = copy_course(course, mine)
    assert copied.added == ["notebooks/02_gate_rules.ipynb"]
    assert content(mine)[TWO] == "my answers"
    assert content(mine)[START] == "start"


def test_a_copy_that_fails_leaves_no_half_file(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "half.ipynb"
    with pytest.raises(TypeError):
        copying._create(target, "text where bytes are due")  # type: ignore[arg-type]
    assert not target.exists()


def test_the_checkout_is_the_course_when_nothing_is_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, start="start")
    monkeypatch.setattr(copying, "PACKAGE", tmp_path / "autograd_lite" / "lessons")
    assert course_folder() == tmp_path


def test_a_missing_course_is_said_clearly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(copying, "PACKAGE", tmp_path / "autograd_lite" / "lessons")
    assert command.main([str(tmp_path / "mine"), "--copy-only"]) == 1
    assert "The lesson notebooks are not there. Looked in" in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


def test_a_folder_that_cannot_be_made_is_said_clearly(
    course: Path, tmp_path: Path, capsys: Captured
) -> None:
    write(tmp_path, mine="a file")
    assert command.main([str(tmp_path / "mine"), "--copy-only"]) == 1
    assert "The lessons could not be copied" in capsys.readouterr().err
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "a file"


@pytest.mark.parametrize("order", [("mine", "--copy-only"), ("--copy-only", "mine")])
def test_copy_only_copies_and_says_what_was_kept(
    order: tuple[str, str],
    course: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "_run", lambda *args: pytest.fail("JupyterLab was started"))
    write(tmp_path / "mine", start="my answers")
    assert command.main(list(order)) == 0
    out = capsys.readouterr().out
    assert "2 files added." in out
    assert f"Kept yours: {START}" in out


def started(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> list[str]:
    commands: list[list[str]] = []

    def run(line: list[str], environment: dict[str, str]) -> int:
        commands.append(line)
        return 0

    monkeypatch.setattr(command, "_run", run)
    assert command.main(arguments) == 0
    return commands[0]


def test_jupyterlab_opens_the_first_lesson_of_the_folder(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    line = started(monkeypatch, ["mine", "--no-browser", "--port", "8901"])
    mine = tmp_path / "mine"
    assert line[:3] == [sys.executable, "-m", "jupyterlab"]
    assert line[3:] == [
        f"--notebook-dir={mine}",
        f"--LabApp.default_url=/lab/tree/{START}",
        "--no-browser",
        "--port",
        "8901",
    ]


def test_without_a_folder_the_lessons_go_to_my_lessons(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    line = started(monkeypatch, ["--no-browser"])
    assert line[3:] == [
        f"--notebook-dir={tmp_path / 'my_lessons'}",
        f"--LabApp.default_url=/lab/tree/{START}",
        "--no-browser",
    ]
    assert content(tmp_path / "my_lessons")[TWO] == "two"


def test_copy_only_refuses_options_that_nobody_would_read(course: Path, capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        command.main(["--copy-only", "--no-browser"])
    assert "--no-browser has no meaning" in capsys.readouterr().err


def test_a_missing_jupyterlab_is_said_with_the_mend(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert command.main([str(tmp_path / "mine")]) == 1
    assert "python -m pip install jupyterlab" in capsys.readouterr().err


def test_kernels_of_a_checkout_find_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "before")
    checkout = copying.PACKAGE.parents[1]
    found = command._environment(checkout)["PYTHONPATH"].split(os.pathsep)
    assert found == [str(checkout), "before"]
    assert command._environment(tmp_path)["PYTHONPATH"] == "before"


def test_the_exit_code_of_jupyterlab_is_handed_on() -> None:
    line = [sys.executable, "-c", "raise SystemExit(3)"]
    assert command._run(line, dict(os.environ)) == 3


def test_the_command_runs() -> None:
    line = [sys.executable, "-m", "autograd_lite.lessons", "--help"]
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "[FOLDER] [--copy-only]" in done.stdout
