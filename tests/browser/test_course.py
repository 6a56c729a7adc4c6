"""The whole course as a learner meets it: each lesson opened, run, moved, and answered."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from autograd_lite.lessons.catalogue import LESSONS, Lesson
from autograd_lite.lessons.exercise import Exercise

from .answers import BEFORE, check_call, filled, right, wrong
from .cells import Cells
from .jupyter import Lab
from .moving import listen, move_everything

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Page

ROOT = Path(__file__).parents[2]
NOTEBOOKS = {path.name[:2]: path for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))}
every = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.number)

DRAWN = """() => [...document.querySelectorAll('.jp-Notebook img')].every(
    one => one.complete && one.naturalWidth > 20)"""
STDERR = "[data-mime-type='application/vnd.jupyter.stderr']"
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 560, "height": 900}},
}


def put(lab: Lab, name: str, lesson: Lesson) -> str:
    """A fresh copy of a lesson, with its figures, in a folder of its own; the path to open."""
    lab.put(ROOT / "figures", f"{name}/figures")
    path = f"{name}/notebooks/{NOTEBOOKS[lesson.number].name}"
    lab.put(NOTEBOOKS[lesson.number], path)
    return path


@every
def test_opened_run_moved_and_answered(
    lab: Lab, page: "Page", expect: "Expect", lesson: Lesson
) -> None:
    stored = nbformat.read(NOTEBOOKS[lesson.number], as_version=4)
    lab.open(page, put(lab, f"run_{lesson.number}", lesson))
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(stored.cells))
    shows_its_pictures(page, expect, stored)

    lab.run_all(page)
    expect(page.locator("text=model not found")).to_have_count(0)
    expect(page.locator(STDERR)).to_have_count(0)

    listen(page)
    for widget in page.locator(".ag-widget").all():
        assert move_everything(page, widget) > 0

    prose = [cell.source for cell in stored.cells]
    for number, exercise in enumerate(lesson.exercises):
        answering = Answering(Cells(page), exercise, prose)
        answering.wrong()
        answering.right(expect, by_keys=number == 0)


def shows_its_pictures(page: "Page", expect: "Expect", stored: nbformat.NotebookNode) -> None:
    """Not run, and not trusted, a clone shows each picture, and no remains of a widget."""
    outputs = [out for cell in stored.cells for out in cell.get("outputs", []) if "data" in out]
    pictures = sum(out.data.get("text/html", "").count("<img") for out in outputs)
    pictures += sum("image/png" in out.data for out in outputs)
    expect(page.locator(".jp-OutputArea-output img")).to_have_count(pictures)
    page.wait_for_function(DRAWN)
    expect(page.locator("text=model not found")).to_have_count(0)
    expect(page.locator(".ag-widget")).to_have_count(0)


class Answering:
    """One exercise, answered in its own cell."""

    def __init__(self, cells: Cells, exercise: Exercise, prose: list[str]) -> None:
        self.cells = cells
        self.key = exercise.key
        self.exercise = exercise
        sources = cells.sources()
        found = [place for place, text in enumerate(sources) if check_call(text, self.key)]
        assert len(found) == 1, f"{self.key} is checked in {len(found)} cells"
        self.place = found[0]
        self.stub = str(sources[self.place])
        self.folded = prose[self.place + 1] if self.place + 1 < len(prose) else ""

    def wrong(self) -> None:
        """Untouched it was not tried yet; every known mistake gets its own words."""
        assert self.cells.printed(self.place).startswith(f"· {self.key}: not tried yet")
        self.cells.run(self.place, BEFORE)
        for answer in wrong(self.exercise, self.stub, self.folded):
            printed = self.run(answer.python)
            assert printed.startswith(f"✗ {self.key}: not yet. "), (answer, printed)
            assert flat(answer.said) in printed, (answer, printed)

    def right(self, expect: "Expect", by_keys: bool) -> None:
        """The right answer is right, and the page says so."""
        python = right(self.exercise, self.stub, self.folded)
        if by_keys:
            self.cells.type(self.place, filled(self.stub, self.key, python))
        else:
            self.run(python)
        expect(self.cells.at(self.place)).to_contain_text(f"✓ {self.key}: right. ")

    def run(self, python: str) -> str:
        return self.cells.run(self.place, filled(self.stub, self.key, python))


def flat(text: str) -> str:
    return " ".join(text.split())


if "AUTOGRAD_LITE_SCREENSHOTS" in os.environ:

    @every
    @pytest.mark.parametrize("look", LOOKS)
    def test_looks(
        lab: Lab, new_page: Callable[..., "Page"], screenshot: Callable[..., Path],
        lesson: Lesson, look: str,
    ) -> None:  # fmt: skip
        options: dict[str, Any] = LOOKS[look]
        page = new_page(**options)
        lab.open(page, put(lab, f"{look}_{lesson.number}", lesson))
        lab.run_all(page)
        for number, widget in enumerate(page.locator(".ag-widget").all()):
            widget.scroll_into_view_if_needed()
            screenshot(widget, f"course_{lesson.number}_{number}_{look}")
