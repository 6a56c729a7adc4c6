"""Slides: what stands on them, what does not, and that nothing must be fetched."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import autograd_lite as ag
from autograd_lite.lessons.catalogue import find
from autograd_lite.lessons.choice import Choice

from .load import NOTEBOOKS

LESSONS = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebooks_slides", NOTEBOOKS / "slides.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses ask for it
    spec.loader.exec_module(module)
    return module


made = load()


def deck(path: Path) -> list:
    return made.slides(nbformat.read(path, as_version=4), NOTEBOOKS)


@each_lesson
def test_a_lesson_begins_with_its_question_and_ends_with_where_next(path: Path) -> None:
    found = deck(path)
    assert [slide.kind for slide in found[:2]] == ["title", "text"]
    assert "minutes" in "".join(found[0].body)
    assert found[1].title == "You will be able to"
    assert found[-1].title == "Where next"
    assert path.stem[:2] == "00" or "Key points" in [slide.title for slide in found]


@each_lesson
def test_every_section_every_figure_and_every_prediction_has_a_slide(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = deck(path)
    titles = [slide.title for slide in found]
    assert set(re.findall(r"^## (.+)$", prose, re.MULTILINE)) <= set(titles)
    shown = "".join("".join(slide.body) for slide in found)
    for alt in re.findall(r"!\[([^]]+)\]\(\.\./figures", prose):
        assert made.escape(alt, quote=True) in shown
    for cell in notebook.cells:
        asked = made.CHECK.search(cell.source) if cell.cell_type == "code" else None
        if asked and isinstance(find(asked[1]), Choice):
            assert made.plain(find(asked[1]).options[3].text) in shown


@each_lesson
def test_no_answer_is_shown(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    page = made.to_page(deck(path))
    for cell in notebook.cells:
        for folded in made_hidden(cell):
            first = next(line for line in folded.splitlines() if len(line) > 30)
            assert made.plain(first) not in page


def made_hidden(cell: NotebookNode) -> list[str]:
    found = re.findall(r"<details>.*?</summary>(.*?)</details>", cell.source, re.DOTALL)
    return [text for text in found if any(len(line) > 30 for line in text.splitlines())]


@each_lesson
def test_a_page_needs_nothing_else(path: Path) -> None:
    page = made.to_page(deck(path))
    outside = [link for link in re.findall(r'(?:src|href)="([^"]*)"', page) if link[:5] != "data:"]
    assert all(link.startswith("https://") for link in outside)
    assert not re.search(r'src="http|@import|url\(', page)
    assert "%" + "SLIDES%" not in page


def notebook(*cells: NotebookNode) -> NotebookNode:
    start = "# A lesson\n\n**Question.** Why?\n\nYou will be able to\n\n- see it\n\n## First"
    return new_notebook(cells=[new_markdown_cell(start), *cells])


def of(*cells: NotebookNode) -> list:
    """The slides behind the first two."""
    return made.slides(notebook(*cells), NOTEBOOKS)[2:]


def code(source: str, said: str = "") -> NotebookNode:
    outputs = [new_output("stream", text=said)] if said else []
    return new_code_cell(source, outputs=outputs)


def test_short_code_stands_below_the_line_that_leads_to_it_and_the_rest_is_notes() -> None:
    (slide,) = of(
        new_markdown_cell("Much to say.\n\nLook here:"),
        code("x = 1", "one\n"),
        new_markdown_cell("So it is."),
    )
    assert slide.title == "First"
    assert "Look here" in slide.body[0]
    assert 'class="code"' in slide.body[1]
    assert "one" in slide.body[2]
    assert slide.notes == ["Much to say.", "Look here:", "So it is."]


def test_what_is_long_is_divided() -> None:
    found = of(code("\n".join(["x = 1"] * 30), "line\n" * 30))
    assert [slide.body[-1].count("line") for slide in found] == [15, 15]
    rows = "\n".join(["| a |", "|---|", *["| b |"] * 12])
    first, second = of(new_markdown_cell(rows))
    assert first.body[0].count("<td>") + second.body[0].count("<td>") == 12
    assert second.body[0].count("<th>") == 1


def test_a_question_takes_the_table_before_it_with_it() -> None:
    (slide,) = of(
        new_markdown_cell("Here is a table:\n\n| a |\n|---|\n| b |\n\nWhat is b?"),
        code('mine = None\nlessons.check("01.predict", mine)', "· 01.predict: not tried yet\n"),
    )
    assert slide.kind == "ask"
    said = "".join(slide.body)
    assert said.index("Here is") < said.index("<td>") < said.index("What is b?")
    assert "01.predict" in said
    assert "not tried yet" not in said


def test_an_exercise_stands_with_its_stub_or_its_letters_and_without_its_verdict() -> None:
    exercises = new_markdown_cell("## Exercises\n\n**1. Write it.** Please.")
    stub = code('def f(x):\n    return None\n\n\nlessons.check("02.rule", f)', "· not tried\n")
    second = new_markdown_cell("**2. Choose.** Which?")
    choice = code('mine = None\nlessons.check("05.keep", mine)', "· not tried\n")
    one, two = of(exercises, stub, second, choice)
    assert "Write it" in one.body[0]
    assert "lessons" not in one.body[1]
    assert two.body[1].count("<li>") == 4
    assert "not tried" not in "".join(one.body + two.body)


def test_a_still_picture_gives_way_to_the_figure_that_follows() -> None:
    html = '<img alt="still" style="x" src="data:image/svg+xml;base64,AA==">'
    cell = new_code_cell("w", outputs=[new_output("display_data", {"text/html": html})])
    assert 'alt="still"' in of(cell)[0].body[0]
    figure = new_markdown_cell("![The figure](../figures/node.svg)")
    (slide,) = of(cell, figure)
    assert 'alt="The figure"' in slide.body[0]


def test_the_command_writes_what_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made.main(["01", "notation"], out=tmp_path) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"01_two_passes.html", "notation.html"}
    assert made.main(["77"], out=tmp_path) == 1
    assert "no lesson begins with '77'" in capsys.readouterr().err


def test_the_gates_of_the_sheet_are_those_of_the_operations() -> None:
    text = (NOTEBOOKS / "teaching" / "notation.md").read_text(encoding="utf-8")
    x, y = ag.Tensor(2.0), ag.Tensor(3.0)
    for z in (x + y, x * y, 5 * x, ag.maximum(x, y), ag.sigmoid(x), ag.tanh(x), ag.relu(x)):
        gate = z.operation
        assert f"| {gate.symbol} | {gate.nickname} | {gate.rule} |" in text
