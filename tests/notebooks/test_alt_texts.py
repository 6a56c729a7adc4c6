"""What stands in for a picture says what is drawn: true, of this picture, and in words."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import nbformat
import pytest
from markdown_it import MarkdownIt

from .guards import ALT_LENGTH, Tags, code_cells, markdown_tags
from .load import NOTEBOOKS, ROOT, decoded

STORED = sorted(NOTEBOOKS.glob("*.ipynb"))
FIGURES = sorted((ROOT / "figures").glob("*.svg"))
FILE_NAME = re.compile(r"\.(svg|png|jpe?g)\b|\w+_\w+\.\w+")
EMPTY_WORDS = re.compile(r"^(an? )?(image|picture|photo|figure|graphic) of\b", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")
# Decimals as they are written in a picture: 2.5839, −0.0983, 1.5023e−06.
DECIMAL = re.compile(r"[−-]?\d+\.\d+(?:e[−+-]?\d+)?")
NUMBER = re.compile(r"[−-]?\d+(?:\.\d+)?(?:e[−+-]?\d+)?")


class Shown(NamedTuple):
    """A picture: where it is, what is told of it, and what is written in the drawing.

    `by_hand`: somebody wrote the text, so its numbers are held against the drawing. A text that
    is made tells entries of arrays too, which are drawn as shades.
    """

    where: str
    alt: str
    source: str
    words: str = ""
    by_hand: bool = False


def in_notebook(path: Path) -> Iterator[Shown]:
    """Every picture of a stored lesson, those of the prose and those below the cells."""
    notebook = nbformat.read(path, as_version=4)
    for cell, tag, attributes in markdown_tags(notebook):
        if tag == "img":
            source = attributes["src"]
            drawn = (NOTEBOOKS / source).read_text(encoding="utf-8")
            yield Shown(cell, attributes.get("alt", ""), source, words(drawn), by_hand=True)
    for code in code_cells(notebook):
        for output in code.outputs:
            data = output.get("data", {})
            if "image/png" in data:
                told = output.metadata.get("image/png", {}).get("alt", "")
                told = told or output.metadata.get("alt", "")
                yield Shown(code.id, told, data["image/png"])
            for tag, attributes in Tags(data.get("text/html", "")).found:
                if tag == "img":
                    source = attributes["src"]
                    told = attributes.get("alt", "")
                    yield Shown(code.id, told, source, words(decoded(source)))


def in_readme() -> Iterator[Shown]:
    for token in MarkdownIt().parse((ROOT / "README.md").read_text(encoding="utf-8")):
        for child in token.children or ():
            if child.type == "image":
                source = str(child.attrs["src"])
                drawn = (ROOT / source).read_text(encoding="utf-8")
                yield Shown("README.md", child.content, source, words(drawn), by_hand=True)


def words(svg: str) -> str:
    """All that is written in a drawing."""
    texts = [element for element in ET.fromstring(svg).iter() if element.tag.endswith("}text")]
    return " ".join("".join(element.itertext()) for element in texts)


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def complaints(shown: Shown) -> list[str]:
    """What is wrong with one alternative text."""
    alt, found = shown.alt.strip(), []
    if len(alt) < ALT_LENGTH:
        found.append("is too short to stand in for a picture")
    if FILE_NAME.search(alt):
        found.append("names a file")
    if EMPTY_WORDS.match(alt):
        found.append("begins with what a screen reader says anyway")
    if re.search(r"(?<!\w)-\d", alt):
        found.append("writes a minus as a hyphen, which is not read out")
    if shown.words and not set(WORD.findall(alt)) & set(WORD.findall(shown.words)):
        found.append("says no word and no number of those that are drawn")
    if not shown.words and not NUMBER.search(alt) and len(WORD.findall(alt)) < 8:
        found.append("says neither a number nor much else")
    there = {number(text) for text in NUMBER.findall(shown.words)}
    wrong = [text for text in DECIMAL.findall(alt) if shown.by_hand and not known(text, there)]
    if wrong:
        found.append(f"tells {', '.join(wrong)}, which is not drawn")
    return [f"{shown.where}: {alt!r} {complaint}" for complaint in found]


def known(text: str, there: set[float]) -> bool:
    """Whether a number is drawn, with the sign or (a difference, "falls by") without it."""
    return number(text) in there or -number(text) in there


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_every_picture_of_a_lesson_is_told(path: Path) -> None:
    shown = list(in_notebook(path))
    assert shown
    assert [text for one in shown for text in complaints(one)] == []
    told = {one.source: one.alt for one in shown}
    assert len(set(told.values())) == len(told), "two pictures have the same alternative text"


def test_every_picture_of_the_readme_is_told() -> None:
    shown = list(in_readme())
    assert shown
    assert [text for one in shown for text in complaints(one)] == []


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_a_figure_by_itself_has_a_name(path: Path) -> None:
    """A figure that is opened alone, or set into a page, tells what it is."""
    svg = ET.fromstring(path.read_text(encoding="utf-8"))
    assert svg.get("role") in {"img", "group"}
    assert complaints(Shown(path.name, svg.get("aria-label", ""), path.name)) == []


def svg(*texts: str) -> str:
    inside = "".join(f"<text>{text}</text>" for text in texts)
    return words(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>')


@pytest.mark.parametrize(
    ("alt", "drawn", "complaint"),
    [
        ("x is 2 and the gradient −0.5 arrives", svg("x", "▸ 2.0000", "◂ ∇ −0.5000"), None),
        ("Two bars, the second one is longer than the first by 3", "", None),
        ("A graph", svg("A"), "too short"),
        ("", svg("A"), "too short"),
        ("two_passes.svg, the graph of y", svg("y"), "names a file"),
        ("Picture of the graph of y and of x", svg("y"), "screen reader says anyway"),
        ("The weights go from -1.83 to 1.83", "", "minus as a hyphen"),
        ("A graph with several boxes and arrows", svg("x1", "v2"), "no word and no number"),
        ("x is 2.5 and the gradient arrives there", svg("x", "2.0000"), "tells 2.5, which is not"),
        ("Some curves of the training", "", "neither a number nor much else"),
    ],
)
def test_the_rules_go_red(alt: str, drawn: str, complaint: str | None) -> None:
    found = complaints(Shown("here", alt, "picture", drawn, by_hand=True))
    if complaint is None:
        assert found == []
    else:
        assert len(found) >= 1
        assert complaint in found[0]
