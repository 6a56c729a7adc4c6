"""Split: examples to learn from, and others to judge by."""

from typing import NamedTuple

import numpy as np


class Split(NamedTuple):
    """Inputs x and labels t; what is tested on was never trained on."""

    x_train: np.ndarray
    t_train: np.ndarray
    x_test: np.ndarray
    t_test: np.ndarray
