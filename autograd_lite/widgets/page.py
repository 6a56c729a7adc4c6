"""A widget as one page that needs neither a kernel nor a network."""

import json
from html import escape
from pathlib import Path
from typing import Any

from IPython.display import display

from ..views.trace import clean
from .front import HERE, Front
from .state import page_state

PAGE_MIME = "application/vnd.autograd-lite.page+json"

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 1em auto; max-width: 1100px; padding: 0 1em; }}
[data-jp-theme-light="false"] {{ background: #15191e; }}
{css}</style>
</head>
<body>
<main id="widget"></main>
<script type="module">
document.body.dataset.jpThemeLight = !matchMedia("(prefers-color-scheme: dark)").matches;
{module}
const state = {state};
{standin}
const model = makeModel(state);
render({{ model, el: document.getElementById("widget") }});
</script>
</body>
</html>
"""


def standin() -> str:
    """What is Jupyter's model on a page: JavaScript, see alone.js."""
    return (HERE / "alone.js").read_text(encoding="utf-8")


def script_json(value: Any) -> str:
    """JSON that may stand in a script element. A nan or an inf raises ValueError.

    >>> script_json("</script>")
    '"\\\\u003c/script>"'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def write_page(path: str | Path, widget: Front, changed: dict[str, Any]) -> Path:
    """Write `widget` as HTML to `path`, its state being what it is now but for `changed`."""
    text = PAGE.format(
        title=escape(widget._label),
        css=widget._css,
        module=widget._esm,
        standin=standin(),
        state=script_json({**page_state(widget), **changed}),
    )
    path = Path(path)
    path.write_bytes(clean(text).encode())
    return path


def show_as_pages() -> None:
    """From now on what a widget displays has its part of a page with it: see `as_page`.

    For the kernel that runs a lesson whose outputs become a page.
    """

    def show(widget: Front) -> None:
        bundle = widget.still()._repr_mimebundle_()
        display({**bundle, PAGE_MIME: script_json(as_page(widget))}, raw=True)

    Front._ipython_display_ = show  # type: ignore[method-assign, assignment]


def as_page(widget: Front) -> dict[str, Any]:
    """`widget` as plain JSON: its state on a page without Python, and what it answers there."""
    changed, recorded = widget.recorded()
    return {
        "kind": widget._kind,
        "label": widget._label,
        "state": {**page_state(widget), **changed},
        "recorded": recorded,
        "module": widget._esm,
        "css": widget._css,
    }
