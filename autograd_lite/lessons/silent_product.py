"""Lesson 02: inputs of the small network with which its product gets no gradient."""

from typing import Any

from .found import Found, Shortfall
from .numeric import read_numbers

Point = dict[str, float]


def read(answer: Any) -> Point:
    """The two inputs. Raises `Unreadable`."""
    return read_numbers(answer, ["a", "b"])


def lead(point: Point) -> float:
    """How far s = a·b + a is above b: where the max gate sends the gradient."""
    return point["a"] * point["b"] + point["a"] - point["b"]


STOPPED = Found(
    key="02.stopped",
    read=read,
    answer=lambda: {"a": -2.0, "b": 1.5},
    because="The max chooses b, so 0 goes to s: nothing reaches the product, and a gets 0.",
    mistakes=(
        Shortfall(
            lambda point: lead(point) == 0,
            lambda: {"a": 0.0, "b": 0.0},
            "That is a tie: s and b are equal, and half of the gradient goes to s.",
        ),
        Shortfall(
            lambda point: lead(point) > 0,
            lambda: {"a": 2.0, "b": -1.5},
            "Here the max chooses s, and the product gets what s gets. Which input must be larger?",
        ),
    ),
    hints=(
        "Which gate can stop a gradient altogether?",
        "The max gate sends 0 to its smaller input. So s = a·b + a must be smaller than b.",
        "Try a negative a and a positive b.",
    ),
)
