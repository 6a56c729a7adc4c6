"""Typed text is read as a number in the ways people write one, and in no other."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_lite.views.number import format_number, format_short
from autograd_lite.widgets.typed import read_typed
from tests.strategies import same_every_run


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.5", 0.5), ("0,5", 0.5), (".5", 0.5), (",5", 0.5), ("5.", 5.0), ("+2", 2.0),
        ("-0.42", -0.42), ("−0.42", -0.42), ("–0,42", -0.42), ("  7 ", 7.0), ("-0", 0.0),
        ("1/2", 0.5), ("-1/16", -0.0625), ("−1 / 16", -0.0625), ("1,5/3", 0.5), ("1/-4", -0.25),
        ("6.7e-5", 6.7e-5), ("6.7e−05", 6.7e-5), ("1E3", 1000.0),
        ("inf", math.inf), ("-inf", -math.inf), ("1e999", math.inf),
    ],
)  # fmt: skip
def test_a_number_is_read(text: str, number: float) -> None:
    assert read_typed(text) == number


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "nan", "1.000,5", "1 2", "--1", "1_000", "0x10", "2*3", "2+3", "1/2/3", "1//2",
     "/2", "1/", "e5", "٣", "cos(2)", "__import__('os')", "1e", "½", ".", "1;2", "1\n2"],
)  # fmt: skip
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a number. Write it like 0.5, 1/2 or -2.$"):
        read_typed(text)


@pytest.mark.parametrize("text", ["1/0", "1/0.0", "0/-0", "1/0e5"])
def test_nobody_divides_by_zero(text: str) -> None:
    with pytest.raises(ValueError, match="divides by zero"):
        read_typed(text)


def test_long_nonsense_is_cut_short_in_the_message() -> None:
    with pytest.raises(ValueError, match="is not a number") as caught:
        read_typed("x" * 100_000)
    assert len(str(caught.value)) < 120


def test_many_digits_take_no_time_and_are_a_number() -> None:
    assert read_typed("0." + "3" * 100_000) == pytest.approx(1 / 3)
    with pytest.raises(ValueError, match="is not a number"):
        read_typed("1" * 100_000 + "x")


@same_every_run
@given(st.floats(-1e300, 1e300))
def test_what_a_picture_shows_can_be_typed(number: float) -> None:
    for text in (format_number(number), format_short(number), repr(number)):
        assert read_typed(text) == pytest.approx(number, rel=1e-4, abs=1e-4)
