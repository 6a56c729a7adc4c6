"""The check of a layer: what learners may hand in, and what they are told."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State
from autograd_lite.lessons.own_layer import NO_PARAMETERS

RESIDUAL = EXERCISES["10.residual.rule"]


class Right(ag.nn.Module):
    """The solution, with names and order of a learner's own."""

    def __init__(self, width: int) -> None:
        self.b = ag.Tensor(np.zeros(width))
        self.W = ag.Tensor(np.zeros((width, width)))

    def forward(self, x: Any) -> Any:
        return np.tanh(x @ self.W + self.b) + x


class Anew(ag.nn.Module):
    def __init__(self, width: int) -> None:
        self.width = width

    def forward(self, x: Any) -> Any:
        return x + np.tanh(ag.nn.Linear(self.width, self.width)(x))


class Array(ag.nn.Module):
    def __init__(self, width: int) -> None:
        self.linear = ag.nn.Linear(width, width)

    def forward(self, x: Any) -> Any:
        return x.data


class Broken(Array):
    def forward(self, x: Any) -> Any:
        return x @ np.ones(7)


def test_weights_may_have_other_names_in_another_order() -> None:
    assert RESIDUAL.judge(Right).state is State.RIGHT


class NoBias(Array):
    def __init__(self, width: int) -> None:
        self.linear = ag.nn.Linear(width, width, bias=False)

    def forward(self, x: Any) -> Any:
        return x + np.tanh(self.linear(x))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Anew, NO_PARAMETERS),
        (NoBias, "Found are 1 tensors with weights, expected 2"),
        (Right(3), "Hand in the class itself"),
        (dict, "class Residual(ag.nn.Module):"),
        (Array, "expected the Tensor"),
        (Broken, "Residual stopped with ValueError"),
    ],
)
def test_what_is_no_layer_is_said(answer: Any, message: str) -> None:
    verdict = RESIDUAL.judge(answer)
    assert verdict.state is State.NOT_YET
    assert message in verdict.message


def test_the_first_weights_of_a_learner_do_not_matter() -> None:
    class Seeded(Right):
        def __init__(self, width: int) -> None:
            super().__init__(width)
            self.W = ag.Tensor(np.random.default_rng(5).normal(size=(width, width)))

    assert RESIDUAL.judge(Seeded).state is State.RIGHT
