"""Lesson 06: the cost and the whole network as one operation each, and the lines that go wrong."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..operation import Operation
from .exercise import Mistake
from .own_operation import OwnOperation
from .own_rules import mistaken

Line = Callable[[SimpleNamespace], Any]


class Cost(Operation):
    """J = (1/n) Σ (Ŷ − Y)² for one column: dŶ = dJ · (2/n)(Ŷ − Y), and dY is −dŶ.

    >>> from autograd_lite import gradcheck
    >>> gradcheck(Cost, np.array([[0.5], [0.1]]), np.array([[0.8], [0.3]]), order=2)
    True
    """

    def forward(self, Yhat: Any, Y: Any) -> Any:
        return np.mean((Yhat - Y) ** 2)

    def backward(self, dJ: Any) -> Any:
        Yhat, Y = self.inputs
        dYhat = dJ * 2 / len(Y) * (Yhat - Y)
        return dYhat, -dYhat


def by_hand(dJ: Any, Yhat: Any, Y: Any) -> Any:
    """The gradient of Ŷ."""
    return dJ * 2 / len(Y) * (Yhat - Y)


def printed(dJ: Any, Yhat: Any, Y: Any) -> Any:
    """The gradient of Ŷ as a widely read text prints it, with a factor Y that is not there."""
    return -dJ * 2 / len(Y) * Y * (Yhat - Y)


def both(dYhat: Any) -> tuple[Any, Any]:
    """Ŷ and Y receive the same with opposite signs."""
    return dYhat, -dYhat


COST = OwnOperation(
    key="06.cost.rule",
    name="Cost",
    shapes={"Yhat": (4, 1), "Y": (4, 1)},
    answer=Cost,
    forward_given=True,
    because="dJ · (2/n)(Ŷ − Y), and the same with a minus for Y.",
    mistakes=(
        Mistake(
            mistaken(
                Cost,
                lambda dJ, J, Yhat, Y: (printed(dJ, Yhat, Y), dJ * (Yhat - Y)),
            ),
            "Those are the printed lines. Nothing in J multiplies by Y: it stands in a "
            "difference, and its local gradient is −1.",
        ),
        Mistake(
            mistaken(
                Cost,
                lambda dJ, J, Yhat, Y: (printed(dJ, Yhat, Y), -by_hand(dJ, Yhat, Y)),
            ),
            "dY is right. dYhat is still as printed: there is no factor Y in it.",
        ),
        Mistake(
            mistaken(Cost, lambda dJ, J, Yhat, Y: (by_hand(dJ, Yhat, Y), dJ * (Yhat - Y))),
            "dYhat is right. dY is still as printed. What is the local gradient of Ŷ − Y by Y?",
        ),
        Mistake(
            mistaken(Cost, lambda dJ, J, Yhat, Y: both(2 * dJ * (Yhat - Y))),
            "The batch is not averaged: J is a mean, so each difference counts with 1/n.",
        ),
        Mistake(
            mistaken(Cost, lambda dJ, J, Yhat, Y: both(dJ * (Yhat - Y) / len(Y))),
            "The factor 2 is missing: it comes down from the square.",
        ),
        Mistake(
            mistaken(Cost, lambda dJ, J, Yhat, Y: both(dJ * (Yhat - Y))),
            "The factor 2/n is missing: 2 from the square, 1/n from the mean.",
        ),
        Mistake(
            mistaken(Cost, lambda dJ, J, Yhat, Y: both(2 / len(Y) * (Yhat - Y))),
            "The upstream gradient is forgotten: multiply by dJ.",
        ),
        Mistake(
            mistaken(Cost, lambda dJ, J, Yhat, Y: both(dJ * 2 / len(Y) * (Y - Yhat))),
            "Both signs are turned round: when Ŷ is too large, J grows with it.",
        ),
        Mistake(
            mistaken(Cost, lambda dJ, J, Yhat, Y: (by_hand(dJ, Yhat, Y),) * 2),
            "dYhat is right. Y enters with a minus: its local gradient is −1.",
        ),
        Mistake(
            mistaken(Cost, lambda dJ, J, Yhat, Y: both(dJ * 2 / len(Y) * np.sum(Yhat - Y))),
            "That adds up the whole batch. Each row of Ŷ has a gradient of its own.",
        ),
        Mistake(
            mistaken(Cost, lambda dJ, J, Yhat, Y: both(dJ * (Yhat - Y) ** 2 / len(Y))),
            "That passes on the squares themselves. A value is not a gradient: 2 times the "
            "difference comes from the square.",
        ),
        Mistake(
            mistaken(Cost, lambda dJ, J, Yhat, Y: by_hand(dJ, Yhat, Y)),
            "One gradient for two inputs: dY is missing. `return dYhat, dY`.",
        ),
    ),
    hints=(
        "Take the cost apart: a difference, a square, a mean. Multiply their local gradients.",
        "1 from the difference, 2·(Ŷ − Y) from the square, 1/n from the mean, and dJ arrives.",
        "dYhat = dJ * 2 / len(Y) * (Yhat - Y), and dY = -dYhat.",
    ),
)


def sigmoid(z: Any) -> Any:
    """1 / (1 + e⁻ᶻ)."""
    return 1 / (1 + np.exp(-z))


# B1 to B10, in the order of the backward pass; v holds what is known so far, by name.
LINES: dict[str, Line] = {
    "dYhat": lambda v: v.dJ * 2 / v.n * (v.Yhat - v.Y),
    "dY": lambda v: -v.dYhat,
    "dz3": lambda v: v.dYhat * v.Yhat * (1 - v.Yhat),
    "db2": lambda v: v.dz3.sum(axis=0),
    "da2": lambda v: v.dz3 @ v.W2.T,
    "dW2": lambda v: v.a2.T @ v.dz3,
    "dz2": lambda v: v.da2 * v.a2 * (1 - v.a2),
    "db1": lambda v: v.dz2.sum(axis=0),
    "dX": lambda v: v.dz2 @ v.W1.T,
    "dW1": lambda v: v.X.T @ v.dz2,
}
INPUTS = ("X", "W1", "b1", "W2", "b2", "Y")


def forward_lines(*inputs: Any) -> SimpleNamespace:
    """F1 to F6: everything that the lines back read, but dJ."""
    v = SimpleNamespace(**dict(zip(INPUTS, inputs, strict=True)), n=len(inputs[0]))
    v.z2 = v.X @ v.W1 + v.b1
    v.a2 = sigmoid(v.z2)
    v.z3 = v.a2 @ v.W2 + v.b2
    v.Yhat = sigmoid(v.z3)
    return v


def backward_lines(dJ: Any, *inputs: Any, **slips: Line) -> tuple[Any, ...]:
    """The gradients of all inputs; a slip takes the place of the line that it is named after."""
    v = forward_lines(*inputs)
    v.dJ = dJ
    for name, line in (LINES | slips).items():
        setattr(v, name, line(v))
    return tuple(getattr(v, f"d{name}") for name in INPUTS)


class Network(Operation):
    """The [2,3,1] network with its cost: F1 to F7 forward, B1 to B10 back.

    >>> from autograd_lite import gradcheck
    >>> X, Y, W1, W2 = np.eye(4)[:, :2], np.ones((4, 1)), np.ones((2, 3)), np.ones((3, 1))
    >>> gradcheck(Network, X, W1, np.zeros(3), W2, np.zeros(1), Y)
    True
    """

    def forward(self, X: Any, W1: Any, b1: Any, W2: Any, b2: Any, Y: Any) -> Any:
        return np.mean((forward_lines(X, W1, b1, W2, b2, Y).Yhat - Y) ** 2)

    def backward(self, dJ: Any) -> Any:
        return backward_lines(dJ, *self.inputs)


def slip(message: str, **lines: Line) -> Mistake:
    """The network with these lines in place of the right ones."""
    rule = mistaken(Network, lambda dJ, J, *inputs: backward_lines(dJ, *inputs, **lines))
    return Mistake(rule, message)


NETWORK = OwnOperation(
    key="06.network.rule",
    name="Network",
    shapes={"X": (4, 2), "W1": (2, 3), "b1": (3,), "W2": (3, 1), "b2": (1,), "Y": (4, 1)},
    answer=Network,
    forward_given=True,
    because="All six gradients, from ten lines: each is upstream gradient × local gradient.",
    mistakes=(
        slip(
            "In B1 the batch is not averaged: J is a mean, so each row counts with 1/n.",
            dYhat=lambda v: v.dJ * 2 * (v.Yhat - v.Y),
        ),
        slip(
            "In B1 the factor 2 is missing: it comes down from the square.",
            dYhat=lambda v: v.dJ / v.n * (v.Yhat - v.Y),
        ),
        slip(
            "In B1 the upstream gradient is forgotten: multiply by dJ.",
            dYhat=lambda v: 2 / v.n * (v.Yhat - v.Y),
        ),
        slip(
            "In B1 the difference is turned round, and with it the sign of everything behind it.",
            dYhat=lambda v: v.dJ * 2 / v.n * (v.Y - v.Yhat),
        ),
        slip(
            "B1 is still as printed: there is no factor Y in it.",
            dYhat=lambda v: printed(v.dJ, v.Yhat, v.Y),
        ),
        slip(
            "At the last sigmoid the local gradient is missing: dz3 is dYhat ⊙ f'(z3).",
            dz3=lambda v: v.dYhat,
        ),
        slip(
            "At the last sigmoid z3·(1 − z3) is taken. The local gradient is made of the output: "
            "Ŷ·(1 − Ŷ).",
            dz3=lambda v: v.dYhat * v.z3 * (1 - v.z3),
        ),
        slip(
            "In B6 the local gradient is missing: dz2 is da2 ⊙ f'(z2).",
            dz2=lambda v: v.da2,
        ),
        slip(
            "In B6 z2·(1 − z2) is taken. The local gradient is made of the output: a2·(1 − a2).",
            dz2=lambda v: v.da2 * v.z2 * (1 - v.z2),
        ),
        slip(
            "In B6 the upstream gradient is missing: that is f'(z2) alone.",
            dz2=lambda v: v.a2 * (1 - v.a2),
        ),
        slip(
            "The rows are not summed in B3 and B8: each bias went into every row, so what comes "
            "back from the rows is added.",
            db2=lambda v: v.dz3,
            db1=lambda v: v.dz2,
        ),
        slip(
            "B3 is not summed: b2 went into every row, so what comes back from the rows is added.",
            db2=lambda v: v.dz3,
        ),
        slip(
            "B8 is not summed: b1 went into every row, so what comes back from the rows is added.",
            db1=lambda v: v.dz2,
        ),
        slip(
            "In B3 and B8 the mean of the rows is taken. Contributions are added. The 1/n of the "
            "mean is in B1 already.",
            db2=lambda v: v.dz3.mean(axis=0),
            db1=lambda v: v.dz2.mean(axis=0),
        ),
        slip(
            "B8 sums everything: each of the three numbers of b1 has a column of its own.",
            db1=lambda v: v.dz2.sum(),
        ),
        slip(
            "B8 sums along the wrong axis: the rows are axis 0.",
            db1=lambda v: v.dz2.sum(axis=1),
        ),
        slip(
            "B5 comes out transposed: dz3ᵀ·a2 is the transpose of what is wanted.",
            dW2=lambda v: v.dz3.T @ v.a2,
        ),
        slip(
            "B10 comes out transposed: dz2ᵀ·X is the transpose of what is wanted.",
            dW1=lambda v: v.dz2.T @ v.X,
        ),
        slip(
            "Y enters with a minus: dY is −dYhat. All else is right.",
            dY=lambda v: v.dYhat,
        ),
    ),
    hints=(
        "Go line by line: which gradient arrives, and what is the local gradient? Then the shapes.",
        "dz3 = dYhat * Yhat * (1 - Yhat). A bias is summed over the rows. A product takes the "
        "transpose of the other factor, on the side on which that factor stood.",
        "da2 = dz3 @ W2.T, dW2 = a2.T @ dz3, dz2 = da2 * a2 * (1 - a2), db1 = dz2.sum(axis=0), "
        "and X and W1 as a2 and W2.",
    ),
)
