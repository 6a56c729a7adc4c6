"""Write the slides of a lesson from its notebook: `python notebooks/slides.py 01`.

They come as slides/01_two_passes.html, one file that needs no network. No lesson is marked up for
it. On a slide stand the title, the aims, what is to be predicted (without answers), pictures,
rules, tables, short code with its output, key points and the quiz. The text between is the notes.
`python notebooks/slides.py notation` writes the notation sheet as one page to print.
"""

import argparse
import base64
import re
import sys
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograd_lite.lessons.catalogue import find
from autograd_lite.lessons.choice import Choice

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from to_html import COLOURS, blocks, python, to_html  # noqa: E402

LINES = 19  # of code and output together on one slide
ROWS = 10  # lines of a table
LEAD = 320  # characters of a paragraph that stands above what it leads to
PICTURE = re.compile(r"^\[?!\[(?P<alt>[^]]*)\]\((?P<path>[^)]+)\)")
SHOWN = re.compile(r'<img alt="(?P<alt>[^"]*)"[^>]*? src="(?P<src>[^"]+)"')
LIST = re.compile(r"^(- |1\. )", re.MULTILINE)
# A short line of its own, with a sign between its two sides.
FORMULA = re.compile(r"^(?=[^\n]* [=←] )(∂[^\n]{3,90}|[^\n]{3,90}(?<![.:?)]))$")
CHECK = re.compile(r'lessons\.check\("([^"]+)"')


@dataclass
class Slide:
    """One slide: its heading, what stands on it as HTML, and what is said with it."""

    title: str
    body: list[str]
    kind: str = "text"
    notes: list[str] = field(default_factory=list)

    def goes_with(self, other: "Slide") -> bool:
        """Whether both are a few lines of one section, that can stand below each other."""
        lines = "".join(self.body + other.body)
        alike = (self.kind, self.title) == (other.kind, other.title)
        return alike and len(lines) < 500 and "<table>" not in lines


@dataclass
class Deck:
    """Slides as they are made. Prose waits, until it is known what it leads to."""

    slides: list[Slide] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    title: str = ""

    def section(self, title: str) -> None:
        """A new heading. A section that was prose alone gets a slide of prose."""
        self.rest()
        self.title = title

    def rest(self) -> None:
        """What waits is said with the last slide of its section, or is a slide of its own."""
        self.lists()
        if self.slides and self.slides[-1].title == self.title:
            self.slides[-1].notes += self.waiting
        elif self.waiting:
            self.slides.append(Slide(self.title, fitting(self.waiting), notes=self.waiting))
        self.waiting = []

    def lists(self) -> None:
        """Lists that wait are shown, each with the paragraph that it belongs to."""
        for text in [text for text in self.waiting if LIST.search(text)]:
            self.waiting.remove(text)
            self.slides.append(Slide(self.title, [to_html(text)]))

    def add(self, *body: str, kind: str = "text") -> None:
        """A slide, with the paragraph before it above it when that is short."""
        self.lists()
        above = self.waiting[-1:] if kind != "picture" else []
        above = [text for text in above if len(text) <= LEAD]
        notes, self.waiting = self.waiting, []
        slide = Slide(self.title, [*map(to_html, above), *body], kind, notes)
        if kind == "given" and self.slides[-1].goes_with(slide):
            self.slides[-1].body += slide.body
            self.slides[-1].notes += slide.notes
        else:
            self.slides.append(slide)

    def ask(self, key: str) -> None:
        """What is to be predicted: the text up to the check, and letters when it has them."""
        exercise, notes, self.waiting = find(key), self.waiting, []
        if isinstance(exercise, Choice):
            body = [to_html(exercise.prompt), lettered(exercise)]
        else:
            body = [*fitting(notes), f'<p class="yours">Your answer: {escape(key)}</p>']
        last = self.slides[-1]
        if last.title == self.title and last.kind == "given":
            notes = self.slides.pop().notes + notes  # the question is about it
            body = last.body + body
        self.slides.append(Slide(self.title, body, "ask", notes))


def lettered(exercise: Choice) -> str:
    """The options of a question, with their letters."""
    options = "".join(f"<li>{plain(option.text)}</li>" for option in exercise.options)
    return f'<ol type="a">{options}</ol>'


def fitting(texts: list[str], characters: int = 700) -> list[str]:
    """As many of the last texts as there is room for, at least one."""
    kept: list[str] = []
    for text in reversed(texts):
        if kept and sum(map(len, kept)) + len(text) > characters:
            break
        kept.insert(0, text)
    return [to_html(text) for text in kept]


def plain(text: str) -> str:
    """A line of Markdown as HTML without a paragraph around it."""
    return to_html(text).removeprefix("<p>").removesuffix("</p>\n")


def slides(notebook: NotebookNode, folder: Path) -> list[Slide]:
    """The slides of a lesson. Pictures are looked for beside `folder`."""
    deck = Deck()
    cells = notebook.cells
    for position, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            for block in blocks(cell.source):
                add_block(deck, block, folder)
        elif deck.title:  # the first cell, before any heading, only imports
            following = cells[position + 1].source if position + 1 < len(cells) else ""
            add_cell(deck, cell, drawn=bool(PICTURE.match(following)))
    deck.rest()
    return deck.slides


def add_block(deck: Deck, block: str, folder: Path) -> None:
    """One block of Markdown: a heading, a picture, what is shown, or prose that waits."""
    picture = PICTURE.match(block)
    if block.startswith("# "):
        deck.slides.append(Slide(block[2:], [], "title"))
    elif not deck.title and not block.startswith("#"):
        opening(deck, block)
    elif block.startswith("## "):
        deck.section(block[3:])
    elif picture:
        deck.add(image(picture["alt"], inline(folder / picture["path"])), kind="picture")
    elif block.startswith("|"):
        for part in divided(block.splitlines()):
            deck.add(to_html(part), kind="given")
    elif block.startswith((">", "```")) or FORMULA.match(block):
        deck.add(to_html(block), kind="given")
    elif deck.title == "Exercises" and re.match(r"\*\*\d+\. ", block):
        deck.rest()
        deck.add(to_html(block))
    elif LIST.match(block):
        # A list belongs to the line before it, and to the question that may follow.
        above = deck.waiting.pop() if deck.waiting else ""
        deck.waiting.append(f"{above}\n\n{block}".strip())
    else:
        deck.waiting.append(block)


def opening(deck: Deck, block: str) -> None:
    """What stands before the first section: question and minutes, and then the aims."""
    first = deck.slides[0]
    if block.startswith("- "):
        deck.slides.append(Slide("You will be able to", [to_html(block)]))
    elif len(deck.slides) > 1:
        deck.slides[-1].notes.append(block)
    elif not block.startswith("You will be able to"):
        first.body.append(to_html(block))


def add_cell(deck: Deck, cell: NotebookNode, drawn: bool) -> None:
    """One code cell: a question, a picture, or code with its output.

    `drawn`: the text that follows begins with a picture, which shows more than the still one here.
    """
    asked = CHECK.search(cell.source)
    if asked:
        stub, exercise = cell.source.partition("lessons.check")[0].strip(), find(asked[1])
        if deck.title != "Exercises":
            deck.ask(asked[1])
        elif isinstance(exercise, Choice):
            deck.slides[-1].body.append(lettered(exercise))
        elif len(stub.splitlines()) in range(2, LINES):
            deck.slides[-1].body.append(python(stub))
        return
    pictures = [picture for output in cell.outputs for picture in shown(output)]
    if pictures:
        for alt, source in [] if drawn else pictures:
            deck.add(image(alt, source), kind="picture")
        return
    if deck.title == "Exercises":
        return
    said = "".join(text(output) for output in cell.outputs).rstrip("\n")
    lines, height = said.splitlines(), len(cell.source.splitlines())
    if said and height + len(lines) <= LINES:
        deck.add(python(cell.source), printed(lines))
    elif said:
        if 3 < height <= LINES:  # one line that prints says nothing
            deck.add(python(cell.source))
        slides = -(-len(lines) // LINES)
        for k in range(slides):
            deck.add(printed(lines[k * len(lines) // slides : (k + 1) * len(lines) // slides]))


def shown(output: NotebookNode) -> list[tuple[str, str]]:
    """The pictures of one output, as (alt text, address)."""
    data = output.get("data", {})
    if "image/png" in data:
        alt = output.metadata.get("image/png", {}).get("alt", "")
        return [(alt, f"data:image/png;base64,{data['image/png'].strip()}")]
    return [(found["alt"], found["src"]) for found in SHOWN.finditer(data.get("text/html", ""))]


def text(output: NotebookNode) -> str:
    """What an output says in plain text, as one that ends in a newline."""
    said = output.get("text") or output.get("data", {}).get("text/plain", "")
    return f"{said.rstrip()}\n" if said else ""


def printed(lines: list[str]) -> str:
    return f'<pre class="output">{escape(chr(10).join(lines))}</pre>'


def image(alt: str, source: str) -> str:
    return f'<img alt="{escape(alt, quote=True)}" src="{source}">'


def inline(path: Path) -> str:
    """A figure as an address that holds all of it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(path.read_bytes()).decode()}"


def divided(table: list[str]) -> list[str]:
    """A long table as several, each with the head of the first."""
    head, parts, lines = table[:2], [[]], 0
    for row in table[2:]:
        lines += 1 + row.count("<br>")
        if lines > ROWS:
            parts, lines = [*parts, []], 1 + row.count("<br>")
        parts[-1].append(row)
    return ["\n".join(head + part) for part in parts]


def to_page(found: list[Slide]) -> str:
    """All slides in the template: a file that stands alone."""
    title = found[0].title
    parts = [section(slide, number, len(found)) for number, slide in enumerate(found, 1)]
    template = (HERE / "slides.html").read_text(encoding="utf-8")
    for name, value in {
        "TITLE": escape(title),
        "COLOURS": COLOURS,
        "SLIDES": "".join(parts),
    }.items():
        template = template.replace(f"%{name}%", value)
    return template


def section(slide: Slide, number: int, of: int) -> str:
    tag = "h1" if slide.kind == "title" else "h2"
    heading = plain(slide.title)
    body = "".join(slide.body)
    notes = to_html("\n\n".join(slide.notes))
    label = escape(f"Slide {number} of {of}: {slide.title}", quote=True)
    return (
        f'<section class="{slide.kind}" aria-label="{label}"><{tag}>{heading}</{tag}>'
        f'<div class="body">{body}</div><aside class="notes">{notes}</aside></section>\n'
    )


def sheet(path: Path) -> str:
    """A page of Markdown as HTML that is printed on one sheet of paper."""
    body = re.sub(
        r'src="([^"]+)"',
        lambda found: f'src="{inline(path.parent / found[1])}"',
        to_html(path.read_text(encoding="utf-8")),
    )
    template = (HERE / "sheet.html").read_text(encoding="utf-8")
    return template.replace("%BODY%", body)


def main(argv: list[str] | None = None, folder: Path = HERE, out: Path = Path("slides")) -> int:
    parser = argparse.ArgumentParser(description="Write the slides of lessons into slides/.")
    parser.add_argument("lessons", nargs="*", help='for example "01", or "notation"; all if none')
    wanted = parser.parse_args(argv).lessons
    notebooks = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    unknown = [w for w in wanted if w != "notation" and not any(fits(w, n) for n in notebooks)]
    if unknown:
        print(f"no lesson begins with {unknown[0]!r} in {folder}", file=sys.stderr)
        return 1
    pages = {}
    for path in notebooks:
        if not wanted or any(fits(word, path) for word in wanted):
            pages[path.stem] = to_page(slides(nbformat.read(path, as_version=4), folder))
    if not wanted or "notation" in wanted:
        pages["notation"] = sheet(HERE / "teaching" / "notation.md")
    out.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (out / f"{name}.html").write_text(page, encoding="utf-8", newline="\n")
        print(f"{out / name}.html")
    return 0


def fits(word: str, path: Path) -> bool:
    return path.stem.startswith(word)


if __name__ == "__main__":
    sys.exit(main())
