"""Lesson 10: a forget gate that is nearly closed, and the operations of a recurrent cell."""

from math import tanh
from typing import Any

import numpy as np

from ..graph import ComputationGraph
from ..nn import RNNCell
from .exercise import Mistake
from .numeric import COUNT, Number, Numbers
from .small_network import sigmoid

BIAS, STEPS = -4.0, 2

CLOSED = Number(
    key="10.closed",
    answer=lambda: sigmoid(BIAS) ** STEPS,
    because="Each step multiplies by σ(−4), along the line of c. Two steps leave next to nothing.",
    mistakes=(
        Mistake(lambda: sigmoid(BIAS), "That is one step. There are two of them."),
        Mistake(
            lambda: STEPS * sigmoid(BIAS),
            "Along a path the factors multiply. They are not added.",
        ),
        Mistake(
            lambda: sigmoid(-BIAS) ** STEPS,
            "That is an open gate, with a bias of 4. Here the bias is negative.",
        ),
        Mistake(
            lambda: (sigmoid(BIAS) * (1 - sigmoid(BIAS))) ** STEPS,
            "That is the slope of σ. c' = f·c: the local gradient by c is f itself.",
        ),
        Mistake(
            lambda: tanh(BIAS) ** STEPS,
            "A forget gate is a sigmoid, between 0 and 1.",
        ),
        Mistake(lambda: BIAS**STEPS, "The bias goes through σ first: that is the gate."),
        Mistake(
            lambda: sigmoid(0.0) ** STEPS,
            "That is a gate with the bias 0, half open.",
        ),
    ),
    hints=(
        "The local gradient of c' = f·c + i·g by c is f.",
        "f = σ(−4) = 1/(1 + e⁴), about 0.018. Two steps in a row: what do factors do?",
        "Multiply 0.018 by itself. Better: (1 / (1 + np.exp(4)))**2.",
    ),
)


def cell() -> tuple[Any, ComputationGraph]:
    """A recurrent cell of lesson 10, and the graph of one of its steps."""
    made = RNNCell(2, 4, rng=0)
    return made, ComputationGraph(made(np.zeros((1, 2)), np.zeros((1, 4))))


def counted() -> dict[str, float]:
    """How many operations one step has, and how many of them use W_h."""
    made, graph = cell()
    operations = [node for node in graph.nodes if node.operation is not None]
    users = [node for node in operations if any(one is made.W_h for one in node.inputs)]
    return {"operations": float(len(operations)), "to_W_h": float(len(users))}


CELL = Numbers(
    key="10.cell",
    answer=counted,
    tolerance=COUNT,
    because="Two products of matrices, two sums and a tanh. The product of h and W_h alone uses "
    "W_h.",
    mistakes=(
        Mistake(
            lambda: {**counted(), "operations": 8.0},
            "That counts the variables W_x, W_h and b as well. They are no operations.",
        ),
        Mistake(
            lambda: {**counted(), "operations": 4.0},
            "One is missing. Did you count both sums: of the two products, and of the bias?",
        ),
        Mistake(
            lambda: {**counted(), "to_W_h": 2.0},
            "Two products of matrices, yes. But one of them is x·W_x.",
        ),
        Mistake(
            lambda: {**counted(), "to_W_h": 20.0},
            "That is all twenty steps. How many are in one cell?",
        ),
        Mistake(
            lambda: {"operations": 20 * counted()["operations"], "to_W_h": 20.0},
            "Both numbers are those of the whole sequence. Take one cell.",
        ),
    ),
    hints=(
        "The cell is h ← tanh(x·W_x + h·W_h + b). Count each sign.",
        "· twice, + twice, tanh once. Which of them reads W_h?",
        "2 + 2 + 1 operations, and W_h is a factor of one product.",
    ),
)
