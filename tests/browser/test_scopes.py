"""Scopes in a real JupyterLab: opened and closed by click and key, the step kept."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import autograd_lite as ag

from .jupyter import Lab
from .worked import assert_same_picture, notebook

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Locator, Page

NETWORK = """\
rng = np.random.default_rng(0)
X = ag.Tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], requires_grad=False, name="X")
Y = ag.Tensor([[0.0], [1.0], [1.0], [0.0]], requires_grad=False, name="Y")
W1, b1 = ag.Tensor(rng.normal(size=(2, 3)), name="W1"), ag.Tensor(rng.normal(size=3), name="b1")
W2, b2 = ag.Tensor(rng.normal(size=(3, 1)), name="W2"), ag.Tensor(rng.normal(size=1), name="b2")
with ag.scope("hidden", [W1, b1]):
    a2 = ag.sigmoid(X @ W1 + b1)
with ag.scope("output", [W2, b2]):
    yhat = ag.sigmoid(a2 @ W2 + b2)
with ag.scope("loss"):
    J = ((yhat - Y) ** 2).mean()
J.name = "J"
"""


# By node, and at once the last step: the browser still has those by edge.
FEWER = """root => { const select = root.querySelector('select');
    select.value = 'node'; select.dispatchEvent(new Event('change'));
    root.querySelector('.ag-last').click(); }"""


def python_network() -> ag.Stepper:
    """The twin of the stepper in the browser: the same cells, run here."""
    import numpy as np

    variables = {"np": np, "ag": ag}
    exec(NETWORK, variables)
    return ag.Stepper(variables["J"])


def counter(stepper: "Locator") -> str:
    return stepper.locator(".ag-counter").text_content() or ""


def test_click_and_key_open_and_close_and_the_step_stays(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("scopes.ipynb", NETWORK, "ag.Stepper(J, step=20)")
    twin = python_network()
    twin.step = 20
    assert_same_picture(page, stepper, twin.render_svg())
    before = counter(stepper)

    stepper.get_by_role("button", name="Close hidden").click()
    box = stepper.get_by_role("button", name="Open hidden")
    expect(box).to_be_visible()
    twin.closed = ["hidden"]
    assert_same_picture(page, stepper, twin.render_svg())
    assert counter(stepper) == before

    box.focus()
    page.keyboard.press("ArrowRight")
    expect(stepper).to_have_attribute("data-step", "21")
    page.keyboard.press("Enter")
    frame = stepper.get_by_role("button", name="Close hidden")
    expect(frame).to_be_focused()  # whoever pressed it stays on it
    page.keyboard.press("Space")
    expect(box).to_be_focused()
    page.keyboard.press("b")
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(3)
    twin.step = 21
    assert_same_picture(page, stepper, twin.render_svg())


def test_a_scope_at_a_time(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("by_scope.ipynb", NETWORK, "ag.Stepper(J)")
    twin = python_network()
    stepper.locator("select").select_option("scope")
    twin.granularity = "scope"
    count = len(twin.still().trace.steps)
    expect(stepper.locator(".ag-counter")).to_have_text(f"step 1 of {count}")
    stepper.focus()
    for step in range(count):
        expect(stepper).to_have_attribute("data-step", str(step))
        assert_same_picture(page, stepper, twin.render_svg(step))
        page.keyboard.press("ArrowRight")


def test_a_step_asked_for_before_there_were_fewer_is_the_last_one(
    lab: Lab, page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    show = "s = ag.Stepper(y, step=5, granularity='edge')\ns"
    stepper = open_live("fewer.ipynb", show, "print('step', s.step)")
    stepper.evaluate(FEWER)
    expect(stepper.locator(".ag-counter")).to_contain_text("of 9")
    expect(stepper).to_have_attribute("data-step", "8")
    lab._execute(page, "notebook:run-cell")
    expect(page.locator(".jp-Cell").last).to_contain_text("step 8")


def test_another_granularity_reserves_room_for_its_equations(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("room.ipynb", NETWORK, "ag.Stepper(J, granularity='edge')")
    for value in ("node", "scope"):
        stepper.locator("select").select_option(value)
        count = len(ag.Stepper(python_network()._picture.graph, granularity=value)._trace["steps"])
        expect(stepper.locator(".ag-counter")).to_contain_text(f"of {count}")
        heights = set()
        stepper.focus()
        page.keyboard.press("Home")
        for step in range(count):
            expect(stepper).to_have_attribute("data-step", str(step))
            heights.add(stepper.evaluate("root => root.offsetHeight"))
            page.keyboard.press("ArrowRight")
        assert len(heights) == 1, f"by {value}: what is below moved"


def test_a_page_without_python_shows_scopes_and_no_buttons_for_them(
    open_offline: Callable[..., "Page"], expect: "Expect", tmp_path: Path
) -> None:
    twin = python_network()
    twin.closed = ["hidden"]
    page = open_offline(twin.to_html(tmp_path / "scopes.html"))
    expect(page.locator("[data-node=hidden]")).to_be_visible()
    expect(page.get_by_role("button", name="hidden")).to_have_count(0)
    expect(page.locator(".ag-granularity")).to_be_hidden()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 480)])
def test_looks(
    lab: Lab, new_page: Callable[..., "Page"], expect: "Expect", screenshot: Callable[..., Path],
    scheme: str, width: int,
) -> None:  # fmt: skip
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 1000})
    name = f"scopes_{scheme}_{width}"
    cells = [NETWORK, "ag.Stepper(J, step=20, closed=['hidden'])", "ag.Stepper(J, step=20)"]
    lab.put(notebook(*cells), f"{name}.ipynb")
    lab.open(page, f"{name}.ipynb")
    lab.run_all(page)
    steppers = page.locator(".ag-stepper")
    expect(steppers).to_have_count(2)
    for number, what in enumerate(("closed", "open")):
        screenshot(steppers.nth(number), f"scopes_{what}_{scheme}_{width}")
