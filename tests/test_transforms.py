"""grad, vjp, jvp, jacobian, hessian, hvp and create_graph: exact numbers, one truth, any order."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import assume, given

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor, no_grad
from tests.strategies import Program, programs, same_every_run

X = np.array([0.5, -1.5, 2.0])


def series(x1: Any, x2: Any) -> Any:
    return np.sin(x1) + x1 * x2


def tower(x: Any) -> Any:
    """A function with derivatives of every order."""
    return np.exp(np.sin(x)) * x


def exact(order: int, at: float) -> float:
    x = sympy.symbols("x")
    return float(sympy.diff(sympy.exp(sympy.sin(x)) * x, x, order).subs(x, at))


def function_of(program: Program) -> Callable[..., Any]:
    def function(*leaves: Any) -> Any:
        return program.run(leaves, lambda name, *inputs: getattr(ag, name)(*inputs))[-1]

    return function


# Worked numbers.


def test_the_worked_example_in_every_way() -> None:
    inputs, expected = (2.0, 3.0), (3.0 + np.cos(2.0), 2.0)
    np.testing.assert_allclose(ag.grad(series, (0, 1))(*inputs), expected, rtol=1e-15)
    np.testing.assert_allclose(ag.grad(series, (1, 0))(*inputs), expected[::-1], rtol=1e-15)
    assert ag.grad(series)(*inputs) == pytest.approx(expected[0], rel=1e-15)
    value, gradient = ag.value_and_grad(series, 1)(*inputs)
    assert (value, gradient) == (np.sin(2.0) + 6.0, 2.0)
    value, pullback = ag.vjp(series, *inputs)
    np.testing.assert_allclose(pullback(10.0), 10.0 * np.array(expected), rtol=1e-15)
    np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-15)
    value, moved = ag.jvp(series, inputs, (1.0, 10.0))
    assert value == np.sin(2.0) + 6.0
    assert moved == pytest.approx(expected[0] + 20.0, rel=1e-15)
    second = ag.hessian(series, (0, 1))(*inputs)
    np.testing.assert_allclose(second, [[-np.sin(2.0), 1.0], [1.0, 0.0]], rtol=1e-15)
    product = ag.hvp(series, inputs, (1.0, 10.0))
    np.testing.assert_allclose(product, [10.0 - np.sin(2.0), 1.0], rtol=1e-14)


def test_a_jacobian_has_the_shape_of_the_value_and_then_of_the_input() -> None:
    def function(x: Any) -> Any:
        return np.stack([x[0] * x[1], x[1] * x[2]]).reshape(2, 1)

    matrix = ag.jacobian(function)(X)
    assert matrix.shape == (2, 1, 3)
    np.testing.assert_array_equal(matrix[:, 0], [[X[1], X[0], 0.0], [0.0, X[2], X[1]]])
    assert ag.jacobian(lambda x: x[:0])(X).shape == (0, 3)
    assert ag.jacobian(lambda x: x * 2.0)(np.zeros((0, 2))).shape == (0, 2, 0, 2)
    assert ag.jacobian(function)(X.astype(np.float32)).dtype == np.float32
    assert ag.jacobian(lambda x: x[:0])(X.astype(np.float32)).dtype == np.float32


def test_jacobians_of_nested_arguments_and_results() -> None:
    def layer(p: Any, x: Any) -> Any:
        return {"z": x * p["w"], "both": [x.sum() + p["b"]]}

    p = {"w": X, "b": np.array(1.0)}
    by_p = ag.jacobian(layer)(p, X)
    assert by_p["z"]["w"].shape == (3, 3)
    np.testing.assert_array_equal(by_p["z"]["w"], np.diag(X))
    np.testing.assert_array_equal(by_p["z"]["b"], np.zeros(3))
    np.testing.assert_array_equal(by_p["both"][0]["b"], 1.0)
    by_both = ag.jacobian(layer, (1, 0))(p, X)
    np.testing.assert_array_equal(by_both["z"][0], np.diag(X))
    np.testing.assert_array_equal(by_both["both"][0][1]["w"], np.zeros(3))


# One truth: the ways agree.


@same_every_run
@given(programs(kinks=False))
def test_forward_and_reverse_mode_and_backward_agree(program: Program) -> None:
    function, leaves = function_of(program), program.leaves
    places = tuple(range(len(leaves)))
    value, gradients = ag.value_and_grad(function, places)(*leaves)
    assume(np.all(np.abs([value, *gradients]) < 1e6))
    tensors, output = program.record()
    output.backward()
    assert output.item() == value
    for tensor, gradient, place in zip(tensors, gradients, places, strict=True):
        assert gradient == (0.0 if tensor.grad is None else tensor.grad)
        unit = tuple(float(i == place) for i in places)
        moved = ag.jvp(function, leaves, unit)[1]
        assert moved == pytest.approx(float(gradient), rel=1e-9, abs=1e-9)
    assert ag.vjp(function, *leaves)[1](1.0) == gradients


@same_every_run
@given(programs(kinks=False))
def test_a_hessian_is_symmetric_and_hvp_is_its_product(program: Program) -> None:
    def function(x: Any) -> Any:
        return function_of(program)(*x)

    x = np.array(program.leaves)
    matrix = ag.hessian(function)(x)
    assume(np.all(np.abs(matrix) < 1e6))
    size = 1e-9 * (1.0 + np.abs(matrix).max())
    np.testing.assert_allclose(matrix, matrix.T, atol=size)
    move = np.arange(1.0, 1.0 + x.size)
    (product,) = ag.hvp(function, (x,), (move,))
    np.testing.assert_allclose(product, matrix @ move, atol=10 * size)
    # Reverse over forward mode, the other way round.
    other = ag.grad(lambda x: ag.jvp(function, (x,), (move,))[1])(x)
    np.testing.assert_allclose(other, product, atol=10 * size)


def test_rows_by_reverse_mode_are_columns_by_forward_mode() -> None:
    def function(x: Any) -> Any:
        return np.cumsum(np.sin(x)) * x[0]

    matrix = ag.jacobian(function)(X)
    for i, unit in enumerate(np.eye(3)):
        np.testing.assert_allclose(ag.vjp(function, X)[1](unit)[0], matrix[i], rtol=1e-14)
        np.testing.assert_allclose(ag.jvp(function, (X,), (unit,))[1], matrix[:, i], rtol=1e-14)


# Any order.


def test_derivatives_of_derivatives_of_derivatives() -> None:
    function: Callable[..., Any] = tower
    for order in range(1, 6):
        function = ag.grad(function)
        assert function(0.7) == pytest.approx(exact(order, 0.7), rel=1e-12)


def test_forward_mode_of_forward_mode() -> None:
    def move(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x: ag.jvp(function, (x,), (np.ones(()),))[1]

    function: Callable[..., Any] = tower
    for order in range(1, 5):
        function = move(function)
        assert function(0.7) == pytest.approx(exact(order, 0.7), rel=1e-12)


def test_the_two_modes_mixed() -> None:
    forward = lambda f: lambda x: ag.jvp(f, (x,), (np.ones(()),))[1]  # noqa: E731
    for outer, inner in ((ag.grad, forward), (forward, ag.grad)):
        assert outer(inner(tower))(0.7) == pytest.approx(exact(2, 0.7), rel=1e-12)
        third = outer(inner(outer(tower)))(0.7)
        assert third == pytest.approx(exact(3, 0.7), rel=1e-12)


def test_an_outer_variable_is_not_taken_for_an_inner_one() -> None:
    """d/dx of x · (d/dy of x·y): the classical confusion of nested derivatives."""
    confused = ag.grad(lambda x: x * ag.grad(lambda y: x * y)(1.0))
    assert confused(3.0) == 6.0
    forward = ag.jvp(lambda x: x * ag.jvp(lambda y: x + y, (1.0,), (1.0,))[1], (1.0,), (1.0,))[1]
    assert forward == 1.0
    same = ag.grad(lambda x: ag.grad(lambda y: x * y)(x) * x)
    assert same(3.0) == 6.0


def test_a_polynomial_ends_in_zeros_of_the_right_shape() -> None:
    third = ag.jacobian(ag.jacobian(ag.grad(lambda x: (x**3.0).sum())))(X[:2])
    expected = np.zeros((2, 2, 2))
    expected[0, 0, 0] = expected[1, 1, 1] = 6.0
    np.testing.assert_allclose(third, expected)
    fourth = ag.hessian(ag.grad(lambda x: x * x))
    assert fourth(2.0) == 0.0


# backward(create_graph=True).


def test_a_gradient_is_a_tensor_with_a_graph_of_its_own() -> None:
    x = Tensor(0.7, name="x")
    y = tower(x)
    y.backward(create_graph=True)
    first = x.grad
    assert isinstance(first, Tensor)
    assert first.item() == pytest.approx(exact(1, 0.7), rel=1e-13)
    for order in (2, 3):
        x.grad, gradient = None, x.grad
        gradient.backward(create_graph=True)
        assert x.grad.item() == pytest.approx(exact(order, 0.7), rel=1e-12)


def test_a_recorded_gradient_can_be_stepped_replayed_and_drawn() -> None:
    x = Tensor(3.0, name="x")
    (x * x * x).backward(create_graph=True)
    graph = ComputationGraph(x.grad)
    steps = graph.steps()
    assert [step.phase for step in steps].count("seed") == 1
    assert steps[-1].contributions[-1].after == 18.0
    assert next(s.value for s in reversed(steps) if s.phase == "forward") == 27.0
    assert ag.draw(x.grad).to_dot()
    assert graph.forward(x=2.0) == 12.0


def test_the_graph_of_a_gradient_leaves_the_first_graph_alone() -> None:
    x = Tensor([1.0, 2.0], name="x")
    y = (x * x).sum()
    nodes = [*ComputationGraph(y).nodes]
    before = [node.operation for node in nodes]
    y.backward(create_graph=True)
    assert [*map(id, ComputationGraph(y).nodes)] == [*map(id, nodes)]
    assert all(node.operation is old for node, old in zip(nodes, before, strict=True))
    x.grad = None
    y.backward()
    assert type(x.grad) is np.ndarray
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_inside_no_grad_a_recorded_sweep_is_recorded() -> None:
    x = Tensor(3.0)
    y = x * x * x
    with no_grad():
        y.backward(create_graph=True)
    gradient, x.grad = x.grad, None
    gradient.backward()
    assert x.grad == 18.0


def test_recorded_gradients_add_up_on_leaves() -> None:
    x = Tensor(3.0)
    for create_graph, kind in ((True, Tensor), (True, Tensor), (False, np.ndarray), (True, Tensor)):
        (x * x).backward(create_graph=create_graph)
        assert type(x.grad) is kind
    total, x.grad = x.grad, None
    assert total.item() == 24.0
    total.backward()
    assert x.grad == 2.0  # the third sweep, and what it had added up, became plain numbers


def test_seeds_are_given_as_numbers_as_constants_or_as_variables() -> None:
    x = Tensor([1.0, 2.0])
    seed = Tensor([10.0, 100.0])
    for given_seed in ([10.0, 100.0], seed.detach(), seed):
        x.grad = None
        (x * x).backward(given_seed, create_graph=True)
        np.testing.assert_array_equal(x.grad.data, [20.0, 400.0])
    gradient, x.grad = x.grad, None
    gradient.sum().backward()
    np.testing.assert_array_equal(x.grad, [20.0, 200.0])
    np.testing.assert_array_equal(seed.grad, [2.0, 4.0])


def test_a_seed_is_checked_with_create_graph_too() -> None:
    x = Tensor([1.0, 2.0])
    with pytest.raises(ValueError, match="needs a seed"):
        (x * x).backward(create_graph=True)
    with pytest.raises(ValueError, match=r"received a seed of shape \(3,\)"):
        (x * x).backward(Tensor(np.ones(3)), create_graph=True)


def test_a_penalty_on_a_gradient_is_differentiated() -> None:
    x, w = Tensor([1.0, 2.0], name="x"), Tensor([3.0, -1.0], name="w")
    (x * x * w).sum().backward(create_graph=True)
    penalty = (x.grad * x.grad).sum()
    x.grad = w.grad = None
    penalty.backward()
    np.testing.assert_allclose(w.grad, 8.0 * w.data * x.data**2)
    np.testing.assert_allclose(x.grad, 8.0 * w.data**2 * x.data)


# What is told.


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: ag.grad(lambda x: x * x)(X), ValueError,
         r"grad: the function returned shape \(3,\), expected one element.*\.sum\(\).*jacobian"),
        (lambda: ag.grad(lambda x: [x, x])(1.0), ValueError, "the function returned a list"),
        (lambda: ag.hessian(series)(X, X), ValueError, r"grad: series returned shape \(3,\)"),
        (lambda: ag.vjp(series, 1.0, 2.0)[1]([1.0]), ValueError,
         "vjp: the pullback received list, expected a seed for each value"),
        (lambda: ag.vjp(lambda x: [x], 1.0)[1](1.0), ValueError, "pullback received float"),
        (lambda: ag.jvp(series, (1.0, 2.0), (1.0,)), ValueError,
         r"primals and tangents are not nested.*jvp\(f, \(x, y\), \(tx, ty\)\)"),
        (lambda: ag.jvp(series, 1.0, 1.0), TypeError,
         r"jvp: primals received float, expected a tuple with one entry.*\(x,\) for one"),
        (lambda: ag.jvp(np.sin, (1.0,), np.ones(1)), TypeError, "tangents received ndarray"),
        (lambda: ag.hvp(np.sin, 1.0, (1.0,)), TypeError, "hvp: primals received float"),
    ],
)  # fmt: skip
def test_mistakes_are_told(call: Callable[[], Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize("name", ["grad", "value_and_grad", "jacobian", "hessian"])
def test_what_is_made_has_a_name_and_the_arguments_of_the_function(name: str) -> None:
    made = getattr(ag, name)(series)
    assert made.__name__ == f"{name}(series)"
    assert list(inspect.signature(made).parameters) == ["x1", "x2"]
    assert getattr(ag, name)(lambda x: x).__name__ == f"{name}(<lambda>)"


def test_a_function_of_no_arguments_has_no_gradients() -> None:
    value, pullback = ag.vjp(lambda: Tensor(2.0))
    assert value == 2.0
    assert pullback(1.0) == ()
    value, moved = ag.jvp(lambda: Tensor(2.0), (), ())
    assert (value, moved) == (2.0, 0.0)


def test_differentiating_deep_inside_a_graph_does_not_walk_what_is_older() -> None:
    x = Tensor(1.0)
    for _ in range(300):
        x = x * 1.0
    visited = []

    class Watched(ag.Operation):
        def forward(self, x: Any) -> Any:
            return x * 1.0

        def backward(self, dz: Any) -> Any:
            visited.append(dz)
            return dz

    y = Watched()(x)
    np.testing.assert_allclose(ag.grad(lambda t: t * t)(y).data, 2.0)
    assert visited == []


def test_a_seed_in_another_precision_stays_connected() -> None:
    seed = Tensor(np.array([1.0, 2.0], np.float32))
    x = Tensor([3.0, 4.0])
    (x * x).backward(seed, create_graph=True)
    x.grad.sum().backward()
    np.testing.assert_allclose(seed.grad, [6.0, 8.0])
    assert seed.grad.dtype == np.float32


def test_gradients_are_added_up_inside_no_grad_too() -> None:
    x = Tensor(2.0)
    for _ in range(2):
        y = x * x * x
        with no_grad():
            y.backward(create_graph=True)
    assert x.grad.requires_grad
    np.testing.assert_allclose(x.grad.data, 24.0)


def test_a_tangent_goes_on_in_the_precision_of_the_value() -> None:
    third, one = np.array([1.0 / 3.0]), np.ones(1, np.float32)
    _, moved = ag.jvp(lambda x: x * third, (one,), (one,))
    assert moved.dtype == np.float64
    assert moved[0] == 1.0 / 3.0
