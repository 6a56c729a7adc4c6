"""A widget as one page that needs neither a kernel nor a network."""

import json
from html import escape
from pathlib import Path
from typing import Any

from ..views.trace import clean
from .front import Front

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
// What Jupyter's model does, as far as the front end asks for it.
const state = {state};
const listeners = {{}};
const model = {{
  get: (name) => state[name],
  set: (name, value) => {{
    state[name] = value;
    for (const listener of listeners[`change:${{name}}`] ?? []) listener();
  }},
  save_changes: () => {{}},
  on: (event, listener) => (listeners[event] ??= []).push(listener),
}};
render({{ model, el: document.getElementById("widget") }});
</script>
</body>
</html>
"""


def write_page(path: str | Path, widget: Front, changed: dict[str, Any]) -> Path:
    """Write `widget` as HTML to `path`, its state being what it is now but for `changed`."""
    names = [name for name in widget.keys if not name.startswith(("_model", "_view", "_dom"))]
    state = {**{name: getattr(widget, name) for name in names}, **changed}
    for heavy in ("_esm", "_css", "_anywidget_id", "layout", "tabbable", "tooltip", "comm"):
        state.pop(heavy, None)
    text = PAGE.format(
        title=escape(widget._label),
        css=widget._css,
        module=widget._esm,
        state=json.dumps(state, ensure_ascii=False).replace("<", "\\u003c"),
    )
    path = Path(path)
    path.write_bytes(clean(text).encode())
    return path
