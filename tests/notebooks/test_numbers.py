"""Every decimal in a lesson's prose was computed: by a cell, in a picture, or by an answer."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograd_lite.lessons.catalogue import LESSONS
from autograd_lite.lessons.four_ways import MISPRINT

from .guards import code_cells, texts
from .load import NOTEBOOKS

DECIMAL = re.compile(r"\d+\.\d+")
LARGE = re.compile(r"\d{1,3}(?:,\d{3})+")
MISPRINTS = {f"{MISPRINT:,.0f}"}  # shown to be found
FIGURE = re.compile(r"\.\./(figures/[\w-]+\.svg)")
SHOWN = [NOTEBOOKS / f"{path.stem}.ipynb" for path in (NOTEBOOKS / "sources").glob("*.md")]


def prose(notebook: NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def answers(number: str) -> Iterator[str]:
    """The right answers of a lesson, and its hints, which hold the numbers that are given."""
    for lesson in LESSONS:
        for exercise in lesson.exercises if lesson.number == number else ():
            yield from exercise.hints
            right = getattr(exercise, "answer", None)
            if right is None or exercise.key.endswith("rule"):
                continue
            values = right()
            for value in values.values() if isinstance(values, dict) else [values]:
                yield f"{value:.4f} {value:g}"


def computed(notebook: NotebookNode, number: str) -> set[str]:
    ids = {cell.id for cell in code_cells(notebook)}
    found = [text for cell, text in texts(notebook) if cell in ids]
    for name in FIGURE.findall(prose(notebook)):
        found.append((NOTEBOOKS.parent / name).read_text(encoding="utf-8"))
    return set(DECIMAL.findall(" ".join([*found, *answers(number)])))


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_decimals_in_the_prose_are_computed(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    known = {float(text) for text in computed(notebook, path.stem[:2])}
    unknown = [text for text in DECIMAL.findall(prose(notebook)) if float(text) not in known]
    assert not unknown


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_large_numbers_in_the_prose_are_computed(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    ids = {cell.id for cell in code_cells(notebook)}
    known = {n for cell, text in texts(notebook) if cell in ids for n in LARGE.findall(text)}
    assert set(LARGE.findall(prose(notebook))) - known <= MISPRINTS
