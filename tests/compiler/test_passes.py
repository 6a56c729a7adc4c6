"""Each pass by itself: less to do, and the same numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from autograd_lite import ComputationGraph, Operation, Tensor
from autograd_lite.compiler.passes import (
    PASSES,
    fold_constants,
    optimise,
    remove_dead,
    share_common,
    skip_gradients,
)
from autograd_lite.compiler.program import Constant, Program
from autograd_lite.compiler.trace import trace
from tests.compiler.graphs import Graph, assert_same_bits, graphs_and_values
from tests.compiler.programs import fixed, names, results, written

X = np.array([[0.5, -0.0, np.inf], [np.nan, 5e-324, -3.0]])


def assert_same(one: Program, other: Program, *arrays: Any) -> None:
    for a, b in zip(results(one, *arrays), results(other, *arrays), strict=True):
        assert_same_bits(a, b)


def test_what_depends_on_constants_alone_is_computed_now() -> None:
    def function(x: Any) -> Any:
        c = fixed(np.array([1.0, -0.0, 2.0]))(x)
        return x * np.sin(c * 2.0 + 1.0)

    program = fold_constants(written(function, X))
    assert names(program) == ["np.multiply"]
    assert isinstance(program.calls[0].arguments[1], Constant)
    assert_same(program, written(function, X), X)


def test_repeating_a_constant_is_not_done_ahead() -> None:
    program = written(lambda x: x * np.broadcast_to(fixed(np.float64(2.0))(x), (2, 3)), X)
    assert names(fold_constants(program)) == ["np.broadcast_to", "np.multiply"]


def test_an_operation_that_is_called_as_it_is_is_not_computed_ahead() -> None:
    class Draws(Operation):
        def __init__(self) -> None:
            self.rng = np.random.default_rng(0)

        def forward(self, x: Any) -> Any:
            return x * self.rng.random(x.shape)

        def backward(self, dz: Any) -> Any:
            return 0.0 * dz

    x = Tensor(np.ones(5), name="x")
    noise = Draws()(Tensor(np.ones(5), requires_grad=False))
    compiled = ComputationGraph(x + noise).compile()
    assert not np.array_equal(compiled.forward(), compiled.forward())


SHARED: dict[str, tuple[Callable[[Any], Any], int]] = {
    "the same": (lambda x: np.sin(x) + np.sin(x), 2),
    "turned round": (lambda x: (x * np.cos(x)) + (np.cos(x) * x), 3),
    "not turned round": (lambda x: (x - np.cos(x)) / (np.cos(x) - x), 4),
    "further on": (lambda x: np.exp(np.sin(x)) * np.exp(np.sin(x)), 3),
    "0 and −0": (lambda x: (x / 0.0) * (x / -0.0), 3),
    "1 and 1.0": (lambda x: np.power(x, 2) * np.power(x, 2.0), 3),
    "other axes": (lambda x: np.max(x, axis=0) * np.max(x.T, axis=1), 4),
    "other options": (lambda x: np.sum(x, axis=(0, 1)) * np.sum(x), 3),
    "other indices": (lambda x: x[0:1] * x[1:2], 3),
    "the same index": (lambda x: x[..., ::-1] * x[..., ::-1], 2),
    "other shapes": (lambda x: x.reshape(6).sum() * x.reshape(3, 2).sum(), 5),
    "kinds": (lambda x: x.astype(np.float32) * x.astype(np.float64), 3),
    "larger": (lambda x: np.maximum(x, 0.0) + np.maximum(0.0, x), 3),
    "compared": (lambda x: np.greater(x, 0.5) * x + np.less(0.5, x) * x, 5),
}  # fmt: skip


@pytest.mark.parametrize("what", SHARED)
def test_what_is_computed_twice_is_computed_once(what: str) -> None:
    function, calls = SHARED[what]
    program = written(function, X)
    shared = share_common(program)
    assert len(shared) == calls
    assert_same(shared, program, X)


def test_equal_constants_are_one_and_others_are_not() -> None:
    def function(a: Any, b: Any) -> Callable[[Any], Any]:
        return lambda x: (x * fixed(a)(x)) + (x * fixed(b)(x))

    ones = np.ones(3)
    for a, b, calls in (
        (ones, np.ones(3), 2),
        (ones, np.ones(3, np.float32), 3),
        (ones, np.ones((1, 3)), 3),
        (np.zeros(3), -np.zeros(3), 3),
        (np.float64(2.0), np.float64(2.0), 2),
    ):
        assert len(share_common(written(function(a, b), X))) == calls


def test_what_no_result_depends_on_goes() -> None:
    def function(x: Any) -> Any:
        y = np.sin(x)
        np.exp(np.cos(x))
        return y * 2.0, np.tanh(y)

    program = remove_dead(written(function, X))
    assert names(program) == ["np.sin", "np.multiply", "np.tanh"]
    assert_same(program, written(function, X), X)


def test_a_gradient_that_nobody_wants_is_not_computed() -> None:
    x, w = Tensor(np.ones(3), name="x"), Tensor(np.ones(3), name="w")
    program, _ = trace(ComputationGraph((np.sin(x) * np.exp(w)).sum()))
    wanted = [leaf for leaf in program.inputs if leaf.label == "w"]
    less = remove_dead(skip_gradients(program, wanted))
    assert [leaf.label for leaf in less.gradients] == ["w"]
    assert "np.cos" in names(program)
    assert "np.cos" not in names(less)
    values = dict(zip(program.inputs, ([0.5, 1.0, 2.0], [1.0, 2.0, 3.0]), strict=True))
    values = {leaf: np.array(value) for leaf, value in values.items()}
    (leaf,) = wanted
    assert_same_bits(
        less.run(values)[less.gradients[leaf]], program.run(values)[program.gradients[leaf]]
    )


@pytest.mark.parametrize("name", PASSES)
@given(drawn=graphs_and_values())
def test_a_pass_by_itself_gives_the_same_bits(
    name: str, drawn: tuple[Graph, list[list[np.ndarray]]]
) -> None:
    graph, (values, _) = drawn
    with np.errstate(all="ignore"):
        program, _ = trace(ComputationGraph(graph.run(graph.leaves)[1]))
        named = graph.named(values)
        seed = [] if program.seed is None else [program.seed.array * 0.5]
        arrays = [named[leaf.label] for leaf in program.inputs if leaf is not program.seed]
        after = PASSES[name](program)
        assert len(after) <= len(program)
        assert_same(after, program, *arrays, *seed)


@given(graphs_and_values())
def test_the_passes_come_to_an_end_and_leave_nothing_to_do(
    drawn: tuple[Graph, list[list[np.ndarray]]],
) -> None:
    with np.errstate(all="ignore"):
        program, _ = trace(ComputationGraph(drawn[0].run(drawn[0].leaves)[1]))
        for reorder in (False, True):
            stages = optimise(program, reorder)
            assert len(stages) < 60
            if stages:
                assert optimise(stages[-1][1], reorder) == []
