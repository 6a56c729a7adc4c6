"""Measures what was asked for, and puts it together."""

import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import chart, digits, machine, network, sin, table
from .turns import Row, Times, take_turns

ROUNDS = 25


def run(names: Sequence[str], threads: str, quick: bool, out: Path) -> list[Path]:
    """Prints the block that stands in the README; writes it, and a chart, to `out`: the paths."""
    out.mkdir(parents=True, exist_ok=True)
    blocks: list[str] = []
    measured: list[tuple[Row, Times]] = []
    for block in _blocks(names, threads, quick, measured):
        print("\n" * bool(blocks) + block, flush=True)
        blocks.append(block)
    paths = [out / "table.md"]
    paths[0].write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    if measured:
        paths.append(out / "chart.svg")
        chart.write(measured, paths[1])
    return paths


def _blocks(
    names: Sequence[str], threads: str, quick: bool, measured: list[tuple[Row, Times]]
) -> Iterator[str]:
    """A table for each; the rows are added to `measured`."""
    yield machine.line(threads)
    for name in names:
        for row in _rows(name, quick):
            times = take_turns(row, 1 if quick else ROUNDS, quick)
            measured.append((row, times))
            yield table.of_row(row, times)
        if not _rows(name, quick):
            module = "import_time" if name == "import" else name  # `import` is no name in Python
            yield from importlib.import_module(f".{module}", __package__).tables(quick)


def _rows(name: str, quick: bool) -> list[Row]:
    examples = 10 * digits.BATCH if quick else digits.EXAMPLES
    return {
        "sin": [sin.ROW],
        "network": [network.ROW],
        "digits": [digits.row(dtype, examples) for dtype in ("float32", "float64")],
    }.get(name, [])
