"""Lesson 11: a pass that removes dead lines, and how it goes wrong."""

from collections.abc import Sequence

from .exercise import Mistake
from .own_pass import Lines, OwnPass, Trial


def remove_dead(lines: Lines, results: Sequence[str]) -> Lines:
    """The lines that some result needs.

    >>> remove_dead([("a", "+", "x", "y"), ("b", "*", "x", "x")], ["a"])
    [('a', '+', 'x', 'y')]
    """
    alive = set(results)
    kept = []
    for line in reversed(lines):
        name, _, left, right = line
        if name in alive:
            alive.update((left, right))
            kept.append(line)
    return kept[::-1]


def read_by_any(lines: Lines) -> set[str]:
    return {operand for _, _, left, right in lines for operand in (left, right)}


def one_round(lines: Lines, results: Sequence[str]) -> Lines:
    needed = read_by_any(lines) | set(results)
    return [line for line in lines if line[0] in needed]


def without_results(lines: Lines, results: Sequence[str]) -> Lines:
    return [line for line in lines if line[0] in read_by_any(lines)]


def results_alone(lines: Lines, results: Sequence[str]) -> Lines:
    return [line for line in lines if line[0] in results]


def left_alone(lines: Lines, results: Sequence[str]) -> Lines:
    alive, kept = set(results), []
    for line in reversed(lines):
        if line[0] in alive:
            alive.add(line[2])
            kept.append(line)
    return kept[::-1]


def last_result(lines: Lines, results: Sequence[str]) -> Lines:
    return remove_dead(lines, results[-1:])


def dead(lines: Lines, results: Sequence[str]) -> Lines:
    alive = remove_dead(lines, results)
    return [line for line in lines if line not in alive]


DEAD_LINES = OwnPass(
    key="11.dead.rule",
    name="remove_dead",
    trials=(
        Trial(
            (
                ("a", "+", "x", "y"),
                ("b", "*", "x", "x"),
                ("c", "*", "a", "a"),
                ("d", "+", "b", "y"),
                ("z", "-", "c", "a"),
            ),
            ("z",),
        ),
        Trial(
            (
                ("p", "*", "x", "w"),
                ("q", "+", "p", "b"),
                ("r", "*", "q", "q"),
                ("s", "-", "y", "q"),
                ("u", "*", "p", "y"),
            ),
            ("s", "r"),
        ),
        Trial((("a", "+", "x", "y"), ("z", "*", "x", "a")), ("z",)),
    ),
    answer=remove_dead,
    because="From the last line to the first: whoever is needed needs what it reads.",
    mistakes=(
        Mistake(
            one_round,
            "One round is not enough: a line that only a dead line reads is dead too. Walk from "
            "the last line to the first, and let only lines that stay mark what they read.",
        ),
        Mistake(
            without_results,
            "A result is gone. Nobody in the program reads it, but it is what is asked for.",
        ),
        Mistake(
            results_alone,  # and whoever walks from the first line to the last
            "Only the lines of the results are left, without what they read. Whether a line is "
            "needed is known only after all lines that could read it: begin at the last one.",
        ),
        Mistake(
            lambda lines, results: remove_dead(lines, results)[::-1],
            "The right lines stay, in reverse order. Turn the list round at the end.",
        ),
        Mistake(
            left_alone,
            "Only the left operand is marked as needed. A line reads two.",
        ),
        Mistake(
            last_result,
            "Only one of the results is asked for. There may be several: a value, and gradients.",
        ),
        Mistake(
            dead,
            "Those are the dead lines. Return the others.",
        ),
        Mistake(
            lambda lines, results: lines,
            "Nothing was removed.",
        ),
        Mistake(
            lambda lines, results: [],
            "Nothing is left. In the beginning the results are needed.",
        ),
    ),
    hints=(
        "Which names are needed, before you look at any line?",
        "Walk with `for line in reversed(lines)`. If its name is needed, it stays, and both of "
        "its operands are needed.",
        "alive = set(results). In the loop: name, sign, left, right = line; if name in alive: "
        "alive.update((left, right)), and keep the line. Return the kept lines, reversed.",
    ),
)
