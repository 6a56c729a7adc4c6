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
from benchmarks.__main__ import NAMES
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
def done(folder: Path) -> subprocess.CompletedProcess[str]:
    done = measure(folder, "sin", "network", "digits", "passes", "scaling", "import", "drawing")
    assert done.returncode == 0, done.stderr[-3000:]
    return done


@pytest.fixture(scope="module")
def printed(done: subprocess.CompletedProcess[str]) -> str:
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


def test_what_is_printed_is_written_where_it_says(
    done: subprocess.CompletedProcess[str], folder: Path
) -> None:
    table, chart = folder / "out" / "table.md", folder / "out" / "chart.svg"
    assert table.read_text(encoding="utf-8") == done.stdout
    assert "autograd_lite nn" in chart.read_text(encoding="utf-8")
    assert done.stderr.splitlines()[-2:] == [f"written: {table}", f"written: {chart}"]
    assert "chart.svg" not in done.stdout


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["sine"], "no benchmark is named 'sine'; there are sin, network, digits"),
        (["--threads", "0"], "--threads: received '0', expected a number from 1 on, or all"),
        (["--threads", "x"], "--threads: received 'x', expected a number from 1 on, or all"),
        (["--threads", "-1"], "--threads: "),
        (["--out", "README.md"], "--out: received 'README.md', a file; expected a folder"),
        (["--out", "README.md/in"], "--out: received 'README.md/in', a file; expected a folder"),
    ],
)
def test_what_is_unknown_is_refused(tmp_path: Path, given: list[str], message: str) -> None:
    done = measure(tmp_path, *given)
    assert done.returncode == 2
    assert message in done.stderr
    assert not done.stdout


def test_help_says_what_each_name_measures(tmp_path: Path) -> None:
    done = measure(tmp_path, "--help")
    for name in NAMES:
        assert re.search(rf"^{name} +\w.{{20}}", done.stdout, re.MULTILINE), name
