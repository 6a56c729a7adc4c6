"""Tables that are aligned as text and read as Markdown."""

from collections.abc import Sequence

from .timing import spread
from .turns import Row, Times, ratio


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
    return block(row.title, head, lines, skipped)


def block(
    title: str, head: Sequence[str], lines: Sequence[Sequence[str]], notes: Sequence[str] = ()
) -> str:
    """A title, a table, and what else is to be said."""
    parts = [f"**{title}**", markdown(head, lines)]
    if notes:
        parts.append("\n".join(f"- {note}" for note in notes))
    return "\n\n".join(parts)


def number(value: float) -> str:
    """Two or three digits that say something: 0.084, 0.84, 1.02, 37.1, 269, 1,160."""
    places = sum(value < bound for bound in (0.1, 10, 100))
    return f"{value:,.{places}f}"


def markdown(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Columns of equal width: the first to the left, numbers to the right."""
    widths = [max(3, *(len(cell) for cell in column)) for column in zip(head, *lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_line(cells, widths) for cells in [head, rule, *lines])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return "| " + " | ".join(padded) + " |"
