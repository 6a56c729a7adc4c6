"""The one number format of every view."""

from typing import Any

import numpy as np

MINUS = "−"
SHOWN = 6  # an array of more elements is shown by its shape


def format_number(value: Any) -> str:
    """Four decimals; scientific below 0.001 and from 100,000; nan and inf are loud.

    >>> [format_number(x) for x in (2, -0.0, -1.23456, 0.0001, 123456.7, float("nan"))]
    ['2.0000', '0.0000', '−1.2346', '1.0000e−04', '1.2346e+05', 'nan!']
    """
    number = float(value)
    if not np.isfinite(number):
        return f"{number}!".replace("-", MINUS)
    size = abs(number)
    if size != 0 and (size < 0.001 or round(size, 4) >= 100_000):
        text = f"{number:.4e}"
    else:
        text = f"{number:.4f}"
    return text.replace("-", MINUS) if number != 0 else "0.0000"


def format_short(value: Any) -> str:
    """A constant in a formula: as few digits as it takes.

    >>> format_short(2.0), format_short(-0.5)
    ('2', '−0.5')
    """
    if not np.isfinite(value):
        return format_number(value)
    return f"{float(value):.6g}".replace("-", MINUS)


def format_value(value: Any) -> str:
    """A number as a number, a small array with its elements, a larger one by its shape.

    >>> format_value(np.array([1.0, -2.0])), format_value(np.zeros((3, 4)))
    ('[1.0000, −2.0000]', 'array (3, 4)')
    """
    array = np.asarray(value)
    if array.ndim == 0:
        return format_number(array)
    if 0 < array.size <= SHOWN:
        return _nested(array)
    return f"array {array.shape}"


def _nested(array: np.ndarray) -> str:
    if array.ndim == 0:
        return format_number(array)
    return f"[{', '.join(_nested(part) for part in array)}]"
