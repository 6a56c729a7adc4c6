"""The line that says where and when something was measured."""

import datetime
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "torch", "jax", "autograd", "micrograd", "tinygrad")


def line(threads: str) -> str:
    """Processor, threads, Python, the versions of what is installed, and the date."""
    found = [f"{name} {known}" for name in PACKAGES if (known := _version(name))]
    parts = [
        f"{processor()}, {os.cpu_count()} cores",
        "one thread" if threads == "1" else f"{threads} threads",
        f"Python {platform.python_version()}",
        *found,
        datetime.date.today().isoformat(),
    ]
    return ", ".join(parts) + "."


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = [text.partition(":")[2].strip() for text in lines if text.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package).partition("+")[0]
    except PackageNotFoundError:
        return None
