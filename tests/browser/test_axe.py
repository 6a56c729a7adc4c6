"""Accessibility by axe-core: every kind of widget, pictures, checks and pages, light and dark."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import autograd_lite as ag

from .axe import serious
from .jupyter import Lab
from .test_scopes import NETWORK, python_network
from .worked import notebook, python_stepper

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Page

CELLS = {
    ".ag-stepper": ["ag.Stepper(y, step=7)", f"{NETWORK}\nag.Stepper(J, step=20)"],
    ".ag-bench": ["ag.GateBench()"],
    ".ag-training": ["loop = ag.TrainingLoop()\nloop.run(30)\nloop"],
    ".ag-flow": ["ag.GradientFlow()"],
}
CHECKS = """\
from autograd_lite import lessons
lessons.check("01.predict", None)
lessons.check("01.fork", 3.0)
lessons.check("01.fork", 2.5839)
lessons.check("01.quiz.1", "a")
lessons.hint("01.fork")
lessons.progress()"""
NARROW = {"viewport": {"width": 560, "height": 900}}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": NARROW,
    "narrow dark": {"color_scheme": "dark", **NARROW},
}
WIDE = "z = x1\nfor _ in range(12):\n    z = np.sin(z)\nag.draw(z)"
PROGRAM = "ag.draw_pass(ag.ComputationGraph(z).compile(), 'arrays')"
looks = pytest.mark.parametrize("look", LOOKS)
BAD = '<style>p { color: #ddd; background: #fff }</style><main><p>pale</p><img src="data:,"></main>'


def test_what_is_wrong_is_found(page: "Page") -> None:
    page.set_content(f"<html lang='en'><head><title>Bad</title></head><body>{BAD}</body></html>")
    found = "\n".join(serious(page))
    assert "color-contrast (serious)" in found
    assert "image-alt (critical)" in found
    assert "image-alt" not in "\n".join(serious(page, "p"))


@looks
def test_widgets_in_jupyterlab(
    lab: Lab, new_page: "Callable[..., Page]", expect: "Expect", look: str
) -> None:
    page = new_page(**LOOKS[look])
    name = f"axe_{look}.ipynb"
    cells = [cell for kind in CELLS.values() for cell in kind]
    lab.put(notebook(*cells), name)
    lab.open(page, name)
    lab.run_all(page)
    expect(page.locator(".ag-widget")).to_have_count(len(cells))
    for kind in CELLS:
        for fold in page.locator(f"{kind} summary").all():
            fold.click()
        assert serious(page, kind) == []


@looks
def test_what_cells_print_and_draw(lab: Lab, new_page: "Callable[..., Page]", look: str) -> None:
    page = new_page(**LOOKS[look])
    name = f"axe_outputs_{look}.ipynb"
    lab.put(notebook("ag.draw(y)", "ag.draw(y, step=7)", WIDE, PROGRAM, CHECKS), name)
    lab.open(page, name)
    lab.run_all(page)
    for fold in page.locator(".jp-OutputArea-output summary").all():
        fold.click()
    assert serious(page, ".jp-OutputArea-output") == []


@looks
@pytest.mark.parametrize("make", [python_stepper, python_network])
def test_a_page_as_a_whole(
    open_offline: "Callable[..., Page]", tmp_path: Path, look: str, make: Callable[[], ag.Stepper]
) -> None:
    page = open_offline(make().to_html(tmp_path / "page.html"), **LOOKS[look])
    page.locator("summary").click()
    told = set()
    for key in ("Home", "ArrowRight", "End"):
        page.locator(".ag-stepper").press(key)
        told.add(page.locator("svg.ag-svg").get_attribute("aria-label"))
        assert serious(page) == []
    assert len(told) == 3, "the drawing does not tell its step"


def test_what_does_not_fit_is_scrolled_by_key(
    open_offline: "Callable[..., Page]", expect: "Expect", tmp_path: Path
) -> None:
    small = {"width": 400, "height": 900}
    page = open_offline(python_stepper().to_html(tmp_path / "page.html"), viewport=small)
    picture = page.locator(".ag-picture")
    expect(picture).to_have_attribute("tabindex", "0")
    picture.evaluate("element => { element.scrollLeft = 0; }")
    picture.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.ag-picture').scrollLeft > 0")
    expect(page.locator(".ag-stepper")).to_have_attribute("data-step", "0")
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(picture).not_to_have_attribute("tabindex", "0")
