"""Differences of values: how fast a function moves, by its values alone."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

STEPS = (6e-6, 4e-7, 2.5e-8)  # the first is best where the function is smooth
RELATIVE, ABSOLUTE, ROUNDING = 1e-6, 1e-7, 2e-15


class Partial(NamedTuple):
    """One number that is differentiated by, and what differences of values say there."""

    place: str
    expected: float
    left: float  # the slope when the input moves down, and when it moves up
    right: float
    allowed: float
    kink: bool
    again: Callable[[], "Partial"]  # the same by the narrowest step


def partial_at(
    project: Callable[[list[Any]], float],
    leaves: list[Any],
    leaf: Any,
    index: Any,
    at: float,
    place: str,
    start: int = 0,
) -> Partial:
    """∂project/∂leaf[index]: smaller and smaller steps, until the slopes to both sides agree;
    else it is a kink.
    """
    x = leaf[index]
    steps = _steps(x)
    for h in steps[start:]:
        up, down = (x + h) - x, x - (x - h)  # how far it really goes
        leaf[index] = x + h
        above = project(leaves)
        leaf[index] = x - h
        below = project(leaves)
        leaf[index] = x
        left, right = (at - below) / down, (above - at) / up
        rounding = ROUNDING * (abs(at) + abs(above)) / h
        smooth = abs(right - left) <= 1e-3 * (abs(left) + abs(right)) + 1e-3 + 10 * rounding
        if smooth:
            break
    expected = (above - below) / (up + down)
    last = len(steps) - 1

    def again() -> Partial:
        return partial_at(project, leaves, leaf, index, at, place, last)

    return Partial(place, expected, left, right, ABSOLUTE + rounding, not smooth, again)


def _steps(x: float) -> list[float]:
    """From wide to narrow: of the size that suits x, then of one that suits what bends at x."""
    large, small = max(1.0, abs(x)), min(1.0, abs(x)) or 1.0
    scales = [large] if large == small else [large, small]
    return [step * scale for scale in scales for step in STEPS]


def error_of(partial: Partial, received: float) -> float:
    """How far off a number is, in units of what is allowed: up to 1 it agrees."""
    expected = partial.expected
    if not np.isfinite(received) or not np.isfinite(expected):
        return np.inf
    allowed = partial.allowed + RELATIVE * max(abs(expected), abs(received))
    return abs(received - expected) / allowed
