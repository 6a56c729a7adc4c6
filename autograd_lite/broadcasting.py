"""Broadcasting and its reverse. The same code runs on arrays and on tensors."""

from functools import lru_cache
from typing import Any

import numpy as np

_sum: Any = np.add.reduce
_PLAIN = (np.ndarray, np.generic)


def unbroadcast(gradient: Any, shape: tuple[int, ...]) -> Any:
    """Sum over the axes along which an input of `shape` had been repeated.

    >>> import numpy as np
    >>> unbroadcast(np.ones((4, 3)), (3,))
    array([4., 4., 4.])
    """
    given = gradient.shape
    if given == shape:
        return gradient
    if type(gradient) is np.ndarray:
        total = _sum(gradient, _repeated(given, shape))
        return total if total.shape == shape else total.reshape(shape)
    return gradient.sum(axis=_repeated(given, shape), keepdims=True).reshape(shape)


@lru_cache
def _repeated(given: tuple[int, ...], shape: tuple[int, ...]) -> int | tuple[int, ...]:
    """The axes of `given` along which `shape` had been repeated; a single one by its number."""
    extra = len(given) - len(shape)
    axes = tuple(range(extra)) + tuple(
        axis + extra for axis, length in enumerate(shape)
        if length == 1 and given[axis + extra] != 1
    )  # fmt: skip
    return axes[0] if len(axes) == 1 else axes


def spread(value: Any, shape: tuple[int, ...]) -> Any:
    """`value` repeated to `shape`: an array of its own, or a recorded tensor.

    >>> spread(np.array([[1.0], [2.0]]), (2, 3))
    array([[1., 1., 1.],
           [2., 2., 2.]])
    """
    if not isinstance(value, _PLAIN):
        return np.broadcast_to(value, shape)
    array = np.empty(shape, value.dtype)
    array[...] = value
    return array


def broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    """Whether an array of `shape` is repeated to the shape `to`.

    >>> broadcasts((3,), (2, 3)), broadcasts((2,), (2, 3))
    (True, False)
    """
    return len(shape) <= len(to) and all(
        length in (1, given) for length, given in zip(reversed(shape), reversed(to), strict=False)
    )
