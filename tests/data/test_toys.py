"""The small problems are what their formulas say."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_lite.data import moons, spirals, xor

COUNTS = st.integers(1, 60)
SEEDS = st.integers(0, 2**32)


def test_xor_is_one_where_one_coordinate_is() -> None:
    x, t = xor()
    assert x.dtype == t.dtype == float
    assert sorted(map(tuple, x)) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    np.testing.assert_array_equal(t[:, 0], x[:, 0] != x[:, 1])
    x[0, 0] = 9.0
    assert xor()[0][0, 0] == 0.0


@given(COUNTS)
def test_moons_without_noise_lie_on_two_half_circles(n: int) -> None:
    x, t = moons(n, noise=0.0)
    assert x.shape == (n, 2)
    assert t.dtype.kind == "i"
    centre = np.where(t[:, None] == 0, [0.0, 0.0], [1.0, 0.5])
    np.testing.assert_allclose(np.hypot(*(x - centre).T), 1.0)
    above = (x - centre)[:, 1] * np.where(t == 0, 1, -1)
    assert (above > -1e-12).all()
    assert 0 <= (t == 0).sum() - (t == 1).sum() <= 1


@given(COUNTS, st.integers(1, 5))
def test_spirals_without_noise_are_one_arm_turned(n: int, classes: int) -> None:
    x, t = spirals(n, classes, noise=0.0)
    assert x.shape == (n, 2)
    np.testing.assert_array_equal(t, np.arange(n) % classes)
    radius = np.hypot(*x.T)
    assert radius.max() <= 1 + 1e-12
    turned = (x[:, 0] + 1j * x[:, 1]) * np.exp(-2j * np.pi * t / classes)
    np.testing.assert_allclose(turned, radius * np.exp(1.2j * np.pi * radius), atol=1e-12)


@given(SEEDS)
def test_noise_is_drawn_from_the_seed(seed: int) -> None:
    for make in (moons, spirals):
        x, t = make(50, rng=seed)
        again, _ = make(50, rng=np.random.default_rng(seed))
        other, same = make(50, rng=seed + 1)
        np.testing.assert_array_equal(x, again)
        np.testing.assert_array_equal(t, same)
        assert not np.any(x == other, axis=1)[3:].any()  # arms begin in the origin


def test_noise_spreads_as_it_says() -> None:
    for make in (moons, spirals):
        still, _ = make(3000, noise=0.0)
        moved, _ = make(3000, noise=0.2, rng=0)
        if make is spirals:
            angles = np.angle(
                (moved[9:, 0] + 1j * moved[9:, 1]) / (still[9:, 0] + 1j * still[9:, 1])
            )
            assert np.std(angles) == pytest.approx(0.2, rel=0.05)
        else:
            np.testing.assert_allclose((moved - still).std(axis=0), 0.2, rtol=0.05)


@pytest.mark.parametrize("make", [moons, spirals])
@pytest.mark.parametrize("n", [0, -1, 2.5, "3", None])
def test_what_is_no_count_is_refused(make: Callable, n: object) -> None:
    with pytest.raises(ValueError, match=rf"{make.__name__}: n received .*, expected a whole"):
        make(n)


@pytest.mark.parametrize("make", [moons, spirals])
@pytest.mark.parametrize("noise", [-1.0, np.nan, np.inf])
def test_noise_below_zero_is_refused(make: Callable, noise: float) -> None:
    with pytest.raises(ValueError, match=f"{make.__name__}: noise received"):
        make(5, noise=noise)
