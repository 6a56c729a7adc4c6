"""The whole course: an index, a page for each lesson, and what they share."""

import os
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path

from ...views.trace import clean
from ...widgets.page import standin
from .cells import Body, make_body
from .run import run_lesson

HERE = Path(__file__).parent
COMMAND = "python -m autograd_lite.lessons"

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="widgets.css">
<link rel="stylesheet" href="page.css">
{script}</head>
<body>
<a class="skip" href="#main">Skip to the lesson</a>
{nav}<main id="main">
{body}</main>
{after}</body>
</html>
"""
SCRIPT = '<script defer src="widgets.js"></script>\n'
NOTE = (
    '<p class="note" id="note">This page works without Python: every number on it was computed '
    "beforehand, and the sliders stop where that was done. To change the code, to open a scope and "
    f"to have your answers judged, run the live lessons: <code>{COMMAND}</code></p>\n"
)


def write_course(source: Path, folder: Path) -> list[Path]:
    """Run the notebooks of `source` and write them into `folder` as pages; the files written.

    A file that is there already is replaced. Two runs give the same bytes.
    """
    notebooks = sorted((source / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    if not notebooks:
        raise FileNotFoundError(f"No lesson is in {source / 'notebooks'}.")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        bodies = list(pool.map(lambda path: make_body(run_lesson(path)), notebooks))
    files = _shared(bodies)
    files["index.html"] = _index(notebooks, bodies)
    for place, path in enumerate(notebooks):
        files[f"{path.stem}.html"] = _lesson(place, notebooks, bodies)
    written = [_write(folder / name, clean(text).encode()) for name, text in files.items()]
    for figure in sorted({figure for body in bodies for figure in body.figures}):
        written.append(_write(folder / figure, (source / figure).read_bytes()))
    return written


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _lesson(place: int, notebooks: list[Path], bodies: list[Body]) -> str:
    body = bodies[place]
    links = [_link(place - 1, "prev", notebooks, bodies), '<a href="index.html">All lessons</a>']
    links.append(_link(place + 1, "next", notebooks, bodies))
    inside = "\n".join(filter(None, links))
    return PAGE.format(
        title=f"{body.title} · autograd_lite",
        script=SCRIPT if body.modules else "",
        nav=f'<nav aria-label="Lessons">\n{inside}\n</nav>\n',
        body=NOTE + body.html,
        after=f'<nav class="end" aria-label="Lessons, at the end">\n{inside}\n</nav>\n',
    )


def _link(place: int, way: str, notebooks: list[Path], bodies: list[Body]) -> str:
    if not 0 <= place < len(notebooks):
        return ""
    words = f"{notebooks[place].stem[:2]} {bodies[place].title}"
    words = f"← {words}" if way == "prev" else f"{words} →"
    return f'<a rel="{way}" href="{notebooks[place].stem}.html">{words}</a>'


def _index(notebooks: list[Path], bodies: list[Body]) -> str:
    rows = "".join(
        f'<li><a href="{path.stem}.html">{path.stem[:2]} {body.title}</a> {body.question}</li>\n'
        for path, body in zip(notebooks, bodies, strict=True)
    )
    return PAGE.format(
        title="autograd_lite: lessons on automatic differentiation",
        script="",
        nav="",
        body="<h1>Step through backpropagation</h1>\n"
        "<p>Lessons on automatic differentiation. Forward values are green, gradients are red, "
        "and you step through both passes with the arrow keys.</p>\n"
        f'<nav aria-label="Lessons">\n<ol class="lessons">\n{rows}</ol>\n</nav>\n{NOTE}',
        after="",
    )


def _shared(bodies: list[Body]) -> dict[str, str]:
    """The style, and one script with every front end once."""
    modules: dict[str, str] = {}
    styles: dict[str, None] = {}
    for body in bodies:
        modules.update(body.modules)
        styles.update(dict.fromkeys(body.styles))
    fronts = "".join(_front(name, modules[name]) for name in sorted(modules))
    script = f'"use strict";\nconst fronts = {{}};\n{standin()}\n{fronts}{_text("page.js")}'
    # A classic script: a browser refuses to load modules from a file.
    return {
        "widgets.js": f"(() => {{\n{script}}})();\n",
        "widgets.css": "\n".join(styles) + "\n",
        "page.css": _text("page.css"),
    }


def _front(name: str, module: str) -> str:
    """A module in a scope of its own, its default export kept under its name."""
    if module.count("export default ") != 1:
        raise ValueError(f"{name}: expected one `export default` in its module.")
    kept = module.replace("export default ", f'fronts["{escape(name)}"] = ')
    return f"{{\n{kept}}}\n"


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
