"""The nudge beside the steps: f(x + h) − f(x) by the graph's own replay, beside gradient · h."""

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.views.nudge import nudge


def worked_example() -> Tensor:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    return np.sin(x1) + x1 * x2


def test_the_table_stands_side_by_side() -> None:
    change = np.sin(2.1) + 2.1 * 3 - np.sin(2.0) - 6
    foretold = (3 + np.cos(2.0)) * 0.1
    aside = nudge(ag.draw(worked_example()), "x1", 0.1)
    first, ladder = aside.tables
    assert aside.title == f"x1 moves by h = 0.1000, from 2.0000 to 2.1000: y moves by {change:.4f}"
    assert [[text for text, _ in row] for row in first.rows] == [
        ["change", "y(x1 + h) − y(x1) = 7.1632 − 6.9093", f"{change:.4f}"],
        ["gradient · h", "∂y/∂x1 · h = 2.5839 · 0.1000", f"{foretold:.4f}"],
        ["difference", "change − gradient · h = 0.2539 − 0.2584", "−0.0045"],
    ]
    assert first.bars == pytest.approx((change / foretold, 1.0, 0.0045 / foretold), abs=1e-3)
    assert [row[0][0] for row in ladder.rows] == ["0.1000", "0.0100", "0.0010"]
    assert "smaller h" in aside.note


def test_a_straight_line_has_no_difference_and_the_note_says_why() -> None:
    x = Tensor(0.1, name="x")
    aside = nudge(ag.draw(3.0 * x + 0.7), "x", 0.3)
    assert [row[3][0] for row in aside.tables[1].rows] == ["0.0000"] * 3
    assert aside.note == "Nothing bends on this way: gradient · h is the change itself."


@pytest.mark.parametrize("h", [1e-8, 1e-12, -1e-12, 1e-20])
def test_a_nudge_that_drowns_in_rounding_says_nothing_of_a_bend(h: float) -> None:
    aside = nudge(ag.draw(worked_example()), "x1", h)
    assert aside.note == "h is so small that rounding hides how y bends. Take a larger one."


def test_rounding_hides_a_bend_where_the_gradient_is_zero_too() -> None:
    x = Tensor(0.0, name="x")
    assert "rounding hides" in nudge(ag.draw(x * x + 5.0), "x", 1e-9).note


def test_an_output_that_stands_still_does_not_bend() -> None:
    aside = nudge(ag.draw(ag.relu(Tensor(-2.0, name="x"))), "x", 0.1)
    assert aside.note.startswith("Nothing bends on this way")


def test_where_the_difference_does_not_shrink_nothing_is_promised() -> None:
    x = Tensor(0.0, name="x")
    assert nudge(ag.draw(abs(x) + 0.0 * x), "x", 0.0).note == ""
    with np.errstate(all="ignore"):
        y = np.log(x)
    assert nudge(ag.draw(y), "x", 0.5).note == ""


def test_an_element_of_an_array_is_nudged_alone() -> None:
    w = Tensor([[1.0, 2.0], [3.0, 4.0]], name="w")
    aside = nudge(ag.draw((w * w).sum()), "w[1,0]", 0.5)
    assert aside.title == "w[1,0] moves by h = 0.5000, from 3.0000 to 3.5000: y moves by 3.2500"


def test_a_seed_makes_one_number_of_several_outputs() -> None:
    x = Tensor([1.0, 2.0], name="x")
    aside = nudge(ag.draw(x * x, gradient=[10.0, 1.0]), "x[0]", 1.0)
    assert [cell[0] for cell in aside.tables[1].rows[0][1:3]] == ["30.0000", "20.0000"]


def test_nothing_changes_in_the_graph_of_the_user() -> None:
    y = worked_example()
    picture = ag.draw(y)
    shown = picture.svg()
    nudge(picture, "x1", 5.0)
    assert picture.svg() == shown
    assert y.item() == np.sin(2.0) + 6.0


def test_each_box_that_moves_says_by_how_much_and_no_other() -> None:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    sine, product = np.sin(x1), x1 * x2
    sine.name, product.name = "sine", "product"
    y = sine + product
    y.name = "y"
    picture = ag.draw(y)
    marks = nudge(picture, "x1", 0.1).marks
    told = {
        box.node.name: marks[f"{box.key}.badge"]
        for box in picture.diagram.boxes
        if "ag-moved" in marks[f"{box.key}@class"]
    }
    moves = np.sin(2.1) - np.sin(2.0)
    assert told == {
        "x1": "Δ 0.1000", "sine": f"Δ {moves:.4f}".replace("-", "−"), "product": "Δ 0.3000",
        "y": f"Δ {moves + 0.3:.4f}",
    }  # fmt: skip


def test_a_jump_to_infinity_is_told_and_is_no_rounding() -> None:
    aside = nudge(ag.draw(np.exp(Tensor(709.0, name="x"))), "x", 10.0)
    assert [aside.marks[f"v{i}.badge"] for i in (0, 1)] == ["Δ 10.0000", "Δ inf!"]


def test_a_line_of_float32_bends_nowhere() -> None:
    x = Tensor(np.float32(0.7), name="x")
    aside = nudge(ag.draw(x * 3), "x", 0.1)
    assert [row[3][0] for row in aside.tables[1].rows] == ["0.0000"] * 3
    assert aside.note.startswith("Nothing bends on this way")
