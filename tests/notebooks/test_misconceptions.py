"""What learners believe and is not so: each belief is met by a cell to run, to change, or to play.

A belief has a home: a lesson, and cells of it, known by a piece of their code. Where a check asks,
the answer of somebody who believes it gets a sentence that names it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State

from .lesson import LESSONS


class OwnInput(ag.Operation):
    """exp whose rule takes x for the local gradient."""

    def forward(self, x: Any) -> Any:
        return np.exp(x)

    def backward(self, dz: Any) -> Any:
        return dz * self.inputs[0]


@dataclass(frozen=True)
class Belief:
    """Where a belief is met: code of the cells, and (check, believer's answer, what is said)."""

    words: str
    lesson: str
    cells: tuple[str, ...]
    told: tuple[tuple[str, Any, str], ...]


BELIEFS = (
    Belief(
        "the last path overwrites the others", "03", ("add = False", "def f_backward"),
        (("03.rule", lambda a, b: ((a + b) * b, (a + b) * a), "have overwritten the paths"),),
    ),
    Belief(
        "any backward order works", "03", ('permutations(["e", "s", "p"])',),
        (("03.order", ["e", "p", "s"], "gives ∂e/∂a = 6"),),
    ),
    Belief(
        "walking every path is the same thing", "03", ("walk(y)", "ag.paths(y, x)"),
        (("03.visits", 4.0, "number of boxes"),),
    ),
    Belief(
        "add and max split the gradient in half, multiply favours the big input", "02",
        ('ag.GateBench("add"',),
        (
            ("02.add", {"x": 0.3, "y": 0.3}, "splits the gradient in half"),
            ("02.max", {"x": 0.35, "y": 0.35}, "splits the gradient"),
            ("02.multiply", {"x": 0.01, "y": 100}, "the big input gets the big gradient"),
        ),
    ),
    Belief(
        "the derivative of exp needs x, not the output", "05", ("class SwappedExp",),
        (("05.exp.rule", OwnInput, "x itself is taken for the local gradient"),),
    ),
    Belief(
        "a gradient is reset by itself", "08", ("three_steps(zero=False)", "ag.TrainingLoop()"),
        (("08.forgotten", {"second": 1.66, "third": 1.666}, "backward adds"),),
    ),
    Belief(
        "the backward pass starts from the value of the loss", "01", ("in (y, y + 5)",),
        (("01.quiz.1", "a", "belongs to the forward pass"), ("01.quiz.2", "d", "Its seed")),
    ),
    Belief(
        "the backward of a matrix product needs the inverse", "06", ("my_tiles",),
        (
            ("06.tiles.weights", ["inv(a2)", "dz3"], "only a square matrix has an inverse"),
            ("06.quiz.1", "a", "does not undo"),
        ),
    ),
    Belief(
        "broadcasting has no backward", "06", ("ag.stack(rows)", "(dz3.sum(axis=0), dz3)"),
        (("06.bias", 0.0, "b2 has a gradient"), ("06.quiz.2", "c", "moves J")),
    ),
    Belief(
        "backpropagation is gradient descent", "08", ("ag.TrainingLoop()",),
        (("08.moves", "a", "That is the step"), ("08.moves", "d", "Only the gradients")),
    ),
    Belief(
        "gradients vanish because weights are small", "09", ("ag.GradientFlow(", "links(w, b)"),
        (("09.large", "b", "no factor"), ("09.quiz.1", "a", "as large as you like")),
    ),
    Belief(
        "a smaller h is always better", "04", ("1 + 1e-16 == 1", 'sliders={"exponent"'),
        (("04.best", 16, "as if smaller were always better"),),
    ),
    Belief(
        "n parameters need n backward passes", "04", ("for inputs, outputs in",),
        (("04.sweeps", 15_052_800, "a sweep for each weight"),),
    ),
    Belief(
        "automatic differentiation is numeric, or symbolic", "04", ("way.__name__",),
        (("04.quiz.1", "a", "numeric differentiation"), ("04.quiz.1", "b", "That is symbolic")),
    ),
    Belief(
        "the backward pass needs no forward values", "05", ("layer.x = None",),
        (("05.keep", "a", "dz alone says nothing"),),
    ),
    Belief(
        "a dead ReLU recovers when it is trained longer", "09",
        ('sliders={"b": (-6, 6)}', "unit(activation, -5.0, steps)"),
        (("09.quiz.2", "a", "adds exactly 0"),),
    ),
)  # fmt: skip
each = pytest.mark.parametrize("belief", BELIEFS, ids=lambda belief: belief.words)


def test_all_sixteen_are_met() -> None:
    assert len({belief.words for belief in BELIEFS}) == 16


@each
def test_there_is_a_cell_for_it(belief: Belief) -> None:
    (lesson,) = (one for one in LESSONS if one.number == belief.lesson)
    for piece in belief.cells:
        assert any(piece in cell for cell in lesson.code), piece


@each
def test_who_believes_it_is_told(belief: Belief) -> None:
    (lesson,) = (one for one in LESSONS if one.number == belief.lesson)
    for key, answer, sentence in belief.told:
        assert key in lesson.checks
        verdict = EXERCISES[key].judge(answer)
        assert verdict.state is State.NOT_YET
        assert sentence in verdict.message, verdict.message
        # Not the sentence for what nobody foresaw.
        assert "gives a hint" not in verdict.message
