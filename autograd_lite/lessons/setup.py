"""The set-up check of lesson 00: what is there, what is missing, and what mends it."""

import re
import sys
from importlib import metadata

# The lowest versions that the lessons run with, as in pyproject.toml.
PYTHON = "3.11"
PACKAGES = {
    "numpy": "2.0",
    "jupyterlab": "4.3",
    "ipywidgets": "8.1.5",
    "anywidget": "0.9.13",
    "graphviz": "0.20.3",
    "matplotlib": "3.9",
    "sympy": "1.13",
}

ENGINES = {
    "pygraphviz": "ok, Graphviz in this process (pygraphviz)",
    "dot": "ok, the dot program of Graphviz",
    "plain": "ok, a plain layout; with Graphviz they look better",
}
LIBRARIES = "sudo apt-get install libglib2.0-0 libx11-6 libxrender1 libxext6"


def setup_check() -> None:
    """Print whether each part that the lessons need is there, and how to mend what is not.

    Versions are printed only when they are too old, so that the output is the same everywhere.
    """
    lines: list[tuple[str, str]] = [("Python", _judge(_running_python(), PYTHON))]
    lines += [(name, _judge(_installed(name), least)) for name, least in PACKAGES.items()]
    lines += [("pictures", _pictures())]
    for name, state in lines:
        print(f"{name:<12}{state}")
    mends = _mends(dict(lines))
    for mend in mends:
        print(mend)
    if not mends:
        print("Everything is ready.")


def _judge(version: str | None, least: str) -> str:
    if version is None:
        return "missing"
    if _numbers(version) < _numbers(least):
        return f"too old: {version}, needed is {least} or newer"
    return "ok"


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version; zeros at the end mean nothing.

    >>> _numbers("4.10.0rc1")
    (4, 10)
    """
    leading = re.match(r"[\d.]*", version)
    numbers = [int(part) for part in leading[0].split(".") if part] if leading else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _running_python() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _installed(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _pictures() -> str:
    """Lay out one box, and say who did it."""
    try:
        from autograd_lite.views.layout import layout

        engine = layout({"box": (40.0, 20.0)}, []).engine
    # A broken library can fail in any way; this is the place to say so.
    except Exception as problem:
        return f"not working: {type(problem).__name__}: {problem}"
    return ENGINES.get(engine, f"ok, {engine}")


def _mends(states: dict[str, str]) -> list[str]:
    mends = []
    if not states["Python"].startswith("ok"):
        mends.append(f"Install Python {PYTHON} or newer, and make a new environment with it.")
    wanting = [name for name in PACKAGES if states[name] != "ok"]
    if wanting:
        wishes = " ".join(f'"{name}>={PACKAGES[name]}"' for name in wanting)
        mends.append(f"Run this in a new cell, then restart the kernel:  %pip install {wishes}")
    if states["pictures"] == ENGINES["plain"]:
        mends.append(_graphviz_mend())
    if states["pictures"].startswith("not working"):
        mends.append("Install autograd_lite again; pictures need all of its files.")
    return mends


def _graphviz_mend() -> str:
    if _installed("pygraphviz") is None:
        return 'For Graphviz, run in a new cell:  %pip install "pygraphviz>=2.0.4"'
    return f"pygraphviz is there, but a system library is missing. On Debian:  {LIBRARIES}"
