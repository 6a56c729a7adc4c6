"""A compiled graph gives the numbers of the engine, in arrays that nobody else has."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import autograd_lite as ag
from autograd_lite import ComputationGraph, Operation, Tensor
from tests.compiler.graphs import (
    Graph,
    assert_same_bits,
    eager,
    graphs_and_values,
    seed_for,
)
from tests.ops.samples import SAMPLES


@pytest.fixture(autouse=True)
def silent() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


def assert_like(compiled: Any, value: Any, gradients: Any, expected: Any) -> None:
    of_numbers = compiled._of_numbers
    wanted, slopes = expected
    same = assert_close if of_numbers else assert_same_bits
    same(value, wanted, "value")
    assert gradients.keys() == slopes.keys()
    for name, slope in slopes.items():
        same(gradients[name], slope, name)


def assert_close(ours: Any, theirs: Any, what: str) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, err_msg=what)


@given(graphs_and_values())
def test_any_graph_gives_the_engines_bits(drawn: tuple[Graph, list[list[np.ndarray]]]) -> None:
    graph, more = drawn
    y = graph.run(graph.leaves)[1]
    compiled, seed = ComputationGraph(y).compile(), seed_for(y)
    expected = [eager(graph, arrays) for arrays in more]
    results, seen = [], [*map(np.asarray, more[0]), *map(np.asarray, more[1])]
    for arrays, wanted in zip(more, expected, strict=True):
        named = graph.named(arrays)
        value = compiled.forward(**named)
        for _ in range(2):  # backward may be called again
            gradients = compiled.backward(seed)
            assert_like(compiled, value, gradients, wanted)
            results.append((value, gradients, wanted))
            arrays_of = [np.asarray(g) for g in gradients.values()]
            for array in arrays_of:
                assert not any(np.may_share_memory(array, other) for other in seen)
                seen.append(array)
        assert not any(np.may_share_memory(np.asarray(value), other) for other in seen)
        seen.append(np.asarray(value))
    for value, gradients, wanted in results:  # later calls left them as they were
        assert_like(compiled, value, gradients, wanted)


@given(graphs_and_values())
def test_results_and_inputs_may_be_overwritten(
    drawn: tuple[Graph, list[list[np.ndarray]]],
) -> None:
    graph, (first, second) = drawn
    y = graph.run(graph.leaves)[1]
    compiled, seed = ComputationGraph(y).compile(), seed_for(y)
    wanted = eager(graph, second)
    for arrays in (first, second):
        copies = [np.array(array) for array in arrays]
        value = compiled.forward(**graph.named(copies))
        if arrays is first and isinstance(value, np.ndarray):
            value[...] = 99.0
        gradients = compiled.backward(seed)
        for name, slope in (wanted if arrays is second else eager(graph, first))[1].items():
            assert_close(gradients[name], slope, name)
        if arrays is second:
            for array in copies:
                array[...] = 7.0
            assert_like(compiled, value, gradients, wanted)
        for array in (value, *gradients.values(), *copies):
            if isinstance(array, np.ndarray):
                array[...] = 99.0


@given(graphs_and_values())
def test_every_stage_of_the_program_gives_the_same_bits(
    drawn: tuple[Graph, list[list[np.ndarray]]],
) -> None:
    graph, more = drawn
    y = graph.run(graph.leaves)[1]
    compiled, seed = ComputationGraph(y).compile(), seed_for(y)
    named = graph.named(more[0])
    outcomes = []
    for name, program in compiled.passes:
        if name == "Python numbers":  # other last bits
            continue
        arrays = {leaf: named[leaf.label] for leaf in program.inputs if leaf is not program.seed}
        if program.seed is not None:
            arrays[program.seed] = seed
        values = program.run(arrays)
        outcomes.append([evaluated(result, values) for result in program.results])
    for outcome in outcomes:
        for ours, theirs in zip(outcome, outcomes[0], strict=True):
            assert_same_bits(ours, theirs)


def evaluated(result: Any, values: Any) -> Any:
    return values.get(result, result.array)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", sorted({name for name, _ in SAMPLES}))
def test_every_operation_of_the_table(name: str, dtype: Any) -> None:
    for sample in [sample for other, sample in SAMPLES if other == name]:
        inputs = [[x.astype(dtype) for x in sample.inputs(seed)] for seed in (7, 8)]
        leaves = [Tensor(x, name=f"x{i}") for i, x in enumerate(inputs[0])]
        compiled = ComputationGraph(sample.call(*leaves)).compile()
        for arrays in (*inputs, inputs[0]):
            leaves = [Tensor(x, name=f"x{i}") for i, x in enumerate(arrays)]
            y = sample.call(*leaves)
            seed = seed_for(y)
            y.backward(seed)
            expected = {
                leaf.name: np.zeros_like(leaf._data) if leaf.grad is None else leaf.grad
                for leaf in leaves
            }
            value = compiled.forward(**{f"x{i}": x for i, x in enumerate(arrays)})
            assert_like(compiled, value, compiled.backward(seed), (y._data, expected))


def test_a_view_of_an_input_is_copied_before_it_is_returned() -> None:
    x = Tensor(np.arange(6.0).reshape(2, 3), name="x")
    compiled = ComputationGraph((1.0 * x).reshape(3, 2)).compile()
    given = np.ones((2, 3))
    value = compiled.forward(x=given)
    given[...] = 5.0
    assert (value == 1.0).all()


def test_an_input_that_lies_otherwise_than_the_recorded_one_is_copied_too() -> None:
    x = Tensor(np.asfortranarray(np.ones((2, 3))), name="x")
    compiled = ComputationGraph(x.reshape(6)).compile()
    given = np.ones((2, 3))
    value = compiled.forward(x=given)
    given[...] = 5.0
    assert (value == 1.0).all()


def test_a_view_by_any_function_is_copied() -> None:
    class Flip(Operation):
        def forward(self, x: Any) -> Any:
            return np.flip(x)

        def backward(self, dz: Any) -> Any:
            return np.flip(dz)

    given, seed = np.arange(3.0), np.arange(3.0)
    compiled = ComputationGraph(Flip()(Tensor(np.ones(3), name="x"))).compile()
    value, gradient = compiled.forward(x=given), compiled.backward(seed)["x"]
    given[...] = seed[...] = 9.0
    assert value.tolist() == gradient.tolist() == [2.0, 1.0, 0.0]
    assert "np.flip" in compiled.source


def test_a_view_of_what_was_computed_twice_is_not_overwritten() -> None:
    """Its array is that of the other one, once both are the same call."""
    x = Tensor(np.arange(6.0).reshape(2, 3) / 7, name="x")

    def function(x: Any) -> Any:
        once, twice = np.sin(x), np.sin(x)
        flat = twice.reshape(6)
        other = np.cos(once * 2.0) * 3.0
        return np.exp(other * other).reshape(6) * flat

    compiled = ComputationGraph(function(x)).compile()
    assert_same_bits(compiled.forward(), function(x).data)


def test_after_a_forward_pass_that_failed_there_is_no_way_back() -> None:
    class Small(ag.Operation):
        def forward(self, x: Any) -> Any:
            if x.max() > 4.0:
                raise ValueError("too large")
            return x * 1.0

        def backward(self, dz: Any) -> Any:
            return dz

    x = ag.Tensor([1.0, 2.0], name="x")
    compiled = ag.ComputationGraph((Small()(x * x) ** 2.0).sum()).compile()
    compiled.forward(x=[1.0, 2.0])
    with pytest.raises(ValueError, match="too large"):
        compiled.forward(x=[5.0, 5.0])
    with pytest.raises(RuntimeError, match="no forward pass"):
        compiled.backward()
