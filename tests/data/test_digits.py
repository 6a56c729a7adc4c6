"""The digits are the published ones, and no call changes another's."""

import hashlib

import numpy as np

from autograd_lite.data import digits
from autograd_lite.data.digits import FILE

SHA256 = "5fcf497b1b0de9cafa1ec41fa87f7d559d28b5286d68331cc92bbb95364572a0"


def test_the_file_is_unchanged() -> None:
    # In a checkout with \r\n line ends it is the same text.
    content = FILE.read_bytes().replace(b"\r\n", b"\n")
    assert hashlib.sha256(content).hexdigest() == SHA256


def test_the_file_names_its_source_authors_and_licence() -> None:
    head = FILE.read_text(encoding="utf-8").split("\n0")[0]
    for words in ("UCI", "10.24432/C50P49", "Alpaydin", "Kaynak", "1998", "CC BY 4.0", "Format"):
        assert words in head


def test_there_are_as_many_of_each_as_were_published() -> None:
    x_train, t_train, x_test, t_test = digits()
    assert (x_train.shape, t_train.shape) == ((1437, 64), (1437,))
    assert (x_test.shape, t_test.shape) == ((360, 64), (360,))
    counts = np.bincount(np.concatenate([t_train, t_test]))
    np.testing.assert_array_equal(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])


def test_every_digit_is_in_both_parts() -> None:
    _, t_train, _, t_test = digits()
    assert np.bincount(t_train).min() > 100
    assert np.bincount(t_test).min() > 20


def test_shades_are_sixteenths_from_zero_to_one() -> None:
    x_train, t_train, x_test, _ = digits()
    x = np.concatenate([x_train, x_test])
    assert x.dtype == float
    assert t_train.dtype.kind == "i"
    np.testing.assert_array_equal(np.unique(x), np.arange(17) / 16)


def test_an_image_is_upright() -> None:
    """The average 0 has a hole in its middle, the average 1 has its ink there."""
    x, t = digits()[:2]
    zero, one = (x[t == digit].mean(axis=0).reshape(8, 8) for digit in (0, 1))
    assert zero[3:5, 3:5].mean() < 0.2 < 0.8 < one[3:5, 3:5].mean()
    seven = x[t == 7].mean(axis=0).reshape(8, 8)
    assert seven[1].mean() > 2 * seven[7].mean()


def test_each_call_gives_arrays_of_its_own() -> None:
    first = digits()
    for array in first:
        array[...] = 0
    assert digits().x_train.any()
    assert digits().t_test.any()
