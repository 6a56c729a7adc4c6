"""The course as pages, opened from files with the network off."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.views.number import format_number
from autograd_lite.widgets.columns import unpack

from .axe import serious

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Locator, Page

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
LINK = re.compile(r'<(\w+)[^>]*? (?:href|src)="([^"]*)"')
MOST_A_PAGE, MOST = 1_000_000, 10_000_000
LOOKED_AT = ["index", *(one for one in LESSONS if one[:2] in {"00", "01", "02", "03", "06", "08"})]


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole course, written by the command."""
    folder = tmp_path_factory.mktemp("course")
    command = [sys.executable, "-m", "autograd_lite.lessons", "--html", str(folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def open_page(course: Path, open_offline: Callable[..., "Page"]) -> Callable[..., "Page"]:
    """A page of the course, all of its widgets live."""

    def open_one(name: str, **options: Any) -> "Page":
        page = open_offline(course / f"{name}.html", **options)
        page.wait_for_function(
            "() => [...document.querySelectorAll('.widget')].every((one) =>"
            " one.matches('.is-live') && one.querySelector('.ag-widget'))"
        )
        return page

    return open_one


def recorded(widget: "Locator") -> dict[str, Any]:
    return json.loads(widget.locator("> script").text_content() or "")


def sentences(widget: "Locator") -> list[list[str]]:
    """The steps as the widget tells them in its table."""
    script = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    return widget.locator(".live .ag-table tbody tr").evaluate_all(script)


def test_every_lesson_is_there_and_no_page_is_large(course: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in course.rglob("*") if path.is_file()}
    assert {f"{lesson}.html" for lesson in LESSONS} < set(sizes)
    assert {name: size for name, size in sizes.items() if size > MOST_A_PAGE} == {}
    assert sum(sizes.values()) < MOST


def test_every_link_leads_somewhere(course: Path) -> None:
    for path in sorted(course.glob("*.html")):
        html = re.sub(r"<script type=.*?</script>", "", path.read_text("utf-8"), flags=re.DOTALL)
        for tag, link in LINK.findall(html):
            parts = urlsplit(link)
            if parts.scheme == "data":
                continue
            assert not parts.scheme or tag == "a", f"{path.name}: {link} is fetched"
            if parts.scheme:
                continue
            target = course / unquote(parts.path) if parts.path else path
            assert target.is_file(), f"{path.name}: {link}"
            if parts.fragment and target.suffix == ".html":
                assert f' id="{parts.fragment}"' in target.read_text("utf-8"), link


def test_every_page_is_in_order(course: Path) -> None:
    for path in sorted(course.glob("*.html")):
        html = re.sub(r"<script type=.*?</script>", "", path.read_text("utf-8"), flags=re.DOTALL)
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", html)]
        assert levels.count(1) == 1, path.name
        assert all(b <= a + 1 for a, b in zip([0, *levels], levels, strict=False)), path.name
        ids = re.findall(r' id="([^"]*)"', html)
        assert len(ids) == len(set(ids)), path.name
        assert all(re.search(r' alt="[^"]', one) for one in re.findall(r"<img[^>]*>", html))


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_steps_and_slides(lesson: str, open_page: Callable[..., "Page"]) -> None:
    """Keys lead through the steps; a slider shows what Python gave for its place."""
    page = open_page(lesson)
    for widget in page.locator(".widget").filter(has=page.locator(".ag-stepper")).all():
        if widget.locator(".ag-views").is_visible():
            widget.get_by_label("steps", exact=True).check()
        root = widget.locator(".live .ag-stepper")
        data = recorded(widget)
        last = len(data["state"]["_trace"]["steps"]) - 1
        root.focus()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        assert widget.locator(".ag-counter").text_content() == f"step 2 of {last + 1}"
        page.keyboard.press("End")
        assert widget.locator(".ag-counter").text_content() == f"step {last + 1} of {last + 1}"
        page.keyboard.press("ArrowLeft")
        assert sentences(widget) == data["state"]["_trace"]["rows"]
        if data["recorded"] and widget.locator(".ag-inputs input").count():
            slide(page, widget, data["recorded"])


def slide(page: "Page", widget: "Locator", answers: dict[str, Any]) -> None:
    """One place up with the first slider."""
    axes, slider = answers["axes"], widget.locator(".ag-inputs input").first
    slider.focus()
    up = axes[0]["start"] + 1 < len(axes[0]["places"])
    page.keyboard.press("ArrowRight" if up else "ArrowLeft")
    at = [axis["start"] for axis in axes]
    at[0] += 1 if up else -1
    place = at[0] if answers["single"] else 0
    if not answers["single"]:
        for one, axis in zip(at, axes, strict=True):
            place = place * len(axis["places"]) + one
    wanted = unpack(answers, answers["index"][place])
    assert float(slider.input_value()) == pytest.approx(wanted["inputs"][axes[0]["name"]])
    assert sentences(widget) == wanted["_trace"]["rows"]


def test_two_sliders_give_what_the_engine_gives(open_page: Callable[..., "Page"]) -> None:
    page = open_page("01_two_passes")
    widget = page.locator(".widget").nth(4)  # the finished graph
    for name, keys in (("x1", ["ArrowLeft"] * 3), ("x2", ["Home", "ArrowRight"])):
        widget.locator(f'.ag-inputs input[data-input="{name}"]').focus()
        for key in keys:
            page.keyboard.press(key)
    values = {
        name: float(widget.locator(f'.ag-inputs input[data-input="{name}"]').input_value())
        for name in ("x1", "x2")
    }
    assert values == {"x1": 0.5, "x2": -5.0}
    x1, x2 = (ag.Tensor(value, name=name) for name, value in values.items())
    y = np.sin(x1) + x1 * x2
    y.backward()
    for node, number in (("v4", y.item()), ("v0", x1.item()), ("v1", x2.item())):
        assert format_number(number) in shown(widget, f"{node}.value")
    for node, leaf in (("v0", x1), ("v1", x2)):
        assert format_number(float(leaf.grad)) in shown(widget, f"{node}.grad")
    assert widget.locator(".ag-silence").text_content() == ""


def shown(widget: "Locator", slot: str) -> str:
    return widget.locator(f'.live svg [data-slot="{slot}"]').text_content() or ""


def test_many_sliders_move_one_at_a_time(open_page: Callable[..., "Page"]) -> None:
    page = open_page("06_the_231_network")
    widget = page.locator(".widget").last
    sliders = widget.locator(".ag-inputs input")
    before = sliders.nth(0).input_value()
    sliders.nth(0).press("ArrowRight")
    assert sliders.nth(0).input_value() != before
    sliders.nth(1).press("ArrowRight")
    assert sliders.nth(0).input_value() == before


def test_an_explored_function_takes_its_other_branch(open_page: Callable[..., "Page"]) -> None:
    page = open_page("02_gate_rules")
    own = page.locator('.widget[data-kind="own"]')
    said = own.locator(".ag-remark")
    assert "x1 = 2.0000" in sentences(own)[0][-1]
    assert "computed without x2" in (said.text_content() or "")
    own.locator('input[data-input="x1"]').press("Home")
    assert "computed without x1" in (said.text_content() or "")
    assert "x2 = −1.0000" in sentences(own)[0][-1]


def test_a_formula_is_text_and_slides(open_page: Callable[..., "Page"]) -> None:
    page = open_page("01_two_passes")
    own = page.locator('.widget[data-kind="own"]')
    assert own.get_by_text("y = sin(x1) + x1*x2", exact=True).is_visible()
    assert own.locator("input[type=text]").count() == 0
    slider = own.locator('input[data-input="x2"]')
    slider.press("Home")
    y = np.sin(2.0) + 2.0 * float(slider.input_value())
    assert y < -5
    assert sentences(own)[4][-1].endswith(f"= {format_number(float(y))}")


def test_a_quiz_shows_and_says_who_judges(open_page: Callable[..., "Page"]) -> None:
    page = open_page("01_two_passes")
    quiz = page.locator('.widget[data-kind="quiz"]')
    typed, missed = quiz.locator('input[data-asked="gradient of x1"]'), quiz.locator(".missed")
    typed.fill("5")
    typed.press("Enter")
    assert "cannot judge an answer" in missed.inner_text()
    assert quiz.locator(".ag-counter").text_content() == "0 of 5 right"
    assert typed.input_value() == "5"
    quiz.get_by_role("button", name="Show the gradient of x1").click()
    assert typed.input_value() in {"", "5"}
    assert "2.5839" in shown(quiz, "v0.grad")
    assert missed.text_content() == ""


def test_a_nudge_goes_from_one_recorded_h_to_the_next(open_page: Callable[..., "Page"]) -> None:
    page = open_page("01_two_passes")
    widget = page.locator(".widget").filter(has=page.get_by_label("nudge", exact=True))
    h = widget.get_by_label("h, dragged")
    h.press("ArrowRight")
    words = widget.locator(".ag-aside .ag-words")
    assert (words.text_content() or "").startswith("x1 moves by h = 0.2000")
    widget.get_by_label("Nudge", exact=True).last.select_option("x2")
    assert (words.text_content() or "").startswith("x2 moves by h = 0.2000")
    for view in ("paths", "check"):
        widget.get_by_label(view, exact=True).check()
        assert widget.locator(".ag-told tbody tr").count()
    assert widget.locator(".ag-silence").all_text_contents() == ["", ""]


def test_the_bench_shows_gradients_to_compare(open_page: Callable[..., "Page"]) -> None:
    page = open_page("02_gate_rules")
    bench = page.locator(".ag-bench")
    bench.locator("select").select_option("multiply")
    bench.locator('input[data-input="x"]').press("ArrowLeft")
    bench.locator('input[data-predict="x"]').fill("1")
    bench.locator(".ag-look").click()
    assert bench.locator(".ag-feedback div").all_text_contents() == [
        "· x: it is 1.5000. Compare it with your prediction.",
        "· y: it is 0.5000. Compare it with your prediction.",
    ]
    bench.locator('input[data-input="x"]').press("ArrowLeft")
    assert bench.locator(".ag-feedback div").count() == 0  # another question


def test_the_training_loop_walks(open_page: Callable[..., "Page"], expect: "Expect") -> None:
    page = open_page("08_training_loop")
    loop, live = page.locator(".ag-training"), ag.TrainingLoop()
    said = loop.locator(".ag-words").first
    for button in ("forward", "backward", "backward", "step", "reset"):
        loop.locator(f".ag-{button}").click()
        getattr(live, button)()
        assert said.text_content() == live.said
    loop.locator(".ag-run").click()
    expect(said).to_contain_text("Only Python knows")
    assert loop.locator(".ag-counter").text_content() == "800 steps taken"
    loop.locator("input[type=range]").press("ArrowRight")
    assert loop.locator(".ag-counter").text_content() == "0 steps taken"


def test_the_flow_has_every_choice(open_page: Callable[..., "Page"]) -> None:
    page = open_page("09_vanishing_gradients")
    flow = page.locator(".ag-flow")
    flow.locator("input[type=range]").press("ArrowRight")
    flow.locator("select").first.select_option("relu")
    live = ag.GradientFlow(12, "relu", "xavier", width=64)
    assert flow.locator(".ag-words").first.text_content() == live.said


def test_without_scripts_the_pictures_are_there(
    course: Path, open_offline: Callable[..., "Page"]
) -> None:
    page = open_offline(course / "01_two_passes.html", java_script_enabled=False)
    assert page.locator(".still img").first.is_visible()
    assert not page.locator(".ag-widget").count()


def test_paper_has_the_pictures(open_page: Callable[..., "Page"]) -> None:
    page = open_page("01_two_passes")
    page.emulate_media(media="print")
    assert page.locator(".still img").first.is_visible()
    assert not page.locator(".ag-widget").first.is_visible()
    assert not page.locator("nav").first.is_visible()


@pytest.mark.parametrize("lesson", ["index", *LESSONS])
def test_a_narrow_page_does_not_scroll_sideways(
    lesson: str, open_page: Callable[..., "Page"], screenshot: Callable[..., Path]
) -> None:
    page = open_page(lesson, viewport={"width": 560, "height": 900}, color_scheme="dark")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0
    screenshot(page, f"page_{lesson[:2]}_narrow_dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lesson", LOOKED_AT)
def test_axe_finds_nothing_serious(
    lesson: str, scheme: str, open_page: Callable[..., "Page"], screenshot: Callable[..., Path]
) -> None:
    page = open_page(lesson, color_scheme=scheme)
    page.evaluate(
        "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
    )
    assert serious(page) == []
    screenshot(page, f"page_{lesson[:2]}_{scheme}")


def test_a_function_is_drawn_as_its_slider_says(open_page: Callable[..., "Page"]) -> None:
    widget = open_page("02_gate_rules").locator('.widget[data-kind="own"]').first
    slider = widget.locator('input[type=range][data-input="x1"]')
    slider.press("ArrowLeft")  # what is said changes with it
    assert slider.input_value() == "1.5"
    assert "x1=1.5000" in (widget.locator(".ag-equation").first.text_content() or "")
