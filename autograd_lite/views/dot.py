"""The graph in Graphviz's language, for a reader who wants to take it elsewhere."""

import graphviz

from ..tensor import Tensor
from .diagram import Box, Diagram
from .frames import in_box
from .theme import LIGHT
from .trace import Trace

FILL = {"scope": "operation", "reference": "variable"}


def make_dot(trace: Trace, diagram: Diagram) -> graphviz.Digraph:
    """A `graphviz.Digraph` of the finished picture: values, gradients, labels escaped."""
    dot = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "bgcolor": LIGHT["paper"]},
        node_attr={"style": "filled", "fontname": "DejaVu Sans", "color": LIGHT["operation-line"]},
        edge_attr={"color": LIGHT["line"], "fontname": "DejaVu Sans"},
    )
    gradients = trace.final_gradients()
    for box in diagram.boxes:
        dot.node(
            box.key,
            label=_label(trace, box, gradients),
            shape="ellipse" if box.kind == "operation" else "box",
            fillcolor=LIGHT[FILL.get(box.kind, box.kind)],
        )
    for arrow in diagram.arrows:
        dot.edge(arrow.tail.key, arrow.head.key)
    return dot


def _label(trace: Trace, box: Box, gradients: dict[Tensor, object]) -> str:
    """An HTML-like label, the only kind with colours in it; every text in it is escaped."""
    if box.kind == "reference":
        return f"<{_escape(box.label)}>"
    symbol = box.node.operation.symbol if box.node.operation is not None else ""
    title = box.label if box.kind == "scope" else trace.name(box.node).text
    lines = [_escape(f"{title}  {symbol}".strip())]
    lines.append(f'<font color="{LIGHT["value"]}">{_escape("▸ " + in_box(box.node._data))}</font>')
    if box.node in gradients:
        text = _escape("◂ ∇ " + in_box(gradients[box.node]))
        lines.append(f'<font color="{LIGHT["grad"]}"><b><i>{text}</i></b></font>')
    return f"<{'<br/>'.join(lines)}>"


def _escape(text: str) -> str:
    """A backslash would begin one of Graphviz's own escapes."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = plain.replace("\\", "\\\\")
    return "".join(char if char.isprintable() else "\ufffd" for char in plain)
