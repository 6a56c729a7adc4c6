"""The picture as SVG: a skeleton drawn once, and a frame's texts and classes put into it."""

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

from . import maps
from .diagram import Arrow, Box, Diagram, Region
from .frames import Frame, flow, in_box
from .groups import Rectangle
from .layout import Layout, layout
from .number import format_short
from .shapes import arrow_head, cut_end, digits, middle_of, path, rect, shifted, short
from .theme import picture_css
from .trace import Trace, clean, is_bare_number

WIDTH, HEIGHT = 152.0, 78.0  # room for the widest number, so that values never move a box
NODE = {"reference": "data-again"}  # what a box's label is kept as, for whoever looks for it
WIDEST = "−1.2346e−04"
LETTER = 8.5  # the width of a letter of the values
GAP = 7.0  # between the line of the value and the line of the gradient
NAMES = 26  # letters of the names of leaves that are drawn again
TITLE = 14  # letters that fit into a box beside each other: the name and, smaller, its kind


def draw_skeleton(trace: Trace, diagram: Diagram, engine: str | None = None) -> ET.Element:
    """The drawing with every slot empty."""
    places = place(diagram, engine)
    width, height = digits(places.width), digits(places.height)
    svg = ET.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "class": "ag-svg",
        "viewBox": f"0 0 {width} {height}", "width": width, "height": height,
        "role": "group" if diagram.graph.scopes else "img",  # what is inside can be pressed
        "aria-label": "", "data-step": "", "data-phase": "", "data-slot": "svg",
    })  # fmt: skip
    ET.SubElement(svg, "style").text = picture_css()
    ET.SubElement(svg, "rect", {"class": "ag-paper", "width": width, "height": height, "rx": "8"})
    for region, rectangle in zip(diagram.regions, places.regions, strict=True):
        if rectangle is not None:
            _draw_region(svg, region, rectangle)
    for arrow, curve in zip(diagram.arrows, places.curves, strict=True):
        _draw_arrow(svg, trace, arrow, curve)
    for box in diagram.boxes:
        _draw_box(svg, trace, diagram, box, places.centers[box.key])
    # Labels come last, so that no box or line covers them.
    for arrow, curve in zip(diagram.arrows, places.curves, strict=True):
        _draw_label(svg, arrow, curve)
    return svg


def place(diagram: Diagram, engine: str | None = None) -> Layout:
    sizes = {box.key: _size(diagram, box) for box in diagram.boxes}
    edges = [(arrow.tail.key, arrow.head.key) for arrow in diagram.arrows]
    groups = [region.boxes for region in diagram.regions]
    try:
        return layout(sizes, edges, engine, groups)
    except ValueError:
        return _place_circle(sizes, edges, engine, groups)


def _place_circle(
    sizes: dict[str, tuple[float, float]],
    edges: list[tuple[str, str]],
    engine: str | None,
    groups: list[tuple[str, ...]],
) -> Layout:
    """Closed scopes that feed each other: arrows against the order of the boxes run back."""
    order = {key: number for number, key in enumerate(sizes)}
    back = [order[tail] > order[head] for tail, head in edges]
    turned = [edge[::-1] if against else edge for edge, against in zip(edges, back, strict=True)]
    places = layout(sizes, turned, engine, groups)
    curves = [
        curve[::-1] if against else curve
        for curve, against in zip(places.curves, back, strict=True)
    ]
    return replace(places, curves=tuple(curves))


def _size(diagram: Diagram, box: Box) -> tuple[float, float]:
    """A bare constant shows its digits alone, all of them; a scope its shapes, in and out."""
    if is_bare(box):
        longest = min(len(box.label), NAMES) or len(format_short(box.node._data))
        return max(76.0, 28.0 + LETTER * longest), 32.0
    if box.kind == "scope":
        out = in_box(box.node._data) if box.node.ndim else WIDEST
        return max(WIDTH, 28.0 + LETTER * len(f"◂ ∇ {flow(diagram, box)}{out}")), HEIGHT
    if maps.has_map(box.node._data):
        return WIDTH, maps.corner("value", not box.node.requires_grad)[1] + maps.HEIGHT + 12
    return WIDTH, HEIGHT


def is_bare(box: Box) -> bool:
    """Whether a box has a title alone: a number in a formula, or a leaf's name drawn again."""
    return box.kind == "reference" or (box.kind == "constant" and is_bare_number(box.node))


def fill(svg: ET.Element, frame: Frame) -> None:
    """Put a frame into the skeleton, as the browser does."""
    slots = {element.get("data-slot"): element for element in svg.iter()}
    for key, text in frame.items():
        name, _, attribute = key.partition("@")
        if attribute:
            slots[name].set(attribute, clean(text))
        else:
            slots[name].text = clean(text)


def to_text(svg: ET.Element) -> str:
    return ET.tostring(svg, encoding="unicode")


def _draw_region(svg: ET.Element, region: Region, rectangle: Rectangle) -> None:
    """The frame of an open scope. Its title is what closes it."""
    left, top, right, bottom = rectangle
    group = ET.SubElement(svg, "g", {"class": "", "data-slot": region.key})
    frame = rect(left, top, right - left, bottom - top, "10", "ag-frame")
    ET.SubElement(group, "rect", frame)
    button = ET.SubElement(group, "g", _button(region.label, "true"))
    name = clean(short(region.label, max(4, int((right - left) / 9) - 4)))
    ET.SubElement(button, "rect", rect(left + 10, top - 10, 36 + 8 * len(name), 20, "6", "ag-tab"))
    title = {"class": "ag-frame-title", "x": digits(left + 18), "y": digits(top + 4.5)}
    ET.SubElement(button, "text", title).text = f"− {name}"


def _button(label: str, expanded: str) -> dict[str, str]:
    """What opens or closes a scope, by mouse and by key."""
    words = f"{'Close' if expanded == 'true' else 'Open'} {label}"
    return {
        "class": "ag-toggle", "data-scope": clean(label), "role": "button", "tabindex": "0",
        "aria-expanded": expanded, "aria-label": clean(words),
        "data-lm-suppress-shortcuts": "true",
    }  # fmt: skip


def _draw_box(
    svg: ET.Element, trace: Trace, diagram: Diagram, box: Box, center: tuple[float, float]
) -> None:
    width, height = _size(diagram, box)
    left, top = digits(center[0] - width / 2), digits(center[1] - height / 2)
    label, (first, kind) = _label(trace, box), _titles(trace, box)
    group = ET.SubElement(svg, "g", {
        "class": "", NODE.get(box.kind, "data-node"): clean(label), "data-slot": box.key,
        "transform": f"translate({left},{top})",
    })  # fmt: skip
    if box.kind == "scope":
        group = ET.SubElement(group, "g", _button(label, "false"))
    ET.SubElement(group, "title").text = clean(f"{label}: {_words(trace, box)}")
    if box.kind == "scope":  # a second sheet behind: there is something inside
        ET.SubElement(group, "rect", rect(7, -6, width - 14, height, "3", "ag-box"))
    radius = {"operation": "18", "scope": "3", "reference": "10"}.get(box.kind, "2")
    ET.SubElement(group, "rect", rect(0, 0, width, height, radius, "ag-box"))
    title = ET.SubElement(group, "text", {"class": "ag-title", "x": "12", "y": "20"})
    _slot(title, f"{box.key}.mark", "tspan", {})
    if is_bare(box):
        ET.SubElement(title, "tspan").text = clean(first)
        return
    room = int((width - 26) / LETTER) if box.kind == "scope" else TITLE
    ET.SubElement(title, "tspan").text = clean(short(first, room - len(kind)))
    style = "ag-symbol" if box.kind == "operation" and len(kind) == 1 else "ag-kind"
    corner = {"class": style, "x": digits(width - 12), "y": "20"}
    ET.SubElement(group, "text", corner).text = clean(kind)
    _slot(group, f"{box.key}.value", "text", {"class": "ag-value", "x": "12", "y": "45"})
    _slot(group, f"{box.key}.grad", "text", {"class": "ag-grad", "x": "12", "y": "67"})
    if box.kind != "scope" and maps.has_map(box.node._data):
        _draw_maps(group, box)
    ET.SubElement(group, "rect", rect(width - 106, height - 5, 102, 18, "9", "ag-pill"))
    middle = {"class": "ag-badge", "x": digits(width - 55), "y": digits(height + 8.5)}
    _slot(group, f"{box.key}.badge", "text", middle)


def _draw_maps(group: ET.Element, box: Box) -> None:
    """The grids of the value and of the gradient, which frames fill with squares."""
    for line in ("value", "grad") if box.node.requires_grad else ("value",):
        at = maps.corner(line, alone=not box.node.requires_grad)
        lines = maps.grid(box.node._data, at)
        ET.SubElement(group, "path", {"class": "ag-grid", "d": lines})
        for sign in ("filled", "hollow"):
            style = {"class": f"ag-{sign} ag-{line}-{sign}", "d": ""}
            ET.SubElement(group, "path", {**style, "data-slot": f"{box.key}.{line}-{sign}"})


def _slot(parent: ET.Element, slot: str, tag: str, attributes: dict[str, str]) -> None:
    """An empty text that frames fill."""
    ET.SubElement(parent, tag, {**attributes, "data-slot": slot}).text = ""


def _is_top(trace: Trace, box: Box) -> bool:
    """Whether the box is what is differentiated: y, whose number v4 stands in the equations."""
    return box.node is trace.graph.output and box.kind != "scope" and trace.top == trace.graph.top


def _titles(trace: Trace, box: Box) -> tuple[str, str]:
    """What stands at the left and at the right of a box's first line."""
    graph = trace.graph
    if box.kind == "scope":
        return _label(trace, box), f"+{len(box.members):,}"
    if box.kind == "reference":
        return short(_label(trace, box), NAMES), ""
    if box.kind == "constant":
        return trace.name(box.node).text, "const"
    label, own = graph.label(box.node), graph.ids[box.node]
    if box.node.operation is None:
        return label, own if own != label else "input"
    number = f" = {own}" if _is_top(trace, box) and trace.top != own else ""
    name = trace.top if number else label
    kind = box.node.operation.symbol or type(box.node.operation).__name__
    kind = short(kind, TITLE - min(len(name + number), 9))
    return short(name, TITLE - len(kind) - len(number)) + number, kind


def _label(trace: Trace, box: Box) -> str:
    """What a box is called: the name of its scope, or its node's label."""
    return " ".join(box.label.split()) or trace.label(box.node)


def _words(trace: Trace, box: Box) -> str:
    if box.kind == "scope":
        return f"a closed scope of {len(box.members):,} nodes"
    if box.kind == "reference":
        return "drawn once, used here too"
    if box.node.operation is None:
        return "a variable" if box.kind == "variable" else "a constant"
    return f"the operation {type(box.node.operation).__name__}"


def _draw_arrow(
    svg: ET.Element, trace: Trace, arrow: Arrow, curve: Sequence[tuple[float, float]]
) -> None:
    tail, head = _label(trace, arrow.tail), _label(trace, arrow.head)
    position = arrow.edges[0][1]
    group = ET.SubElement(svg, "g", {
        "class": "", "data-edge": clean(f"{tail}>{head}:{position}"), "data-slot": arrow.key,
    })  # fmt: skip
    there = shifted(curve, -GAP)
    ET.SubElement(group, "path", {"class": "ag-forward-line", "stroke-width": "1.6",
                                  "d": path(cut_end(there))})  # fmt: skip
    ET.SubElement(group, "path", {"class": "ag-forward-head", "d": arrow_head(there)})
    back = shifted(curve, GAP)[::-1]
    backward = ET.SubElement(group, "g", {"class": "ag-backward"})
    ET.SubElement(backward, "path", {
        "class": "ag-backward-line", "stroke-width": "", "d": path(cut_end(back)),
        "data-slot": f"{arrow.key}.width",
    })  # fmt: skip
    ET.SubElement(backward, "path", {"class": "ag-backward-head", "d": arrow_head(back)})


def _draw_label(svg: ET.Element, arrow: Arrow, curve: Sequence[tuple[float, float]]) -> None:
    x, y = middle_of(curve)
    place = {"class": "ag-local", "x": digits(x), "y": digits(y + GAP + 15)}
    _slot(svg, f"{arrow.key}.local", "text", place)
