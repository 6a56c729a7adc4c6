"""Paths to choose from: the products add up to the gradient, and the chosen one is marked."""

import numpy as np
import pytest
from hypothesis import given

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from autograd_lite.views.aside import AsidePicture
from autograd_lite.views.frames import THICK
from autograd_lite.views.path_choice import choose_path
from autograd_lite.views.paths import LISTED
from tests.strategies import Program, programs, same_every_run
from tests.views.test_paths import doublings, puzzle


def number(text: str) -> float:
    return float(text.rsplit("= ", 1)[-1].replace("−", "-"))


@same_every_run
@given(programs())
def test_the_products_that_are_shown_add_up_to_the_gradient(p: Program) -> None:
    leaves, y = p.record()
    y.backward()
    picture = ag.draw(y)
    for name, leaf in ((f"x{i}", leaf) for i, leaf in enumerate(leaves)):
        if not any(leaf is node for node in ComputationGraph(y).nodes):
            continue
        aside = choose_path(picture, name)
        rows = [[text for text, _ in row] for row in aside.tables[0].rows]
        assert number(rows[-1][1]) == pytest.approx(float(leaf.grad), rel=1e-4, abs=1e-4)
        assert len(aside.choices) == len(rows) - 2
        if rows[-2][0] == "their sum":
            products = [number(text) for _, text in rows[:-2]]
            size = sum(map(abs, products))
            assert sum(products) == pytest.approx(float(leaf.grad), abs=1e-3 + 1e-4 * size)
            assert number(rows[-2][1]) == pytest.approx(float(leaf.grad), abs=1e-4 * (1 + size))


def test_the_chosen_path_is_thick_and_has_its_factors_and_dots() -> None:
    picture = ag.draw(puzzle()[2])
    aside = choose_path(picture, "a")
    frame = picture.finished | aside.frame(2)
    drawn = [
        (arrow.tail.node.name, arrow.head.node.name)
        for arrow in picture.diagram.arrows
        if "ag-returned" in frame[f"{arrow.key}@class"]
        and frame[f"{arrow.key}.width@stroke-width"] == str(THICK)
        and frame[f"{arrow.key}.local"]
    ]
    assert sorted(drawn) == [("a", "p"), ("p", "s"), ("s", "e")]
    dots = [b.node.name for b in picture.diagram.boxes if frame[f"{b.key}.mark"] == "● "]
    assert sorted(dots) == ["a", "e", "p", "s"]
    assert "a → p → s → e" in frame["svg@aria-label"]
    assert not any("ag-paths" in frame[f"{box.key}@class"] for box in picture.diagram.boxes)


def test_many_paths_are_counted_and_the_first_can_be_chosen() -> None:
    aside = choose_path(ag.draw(doublings(30)[1]), "x")
    assert aside.title == "1,073,741,824 paths from x to y = v30" or "10^9" in aside.title
    assert len(aside.choices) == LISTED
    assert "more paths" in aside.tables[0].rows[LISTED][1][0]


def test_arrays_on_the_way_are_refused_with_what_to_write() -> None:
    w = Tensor([1.0, 2.0], name="w")
    y = (w * w).sum()
    aside = choose_path(ag.draw(y), "w[1]")
    assert "array of shape (2,)" in aside.title
    assert "ag.Stepper(ag.ComputationGraph(y).scalars())" in aside.title
    assert aside.choices == ()
    taken_apart = choose_path(ag.draw(ComputationGraph(y).scalars()), "w[1]")
    assert taken_apart.title.startswith("2 paths from w[1]")


def test_another_seed_has_no_paths() -> None:
    assert "seed" in choose_path(ag.draw(puzzle()[2], gradient=3.0), "a").title


def test_a_closed_scope_hides_edges_and_the_path_goes_through() -> None:
    x = Tensor(2.0, name="x")
    with ag.scope("inside"):
        y = ag.sin(x * x)
    y = y + x
    picture = ag.draw(y, closed=["inside"])
    aside = choose_path(picture, "x")
    for chosen in range(3):
        assert AsidePicture(picture, aside, chosen).svg()
    assert AsidePicture(picture, aside, 1).svg() != AsidePicture(picture, aside, 0).svg()


def test_a_kept_picture_is_the_same_every_time_and_says_what_it_shows() -> None:
    picture = ag.draw(puzzle()[2])
    aside = choose_path(picture, "a")
    one, other = (AsidePicture(picture, aside, 1)._repr_mimebundle_() for _ in range(2))
    assert one == other
    assert one["text/plain"].splitlines()[0] == "3 paths from a to e = v4"
    assert "their sum" in one["text/html"]
    assert 'alt="Computation graph: e' in one["text/html"]


def test_names_are_text() -> None:
    with np.errstate(all="ignore"):
        x = Tensor(2.0, name="<b>&")
        picture = ag.draw(x * x)
    html = AsidePicture(picture, choose_path(picture, "<b>&"))._repr_mimebundle_()["text/html"]
    assert "<b>" not in html
