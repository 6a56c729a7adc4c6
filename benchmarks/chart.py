"""The rows as a chart: how many times as long as the row's first reference, on a log scale."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from . import table
from .turns import Row, Times, ratio

OURS, OTHERS = "#00796b", "#9aa5b1"
STYLE = {"svg.hashsalt": "benchmarks", "svg.fonttype": "none", "font.size": 10}


def write(measured: Sequence[tuple[Row, Times]], path: Path) -> None:
    """A panel a row. The same times give the same file."""
    drawn = [(row, found) for row, times in measured if (found := ratios(row, times))]
    heights = [len(found) + 2 for _, found in drawn]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8, 0.27 * sum(heights)), layout="constrained")
        panels = figure.subplots(len(drawn), squeeze=False, height_ratios=heights)[:, 0]
        for panel, (row, found) in zip(panels, drawn, strict=True):
            draw(panel, row, found)
        figure.savefig(path, metadata={"Date": None})


def ratios(row: Row, times: Times) -> dict[str, float]:
    found = {name: ratio(times, name, row.against[0]) for name in times}
    return {name: value for name, value in found.items() if value is not None}


def draw(panel: Axes, row: Row, found: dict[str, float]) -> None:
    panel.axvline(1.0, color="black", linewidth=0.8)
    for place, (name, value) in enumerate(found.items()):
        color = OURS if name.startswith("autograd_lite") else OTHERS
        panel.plot([1.0, value], [place, place], color=color, linewidth=3, solid_capstyle="butt")
        panel.plot(value, place, "o", color=color, markersize=8)
        right = value >= 1
        panel.annotate(
            table.number(value), (value, place), (8 if right else -8, 0),
            textcoords="offset points", va="center", ha="left" if right else "right",
        )  # fmt: skip
    panel.set_yticks(range(len(found)), list(found))
    panel.set_ylim(len(found) - 0.4, -0.6)  # the first on top
    panel.set_xscale("log")
    panel.set_xlim(min(0.6, *found.values()) / 1.5, max(3, *found.values()) * 1.7)
    panel.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.set_title(f"{row.name}: × {row.against[0]}", loc="left", fontweight="bold")
    panel.spines[["top", "right"]].set_visible(False)
