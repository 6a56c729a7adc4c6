"""Colours and type of every picture. Values teal-green, gradients orange-red, never alone.

The pairs stay apart for readers without one kind of cone (ΔE 40 and more), where pure green and
red do not. A test computes it.
"""

LIGHT = {
    "paper": "#ffffff", "ink": "#1b1f24", "faint": "#67707b", "line": "#8b95a1",
    "value": "#00796b", "grad": "#c43e00", "on-grad": "#ffffff",
    "variable": "#fff8e1", "variable-line": "#b98900",
    "operation": "#eef4fb", "operation-line": "#5b86b5",
    "constant": "#f3f4f6", "constant-line": "#7d8590",
    "loud": "#b00020",
}  # fmt: skip

DARK = {
    "paper": "#15191e", "ink": "#eceff2", "faint": "#a3adb8", "line": "#75808c",
    "value": "#50e3c2", "grad": "#ff6e40", "on-grad": "#15191e",
    "variable": "#332c14", "variable-line": "#d9b44a",
    "operation": "#1d2a38", "operation-line": "#7aa5d3",
    "constant": "#23282e", "constant-line": "#8b95a1",
    "loud": "#ff6b81",
}  # fmt: skip

SANS = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
MONO = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"

_FIXED = f"""\
.ag-svg text {{ font-family: {SANS}; }}
.ag-svg .ag-value, .ag-svg .ag-grad, .ag-svg .ag-local {{ font-family: {MONO}; font-size: 14px; }}
.ag-svg .ag-title {{ font-size: 13px; font-weight: 600; }}
.ag-svg .ag-kind {{ font-size: 13px; text-anchor: end; }}
.ag-svg .ag-symbol {{ font-size: 16px; font-weight: 600; text-anchor: end; }}
.ag-svg .ag-grad {{ font-weight: 700; font-style: italic; }}
.ag-svg .ag-badge, .ag-svg .ag-local {{ font-size: 12px; text-anchor: middle; }}
.ag-svg .ag-badge {{ font-weight: 600; }}
.ag-svg .ag-box {{ stroke-width: 1.5; }}
.ag-svg .ag-constant .ag-box {{ stroke-dasharray: 4 3; }}
.ag-svg .ag-output .ag-box {{ stroke-width: 2.5; }}
.ag-svg .ag-active .ag-box {{ stroke-width: 3.5; }}
.ag-svg .ag-forward-line, .ag-svg .ag-backward-line {{ fill: none; }}
.ag-svg .ag-backward-line {{ stroke-dasharray: 6 4; }}
.ag-svg .ag-backward, .ag-svg .ag-pill {{ visibility: hidden; }}
.ag-svg .ag-returned .ag-backward, .ag-svg .ag-paths .ag-pill {{ visibility: visible; }}
.ag-svg .ag-local {{ paint-order: stroke; stroke-width: 5px; stroke-linejoin: round; }}
.ag-svg .ag-frame {{ fill: none; stroke-width: 1.5; }}
.ag-svg .ag-region.ag-active .ag-frame {{ stroke-width: 3; }}
.ag-svg .ag-frame-title {{ font-size: 13px; font-weight: 600; }}
.ag-svg .ag-toggle {{ cursor: pointer; }}
.ag-svg .ag-grid {{ fill: none; stroke-width: 0.7; opacity: 0.6; }}
.ag-svg .ag-hollow {{ fill: none; stroke-width: 1.3; }}
.ag-svg .ag-backward {{ opacity: 0.75; }}
.ag-svg .ag-active .ag-backward {{ opacity: 1; }}
"""

_COLOURS = """\
{of} text {{ fill: {ink}; }}
{of} .ag-paper {{ fill: {paper}; }}
{of} .ag-box {{ fill: {operation}; stroke: {operation-line}; }}
{of} .ag-variable .ag-box {{ fill: {variable}; stroke: {variable-line}; }}
{of} .ag-constant .ag-box {{ fill: {constant}; stroke: {constant-line}; }}
{of} .ag-kind {{ fill: {faint}; }}
{of} .ag-value {{ fill: {value}; }}
{of} .ag-grad {{ fill: {grad}; }}
{of} .ag-loud {{ fill: {loud}; }}
{of} .ag-computing .ag-box {{ stroke: {value}; }}
{of} .ag-receiving .ag-box, {of} .ag-sending .ag-box {{ stroke: {grad}; }}
{of} .ag-frame, {of} .ag-tab {{ stroke: {line}; }}
{of} .ag-tab {{ fill: {paper}; }}
{of} .ag-region.ag-computing .ag-frame {{ stroke: {value}; }}
{of} .ag-region.ag-sending .ag-frame {{ stroke: {grad}; }}
{of} .ag-toggle:focus-visible .ag-tab, {of} .ag-toggle:focus-visible .ag-box
  {{ stroke: {ink}; stroke-width: 3; }}
{of} .ag-grid {{ stroke: {line}; }}
{of} .ag-value-filled {{ fill: {value}; }}
{of} .ag-value-hollow {{ stroke: {value}; }}
{of} .ag-grad-filled {{ fill: {grad}; }}
{of} .ag-grad-hollow {{ stroke: {grad}; }}
{of} .ag-forward-line {{ stroke: {line}; }}
{of} .ag-forward-head {{ fill: {line}; }}
{of} .ag-flowing .ag-forward-line {{ stroke: {value}; }}
{of} .ag-flowing .ag-forward-head {{ fill: {value}; }}
{of} .ag-backward-line {{ stroke: {grad}; }}
{of} .ag-backward-head {{ fill: {grad}; }}
{of} .ag-local {{ stroke: {paper}; }}
{of} .ag-pill {{ fill: {grad}; stroke: {grad}; }}
{of} .ag-badge {{ fill: {on-grad}; }}
{of} .ag-complete .ag-pill {{ fill: {paper}; }}
{of} .ag-complete .ag-badge {{ fill: {grad}; }}
"""

_CHART_FIXED = f"""\
.ag-svg text.ag-cell {{ font-family: {MONO}; font-size: 13px; }}
.ag-svg text.ag-tick, .ag-svg text.ag-label {{ font-size: 13px; }}
.ag-svg .ag-axis, .ag-svg .ag-ruler {{ fill: none; stroke-width: 1; }}
.ag-svg .ag-ruler {{ opacity: 0.4; }}
.ag-svg .ag-curve, .ag-svg .ag-contour, .ag-svg .ag-bound {{ fill: none; stroke-width: 2; }}
.ag-svg .ag-bound {{ stroke-dasharray: 5 4; }}
.ag-svg .ag-corner {{ stroke-width: 2.5; }}
.ag-svg .ag-halo {{ paint-order: stroke; stroke-width: 4px; stroke-linejoin: round; }}
.ag-svg .ag-stale .ag-box {{ stroke-dasharray: 4 3; }}
"""

_CHART_COLOURS = """\
{of} text.ag-tick, {of} text.ag-faint {{ fill: {faint}; }}
{of} .ag-axis, {of} .ag-ruler {{ stroke: {line}; }}
{of} .ag-curve {{ stroke: {value}; }}
{of} .ag-heat {{ fill: {value}; }}
{of} .ag-contour, {of} .ag-bound, {of} .ag-corner {{ stroke: {ink}; }}
{of} .ag-corner {{ fill: {paper}; }}
{of} .ag-corner.ag-one {{ fill: {ink}; stroke: {paper}; }}
{of} .ag-halo {{ stroke: {paper}; }}
{of} .ag-strip {{ fill: {grad}; }}
{of} text.ag-loud {{ fill: {loud}; }}
"""

_MOVED = """\
{of} .ag-moved .ag-pill {{ visibility: visible; fill: {paper}; stroke: {value}; }}
{of} .ag-moved .ag-badge {{ fill: {value}; }}
"""


def picture_css() -> str:
    """The style of a picture that stands by itself, on light paper."""
    return _FIXED + _COLOURS.format(of=".ag-svg", **LIGHT)


def chart_css() -> str:
    """The style of a panel of tables and charts: a picture's, and what only charts have."""
    return picture_css() + _CHART_FIXED + _CHART_COLOURS.format(of=".ag-svg", **LIGHT)


def dark_css(scope: str) -> str:
    """The dark colours, for pictures and panels inside elements that match `scope`."""
    return (_COLOURS + _CHART_COLOURS).format(of=f"{scope} .ag-svg", **DARK)


def moved_css(scope: str, colours: dict[str, str]) -> str:
    """The badge of a box whose value moves, in pictures inside elements that match `scope`."""
    return _MOVED.format(of=f"{scope} .ag-svg".strip(), **colours)


def variables_css(scope: str, colours: dict[str, str]) -> str:
    """The colours as CSS variables (--ag-value …), for the controls around a picture."""
    lines = "".join(f"  --ag-{name}: {colour};\n" for name, colour in colours.items())
    return f"{scope} {{\n{lines}}}\n"
