"""A covered picture tells no covered number, nor anything that follows from it."""

import re
from base64 import b64decode
from html import unescape

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from autograd_lite.views.covered import GRADIENT, VALUE, CoveredPicture, Number, numbers_of
from autograd_lite.views.number import format_number
from tests.strategies import Program, programs, same_every_run


def worked_example() -> CoveredPicture:
    """y = x1·x2 + sin(x1) with numbers that are all different."""
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    product = x1 * x2
    sine = np.sin(x1)
    product.name, sine.name = "p", "s"
    return CoveredPicture(ComputationGraph(product + sine))


def number(picture: CoveredPicture, words: str) -> Number:
    kind, _, name = words.partition(" of ")
    nodes = [node for node in picture.graph.nodes if picture.name(node) == name]
    return Number(nodes[0], kind)


def all_text(picture: CoveredPicture) -> str:
    """Everything that the picture tells: drawing, alternative text, tables."""
    bundle = picture._repr_mimebundle_()
    inside = re.findall(r"base64,([\w+/=]+)", bundle["text/html"])
    drawings = [b64decode(data).decode() for data in inside]
    return unescape("\n".join([*bundle.values(), *drawings, picture.svg(), picture.alt]))


def test_what_is_covered_is_a_question_mark_and_the_pass_stops_before_it() -> None:
    picture = worked_example()
    picture.cover([number(picture, "gradient of x1")], {})
    state = picture.frame()
    assert state["v0.grad"] == "◂ ∇ ?"
    assert state["v2.grad"] == "◂ ∇ 1.0000"
    assert state["v1.grad"] == ""  # it would come after x1's first arrow
    assert state["v0.badge"] == ""
    assert "−0.4161" not in all_text(picture)
    assert picture.alt.endswith("Asked: gradient of x1.")
    assert picture._repr_mimebundle_()["text/plain"].endswith("\nAsked: gradient of x1.")
    assert state["svg@aria-label"].endswith("Asked: gradient of x1.")


def test_what_is_told_early_has_its_mark_and_the_pass_waits() -> None:
    picture = worked_example()
    hidden, told = number(picture, "gradient of p"), number(picture, "gradient of x2")
    picture.cover([hidden], {told: " ✓"})
    state = picture.frame()
    assert state["v1.grad"] == "◂ ∇ 2.0000 ✓"
    assert state["v2.grad"] == "◂ ∇ ?"
    assert picture.trace.steps[picture.step].phase == "seed"


def test_a_sum_that_is_told_before_its_last_arrow_has_no_count_of_arrows() -> None:
    picture = worked_example()
    x1, x2 = number(picture, "gradient of x1"), number(picture, "gradient of x2")
    picture.cover([x2], {x1: " ✓"})
    state = picture.frame()
    assert state["v0.grad"] == "◂ ∇ 2.5839 ✓"
    assert state["v0.badge"] == ""
    assert "ag-paths" not in state["v0@class"]
    picture.cover([], {x1: " ✓"})
    assert picture.frame()["v0.badge"] == "2 of 2 arrows"


def test_with_nothing_covered_it_is_the_finished_picture() -> None:
    picture = worked_example()
    whole = ag.draw(picture.graph)
    assert picture.svg() == whole.svg()
    assert picture.alt == whole.alt


def test_the_values_of_inputs_are_there_from_the_start() -> None:
    x = Tensor(2.0, name="x")
    late = Tensor(np.array([1.0, -2.0]), name="w")
    sine = np.sin(x)
    sine.name = "s"
    picture = CoveredPicture(ComputationGraph(sine + late.sum()))
    picture.cover([number(picture, "value of s")], {})
    state = picture.frame()
    key = picture.diagram.box_of[number(picture, "value of w").node].key
    assert state[f"{key}.value"] == "▸ (2,)"
    assert state[f"{key}.value-filled@d"]
    assert state[f"{key}.grad"] == ""


def test_an_explanation_is_the_sum_of_all_arrows() -> None:
    picture = worked_example()
    told = picture.explanation(number(picture, "gradient of x1"))
    assert told is not None
    assert told.text == (
        "∂y/∂x1 = ∂y/∂s · ∂s/∂x1 + ∂y/∂p · ∂p/∂x1 = 1.0000 · (−0.4161) + 1.0000 · 3.0000 = 2.5839"
    )
    assert told.local == "∂s/∂x1 = cos(x1), ∂p/∂x1 = x2"


@pytest.mark.parametrize(
    ("covered", "told"),
    [
        ("gradient of x2", True),
        ("gradient of x1", False),
        ("gradient of p", False),
        ("gradient of s", False),
        ("value of s", False),
        ("value of y", True),
    ],
)
def test_an_explanation_waits_for_what_stands_in_it(covered: str, told: bool) -> None:
    picture = worked_example()
    picture.cover([number(picture, covered)], {})
    assert (picture.explanation(number(picture, "gradient of x1")) is not None) == told


def test_the_output_is_called_as_in_the_picture() -> None:
    picture = worked_example()
    assert picture.words(Number(picture.graph.output, VALUE)) == "value of y"
    seeded = CoveredPicture(picture.graph, gradient=0.5)
    assert seeded.words(Number(seeded.graph.output, GRADIENT)) == "gradient of v4"


@same_every_run
@given(programs(), st.data())
def test_no_covered_number_is_told_anywhere(program: Program, data: st.DataObject) -> None:
    _, output = program.record()
    assume(output.requires_grad)
    picture = CoveredPicture(ComputationGraph(output))
    steps = picture.trace.steps
    every = sorted({n for step in steps for n in numbers_of(step)}, key=picture.words)
    can = [n for n in every if n.kind == GRADIENT or n.node.operation is not None]
    covered = data.draw(st.lists(st.sampled_from(can), unique=True, min_size=1))
    picture.cover(covered, {})
    told = [s for s in steps if s.index <= picture.step]
    assert not {n for step in told for n in numbers_of(step)} & set(covered)
    # What a number looks like may also be said of another one that is given.
    given_too = {format_number(picture.read(n)) for step in told for n in numbers_of(step)}
    given_too |= {format_number(n._data) for n in picture.graph.nodes if n.operation is None}
    given_too |= {format_number(c.local) for step in told for c in step.contributions}
    given_too |= {format_number(c.value) for step in told for c in step.contributions}
    text = all_text(picture)
    for one in covered:
        digits = format_number(picture.read(one))
        if not any(digits.strip("−") in other for other in given_too):
            assert digits not in text, picture.words(one)
