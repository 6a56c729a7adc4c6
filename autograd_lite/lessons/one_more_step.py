"""Lesson 08: how far a step may go, a batch in two halves, and what luck can do."""

from .choice import Choice, Option
from .exercise import Mistake
from .numeric import Number

CURVATURE = 18.0  # of J = (3w − 5)²: its gradient is 18·w − 30

TOO_FAR = Number(
    key="08.too_far",
    answer=lambda: 2 / CURVATURE,
    because="A step multiplies the distance from 5/3 by 1 − 18·λ. There this is −1.",
    mistakes=(
        Mistake(
            lambda: 1 / CURVATURE,
            "With this one the first step arrives: the distance is multiplied by 0. It may be "
            "larger still.",
        ),
        Mistake(
            lambda: 5 / 3,
            "That is where w should arrive. Asked is a learning rate.",
        ),
        Mistake(
            lambda: 1 / 3,
            "The factor x counts twice: once in w·x, and once more in its local gradient.",
        ),
        Mistake(
            lambda: 2 / 9,
            "The 2 of the square is missing in the gradient: it is 18·w − 30.",
        ),
        Mistake(
            lambda: CURVATURE,
            "That is how fast the gradient grows. The learning rate must undo it.",
        ),
    ),
    hints=(
        "18·w − 30 is 18·(w − 5/3). What does a step make of the distance w − 5/3?",
        "It multiplies the distance by 1 − 18·λ. It comes nearer while this is between −1 and 1.",
        "Solve 1 − 18·λ = −1.",
    ),
)

ROWS, HALF = 32, 16

HALVES = Number(
    key="08.halves",
    answer=lambda: HALF / ROWS,
    because="Each half divides by 16 and the whole by 32. Then what adds up is the mean of all 32.",
    mistakes=(
        Mistake(
            lambda: 1.0,
            "As they are, the two means add up to twice the mean of the whole batch.",
        ),
        Mistake(lambda: 2.0, "That makes it worse: the sum of two means is too large already."),
        Mistake(
            lambda: 1 / ROWS,
            "Each loss is a mean already: it has been divided by its own number of rows.",
        ),
        Mistake(
            lambda: 1 / HALF,
            "Each loss is divided by 16 already. What is left to do, to divide by 32?",
        ),
        Mistake(lambda: 1 / 4, "That is too much: there are two parts."),
    ),
    hints=(
        "Take four rows with the gradients 1, 3, 5 and 7. What is their mean, and what are the "
        "means of the two halves?",
        "The mean of all is 4. The halves have the means 2 and 6, and backward adds them.",
        "2 + 6 is 8, and 4 is wanted.",
    ),
)

LUCK = Choice(
    key="08.luck",
    prompt="Suppose five seeds read 95.8, 96.1, 96.4, 96.7 and 96.9 % of the test digits. With 64 "
    "hidden units and one seed it is 96.8 %. What follows?",
    options=(
        Option(
            "64 units are better: 96.8 is above the mean of the five.",
            "One of the five with 32 units did better still. It can be luck.",
        ),
        Option(
            "64 units are worse: the best of the five has 96.9.",
            "One trial against the best of five is no fair match.",
        ),
        Option(
            "Nothing yet: 96.8 lies among the five. Train 64 units with several seeds too.",
            "A gain that is smaller than the spread of the seeds cannot be told from luck.",
        ),
        Option(
            "Take the best seed of the five: it is the best network.",
            "Then the test images have chosen it, and no longer judge it fairly.",
        ),
    ),
    right="c",
    hints=(
        "How far apart are the five, although only the seed differs?",
        "The five lie within 1.1 %. Where among them is the new one?",
        "What differs between two seeds is luck. Is the gain larger than that?",
    ),
)
