"""The cells of a lesson that was run, as HTML."""

import json
import re
from dataclasses import dataclass, field
from html import escape
from typing import Any

from nbformat import NotebookNode

from ...widgets.page import PAGE_MIME, script_json
from ..catalogue import EXERCISES
from .prose import Prose, python_html

CHECKED = re.compile(r"\bcheck\(\s*[\"']([^\"']+)[\"']")
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


@dataclass
class Body:
    """The body of one page, and what it needs: modules by name, styles, figures."""

    html: str = ""
    title: str = ""
    question: str = ""
    modules: dict[str, str] = field(default_factory=dict)
    styles: list[str] = field(default_factory=list)
    figures: set[str] = field(default_factory=set)


def make_body(notebook: NotebookNode) -> Body:
    """All cells in their order."""
    body, prose, parts = Body(), Prose(), []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(prose.html(cell.source))
        elif cell.cell_type == "code":
            shown = "".join(_output(output, body, cell.id) for output in cell.outputs)
            parts.append(f'<div class="cell">\n{python_html(cell.source)}{shown}</div>\n')
            parts += [_help(key) for key in CHECKED.findall(cell.source) if key in EXERCISES]
    body.html, body.figures = "".join(parts), prose.figures
    body.title, body.question = prose.title, prose.question
    return body


def _output(output: NotebookNode, body: Body, cell: str) -> str:
    if "data" not in output:
        return _text(output.get("text", ""))
    data = output.data
    if PAGE_MIME in data:
        return _widget(_loaded(data[PAGE_MIME]), data.get("text/html", ""), body, cell)
    if "text/html" in data:
        return f'<div class="out wide">{STYLE.sub("", data["text/html"])}</div>\n'
    if "image/png" in data:
        alt = output.metadata.get("image/png", {}).get("alt", data.get("text/plain", ""))
        source = "data:image/png;base64," + "".join(data["image/png"].split())
        return f'<div class="out"><img alt="{escape(alt)}" src="{source}"></div>\n'
    return _text(data.get("text/plain", ""))


def _text(words: str) -> str:
    return f'<pre class="out">{escape(words.rstrip())}</pre>\n' if words else ""


def _loaded(bundle: Any) -> dict[str, Any]:
    return json.loads(bundle) if isinstance(bundle, str) else bundle


def _widget(page: dict[str, Any], still: str, body: Body, cell: str) -> str:
    """The still picture, and what makes it live."""
    name = page["kind"]
    if body.modules.setdefault(name, page["module"]) != page["module"]:
        raise ValueError(f"{name}: two widgets of this kind have different front ends.")
    if page["css"] not in body.styles:
        body.styles.append(page["css"])
    state = script_json({"state": page["state"], "recorded": page["recorded"]})
    return (
        f'<div class="widget" data-kind="{escape(name)}" data-cell="{escape(cell)}">\n'
        f'<div class="still wide">{STYLE.sub("", still)}</div>\n'
        '<div class="live"></div>\n'
        '<p class="missed" role="status"></p>\n'
        f'<script type="application/json">{state}</script>\n</div>\n'
    )


def _help(key: str) -> str:
    """The hints, each folded. Answers are judged where Python is."""
    hints = "".join(
        f"<details><summary>Hint {number}</summary><p>{escape(hint)}</p></details>"
        for number, hint in enumerate(EXERCISES[key].hints, 1)
    )
    return (
        f'<div class="help">{hints}'
        "<p>Write your answer down. The live lesson judges it.</p></div>\n"
    )
