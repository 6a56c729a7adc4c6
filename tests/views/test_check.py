"""The check beside the steps: differences of values, computed apart, and verdicts in words."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.compared import ENTRIES
from autograd_lite.views.aside import AsidePicture
from autograd_lite.views.check import BELOW, LEAVES, Checked, check, check_all
from tests.strategies import Program, numeric_gradient, programs, same_every_run


class Wrong(ag.Operation):
    """exp, with x taken for its local gradient."""

    def forward(self, x: Any) -> Any:
        return np.exp(x)

    def backward(self, dz: Any) -> Any:
        return dz * self.inputs[0]


def checked(y: Tensor, gradient: Any = None) -> dict[str, Checked]:
    return {one.name: one for one in check_all(ag.draw(y, gradient=gradient))}


def badges(y: Tensor) -> dict[str, str]:
    picture = ag.draw(y)
    frame = picture.finished | check(picture).marks
    return {
        box.node.name: frame[f"{box.key}.badge"]
        for box in picture.diagram.boxes
        if box.kind == "variable" and "ag-paths" in frame[f"{box.key}@class"]
    }


@same_every_run
@given(programs(kinks=False))
def test_the_difference_is_the_one_of_a_plain_function_and_agrees(p: Program) -> None:
    def plain(*leaves: Any) -> Any:
        return p.run(leaves, lambda name, *inputs: PLAIN[name](*inputs))[-1]

    _, y = p.record()
    leaves = [np.array(value) for value in p.leaves]
    for name, one in checked(y).items():
        expected = float(numeric_gradient(plain, leaves, int(name[1:])))
        size = abs(plain(*p.leaves)) + abs(expected)
        assert one.worst.difference == pytest.approx(expected, rel=1e-5, abs=1e-6 * max(1.0, size))
        assert one.worst.verdict in ("agrees", "too small to check")


PLAIN: dict[str, Any] = {
    "negative": lambda x: -x, "sin": np.sin, "cos": np.cos, "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y, "multiply": lambda x, y: x * y,
}  # fmt: skip


def test_nothing_changes_in_the_graph_of_the_user() -> None:
    x, w = Tensor(2.0, name="x"), Tensor([1.0, 2.0], name="w")
    y = (np.sin(x) * w).sum()
    picture = ag.draw(y)
    before = [np.copy(node.data) for node in (x, w, y)]
    shown = picture.svg()
    check(picture)
    for node, value in zip((x, w, y), before, strict=True):
        np.testing.assert_array_equal(node.data, value)
        assert node.grad is None
    assert picture.svg() == shown
    ag.ComputationGraph(y).check_unchanged()


def test_of_an_array_the_worst_entry_is_named() -> None:
    w = Tensor([[0.5, 1.0], [3.0, -1.0]], name="w")
    one = checked(Wrong()(w).sum())["w"]
    # Where the signs differ the two are furthest apart, for their size.
    assert one.place == "w[1,1], the worst of 4"
    assert one.worst.gradient == -1.0
    assert one.worst.difference == pytest.approx(np.exp(-1.0), rel=1e-8)
    assert one.worst.error == pytest.approx(np.exp(-1.0) + 1.0, rel=1e-6)
    assert one.worst.verdict == "differs"


def test_of_a_large_array_some_entries_are_checked_and_the_table_says_how_many() -> None:
    w = Tensor(np.linspace(-1.0, 1.0, 1000).reshape(10, 100), name="w")
    one = checked((w * w).sum())["w"]
    assert one.count == ENTRIES
    assert one.place.endswith(f", the worst of {ENTRIES} (of 1,000)")


def test_of_many_inputs_the_first_are_checked_and_the_note_says_so() -> None:
    leaves = [Tensor(1.0, name=f"a{i}") for i in range(LEAVES + 1)]
    aside = check(ag.draw(sum(leaves[1:], leaves[0])))
    assert len(aside.tables[0].rows) == LEAVES
    assert f"The first {LEAVES} of {LEAVES + 1} inputs" in aside.note


def test_a_kink_has_two_slopes() -> None:
    x = Tensor(0.0, name="x")
    aside = check(ag.draw(ag.relu(x)))
    (row,) = aside.tables[0].rows
    assert [text for text, _ in row[-2:]] == ["—", "∧ kink"]
    assert aside.note == "At x is a kink, with slope 0.0000 on the left and 1.0000 on the right."


def test_where_a_narrow_step_agrees_it_is_taken() -> None:
    near = Tensor(1e-7, name="x")  # a wide step reaches across the corner
    assert checked(ag.relu(near))["x"].worst.verdict == "agrees"


def test_what_is_not_finite_is_no_verdict_and_warns_of_nothing() -> None:
    x = Tensor(-1.0, name="x")
    with np.errstate(all="ignore"):
        y = np.log(x)
    (row,) = check(ag.draw(y)).tables[0].rows
    assert row[-1][0] == "! not finite"


def test_a_gradient_that_values_cannot_tell_from_zero_says_so() -> None:
    x, z = Tensor(2.0, name="x"), Tensor(0.0, name="z")
    found = checked(1e-9 * x + z * z + 1.0)
    assert found["x"].worst.verdict == "too small to check"
    assert (found["z"].worst.verdict, found["z"].worst.error) == ("agrees", 0.0)


def test_a_seed_weighs_the_outputs() -> None:
    x = Tensor([1.0, 2.0], name="x")
    one = checked(x * x, gradient=[10.0, 1.0])["x"]
    assert one.worst.verdict == "agrees"
    assert one.worst.gradient == {0: 20.0, 1: 4.0}[one.worst.index[0]]
    assert "(L(x + h)" in check(ag.draw(x * x, gradient=[10.0, 1.0])).title


def test_single_precision_is_checked_in_double() -> None:
    x = Tensor(np.float32(0.3), name="x")
    assert x.dtype == np.float32
    assert checked(np.sin(x))["x"].worst.error < 1e-6


def test_the_badge_below_each_input_has_a_sign_and_the_difference() -> None:
    x, w, k = Tensor(2.0, name="x"), Tensor([0.5, 1.0], name="w"), Tensor(0.0, name="k")
    assert badges((Wrong()(w) * x).sum() + abs(k)) == {
        "x": f"✓ {np.exp(0.5) + np.e:.4f}", "w": "≠ differs", "k": "∧ kink",
    }  # fmt: skip


def test_the_note_names_what_differs() -> None:
    w = Tensor([0.5, 1.0], name="w")
    aside = check(ag.draw(Wrong()(w).sum()))
    assert aside.note == "The gradient differs from the difference at w[0]."
    assert "no rule" in check(ag.draw(w.sum())).note


def test_a_stored_table_has_no_digits_of_rounding() -> None:
    x, w = Tensor(0.7, name="x"), Tensor([0.1, 0.2, 0.3], name="w")
    picture = ag.draw((np.sin(w) * np.cos(x)).sum())
    plain = AsidePicture(picture, check(picture))._repr_mimebundle_()["text/plain"]
    assert plain.count(BELOW) == 2
    assert "w, 3 entries" in plain
    assert "e−1" not in plain
    live = [row[3][0] for row in check(picture).tables[0].rows]
    assert all(error == "0" or "e−" in error for error in live)
