"""Slides in a browser without a network: nothing overflows, keys turn the pages, paper works."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.notebooks.test_slides import LESSONS, deck, made

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Locator, Page

SIZE = {"width": 1280, "height": 720}
MEASURED = """() => [...document.querySelectorAll("section")].map((slide) => {
  const body = slide.querySelector(".body");
  return {
    name: slide.getAttribute("aria-label"),
    over: Math.max(body.scrollHeight - body.clientHeight, body.scrollWidth - body.clientWidth,
                   slide.scrollHeight - 720, slide.scrollWidth - 1280),
    text: parseFloat(getComputedStyle(body).fontSize),
    blank: body.clientHeight < 40,
    unseen: [...body.querySelectorAll("img")].some(
      (image) => image.naturalWidth === 0 || image.clientHeight < 60),
  };
})"""
Open = Callable[..., "Page"]


def written(path: Path, folder: Path) -> Path:
    page = folder / f"{path.stem}.html"
    page.write_text(made.to_page(deck(path)), encoding="utf-8")
    return page


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_slide_overflows(path: Path, open_offline: Open, tmp_path: Path) -> None:
    page = open_offline(written(path, tmp_path), viewport=SIZE)
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    for slide in page.evaluate(MEASURED):
        assert slide["over"] <= 0, slide
        assert slide["text"] >= 20, slide
        assert not slide["blank"], slide
        assert not slide["unseen"], slide


def test_keys_and_buttons_turn_the_pages(
    open_offline: Open, expect: "Expect", tmp_path: Path
) -> None:
    page = open_offline(written(LESSONS[1], tmp_path), viewport=SIZE)
    where, last = page.locator("#where"), page.locator("section").count()
    for key, number in [
        ("ArrowRight", 2), ("Space", 3), ("ArrowLeft", 2), ("End", last), ("ArrowRight", last),
        ("Home", 1), ("ArrowLeft", 1), ("PageDown", 2),
    ]:  # fmt: skip
        page.keyboard.press(key)
        expect(where).to_have_text(f"{number} of {last}")
        expect(page.locator("section.on")).to_have_count(1)
        expect(page.locator("section").nth(number - 1)).to_be_visible()
    expect(page.locator(".heard")).to_contain_text(f"Slide 2 of {last}: You will be able to")
    page.get_by_role("button", name="One slide on").click()
    expect(where).to_have_text(f"3 of {last}")
    assert page.url.endswith("#3")
    page.reload()
    expect(where).to_have_text(f"3 of {last}")


def test_notes_are_shown_when_asked_for(
    open_offline: Open, expect: "Expect", tmp_path: Path
) -> None:
    page = open_offline(written(LESSONS[1], tmp_path), viewport=SIZE)
    notes = page.locator("#notes")
    expect(notes).to_be_hidden()
    page.keyboard.press("n")
    expect(notes).to_be_visible()
    expect(page.get_by_role("button", name="notes")).to_have_attribute("aria-pressed", "true")
    expect(notes).to_have_text("No notes.")
    for slide in deck(LESSONS[1])[1:6]:
        page.keyboard.press("ArrowRight")
        for words in re.findall(r"\w+ \w+", "".join(slide.notes))[:3]:
            expect(notes).to_contain_text(words)


def pages_of(page: "Page") -> int:
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def test_each_slide_is_printed_on_a_page_of_its_own(open_offline: Open, tmp_path: Path) -> None:
    page = open_offline(written(LESSONS[2], tmp_path), viewport=SIZE)
    assert pages_of(page) == page.locator("section").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_slides_follow_the_colours_of_the_screen(
    scheme: str,
    open_offline: Open,
    tmp_path: Path,
    screenshot: "Callable[[Page | Locator, str], Path]",
) -> None:
    page = open_offline(written(LESSONS[2], tmp_path), viewport=SIZE, color_scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.querySelector('section')).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 25, 30)"}[scheme]
    page.keyboard.press("ArrowRight")
    screenshot(page, f"slides_{scheme}")


def test_a_small_window_shows_the_whole_slide(open_offline: Open, tmp_path: Path) -> None:
    page = open_offline(written(LESSONS[1], tmp_path), viewport={"width": 560, "height": 700})
    box = page.locator("section.on").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 560.5


def test_the_notation_is_printed_on_one_sheet(
    open_offline: Open, tmp_path: Path, screenshot: "Callable[[Page | Locator, str], Path]"
) -> None:
    made.main(["notation"], out=tmp_path)
    page = open_offline(tmp_path / "notation.html")
    assert pages_of(page) == 1
    screenshot(page, "notation")
    page.set_viewport_size({"width": 560, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 560
