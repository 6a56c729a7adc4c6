"""Literals: numbers, shapes, dtypes and new arrays as the source writes them."""

from typing import Any

import numpy as np


def literal(number: Any) -> str:
    """A number that is read back as the same bits."""
    if isinstance(number, int | np.integer):
        return repr(int(number))
    value = float(number)
    if np.isfinite(value):
        return repr(value)
    return "np.nan" if np.isnan(value) else "np.inf" if value > 0 else "-np.inf"


def zeros(like: np.ndarray) -> str:
    """How a flat array of zeros is made."""
    return f"np.zeros({like.size}{kind(like.dtype)})"


def empty(like: np.ndarray) -> str:
    """An array of the same layout."""
    dtype = kind(like.dtype)
    if like.flags.c_contiguous:
        return f"np.empty({shape_of(like.shape)}{dtype})"
    order = [int(axis) for axis in np.argsort([-stride for stride in like.strides], kind="stable")]
    lengths = shape_of(tuple(like.shape[axis] for axis in order))
    back = tuple(int(axis) for axis in np.argsort(order))
    return f"np.empty({lengths}{dtype}).transpose({', '.join(map(str, back))})"


def kind(dtype: np.dtype) -> str:
    """The dtype as a further argument; float64 needs none."""
    return "" if dtype == np.float64 else f", {dtype_name(dtype)}"


def dtype_name(dtype: np.dtype) -> str:
    """How a dtype is called."""
    return f"np.{dtype}" if dtype.isnative else f"np.dtype({dtype.str!r})"


def shape_of(shape: tuple[int, ...]) -> str:
    """A shape as an argument; a single length by itself."""
    return str(shape[0]) if len(shape) == 1 else str(tuple(int(n) for n in shape))
