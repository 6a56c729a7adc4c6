"""The harness itself: JupyterLab runs a notebook, and a page that misbehaves is noticed."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from .chromium import find_chromium
from .jupyter import Lab
from .watch import clean_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Expect, Locator, Page

OUTPUT = ".jp-OutputArea-output"
ACTIVE_CELL = ".jp-Cell.jp-mod-active"
BACKGROUND = "() => getComputedStyle(document.body).getPropertyValue('--jp-layout-color0').trim()"
WHERE = """import json, os, sys
from pathlib import Path
print(json.dumps([sys.executable, str(Path.home()), os.environ["AUTOGRAD_LITE_PROGRESS"]]))"""


def lesson(code: str, outputs: list[NotebookNode] | None = None) -> NotebookNode:
    title = new_markdown_cell("# A lesson", id="title")
    return new_notebook(cells=[title, new_code_cell(code, id="code", outputs=outputs or [])])


def test_run_all_shows_the_output_and_save_returns_it(
    lab: Lab, page: "Page", expect: "Expect"
) -> None:
    lab.put(lesson("print(6*7)"), "answer.ipynb")
    lab.open(page, "answer.ipynb")
    expect(page.get_by_role("heading", name="A lesson")).to_be_visible()
    expect(page.locator(OUTPUT)).to_have_count(0)

    lab.run_all(page)

    expect(page.locator(OUTPUT)).to_have_text("42")
    assert lab.save(page).cells[1].outputs[0].text == "42\n"


def test_stored_output_is_opened_untrusted(lab: Lab, page: "Page", expect: "Expect") -> None:
    html = "<b>still</b><svg id='live'></svg>"
    stored = [new_output("display_data", data={"text/html": html})]
    lab.put(lesson("1", stored), "clone.ipynb")
    lab.open(page, "clone.ipynb")

    expect(page.locator(OUTPUT)).to_have_text("still")
    expect(page.locator("#live")).to_have_count(0)


def test_real_keys_reach_the_notebook(lab: Lab, page: "Page", expect: "Expect") -> None:
    lab.put(lesson("print(6*7)"), "keys.ipynb")
    lab.open(page, "keys.ipynb")
    page.get_by_role("heading", name="A lesson").click()
    expect(page.locator(ACTIVE_CELL)).to_contain_text("A lesson")
    page.keyboard.press("ArrowDown")
    expect(page.locator(ACTIVE_CELL)).to_contain_text("print(6*7)")
    page.keyboard.press("b")
    expect(page.locator(".jp-Cell")).to_have_count(3)
    page.keyboard.press("Enter")
    page.keyboard.type("print(7*8)")
    expect(page.locator(ACTIVE_CELL)).to_contain_text("print(7*8)")
    lab.wait_for_kernel(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(OUTPUT)).to_have_text("56")


def test_cell_that_raises_is_reported(lab: Lab, page: "Page") -> None:
    lab.put(lesson("1/0"), "raises.ipynb")
    lab.open(page, "raises.ipynb")
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        lab.run_all(page)


def test_kernel_is_this_interpreter_and_ends_with_its_page(lab: Lab, page: "Page") -> None:
    lab.put(lesson(WHERE), "where.ipynb")
    lab.open(page, "where.ipynb")
    lab.run_all(page)
    home = str(lab.server.home)
    assert json.loads(page.locator(OUTPUT).inner_text()) == [sys.executable, home, "off"]
    assert "where.ipynb" in lab.kernels()
    page.close()
    assert "where.ipynb" not in lab.kernels()


@pytest.mark.parametrize(("scheme", "background"), [("light", "white"), ("dark", "#111")])
def test_theme_follows_the_page(
    lab: Lab, new_page: "Callable[..., Page]", scheme: str, background: str
) -> None:
    page = new_page(color_scheme=scheme)
    lab.put(lesson("1"), f"{scheme}.ipynb")
    lab.open(page, f"{scheme}.ipynb")
    assert page.evaluate(BACKGROUND) == background


def test_whole_lab_opens_a_notebook_in_a_folder(lab: Lab, page: "Page", tmp_path: Path) -> None:
    lab.put(lesson("print(6*7)"), "source.ipynb").rename(tmp_path / "first one.ipynb")
    lab.put(tmp_path, "lessons")
    lab.open(page, "lessons/first one.ipynb", view="lab")
    lab.run_all(page)
    assert lab.save(page).cells[1].outputs[0].text == "42\n"


def visit(browser: "Browser", path: Path) -> None:
    with clean_pages(browser) as new_page:
        page = new_page()
        page.route("https://elsewhere.invalid/", lambda route: route.abort())
        page.goto(path.as_uri())
        page.wait_for_function("() => document.title === 'done'")


def test_page_that_misbehaves_fails_at_the_end(
    lab: Lab, browser: "Browser", tmp_path: Path
) -> None:
    script = f"""
        fetch("{lab.server.url}/nothing-here", {{mode: "no-cors"}}).catch(() => null)
            .then(() => fetch("https://elsewhere.invalid/").catch(() => null))
            .then(() => {{ document.title = "done"; console.error("said so"); }});
        throw new Error("thrown");
    """
    (tmp_path / "bad.html").write_text(f"<script>{script}</script>", encoding="utf-8")
    with pytest.raises(AssertionError, match="not clean") as failure:
        visit(browser, tmp_path / "bad.html")
    listed = str(failure.value)
    assert "console error: said so" in listed
    assert "uncaught error: thrown" in listed
    assert f"HTTP 404: GET {lab.server.url}/nothing-here" in listed
    assert "request beyond this machine: https://elsewhere.invalid/" in listed


def test_standalone_page_runs_with_the_network_off(
    open_offline: "Callable[..., Page]", expect: "Expect", tmp_path: Path
) -> None:
    script = "document.body.textContent = navigator.onLine ? 'on' : 'off'"
    (tmp_path / "alone.html").write_text(f"<body><script>{script}</script>", encoding="utf-8")
    page = open_offline(tmp_path / "alone.html")
    expect(page.locator("body")).to_have_text("off")


def test_screenshot_is_a_png_of_the_part(
    page: "Page", screenshot: "Callable[[Page | Locator, str], Path]"
) -> None:
    page.set_content("<p>A lesson</p>")
    taken = screenshot(page.locator("p"), "harness")
    assert taken.name == "harness.png"
    assert taken.read_bytes().startswith(b"\x89PNG")


def test_browser_that_was_asked_for_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRAD_LITE_BROWSER", sys.executable)
    assert find_chromium("") == sys.executable
    monkeypatch.setenv("AUTOGRAD_LITE_BROWSER", "no such browser")
    with pytest.raises(pytest.fail.Exception, match="'no such browser', which is no program"):
        find_chromium(sys.executable)


def test_missing_browser_skips_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRAD_LITE_BROWSER", raising=False)
    monkeypatch.setenv("PATH", "")
    assert find_chromium(sys.executable) == sys.executable
    for ci, outcome in [
        ("", pytest.skip.Exception),
        ("false", pytest.skip.Exception),
        ("true", pytest.fail.Exception),
        ("1", pytest.fail.Exception),
    ]:
        monkeypatch.setenv("CI", ci)
        with pytest.raises(outcome, match="playwright install chromium"):
            find_chromium("no such file")
