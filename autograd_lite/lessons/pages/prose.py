"""Markdown as HTML: headings with ids, links to pages, code in colours."""

import re
from html import escape, unescape
from typing import Any
from urllib.parse import urlsplit

import mistune
from mistune.renderers.html import HTMLRenderer
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

PYTHON = ("python", "py")
QUESTION = "<strong>Question.</strong>"


def python_html(code: str) -> str:
    """Python in colours."""
    inside = highlight(code, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    return f'<pre class="code"><code>{inside.rstrip()}</code></pre>\n'


def target(link: str) -> str:
    """Where a link of a notebook leads among the pages.

    >>> target("02_gate_rules.ipynb#quiz"), target("../figures/start_here.svg")
    ('02_gate_rules.html#quiz', 'figures/start_here.svg')
    """
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return link
    path = parts.path.removeprefix("../")
    if path.endswith(".ipynb"):
        path = path.removesuffix(".ipynb") + ".html"
    return path + (f"#{parts.fragment}" if parts.fragment else "")


class Prose(HTMLRenderer):
    """The Markdown of one page. What it found on its way: `title`, `question` and `figures`."""

    def __init__(self) -> None:
        super().__init__(escape=False)  # the lessons fold their solutions with <details>
        self.title = self.question = ""
        self.figures: set[str] = set()
        self._ids: set[str] = {"main", "note"}
        self._markdown = mistune.create_markdown(renderer=self, plugins=["table"])

    def html(self, text: str) -> str:
        """Markdown as HTML."""
        return str(self._markdown(text))

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        plain = re.sub(r"<[^>]+>", "", text)
        if level == 1 and not self.title:
            self.title = plain
        return f'<h{level} id="{self._new_id(plain)}">{text}</h{level}>\n'

    def paragraph(self, text: str) -> str:
        if text.startswith(QUESTION) and not self.question:
            self.question = text.removeprefix(QUESTION).strip()
        return super().paragraph(text)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        self._keep(url)
        return super().link(text, target(url), title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        self._keep(url)
        # The text is HTML already: the alt text of a picture has no tags in it.
        alt = re.sub(r"<[^>]+>", "", text)
        return f'<img class="figure" alt="{alt}" src="{escape(target(url))}">'

    def block_code(self, code: str, info: str | None = None) -> str:
        if (info or "").strip() in PYTHON:
            return python_html(code)
        return f'<pre class="code"><code>{escape(code.rstrip())}</code></pre>\n'

    def table(self, text: str) -> str:
        return f'<div class="wide"><table>\n{text}</table></div>\n'

    def _keep(self, url: str) -> None:
        if urlsplit(url).path.startswith("../"):
            self.figures.add(urlsplit(url).path.removeprefix("../"))

    def _new_id(self, words: str) -> str:
        base = re.sub(r"\W+", "-", unescape(words).lower()).strip("-") or "part"
        name, count = base, 1
        while name in self._ids:
            count += 1
            name = f"{base}-{count}"
        self._ids.add(name)
        return name
