"""Gradients: right on random graphs, whose they are, and on graphs of any depth."""

import gc
import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given

import autograd_lite as ag
from autograd_lite import ComputationGraph, Operation, Tensor
from tests.naive import SLOPES, VALUE
from tests.strategies import Program, numeric_gradient, programs, same_every_run

# The naive way: walk every path from the output to a leaf, and add up the products of the
# slopes on the way.


def paths(program: Program, values: list[float], place: int, leaf: int) -> list[float]:
    """The product of slopes along every path from the value at `place` back to the leaf."""
    if place == leaf:
        return [1.0]
    if place < len(program.leaves):
        return []
    name, places = program.lines[place - len(program.leaves)]
    slopes = SLOPES[name](*(values[i] for i in places))
    return [
        slope * product
        for slope, i in zip(slopes, places, strict=True)
        for product in paths(program, values, i, leaf)
    ]


@same_every_run
@given(programs())
def test_gradients_are_the_sum_over_all_paths(program: Program) -> None:
    values = program.run(program.leaves, lambda name, *inputs: VALUE[name](*inputs))
    assume(all(abs(value) < 1e6 for value in values))
    leaves, output = program.record()
    output.backward()
    assert output.item() == pytest.approx(values[-1], rel=1e-12, abs=1e-12)
    for i, leaf in enumerate(leaves):
        products = paths(program, values, len(values) - 1, i)
        if not products:
            assert leaf.grad is None
            continue
        size = sum(map(abs, products))  # terms may cancel
        assert leaf.grad == pytest.approx(math.fsum(products), abs=1e-12 * size + 1e-300)


@same_every_run
@given(programs(kinks=False))
def test_gradients_are_what_nudging_the_inputs_finds(program: Program) -> None:
    def value(*leaves: Any) -> float:
        return program.run(leaves, lambda name, *inputs: VALUE[name](*map(float, inputs)))[-1]

    values = program.run(program.leaves, lambda name, *inputs: VALUE[name](*inputs))
    assume(all(abs(value) < 20.0 for value in values))
    leaves, output = program.record()
    output.backward()
    inputs = [np.asarray(leaf) for leaf in program.leaves]
    for i, leaf in enumerate(leaves):
        expected = numeric_gradient(value, inputs, i)
        gradient = 0.0 if leaf.grad is None else leaf.grad
        np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-4)


# The first lesson, number by number.


def test_the_worked_example_is_exact() -> None:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    product = x1 * x2
    sine = np.sin(x1)
    y = product + sine
    nodes = (x1, x2, product, sine, y)
    assert [f"{node.item():.4f}" for node in nodes] == [
        "2.0000", "3.0000", "6.0000", "0.9093", "6.9093",
    ]  # fmt: skip
    assert all(node.grad is None for node in nodes)
    y.backward()
    assert [f"{node.grad:.4f}" for node in reversed(nodes)] == [
        "1.0000", "1.0000", "1.0000", "2.0000", "2.5839",
    ]  # fmt: skip
    assert y.item() == pytest.approx(6.0 + math.sin(2.0), rel=1e-15)
    assert x1.grad == pytest.approx(3.0 + math.cos(2.0), rel=1e-15)


def test_the_wrong_order_is_not_taken() -> None:
    a, b = Tensor(2.0), Tensor(-3.0)
    d = a * b
    (d * (d + a)).backward()
    assert a.grad == 24.0


# Gradients: when they are there, and whose they are.


def test_a_square_has_two_edges() -> None:
    x = Tensor(3.0)
    y = x * x
    y.backward()
    assert y.inputs == (x, x)
    assert x.grad == 6.0


def test_leaves_accumulate_and_inner_nodes_start_afresh() -> None:
    x = Tensor([1.0, 2.0])
    h = x * x
    y = h.sum()
    for times in (1.0, 2.0, 3.0):
        y.backward()
        np.testing.assert_array_equal(x.grad, times * np.array([2.0, 4.0]))
        np.testing.assert_array_equal(h.grad, [1.0, 1.0])
        assert y.grad == 1.0
    x.grad = None
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_a_leaf_adds_up_over_different_graphs() -> None:
    x = Tensor(3.0)
    (x * 2.0).backward()
    (x * 5.0).backward()
    assert x.grad == 7.0


def test_a_leaf_can_be_the_output() -> None:
    x = Tensor(3.0)
    x.backward()
    assert x.grad == 1.0


def test_what_is_not_reached_keeps_none() -> None:
    x, c, unused = Tensor(2.0), Tensor(3.0, requires_grad=False), Tensor(4.0)
    side = x * unused
    (x * c).backward()
    assert (c.grad, unused.grad, side.grad) == (None, None, None)


def test_every_gradient_is_an_array_of_its_own() -> None:
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    y = a + b
    seed = np.ones(2)
    y.backward(seed)
    gradients = [a.grad, b.grad, y.grad]
    for gradient in gradients:
        assert gradient is not None
        assert gradient.flags.writeable
        assert gradient.flags.owndata
        assert not np.shares_memory(gradient, seed)
    a.grad *= 100.0
    seed[:] = 7.0
    np.testing.assert_array_equal(b.grad, [1.0, 1.0])
    np.testing.assert_array_equal(y.grad, [1.0, 1.0])


def test_the_gradient_of_a_number_is_a_writeable_array_too() -> None:
    x = Tensor(2.0)
    (x * x).backward()
    assert type(x.grad) is np.ndarray
    x.grad[...] = 0.0
    assert x.grad == 0.0


def test_accumulating_does_not_write_into_an_array_handed_out_before() -> None:
    x = Tensor([1.0])
    x.sum().backward()
    before = x.grad
    x.sum().backward()
    np.testing.assert_array_equal(before, [1.0])
    np.testing.assert_array_equal(x.grad, [2.0])


def test_a_leaf_of_another_shape_forgets_the_old_gradient() -> None:
    x = Tensor([1.0, 2.0], name="x")
    (x * x).sum().backward()
    x.data = [5.0]
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [10.0])


def test_a_gradient_that_does_not_fit_leaves_every_gradient_as_it_was() -> None:
    w, x = Tensor([1.0, 2.0], name="w"), Tensor([1.0, 2.0], name="x")
    y = (w * x).sum()
    w.grad, x.grad = np.zeros(2), np.zeros(3)
    with pytest.raises(ValueError, match=r"'x'.*\(3,\).*\(2,\)"):
        y.backward()
    np.testing.assert_array_equal(w.grad, [0.0, 0.0])
    assert y.grad is None


def test_a_constant_gets_no_gradient_and_a_detached_value_passes_none() -> None:
    x = Tensor(3.0, name="x")
    y = x * x.detach()
    y.backward()
    assert x.grad == 3.0
    assert not x.detach().requires_grad
    assert x.detach().name == "x"


# Seeds.


def test_a_seed_may_be_a_tensor() -> None:
    x = Tensor([1.0, 2.0])
    (x * x).backward(Tensor([10.0, 100.0]))
    np.testing.assert_array_equal(x.grad, [20.0, 400.0])


def test_a_seed_weighs_the_outputs() -> None:
    x = Tensor([1.0, 2.0])
    (x * x).backward([10.0, 100.0])
    np.testing.assert_array_equal(x.grad, [20.0, 400.0])


def test_one_element_of_any_shape_needs_no_seed() -> None:
    x = Tensor([[3.0]])
    (x * x).backward()
    np.testing.assert_array_equal(x.grad, [[6.0]])


def test_several_outputs_need_a_seed() -> None:
    x = Tensor([1.0, 2.0], name="x")
    y = x * 2.0
    with pytest.raises(ValueError, match=r"Multiply of shape \(2,\) needs a seed.*\.sum\(\)"):
        y.backward()
    assert x.grad is None


@pytest.mark.parametrize("seed", [1.0, [1.0], [[1.0, 1.0]], [1.0] * 3], ids=str)
def test_a_seed_of_another_shape_is_refused(seed: Any) -> None:
    x = Tensor([1.0, 2.0])
    with pytest.raises(ValueError, match=r"received a seed of shape .*expected the shape \(2,\)"):
        (x * 2.0).backward(seed)
    assert x.grad is None


def test_an_output_of_constants_has_no_gradient_to_send() -> None:
    y = Tensor(1.0, requires_grad=False) * 2.0
    with pytest.raises(ValueError, match=r"depends on no variable.*Tensor\(value\)"):
        y.backward()


def test_a_gradient_that_a_rule_made_is_handed_on_and_one_that_it_keeps_is_copied() -> None:
    made: list[Any] = []

    class Double(Operation):
        def __init__(self, keeps: bool) -> None:
            self.keeps = keeps

        def forward(self, x: Any) -> Any:
            return 2.0 * x

        def backward(self, dz: Any) -> Any:
            dx = 2.0 * dz
            made.append(dx if self.keeps else id(dx))
            return dx

    x, w = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    (Double(keeps=False)(x) * 3.0).sum().backward()
    (Double(keeps=True)(w) * 3.0).sum().backward()
    assert id(x.grad) == made[0]
    assert w.grad is not made[1]
    np.testing.assert_array_equal(x.grad, [6.0, 6.0])
    np.testing.assert_array_equal(w.grad, made[1])


def test_of_two_gradients_that_are_one_array_each_has_its_own() -> None:
    x, w = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    z = x + w
    z.sum().backward()
    gradients = [x.grad, w.grad, z.grad]
    assert len({id(gradient) for gradient in gradients}) == 3
    assert not any(np.shares_memory(a, b) for a, b in combinations(gradients, 2))


# Depth.


def tensors_alive() -> int:
    return sum(type(thing) is Tensor for thing in gc.get_objects())


@pytest.mark.parametrize("depth", [10_000, 150_000])
def test_a_long_chain_is_built_swept_replayed_and_freed(depth: int) -> None:
    gc.disable()  # freed by counting references alone: no cycles, and no recursion
    try:
        x = Tensor(1.0, name="x")
        y = inner = x * 2.0
        for _ in range(depth):
            y = -y
        y.backward()
        assert x.grad == 2.0
        graph = ComputationGraph(y)
        assert len(graph.nodes) == depth + 3
        assert graph.forward(x=3.0) == 6.0
        del inner, graph
        alive = tensors_alive()
        assert alive > depth
        del y
        assert tensors_alive() == alive - depth - 2
    finally:
        gc.enable()


@pytest.mark.parametrize("differentiate", ["create_graph", "jvp", "steps", "copy"])
def test_a_long_chain_goes_through_every_mode_without_recursion(differentiate: str) -> None:
    def chain(x: Any) -> Any:
        y = x * x
        for _ in range(5_000):
            y = -y
        return y

    x = Tensor(3.0)
    y = chain(x)
    if differentiate == "create_graph":
        y.backward(create_graph=True)
        first, x.grad = x.grad, None
        first.backward()
        assert (first.item(), x.grad) == (6.0, 2.0)
    elif differentiate == "jvp":
        assert ag.jvp(chain, (3.0,), (1.0,))[1] == 6.0
    elif differentiate == "steps":
        assert ComputationGraph(y).steps()[-1].contributions[-1].after == 6.0
    else:
        assert ComputationGraph(y).copy().forward() == 9.0


def test_twenty_doublings_are_swept_once_not_a_million_times() -> None:
    calls = []

    class Double(Operation):
        def forward(self, x: Any, y: Any) -> Any:
            return x + y

        def backward(self, dz: Any) -> Any:
            calls.append(dz)
            return dz, dz

    x = y = Tensor(1.0)
    for _ in range(20):
        y = Double()(y, y)
    y.backward()
    assert x.grad == 2.0**20
    assert len(calls) == 20


def test_a_leaf_that_changed_is_told_where_no_gradient_comes_by() -> None:
    x, c = Tensor([1.0, 2.0], name="x"), Tensor([3.0, 4.0], requires_grad=False, name="c")
    doubled = c * 2.0
    y = (x * doubled).sum()
    c.data = [5.0, 6.0]
    with pytest.raises(RuntimeError, match=r"'c' was changed"):
        y.backward()
    w = Tensor(np.ones((2, 2)), name="w")
    z = (w @ w).sum()
    w.data = np.ones((3, 3))
    with pytest.raises(RuntimeError, match=r"'w' was changed"):
        z.backward(create_graph=True)
