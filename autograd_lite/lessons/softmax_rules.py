"""Lesson 07: the rules that a learner writes: y − t, and softmax for a batch."""

from typing import Any

import numpy as np

from ..operation import Operation
from .exercise import Mistake
from .function import Function
from .own_operation import OwnOperation
from .own_rules import mistaken


def shares(*scores: float) -> tuple[float, ...]:
    """softmax: y_k = e^a_k / Σ e^a_j."""
    powers = np.exp(np.array(scores) - max(scores))
    return tuple((powers / powers.sum()).tolist())


def minus_target(*scores: float) -> tuple[float, ...]:
    """y − t, for true class 2."""
    y1, y2, y3 = shares(*scores)
    return y1, y2 - 1, y3


def scaled(factor: float, numbers: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(factor * number for number in numbers)


TOGETHER = Function(
    key="07.together.rule",
    name="scores_backward",
    arguments=("a1", "a2", "a3"),
    results=("da1", "da2", "da3"),
    answer=minus_target,
    because="What comes back to the scores is y − t: what was said, minus what is true.",
    mistakes=(
        Mistake(
            lambda *a: scaled(-1, minus_target(*a)),
            "That is t − y, the way in which the scores should go. The gradient points the other "
            "way, to where the loss grows.",
        ),
        Mistake(
            shares,
            "Those are the shares y. At the true class something is missing.",
        ),
        Mistake(
            lambda *a: (0.0, shares(*a)[1] - 1, 0.0),
            "Only the true class gets a gradient. The other scores stand in the sum s, and s "
            "stands under the fraction.",
        ),
        Mistake(
            lambda *a: (0.0, -1 / shares(*a)[1], 0.0),
            "That is −t/y, what comes back to the shares. It has not passed softmax yet.",
        ),
        Mistake(
            lambda *a: tuple(-abs(slope) for slope in minus_target(*a)),
            "The sign of the other classes is turned round. A higher wrong score makes the loss "
            "larger.",
        ),
        Mistake(
            lambda *a: scaled(-shares(*a)[1], minus_target(*a)),
            "That is how y2 moves. The upstream gradient is forgotten: L is −log y2.",
        ),
        Mistake(
            lambda *a: (a[0], a[1] - 1, a[2]),
            "Those are the scores minus t. Make shares of the scores first.",
        ),
        Mistake(
            lambda a1, a2, a3: (np.exp(a1), np.exp(a2) - 1, np.exp(a3)),
            "The powers are not divided by their sum.",
        ),
        Mistake(
            lambda *a: scaled(1 / 3, minus_target(*a)),
            "That divides by the number of classes. The loss is a sum over the classes, no mean.",
        ),
        Mistake(
            lambda *a: (shares(*a)[0] - 1, *shares(*a)[1:]),
            "That is right for true class 1. Here class 2 is the true one.",
        ),
        Mistake(
            lambda *a: (*shares(*a)[:2], shares(*a)[2] - 1),
            "That is right for true class 3. Here class 2 is the true one. (Python counts from 0, "
            "the names here from 1.)",
        ),
    ),
    hints=(
        "Compare each row of gradients with y = (0.2, 0.3, 0.5). Where are they equal?",
        "They are equal except at the true class. How much is missing there?",
        "Compute y1, y2, y3 as softmax does. The last line is: return y1, y2 - 1, y3",
    ),
)


class Softmax(Operation):
    """Each row of x by itself: z = e^x / Σ e^x, and dx = z · (dz − Σ dz·z).

    >>> from autograd_lite import gradcheck
    >>> gradcheck(Softmax, np.ones((2, 3)), order=2)
    True
    """

    def forward(self, x: Any) -> Any:
        powers = np.exp(x - x.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def backward(self, dz: Any) -> Any:
        z = self.output
        return z * (dz - (dz * z).sum(axis=1, keepdims=True))


def largest(x: Any) -> Any:
    return x.max(axis=1, keepdims=True)


def shared(total: Any, top: Any = np.max) -> type[Operation]:
    """A forward that divides by something else, or subtracts something else before the powers."""

    class Shared(Softmax):
        def forward(self, x: Any) -> Any:
            powers = np.exp(x - top(x))
            return powers / total(powers)

    return Shared


def backward(rule: Any) -> type[Operation]:
    """The right forward, and a backward that rests on a misconception: rule(dz, z)."""
    return mistaken(Softmax, lambda dz, z, x: rule(dz, z))


SOFTMAX = OwnOperation(
    key="07.softmax.rule",
    name="Softmax",
    shapes={"x": (3, 3)},
    answer=Softmax,
    because="Each row is shared out by itself, and each row has a sum of its own on the way back.",
    mistakes=(
        Mistake(
            shared(lambda powers: powers.sum(axis=0)),
            "forward shares out each column: the examples compete with each other. The classes "
            "of an example lie along its row, axis 1.",
        ),
        Mistake(
            shared(lambda powers: powers.sum(axis=0), largest),
            "forward shares out each column. The largest score is taken along the rows, and the "
            "sum must be too: axis=1.",
        ),
        Mistake(
            shared(lambda powers: powers.sum()),
            "forward shares out the whole table, so that all of it sums to 1. Each row has its "
            "own sum: axis=1.",
        ),
        Mistake(
            shared(lambda powers: powers.sum(), largest),
            "forward divides by the sum of the whole table. Each row has its own sum: axis=1.",
        ),
        Mistake(
            shared(lambda powers: powers.sum(axis=1)),
            "forward divides by sums of shape (3,), and NumPy lays them along the columns. Keep "
            "them a column: keepdims=True.",
        ),
        Mistake(
            shared(lambda powers: powers.sum(axis=1), largest),
            "The sums in forward have shape (3,), and NumPy lays them along the columns. Keep "
            "them a column, as the largest scores: keepdims=True.",
        ),
        Mistake(
            shared(lambda powers: powers.sum(axis=1, keepdims=True), lambda x: x.max(axis=1)),
            "The largest scores in forward have shape (3,), and NumPy lays them along the "
            "columns. Keep them a column: keepdims=True.",
        ),
        Mistake(
            shared(largest),
            "The largest share of each row is 1: the powers are not divided by their sum.",
        ),
        Mistake(
            shared(lambda powers: 1.0, lambda x: 0.0),
            "forward returns the powers. They are not divided by their sum yet.",
        ),
        Mistake(
            backward(lambda dz, z: dz * z * (1 - z)),
            "Only the diagonal of the Jacobian: that is the rule of the sigmoid. Each share also "
            "moves with the scores of the other classes.",
        ),
        Mistake(
            backward(lambda dz, z: z * (1 - z)),
            "Only the diagonal of the Jacobian, and the upstream gradient is forgotten.",
        ),
        Mistake(
            backward(lambda dz, z: np.zeros_like(z)),
            "Zeros are right when ones arrive, and for nothing else. Other gradients arrive here.",
        ),
        Mistake(
            backward(lambda dz, z: dz * z),
            "The sum is missing: that is how the powers move while their sum stands still.",
        ),
        Mistake(
            backward(lambda dz, z: z * (dz - (dz * z).sum(axis=0))),
            "The sum on the way back runs over the examples. It runs over the classes: axis=1.",
        ),
        Mistake(
            backward(lambda dz, z: z * (dz - (dz * z).sum())),
            "The sum on the way back runs over the whole table. Each row has its own: axis=1.",
        ),
        Mistake(
            backward(lambda dz, z: z * (dz - (dz * z).sum(axis=1))),
            "The sums on the way back have shape (3,), and NumPy lays them along the columns. "
            "Keep them a column: keepdims=True.",
        ),
        Mistake(
            backward(lambda dz, z: z * (dz - dz.sum(axis=1, keepdims=True))),
            "The sum takes dz as it is. Each dz is weighted with its share: dz * z.",
        ),
        Mistake(
            backward(lambda dz, z: z * (dz - dz.mean(axis=1, keepdims=True))),
            "That subtracts the plain mean of dz. It is the mean weighted with the shares.",
        ),
        Mistake(
            backward(lambda dz, z: dz - (dz * z).sum(axis=1, keepdims=True)),
            "The factor z in front is missing.",
        ),
        Mistake(
            backward(lambda dz, z: z * (dz + (dz * z).sum(axis=1, keepdims=True))),
            "The sign of the sum: s stands under the fraction, so it comes back with a minus.",
        ),
        Mistake(
            backward(lambda dz, z: z - dz),
            "That is y − t, the rule of softmax and cross-entropy together. Here softmax is "
            "alone, and dz is no target.",
        ),
    ),
    hints=(
        "powers.sum(axis=1, keepdims=True) is a column: one sum for each row.",
        "The rule for a row is z_j · (dz_j − Σ_k z_k · dz_k). In a table the Σ runs along axis 1.",
        "z = self.output, and then `return z * (dz - (dz * z).sum(axis=1, keepdims=True))`.",
    ),
)
