"""Tables, ratios and the chart say what was measured."""

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import chart, table
from benchmarks.sin import ROW
from benchmarks.turns import agree, ratio

TIMES = {
    "plain floats": [1e-6, 2e-6, 4e-6],
    "NumPy": [3e-6, 2e-6, 8e-6],
    "micrograd": "not installed",
}


def test_a_ratio_is_taken_each_round() -> None:
    assert ratio(TIMES, "NumPy", "plain floats") == 2.0  # not 3 ÷ 2
    assert ratio(TIMES, "NumPy", "micrograd") is None
    assert ratio(TIMES, "NumPy", "nobody") is None


def test_a_table_is_aligned_and_names_who_is_missing() -> None:
    title, rows, notes = table.of_row(ROW, TIMES).split("\n\n")
    assert title == f"**{ROW.title}**"
    assert len({len(line) for line in rows.splitlines()}) == 1
    assert [re.split(r" *\| *", line)[1:-1] for line in rows.splitlines()[2:]] == [
        ["plain floats", "2.00", "1.00–4.00", "1.00", ""],
        ["NumPy", "3.00", "2.00–8.00", "2.00", ""],
    ]
    assert notes == "- micrograd: not installed, skipped"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0843, "0.084"), (0.145, "0.14"), (1.0, "1.00"), (37.06, "37.1"), (1160.4, "1,160")],
)
def test_numbers_have_two_or_three_digits(value: float, text: str) -> None:
    assert table.number(value) == text


def test_contenders_that_differ_are_not_timed() -> None:
    first = [np.array(1.0), np.array([2.0, 3.0])]
    near = [np.array(1.0), np.array([2.0, 3.0 + 1e-12])]
    far = [np.array(1.0), np.array([2.0, 3.0 + 1e-8])]
    agree(ROW, {"plain floats": first, "NumPy": near})
    with pytest.raises(AssertionError, match="NumPy and plain floats differ in number 1"):
        agree(ROW, {"plain floats": first, "NumPy": far})


def test_the_chart_is_the_same_when_drawn_again(tmp_path: Path) -> None:
    chart.write([(ROW, TIMES)], tmp_path / "a.svg")
    chart.write([(ROW, TIMES)], tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
