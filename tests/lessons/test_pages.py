"""The course as pages: two lessons, run and written twice."""

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograd_lite.lessons import __main__ as command
from autograd_lite.lessons.pages import write_course
from autograd_lite.lessons.pages.cells import make_body
from autograd_lite.lessons.pages.course import _front
from autograd_lite.widgets.page import PAGE_MIME

PIXEL = base64.b64encode(b"a picture").decode()
FIRST = """# A small lesson: x·x

**Question.** Does it run, and is 1 < 2?

![A box with a number in it, which is *two*](../figures/small.svg)

## Part & part

| a | b |
|---|---|
| 1 | `x` |

See [the next one](01_next.ipynb#part-part) or [the web](https://example.org/).

## Part & part

<details><summary>Solution</summary>

`my_answer = 4`

</details>
"""
SHOW = """import autograd_lite as ag
x = ag.Tensor(2.0, name="</script><img src=x>")
ag.Stepper(x * x)"""
CHECK = """from autograd_lite import lessons
lessons.check("00.ready", None)
print("<b>1 < 2</b>")"""
PNG = f"""from IPython.display import display
alt = {{"image/png": {{"alt": 'six "dots"'}}}}
display({{"image/png": "{PIXEL}"}}, raw=True, metadata=alt)"""


class Found(HTMLParser):
    """Every tag in turn with its attributes, and which were left open."""

    VOID = ("img", "meta", "link", "br", "hr", "input")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def store(path: Path, *cells: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=list(cells)), path)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = tmp_path_factory.mktemp("course")
    codes = [new_code_cell(code) for code in (SHOW, CHECK, PNG)]
    store(course / "notebooks" / "00_small.ipynb", new_markdown_cell(FIRST), *codes)
    store(course / "notebooks" / "01_next.ipynb", new_markdown_cell("# Next\n\n## Part & part"))
    (course / "figures").mkdir()
    (course / "figures" / "small.svg").write_text("<svg/>")
    return course


@pytest.fixture(scope="module")
def pages(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    assert sorted(write_course(course, folder)) == sorted(p for p in folder.rglob("*.*"))
    return folder


@pytest.fixture(scope="module")
def small(pages: Path) -> str:
    return (pages / "00_small.html").read_text(encoding="utf-8")


def test_the_files_of_a_course(pages: Path) -> None:
    names = sorted(p.relative_to(pages).as_posix() for p in pages.rglob("*.*"))
    assert names == [
        "00_small.html", "01_next.html", "figures/small.svg", "index.html", "page.css",
        "widgets.css", "widgets.js",
    ]  # fmt: skip


def test_two_builds_give_the_same_bytes(course: Path, pages: Path, tmp_path: Path) -> None:
    before = (course / "notebooks" / "00_small.ipynb").read_bytes()
    for path in write_course(course, tmp_path):
        assert path.read_bytes() == (pages / path.relative_to(tmp_path)).read_bytes(), path.name
    assert (course / "notebooks" / "00_small.ipynb").read_bytes() == before


@pytest.mark.parametrize("name", ["00_small.html", "01_next.html", "index.html"])
def test_every_page_is_whole(pages: Path, name: str) -> None:
    found = Found((pages / name).read_text(encoding="utf-8"))
    assert not found.open
    assert found.all("html") == [{"lang": "en"}]
    for once in ("h1", "main", "title"):
        assert len(found.all(once)) == 1, once
    assert found.all("nav")
    assert found.all("a")[0] == {"class": "skip", "href": "#main"}
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(here <= before + 1 for before, here in zip([0, *levels], levels, strict=False))
    assert all(attributes.get("alt") for attributes in found.all("img"))
    assert not any(name.startswith("on") for _, attributes in found.tags for name in attributes)


def test_links_lead_to_pages_and_to_parts_of_them(pages: Path, small: str) -> None:
    links = [attributes["href"] for attributes in Found(small).all("a")]
    assert {"01_next.html", "01_next.html#part-part", "index.html", "https://example.org/"} <= set(
        links
    )
    assert 'id="part-part"' in (pages / "01_next.html").read_text(encoding="utf-8")
    assert [a for a in Found(small).all("h2") if a["id"] == "part-part-2"]


def test_text_stays_text(small: str) -> None:
    assert "&lt;b&gt;1 &lt; 2&lt;/b&gt;" in small
    assert 'alt="six &quot;dots&quot;"' in small
    assert 'alt="A box with a number in it, which is two"' in small
    assert not [a for a in Found(small).all("img") if a["src"] == "x"]


def test_a_widget_has_its_picture_and_its_state(small: str) -> None:
    (state,) = re.findall(r'<script type="application/json">(.*?)</script>', small, re.DOTALL)
    loaded = json.loads(state)
    assert loaded["state"]["_kind"] == "stepper"
    assert loaded["recorded"]["index"]
    assert "_esm" not in loaded["state"]
    assert re.search(r'<div class="still wide"><img alt="Computation graph', small)


def test_each_front_end_is_in_the_course_once(pages: Path) -> None:
    script = (pages / "widgets.js").read_text(encoding="utf-8")
    assert script.count('fronts["stepper"] =') == 1
    assert "export default" not in script
    assert "import " not in re.sub(r"//.*", "", script)


def test_nothing_is_fetched(pages: Path, small: str) -> None:
    used = [
        a.get("src") or a.get("href")
        for t in ("img", "link", "script")
        for a in Found(small).all(t)
    ]
    assert all(
        one is None or not re.match(r"\w+:|//", one) or one.startswith("data:") for one in used
    )
    for path in pages.glob("*.css"):
        assert not re.search(r"@import|url\(", path.read_text(encoding="utf-8"))


def test_an_exercise_has_its_hints_and_says_who_judges(small: str) -> None:
    assert "00.ready: not tried yet" in small
    assert small.count("<summary>Hint") == 3
    assert "The live lesson judges it." in small


def test_a_failing_lesson_is_named(tmp_path: Path) -> None:
    store(tmp_path / "notebooks" / "03_broken.ipynb", new_code_cell("1 / 0"))
    with pytest.raises(RuntimeError, match=r"03_broken.ipynb: ZeroDivisionError"):
        write_course(tmp_path, tmp_path / "pages")
    assert not (tmp_path / "pages").exists()


def test_two_front_ends_of_one_name_are_refused() -> None:
    def output(module: str) -> Any:
        page = {"kind": "x", "module": module, "css": "", "state": {}, "recorded": None}
        return {"output_type": "display_data", "metadata": {}, "data": {PAGE_MIME: page}}

    cells = [new_code_cell("", outputs=[output(module)]) for module in ("a", "b")]
    with pytest.raises(ValueError, match="different front ends"):
        make_body(nbformat.from_dict({"cells": cells}))
    with pytest.raises(ValueError, match="export default"):
        _front("x", "export { render };")


def test_the_command_writes_pages(
    course: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "course_folder", lambda: course)
    assert command.main(["--html", str(tmp_path / "pages")]) == 0
    assert str(tmp_path / "pages" / "index.html") in capsys.readouterr().out
    assert (tmp_path / "pages" / "00_small.html").is_file()


def test_html_takes_a_folder_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["--html", "pages", "--no-browser"])
    assert "--html takes a folder and nothing else" in capsys.readouterr().err
