"""All prose that people read: spelling, headings in order, and links that lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from . import guards
from .load import NOTEBOOKS, ROOT

SOURCES = sorted((NOTEBOOKS / "sources").glob("*.md"))
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
    *(NOTEBOOKS / "README.md", ROOT / "figures" / "README.md"),
    *SOURCES,
    *sorted((NOTEBOOKS / "teaching").glob("*.md")),
]
CHECKS = sorted((ROOT / "autograd_lite" / "lessons").glob("*.py"))  # what a learner is told
CODE = re.compile(r"^(`{3,}).*?^\1|`[^`\n]+`", re.MULTILINE | re.DOTALL)
WORDS_OF_OURS = "fro"  # to and fro
# Words that other spellings of English have in place of those used here.
ELSEWHERE = re.compile(
    r"\b(behavior|center|color|favor|fiber|gray|honor|labor|neighbor|analyz|initializ|normaliz"
    r"|optimiz|organiz|realiz|recogniz|summariz|minimiz|maximiz|visualiz|labeled|modeling"
    r"|canceled|traveled|catalog\b|dialog\b)\w*",
    re.IGNORECASE,
)
NAMES = {"optimizer"}  # of the package
each_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}"
)


def prose(text: str) -> str:
    """The text with code blanked out, its lines where they were."""
    return CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def as_notebook(page: Path) -> NotebookNode:
    cell = new_markdown_cell(page.read_text(encoding="utf-8"))
    cell.id = page.stem[:60]
    return new_notebook(cells=[cell])


def misspelt(files: dict[str, str], folder: Path) -> str:
    """What codespell complains of in these texts: nothing when all is well."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "codespell_lib", "--builtin", "clear,rare,informal"]
    run = subprocess.run(
        [*command, "--ignore-words-list", WORDS_OF_OURS, *sorted(files)],
        cwd=folder, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert not run.stderr, run.stderr
    return run.stdout


def test_no_word_is_misspelt(tmp_path: Path) -> None:
    files = {
        f"{page.parent.name}-{page.name}": prose(page.read_text(encoding="utf-8")) for page in PAGES
    }
    files |= {page.name: page.read_text(encoding="utf-8") for page in CHECKS}
    assert misspelt(files, tmp_path) == ""


def test_a_misspelt_word_is_found(tmp_path: Path) -> None:
    text = prose("One.\n\n```text\nteh\n```\n\nA `teh` and the recieved gradient.\n")
    found = misspelt({"a.md": text}, tmp_path)
    assert found.strip().endswith("a.md:7: recieved ==> received")
    assert "teh" not in found


@each_page
def test_one_spelling_of_english_is_used(page: Path) -> None:
    found = ELSEWHERE.finditer(prose(page.read_text(encoding="utf-8")))
    assert [word[0] for word in found if word[0].casefold() not in NAMES] == []


@each_page
def test_headings_are_in_order(page: Path) -> None:
    assert guards.headings(as_notebook(page)) == []


def anchors(page: Path) -> set[str]:
    """The places of a page that a link can name, as they are made from its headings."""
    if page.suffix != ".md":
        return set()
    found = set()
    for heading in re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)|[*`]", r"\1", heading).casefold()
        found.add(re.sub(r"[^\w\- ]", "", words).strip().replace(" ", "-"))
    return found


def lost(page: Path) -> list[str]:
    """The links and pictures of a page that lead nowhere."""
    folder = page.parents[1] if page in SOURCES else page.parent  # notebooks lie one folder up
    found = []
    for _, tag, attributes in guards.markdown_tags(as_notebook(page)):
        link = attributes.get({"a": "href", "img": "src"}.get(tag, ""), "")
        if not link or (page.name, link) == ("README.md", "../figures/NAME.svg"):
            continue
        parts = urlsplit(link)
        target = folder / unquote(parts.path) if parts.path else page
        if parts.scheme or parts.netloc:
            good = parts.scheme == "https" and "." in parts.netloc and " " not in link
        else:
            good = target.exists() and (not parts.fragment or parts.fragment in anchors(target))
        found += [] if good else [link]
    return found


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    assert lost(page) == []


def test_a_lost_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text(
        "# A *good* `heading`, here\n\n[a](#a-good-heading-here) [b](#lost) [c](lost.md) [d](a.md) "
        "[e](http://a.org) [f](https://a.org) <img src='lost.svg'>\n",
        encoding="utf-8",
    )
    assert lost(page) == ["#lost", "lost.md", "http://a.org", "lost.svg"]
