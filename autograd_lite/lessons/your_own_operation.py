"""Lesson 05: an operation is a class with forward and backward, and an engine is forty lines."""

from typing import Any

import numpy as np

from .choice import Choice, Option
from .exercise import Mistake
from .fooled import FOOLED
from .numeric import Number
from .own_engine import OwnEngine
from .own_rules import AFFINE, EXP, MULTIPLY, SOFTPLUS

KEEP = Choice(
    key="05.keep",
    prompt="z = x·y was computed long ago. Now dz arrives. What must the operation have kept?",
    options=(
        Option("Nothing: dz is enough.", "dz alone says nothing of x and y, and dx is dz·y."),
        Option("The output z.", "From z = 6 alone nobody knows whether it was 2·3 or 1·6."),
        Option("The inputs x and y.", "dx = dz·y and dy = dz·x: each input needs the other."),
        Option(
            "The operation that comes next.",
            "What comes next is in dz already: that is what upstream means.",
        ),
    ),
    right="c",
    hints=(
        "Write down dx and dy. Which letters are in them?",
        "The product is a switcher.",
        "dx = dz·y and dy = dz·x.",
    ),
)


def softmax(x: Any) -> Any:
    """e^x shared out so that the sum is 1."""
    powers = np.exp(x - np.max(x))
    return powers / np.sum(powers)


SCORES = np.array([1.0, 2.0, 3.0])


def softmax_backward(z: Any, dz: Any) -> Any:
    """dx_j = z_j · (dz_j − Σ_k dz_k · z_k)."""
    return z * (dz - np.sum(dz * z))


ONES = Number(
    key="05.ones",
    answer=lambda: float(softmax_backward(softmax(SCORES), np.ones(3))[0].round(12)),
    because="The three outputs always add up to 1. Their sum does not move, whatever x does.",
    mistakes=(
        Mistake(
            lambda: 1.0,
            "That passes dz on as it came. softmax is not a sum: its outputs depend on all x.",
        ),
        Mistake(
            lambda: float(softmax(SCORES)[0]),
            "That is the first output. How does the *sum* of the outputs move?",
        ),
        Mistake(
            lambda: float(softmax(SCORES)[0] * (1 - softmax(SCORES)[0])),
            "That is how the first output alone moves. The other two move as well, and with "
            "dz = 1 everywhere all three count.",
        ),
        Mistake(
            lambda: 3.0,
            "That adds three times dz. The local gradients are missing.",
        ),
    ),
    hints=(
        "With dz = 1 everywhere you ask: how fast does the sum of the outputs move?",
        "What is z1 + z2 + z3, for any x?",
        "The sum is always the same number. How fast does a constant move?",
    ),
)

ENGINE = OwnEngine(
    key="05.engine",
    because="On both functions every contribution and every gradient agrees with the steps.",
    hints=(
        "The local gradients first: in a product, that of self is other.data. For sin, use "
        "math.cos.",
        "self.grad = 1.0 is the seed. Then go through reversed(self.order()): each value sends "
        "value.grad * local to each of its inputs.",
        "For each input: contribution = value.grad * local, then input.grad += contribution, "
        "then sent.append((value, input, contribution)).",
    ),
)

ERASED = Choice(
    key="05.quiz.1",
    prompt="Which of these can go back when only the *output* z was kept?",
    options=(
        Option("z = x·y", "dx holds y, and dy holds x. From z alone neither is known."),
        Option("z = exp(x)", "Its local gradient is e^x, and that is z."),
        Option("z = sin(x)", "It needs cos(x). From sin(x) its sign is not known."),
        Option("z = x²", "It needs 2·x. From x² the sign of x is not known."),
    ),
    right="b",
    hints=(
        "Write down the local gradient of each.",
        "The local gradients are y, e^x, cos(x) and 2·x. Which of them is z?",
        "Which function is its own derivative?",
    ),
)

RANDOM = Choice(
    key="05.quiz.2",
    prompt="Why does the gradient check send random numbers back, and not ones?",
    options=(
        Option("Random numbers are faster.", "Speed is the same. Think of softmax and its zeros."),
        Option(
            "A derivative is only defined for random inputs.",
            "The upstream gradient is no input. Derivatives exist for any.",
        ),
        Option(
            "So that each run checks something else.",
            "They are the same in each run: a check must not change its mind.",
        ),
        Option(
            "With ones, errors in different outputs can cancel.",
            "With ones only the sum of the outputs is looked at. Random numbers look at each.",
        ),
    ),
    right="d",
    hints=(
        "With ones, what is it that is differentiated?",
        "It is the sum of all outputs. When can a sum hide something?",
        "The sum of softmax never moves. The single outputs do.",
    ),
)

KINK = Choice(
    key="05.quiz.3",
    prompt="The gradient check of relu at x = 0 complains. What is wrong?",
    options=(
        Option(
            "The point: relu has no derivative there.",
            "The slope is 0 on the left and 1 on the right. Check beside the kink.",
        ),
        Option("The rule of relu.", "At every other point the same rule passes."),
        Option("The step h is too large.", "However small h is, the two sides disagree."),
        Option("The upstream gradient.", "It is the same one that passes at other points."),
    ),
    right="a",
    hints=(
        "Draw relu. What does it look like at 0?",
        "What is the slope just left of 0, and just right of 0?",
        "A difference across a corner gives 0.5, which is the slope of neither side.",
    ),
)

YOUR_OWN_OPERATION = (
    KEEP, MULTIPLY, EXP, ONES, SOFTPLUS, ENGINE, AFFINE, FOOLED, ERASED, RANDOM, KINK,
)  # fmt: skip
