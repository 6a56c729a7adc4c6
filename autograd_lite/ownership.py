"""Ownership: an array that nobody else has a part of need not be copied."""

from sys import getrefcount
from typing import Any

import numpy as np


def own(array: Any, held: int = 1) -> Any:
    """The array, which may be written to: itself if nobody else has a part of it, or a copy.

    Args:
        held: how often the caller holds it. What it passes on without a name, like
            `own(arrays.pop(), 0)`, it does not hold.
    """
    if type(array) is not np.ndarray:
        return array
    if array.base is None and getrefcount(array) == _PASSED + held:  # a view holds its base
        array.setflags(True)  # type: ignore[call-arg]
        return array
    return np.array(array)


def _references(array: Any) -> int:
    return getrefcount(array)


_PASSED = _references(np.empty(0))
