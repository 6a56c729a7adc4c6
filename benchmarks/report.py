"""Measures what was asked for, prints it, and writes it with a chart."""

import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import chart, digits, machine, network, sin, table
from .turns import Row, Times, take_turns

ROUNDS = 25
OTHERS = {
    "passes": "passes",
    "scaling": "scaling",
    "import": "import_time",
    "drawing": "drawing",
    "stepper": "stepper",
    "nbval": "nbval",
}


def run(names: Sequence[str], threads: str, quick: bool, out: Path) -> None:
    measured: list[tuple[Row, Times]] = []
    blocks = []
    for block in _blocks(names, threads, quick, measured):
        print(block + "\n", flush=True)
        blocks.append(block)
    out.mkdir(parents=True, exist_ok=True)
    (out / "table.md").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    if measured:
        chart.write(measured, out / "chart.svg")


def _blocks(
    names: Sequence[str], threads: str, quick: bool, measured: list[tuple[Row, Times]]
) -> Iterator[str]:
    yield machine.line(threads)
    for name in names:
        for row in _rows(name, quick):
            times = take_turns(row, 1 if quick else ROUNDS, quick)
            measured.append((row, times))
            yield table.of_row(row, times)
        if name in OTHERS:
            yield from importlib.import_module(f".{OTHERS[name]}", __package__).tables(quick)


def _rows(name: str, quick: bool) -> list[Row]:
    examples = 10 * digits.BATCH if quick else digits.EXAMPLES
    return {
        "sin": [sin.ROW],
        "network": [network.ROW],
        "digits": [digits.row(dtype, examples) for dtype in ("float32", "float64")],
    }.get(name, [])
