"""The stepper in a real JupyterLab, with real keys: the same picture as Python's at every step."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .jupyter import Lab
from .worked import (
    MARK,
    MARKED,
    SERIALIZED,
    STEPS,
    assert_same_picture,
    notebook,
    python_stepper,
)

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Locator, Page

LESSON = Path(__file__).parents[2] / "notebooks" / "01_two_passes.ipynb"
FIGURES = LESSON.parents[1] / "figures"


def test_every_step_is_pythons_by_key_and_back(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("steps.ipynb", "ag.Stepper(y)")
    twin = python_stepper()
    stepper.focus()
    stepper.evaluate(MARK)
    for step in range(STEPS):
        expect(stepper).to_have_attribute("data-step", str(step))
        assert stepper.get_attribute("data-phase") == twin._trace["steps"][step]["phase"]
        assert_same_picture(page, stepper, twin.render_svg(step))
        expect(stepper.locator(".ag-live")).to_have_text(twin._trace["steps"][step]["sentence"])
        page.keyboard.press("ArrowRight")
    for step in reversed(range(STEPS - 1)):
        page.keyboard.press("ArrowLeft")
        expect(stepper).to_have_attribute("data-step", str(step))
        assert_same_picture(page, stepper, twin.render_svg(step))
    assert stepper.evaluate(MARKED), "elements of the picture were replaced"


def test_keys_move_by_phase_and_to_the_ends(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("keys.ipynb", "ag.Stepper(y)")
    stepper.focus()
    for key, step in [
        ("End", 8), ("Home", 0), ("PageDown", 5), ("PageDown", 6), ("PageUp", 5), ("PageUp", 0),
    ]:  # fmt: skip
        page.keyboard.press(key)
        expect(stepper).to_have_attribute("data-step", str(step))


def test_escape_stops_playing_and_stepping_moves_nothing_below(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("still.ipynb", "ag.Stepper(y)")
    stepper.focus()
    heights = set()
    for _ in range(STEPS):
        heights.add(stepper.evaluate("root => root.offsetHeight"))
        page.keyboard.press("ArrowRight")
    assert len(heights) == 1
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    expect(stepper.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Escape")
    expect(stepper.get_by_role("button", name="Play")).to_be_visible()


def test_letters_insert_no_cell_and_escape_leaves(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("letters.ipynb", "ag.Stepper(y)")
    cells = page.locator(".jp-Notebook .jp-Cell")
    expect(cells).to_have_count(2)
    for part in (stepper, stepper.locator(".ag-scrub"), stepper.locator(".ag-next")):
        part.focus()
        for key in ("b", "a", "d", "d", "x", "ArrowRight"):
            page.keyboard.press(key)
    stepper.locator("[data-input=x1]").focus()
    page.keyboard.press("b")
    expect(cells).to_have_count(2)
    expect(stepper).to_have_attribute("data-step", "3")
    page.keyboard.press("Escape")
    assert not page.evaluate("() => document.activeElement.closest('.ag-stepper')")


def test_mouse_scrubs_plays_and_chooses_phases(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("mouse.ipynb", "ag.Stepper(y)")
    stepper.get_by_role("button", name="Backward").click()
    expect(stepper).to_have_attribute("data-step", "6")
    stepper.get_by_role("button", name="Step back").click()
    expect(stepper).to_have_attribute("data-phase", "seed")
    stepper.locator(".ag-scrub").fill("2")
    expect(stepper).to_have_attribute("data-step", "2")
    stepper.get_by_role("button", name="Play").click()
    expect(stepper).to_have_attribute("data-step", "4")
    stepper.get_by_role("button", name="Pause").click()
    expect(stepper.get_by_role("button", name="Play")).to_be_visible()
    stepper.get_by_text("The steps as a table").click()
    expect(stepper.locator("tbody tr:visible")).to_have_count(5)
    stepper.locator("tbody tr").nth(1).click()
    expect(stepper).to_have_attribute("data-step", "1")


def test_sum_is_partial_until_the_last_path(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("partial.ipynb", "ag.Stepper(y, granularity='edge')")
    gradient = stepper.locator("[data-node=x1] .ag-grad")
    badge = stepper.locator("[data-node=x1] .ag-badge")
    panel = stepper.locator(".ag-panel")
    stepper.focus()
    seen = []
    for _ in range(10):
        seen.append((gradient.text_content(), badge.text_content()))
        if badge.text_content() == "1 of 2 arrows":
            expect(panel).to_contain_text("so far, 1 of 2 arrows")
            expect(panel).not_to_contain_text("2.5839")
        page.keyboard.press("ArrowRight")
    assert [text for i, text in enumerate(seen) if i == 0 or text != seen[i - 1]] == [
        ("", ""),
        ("◂ ∇ −0.4161", "1 of 2 arrows"),
        ("◂ ∇ 2.5839", "2 of 2 arrows"),
    ]


def test_granularity_changes_steps_and_stays_at_the_node(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("grain.ipynb", "ag.Stepper(y, step=7)")
    stepper.locator("select").select_option("edge")
    expect(stepper.locator(".ag-counter")).to_have_text("step 9 of 11")
    twin = python_stepper()
    twin.granularity = "edge"
    assert_same_picture(page, stepper, twin.render_svg(8))


def test_two_steppers_do_not_disturb_each_other(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    steppers = open_live("two.ipynb", "ag.Stepper(y)", "ag.Stepper(y, step=3)")
    expect(steppers).to_have_count(2)
    first, second = steppers.nth(0), steppers.nth(1)
    before = second.locator("svg.ag-svg").evaluate(SERIALIZED)
    first.focus()
    page.keyboard.press("End")
    first.locator("[data-input=x1]").fill("1")
    expect(first.locator("[data-node=x1] .ag-value")).to_have_text("▸ 1.0000")
    expect(second).to_have_attribute("data-step", "3")
    assert second.locator("svg.ag-svg").evaluate(SERIALIZED) == before


def test_python_drives_and_reads_the_step(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live(
        "trait.ipynb",
        "s = ag.Stepper(y)\ns.observe(lambda change: setattr(s, 'granularity', 'edge'), 'step')\ns",
    )
    stepper.focus()
    page.keyboard.press("ArrowRight")
    expect(stepper.locator(".ag-counter")).to_have_text("step 2 of 11")


def test_names_are_text(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    name = "<img src=x onerror=alert(1)>"
    stepper = open_live("names.ipynb", f"x1.name = {name!r}\nag.Stepper(y, step=4)")
    expect(stepper.locator(".ag-name").first).to_have_text(name)
    expect(stepper.locator(".ag-title").first).to_contain_text("<img")
    expect(stepper.locator("img")).to_have_count(0)


def test_lesson_from_a_clone_shows_its_picture_then_lives_then_is_kept(
    lab: Lab, page: "Page", new_page: Callable[..., "Page"], expect: "Expect",
    screenshot: Callable[..., Path],
) -> None:  # fmt: skip
    lab.put(FIGURES, "clone/figures")
    lab.put(LESSON, "clone/notebooks/01.ipynb")
    lab.open(page, "clone/notebooks/01.ipynb")
    pictures = page.locator(".jp-OutputArea-output img[src^='data:image/svg+xml']")
    expect(pictures.first).to_be_visible()
    assert pictures.first.evaluate("image => image.naturalWidth") > 300
    drawn = page.locator(".jp-MarkdownOutput img")
    expect(drawn.first).to_be_visible()
    assert drawn.first.evaluate("image => image.complete && image.naturalWidth > 300")
    screenshot(page, "lesson_01_untrusted")

    lab.run_all(page)
    steppers = page.locator(".ag-stepper")
    expect(steppers.first).to_be_visible()
    steppers.first.scroll_into_view_if_needed()
    expect(steppers.first).to_be_in_viewport()
    screenshot(page, "lesson_01_live")
    stepper, twin = steppers.first, python_stepper()
    stepper.focus()
    for step in range(STEPS):
        expect(stepper).to_have_attribute("data-step", str(step))
        assert_same_picture(page, stepper, twin.render_svg(step))
        page.keyboard.press("ArrowRight")
    stepper.locator("[data-input=x1]").focus()
    page.keyboard.press("ArrowLeft")
    twin.inputs = {"x1": float(stepper.locator("[data-input=x1]").input_value())}
    expect(stepper.locator("[data-node=x1] .ag-value")).to_have_text(f"▸ {twin.inputs['x1']:.4f}")
    assert_same_picture(page, stepper, twin.render_svg(STEPS - 1))

    saved = lab.save(page)
    stored = [out for cell in saved.cells for out in cell.get("outputs", [])]
    assert any(
        "data:image/svg+xml" in output.get("data", {}).get("text/html", "") for output in stored
    )
    page.close()
    again = new_page(allowed="widget model not found")  # said by ipywidgets itself
    lab.open(again, "clone/notebooks/01.ipynb")
    lab.wait_for_kernel(again)
    kept = again.locator(".jp-OutputArea-output .ag-still img").first
    kept.scroll_into_view_if_needed()
    expect(kept).to_be_visible()
    expect(again.locator("text=model not found").first).to_be_attached()
    expect(again.locator("text=model not found >> visible=true")).to_have_count(0)
    screenshot(again, "lesson_01_reopened")


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 480), ("dark", 480)]
)
def test_looks(
    lab: Lab, new_page: Callable[..., "Page"], expect: "Expect", screenshot: Callable[..., Path],
    scheme: str, width: int,
) -> None:  # fmt: skip
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 1000})
    name = f"looks_{scheme}_{width}"
    lab.put(notebook("ag.Stepper(y, step=7)", "ag.GateBench()"), f"{name}.ipynb")
    lab.open(page, f"{name}.ipynb")
    lab.run_all(page)
    stepper = page.locator(".ag-stepper")
    expect(stepper).to_have_attribute("data-step", "7")
    screenshot(stepper, f"stepper_{scheme}_{width}")
    screenshot(page.locator(".ag-bench"), f"bench_{scheme}_{width}")
    expect(page.locator(".ag-still:visible")).to_have_count(0)
    box, cell = stepper.bounding_box(), page.locator(".jp-Cell").nth(1).bounding_box()
    assert box is not None
    assert cell is not None
    assert box["x"] + box["width"] <= cell["x"] + cell["width"] + 1, "wider than its cell"


def test_page_steps_without_kernel_and_network(
    open_offline: Callable[..., "Page"], expect: "Expect", tmp_path: Path
) -> None:
    twin = python_stepper()
    page = open_offline(twin.to_html(tmp_path / "lesson.html"))
    stepper = page.locator(".ag-stepper")
    stepper.focus()
    for step in range(STEPS):
        expect(stepper).to_have_attribute("data-step", str(step))
        assert_same_picture(page, stepper, twin.render_svg(step))
        page.keyboard.press("ArrowRight")
