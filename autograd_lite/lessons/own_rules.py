"""Lesson 05: the operations that a learner writes, and the rules that go wrong."""

from typing import Any

import numpy as np

from ..operation import Operation
from .exercise import Mistake
from .own_operation import OwnOperation


def mistaken(operation: type[Operation], rule: Any) -> type[Operation]:
    """The same forward with a backward that rests on a misconception: rule(dz, z, *inputs)."""

    class Mistaken(operation):  # type: ignore[misc,valid-type]
        def backward(self, dz: Any) -> Any:
            return rule(dz, self.output, *self.inputs)

    return Mistaken


class MultiplyLayer(Operation):
    """z = x · y, as the lesson writes it first: forward remembers, backward reads.

    >>> from autograd_lite import gradcheck
    >>> gradcheck(MultiplyLayer, 2.0, 3.0, order=2)
    True
    """

    def forward(self, x: Any, y: Any) -> Any:
        self.x = x
        self.y = y
        return x * y

    def backward(self, dz: Any) -> Any:
        return [dz * self.y, dz * self.x]


class Exp(Operation):
    """z = e^x, and dx = dz · z.

    >>> from autograd_lite import gradcheck
    >>> gradcheck(Exp, 0.5, order=2)
    True
    """

    def forward(self, x: Any) -> Any:
        return np.exp(x)

    def backward(self, dz: Any) -> Any:
        return dz * self.output


class Softplus(Operation):
    """z = ln(1 + e^x), and dx = dz · σ(x).

    >>> from autograd_lite import gradcheck
    >>> gradcheck(Softplus, 0.5, order=2)
    True
    """

    def forward(self, x: Any) -> Any:
        return np.log(1 + np.exp(x))

    def backward(self, dz: Any) -> Any:
        (x,) = self.inputs
        return dz / (1 + np.exp(-x))


class Affine(Operation):
    """Z = X·W + b for rows of X: dX = dZ·Wᵀ, dW = Xᵀ·dZ, db = the sum of the rows of dZ.

    >>> from autograd_lite import gradcheck
    >>> gradcheck(Affine, np.ones((4, 2)), np.ones((2, 3)), np.ones(3), order=2)
    True
    """

    def forward(self, X: Any, W: Any, b: Any) -> Any:
        return X @ W + b

    def backward(self, dz: Any) -> Any:
        X, W, _ = self.inputs
        return dz @ W.T, X.T @ dz, dz.sum(axis=0)


MULTIPLY = OwnOperation(
    key="05.multiply.rule",
    name="Multiply",
    shapes={"x": (3,), "y": (3,)},
    answer=MultiplyLayer,
    because="Each input gets dz times the other.",
    mistakes=(
        Mistake(
            mistaken(MultiplyLayer, lambda dz, z, x, y: (y, x)),
            "The upstream gradient is forgotten: those are the local gradients alone. Multiply "
            "them by dz.",
        ),
        Mistake(
            mistaken(MultiplyLayer, lambda dz, z, x, y: (dz * x, dz * y)),
            "Each input gets dz times itself. The product is a switcher: dx holds y.",
        ),
        Mistake(
            mistaken(MultiplyLayer, lambda dz, z, x, y: dz * y + dz * x),
            "One gradient for two inputs: the two are added up. Return them apart: `return dx, "
            "dy`.",
        ),
        Mistake(
            mistaken(MultiplyLayer, lambda dz, z, x, y: dz * y),
            "One gradient for two inputs: dy is missing. `return dx, dy`.",
        ),
        Mistake(
            mistaken(MultiplyLayer, lambda dz, z, x, y: (dz * z, dz * z)),
            "That takes the output z for the local gradient. The local gradient is the other "
            "input.",
        ),
        Mistake(
            mistaken(MultiplyLayer, lambda dz, z, x, y: (dz, dz)),
            "That is the rule of the sum. The local gradient of a product is the other input.",
        ),
        Mistake(
            mistaken(MultiplyLayer, lambda dz, z, x, y: (dz + y, dz + x)),
            "Upstream and local gradient are added. Along an arrow they multiply.",
        ),
    ),
    hints=(
        "self.inputs holds what forward received. Begin with x, y = self.inputs.",
        "forward returns x * y. In backward, dx is dz times the other input.",
        "backward ends with `return dz * y, dz * x`.",
    ),
)

EXP = OwnOperation(
    key="05.exp.rule",
    name="Exp",
    shapes={"x": (3,)},
    answer=Exp,
    because="The local gradient is the output itself, and self.output has it already.",
    mistakes=(
        Mistake(
            mistaken(Exp, lambda dz, z, x: dz * x),
            "x itself is taken for the local gradient. The derivative of e^x is e^x, which is z.",
        ),
        Mistake(
            mistaken(Exp, lambda dz, z, x: z),
            "The upstream gradient is forgotten: that is the local gradient alone. Multiply by dz.",
        ),
        Mistake(
            mistaken(Exp, lambda dz, z, x: dz * np.exp(z)),
            "self.output is e^x already. That takes exp of it once more.",
        ),
        Mistake(
            mistaken(Exp, lambda dz, z, x: dz * x * np.exp(x - 1)),
            "That is the rule of a power, x to the n. Here x is the exponent.",
        ),
        Mistake(
            mistaken(Exp, lambda dz, z, x: dz),
            "The local gradient is missing: dz passes as if exp were a sum.",
        ),
    ),
    hints=(
        "How fast does e^x grow when x grows?",
        "The derivative of e^x is e^x. forward has computed it.",
        "backward ends with `return dz * self.output`.",
    ),
)

SOFTPLUS = OwnOperation(
    key="05.softplus.rule",
    name="Softplus",
    shapes={"x": (4,)},
    answer=Softplus,
    because="The derivative of softplus is the sigmoid of its input.",
    mistakes=(
        Mistake(
            mistaken(Softplus, lambda dz, z, x: dz / (1 + np.exp(-z))),
            "The output is used where x is needed: it is the sigmoid of the input.",
        ),
        Mistake(
            mistaken(Softplus, lambda dz, z, x: 1 / (1 + np.exp(-x))),
            "The upstream gradient is forgotten: that is the local gradient alone. Multiply by dz.",
        ),
        Mistake(
            mistaken(Softplus, lambda dz, z, x: dz / (1 + np.exp(x))),
            "The inner derivative is missing, or a sign: ln gives 1/(1 + e^x), and what is "
            "inside gives another factor e^x.",
        ),
        Mistake(
            mistaken(Softplus, lambda dz, z, x: dz * np.exp(x)),
            "Only the inner derivative is there. ln(u) gives another factor 1/u, with u = 1 + e^x.",
        ),
        Mistake(
            mistaken(Softplus, lambda dz, z, x: dz * np.exp(-x) / (1 + np.exp(-x)) ** 2),
            "That is the derivative of the sigmoid. The derivative of softplus is the sigmoid.",
        ),
        Mistake(
            mistaken(Softplus, lambda dz, z, x: dz * z * (1 - z)),
            "z·(1 − z) is the rule of the sigmoid, whose output is z. Here the output is ln(1 + "
            "e^x).",
        ),
    ),
    hints=(
        "ln(1 + e^x) has two parts: u = 1 + e^x, and ln(u). Multiply their derivatives.",
        "The product is e^x/(1 + e^x). Divide both by e^x: it is the sigmoid of x.",
        "(x,) = self.inputs, and then `return dz / (1 + np.exp(-x))`.",
    ),
)

AFFINE = OwnOperation(
    key="05.affine.rule",
    name="Affine",
    shapes={"X": (3, 3), "W": (3, 3), "b": (3,)},
    answer=Affine,
    because="Transposes where the shapes ask for them, and the sum over the rows for b.",
    mistakes=(
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (dz @ W, X @ dz, dz.sum(axis=0))),
            "Both transposes are missing. In dX stands Wᵀ, in dW stands Xᵀ.",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (dz @ W, X.T @ dz, dz.sum(axis=0))),
            "In dX the transpose of W is missing.",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (dz @ W.T, X @ dz, dz.sum(axis=0))),
            "In dW the transpose of X is missing.",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (W.T @ dz, dz @ X.T, dz.sum(axis=0))),
            "The order of the two products is turned round: X stood on the left, and W on the "
            "right.",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (X.T @ dz, dz @ W.T, dz.sum(axis=0))),
            "dX and dW are swapped. Return them in the order of the inputs: X, W, b.",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (dz @ W.T, dz @ X.T, dz.sum(axis=0))),
            "In dW the two factors are turned round: X stood on the left, so Xᵀ does too.",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (dz @ W.T, dz.T @ X, dz.sum(axis=0))),
            "dW comes out transposed: dzᵀ·X is the transpose of what is wanted.",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (dz @ W.T, X.T @ dz, dz)),
            "dX and dW are right. The bias gradient is not summed: b went into every row, so "
            "what comes back from the rows is added. (The gradient check would let dz pass: the "
            "engine sums over what it stretched. Here you write the sum yourself.)",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (dz @ W.T, X.T @ dz, dz.sum())),
            "dX and dW are right. The bias gradient is summed over everything: each of the "
            "numbers in b has a column of its own.",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (dz @ W.T, X.T @ dz, dz.sum(axis=1))),
            "dX and dW are right. The bias gradient is summed along the wrong axis: the rows are "
            "axis 0.",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (dz @ W.T, X.T @ dz, dz.mean(axis=0))),
            "dX and dW are right. The bias gradient is the mean of the rows. Contributions are "
            "added, not averaged.",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (dz @ W.T, X.T @ dz, np.ones(3))),
            "dX and dW are right. For b the upstream gradient is forgotten.",
        ),
        Mistake(
            mistaken(
                Affine,
                lambda dz, z, X, W, b: (
                    dz @ np.linalg.inv(W),
                    np.linalg.inv(X) @ dz,
                    dz.sum(axis=0),
                ),
            ),
            "Those are inverses. Going back does not undo the product: it takes transposes.",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (W.T, X.T, np.ones(3))),
            "The upstream gradient is forgotten: dz stands in all three.",
        ),
        Mistake(
            mistaken(Affine, lambda dz, z, X, W, b: (dz * W, dz * X, dz.sum(axis=0))),
            "The star multiplies element by element. A matrix product is written @.",
        ),
    ),
    hints=(
        "Take other shapes in your mind: X is (4, 2), W is (2, 3), dz is (4, 3). What fits dX?",
        "dX = dz·Wᵀ and dW = Xᵀ·dz. b is used in every row.",
        "X, W, b = self.inputs, and then `return dz @ W.T, X.T @ dz, dz.sum(axis=0)`.",
    ),
)
