"""Every guard goes red: a small good notebook passes, one thing made bad fails its guard."""

import base64
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from . import guards

ALT = "A graph of two boxes joined by one arrow"
GOOD_TEXT = f"""# Two passes

You will be able to read a graph. 25 minutes. ![{ALT}](../figures/two.svg)

## Predict

## Key points

## Quiz

## Where next

[The next lesson](02_next.ipynb#start), [above](#two-passes), [the web](https://example.org).
"""


def markdown(source: str) -> NotebookNode:
    return lesson(new_markdown_cell(source))


def code(source: str, *outputs: NotebookNode, **more: object) -> NotebookNode:
    return lesson(new_code_cell(source, outputs=list(outputs), execution_count=1, **more))


def shown(mime: str, value: str, **metadata: object) -> NotebookNode:
    return new_output("display_data", {mime: value}, metadata=metadata)


def stream(text: str, name: str = "stdout") -> NotebookNode:
    return new_output("stream", text=text, name=name)


def lesson(*cells: NotebookNode, number: str = "01") -> NotebookNode:
    for position, cell in enumerate(cells, 1):
        cell.id = f"{number}-{position:03d}"
    return new_notebook(cells=list(cells))


def data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def img(svg: str, alt: str = ALT) -> NotebookNode:
    return shown("text/html", f'<img alt="{alt}" src="{data_uri(svg)}">')


def with_widget_state() -> NotebookNode:
    notebook = code("1")
    notebook.metadata["widgets"] = {}
    return notebook


def without(section: str) -> NotebookNode:
    return markdown(GOOD_TEXT.replace(section, "..."))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a notebook lies, with a second lesson, a figure and a file that is not copied."""
    for name in ("notebooks/02_next.ipynb", "figures/two.svg", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path / "notebooks" / "01_two_passes.ipynb"


def good() -> NotebookNode:
    return lesson(
        new_markdown_cell(GOOD_TEXT),
        new_code_cell(
            "rng = np.random.default_rng(0)\nprint('interact; clear_output()')  # a comment",
            execution_count=1,
            outputs=[
                stream("J: #00796b\n"),
                img("<svg>2.5839</svg>"),
                shown("image/png", "0xabcdef/tmp/", **{"image/png": {"alt": ALT}}),
            ],
        ),
        new_markdown_cell(r"`![](nowhere.svg)` is code, $J:\mathbb{R}^n$ an equation."),
        new_markdown_cell(f"<img src='../figures/two.svg' alt='{ALT}'>"),
    )


def test_good_notebook_passes_every_guard(path: Path) -> None:
    assert [guard(good()) for guard in guards.GUARDS] == [[]] * len(guards.GUARDS)
    assert [guard(good(), path) for guard in guards.FILE_GUARDS] == [[]] * len(guards.FILE_GUARDS)


BAD = [
    ("counts", lesson(new_code_cell("1", execution_count=None))),
    ("counts", lesson(new_code_cell("1", execution_count=2))),
    ("widgets", with_widget_state()),
    ("widgets", code("1", shown(guards.WIDGET_VIEW, "{}"))),
    ("quiet", code("1", stream("Warning", name="stderr"))),
    ("quiet", code("1/0", new_output("error", ename="ZeroDivisionError", evalue="by zero"))),
    ("paths", code("1", stream("at /home/ada/x.py"))),
    ("paths", code("1", stream("at /root"))),
    ("paths", code("open('/tmp/x')")),
    ("paths", code("1", shown("text/html", "/Users/ada"))),
    ("paths", code("1", stream("C:\\Users\\ada"))),
    ("paths", code("1", img("<svg><text>/home/ada</text></svg>"))),
    ("addresses", code("1", shown("text/plain", "<Line2D at 0x7f3a12bc>"))),
    ("addresses", code("1", img("<svg><title>0x7F3A12BC</title></svg>"))),
    ("addresses", markdown("<Line2D at 0x7f3a12bc>")),
    ("pictures", markdown("![](../figures/two.svg)")),
    ("pictures", markdown("![graph](../figures/two.svg)")),
    ("pictures", markdown("![graph][1]\n\n[1]: ../figures/two.svg")),
    ("pictures", markdown("a <img src='../figures/two.svg'>")),
    ("pictures", markdown("<p>\n<img alt='  ' src='../figures/two.svg'>\n</p>")),
    ("pictures", code("1", img("<svg/>", alt="graph"))),
    ("pictures", code("1", shown("image/png", "iVBO"))),
    ("pictures", code("1", shown("image/svg+xml", "<svg/>"))),
    ("pictures", code("1", shown("text/html", "<svg></svg>"))),
    ("code", code("%%time\nf()")),
    ("code", code("!pip install x")),
    ("code", code("run('pip install x')")),
    ("code", code("from ipywidgets import interact")),
    ("code", code("@widgets.interact(x=1)\ndef f(x): pass")),
    ("code", code("with widgets.Output(): pass")),
    ("code", code("clear_output(wait=True)")),
    ("code", code("display(1, display_id=True)")),
    ("code", code("f(1);")),
    ("code", code("f(1); # quiet\n")),
    ("code", code("np.random.rand(3)")),
    ("code", code("np.random.seed(0)")),
    ("code", code("from numpy.random import rand")),
    ("code", code("time.time()")),
    ("code", code("from time import time")),
    ("code", code("# NBVAL_IGNORE_OUTPUT\nprint(1)")),
    ("code", code("print(1)", metadata={"tags": ["nbval-skip"]})),
    ("headings", markdown("Only text")),
    ("headings", markdown("# One\n\n# Two")),
    ("headings", markdown("## Below\n\n# Title")),
    ("headings", markdown("# Title\n\n### Too deep")),
    *[("template", without(section)) for section in guards.SECTIONS],
    ("figures", markdown("![A picture that lies elsewhere](two.svg)")),
    ("figures", markdown("![A picture that lies elsewhere](../figures/two.png)")),
    ("links", markdown("[lost](03_lost.ipynb)")),
    ("links", markdown("![lost](../figures/lost.svg)")),
    ("links", markdown("<a href='03_lost.ipynb'>lost</a>")),
    ("links", markdown("[not in a learner's copy](../README.md)")),
    ("links", markdown("[root](/figures/two.svg)")),
]


@pytest.mark.parametrize(("name", "bad"), BAD, ids=[name for name, _ in BAD])
def test_bad_notebook_fails_its_guard(name: str, bad: NotebookNode, path: Path) -> None:
    guard = getattr(guards, name)
    complaints = guard(bad, path) if guard in guards.FILE_GUARDS else guard(bad)
    assert len(complaints) == 1, complaints


def test_every_guard_is_shown_to_go_red() -> None:
    assert {name for name, _ in BAD} == {
        guard.__name__ for guard in (*guards.GUARDS, *guards.FILE_GUARDS)
    }


def test_index_needs_no_quiz() -> None:
    index = lesson(new_markdown_cell("# Index\n\nYou will be able to. 5 minutes. Where next"))
    assert guards.template(index)
    index.cells[0].id = "00-001"
    assert guards.template(index) == []
