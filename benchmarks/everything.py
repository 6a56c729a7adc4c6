"""Measures what was asked for, and prints and writes it."""

from collections.abc import Sequence
from pathlib import Path

from . import digits, machine, network, sin, table
from .turns import Row, take_turns

ROUNDS = 25


def run(names: Sequence[str], threads: str, quick: bool, out: Path) -> None:
    blocks = [machine.line(threads)]
    print(blocks[0])
    for row in rows(names, quick):
        times = take_turns(row, 1 if quick else ROUNDS, quick)
        blocks.append(table.of_row(row, times))
        print("\n" + blocks[-1], flush=True)
    out.mkdir(parents=True, exist_ok=True)
    (out / "table.md").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def rows(names: Sequence[str], quick: bool) -> list[Row]:
    examples = 10 * digits.BATCH if quick else digits.EXAMPLES
    known = {
        "sin": [sin.ROW],
        "network": [network.ROW],
        "digits": [digits.row(dtype, examples) for dtype in ("float32", "float64")],
    }
    return [row for name in names for row in known.get(name, [])]
