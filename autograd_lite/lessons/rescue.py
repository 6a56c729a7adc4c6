"""Lesson 09: weights that make up for the quarter of a sigmoid."""

from .exercise import Mistake
from .numeric import Number

STEEPEST = 1 / 4

RESCUE = Number(
    key="09.rescue",
    answer=lambda: 1 / STEEPEST,
    because="Where σ is steepest its slope takes three quarters away, and the weights bring them "
    "back.",
    mistakes=(
        Mistake(lambda: 1.0, "Those are the weights as they are. The slope is not made up for."),
        Mistake(
            lambda: STEEPEST,
            "That makes the weights narrower: the gradient shrinks even more.",
        ),
        Mistake(
            lambda: STEEPEST**-2,
            "That is the factor of the variance. `wider` multiplies the weights themselves.",
        ),
        Mistake(
            lambda: STEEPEST**-0.5,
            "With its square as the variance it is still too little: the gradient is multiplied "
            "by the weight itself, and by the slope.",
        ),
        Mistake(
            lambda: STEEPEST**-7,
            "That makes up for seven layers at once. Each layer has weights of its own.",
        ),
    ),
    hints=(
        "A link multiplies a gradient by w·σ'(z). How large is σ' at most?",
        "At most 1/4. And xavier alone neither stretches nor shrinks.",
        "Which number times 1/4 is 1?",
    ),
)
