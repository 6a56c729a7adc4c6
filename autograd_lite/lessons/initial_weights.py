"""Lesson 09: how large the first weights should be, and why they must differ."""

from .choice import Choice, Option
from .exercise import Mistake
from .numeric import Number, Numbers

TERMS = 100

SPREAD = Number(
    key="09.spread",
    answer=lambda: float(TERMS),
    because="The terms do not know of each other, so their variances add.",
    mistakes=(
        Mistake(
            lambda: float(TERMS) ** 0.5,
            "That is the standard deviation, the root of the variance.",
        ),
        Mistake(
            lambda: 1.0,
            "That is the variance of one term. z is the sum of all of them.",
        ),
        Mistake(
            lambda: 1 / TERMS,
            "That is the variance of their mean. z is their sum.",
        ),
        Mistake(
            lambda: float(TERMS) ** 2,
            "That would be so if all the weights were one and the same. They are drawn one by one, "
            "and their differences partly cancel.",
        ),
        Mistake(
            lambda: 0.0,
            "That is the mean of z. The variance says how far it spreads around it.",
        ),
    ),
    hints=(
        "What is the variance of one term x·w, when x is 1 or −1?",
        "The weights are drawn one by one. Then the variances of the terms add.",
        "A hundred terms, each with the variance 1.",
    ),
)

N_IN, N_OUT = 100, 300


def variances(xavier: float, he: float) -> dict[str, float]:
    return {"xavier": xavier, "he": he}


def right() -> dict[str, float]:
    """Xavier: 2/(n_in + n_out). He: 2/n_in."""
    return variances(2 / (N_IN + N_OUT), 2 / N_IN)


VARIANCES = Numbers(
    key="09.variances",
    answer=right,
    because="Xavier looks at both passes, He at the half that ReLU takes away.",
    mistakes=(
        Mistake(
            lambda: variances(right()["he"], right()["xavier"]),
            "The two are swapped. He looks at n_in alone.",
        ),
        Mistake(
            lambda: variances(right()["xavier"] ** 0.5, right()["he"] ** 0.5),
            "Those are the standard deviations. Asked are the variances, their squares.",
        ),
        Mistake(
            lambda: variances(1 / (N_IN + N_OUT), 1 / N_IN),
            "Both are half of what they should be: a 2 stands above the line.",
        ),
        Mistake(
            lambda: variances(1 / N_IN, 2 / N_OUT),
            "That is 1/n_in for Xavier, and He with n_out. Xavier takes both numbers, He the one "
            "that is summed over: n_in.",
        ),
        Mistake(
            lambda: variances(2 / (N_IN * N_OUT), 2 / (N_IN * N_OUT)),
            "That divides by the number of weights. Each output adds up n_in terms only.",
        ),
    ),
    hints=(
        "He: 2 over the number of inputs of the layer. Xavier: 2 over inputs and outputs together.",
        "n_in is 100 and n_out is 300.",
        "Xavier is 2/(100 + 300), He is 2/100.",
    ),
)

SYMMETRY = Choice(
    key="09.symmetry",
    prompt="A network has two inputs, three hidden units and one output. All its weights start at "
    "0.5. It is trained for 500 steps. What do the three hidden units compute then?",
    options=(
        Option(
            "Three different things: training has moved them apart.",
            "What would move them apart? Each gets the same values and the same gradients.",
        ),
        Option(
            "Nothing: no weight has moved.",
            "They do move, for gradients arrive. But how do they move, compared with each other?",
        ),
        Option(
            "The same thing, three times.",
            "Equal weights, equal values, equal gradients, equal steps: they stay equal for ever.",
        ),
        Option(
            "That depends on the data.",
            "Whatever the data are: all three units see the same.",
        ),
    ),
    right="c",
    hints=(
        "Compare the first two hidden units. In what do they differ before the first step?",
        "Their values are equal. What gradient arrives at each?",
        "Equal weights and equal gradients. Then what are the weights after the step?",
    ),
)
