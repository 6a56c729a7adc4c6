"""Markdown of the lessons and Python code as HTML, with nothing that must be fetched."""

import re

import mistune
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

FORMATTER = HtmlFormatter(nowrap=True)
HIDDEN = re.compile(r"<details>.*?</details>", re.DOTALL)


class Renderer(mistune.HTMLRenderer):
    """HTML in which only links to the web lead somewhere: the page stands alone."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return str(super().link(text, url, title)) if url.startswith("http") else text

    def block_code(self, code: str, info: str | None = None) -> str:
        return python(code) if info == "python" else f"<pre>{mistune.escape(code)}</pre>\n"


_convert = mistune.create_markdown(renderer=Renderer(escape=False), plugins=["table"])


def to_html(markdown: str) -> str:
    """A piece of Markdown as HTML.

    >>> to_html("**two** [passes](01_two_passes.ipynb)")
    '<p><strong>two</strong> passes</p>\\n'
    """
    return str(_convert(markdown))


def python(code: str) -> str:
    """Python code with its parts marked, for the few colours of `COLOURS`.

    >>> python("y = 2")
    '<pre class="code"><span class="n">y</span> <span class="o">=</span> <span class="mi">2</span>\\n</pre>'
    """  # noqa: E501
    return f'<pre class="code">{highlight(code, PythonLexer(), FORMATTER)}</pre>'


def blocks(markdown: str) -> list[str]:
    """The paragraphs, lists, tables, pictures and fences of a text; folded answers are left out.

    >>> blocks("One.\\n\\n```text\\na\\n\\nb\\n```\\n\\n- two")
    ['One.', '```text\\na\\n\\nb\\n```', '- two']
    """
    found: list[str] = []
    for part in re.split(r"\n\s*\n", HIDDEN.sub("", markdown).strip()):
        if found and found[-1].count("```") % 2:  # inside a fence an empty line is code
            found[-1] += f"\n\n{part}"
        elif part.strip():
            found.append(part)
    return found


COLOURS = """\
.code .k, .code .kn, .code .kc, .code .ow { color: var(--keyword); }
.code .s1, .code .s2, .code .sa, .code .si { color: var(--string); }
.code .c1, .code .sd { color: var(--faint); font-style: italic; }
.code .mi, .code .mf { color: var(--number); }
"""
