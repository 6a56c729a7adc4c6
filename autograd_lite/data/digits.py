"""The 8×8 digits that come with the package."""

from pathlib import Path

import numpy as np

from .split import Split

FILE = Path(__file__).with_name("digits.txt")
SHADES = b"0123456789abcdefg"
TRAIN = 1437


def digits() -> Split:
    """1,797 handwritten digits as rows of 64 shades from 0 (paper) to 1 (ink), and their labels.

    1,437 to learn from and 360 to judge by, always the same. `x[i].reshape(8, 8)` is an image.
    The arrays are new at each call: x of floats (N, 64), t of integers (N,).

    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine
    Learning Repository, 1998, doi 10.24432/C50P49, CC BY 4.0. `digits.txt` says the rest.

    >>> x_train, t_train, x_test, t_test = digits()
    >>> x_train.shape, x_test.shape
    ((1437, 64), (360, 64))
    >>> print(t_train[:10])
    [6 6 6 2 5 6 6 2 2 1]
    """
    lines = [line for line in FILE.read_bytes().splitlines() if not line.startswith(b"#")]
    shade = np.zeros(256)
    shade[list(SHADES)] = np.arange(17) / 16
    images = np.frombuffer(b"".join(line[:64] for line in lines), np.uint8).reshape(-1, 64)
    x, t = shade[images], np.array([int(line[65:]) for line in lines])
    # The lines were shuffled before they were written: the first part is as good as any.
    return Split(x[:TRAIN], t[:TRAIN], x[TRAIN:], t[TRAIN:])
