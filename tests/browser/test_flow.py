"""The gradient flow in a real JupyterLab: what is chosen is measured, and nothing else moves."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from nbformat.v4 import new_code_cell, new_notebook

import autograd_lite as ag

from .jupyter import Lab
from .worked import MARK, MARKED, NORMALIZED, SERIALIZED

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Locator, Page

CELL = "import autograd_lite as ag\nflow = ag.GradientFlow()\nflow"
HEIGHT = "root => root.offsetHeight"
QUICK = """slider => { for (let i = 0; i < 200; i++) {
    slider.value = 1 + (7 * i) % 30;
    slider.dispatchEvent(new Event('input', {bubbles: true})); } }"""
Open = Callable[..., "Locator"]


@pytest.fixture
def open_flow(lab: Lab, page: "Page") -> Open:
    """Run a notebook that shows a gradient flow."""

    def run(name: str, *cells: str, page: "Page" = page) -> "Locator":
        sources = [CELL, *cells]
        notebook = [new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
        lab.put(new_notebook(cells=notebook), name)
        lab.open(page, name)
        lab.run_all(page)
        return page.locator(".ag-flow")

    return run


def assert_shows(page: "Page", flow: "Locator", twin: ag.GradientFlow, expect: "Expect") -> None:
    expect(flow.locator(".ag-words").first).to_have_text(twin.said)
    live = flow.locator("svg.ag-svg").evaluate(SERIALIZED)
    assert live == page.evaluate(NORMALIZED, twin.svgs()[0])


def test_every_choice_shows_what_python_measures_in_the_same_room(
    page: "Page", open_flow: Open, expect: "Expect"
) -> None:
    flow, twin = open_flow("choices.ipynb"), ag.GradientFlow()
    flow.evaluate(MARK)
    heights = {flow.evaluate(HEIGHT)}
    assert_shows(page, flow, twin, expect)
    for activation in ("tanh", "relu", "identity", "sigmoid"):
        for init in ("constant", "small", "large", "he"):
            flow.locator("[data-input=activation]").select_option(activation)
            flow.locator("[data-input=init]").select_option(init)
            twin.activation, twin.init = activation, init
            assert_shows(page, flow, twin, expect)
            heights.add(flow.evaluate(HEIGHT))
    depth = flow.locator("[data-input=depth]")
    for key in ("ArrowLeft", "Home", "ArrowRight", "End"):
        depth.focus()
        page.keyboard.press(key)
        twin.depth = int(depth.input_value())
        assert_shows(page, flow, twin, expect)
        heights.add(flow.evaluate(HEIGHT))
    assert twin.depth == 30
    assert len(heights) == 1, "what is below moved"
    assert flow.evaluate(MARKED), "elements of the picture were replaced"


def test_quick_dragging_ends_at_the_last_value(
    page: "Page", open_flow: Open, expect: "Expect"
) -> None:
    flow, twin = open_flow("quick.ipynb"), ag.GradientFlow()
    depth = flow.locator("[data-input=depth]")
    depth.evaluate(QUICK)
    twin.depth = int(depth.input_value())
    assert twin.depth not in (1, 10, 30)
    assert_shows(page, flow, twin, expect)
    expect(flow.locator("output")).to_have_text(str(twin.depth))


def test_what_python_sets_is_shown_and_letters_insert_no_cell(
    page: "Page", open_flow: Open, expect: "Expect"
) -> None:
    flow = open_flow("set.ipynb", "flow.depth = 4\nflow.activation = 'relu'\nflow.init = 'he'")
    assert_shows(page, flow, ag.GradientFlow(4, "relu", "he"), expect)
    expect(flow.locator("[data-input=depth]")).to_have_value("4")
    expect(flow.locator("[data-input=activation]")).to_have_value("relu")
    expect(flow.locator("[data-input=init]")).to_have_value("he")
    for part in (flow, flow.locator("[data-input=depth]"), flow.locator("[data-input=init]")):
        part.focus()
        for key in ("b", "a", "d", "d", "x"):
            page.keyboard.press(key)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)
    page.keyboard.press("Escape")
    assert not page.evaluate("() => document.activeElement.closest('.ag-flow')")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("light", {}),
        ("dark", {"color_scheme": "dark"}),
        ("narrow", {"viewport": {"width": 480, "height": 1200}}),
    ],
)
def test_nothing_is_cut_off(
    open_flow: Open, new_page: "Callable[..., Page]", screenshot: Callable[..., object],
    expect: "Expect", name: str, options: dict[str, object],
) -> None:  # fmt: skip
    page = new_page(**options)
    flow = open_flow(f"look_{name}.ipynb", page=page)
    flow.locator("[data-input=depth]").press("End")
    expect(flow.locator(".ag-words").first).to_contain_text("30 layers")
    screenshot(page, f"flow_{name}")
    assert flow.evaluate("root => root.scrollWidth <= root.clientWidth")
    assert flow.evaluate(
        """root => [...root.querySelectorAll('.ag-picture')].every((one) =>
            one.scrollWidth <= one.clientWidth)"""
    )
