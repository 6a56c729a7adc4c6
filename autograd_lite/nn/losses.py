"""Losses: one number that says how far predictions are from targets. They refuse shapes that
would broadcast: (N,) against (N, 1) is a table of all pairs, not a loss.
"""

from typing import Any

import numpy as np

from ..operation import as_tensors
from ..ops import FUNCTIONS
from ..ops.fused import mend_of_target
from ..tensor import Tensor
from .module import Module


class MSELoss(Module):
    """(1/n) Σ (prediction − target)², the mean over all n elements.

    Raises:
        ValueError: shapes that differ, or no element at all.

    >>> MSELoss()(Tensor([1.0, 2.0]), np.array([1.0, 4.0])).item()
    2.0
    """

    def forward(self, prediction: Any, target: Any) -> Any:
        prediction, target = as_tensors((prediction, target))
        given, wanted = prediction.shape, target.shape
        if given != wanted:
            raise ValueError(
                f"MSELoss: received a prediction of shape {given} and a target of shape {wanted}, "
                f"expected equal shapes. {mend_of_target(wanted, given)}"
            )
        _not_empty("MSELoss", prediction)
        return ((prediction - target) ** 2.0).mean()


class CrossEntropyLoss(Module):
    """−(1/N) Σ log softmax(logits) at the target, from logits (N, K): stable at any size.

    The target is N whole numbers, the classes, or N rows of K probabilities. It is a constant. As
    a Tensor with a name, rows stay an input of the graph: replayed or compiled, it takes others,
    which are not checked again.

    Raises:
        ValueError: other shapes, classes outside 0…K−1, rows that do not sum to 1, no sample.

    >>> loss = CrossEntropyLoss()(Tensor([[0.0, 0.0], [1000.0, 0.0]]), np.array([0, 0]))
    >>> print(f"{loss.item():.4f}")
    0.3466
    """

    def forward(self, logits: Any, target: Any) -> Any:
        (logits,) = as_tensors((logits,))
        target = _target("CrossEntropyLoss", logits, target)
        with np.errstate(over="ignore"):  # a logit 1e308 below another: the logarithm is −inf
            logs = FUNCTIONS["log_softmax"](logits, axis=-1)
        return -_at(logs, target) / float(len(logits))


class ClippedCrossEntropyLoss(Module):
    """−(1/N) Σ t · log(clip(y, ε, 1)), from probabilities y (N, K).

    The weaker form: below ε the loss stays −log ε and no gradient flows. Prefer
    `CrossEntropyLoss`, from logits. Target and errors are the same.

    >>> ClippedCrossEntropyLoss()(Tensor([[1.0, 0.0]]), np.array([0])).item()
    -0.0
    """

    def __init__(self, epsilon: float = 1e-8) -> None:
        if not 0 < epsilon < 1:
            raise ValueError(
                f"ClippedCrossEntropyLoss: epsilon received {epsilon}, expected a small number "
                "above 0, such as 1e-8: log 0 is what it keeps away."
            )
        self.epsilon = epsilon

    def forward(self, probabilities: Any, target: Any) -> Any:
        (probabilities,) = as_tensors((probabilities,))
        target = _target("ClippedCrossEntropyLoss", probabilities, target)
        clipped = FUNCTIONS["clip"](probabilities, self.epsilon, 1.0)
        return -_at(FUNCTIONS["log"](clipped), target) / float(len(probabilities))


def _at(logs: Any, target: Any) -> Any:
    """The logarithms at the classes, or in their shares, added up."""
    if isinstance(target, Tensor):
        # A mask would be that of this target for ever; any finite number times 0 is 0 too.
        least = float(np.finfo(logs.dtype).min)
        return (FUNCTIONS["maximum"](logs, least) * target).sum()
    if target.ndim == 1:
        return logs[np.arange(len(target)), target].sum()
    # Where the share is 0 the logarithm may be −inf, and 0 · inf would be nan.
    return (FUNCTIONS["where"](target > 0, logs, 0.0) * target).sum()


def _not_empty(loss: str, values: Any) -> None:
    if values.size == 0:
        raise ValueError(
            f"{loss}: received no sample, shape {values.shape}. The mean of none does not exist."
        )


def _target(loss: str, scores: Any, target: Any) -> Any:
    """The target as a class for each sample, or a row of probabilities."""
    if scores.ndim != 2:
        raise ValueError(
            f"{loss}: received scores of shape {scores.shape}, expected (N, K), a row of K classes "
            "for each of N samples. Write scores.reshape(1, -1) for a single one."
        )
    _not_empty(loss, scores)
    if isinstance(target, Tensor) and target.requires_grad and target.operation is not None:
        raise ValueError(
            f"{loss}: the target is computed from variables, but no gradient would reach them. "
            "Write target.detach() if none should."
        )
    values = np.asarray(target._data if isinstance(target, Tensor) else target)
    n, k = scores.shape
    if values.dtype.kind in "iu" and values.shape == (n,):
        return _classes(loss, values, k)
    if values.shape != (n, k):
        whole = " of whole numbers" if values.shape == (n,) else ""
        raise ValueError(
            f"{loss}: received a target of {values.dtype}, shape {values.shape}, for scores of "
            f"shape {(n, k)}. Expected {n} classes{whole}, shape ({n},), or probabilities, "
            f"shape {(n, k)}. For classes write target.reshape(-1).astype(int)."
        )
    values = values.astype(scores.dtype)
    sums, least = values.sum(axis=1), values.min(axis=1)
    right = (np.abs(sums - 1.0) <= 1e-4) & (least >= 0.0)  # false for nan
    if not right.all():
        row = int(np.argmin(right))
        raise ValueError(
            f"{loss}: row {row} of the target sums to {sums[row]:g} and its least number is "
            f"{least[row]:g}, expected probabilities: none below 0, each row 1 in all."
        )
    if isinstance(target, Tensor) and target.name is not None and not target.requires_grad:
        return target if target.dtype == scores.dtype else target.astype(scores.dtype)
    return values


def _classes(loss: str, classes: np.ndarray, k: int) -> np.ndarray:
    outside = classes[(classes < 0) | (classes >= k)]
    if outside.size:
        raise ValueError(
            f"{loss}: received class {outside[0]}, expected 0 to {k - 1}: the scores have {k} "
            "columns."
        )
    return classes
