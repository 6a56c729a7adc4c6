"""Fused: what a network does at every step, as one node where its parts would be several.

The layers and losses of `nn` record the parts, so that their boxes can be opened and stepped.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from ..broadcasting import unbroadcast
from ..operation import Operation, as_tensors
from ..remembered import own_copy
from ..tensor import Tensor
from ..unrolled import function_of_two
from .linalg import Matmul, plain_matrices, product
from .reduction import plain_max, plain_sum
from .softmax import LogSoftmax, softmax

SOURCE = (
    "M. Giles, Collected matrix derivative results for forward and reverse mode AD (2008); "
    "C. Bishop, Pattern Recognition and Machine Learning (2006), 5.2 and 4.3.4, for the losses"
)


class Linear(Operation):
    """z = x · W + b. x receives dz · Wᵀ, W receives xᵀ · dz, b the sum of dz over the rows."""

    __slots__ = ()
    symbol = "@ +"
    rule = "x receives upstream · Wᵀ, W receives xᵀ · upstream, b the sum of upstream over rows"
    formula, latex = "{x} @ {y} + {z}", r"{x} \, {y} + {z}"

    def forward(self, x: Any, W: Any, b: Any) -> Any:
        if W.ndim != 2 or b.shape != W.shape[1:] or not x.ndim or x.shape[-1] != len(W):
            raise ValueError(f"x {x.shape}, W {W.shape} and b {b.shape} do not fit")
        z = product(x, W)
        if type(z) is np.ndarray and z.dtype is b.dtype:
            return np.add(z, b, z)  # a second array as large would cost more than the sum
        return z + b

    def contributions(self, dz: Any) -> Sequence[Any]:
        x, W, b = self.inputs
        if not plain_matrices(x, W, dz) or b.dtype is not dz.dtype:
            return super().contributions(dz)
        for_x, for_W, for_b = self.needs
        return (
            dz.dot(W.T) if for_x else None,
            x.T.dot(dz) if for_W else None,
            plain_sum(dz, 0) if for_b else None,
        )

    def backward(self, dz: Any) -> Any:
        x, W, b = self.inputs
        for_x, for_W, for_b = self.needs
        shape = x.shape
        if x.ndim != 2:  # one row, or a stack of tables: W and b see all their rows
            rows = prod(shape[:-1])
            x, dz = np.reshape(x, (rows, W.shape[0])), np.reshape(dz, (rows, W.shape[1]))
        dx = product(dz, W.T) if for_x else None
        return (
            dx if dx is None or dx.shape == shape else np.reshape(dx, shape),
            product(x.T, dz) if for_W else None,
            unbroadcast(dz, b.shape) if for_b else None,
        )

    def _shape_rule(self, arrays: tuple[Any, ...]) -> str:
        return " They do when x is (…, n), W is (n, m) and b is (m,): b.reshape(-1) makes it a row."


class MSELoss(Operation):
    """z = (1/n) Σ (x − y)². x receives dz · 2(x − y)/n, y minus that."""

    __slots__ = ()
    symbol = "mse"
    rule = "x receives upstream · 2(x − y)/n, y minus that"
    formula, latex = "mean(({x} − {y})²)", r"\operatorname{{mean}}(({x} - {y})^2)"

    def forward(self, x: Any, y: Any) -> Any:
        if x.shape != y.shape:
            raise ValueError("the shapes differ")
        if x.size == 0:
            raise ValueError("the mean of no element does not exist")
        apart = x - y
        if apart.dtype.char == "e":  # a sum of halves may overflow
            return np.mean(apart * apart)
        return np.vdot(apart, apart) / apart.size

    def backward(self, dz: Any) -> Any:
        x, y = self.inputs
        dx = (x - y) * (2.0 * dz / x.size)
        return dx, -dx if self.needs[1] else None

    def _shape_rule(self, arrays: tuple[Any, ...]) -> str:
        prediction, target = (array.shape for array in arrays)
        return "" if prediction == target else f" {mend_of_target(target, prediction)}"


class CrossEntropy(Operation):
    """z = −(1/N) Σ t · ln softmax(x), for N rows. x receives dz · (softmax(x) · Σt − t)/N.

    Σt is each row's own sum: 1 where the target holds shares.
    """

    __slots__ = ("shares",)
    symbol = "CE"
    rule = "the scores receive upstream · (softmax − target)/N"
    formula = "cross_entropy({x}, {y})"
    latex = r"\operatorname{{cross\_entropy}}({x}, {y})"

    remembered = frozenset({"shares"})  # what forward keeps: whoever calls the rule alone runs it

    @np.errstate(over="ignore")  # a score 1e308 below another: its logarithm is −inf
    def forward(self, x: Any, t: Any) -> Any:
        if x.ndim != 2 or x.shape != t.shape:
            raise ValueError("the shapes are not both (N, K)")
        if x.size == 0:
            raise ValueError("the mean of no row does not exist")
        shifted = x - plain_max(x, axis=1, keepdims=True)
        powers = np.exp(shifted)
        sums = _row_sums(powers)
        self.shares = powers / sums
        logs = shifted - np.log(sums)
        total = np.vdot(t, logs)
        if not isinstance(total, np.floating) or np.isnan(total):
            # A masked score has the logarithm −inf, and where the target is 0 the product is 0.
            total = np.vdot(t, np.where(t == 0.0, 0.0, logs))
        return total / -len(x)

    def backward(self, dz: Any) -> Any:
        x, t = self.inputs
        for_x, for_t = self.needs
        per_row = dz / len(x)
        return (
            (self.shares * _row_sums(t) - t) * per_row if for_x else None,
            LogSoftmax().apply(x) * -per_row if for_t else None,
        )

    def on_tensors(self, inputs: tuple[Tensor, ...], output: Tensor) -> Operation:
        operation = own_copy(self)
        operation.inputs, operation.output = inputs, output
        operation.shares = softmax(inputs[0])  # so it is connected to the scores
        return operation

    def _shape_rule(self, arrays: tuple[Any, ...]) -> str:
        x, t = arrays
        if x.ndim == 1:
            return " Write scores.reshape(1, -1) for a single row."
        if t.size == len(x) != x.size:
            return " For classes write target.reshape(-1).astype(int)."
        return " The target is a class for each row, whole numbers, or a row of K shares."


def mend_of_target(given: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    """What to write where a target has another shape than the prediction."""
    if wanted and given == (*wanted, 1):
        return "Make the target a row of numbers: target.reshape(-1)."
    if given and wanted == (*given, 1):
        return "Make the target a column: target.reshape(-1, 1)."
    return "Each prediction needs one target."


def _row_sums(x: Any) -> Any:
    """Σ over each row, as a column. A product with ones adds short rows up much sooner."""
    if isinstance(x, Tensor):
        return np.sum(x, axis=1, keepdims=True)
    return np.dot(x, _ones(x.shape[1], x.dtype))[:, None]


@lru_cache
def _ones(count: int, dtype: np.dtype) -> np.ndarray:
    return np.ones(count, dtype)


def linear(x: Any, W: Any, b: Any = None) -> Tensor:
    """x · W + b in one node: x (…, n), W (n, m), b (m,) give (…, m). Without b it is `x @ W`.

    The numbers of `x @ W + b`, and of `nn.Linear`, whose box shows both operations. W is the
    transpose of PyTorch's.

    Raises:
        ValueError: shapes that do not fit.

    >>> import autograd_lite as ag
    >>> W, b = ag.Tensor([[1.0], [10.0]]), ag.Tensor([0.5])
    >>> ag.linear([[1.0, 2.0], [3.0, 4.0]], W, b)
    Tensor([[21.5],
            [43.5]], operation=Linear)
    """
    return _matmul(x, W) if b is None else Linear().record((x, W, b))


def mse_loss(prediction: Any, target: Any) -> Tensor:
    """(1/n) Σ (prediction − target)², in one node: the mean over all n elements.

    The number of `nn.MSELoss()`, whose box shows its operations.

    Raises:
        ValueError: shapes that differ, or no element at all.

    >>> import autograd_lite as ag
    >>> ag.mse_loss(ag.Tensor([1.0, 2.0]), [1.0, 4.0])
    Tensor(2., operation=MSELoss)
    """
    return _mse_loss(prediction, target)


def cross_entropy(scores: Any, target: Any) -> Tensor:
    """−(1/N) Σ target · ln softmax(scores) over N rows of K scores, in one node.

    The target is N whole numbers, the classes, or N rows of K shares; compiled, it is rows alone.
    Stable at any size. The number of `nn.CrossEntropyLoss()`, which also refuses rows that do
    not sum to 1.

    Raises:
        ValueError: other shapes, classes outside 0…K−1, no row.

    >>> import autograd_lite as ag
    >>> print(f"{ag.cross_entropy(ag.Tensor([[0.0, 0.0], [1000.0, 0.0]]), [0, 0]).item():.4f}")
    0.3466
    """
    (scores,) = as_tensors((scores,))
    if not isinstance(target, Tensor):
        target = np.asarray(target)
        if target.dtype.kind in "iu" and scores.ndim == 2 and target.shape == scores.shape[:1]:
            target = _rows(target, scores)
    return _cross_entropy(scores, target)


def _rows(classes: np.ndarray, scores: Tensor) -> np.ndarray:
    """Each class as a row of zeros with a 1 at its place."""
    count = scores.shape[1]
    outside = classes[(classes < 0) | (classes >= count)]
    if outside.size:
        raise ValueError(
            f"cross_entropy: received class {outside[0]}, expected 0 to {count - 1}: the scores "
            f"have {count} columns."
        )
    rows = np.zeros(scores.shape, scores.dtype)
    rows[np.arange(len(classes)), classes] = 1.0
    return rows


_matmul = function_of_two(Matmul)
_mse_loss = function_of_two(MSELoss)
_cross_entropy = function_of_two(CrossEntropy)
