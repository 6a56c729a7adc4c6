"""Lesson 01: the two contributions at the fork, made to cancel."""

from math import cos, sin

from .exercise import Mistake
from .numeric import Number

X1 = 2.0

STILL = Number(
    key="01.still",
    answer=lambda: -cos(X1),
    because="The product brings x2, the sine brings cos(x1). Here the two cancel.",
    mistakes=(
        Mistake(
            lambda: cos(X1),
            "The sign is turned round. The two contributions are added: when is their sum 0?",
        ),
        Mistake(
            lambda: 0.0,
            "That stops the path through the product alone. The sine still brings cos(x1).",
        ),
        Mistake(
            lambda: -sin(X1) / X1,
            "There the value y is 0. Asked is where its gradient is 0.",
        ),
        Mistake(
            lambda: -sin(X1),
            "The local gradient of the sine is the cosine.",
        ),
        Mistake(
            lambda: -(X1 + cos(X1)),
            "That sets another sum to 0. The product brings x2 to x1, not x1.",
        ),
    ),
    hints=(
        "∂y/∂x1 is a sum of two contributions. Which?",
        "The product brings x2, the sine brings cos(x1).",
        "Solve x2 + cos(2) = 0.",
    ),
)
