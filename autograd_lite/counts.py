"""Whole numbers from 1: rows, units, epochs, steps."""

from operator import index
from typing import Any


def count(value: Any, name: str) -> int:
    """The value as an int; refused, by its name, when it is no whole number or below 1.

    >>> count(3, "n")
    3
    >>> count(0, "moons: n")
    Traceback (most recent call last):
    ValueError: moons: n received 0, expected a whole number from 1 on.
    """
    try:
        number = 0 if isinstance(value, bool) else index(value)
    except TypeError:
        number = 0
    if number < 1:
        raise ValueError(f"{name} received {value!r}, expected a whole number from 1 on.")
    return number


def counts(owner: str, **given: Any) -> None:
    """Refuse what is no count: `counts("Linear", n_in=2, n_out=3)`."""
    for name, value in given.items():
        count(value, f"{owner}: {name}")
