"""The progress file: one JSON object, exercise key → "tried" or "right".

It lies in the user's data folder. AUTOGRAD_LITE_PROGRESS names another file, or "off".
Whatever is wrong with it, a check goes on: the functions return a complaint and do not raise.
"""

import json
import os
import tempfile
from pathlib import Path

from .locking import locked

VARIABLE = "AUTOGRAD_LITE_PROGRESS"


def location() -> Path | None:
    """Where progress is kept, or None when it is off."""
    chosen = os.environ.get(VARIABLE, "").strip()
    if chosen.lower() == "off":
        return None
    if chosen:
        return Path(chosen)
    # Late, so that a Python without Jupyter can still say what is missing.
    from platformdirs import user_data_dir

    return Path(user_data_dir("autograd_lite", appauthor=False)) / "progress.json"


def load() -> tuple[dict[str, str], str]:
    """What was tried and solved so far, and a complaint (empty when all is well)."""
    try:
        path = location()
        if path is None or not path.exists():
            return {}, ""
        with locked(path):
            return _read(path)
    # ValueError: a path without a file name, such as ".".
    except (OSError, ValueError, ImportError) as problem:
        return {}, f"Progress could not be read: {problem}."


def mark(key: str, state: str) -> str:
    """Keep that an exercise was "tried" or is "right". Returns a complaint, or nothing.

    What other notebooks wrote meanwhile is kept, and "right" is never turned back.
    """
    try:
        path = location()
        if path is None:
            return ""
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path):
            states, complaint = _read(path)
            if states.get(key) not in (state, "right"):
                _write(path, states | {key: state})
        return complaint
    # ValueError: a path without a file name, such as ".".
    except (OSError, ValueError, ImportError) as problem:
        return f"Progress could not be kept: {problem}."


def _read(path: Path) -> tuple[dict[str, str], str]:
    try:
        content = json.loads(path.read_bytes())
        if not _is_table(content):
            raise ValueError("not a table of words")
        return content, ""
    except FileNotFoundError:
        return {}, ""
    # RecursionError: thousands of brackets.
    except (ValueError, RecursionError):
        aside = _set_aside(path)
        return {}, f"The progress file could not be read. It is kept as {aside}; a new one begins."


def _is_table(content: object) -> bool:
    return isinstance(content, dict) and all(isinstance(word, str) for word in content.values())


def _set_aside(path: Path) -> Path:
    aside, number = path.with_name(f"{path.name}.broken"), 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.broken-{number}")
    return path.rename(aside)


def _write(path: Path, states: dict[str, str]) -> None:
    """Replace the file in one step: a reader sees the old one or the new one, never half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(states, file, indent=1, sort_keys=True)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
