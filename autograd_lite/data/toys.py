"""Small problems in the plane, made by formulas."""

from math import pi
from typing import Any

import numpy as np

from ..counts import count


def xor() -> tuple[np.ndarray, np.ndarray]:
    """The four corners x of the unit square, and t = 1 where exactly one coordinate is 1.

    No straight line parts the 1s from the 0s, so a network needs a hidden layer.

    >>> x, t = xor()
    >>> np.hstack([x, t])
    array([[0., 0., 0.],
           [0., 1., 1.],
           [1., 0., 1.],
           [1., 1., 0.]])
    """
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return x, np.array([[0.0], [1.0], [1.0], [0.0]])


def moons(n: int = 200, noise: float = 0.1, rng: Any = None) -> tuple[np.ndarray, np.ndarray]:
    """Two half circles, each with its end inside the other.

    Class 0 is (cos φ, sin φ), class 1 is (1 − cos φ, 1/2 − sin φ), for φ evenly from 0 to π.
    The classes take turns along the rows; a row that is left over is of class 0.

    Args:
        n: how many points.
        noise: the standard deviation of what is added to each coordinate.
        rng: None, a seed or a `np.random.Generator`.

    Returns:
        x of shape (n, 2) and the classes t, integers of shape (n,).

    >>> x, t = moons(4, noise=0.0)
    >>> t
    array([0, 1, 0, 1])
    """
    t = np.arange(count(n, "moons: n")) % 2
    angle = pi * _along(t, 2)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = np.where(t[:, None] == 0, upper, [1.0, 0.5] - upper)
    return x + np.random.default_rng(rng).normal(scale=_spread(noise, "moons"), size=x.shape), t


def spirals(
    n: int = 300, classes: int = 3, noise: float = 0.1, rng: Any = None
) -> tuple[np.ndarray, np.ndarray]:
    """Arms that wind out of the origin, one for each class.

    With s evenly from 0 to 1 along an arm, the point of class k has radius s and angle
    2π·(k/classes + 0.6·s). The classes take turns along the rows.

    Args:
        n: how many points.
        classes: how many arms.
        noise: the standard deviation of what is added to the angle, in radians.
        rng: None, a seed or a `np.random.Generator`.

    Returns:
        x of shape (n, 2) and the classes t, integers of shape (n,).

    >>> x, t = spirals(6, noise=0.0)
    >>> t
    array([0, 1, 2, 0, 1, 2])
    """
    arms = count(classes, "spirals: classes")
    t = np.arange(count(n, "spirals: n")) % arms
    radius = _along(t, arms)
    angle = 2 * pi * (t / arms + 0.6 * radius)
    angle += np.random.default_rng(rng).normal(scale=_spread(noise, "spirals"), size=angle.shape)
    return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), t


def _along(t: np.ndarray, classes: int) -> np.ndarray:
    """How far along its curve each row stands: from 0 to 1 within each class."""
    place = np.arange(len(t)) // classes
    last = np.bincount(t, minlength=classes)[t] - 1
    return place / np.maximum(last, 1)


def _spread(noise: float, owner: str) -> float:
    if not 0 <= noise < np.inf:
        raise ValueError(f"{owner}: noise received {noise!r}, expected a number, 0 or more.")
    return noise
