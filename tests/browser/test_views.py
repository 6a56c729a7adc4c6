"""The views beside the steps, with real keys: what Python computed is what is read."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import autograd_lite as ag

from .jupyter import Lab
from .worked import STEPS, assert_same_picture, notebook, python_stepper

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Locator, Page

PUZZLE = """\
a, b = ag.Tensor(2.0, name="a"), ag.Tensor(-3.0, name="b")
p = a * b
s = p + a
e = p * s
p.name, s.name, e.name = "p", "s", "e"
"""
WRONG = """\
class Wrong(ag.Operation):
    def forward(self, x):
        return np.exp(x)

    def backward(self, dz):
        return dz * self.inputs[0]

w = ag.Tensor([[0.5, 1.0], [2.0, -1.0]], name="w")
z = (Wrong()(w) * x1).sum() + abs(ag.Tensor(0.0, name="k"))
"""


# The drawing without the buttons that its boxes are for now, and without its style.
DRAWN = """svg => { const copy = svg.cloneNode(true);
    copy.setAttribute('role', 'img');
    copy.querySelector('style').remove();
    for (const box of copy.querySelectorAll('[data-leaf]'))
        for (const name of ['role', 'tabindex', 'aria-label', 'aria-pressed', 'data-leaf',
            'data-lm-suppress-shortcuts']) box.removeAttribute(name);
    return new XMLSerializer().serializeToString(copy); }"""
PARSED = f"""text => ({DRAWN})(
    new DOMParser().parseFromString(text, 'image/svg+xml').documentElement)"""


def puzzle() -> ag.Stepper:
    """The twin of the stepper in the browser: the same cells, run here."""
    variables = {"ag": ag}
    exec(PUZZLE, variables)
    return ag.Stepper(variables["e"])


def same_view(page: "Page", stepper: "Locator", twin: ag.Stepper, expect: "Expect") -> None:
    """The browser shows the tables and the picture that Python makes."""
    told = [text for table in twin._aside["tables"] for row in table["rows"] for text, _ in row]
    shown = stepper.locator(".ag-told tbody :is(th, td):not(.ag-share)")
    expect(shown).to_have_text(told)
    expect(stepper.locator(".ag-aside .ag-words")).to_have_text(f"{twin._aside['title']}.")
    live = stepper.locator("svg.ag-svg").evaluate(DRAWN)
    assert live == page.evaluate(PARSED, twin.render_svg())


def test_views_are_chosen_by_key_and_the_steps_come_back_as_they_were(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("by_key.ipynb", "ag.Stepper(y, step=7)")
    twin = python_stepper()
    twin.step = 7
    steps = stepper.get_by_role("radio", name="steps")
    expect(steps).to_be_checked()
    steps.focus()
    for view in ("paths", "check", "nudge"):
        page.keyboard.press("ArrowRight")
        expect(stepper.get_by_role("radio", name=view)).to_be_checked()
        expect(stepper.get_by_role("button", name="Next step")).to_have_count(0)
        twin.view = view
        same_view(page, stepper, twin, expect)
    page.keyboard.press("ArrowRight")  # round to the first
    expect(steps).to_be_checked()
    twin.view = "steps"
    assert_same_picture(page, stepper, twin.render_svg())
    expect(stepper.locator(".ag-aside")).to_be_hidden()
    stepper.focus()
    page.keyboard.press("ArrowRight")
    expect(stepper).to_have_attribute("data-step", "8")
    assert_same_picture(page, stepper, twin.render_svg(STEPS - 1))


def test_paths_are_marked_by_key_and_leaves_chosen_in_the_picture(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("paths.ipynb", PUZZLE, "ag.Stepper(e, view='paths')")
    twin = puzzle()
    twin.view = "paths"
    same_view(page, stepper, twin, expect)
    stepper.get_by_role("radio", name="a → s → e", exact=True).focus()
    for path in (1, 2):
        page.keyboard.press("ArrowDown")
        twin.path = path
        expect(stepper.locator(f".ag-told input[value='{path}']")).to_be_checked()
        same_view(page, stepper, twin, expect)
    stepper.get_by_role("button", name="Paths from b").focus()
    page.keyboard.press("Enter")
    twin.leaf = "b"
    expect(stepper.locator(".ag-words").first).to_contain_text("from b to e")
    same_view(page, stepper, twin, expect)
    expect(stepper.get_by_role("button", name="Paths from b")).to_be_focused()
    stepper.locator("[data-node=a]").click()
    twin.leaf = "a"
    expect(stepper.locator(".ag-words").first).to_contain_text("from a to e")
    same_view(page, stepper, twin, expect)
    stepper.locator(".ag-told tbody tr").nth(1).click()
    twin.path = 1
    expect(stepper.locator(".ag-told input[value='1']")).to_be_checked()
    same_view(page, stepper, twin, expect)


def test_the_check_follows_the_sliders(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("check.ipynb", "ag.Stepper(y, view='check')")
    stepper.locator("[data-input=x1]").focus()
    page.keyboard.press("Home")
    x1 = float(stepper.locator("[data-input=x1]").input_value())
    h = 1e-5
    slope = (math.sin(x1 + h) - math.sin(x1 - h)) / (2 * h) + 3.0
    difference = stepper.locator(".ag-told tbody tr").first.locator("td.ag-is-value")
    expect(difference).to_have_text(f"{slope:.4f}".replace("-", "−"))
    expect(stepper.locator("[data-node=x1] .ag-badge")).to_contain_text("✓")
    expect(stepper.locator(".ag-told tbody tr").first).to_contain_text("agrees")
    twin = python_stepper()
    twin.view, twin.inputs = "check", {"x1": x1}
    same_view(page, stepper, twin, expect)


def test_a_nudge_is_typed_and_dragged_and_the_focus_stays(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("nudge.ipynb", "ag.Stepper(y, view='nudge')")
    change = stepper.locator(".ag-told tbody tr").first.locator("td.ag-is-value").first
    typed = stepper.get_by_role("spinbutton", name="h")
    typed.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("-0.5")
    moved = math.sin(1.5) - math.sin(2.0) - 1.5
    expect(change).to_have_text(f"{moved:.4f}".replace("-", "−"))
    expect(typed).to_be_focused()
    expect(typed).to_have_value("-0.5")
    slid = stepper.get_by_role("slider", name="h, dragged")
    expect(slid).to_have_value("-0.5")
    slid.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(typed).to_have_value("-0.45")
    moved = math.sin(1.55) - math.sin(2.0) - 1.35
    expect(change).to_have_text(f"{moved:.4f}".replace("-", "−"))
    expect(slid).to_be_focused()
    expect(stepper.locator("[data-node='v2'] .ag-badge, [data-node='v3'] .ag-badge")).to_have_count(
        2
    )
    stepper.get_by_label("Nudge", exact=True).select_option("x2")
    expect(change).to_have_text("−0.9000")
    twin = python_stepper()
    twin.view, twin.leaf, twin.h = "nudge", "x2", -0.45
    same_view(page, stepper, twin, expect)
    typed.fill("")
    typed.press("Tab")
    expect(typed).to_have_value("-0.45")


def test_fast_dragging_ends_at_the_last_h(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("fast.ipynb", "ag.Stepper(y, view='nudge', leaf='x2')")
    stepper.get_by_role("slider", name="h, dragged").evaluate(
        """input => { for (let i = -100; i < 78; i++) { input.value = i / 100;
            input.dispatchEvent(new Event('input', {bubbles: true})); } }"""
    )
    change = stepper.locator(".ag-told tbody tr").first.locator("td.ag-is-value").first
    expect(change).to_have_text("1.5400")
    expect(stepper.get_by_role("spinbutton", name="h")).to_have_value("0.77")


def test_a_view_without_a_kernel_says_so_and_the_steps_still_work(
    lab: Lab, new_page: Callable[..., "Page"], expect: "Expect"
) -> None:
    page = new_page(allowed="Could not send widget sync message")  # said by ipywidgets itself
    lab.put(notebook("ag.Stepper(y, step=3)"), "gone.ipynb")
    lab.open(page, "gone.ipynb")
    lab.run_all(page)
    stepper = page.locator(".ag-stepper")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    stepper.get_by_role("radio", name="check").check()
    expect(stepper.locator(".ag-aside .ag-silence")).to_contain_text("run this cell again")
    stepper.get_by_role("radio", name="steps").check()
    stepper.get_by_role("button", name="Next step").click()
    expect(stepper).to_have_attribute("data-step", "4")


def test_python_opens_a_view_and_reads_what_was_chosen(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live(
        "traits.ipynb",
        PUZZLE,
        "s = ag.Stepper(e)\n"
        "s.observe(lambda change: setattr(s, 'view', 'paths'), 'step')\n"
        "s.observe(lambda change: setattr(s, 'path', 2), 'leaf')\ns",
    )
    stepper.focus()
    page.keyboard.press("ArrowRight")
    expect(stepper.get_by_role("radio", name="paths")).to_be_checked()
    stepper.get_by_label("Paths from", exact=True).select_option("b")
    expect(stepper.locator(".ag-told tbody tr")).to_have_count(4)


def test_letters_and_arrows_stay_in_the_view(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("stay.ipynb", "ag.Stepper(y, step=2, view='nudge')")
    cells = page.locator(".jp-Notebook .jp-Cell")
    for part in (
        stepper,
        stepper.locator(".ag-aside select"),
        stepper.locator(".ag-aside input").first,
    ):
        part.focus()
        for key in ("b", "a", "x", "ArrowRight"):
            page.keyboard.press(key)
    stepper.get_by_role("button", name="Nudge x2").focus()
    page.keyboard.press("b")
    expect(cells).to_have_count(2)
    expect(stepper).to_have_attribute("data-view", "nudge")
    page.keyboard.press("Escape")
    assert not page.evaluate("() => document.activeElement.closest('.ag-stepper')")


def test_a_page_without_python_has_paths_and_check(
    open_offline: Callable[..., "Page"], expect: "Expect", screenshot: Callable[..., Path],
    tmp_path: Path,
) -> None:  # fmt: skip
    twin = puzzle()
    page = open_offline(twin.to_html(tmp_path / "puzzle.html"))
    stepper = page.locator(".ag-stepper")
    views = stepper.get_by_role("radiogroup", name="Show").get_by_role("radio")
    expect(views).to_have_count(3)
    views.first.focus()
    page.keyboard.press("ArrowRight")
    twin.view = "paths"
    same_view(page, stepper, twin, expect)
    stepper.get_by_role("button", name="Paths from b").click()
    twin.leaf = "b"
    same_view(page, stepper, twin, expect)
    stepper.locator(".ag-told input[value='1']").check()
    twin.path = 1
    same_view(page, stepper, twin, expect)
    screenshot(stepper, "page_paths")
    views.last.check()
    twin.view = "check"
    same_view(page, stepper, twin, expect)
    views.first.check()
    twin.view = "steps"
    assert_same_picture(page, stepper, twin.render_svg(0))


def test_names_are_text(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    name = "<img src=x onerror=alert(1)>"
    stepper = open_live("names_too.ipynb", f"x1.name = {name!r}\nag.Stepper(y, view='nudge')")
    expect(stepper.locator(".ag-words").first).to_contain_text("<img")
    stepper.get_by_role("radio", name="paths").check()
    expect(stepper.locator(".ag-told tbody th").first).to_contain_text("<img")
    expect(stepper.locator("img")).to_have_count(0)


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 560), ("dark", 560)]
)
def test_looks(
    lab: Lab, new_page: Callable[..., "Page"], expect: "Expect", screenshot: Callable[..., Path],
    scheme: str, width: int,
) -> None:  # fmt: skip
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 1000})
    name = f"views_{scheme}_{width}"
    cells = [
        "ag.Stepper(y)", PUZZLE, "ag.Stepper(e, view='paths')", "ag.Stepper(y, view='check')",
        WRONG, "ag.Stepper(z, view='check')", "ag.Stepper(y, view='nudge')",
    ]  # fmt: skip
    lab.put(notebook(*cells), f"{name}.ipynb")
    lab.open(page, f"{name}.ipynb")
    lab.run_all(page)
    steppers = page.locator(".ag-stepper")
    expect(steppers).to_have_count(5)
    for number in range(5):
        stepper = steppers.nth(number)
        stepper.scroll_into_view_if_needed()
        expect(stepper.locator(".ag-svg")).to_be_visible()
        screenshot(stepper, f"view{number}_{scheme}_{width}")
        box, cell = stepper.bounding_box(), page.locator(".jp-Cell").nth(1).bounding_box()
        assert box is not None
        assert cell is not None
        assert box["x"] + box["width"] <= cell["x"] + cell["width"] + 1, "wider than its cell"
