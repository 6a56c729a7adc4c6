"""A row's times as a table that is aligned as text and reads as Markdown."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from .turns import Row, Times


class Spread(NamedTuple):
    """The middle one, and where the middle half lies."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    ordered = sorted(values)
    return Spread(
        statistics.median(ordered), ordered[len(ordered) // 4], ordered[3 * len(ordered) // 4]
    )


def ratio(times: Times, name: str, reference: str) -> float | None:
    """How many times as long it takes: the ratio of each round, and of these the median."""
    own, other = times[name], times[reference]
    if isinstance(own, str) or isinstance(other, str):
        return None
    return statistics.median(a / b for a, b in zip(own, other, strict=True))


def of_row(row: Row, times: Times) -> str:
    """One line for each contender that was timed, and the names of the others."""
    head = ["", "µs", "middle half", *(f"× {name}" for name in row.against)]
    lines, skipped = [], []
    for name, taken in times.items():
        if isinstance(taken, str):
            skipped.append(f"{name}: {taken}, skipped")
            continue
        median, low, high = spread([seconds * 1e6 for seconds in taken])
        ratios = [ratio(times, name, reference) for reference in row.against]
        lines.append([
            name, number(median), f"{number(low)}–{number(high)}",
            *("" if value is None else number(value) for value in ratios),
        ])  # fmt: skip
    return "\n".join([f"**{row.title}**", "", markdown(head, lines), *_list(skipped)])


def _list(notes: list[str]) -> list[str]:
    return ["", *(f"- {note}" for note in notes)] if notes else []


def number(value: float) -> str:
    """Two or three digits that say something: 0.084, 0.84, 1.02, 37.1, 269, 1,160."""
    places = sum(value < bound for bound in (0.1, 10, 100))
    return f"{value:,.{places}f}"


def markdown(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Columns of equal width: the first to the left, numbers to the right."""
    widths = [max(3, *(len(cell) for cell in column)) for column in zip(head, *lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    rows = [_line(head, widths), "|" + "|".join(f" {cell} " for cell in rule) + "|"]
    return "\n".join(rows + [_line(cells, widths) for cells in lines])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return "| " + " | ".join(padded) + " |"
