"""Data from formulas and files loads nothing for the network."""

import subprocess
import sys
from pathlib import Path

import autograd_lite as ag


def test_only_a_download_loads_the_network() -> None:
    code = (
        "import sys, numpy; before = set(sys.modules); import autograd_lite as ag; "
        "ag.nn, ag.optim, ag.data.digits(); print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(ag.__file__).parents[1], capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = set(run.stdout.split())
    assert "autograd_lite.data.digits" in loaded
    assert loaded.isdisjoint({"urllib.request", "ssl", "http", "http.client", "email"})
