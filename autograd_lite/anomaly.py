"""Where a nan or an inf comes from: the first node that makes one, in either pass."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from .recording import setting


@contextmanager
def detect_anomaly() -> Iterator[None]:
    """Stop at the first nan or inf, forward or backward, and name the node that made it.

    An inf is let through where an infinite number came in, such as the −∞ of a mask. Every number
    is looked at, so it costs time: for finding a fault, not for every day.

    Raises:
        FloatingPointError: the operation, its inputs there, and what came out.

    >>> from autograd_lite import Tensor, log
    >>> x = Tensor([1.0, 0.0], name="x")
    >>> with detect_anomaly():
    ...     log(x)
    Traceback (most recent call last):
    FloatingPointError: forward pass: Log made -inf at [1] from 'x' = 0.0.
    """
    # NumPy's own warning would come first, without the names.
    with setting(anomaly=True), np.errstate(all="ignore"):
        yield


def check_value(operation: str, tensors: Sequence[Any], value: Any) -> None:
    """The forward pass: `value` came from `tensors`."""
    inputs = [tensor._data for tensor in tensors]
    if not _is_anomaly(value, inputs):
        return
    given = next((tensor for tensor in tensors if np.any(np.isnan(tensor._data))), None)
    if given is not None:
        raise FloatingPointError(
            f"forward pass: {operation} received {given.describe()} with nan in it already."
        )
    raise FloatingPointError(
        f"forward pass: {operation} made {_first(value)} from {_inputs(tensors, value)}."
    )


def check_contribution(node: Any, position: int, upstream: Any, contribution: Any) -> None:
    """The backward pass: `contribution` is what `node` sends to one of its inputs."""
    upstream, contribution = _plain(upstream), _plain(contribution)
    if not _is_anomaly(contribution, [upstream, *(tensor._data for tensor in node.inputs)]):
        return
    raise FloatingPointError(
        f"backward pass: {type(node.operation).__name__} sent {_first(contribution)} to "
        f"{node.inputs[position].describe()}, with upstream gradient "
        f"{_number_or_shape(upstream, contribution)} and {_inputs(node.inputs, contribution)}."
    )


def check_tangent(node: Any, tangent: Any) -> None:
    """Forward mode: `tangent` is how the value of `node` moves."""
    tangent = _plain(tangent)
    if _is_anomaly(tangent, [tensor._data for tensor in node.inputs]):
        raise FloatingPointError(
            f"forward mode: {type(node.operation).__name__} moves by {_first(tangent)}, with "
            f"{_inputs(node.inputs, tangent)}."
        )


def _is_anomaly(value: Any, sources: Sequence[Any]) -> bool:
    """A nan always is one; an inf only if nothing it came from was infinite: −∞ may be a mask."""
    if np.any(np.isnan(value)):
        return True
    return bool(np.any(np.isinf(value))) and all(np.all(np.isfinite(s)) for s in sources)


def _plain(value: Any) -> Any:
    return getattr(value, "_data", value)


def _first(value: Any) -> str:
    """The first number that is not finite, and where it stands."""
    place = _place(value)
    return f"{value[place]}" + (f" at [{', '.join(map(str, place))}]" if place else "")


def _place(value: Any) -> tuple[int, ...]:
    return tuple(
        int(i) for i in np.argwhere(~np.isfinite(np.atleast_1d(value)))[0][: np.ndim(value)]
    )


def _inputs(tensors: Sequence[Any], like: Any) -> str:
    return " and ".join(
        f"{tensor.describe()} = {_number_or_shape(tensor._data, like)}" for tensor in tensors
    )


def _number_or_shape(value: Any, like: Any) -> str:
    """The number behind the first bad one of `like`, where the shapes tell which it is."""
    if np.ndim(value) == 0:
        return f"{value}"
    if np.shape(value) == np.shape(like):
        return f"{value[_place(like)]}"
    finite = np.isfinite(value)
    bad = "" if finite.all() else f", {int(value.size - finite.sum())} of them nan or inf"
    return f"an array of shape {np.shape(value)}{bad}"
