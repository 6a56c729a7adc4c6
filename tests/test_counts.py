"""Counts: whole numbers from 1, refused by their names."""

from typing import Any

import numpy as np
import pytest

from autograd_lite.counts import count, counts


@pytest.mark.parametrize("value", [1, 7, np.int64(3), np.uint8(2)])
def test_whole_numbers_are_taken(value: Any) -> None:
    assert count(value, "n") == value
    assert type(count(value, "n")) is int


@pytest.mark.parametrize("value", [0, -1, 1.0, True, "3", None, np.array([1, 2])])
def test_anything_else_is_refused_by_name(value: Any) -> None:
    with pytest.raises(ValueError, match="Linear: n_in received"):
        counts("Linear", n_out=1, n_in=value)
