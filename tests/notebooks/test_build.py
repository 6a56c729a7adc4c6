"""Building notebooks: the same bytes every time, still pictures, clear failures."""

import base64
import json
import re
from pathlib import Path

import nbformat
import pytest

from .load import ROOT, build

NEEDED = "the stored pictures are drawn with pygraphviz"
LESSON = '''# Small lesson

A text with é and ∂.

```python
import os

class Live:
    """Like a widget: a view whose id changes from run to run, and a still picture."""

    def __repr__(self):
        return "step 1"

    def _repr_mimebundle_(self, include=None, exclude=None):
        view = {"model_id": os.urandom(8).hex(), "version_major": 2, "version_minor": 0}
        return {
            "application/vnd.jupyter.widget-view+json": view,
            "text/html": "<img alt='a still picture'>",
            "text/plain": repr(self),
        }

Live()
```

Some text between the cells.

```python
for name in ["AUTOGRAD_LITE_PROGRESS", "SMALL_LESSON"]:
    print(os.environ.get(name), flush=True)
```
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of notebooks with one source."""
    folder = tmp_path / "notebooks"
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "01_small.md").write_text(LESSON, encoding="utf-8")
    return folder


@pytest.fixture
def stored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The notebook of the one source, built by an author who keeps progress."""
    monkeypatch.setenv("AUTOGRAD_LITE_PROGRESS", str(folder / "progress.json"))
    assert build.main([], folder) == 0
    return folder / "01_small.ipynb"


def test_two_builds_are_equal_and_hold_only_what_stays(stored: Path) -> None:
    first = stored.read_bytes()
    assert build.main(["01"], stored.parent) == 0
    assert stored.read_bytes() == first
    assert first.endswith(b"}\n")
    assert not first.endswith(b"\n\n")
    assert "é and ∂" in first.decode("utf-8")
    assert b"\r" not in first

    notebook = nbformat.read(stored, as_version=4)
    _, live, _, prints = notebook.cells
    assert [cell.id for cell in notebook.cells] == ["01-001", "01-002", "01-003", "01-004"]
    assert [live.execution_count, prints.execution_count] == [1, 2]
    assert live.outputs[0].data == {
        "text/html": "<img alt='a still picture'>",
        "text/plain": "step 1",
    }
    assert [output.text for output in prints.outputs] == ["off\nNone\n"]
    assert all(cell.metadata == {} for cell in notebook.cells)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec == build.KERNELSPEC
    assert "version" not in notebook.metadata.language_info


def test_kernel_is_this_interpreter(
    stored: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec = tmp_path / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text('{"argv": ["no-such-python"], "display_name": "x", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert build.main(["--check"], stored.parent) == 0


def test_failing_cell_stops_with_lesson_cell_and_message(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = folder / "sources" / "01_small.md"
    source.write_text("# Small\n\n```python\n1 / 0\n```\n", encoding="utf-8")
    assert build.main([], folder) == 1
    complaint = capsys.readouterr().err
    assert "01_small.md, cell 01-002: ZeroDivisionError: division by zero" in complaint
    assert not (folder / "01_small.ipynb").exists()


def test_endless_cell_stops(folder: Path) -> None:
    source = folder / "sources" / "01_small.md"
    source.write_text("```python\nwhile True: pass\n```\n", encoding="utf-8")
    with pytest.raises(build.BuildError, match=r"cell 01-001: took longer than 1 second"):
        build.build(source, seconds=1)


def test_check_names_the_first_cell_that_differs(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = nbformat.read(stored, as_version=4)
    notebook.cells[1].outputs[0].data["text/plain"] = "step 2"
    notebook.cells[3].outputs[0].text = "Something else"
    stored.write_text(build.to_text(notebook), encoding="utf-8")
    assert build.main(["--check"], stored.parent) == 1
    complaint = capsys.readouterr().err
    assert "01_small.ipynb: first difference in cell 01-002" in complaint
    assert re.search(r'^- +"step 2"\n\+ +"step 1"$', complaint, re.MULTILINE), complaint
    assert "Something else" not in complaint


def test_check_sees_a_difference_outside_the_cells(stored: Path) -> None:
    built = stored.read_text(encoding="utf-8")
    assert "metadata" in build.difference("x", built.replace("ipython3", "python"), built)
    assert "not a notebook" in build.difference("x", "<<<<<<< merge", built)


def test_difference_opens_pictures() -> None:
    def picture(number: str) -> str:
        svg = f"<svg><text>{number}</text></svg>"
        uri = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
        return json.dumps({"cells": [{"id": "01-001", "html": f"<img src='{uri}'>"}]})

    complaint = build.difference("x", picture("1.5"), picture("2.5"))
    assert "-<text>1.5</text>" in complaint
    assert "+<text>2.5</text>" in complaint


def test_source_and_notebook_come_in_pairs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "02_alone.ipynb").write_text("{}")
    assert build.main(["--check"], folder) == 1
    complaint = capsys.readouterr().err
    assert "01_small.md: has no notebook" in complaint
    assert "02_alone.ipynb: has no source" in complaint


def test_unknown_lesson_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["77"], folder) == 1
    assert "no source begins with '77'" in capsys.readouterr().err


def test_stored_notebooks_are_what_their_sources_build(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("pygraphviz", reason=NEEDED, exc_type=ImportError)
    result = build.main(["--check"], ROOT / "notebooks")
    assert result == 0, capsys.readouterr().err
