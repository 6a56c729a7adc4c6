"""Tiles: every pair that can be laid, held against shapes and numbers."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State
from autograd_lite.lessons.tiles import Tiles, tile_value

EVERY = {key: e for key, e in EXERCISES.items() if isinstance(e, Tiles)}
every = pytest.mark.parametrize("exercise", EVERY.values(), ids=EVERY)


def laid(exercise: Tiles, count: int) -> list[tuple[str, ...]]:
    names = [name + turn for name in exercise.arrays() for turn in ("", ".T")]
    return list(product(names, repeat=count))


@every
def test_only_one_pair_of_tiles_has_the_shape_and_it_is_the_right_one(exercise: Tiles) -> None:
    arrays = exercise.arrays()
    fitting = []
    for pair in laid(exercise, 2):
        left, right = (tile_value(tile, arrays) for tile in pair)
        if left.shape[1] == right.shape[0] and (left @ right).shape == arrays[exercise.of].shape:
            fitting.append(pair)
    assert fitting == [exercise.right]


@every
def test_one_pair_of_all_is_right_and_each_other_gets_a_reason(exercise: Tiles) -> None:
    for pair in laid(exercise, 2):
        verdict = exercise.judge(pair)
        assert (verdict.state is State.RIGHT) == (pair == exercise.right)
        assert ": (" in verdict.message  # the shapes are told


@every
def test_the_right_tiles_are_the_gradient_of_the_engine(exercise: Tiles) -> None:
    arrays = exercise.arrays()
    a2, W2 = Tensor(arrays["a2"]), Tensor(arrays["W2"])
    (a2 @ W2).backward(arrays["dz3"])
    left, right = (tile_value(tile, arrays) for tile in exercise.right)
    assert np.allclose({"a2": a2, "W2": W2}[exercise.of].grad, left @ right, rtol=1e-12)


WEIGHTS = EXERCISES["06.tiles.weights"]


@pytest.mark.parametrize(
    "answer",
    [["a2.T", "dz3"], ("a2.T", "dz3"), "a2.T @ dz3", "a2ᵀ·dz3", [" a2.T ", "dz3"]],
)
def test_the_right_tiles_may_be_written_in_several_ways(answer: Any) -> None:
    assert WEIGHTS.judge(answer).state is State.RIGHT


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (["a2", "dz3"], "a2 @ dz3: (4, 3) @ (4, 1) does not fit: the inner numbers, 3 and 4,"),
        (["dz3.T", "a2"], "gives (1, 3). But a gradient has the shape of what it belongs to, and "
         "W2 is (3, 1). That is its transpose: turn both tiles, and swap them."),
        (["a2", "W2"], "gives (4, 1). But a gradient has the shape"),
        (["a2.T", "a2", "W2"], "has the right shape, but dz3 is not in it."),
        (["W2", "dz3.T", "dz3"], "has the right shape and the wrong numbers."),
        (["inv(a2)", "dz3"], "a2 has the shape (4, 3): only a square matrix has an inverse."),
        (["np.linalg.inv(W2)", "dz3"], "W2 has the shape (3, 1): only a square"),
        (["a2⁻¹", "dz3"], "a2 has the shape (4, 3): only a square"),
        (["a2.T"], "A product has at least two tiles, received 1. Write 2 tiles as a list"),
        ([], "A product has at least two tiles, received 0."),
        (["X", "dz3"], "There is no tile 'X'. There are a2, a2.T, W2, W2.T, dz3, dz3.T."),
        ("a2.T dz3", "There is no tile 'a2.T dz3'."),
        (np.ones((3, 1)), "The tiles are asked for, in quotes, not their product (ndarray)."),
        ([np.ones((3, 4)), np.ones((4, 1))], "A tile of type ndarray is not a name."),
        (7, "The tiles are asked for, in quotes, not their product (int)."),
    ],
)  # fmt: skip
def test_what_is_not_right_is_told_in_a_sentence(answer: Any, message: str) -> None:
    verdict = WEIGHTS.judge(answer)
    assert verdict.state is State.NOT_YET
    assert message in verdict.message
