"""Where results are written: nothing is overwritten before its last use."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograd_lite import ComputationGraph
from autograd_lite.compiler.passes import optimised
from autograd_lite.compiler.placement import Buffer, Placement, can_write, find_roots, place
from autograd_lite.compiler.program import VIEWS, Program, Value
from autograd_lite.compiler.trace import trace
from tests.compiler.graphs import Graph, graphs
from tests.compiler.programs import written

X = np.arange(6.0).reshape(2, 3)


def assert_sound(program: Program, placement: Placement, kept: list[Value]) -> None:
    """By going through the calls and noting what each array holds."""
    roots = find_roots(program.calls)
    holds: dict[Buffer, Value] = {}
    for call in program.calls:
        for operand in call.operands:
            root = roots.get(operand, operand)
            if root in placement.buffers:
                assert holds[placement.buffers[root]] is root, "overwritten before it is read"
        buffer = placement.buffers.get(call)
        if buffer is not None:
            assert can_write(call)
            for part in ("shape", "dtype", "strides"):
                assert getattr(buffer.like, part) == getattr(call.array, part)
            read = [placement.buffers.get(roots.get(x, x)) for x in call.operands]
            assert (buffer in read) == (call in placement.in_place)
            if buffer in read:
                assert call.function.ufunc
                direct = [placement.buffers.get(operand) for operand in call.operands]
                assert read.count(buffer) == direct.count(buffer), "a view of what is overwritten"
            holds[buffer] = call
    for value in kept:
        root = roots.get(value, value)
        if root in placement.buffers:
            assert holds[placement.buffers[root]] is root, "overwritten before backward"
    for value in program.results:
        assert roots.get(value, value) not in placement.buffers, "the caller would have it too"
    for call in placement.fixed:
        assert call.function.name in VIEWS
        assert np.shares_memory(call.array, roots[call].array)


@given(graphs(), st.booleans(), st.data())
def test_nothing_is_overwritten_before_its_last_use(
    graph: Graph, passes: bool, data: st.DataObject
) -> None:
    with np.errstate(all="ignore"):
        program, _ = trace(ComputationGraph(graph.run(graph.leaves)[1]))
        program = optimised(program) if passes else program
    kept = [call for call in program.calls if data.draw(st.booleans())]
    assert_sound(program, place(program, kept), kept)


def chain(x: Any) -> Any:
    for _ in range(4):
        x = np.sin(x)
    return x + 1.0


def test_a_chain_is_written_into_one_array() -> None:
    program = written(chain, X)
    placement = place(program)
    assert len(placement.all_buffers()) == 1
    assert len(placement.in_place) == 3
    kept = list(program.calls[:2])
    assert len(place(program, kept).all_buffers()) == 3


def test_an_input_is_never_written_into() -> None:
    program = written(chain, X)
    assert program.inputs[0] not in place(program).buffers


def test_a_sum_is_not_written_over_what_it_adds_up() -> None:
    program = written(lambda x: np.cumsum(np.sin(x), axis=0) + np.sum(np.cos(x), axis=0), X)
    for call in place(program).in_place:
        assert call.function.ufunc


def test_a_view_keeps_its_array() -> None:
    def function(x: Any) -> Any:
        y = np.sin(x)
        view = y.T
        z = np.cos(y) * y  # the last use of y itself
        return z @ view

    program = written(function, X)
    placement = place(program)
    (view,) = [call for call in program.calls if call.function.name == "np.transpose"]
    sine = program.calls[0]
    assert view in placement.fixed
    assert [value for value in placement.buffers[sine].values if value is not sine] == []


def test_a_given_array_is_reused_only_if_it_is_spent() -> None:
    program = written(lambda x: np.sin(x * 2.0) + 1.0, X)
    first, second, _ = program.calls
    given = {first: Buffer(np.empty((2, 3)), "there", [first])}
    lent = place(program, given=given)
    assert lent.buffers[first] is given[first]
    assert lent.buffers[second] is not given[first]
    spent = place(program, given=given, spent=[given[first]])
    assert spent.buffers[second] is given[first]


def test_what_is_a_view_after_a_pass_is_known() -> None:
    """1·x is x, so that its reshape looks at x."""
    program = optimised(written(lambda x: np.reshape(1.0 * np.sin(x), (6,)) * 2.0, X))
    sine, reshaped, _ = program.calls
    assert find_roots(program.calls) == {reshaped: sine}


def test_a_product_of_matrices_is_not_written_over_its_operands() -> None:
    square = np.arange(9.0).reshape(3, 3)

    def function(x: Any) -> Any:
        return np.sin(x) @ np.cos(x) + 1.0

    program = written(function, square)
    placement = place(program)
    assert_sound(program, placement, [])
    product = program.calls[2]
    assert product in placement.buffers
    assert product not in placement.in_place


def test_a_view_of_a_view_keeps_the_array_of_the_first() -> None:
    def function(x: Any) -> Any:
        y = np.sin(x)
        view = y.T[1:].T
        z = np.exp(np.cos(x) * 2.0) + 1.0
        return z[:, 1:] * view

    program = written(function, X)
    sine, first, second, third = program.calls[:4]
    assert find_roots([sine, first, second, third]) == dict.fromkeys((first, second, third), sine)
    placement = place(program)
    assert_sound(program, placement, [])
    assert placement.buffers[sine].values == [sine]
