"""What must hold for every stored notebook. A guard returns its complaints; none is good.

A guard in GUARDS reads the notebook alone; one in FILE_GUARDS also needs to know where it lies.
"""

import ast
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from nbformat import NotebookNode

from .load import decoded

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
ALT_LENGTH = 20
# A drive counts only with a folder behind it: "J:\mathbb{R}" is an equation.
MACHINE_PATH = re.compile(r"/home/|/root\b|/tmp\b|/Users/|\b[A-Z]:\\\w+\\")
ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
FORBIDDEN = {
    "interact": "its output cannot be compared; use a widget of the package",
    "interactive": "its output cannot be compared; use a widget of the package",
    "interact_manual": "its output cannot be compared; use a widget of the package",
    "interactive_output": "its output cannot be compared; use a widget of the package",
    "Output": "its contents cannot be compared; show the value in the cell",
    "clear_output": "it makes the page jump; show one result",
    "display_id": "updates cannot be compared; show one result",
}
UNSEEDED = re.compile(r"(np|numpy)\.random\.(?!default_rng|Generator)\w+")
# What nbval obeys, in a comment or as a tag.
COMPARISON_OFF = re.compile(r"nbval[_-]|pytest[_-]validate[_-]|raises-exception", re.IGNORECASE)
# Lesson 00 is the index: it asks nothing.
SECTIONS = {
    "You will be able to": "every lesson",
    "minutes": "every lesson",
    "Where next": "every lesson",
    "Predict": "lessons from 01",
    "Key points": "lessons from 01",
    "Quiz": "lessons from 01",
}


def code_cells(nb: NotebookNode) -> list[NotebookNode]:
    """The cells that run."""
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def texts(nb: NotebookNode) -> Iterator[tuple[str, str]]:
    """(cell id, text) of every source and every output, pictures opened, photographs left out."""
    for cell in nb.cells:
        yield cell.id, decoded(cell.source)
        for output in cell.get("outputs", []):
            yield cell.id, str(output.get("text", ""))
            for mime, value in output.get("data", {}).items():
                if mime not in ("image/png", "image/jpeg"):
                    text = value if isinstance(value, str) else json.dumps(value)
                    yield cell.id, decoded(text)


def tokens(nb: NotebookNode) -> Iterator[tuple[str, Token]]:
    """(cell id, token) of every piece of Markdown; code in it is not Markdown."""
    parser = MarkdownIt()
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            for token in parser.parse(cell.source):
                yield cell.id, token
                for child in token.children or ():
                    yield cell.id, child


class Tags(HTMLParser):
    """The opening tags of a piece of HTML, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def markdown_tags(nb: NotebookNode) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(cell id, tag, attributes) of links and pictures in Markdown, written either way."""
    for cell, token in tokens(nb):
        if token.type in ("html_block", "html_inline"):
            for tag, attributes in Tags(token.content).found:
                yield cell, tag, attributes
        elif token.type == "image":
            yield cell, "img", {"alt": token.content, "src": str(token.attrs["src"])}
        elif token.type == "link_open":
            yield cell, "a", {"href": str(token.attrs["href"])}


def counts(nb: NotebookNode) -> list[str]:
    """nbval passes over a cell without a count: they must be exactly 1 to n."""
    return [
        f"{cell.id}: execution count is {cell.execution_count}, expected {number}"
        for number, cell in enumerate(code_cells(nb), 1)
        if cell.execution_count != number
    ]


def widgets(nb: NotebookNode) -> list[str]:
    """Stored views show "model not found"; stored state breaks the viewer on GitHub."""
    found = ["metadata.widgets is stored"] if "widgets" in nb.metadata else []
    return found + [
        f"{cell.id}: a widget view is stored"
        for cell in code_cells(nb)
        for output in cell.outputs
        if WIDGET_VIEW in output.get("data", {})
    ]


def quiet(nb: NotebookNode) -> list[str]:
    """No warning and no error is stored."""
    found = []
    for cell in code_cells(nb):
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"{cell.id}: ends in {output.ename}: {output.evalue}")
            elif output.get("name") == "stderr":
                found.append(f"{cell.id}: writes on stderr: {output.text[:80]!r}")
    return found


def paths(nb: NotebookNode) -> list[str]:
    """No folder of the machine that built it."""
    return [
        f"{cell}: machine path {match[0]!r} in {text[max(match.start() - 20, 0) :][:60]!r}"
        for cell, text in texts(nb)
        for match in MACHINE_PATH.finditer(text)
    ]


def addresses(nb: NotebookNode) -> list[str]:
    """No memory address: it changes from run to run."""
    return [
        f"{cell}: memory address {match[0]}"
        for cell, text in texts(nb)
        for match in ADDRESS.finditer(text)
    ]


def pictures(nb: NotebookNode) -> list[str]:
    """Every picture says in words what it shows, and is of a kind that viewers show."""
    found = [
        complaint
        for cell, tag, attributes in markdown_tags(nb)
        if tag == "img"
        for complaint in alt_text(cell, attributes.get("alt", ""))
    ]
    for cell in code_cells(nb):
        for output in cell.outputs:
            found += output_pictures(cell.id, output)
    return found


def output_pictures(cell: str, output: NotebookNode) -> list[str]:
    """Complaints about the pictures of one output."""
    data, found = output.get("data", {}), []
    for mime in ("image/png", "image/jpeg"):
        if mime in data:
            described = output.metadata.get(mime, {}).get("alt") or output.metadata.get("alt", "")
            found += alt_text(cell, described)
    if "image/svg+xml" in data:
        found.append(f"{cell}: image/svg+xml is not shown in a fresh clone; use <img> in text/html")
    for tag, attributes in Tags(data.get("text/html", "")).found:
        if tag == "img":
            found += alt_text(cell, attributes.get("alt", ""))
        elif tag == "svg":
            found.append(f"{cell}: inline <svg> is not shown in a fresh clone; use <img>")
    return found


def alt_text(cell: str, alt: str) -> list[str]:
    """A complaint when the text cannot stand in for the picture."""
    if len(alt.strip()) >= ALT_LENGTH:
        return []
    return [f"{cell}: a picture with alt text {alt!r}; say in words what it shows"]


def code(nb: NotebookNode) -> list[str]:
    """Plain Python only, whose output can be compared byte for byte."""
    found = []
    for cell in code_cells(nb):
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            found.append(f"{cell.id}: is not plain Python (no %magic, no !command)")
            continue
        found += [f"{cell.id}: {name}: {why}" for name, why in forbidden_names(tree)]
        if re.search(r";\s*(#.*)?\Z", cell.source.rstrip()):
            found.append(f"{cell.id}: trailing ';' does not hide output everywhere; leave it out")
        if "pip install" in cell.source:
            found.append(f"{cell.id}: pip install does not belong in a lesson")
        if COMPARISON_OFF.search("\n".join([*cell.metadata.get("tags", []), cell.source])):
            found.append(f"{cell.id}: a marker switches the comparison off; leave it out")
    return found


def forbidden_names(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(name, why) of every name in the code that makes outputs change from run to run."""
    for node in ast.walk(tree):
        name = next((getattr(node, f) for f in ("id", "attr", "arg") if hasattr(node, f)), None)
        if isinstance(node, ast.alias):
            name = node.name
        if name in FORBIDDEN:
            yield str(name), FORBIDDEN[name]
        for dotted in dotted_names(node):
            if dotted == "time.time":
                yield dotted, "a time changes from run to run; do not print it"
            if UNSEEDED.fullmatch(dotted):
                yield dotted, "use np.random.default_rng(seed)"


def dotted_names(node: ast.AST) -> list[str]:
    """The full names that one piece of code speaks of: np.random.rand, time.time."""
    if isinstance(node, ast.Attribute):
        return [ast.unparse(node)]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def headings(nb: NotebookNode) -> list[str]:
    """One title, first of all, and no level left out on the way down."""
    found, level, titles = [], 0, 0
    for cell, token in tokens(nb):
        if token.type == "heading_open":
            new = int(token.tag[1])
            titles += new == 1
            if new > level + 1:
                found.append(f"{cell}: a heading of level {new} follows level {level}")
            level = new
    return found if titles == 1 else [*found, f"expected one title (# ...), found {titles}"]


def template(nb: NotebookNode) -> list[str]:
    """The parts that a learner finds in every lesson, looked for loosely."""
    prose = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown").casefold()
    index = nb.cells[0].id.startswith("00-")
    return [
        f"{section!r} is missing in the text"
        for section, where in SECTIONS.items()
        if section.casefold() not in prose and not (index and where == "lessons from 01")
    ]


def figures(nb: NotebookNode, path: Path) -> list[str]:
    """Some viewers strip pictures from outputs: one committed figure is in the Markdown."""
    shown = [attributes["src"] for _, tag, attributes in markdown_tags(nb) if tag == "img"]
    committed = [src for src in shown if re.match(r"\.\./figures/[^?#]+\.svg$", src)]
    return [] if committed else [f"{path.name}: shows no ../figures/*.svg in its Markdown"]


def links(nb: NotebookNode, path: Path) -> list[str]:
    """Relative links lead to a file that a learner's copy has: a notebook or a figure."""
    found = []
    for cell, tag, attributes in markdown_tags(nb):
        link = urlsplit(attributes.get({"a": "href", "img": "src"}.get(tag, ""), ""))
        if link.scheme or not (link.path or link.netloc):
            continue  # the web, or a place on the same page
        target = (path.parent / unquote(link.path)).resolve()
        copied = (path.parent.resolve(), path.parent.parent.resolve() / "figures")
        if link.netloc or not target.is_file():
            found.append(f"{cell}: {link.geturl()!r} leads nowhere")
        elif target.parent not in copied:
            found.append(f"{cell}: {link.geturl()!r} is not copied with the lessons")
    return found


GUARDS = (counts, widgets, quiet, paths, addresses, pictures, code, headings, template)
FILE_GUARDS = (figures, links)
