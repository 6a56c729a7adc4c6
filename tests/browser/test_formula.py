"""Formulas and functions of one's own in a real JupyterLab: typed, refused, mended, dragged."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nbformat.v4 import new_code_cell, new_notebook

import autograd_lite as ag

from .jupyter import Lab
from .worked import MARK, MARKED, assert_same_picture

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Locator, Page

BEGIN = "import numpy as np\nimport autograd_lite as ag\n"
DRAG = """(slider, values) => { for (const value of [values].flat()) {
    slider.value = value; slider.dispatchEvent(new Event('input', {bubbles: true})); } }"""
CARET = "field => [field.selectionStart, field.selectionEnd]"
FOCUSED = "field => field === document.activeElement"
BENDS = """def f(x1, x2):
    if x1 < -2:
        raise ValueError("too small for f")
    if x1 > 0:
        return np.sin(x1) + x1 * x2
    return x2 * x2
ag.explore(f, x1=(-3, 2, 3), x2=(-3, 1, 3))"""


@pytest.fixture
def show(lab: Lab, page: "Page") -> Callable[..., "Locator"]:
    """Run a notebook whose cells are these; the widget that it shows."""

    def run(name: str, *cells: str) -> "Locator":
        sources = [BEGIN + cells[0], *cells[1:]]
        cells_made = [new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
        lab.put(new_notebook(cells=cells_made), name)
        lab.open(page, name)
        lab.run_all(page)
        return page.locator(".ag-own")

    return run


def test_a_typed_formula_becomes_a_graph_and_the_field_keeps_the_focus(
    page: "Page", show: Callable[..., "Locator"], expect: "Expect"
) -> None:
    own = show("formula.ipynb", "ag.FormulaStepper()")
    field = own.get_by_label("y =")
    expect(field).to_have_value("sin(x1) + x1*x2")
    expect(own.locator(".ag-counter")).to_have_text("step 1 of 9")
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("exp(-a**2)*x1")
    page.keyboard.press("Enter")
    expect(own.locator("[data-input]")).to_have_count(2)
    expect(own.locator("[data-input=a]")).to_have_value("1")
    expect(own.locator("[data-input=x1]")).to_have_value("2")
    expect(field).to_have_attribute("aria-invalid", "false")
    assert field.evaluate(FOCUSED)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(1)
    twin = ag.FormulaStepper("exp(-a**2)*x1")
    assert_same_picture(page, own, twin.render_svg())

    own.locator("[data-input=a]").evaluate(DRAG, [0.5, 0.0])
    expect(own.locator("[data-node=a] .ag-value")).to_have_text("▸ 0.0000")
    own.locator(".ag-stepper").focus()
    page.keyboard.press("End")
    twin.inputs, twin.step = {"a": 0.0}, len(twin._trace["steps"]) - 1
    assert_same_picture(page, own, twin.render_svg())


def test_what_cannot_be_read_is_shown_beside_the_caret_and_the_graph_stays(
    page: "Page", show: Callable[..., "Locator"], expect: "Expect"
) -> None:
    own = show("refused.ipynb", "ag.FormulaStepper()")
    field, words = own.get_by_label("y ="), own.locator(".ag-refused")
    own.evaluate(MARK)
    field.fill("1 + 2x1")
    own.get_by_role("button", name="Build").click()
    expect(words).to_contain_text("Character 6: received x1 right after 2")
    expect(words).to_contain_text("write 2*x1")
    expect(own.locator(".ag-caret")).to_have_text("1 + 2x1\n     ^^")
    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.get_attribute("aria-describedby")
    assert described == words.get_attribute("id")
    assert field.evaluate(FOCUSED)
    assert field.evaluate(CARET) == [5, 5]
    assert own.evaluate(MARKED), "the last good graph was replaced"

    page.keyboard.type("*")
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(own.locator(".ag-caret")).to_be_hidden()
    expect(own.locator("[data-input]")).to_have_count(1)
    expect(words).to_contain_text("y as a function of x1")


HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "__import__('os')",
    "(" * 10_000,
    "-" * 299 + "x",
    "🙂x",
)


def test_hostile_text_is_text(
    page: "Page", show: Callable[..., "Locator"], expect: "Expect"
) -> None:
    own = show("hostile.ipynb", "ag.FormulaStepper()")
    field = own.get_by_label("y =")
    for typed in HOSTILE:
        field.fill("x1")
        page.keyboard.press("Enter")
        expect(field).to_have_attribute("aria-invalid", "false")
        field.fill(typed)
        page.keyboard.press("Enter")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(own.locator("[data-node]")).to_have_count(1)
        expect(own.locator("img")).to_have_count(0)
    field.fill("9**9**9*x1")
    page.keyboard.press("Enter")
    expect(own.locator(".ag-remark")).to_contain_text("is infinite")


def test_a_function_is_called_anew_where_its_branches_lie(
    page: "Page", show: Callable[..., "Locator"], expect: "Expect"
) -> None:
    own = show("bends.ipynb", BENDS)
    slider, counter = own.locator("[data-input=x1]"), own.locator(".ag-counter")
    said = own.locator(".ag-remark")
    expect(counter).to_have_text("step 1 of 9")
    slider.focus()
    slider.evaluate(DRAG, [1.0, -1.0])
    expect(counter).to_have_text("step 1 of 4")
    assert slider.evaluate(FOCUSED)
    own.evaluate(MARK)
    slider.evaluate(DRAG, -1.5)
    expect(own.locator("output").first).to_have_text("−1.50")
    slider.evaluate(DRAG, -2.5)
    expect(said).to_contain_text("f(x1 = −2.5000, x2 = 1.0000) raised ValueError: too small for f")
    expect(slider).to_have_value("-1.5")
    assert own.evaluate(MARKED), "the picture was replaced"
    slider.evaluate(DRAG, 1.0)
    expect(counter).to_have_text("step 1 of 9")
    expect(said).to_have_text("")
    expect(own.locator("[data-node=x1] .ag-value")).to_have_text("▸ 1.0000")
    expect(own.locator(".ag-silence").first).to_have_text("")


def test_letters_and_keys_of_the_field_stay_in_it(
    page: "Page", show: Callable[..., "Locator"], expect: "Expect"
) -> None:
    own = show("letters.ipynb", "ag.FormulaStepper('x1')")
    field = own.get_by_label("y =")
    field.focus()
    page.keyboard.press("End")
    page.keyboard.type(" + b*a - d*d ")
    for key in ("ArrowLeft", "Home", "PageDown", "End", "Delete", "ArrowRight"):
        page.keyboard.press(key)
    expect(field).to_have_value("x1 + b*a - d*d ")
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(1)
    expect(own.locator(".ag-counter")).to_have_text("step 1 of 2")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(own.locator("[data-input]")).to_have_count(4)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(own.locator(".ag-counter")).to_have_text("step 2 of 13")
    page.keyboard.press("Escape")
    assert own.evaluate("own => !own.contains(document.activeElement)")


def test_what_python_sets_is_in_the_field_and_two_views_agree(
    page: "Page", show: Callable[..., "Locator"], expect: "Expect"
) -> None:
    own = show("views_own.ipynb", "w = ag.FormulaStepper()\nw", "w", "w.formula = 'a*x1'")
    one, other = own.nth(0), own.nth(1)
    expect(one.get_by_label("y =")).to_have_value("a*x1")
    other.get_by_label("y =").fill("b + a")
    page.keyboard.press("Enter")
    expect(one.get_by_label("y =")).to_have_value("b + a")
    expect(one.locator("[data-input=b]")).to_have_count(1)
    one.locator("[data-input=b]").evaluate(DRAG, 2.0)
    expect(other.locator("[data-node=b] .ag-value")).to_have_text("▸ 2.0000")


def test_without_a_kernel_the_field_says_so(
    lab: Lab, new_page: "Callable[..., Page]", expect: "Expect"
) -> None:
    page = new_page(allowed="Could not send")  # said by ipywidgets itself
    lab.put(
        new_notebook(cells=[new_code_cell(f"{BEGIN}ag.FormulaStepper()", id="c0")]), "gone.ipynb"
    )
    lab.open(page, "gone.ipynb")
    lab.run_all(page)
    own = page.locator(".ag-own")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    own.get_by_label("y =").fill("x1")
    page.keyboard.press("Enter")
    expect(own.locator(".ag-silence").first).to_contain_text("Python")


def test_a_page_steps_and_has_no_field(
    open_offline: "Callable[..., Page]", expect: "Expect", tmp_path: Path
) -> None:
    page = open_offline(ag.FormulaStepper("x1**2").to_html(tmp_path / "y.html"))
    own = page.locator(".ag-own")
    expect(own.get_by_text("y = x1**2", exact=True)).to_be_visible()
    expect(own.locator("input[type=text], .ag-formula")).to_have_count(0)
    own.locator(".ag-stepper").focus()
    page.keyboard.press("ArrowRight")
    expect(own.locator(".ag-counter")).to_have_text("step 2 of 4")
