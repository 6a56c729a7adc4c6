"""Input sliders in a real JupyterLab: what is dragged is computed, and nothing else moves."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from .jupyter import Lab
from .worked import MARK, MARKED, STEPS, assert_same_picture, notebook, python_stepper

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Locator, Page

DRAG = """(slider, values) => { for (const value of [values].flat()) {
    slider.value = value; slider.dispatchEvent(new Event('input', {bubbles: true})); } }"""


@pytest.fixture
def expect_value(expect: "Expect") -> "Callable[[Locator, str, str], None]":
    def check(stepper: "Locator", name: str, text: str) -> None:
        expect(stepper.locator(f"[data-node={name}] .ag-value")).to_have_text(f"▸ {text}")

    return check


def test_input_slider_recomputes_and_keeps_step_and_elements(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("sliders.ipynb", "ag.Stepper(y, step=8)")
    twin = python_stepper()
    stepper.evaluate(MARK)
    stepper.locator("[data-input=x1]").focus()
    page.keyboard.press("ArrowLeft")
    value = float(stepper.locator("[data-input=x1]").input_value())
    assert value < 2.0
    twin.inputs = {"x1": value}
    twin.step = 8
    expect(stepper.locator("[data-node=x1] .ag-value")).to_have_text(f"▸ {value:.4f}")
    expect(stepper).to_have_attribute("data-step", "8")
    assert_same_picture(page, stepper, twin.render_svg())
    assert stepper.evaluate(MARKED), "elements of the picture were replaced"


def test_fast_dragging_ends_at_the_last_value(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("drag.ipynb", "ag.Stepper(y)")
    slider = stepper.locator("[data-input=x2]")
    slider.evaluate(
        """input => { for (let i = 0; i < 200; i++) { input.value = -3 + i / 50;
            input.dispatchEvent(new Event('input')); } }"""
    )
    twin = python_stepper()
    twin.inputs = {"x2": float(slider.input_value())}
    twin.step = STEPS - 1
    stepper.focus()
    page.keyboard.press("End")
    expect(stepper.locator("[data-node=x2] .ag-value")).to_have_text(
        f"▸ {twin.inputs['x2']:.4f}".replace("-", "−")
    )
    expect(stepper).to_have_attribute("data-step", "8")
    assert_same_picture(page, stepper, twin.render_svg())


def test_dragging_back_to_the_value_under_way_leaves_the_slider_alive(
    page: "Page", open_live: Callable[..., "Locator"], expect_value: Callable[..., None]
) -> None:
    stepper = open_live("jiggle.ipynb", "ag.Stepper(y)")
    slider = stepper.locator("[data-input=x1]")
    slider.evaluate(DRAG, [2.5, 2.6, 2.5])
    expect_value(stepper, "x1", "2.5000")
    slider.evaluate(DRAG, 1.0)
    expect_value(stepper, "x1", "1.0000")


def test_slider_keeps_what_python_set_meanwhile(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect",
    expect_value: Callable[..., None],
) -> None:  # fmt: skip
    cells = ("s = ag.Stepper(y, step=8)\ns", "s.inputs = {'x1': -1.0}")
    stepper = open_live("set.ipynb", *cells)
    expect_value(stepper, "x1", "−1.0000")
    stepper.locator("[data-input=x2]").evaluate(DRAG, 1.0)
    expect_value(stepper, "x2", "1.0000")
    expect_value(stepper, "x1", "−1.0000")
    expect(stepper.locator("output").first).to_have_text("−1.00")


def test_two_views_of_one_stepper_agree(
    page: "Page", open_live: Callable[..., "Locator"], expect_value: Callable[..., None]
) -> None:
    views = open_live("views.ipynb", "s = ag.Stepper(y, step=8)\ns", "s")
    one, other = views.nth(0), views.nth(1)
    one.locator("[data-input=x1]").evaluate(DRAG, 1.0)
    expect_value(other, "x1", "1.0000")
    other.locator("[data-input=x2]").evaluate(DRAG, -2.0)
    expect_value(one, "x2", "−2.0000")
    expect_value(other, "x1", "1.0000")


def test_not_a_number_is_shown_and_dragged_away(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect",
    expect_value: Callable[..., None],
) -> None:  # fmt: skip
    cell = "q = ag.Tensor(float('nan'), name='q')\nag.Stepper(q * q, step=1)"
    stepper = open_live("nan.ipynb", cell)
    expect_value(stepper, "q", "nan!")
    expect(page.locator("[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)
    stepper.locator("[data-input=q]").evaluate(DRAG, 1.0)
    expect_value(stepper, "q", "1.0000")


def test_slider_without_a_kernel_says_so(
    lab: Lab, new_page: "Callable[..., Page]", expect: "Expect"
) -> None:
    page = new_page(allowed="Could not send widget sync message")  # said by ipywidgets itself
    lab.put(notebook("ag.Stepper(y)"), "dead.ipynb")
    lab.open(page, "dead.ipynb")
    lab.run_all(page)
    stepper = page.locator(".ag-stepper")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    stepper.locator("[data-input=x1]").evaluate(DRAG, 1.0)
    expect(stepper.locator(".ag-silence")).to_contain_text(
        "Python does not answer. Run this cell again; after a restart"
    )
    stepper.focus()
    page.keyboard.press("End")
    expect(stepper).to_have_attribute("data-step", "8")
