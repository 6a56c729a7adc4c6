"""A picture in signs: where an array that was handed in differs from the right one."""

from typing import Any

import numpy as np

ROWS, COLUMNS = 12, 24  # what is larger is cut off
SAME, OTHER = "·", "✗"


def differences(received: Any, expected: Any) -> Any:
    """True where two arrays of one shape differ by more than rounding."""
    return ~np.isclose(received, expected, rtol=1e-5, atol=1e-8)


def where(name: str, received: Any, expected: Any) -> str:
    """One sign for each number, in rows; empty for single numbers and where nothing differs.

    >>> print(where("dW", [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[1.0, 2.0, 3.0], [4.0, 0.0, 0.0]]))
    dW: ✗ where it differs, · where it is right
      · · ·
      · ✗ ✗
    """
    different = differences(received, expected)
    if different.size < 2 or different.ndim > 2 or not different.any():
        return ""
    rows = np.atleast_2d(different)
    lines = [f"{name}: {OTHER} where it differs, {SAME} where it is right"]
    for row in rows[:ROWS, :COLUMNS]:
        more = " …" if rows.shape[1] > COLUMNS else ""
        lines.append("  " + " ".join(OTHER if wrong else SAME for wrong in row) + more)
    return "\n".join([*lines, "  …"] if len(rows) > ROWS else lines)
