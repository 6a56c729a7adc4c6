"""Lessons without a mouse: every cell, every control of every widget; in one, an exercise too."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from autograd_lite.lessons.catalogue import EXERCISES

from .answers import check_call, filled, right
from .cells import Cells
from .jupyter import Lab
from .test_course import NOTEBOOKS, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Locator, Page

LESSON = "02"
KEY = "02.add"
MANY = 150  # presses, after which a key is taken to lead nowhere
ACTIVE = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
CELL_OF = "element => Number(element.closest('.jp-Cell').dataset.windowedListIndex)"
OUTER = ".ag-widget:not(.ag-widget .ag-widget)"
# What Tab stops at: of a group of radio buttons only the chosen one.
KINDS = "button, input, select, summary, [tabindex]"
STOPS = f"""widget => [widget, ...widget.querySelectorAll("{KINDS}")].filter((one) => {{
  const passed = one.type === "radio" && !one.checked
    && widget.querySelector(`input[name="${{one.name}}"]:checked`);
  return one.tabIndex >= 0 && !one.disabled && one.checkVisibility() && !passed;
}})"""
LEFT = """stops => stops.filter((one) => !window.visited.has(one))
  .map((one) => one.outerHTML.slice(0, 120))"""
FOCUSED = "element => element === document.activeElement"


@pytest.fixture
def open_lesson(lab: Lab, page: "Page") -> Callable[[str, str], "Page"]:
    """Opens a lesson that is not run; the mouse is not there."""

    def opened(number: str, folder: str) -> "Page":
        path = f"{folder}/notebooks/{NOTEBOOKS[number].name}"
        lab.put(ROOT / "figures", f"{folder}/figures")
        lab.put(NOTEBOOKS[number], path)
        lab.open(page, path)
        lab.wait_for_kernel(page)
        return page

    return opened


def run_all(page: "Page", expect: "Expect", cells: Cells) -> None:
    """Shift+Enter from the first cell to the last but one, and until the last has run."""
    count = len(cells.sources())
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(count)
    for index in range(count - 1):
        assert page.evaluate(ACTIVE) == index
        page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-InputPrompt", has_text="*")).to_have_count(0, timeout=60_000)


def go_to(page: "Page", index: int) -> None:
    """From cell to cell by arrow keys."""
    for _ in range(MANY):
        now = page.evaluate(ACTIVE)
        if now == index:
            return
        page.keyboard.press("ArrowDown" if now < index else "ArrowUp")
    raise AssertionError(f"arrow keys do not lead to cell {index}")


def tab_to(page: "Page", element: "Locator") -> None:
    """Tab until the element has the focus."""
    for _ in range(MANY):
        if element.evaluate(FOCUSED):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {element}")


@pytest.mark.parametrize("number", NOTEBOOKS)
def test_tab_leads_through_every_widget_of_a_lesson(
    open_lesson: Callable[[str, str], "Page"], expect: "Expect", number: str
) -> None:
    page = open_lesson(number, f"tabs_{number}")
    run_all(page, expect, Cells(page))
    for widget in page.locator(OUTER).all():
        go_to(page, widget.evaluate(CELL_OF))
        page.evaluate("() => { window.visited = new Set(); }")
        stops = widget.evaluate_handle(STOPS)
        for _ in range(MANY):
            if not stops.evaluate(LEFT):
                break
            page.keyboard.press("Tab")
            page.evaluate("() => window.visited.add(document.activeElement)")
        assert stops.evaluate(LEFT) == []
        page.keyboard.press("Escape")
        assert page.evaluate("() => !document.activeElement.closest('.ag-widget')")


def test_a_lesson_without_a_mouse(
    open_lesson: Callable[[str, str], "Page"], expect: "Expect"
) -> None:
    page = open_lesson(LESSON, "keyboard")
    cells = Cells(page)
    run_all(page, expect, cells)
    stepper, bench = page.locator(".ag-stepper").last, page.locator(".ag-bench").first
    expect(stepper).to_be_attached()

    go_to(page, stepper.evaluate(CELL_OF))
    steps_by_keys(page, expect, stepper)
    go_to(page, bench.evaluate(CELL_OF))
    predicts_by_keys(page, expect, bench)

    sources = cells.sources()
    exercise = next(place for place, text in enumerate(sources) if check_call(text, KEY))
    go_to(page, exercise)
    stub = str(sources[exercise])
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(filled(stub, KEY, right(EXERCISES[KEY], stub, "")))
    page.keyboard.press("Control+Enter")
    expect(cells.at(exercise)).to_contain_text(f"✓ {KEY}: right.")
    go_to(page, exercise + 1)


def steps_by_keys(page: "Page", expect: "Expect", stepper: "Locator") -> None:
    """From the cell into the stepper, through its controls, and back to the cells."""
    tab_to(page, stepper)
    for key, step in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
        page.keyboard.press(key)
        expect(stepper).to_have_attribute("data-step", str(step))
    tab_to(page, stepper.locator(".ag-granularity"))
    page.keyboard.press("ArrowDown")
    expect(stepper.locator(".ag-granularity")).not_to_have_value("node")
    tab_to(page, stepper.locator(".ag-last"))
    page.keyboard.press("Enter")
    last = str(stepper.locator(".ag-scrub").get_attribute("max"))
    expect(stepper).to_have_attribute("data-step", last)
    tab_to(page, stepper.locator(".ag-scrub"))
    page.keyboard.press("Home")
    expect(stepper).to_have_attribute("data-step", "0")
    slider = stepper.locator(".ag-slider input").first
    tab_to(page, slider)
    before = stepper.locator("svg.ag-svg").text_content()
    page.keyboard.press("End")
    expect(stepper.locator("svg.ag-svg")).not_to_have_text(str(before))
    tab_to(page, stepper.locator("summary"))
    page.keyboard.press("Enter")
    expect(stepper.locator("details")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    assert page.evaluate("() => !document.activeElement.closest('.ag-widget')")


def predicts_by_keys(page: "Page", expect: "Expect", bench: "Locator") -> None:
    """Another gate, a prediction for each input, and what is said of it."""
    gates = bench.locator("select")
    tab_to(page, gates)
    gate = gates.input_value()
    page.keyboard.press("ArrowDown")
    expect(gates).not_to_have_value(gate)
    page.keyboard.press("ArrowUp")
    expect(gates).to_have_value(gate)
    for field in bench.locator("[data-predict]").all():
        tab_to(page, field)
        page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(bench.locator(".ag-feedback")).to_contain_text("x: ")
    page.keyboard.press("Escape")
