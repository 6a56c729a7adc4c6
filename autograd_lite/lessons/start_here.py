"""Lesson 00: one easy exercise, to meet the check, the hints and the named mistake."""

from .exercise import Mistake
from .numeric import Number

READY = Number(
    key="00.ready",
    answer=lambda: 2 + 2,
    because="This is how a check answers. You are ready for lesson 01.",
    mistakes=(
        Mistake(
            lambda: int("2" + "2"),
            "That is a 2 written beside a 2, as with text. Here the two numbers are added.",
        ),
        Mistake(lambda: 2 - 2, "That is the difference of the two numbers. The sign is a plus."),
    ),
    hints=(
        "The question is what 2 + 2 is.",
        "Python knows: write 2 + 2 in a new cell and run it.",
        "Put the sum of 2 and 2 where None stands, and run the cell again.",
    ),
)

START_HERE = (READY,)
