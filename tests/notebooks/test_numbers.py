"""Every number in a lesson's prose was computed: by a cell, in a picture, or by an answer."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograd_lite.lessons.catalogue import LESSONS
from autograd_lite.lessons.four_ways import MISPRINT
from autograd_lite.lessons.numeric import Number, Numbers

from .guards import code_cells, texts
from .load import NOTEBOOKS

DECIMAL = re.compile(r"\d+\.\d+")
LARGE = re.compile(r"\d{1,3}(?:,\d{3})+")
MISPRINTS = {f"{MISPRINT:,.0f}"}  # shown to be found
# A whole number of two digits or more that stands by itself: not v10, 1e-15, 0.25 or 2,097,151.
WHOLE = re.compile(r"(?<![\w.,])\d{2,}(?!\w|[.,]\d)")
# Code, links, the minutes, the rows of the index.
NO_NUMBERS = re.compile(
    r"```.*?```|\]\([^)]*\)|\*\*\d+ minutes|^\| \[\d\d [^\n]*", re.DOTALL | re.MULTILINE
)
LESSON = re.compile(r"0\d|1[0-2]")
# Chosen, not found: the longest sitting, a factor in a thought, the batch that the benchmarks
# measure, a width to try. The others are powers and products, written out beside them.
GIVEN = {"00": {45}, "02": {1000}, "04": {64}, "08": {12**2}, "09": {2**10, 32}, "12": {10 * 2 * 3}}
FIGURE = re.compile(r"\.\./(figures/[\w-]+\.svg)")
SHOWN = [NOTEBOOKS / f"{path.stem}.ipynb" for path in (NOTEBOOKS / "sources").glob("*.md")]


def prose(notebook: NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def answers(number: str) -> Iterator[str]:
    """The right answers of a lesson, and its hints, which hold the numbers that are given."""
    for lesson in LESSONS:
        for exercise in lesson.exercises if lesson.number == number else ():
            yield from exercise.hints
            if isinstance(exercise, Number | Numbers):
                yield from numbers(exercise.answer())


def mistakes(number: str) -> Iterator[str]:
    """The wrong answers that a lesson may speak of."""
    for lesson in LESSONS:
        for exercise in lesson.exercises if lesson.number == number else ():
            if isinstance(exercise, Number | Numbers):
                for mistake in exercise.mistakes:
                    yield from numbers(mistake.gives())


def numbers(value: float | dict[str, float]) -> Iterator[str]:
    for one in value.values() if isinstance(value, dict) else [value]:
        yield f"{one:.4f} {one:.4g} {one:g}"


def visible(text: str) -> str:
    """What a reader sees of it: of a picture the words, and no coordinates."""
    return re.sub(r"<[^>]*>", " ", text) if "</" in text else text


def shown(notebook: NotebookNode) -> list[str]:
    """What the cells say, in their code and in their outputs, and the figures."""
    ids = {cell.id for cell in code_cells(notebook)}
    found = [visible(text) for cell, text in texts(notebook) if cell in ids]
    return [*found, *map(visible, figures(notebook))]


def figures(notebook: NotebookNode) -> list[str]:
    names = FIGURE.findall(prose(notebook))
    return [(NOTEBOOKS.parent / name).read_text(encoding="utf-8") for name in names]


def computed(notebook: NotebookNode, number: str) -> set[str]:
    return set(DECIMAL.findall(" ".join([*shown(notebook), *answers(number)])))


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_decimals_in_the_prose_are_computed(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    known = {float(text) for text in computed(notebook, path.stem[:2])}
    unknown = [text for text in DECIMAL.findall(prose(notebook)) if float(text) not in known]
    assert not unknown


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_large_numbers_in_the_prose_are_computed(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    known = {large for text in shown(notebook) for large in LARGE.findall(text)}
    assert set(LARGE.findall(prose(notebook))) - known <= MISPRINTS


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_whole_numbers_in_the_prose_are_computed(path: Path) -> None:
    notebook, number = nbformat.read(path, as_version=4), path.stem[:2]
    found = [*shown(notebook), *answers(number), *mistakes(number)]
    known = set(re.findall(r"\d+", " ".join(found))) | set(map(str, GIVEN.get(number, ())))
    known |= {large.replace(",", "") for text in found for large in LARGE.findall(text)}
    written = WHOLE.findall(NO_NUMBERS.sub("", prose(notebook)))
    assert not [text for text in written if text not in known and not LESSON.fullmatch(text)]
