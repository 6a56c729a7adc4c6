"""Numbers: what is shown can be read back, is never wider than its box, and has a real minus."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_lite.views.number import SHOWN, format_number, format_short, format_value
from tests.strategies import same_every_run

WIDEST = 12  # letters that a box reserves
FINITE = st.floats(allow_nan=False, allow_infinity=False)
# Where the form changes, and around 0.
NEAR = st.one_of(
    st.sampled_from([0.0, -0.0, 5e-324, -5e-324, 1.7e308, -1e-5, -0.00004, 0.00005]),
    st.floats(0.000999, 0.0010001), st.floats(99_999.9999, 100_000.0001), st.floats(-1, 1),
)  # fmt: skip


def read(text: str) -> float:
    return float(text.replace("−", "-"))


@same_every_run
@given((FINITE | NEAR).filter(lambda value: abs(value) < 1.797e308))  # rounded up it is infinite
def test_read_back_it_is_the_value_to_the_digits_shown(value: float) -> None:
    text = format_number(value)
    wrong_by = abs(read(text) - value)
    digit = abs(value) * 0.5e-4 if "e" in text else 0.5e-4
    assert wrong_by <= digit * (1 + 1e-9)


@same_every_run
@given(FINITE | NEAR)
def test_four_decimals_and_scientific_where_they_say_too_little_or_too_much(value: float) -> None:
    text = format_number(value)
    assert re.fullmatch(r"−?\d{1,5}\.\d{4}|−?[1-9]\.\d{4}e[−+]\d{2,3}", text)
    assert ("e" in text) == (value != 0 and (abs(value) < 0.001 or abs(value) >= 99_999.99995))


@same_every_run
@given(st.floats() | NEAR | st.floats(width=32))
def test_never_wider_than_a_box_reserves_nor_with_an_ascii_minus(value: float) -> None:
    text = format_number(value)
    assert len(text) <= WIDEST
    assert "-" not in text


@same_every_run
@given(FINITE | NEAR)
def test_a_minus_stands_before_negative_numbers_and_never_before_zero(value: float) -> None:
    assert format_number(value).startswith("−") == (value < 0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2, "2.0000"), (-0.0, "0.0000"), (0.001, "0.0010"), (0.00099999, "9.9999e−04"),
        (99_999.9999, "99999.9999"), (99_999.99999, "1.0000e+05"), (-100_000, "−1.0000e+05"),
        (-1e-300, "−1.0000e−300"), (np.float32(0.1), "0.1000"),
    ],
)  # fmt: skip
def test_the_form_by_example(value: float, shown: str) -> None:
    assert format_number(value) == shown


def test_what_is_not_finite_is_loud() -> None:
    values = [float("nan"), float("inf"), -float("inf")]
    assert [format_number(value) for value in values] == ["nan!", "inf!", "−inf!"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3.0, "3"), (-0.5, "−0.5"), (1 / 3, "0.333333"), (1e-9, "1e−09"), (1e6, "1e+06")],
)
def test_a_constant_takes_as_few_digits_as_it_needs(value: float, shown: str) -> None:
    assert format_short(value) == shown


def test_small_arrays_show_their_elements_and_large_ones_their_shape() -> None:
    assert format_value(np.float64(2.0)) == format_value(np.array(2.0)) == "2.0000"
    assert format_value(np.array([[1.0, -2.0], [0.0, np.nan]])) == (
        "[[1.0000, −2.0000], [0.0000, nan!]]"
    )
    assert format_value(np.zeros(SHOWN)).count("0.0000") == SHOWN
    assert format_value(np.zeros(SHOWN + 1)) == f"array ({SHOWN + 1},)"
    assert format_value(np.zeros((0, 3))) == "array (0, 3)"
