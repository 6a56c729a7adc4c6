"""NumPy's functions that are made of others: what they record is the operations of the table."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..tensor import Tensor
from .reduction import Axis, Mean, Norm, Sum
from .shape import concatenate, expand_dims, reshape


def var(x: Any, axis: Axis = None, ddof: float = 0, keepdims: bool = False) -> Tensor:
    """The mean square distance from the mean; divided by n − ddof."""
    distance = x - Mean(axis, keepdims=True)(x)
    total = Sum(axis, keepdims)(distance * distance)
    count = np.size(x._data) // max(np.size(total._data), 1)
    return total / (count - ddof)


def std(x: Any, axis: Axis = None, ddof: float = 0, keepdims: bool = False) -> Tensor:
    """The square root of the variance."""
    distance = x - Mean(axis, keepdims=True)(x)
    length = Norm(axis, keepdims)(distance)  # its slope is 0 where all are equal
    count = np.size(x._data) // max(np.size(length._data), 1)
    return length / np.sqrt(count - ddof)


def outer(x: Any, y: Any) -> Tensor:
    """z[i, j] = x[i] · y[j]."""
    return reshape(x, (-1, 1)) * reshape(y, (1, -1))


def split(x: Tensor, sections: int | Sequence[int], axis: int = 0) -> list[Tensor]:
    """`x` cut along an axis: into equal parts, or before the given places."""
    places = np.split(np.arange(x.shape[axis]), sections)
    lead = (slice(None),) * (axis % x.ndim)
    starts = [int(part[0]) if len(part) else 0 for part in places]
    return [
        x[(*lead, slice(start, start + len(part)))]
        for start, part in zip(starts, places, strict=True)
    ]


def hstack(tensors: Sequence[Any]) -> Tensor:
    """The tensors beside each other: along the second axis, or the only one."""
    return concatenate(tensors, axis=0 if np.ndim(_value(tensors[0])) == 1 else 1)


def vstack(tensors: Sequence[Any]) -> Tensor:
    """The tensors below each other; a vector is a row."""
    rows = [expand_dims(x, 0) if np.ndim(_value(x)) == 1 else x for x in tensors]
    return concatenate(rows, axis=0)


def repeat(x: Tensor, repeats: Any, axis: int | None = None) -> Tensor:
    """Each element, or each part along an axis, several times in a row."""
    flat = reshape(x, -1) if axis is None else x
    places = np.repeat(np.arange(flat.shape[axis or 0]), repeats)
    return take(flat, places, axis or 0)


def take(x: Tensor, indices: Any, axis: int | None = None) -> Tensor:
    """The elements, or the parts along an axis, at these places."""
    flat = reshape(x, -1) if axis is None else x
    return flat[(*(slice(None),) * ((axis or 0) % flat.ndim), np.asarray(indices))]


def tril(x: Tensor, k: int = 0) -> Tensor:
    """`x` with zeros above the diagonal."""
    return x * np.tri(x.shape[-2], x.shape[-1], k, x.dtype)


def triu(x: Tensor, k: int = 0) -> Tensor:
    """`x` with zeros below the diagonal."""
    return x * (1.0 - np.tri(x.shape[-2], x.shape[-1], k - 1, x.dtype))


def _value(x: Any) -> Any:
    return x._data if isinstance(x, Tensor) else x
