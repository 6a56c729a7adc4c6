"""Which browser the tests drive, and what happens when there is none."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def missing(reason: str) -> NoReturn:
    """Skip the test on a reader's machine. In CI nothing may be left out: fail."""
    if os.environ.get("CI", "").lower() in {"", "0", "false", "no", "off"}:
        pytest.skip(reason)
    pytest.fail(reason, pytrace=False)


def find_chromium(own: str) -> str:
    """The browser asked for, else the first one on PATH, else playwright's ``own``."""
    wanted = os.environ.get("AUTOGRAD_LITE_BROWSER")
    if wanted:
        return shutil.which(wanted) or pytest.fail(
            f"AUTOGRAD_LITE_BROWSER is {wanted!r}, which is no program; "
            "write the full path of a Chromium, Chrome or Edge, or unset it",
            pytrace=False,
        )
    for name in NAMES:
        if found := shutil.which(name):
            return found
    if Path(own).is_file():
        return own
    missing(
        "no Chromium found; write: python -m playwright install chromium, "
        "or set AUTOGRAD_LITE_BROWSER to the path of a Chromium, Chrome or Edge"
    )
