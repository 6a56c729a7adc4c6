"""One row for each layer: the norm of its gradient as a bar on a log axis, and as a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log10

from .chart import exponents, power_of_ten
from .frames import Frame
from .number import format_number
from .panel import Still, new_panel, place, put, write

MOST = 30  # layers
WIDTH, HEIGHT = 360, 566
LEFT, REACH = 38, 158  # where bars begin, how far they go
NUMBER, SHARE = 290, 354  # where the columns end
TOP, ROOM = 52, 462  # the rows
THICKEST = 22.0
TICKS = 5
SLOPE = 0.25  # the largest slope of the sigmoid


@dataclass(frozen=True)
class Layers:
    """What is shown: for each layer its norm and how many of its units let nothing through."""

    norms: Sequence[float]
    shut: Sequence[int]
    width: int
    activation: str

    @property
    def bound(self) -> list[float]:
        """The last norm times 0.25ᵏ, k layers before: what σ′ ≤ ¼ takes, weights apart."""
        last = len(self.norms) - 1
        if self.activation != "sigmoid" or not isfinite(self.norms[-1]) or self.norms[-1] == 0:
            return []
        return [self.norms[-1] * SLOPE ** (last - layer) for layer in range(last + 1)]


class LayersView:
    """The panel, drawn once with a row for each layer that there may be."""

    def __init__(self) -> None:
        svg = new_panel(WIDTH, HEIGHT)
        write(svg, "Norm of ∂L/∂W in each layer", 8, 20, "ag-title")
        write(svg, "norm", NUMBER, 42, "ag-label ag-faint", text_anchor="end")
        put(svg, "text", "ag-label ag-faint", "shut", x=SHARE, y=42, text_anchor="end")
        for tick in range(TICKS):
            put(svg, "text", "ag-tick", f"t{tick}", y=42, text_anchor="middle")
            put(svg, "path", "ag-ruler", f"r{tick}")
        for layer in range(MOST):
            put(svg, "rect", "ag-strip", f"l{layer}", x=LEFT, rx=2)
            put(svg, "text", "ag-cell ag-faint", f"l{layer}.name", x=LEFT - 6, text_anchor="end")
            put(svg, "text", "ag-cell ag-grad", f"l{layer}.norm", x=NUMBER, text_anchor="end")
            put(svg, "text", "ag-cell", f"l{layer}.shut", x=SHARE, text_anchor="end")
        axis = f"M{LEFT},{TOP} v{ROOM}"
        put(svg, "path", "ag-axis", d=axis)
        put(svg, "path", "ag-bound", "bound")
        put(svg, "path", "ag-bound", "key", d=f"M8,{TOP + ROOM + 16} h22")
        for line in range(2):
            y = TOP + ROOM + 20.5 + 19 * line
            put(svg, "text", "ag-label", f"key{line}", x=LEFT, y=y)
        self.panel = svg

    def frame(self, layers: Layers, said: str) -> Frame:
        """What is shown of these layers."""
        return {
            "svg@aria-label": said,
            **_axis(layers), **_rows(layers), **_bound(layers), **_key(layers),
        }  # fmt: skip

    def still(self, layers: Layers, said: str) -> Still:
        shut = shut_word(layers.activation)
        rows = [
            (str(layer + 1), norm_text(norm), _share(layers, layer))
            for layer, norm in enumerate(layers.norms)
        ]
        frames = [self.frame(layers, said)]
        return Still([self.panel], frames, said, ("layer", "norm of ∂L/∂W", shut or "-"), rows)


def shut_word(activation: str) -> str:
    """What units are called through which no gradient comes."""
    return {"sigmoid": "sat.", "tanh": "sat.", "relu": "dead"}.get(activation, "")


def _ends(layers: Layers) -> list[int]:
    """The powers of ten at the ticks."""
    norms = [n for n in [*layers.norms, *layers.bound] if isfinite(n) and n > 0]
    # 10⁰ is always there: what explodes and what dies is seen against it.
    return exponents(min([1.0, *norms]), max([1.0, *norms])) if norms else [-1, 0]


def _along(layers: Layers, norm: float) -> float:
    """How far a norm reaches on the axis, from 0 to `REACH`."""
    if not isfinite(norm) or norm <= 0:
        return 0.0
    first, *_, last = _ends(layers)
    return REACH * (log10(norm) - first) / (last - first)


def _axis(layers: Layers) -> Frame:
    ends: list[int | None] = [*_ends(layers)]
    frame = {}
    for tick in range(TICKS):
        exponent = ends[tick] if tick < len(ends) else None
        x = LEFT if exponent is None else LEFT + _along(layers, 10.0**exponent)
        frame[f"t{tick}"] = "" if exponent is None else power_of_ten(exponent)
        frame[f"t{tick}@x"] = place(x)
        frame[f"r{tick}@d"] = "" if exponent is None else f"M{place(x)},{TOP - 5} v{ROOM + 5}"
    return frame


def _rows(layers: Layers) -> Frame:
    depth = len(layers.norms)
    pitch = ROOM / depth
    thick = min(0.7 * pitch, THICKEST)
    frame = {}
    for layer in range(MOST):
        key, there = f"l{layer}", layer < depth
        middle = TOP + pitch * (min(layer, depth - 1) + 0.5)
        norm = layers.norms[layer] if there else 0.0
        frame[f"{key}@y"] = place(middle - thick / 2)
        frame[f"{key}@height"] = place(thick)
        frame[f"{key}@width"] = place(max(_along(layers, norm), 0.0))
        texts = (str(layer + 1), norm_text(norm), _share(layers, layer)) if there else ("", "", "")
        for name, text in zip(("name", "norm", "shut"), texts, strict=True):
            frame[f"{key}.{name}"] = text
            frame[f"{key}.{name}@y"] = place(middle + 4.5)
        frame[f"{key}.norm@class"] = f"ag-cell ag-grad{'' if isfinite(norm) else ' ag-loud'}"
    return frame


def _bound(layers: Layers) -> Frame:
    pitch = ROOM / len(layers.norms)
    places = [
        f"{place(LEFT + _along(layers, bound))},{place(TOP + pitch * (layer + 0.5))}"
        for layer, bound in enumerate(layers.bound)
    ]
    return {"bound@d": f"M{' '.join(places)}" if len(places) > 1 else ""}


def _key(layers: Layers) -> Frame:
    there = len(layers.bound) > 1
    words = {
        "sat.": "sat.: slope below 1/10 of its largest, for all x",
        "dead": "dead: slope 0 for every example",
        "": "",
    }[shut_word(layers.activation)]
    return {
        "key@visibility": "visible" if there else "hidden",
        "key0": "last norm × 0.25ᵏ, k layers before: σ′ ≤ ¼" if there else "",
        "key1": words,
        "shut": shut_word(layers.activation),
    }


def norm_text(norm: float) -> str:
    return "0" if norm == 0 else format_number(norm)


def _share(layers: Layers, layer: int) -> str:
    if not shut_word(layers.activation):
        return ""
    return f"{layers.shut[layer]}/{layers.width}"
