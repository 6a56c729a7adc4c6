"""The command: contenders agree, a missing peer is left out by name, every table is there.

No time is asserted.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import digits, network, sin
from benchmarks.turns import Row

ROOT = Path(__file__).resolve().parents[2]
ROWS = (sin.ROW, network.ROW, digits.row("float32", 640), digits.row("float64", 640))
OURS = ("plain floats", "NumPy", "autograd_lite")
PEERS = ("micrograd", "autograd", "jax", "tinygrad")  # PyTorch stays where it is installed


def measure(folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """Where no peer but PyTorch is installed."""
    for peer in PEERS:
        (folder / f"{peer}.py").write_text(f"raise ModuleNotFoundError('no', name='{peer}')")
    path = os.pathsep.join([str(folder), str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--out", str(folder / "out"), *names],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True,
        encoding="utf-8",
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("benchmarks")


@pytest.fixture(scope="module")
def printed(folder: Path) -> str:
    done = measure(folder, "sin", "network", "digits", "passes", "scaling", "import", "drawing")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "differ" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_every_contender_is_timed_or_left_out_by_name(printed: str, row: Row) -> None:
    block = printed.partition(f"**{row.title}**")[2].partition("**")[0]
    for name in row.contenders:
        if name.startswith(OURS):
            assert re.search(rf"^\| {name} +\| +[\d.,]+ \|", block, re.MULTILINE), name
        elif name != "PyTorch":
            assert re.search(rf"^\| {name} |^- {name}: .*, skipped$", block, re.MULTILINE), name


def test_a_missing_peer_is_left_out_by_name(printed: str) -> None:
    for name in ("micrograd", "HIPS autograd", "jax.jit", "tinygrad"):
        assert f"- {name}: not installed, skipped\n" in printed


def test_other_tables_are_there(printed: str) -> None:
    assert re.search(r"^\| import autograd_lite +\| +\d", printed, re.MULTILINE)
    assert re.search(r"^\| 64 +\| +\d", printed, re.MULTILINE)
    assert re.search(r"^\| 10,000 +\| +on \|", printed, re.MULTILINE)
    assert re.search(r"^\| 30 +\| +\d", printed, re.MULTILINE)
    assert re.search(r"^- \d+ bytes a node built, \d+ with gradients, ", printed, re.MULTILINE)


def test_what_is_printed_is_written(printed: str, folder: Path) -> None:
    assert (folder / "out" / "table.md").read_text(encoding="utf-8") == printed
    chart = (folder / "out" / "chart.svg").read_text(encoding="utf-8")
    assert "autograd_lite nn" in chart
    assert printed.splitlines()[-1].endswith("](benchmarks/chart.svg)")


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    done = measure(tmp_path, "sine")
    assert done.returncode == 2
    assert "no benchmark is named 'sine'; there are sin, network, digits" in done.stderr
