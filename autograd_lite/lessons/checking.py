"""What a learner calls in a notebook: check, hint, progress. They print, and return nothing."""

import sys
import textwrap

from . import record
from .catalogue import LESSONS, find
from .exercise import State, Verdict

WIDTH = 88
SYMBOLS = {State.RIGHT: "✓", State.NOT_YET: "✗", State.NOT_TRIED: "·"}

# Hints live as long as the kernel: a fresh run of a notebook begins with the first one.
_hints_given: dict[str, int] = {}
_complaints_made: set[str] = set()


def check(key: str, answer: object = None) -> None:
    """Judge the answer to an exercise, print the verdict, keep it in the progress file.

    No answer makes it raise: None means not tried yet, anything strange gets a sentence.
    Raises ValueError for an unknown key.

    >>> check("02.add", {"x": None, "y": None})
    · 02.add: not tried yet
    """
    exercise = find(key)
    verdict = exercise.judge(answer)
    say(_headline(key, verdict))
    for line in verdict.picture.splitlines():
        _print("  " + line)
    for line in exercise.question.splitlines():
        say(line, indent="  ")
    if verdict.state is not State.NOT_TRIED:
        _complain(record.mark(key, "right" if verdict.state is State.RIGHT else "tried"))


def hint(key: str) -> None:
    """Print the first hint; called again, one more each time, three in all.

    Raises ValueError for an unknown key.

    >>> hint("00.ready")
    Hint 1 of 3: The question is what 2 + 2 is.
    """
    exercise = find(key)
    given = _hints_given[key] = _hints_given.get(key, 0) + 1
    total = len(exercise.hints)
    for number, text in enumerate(exercise.hints[:given], start=1):
        say(f"Hint {number} of {total}: {text}")
    if given > total:
        say(f"There are no more hints. {exercise.after_hints}")


def progress() -> None:
    """Print a table: how many exercises of each lesson were tried, and how many are right."""
    states, complaint = record.load()
    rows = [("lesson", "tried", "right", "")]
    for lesson in LESSONS:
        found = [states.get(exercise.key, "") for exercise in lesson.exercises]
        total, tried, right = len(found), len(found) - found.count(""), found.count("right")
        word = "done" if right == total else "under way" if tried else "not started"
        name = f"{lesson.number} {lesson.title}"
        rows.append((name, f"{tried} of {total}", f"{right} of {total}", word))
    for row in rows:
        say("".join(f"{cell:<{width}}" for cell, width in zip(row, (24, 10, 10, 12), strict=True)))
    if record.location() is None:
        say("Run this cell to see your own. (If it stays like this, AUTOGRAD_LITE_PROGRESS=off.)")
    _complain(complaint)


def say(text: str, indent: str = "") -> None:
    """Print text, wrapped, in any terminal."""
    hanging = indent + "  "
    lines = textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=hanging, break_on_hyphens=False
    )
    _print("\n".join(lines))


def _print(text: str) -> None:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    # A console without ✓ shows a question mark: a check must not stop on it.
    print(text.encode(encoding, "replace").decode(encoding))


def _headline(key: str, verdict: Verdict) -> str:
    line = f"{SYMBOLS[verdict.state]} {key}: {verdict.state}"
    return f"{line}. {verdict.message}" if verdict.message else line


def _complain(complaint: str) -> None:
    """Say what is wrong with the progress file, once."""
    if complaint and complaint not in _complaints_made:
        _complaints_made.add(complaint)
        say(complaint)
