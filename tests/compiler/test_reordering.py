"""Passes of a training step: nearly the same numbers, and only where BLAS and NumPy are faster."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor, optim
from autograd_lite.compiler.passes import PASSES, REORDERING, optimised
from autograd_lite.compiler.reordering import merge_factors, merge_signs, sum_by_products
from autograd_lite.compiler.trace import trace
from tests.compiler.graphs import TAME, Graph, as_lies, assert_same_bits, graphs
from tests.compiler.programs import fixed, names, results, written

RANDOM = np.random.default_rng(2)
X = RANDOM.normal(size=(4, 5))
NO_BIT_CHANGES = ("single numbers", "rows repeated first")
TOLERANCE = {np.dtype(np.float64): 1e-12, np.dtype(np.float32): 1e-5}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    ("function", "after"),
    [
        (lambda x: np.sum(x, axis=0), ["np.dot"]),
        (lambda x: np.sum(x, axis=1), ["np.dot"]),
        (lambda x: np.sum(x, axis=-1, keepdims=True), ["np.dot"]),
        (lambda x: np.sum(x, axis=0, keepdims=True), ["np.add.reduce"]),
        (lambda x: np.sum(x), ["np.add.reduce"]),
        (lambda x: np.sum(x.T, axis=0), ["np.transpose", "np.add.reduce"]),
        (lambda x: np.sum(x, axis=(0, 1)), ["np.add.reduce"]),
        (lambda x: np.max(x, axis=0), ["np.maximum.reduce"]),
        (lambda x: np.sum(x[0], axis=0), ["[]", "np.add.reduce"]),
    ],
)
def test_sums_of_matrices_are_products(
    function: Callable[..., Any], after: list[str], dtype: Any
) -> None:
    x = X.astype(dtype)
    program = written(function, x)
    faster = sum_by_products(program)
    assert names(faster) == after
    (ours,), (theirs,) = results(faster, x), results(program, x)
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE[x.dtype], atol=TOLERANCE[x.dtype])


@pytest.mark.parametrize("factor", [lambda x: x, np.sin])
def test_a_sum_of_products_is_one_product(factor: Any) -> None:
    program = written(lambda x: np.sum(x * factor(x)), X)
    faster = sum_by_products(program)
    assert names(faster)[-1] == "np.dot"
    np.testing.assert_allclose(results(faster, X)[0], (X * factor(X)).sum(), rtol=1e-13)


def test_a_sum_of_products_with_repeated_rows_is_left_alone() -> None:
    program = written(lambda x: np.sum(x * x[0]), X)
    assert names(sum_by_products(program)) == names(program)


@pytest.mark.parametrize("dtype", [np.int64, np.float16, np.bool_])
def test_other_kinds_are_added_as_they_were(dtype: Any) -> None:
    x = (X > 0).astype(dtype)
    program = written(lambda x: np.sum(x, axis=0), x)
    assert names(sum_by_products(program)) == names(program)


def test_an_empty_sum_is_left_alone() -> None:
    program = written(lambda x: np.sum(x, axis=0), np.ones((0, 3)))
    assert names(sum_by_products(program)) == names(program)


def test_constant_factors_are_merged() -> None:
    half, third = fixed(np.float64(0.5)), fixed(np.float64(1 / 3))
    program = written(lambda x: half(x) * (x * third(x)), X)
    merged = PASSES["dead calls"](merge_factors(program))
    assert len(merged) == 1
    np.testing.assert_allclose(results(merged, X)[0], results(program, X)[0], rtol=1e-15)


def test_a_factor_that_widens_stays_where_it_is() -> None:
    x = X.astype(np.float32)
    wide, narrow = fixed(np.float64(0.1)), fixed(np.float32(0.1))
    for function in (lambda t: narrow(t) * (t * wide(t)), lambda t: wide(t) * (t * narrow(t))):
        program = written(function, x)
        assert_same_bits(results(merge_factors(program), x)[0], results(program, x)[0])


def test_a_sign_less_in_the_sigmoid_alone() -> None:
    def sigmoid(x: Any) -> Any:
        return np.exp(-np.logaddexp(0.0, -x))

    def logarithm(x: Any) -> Any:
        return -np.logaddexp(0.0, -x)

    def both(x: Any) -> Any:
        y = logarithm(x)
        return np.exp(y) + y

    x = np.array([-1000.0, -40.0, -1.0, -0.0, 0.0, 1.0, 40.0, 1000.0, -np.inf])
    program = written(sigmoid, x)
    merged = PASSES["dead calls"](merge_signs(program))
    assert names(merged) == ["np.logaddexp", "np.subtract", "np.exp"]
    np.testing.assert_allclose(results(merged, x)[0], results(program, x)[0], rtol=1e-14)
    for function in (logarithm, both):
        program = written(function, x)
        assert names(merge_signs(program)) == names(program)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("height", [5.0, 10.0, 20.0, 40.0])
def test_the_loss_of_a_sure_classifier_keeps_its_digits(height: float, dtype: Any) -> None:
    w = Tensor(np.full(3, height, dtype), name="w")
    y = -((-ag.softplus(-w)).mean())
    step = ComputationGraph(y).compile().training_step(optim.SGD([w], lr=0.0))
    np.testing.assert_allclose(step(), y.item(), rtol=TOLERANCE[w.dtype])


@pytest.mark.parametrize("name", REORDERING)
@given(graph=graphs(pool=TAME), other=st.lists(st.sampled_from(TAME), min_size=6, max_size=6))
def test_each_gives_nearly_the_same(name: str, graph: Graph, other: list[float]) -> None:
    with np.errstate(all="ignore"):
        program, _ = trace(ComputationGraph(graph.run(graph.leaves)[1]))
        program = optimised(program)
        values = [
            as_lies(np.resize(np.array(other), leaf.shape), leaf) for leaf in graph.leaves
        ]  # fmt: skip
        named = graph.named(values)
        seed = [] if program.seed is None else [program.seed.array * 0.5]
        arrays = [named[leaf.label] for leaf in program.inputs if leaf is not program.seed]
        after = REORDERING[name](program)
        both = (results(p, *arrays, *seed) for p in (after, program))
        for ours, theirs in zip(*both, strict=True):
            assert np.shape(ours) == np.shape(theirs)
            assert np.asarray(ours).dtype == np.asarray(theirs).dtype
            if name in NO_BIT_CHANGES:
                assert_same_bits(ours, theirs)
            finite = np.isfinite(theirs)
            tolerance = 1e-10 if np.asarray(theirs).dtype == np.float64 else 1e-3
            scale = np.abs(np.where(finite, theirs, 0.0)).max(initial=1.0)
            assert (np.abs(np.subtract(ours, theirs))[finite] <= tolerance * scale).all()


def test_factors_that_vanish_together_stay_apart() -> None:
    x = ag.Tensor(np.array([1e300, 2e300]), name="x")
    y = (1e-200 * (1e-200 * x)).sum()
    step = ag.ComputationGraph(y).compile().training_step(ag.optim.SGD([x], lr=0.0))
    assert step() == pytest.approx(y.item(), rel=1e-12, abs=0.0)
