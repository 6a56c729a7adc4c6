"""The stored figures are what figures/build.py draws, and every figure that is shown exists."""

import re
import runpy
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "figures"
BUILD = FIGURES / "build.py"
PAGES = [ROOT / "README.md", *sorted((ROOT / "notebooks").rglob("*.md")),
         *sorted((ROOT / "notebooks").glob("*.ipynb"))]  # fmt: skip
SHOWN = re.compile(r"!\[(?P<alt>[^]]*)\]\((?P<path>(?:\.\./)*figures/[^)\s]+)\)")

module: dict[str, Any] = runpy.run_path(str(BUILD), run_name="figures")


@pytest.mark.parametrize("name", module["FIGURES"])
def test_a_stored_figure_is_what_is_drawn(name: str) -> None:
    pytest.importorskip("pygraphviz", exc_type=ImportError)  # other engines place differently
    stored = (FIGURES / f"{name}.svg").read_bytes()
    assert stored.decode() == module["FIGURES"][name]().svg() + "\n"


def test_every_stored_figure_is_drawn_by_the_script() -> None:
    assert {path.stem for path in FIGURES.glob("*.svg")} == set(module["FIGURES"])


def shown() -> list[tuple[Path, str, str]]:
    return [
        (page, found["path"], found["alt"])
        for page in PAGES
        for found in SHOWN.finditer(page.read_text(encoding="utf-8"))
    ]


def test_every_figure_that_a_page_shows_exists_and_is_described() -> None:
    found = shown()
    assert len(found) >= 10
    for page, path, alt in found:
        # A lesson's source shows what the notebook built from it shows, one folder up.
        folder = page.parents[1] if page.parent.name == "sources" else page.parent
        assert (folder / path).is_file() or "NAME" in path, (page.name, path)
        assert len(alt) > 40 or "NAME" in path, (page.name, path)


def test_every_figure_is_shown_somewhere() -> None:
    assert {Path(path).stem for _, path, _ in shown()} >= set(module["FIGURES"])


@pytest.mark.parametrize("path", sorted(FIGURES.glob("*.svg")), ids=lambda path: path.stem)
def test_a_figure_is_a_drawing_that_needs_nothing_else(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    svg = ET.fromstring(text)
    scopes = svg.findall(".//*[@class='ag-toggle']")  # what can be pressed makes it a group
    assert svg.get("role") == ("group" if scopes else "img")
    assert svg.get("aria-label")
    assert set(re.findall(r"https?://[^\"]*", text)) == {"http://www.w3.org/2000/svg"}


def run(folder: Path, check: bool, monkeypatch: pytest.MonkeyPatch) -> tuple[int, dict[str, bytes]]:
    """The script at work in another folder, and what is there afterwards."""
    monkeypatch.setitem(module["main"].__globals__, "HERE", folder)
    code = module["main"](check)
    return code, {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_script_writes_and_checks_and_names_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, True, monkeypatch) == (1, {})  # all missing, and checking writes nothing
    code, written = run(tmp_path, False, monkeypatch)
    assert (code, len(written)) == (0, len(module["FIGURES"]) + 1)  # and README.md
    assert run(tmp_path, True, monkeypatch) == (0, written)

    capsys.readouterr()
    (tmp_path / "gate_add.svg").write_text("changed\n", encoding="utf-8")
    assert run(tmp_path, True, monkeypatch)[0] == 1
    assert capsys.readouterr().out == "figures/gate_add.svg is not up to date\n"
    assert run(tmp_path, False, monkeypatch) == (0, written)

    (tmp_path / "old.svg").write_text("old\n", encoding="utf-8")
    assert run(tmp_path, True, monkeypatch)[0] == 1
    assert "figures/old.svg is drawn by nothing" in capsys.readouterr().out


def test_the_list_has_every_figure_with_its_text_and_lessons() -> None:
    text = (FIGURES / "README.md").read_text(encoding="utf-8")
    assert text == module["listing"](), "run: python figures/build.py"
    for name in module["FIGURES"]:
        part = text.partition(f"\n## {name}.svg\n")[2].partition("\n## ")[0]
        link = re.search(r"\(\.\./notebooks/(\w+)\.ipynb\)", part)
        assert link, name
        source = (ROOT / "notebooks" / "sources" / f"{link[1]}.md").read_text(encoding="utf-8")
        assert f"(../figures/{name}.svg)" in source
        assert part.strip().splitlines()[2].removesuffix(".") in source


def test_a_figure_that_no_lesson_shows_stops_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module["FIGURES"], "unseen", module["FIGURES"]["node"])
    with pytest.raises(SystemExit, match=r"unseen\.svg is shown by no lesson"):
        module["listing"]()


def test_a_picture_may_stand_above_its_equations() -> None:
    drawn = module["node"]()
    svg = ET.fromstring(drawn.svg())
    below = [text for text in svg.findall("{*}text") if text.text and "=" in text.text]
    assert [text.text for text in below] == [line.text for line in drawn.picture.equations()]
    height = float(svg.get("height") or 0)
    assert svg.get("viewBox") == f"0 0 {svg.get('width')} {height:g}"
    assert all(float(text.get("y") or 0) < height - 8 for text in below)
