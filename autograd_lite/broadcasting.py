"""Broadcasting and its reverse. The same code runs on arrays and on tensors."""

from typing import Any


def unbroadcast(gradient: Any, shape: tuple[int, ...]) -> Any:
    """Sum over the axes along which an input of `shape` had been repeated.

    >>> import numpy as np
    >>> unbroadcast(np.ones((4, 3)), (3,))
    array([4., 4., 4.])
    """
    if gradient.shape == shape:
        return gradient
    extra = gradient.ndim - len(shape)
    repeated = tuple(range(extra)) + tuple(
        axis + extra for axis, length in enumerate(shape)
        if length == 1 and gradient.shape[axis + extra] != 1
    )  # fmt: skip
    return gradient.sum(axis=repeated, keepdims=True).reshape(shape)


def broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    """Whether an array of `shape` is repeated to the shape `to`.

    >>> broadcasts((3,), (2, 3)), broadcasts((2,), (2, 3))
    (True, False)
    """
    return len(shape) <= len(to) and all(
        length in (1, given) for length, given in zip(reversed(shape), reversed(to), strict=False)
    )
