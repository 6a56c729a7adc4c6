"""The quiz in a real JupyterLab: typed by keyboard, judged, revealed, and kept in Python."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .jupyter import Lab
from .worked import notebook

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Page

SHOW = "quiz = ag.Quiz(y)\nquiz"


def run_last(lab: Lab, page: "Page") -> None:
    page.locator(".jp-Cell .jp-InputPrompt").last.click()
    lab._execute(page, "notebook:run-cell")


def test_typed_answers_are_judged_revealed_and_reach_python(
    lab: Lab, page: "Page", expect: "Expect"
) -> None:
    lab.put(notebook(SHOW, "print(quiz.answers['gradient of x1'], quiz.score)"), "quiz.ipynb")
    lab.open(page, "quiz.ipynb")
    lab.run_all(page)
    quiz = page.locator(".ag-quiz")
    fork, other = quiz.locator("[data-node=x1] .ag-grad"), quiz.locator("[data-node=x2] .ag-grad")
    live = quiz.get_by_role("status").last
    expect(fork).to_have_text("◂ ∇ ?")
    assert "2.5839" not in page.content()

    field = quiz.get_by_label("gradient of x1 =")
    field.focus()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    verdict = "✗ 3 is what the last arrow brings: it has overwritten the others. Add them."
    expect(quiz.locator(".ag-verdict").nth(3)).to_have_text(verdict)
    expect(live).to_contain_text("✗ gradient of x1: 3 is what the last arrow brings")
    expect(field).to_be_focused()
    expect(fork).to_have_text("◂ ∇ ?")

    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2,5839")
    page.keyboard.press("Enter")
    expect(fork).to_have_text("◂ ∇ 2.5839 ✓")
    expect(live).to_contain_text("1 of 5 right")
    run_last(lab, page)
    expect(page.locator(".jp-Cell").last).to_contain_text("2.5839 1")

    button = quiz.get_by_role("button", name="Show the gradient of x2")
    button.focus()
    page.keyboard.press("Space")
    expect(other).to_have_text("◂ ∇ 2.0000")
    expect(button).to_be_disabled()
    expect(quiz.get_by_label("gradient of x2 =")).to_be_focused()
    expect(live).to_contain_text("is shown, and does not count")

    quiz.get_by_role("button", name="Show all").click()
    expect(quiz.locator(".ag-panel")).to_contain_text("1.0000 · 3.0000")
    expect(quiz.locator(".ag-counter")).to_have_text("1 of 5 right")


def test_what_is_typed_meanwhile_stays_and_what_python_sets_appears(
    lab: Lab, page: "Page", expect: "Expect"
) -> None:
    lab.put(notebook(f"n = 0\n{SHOW}", "n += 0.5\nquiz.answers = {'v2': n}"), "meanwhile.ipynb")
    lab.open(page, "meanwhile.ipynb")
    lab.run_all(page)
    quiz = page.locator(".ag-quiz")
    first, second = quiz.get_by_label("gradient of v2 ="), quiz.get_by_label("gradient of x2 =")
    expect(first).to_have_value("0.5")
    expect(quiz.locator(".ag-verdict").nth(1)).to_contain_text("✗ 0.5 is half of ∂y/∂v4.")

    second.fill("<b>two</b>")
    run_last(lab, page)
    expect(first).to_have_value("1")
    expect(first).to_have_attribute("readonly", "")
    expect(second).to_have_value("<b>two</b>")
    second.press("Enter")
    expect(quiz.locator(".ag-verdict").last).to_contain_text("· '<b>two</b>' is not a number.")
    expect(quiz.locator("b")).to_have_count(0)


def test_check_with_nothing_typed_says_so_and_show_all_keeps_the_focus_inside(
    lab: Lab, page: "Page", expect: "Expect"
) -> None:
    lab.put(notebook(SHOW), "empty.ipynb")
    lab.open(page, "empty.ipynb")
    lab.run_all(page)
    quiz = page.locator(".ag-quiz")
    quiz.get_by_role("button", name="Check").press("Enter")
    expect(quiz.locator(".ag-verdict").first).to_have_text("· Type a number first.")
    quiz.get_by_role("button", name="Show all").press("Enter")
    expect(quiz.locator(".ag-pill")).not_to_have_count(0)
    expect(quiz.locator(".ag-counter")).to_have_text("0 of 5 right")
    expect(quiz).to_be_focused()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 560)])
def test_looks(
    lab: Lab, new_page: Callable[..., "Page"], expect: "Expect", screenshot: Callable[..., Path],
    scheme: str, width: int,
) -> None:  # fmt: skip
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 1100})
    name = f"quiz_{scheme}_{width}"
    half = "half = ag.Quiz(y)\nhalf.answers = {'y': 1, 'v2': 1, 'x2': 2, 'x1': 1.5839}\nhalf"
    lab.put(notebook(SHOW, half, "full = ag.Quiz(y)\nfull.show()\nfull"), f"{name}.ipynb")
    lab.open(page, f"{name}.ipynb")
    lab.run_all(page)
    quizzes = page.locator(".ag-quiz")
    expect(quizzes).to_have_count(3)
    at_work = quizzes.first.locator(".ag-node.ag-active")
    quizzes.first.scroll_into_view_if_needed()
    expect(at_work).to_be_in_viewport(ratio=0.9)  # a narrow picture is scrolled to it
    for number, what in enumerate(("new", "half", "shown")):
        screenshot(quizzes.nth(number), f"{name}_{what}")
        assert quizzes.nth(number).evaluate("root => root.scrollWidth <= root.clientWidth")
