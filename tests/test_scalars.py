"""The scalar view: the same values and gradients, with every number a node."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Elementwise, Operation, Tensor
from tests.strategies import same_every_run
from tests.views.test_array_symbol import array_graphs


def network(n: int) -> Tensor:
    """F1 to F7: two layers of sigmoids, [2, 3, 1], and the mean square error."""
    rng = np.random.default_rng(n)
    x = Tensor(rng.normal(size=(n, 2)), requires_grad=False, name="X")
    t = Tensor(rng.normal(size=(n, 1)), requires_grad=False, name="Y")
    w1, b1 = Tensor(rng.normal(size=(2, 3)), name="W1"), Tensor(rng.normal(size=3), name="b1")
    w2, b2 = Tensor(rng.normal(size=(3, 1)), name="W2"), Tensor(rng.normal(size=1), name="b2")
    z2 = x @ w1 + b1
    a2 = ag.sigmoid(z2)
    yhat = ag.sigmoid(a2 @ w2 + b2)
    j = ((yhat - t) ** 2.0).mean()
    z2.name, a2.name, yhat.name, j.name = "z2", "a2", "Ŷ", "J"
    return j


def leaves(graph: ComputationGraph) -> list[Tensor]:
    return [node for node in graph.nodes if node.operation is None and node.requires_grad]


def put_together(leaf: Tensor, singles: dict[str, Tensor]) -> np.ndarray:
    """The gradients of a leaf's elements in the leaf's shape, by their names; 0 where unused."""
    gradient = np.zeros(leaf.shape)
    for index in np.ndindex(leaf.shape):
        where = ",".join(map(str, index))
        name = leaf.name if leaf.size == 1 else f"{leaf.name}[{where}]"
        single = singles.get(str(name))
        gradient[index] = 0.0 if single is None else single.grad
    return gradient


def assert_same(y: Tensor) -> ComputationGraph:
    y.backward()
    graph = ComputationGraph(y)
    singles = graph.scalars()
    assert all(node.ndim == 0 for node in singles.nodes)
    assert singles.output is not y
    np.testing.assert_allclose(singles.output.item(), y.item(), rtol=1e-12, atol=1e-12)
    singles.backward()
    for leaf in leaves(graph):
        found = put_together(leaf, singles.inputs)
        np.testing.assert_allclose(found, leaf.grad, rtol=1e-12, atol=1e-12)
    return singles


def without_max(y: Tensor) -> bool:
    return not any(type(n.operation).__name__ == "Max" for n in ComputationGraph(y).nodes)


@same_every_run
@given(array_graphs().filter(without_max))
def test_values_and_gradients_are_those_of_the_matrix_graph(y: Tensor) -> None:
    assert_same(y)


@pytest.mark.parametrize("n", [1, 4])
def test_the_network_has_a_node_for_each_number_and_each_operation_on_numbers(n: int) -> None:
    singles = assert_same(network(n))
    parameters, data = 6 + 3 + 3 + 1, 2 * n + n
    hidden = n * 3 * (2 + 1 + 1 + 1)  # two products and their sum, the bias, the sigmoid
    output = n * (3 + 2 + 1 + 1)
    loss = n + n + (n - 1) + (1 if n > 1 else 0)  # differences, squares, their sum, ÷ n
    constants = 1 + (1 if n > 1 else 0)  # the exponent, n
    expected = parameters + data + hidden + output + loss + constants
    assert len(singles.nodes) == expected == {1: 41, 4: 127}[n]


def test_each_matrix_is_a_scope_of_its_name_and_its_elements_are_named() -> None:
    graph = ComputationGraph(network(4))
    singles = graph.scalars()
    arrays = [node for node in graph.nodes if node.size > 1 or node is graph.output]
    assert set(singles.scopes) == {graph.label(node) for node in arrays}
    chains = {singles.label(node): singles.homes[node] for node in singles.nodes}
    for name in ("W1", "z2", "a2"):
        assert [scope.name for scope in chains[f"{name}[1,2]"]] == [name]
    assert chains["b2"] == ()
    assert singles.top == "J"
    a2 = next(node for node in graph.nodes if node.name == "a2")
    shown = {singles.label(node): node.item() for node in singles.nodes}
    found = [[shown[f"a2[{i},{j}]"] for j in range(3)] for i in range(4)]
    np.testing.assert_allclose(found, a2.data, rtol=1e-12)


def test_closed_it_steps_as_the_matrices_do() -> None:
    graph = ComputationGraph(network(4))
    singles = graph.scalars()
    whole = [step.scope.name for step in singles.forward_steps("scope") if step.scope]
    labels = [graph.label(node) for node in graph.nodes if node.operation is not None]
    assert [name for name in whole if name in labels] == labels


def test_scopes_of_layers_stay_around_their_matrices() -> None:
    w, x = Tensor(np.ones((2, 2)), name="w"), Tensor(np.ones((1, 2)), name="x")
    with ag.scope("layer", [w]):
        y = x @ w
    singles = ComputationGraph(y.sum()).scalars()
    chains = {tuple(scope.name for scope in chain) for chain in singles.homes.values()}
    assert {("layer", "w"), ("layer", "v2"), ("x",)} <= chains


def test_an_array_of_one_element_keeps_its_name() -> None:
    a, b = Tensor([[2.0]], name="a"), Tensor([3.0], name="b")
    singles = ComputationGraph((a @ b).sum()).scalars()
    assert sorted(singles.inputs) == ["a", "b"]
    assert singles.scopes == {}


def test_what_only_moves_numbers_makes_no_node() -> None:
    x = Tensor(np.arange(6.0).reshape(2, 3), name="x")
    moved = ag.concatenate([x.T.reshape(2, 3), x])[[0, 0, 3], ::-1]
    y = ag.where(moved > 2.0, moved, ag.broadcast_to(x[0], (3, 3)))
    singles = assert_same((y * 2.0).sum())
    kinds = {type(node.operation).__name__ for node in singles.nodes if node.operation}
    assert kinds == {"Multiply", "Add"}


@pytest.mark.parametrize(
    "function",
    [
        lambda x: (x - 1.0) ** 2.0 / (1.0 + ag.exp(x)),
        lambda x: ag.relu(x) + ag.maximum(x, 0.5) - ag.clip(x, -1.0, 1.0),
        lambda x: x.prod(axis=1, keepdims=True) * x.mean(axis=0),
        lambda x: x.mean(axis=(0, 1), keepdims=True) + x.sum(axis=-1)[:, None] * ag.abs(x),
        lambda x: np.var(x, axis=0) * np.outer(x[0], x[1])[0],
        lambda x: x[:, :1].sum(axis=1) * x[:1].mean(axis=0)[0],
    ],
)
def test_sums_and_functions_of_each_element(function: Any) -> None:
    x = Tensor(np.random.default_rng(3).normal(size=(2, 3)), name="x")
    assert_same(function(x).sum())


@given(st.sampled_from([np.float32, np.float64]))
def test_the_precision_stays(dtype: Any) -> None:
    x = Tensor(np.ones((2, 2), dtype), name="x")
    singles = ComputationGraph((x @ x).mean()).scalars()
    assert {node.dtype for node in singles.nodes} == {np.dtype(dtype)}


def test_it_replays_with_other_numbers() -> None:
    w, x = Tensor([2.0, 3.0], name="w"), Tensor([4.0, 5.0], name="x")
    singles = ComputationGraph(w @ x).scalars()
    assert singles.forward(**{"w[1]": 10.0}) == 58.0
    assert w.data.tolist() == [2.0, 3.0]


def test_it_is_recorded_inside_no_grad_and_leaves_open_scopes_alone() -> None:
    graph = ComputationGraph((Tensor([1.0, 2.0], name="x") * 2.0).sum())
    with ag.no_grad(), ag.scope("somewhere"):
        singles = graph.scalars()
    assert singles.output.requires_grad
    assert "somewhere" not in singles.scopes


class Triple(Elementwise):
    """A learner's own function of each element."""

    def forward(self, x: Any) -> Any:
        return 3.0 * x

    def local_gradients(self, x: Any) -> Any:
        return (3.0,)


class Own(Operation):
    """A learner's own operation, of arrays or of numbers."""

    def forward(self, x: Any) -> Any:
        return x * x

    def backward(self, dz: Any) -> Any:
        return 2.0 * dz * self.inputs[0]


def test_own_operations_on_each_element_or_on_single_numbers_are_taken_over() -> None:
    assert_same(Own()(Triple()(Tensor([1.0, 2.0], name="x")).sum()))


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (ag.softmax, "Softmax"),
        (lambda x: ag.max(x, axis=0), "Max"),
        (Own(), "Own"),
        (lambda x: ag.conv2d(x[None, None], np.ones((1, 1, 1, 1))), "Conv2d"),
        (lambda x: ag.clip(x, np.zeros((2, 2)), None), "Clip"),
    ],
)
def test_what_cannot_be_taken_apart_is_named(function: Any, name: str) -> None:
    z = function(Tensor([[1.0, 2.0], [3.0, 4.0]], name="x"))
    z.name = "z"
    with pytest.raises(TypeError, match=rf"'z' is computed by {name}, which cannot.*Write it with"):
        ComputationGraph(z.sum()).scalars()


def test_an_output_of_several_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(2,\), expected one number.*\.sum\(\)"):
        ComputationGraph(Tensor([1.0, 2.0]) * 2.0).scalars()


def test_too_many_nodes_are_counted_and_refused_before_any_is_made() -> None:
    w, x = Tensor(np.ones((784, 100)), name="w"), Tensor(np.ones((1, 784)), name="x")
    with pytest.raises(ValueError, match=r"235,983 single numbers, expected at most 5,000"):
        ComputationGraph((x @ w).sum()).scalars()


def test_an_empty_sum_is_refused() -> None:
    with pytest.raises(ValueError, match="made of no numbers"):
        ComputationGraph(Tensor(np.ones((0, 3))).sum()).scalars()


def test_a_leaf_that_was_changed_since_is_refused() -> None:
    x = Tensor([1.0, 2.0], name="x")
    graph = ComputationGraph(x.sum())
    x.data = [3.0, 4.0]
    with pytest.raises(RuntimeError, match="was changed"):
        graph.scalars()
