"""The strict comparison looks inside: one number changed in a stored output is caught."""

import base64
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from .load import NOTEBOOKS, ROOT, build

OPTIONS = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=60", "--color=no"]
NEEDED = "the stored pictures are drawn with pygraphviz"
LESSON = NOTEBOOKS / "01_two_passes.ipynb"
pytestmark = pytest.mark.skipif(not LESSON.exists(), reason=f"{LESSON.name} is not built yet")


def nbval(notebook: Path) -> subprocess.CompletedProcess[str]:
    """Run the strict comparison of one notebook, away from the settings of this project."""
    pytest.importorskip("pygraphviz", reason=NEEDED, exc_type=ImportError)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")},
        "PYTHONPATH": str(ROOT),
        "AUTOGRAD_LITE_PROGRESS": "off",
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, notebook.name],
        cwd=notebook.parent, env=environment, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip


def another_digit(match: re.Match[str]) -> str:
    return f"{match[1]}{(int(match[2]) + 1) % 10}{match[3]}"


def changed_picture(html: str) -> str:
    """The HTML with one number changed in the text of the picture inside it."""

    def change(uri: re.Match[str]) -> str:
        svg = base64.b64decode(uri[1]).decode("utf-8")
        svg = re.sub(r"(<text[^>]*>[^<]*?)(\d)([^<]*<)", another_digit, svg, count=1)
        return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")

    return build.DATA_URI.sub(change, html, count=1)


def changed_table(text: str) -> str:
    """The text with its last digit changed."""
    return re.sub(r"(?s)(.*)(\d)(.*)", another_digit, text, count=1)


def with_picture(notebook: NotebookNode) -> NotebookNode:
    """The data of the first output that holds a picture and a table."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if build.DATA_URI.search(data.get("text/html", "")) and "\n" in data["text/plain"]:
                return data
    raise AssertionError(f"{LESSON.name} stores no picture with its table")


def test_stored_lesson_is_equal_when_run_again(tmp_path: Path) -> None:
    copy = tmp_path / LESSON.name
    copy.write_bytes(LESSON.read_bytes())
    result = nbval(copy)
    assert result.returncode == 0, result.stdout[-3000:]


@pytest.mark.parametrize(
    ("mime", "change"), [("text/html", changed_picture), ("text/plain", changed_table)]
)
def test_one_changed_number_is_caught(
    tmp_path: Path, mime: str, change: Callable[[str], str]
) -> None:
    notebook = nbformat.read(LESSON, as_version=4)
    data = with_picture(notebook)
    before = data[mime]
    data[mime] = change(before)
    assert data[mime] != before
    copy = tmp_path / LESSON.name
    copy.write_text(build.to_text(notebook), encoding="utf-8")
    result = nbval(copy)
    assert result.returncode == 1, result.stdout[-3000:]
    assert "= 1 failed" in result.stdout, result.stdout[-3000:]
