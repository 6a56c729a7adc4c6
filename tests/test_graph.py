"""ComputationGraph: nodes in order, their labels, and replay that succeeds or changes nothing."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from autograd_lite import ComputationGraph, Operation, Tensor, no_grad
from tests.strategies import Program, programs, same_every_run


def example() -> tuple[Tensor, Tensor, ComputationGraph]:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    return x1, x2, ComputationGraph(x1 * x2 + np.sin(x1))


def snapshot(graph: ComputationGraph) -> list[tuple[Any, ...]]:
    """Everything a replay may write."""
    return [
        (node.data.tolist(), node.operation, node.grad if node.grad is None else node.grad.tolist())
        for node in graph.nodes
    ]


# Nodes and labels.


def test_nodes_are_every_tensor_once_in_the_order_of_creation() -> None:
    x = Tensor(2.0)
    unused = Tensor(9.0)
    square = x * x
    sine = np.sin(square)
    x * unused
    y = square + sine
    nodes = ComputationGraph(y).nodes
    assert [*map(id, nodes)] == [*map(id, (x, square, sine, y))]


def test_a_leaf_alone_is_a_graph() -> None:
    x = Tensor(2.0, name="x")
    graph = ComputationGraph(x)
    assert [*map(id, graph.nodes)] == [id(x)]
    assert graph.forward(x=5.0) == 5.0
    graph.backward()
    assert x.grad == 1.0


def test_nodes_are_called_by_their_name_or_their_number() -> None:
    a, b = Tensor(2.0, name="a"), Tensor(3.0)
    h = a * b
    h.name = "hidden"
    graph = ComputationGraph((h + 1.0) * np.array(2.0))
    assert [graph.label(node) for node in graph.nodes] == [
        "a", "v1", "hidden", "c0", "v3", "c1", "v4",
    ]  # fmt: skip


def test_a_name_that_two_nodes_have_labels_neither() -> None:
    a, b = Tensor(2.0, name="w"), Tensor(3.0, name="w")
    graph = ComputationGraph(a * b)
    assert [graph.label(node) for node in graph.nodes] == ["v0", "v1", "v2"]


def test_labels_are_unique_even_if_a_name_looks_like_a_number() -> None:
    b, a = Tensor(3.0, name="v2"), Tensor(2.0)
    graph = ComputationGraph(a * b + 1.0)
    labels = [graph.label(node) for node in graph.nodes]
    assert len(set(labels)) == len(labels)


def test_bare_constants_are_counted_apart_and_nothing_else_is() -> None:
    k = Tensor(2.0, requires_grad=False, name="k")
    computed = k * Tensor(3.0, requires_grad=False)  # of constants, but computed
    graph = ComputationGraph(Tensor(1.0) * computed + 4.0)
    assert [graph.label(node) for node in graph.nodes] == ["k", "c0", "v1", "v2", "v3", "c1", "v4"]
    assert [graph.ids[node] for node in graph.nodes] == ["v0", "c0", "v1", "v2", "v3", "c1", "v4"]


def test_the_top_is_y_unless_the_output_or_another_node_has_a_name_that_says_else() -> None:
    x = Tensor(2.0, name="x")
    unnamed, named = x * 3.0, x * 4.0
    named.name = "loss"
    assert ComputationGraph(unnamed).top == "y"
    assert ComputationGraph(named).top == "loss"
    assert ComputationGraph(x).top == "x"
    other = Tensor(2.0, name="y")
    assert not ComputationGraph(other * 3.0).is_free("y")
    assert ComputationGraph(other * 3.0).top == "v1"
    twin = x * 5.0
    twin.name = "x"  # so that the name labels neither
    assert ComputationGraph(twin).top == "y"


def test_labels_do_not_depend_on_what_was_made_before() -> None:
    first = ComputationGraph(Tensor(1.0) * 2.0)
    Tensor(5.0)
    second = ComputationGraph(Tensor(1.0) * 2.0)
    assert [*map(first.label, first.nodes)] == [*map(second.label, second.nodes)]


def test_inputs_are_the_named_leaves_constants_included() -> None:
    x, c = Tensor(2.0, name="x"), Tensor(3.0, name="c", requires_grad=False)
    h = x * c
    h.name = "h"
    inputs = ComputationGraph(h + Tensor(1.0)).inputs
    assert list(inputs) == ["x", "c"]
    assert inputs["x"] is x
    assert inputs["c"] is c


@pytest.mark.parametrize("thing", [6.9, np.ones(2), None, "y", [1.0]], ids=str)
def test_something_that_is_no_tensor_is_refused(thing: Any) -> None:
    with pytest.raises(TypeError, match=rf"received {type(thing).__name__}, expected the Tensor"):
        ComputationGraph(thing)


# Replay.


@same_every_run
@given(programs())
def test_replay_computes_what_recording_anew_computes(program: Program) -> None:
    leaves, output = program.record()
    output.backward()
    graph = ComputationGraph(output)
    changed = Program(tuple(0.5 - value for value in program.leaves), program.lines)
    values = {
        leaf.name: value
        for leaf, value in zip(leaves, changed.leaves, strict=True)
        if leaf in graph.ids
    }
    result = graph.forward(**values)
    other_leaves, other = changed.record()
    assert result == output.data == other.data
    for leaf in leaves:
        leaf.grad = None
    graph.backward()
    other.backward()
    assert [leaf.grad for leaf in leaves] == [leaf.grad for leaf in other_leaves]


def test_inputs_that_are_not_named_keep_their_values() -> None:
    x1, x2, graph = example()
    assert graph.forward(x2=4.0) == 8.0 + np.sin(2.0)
    assert graph.forward(x1=0.0) == 0.0
    assert (x1.item(), x2.item()) == (0.0, 4.0)
    assert graph.forward() == 0.0


def test_forward_returns_the_value_as_an_array() -> None:
    _, _, graph = example()
    assert type(graph.forward()) is np.ndarray


def test_a_new_value_is_copied_and_takes_the_dtype_of_the_leaf() -> None:
    x = Tensor(np.array([1.0, 2.0], np.float32), name="x")
    graph = ComputationGraph((x * x).sum())
    array = np.array([3, 4])
    result = graph.forward(x=array)
    array[:] = 0
    assert result.dtype == np.float32
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x.data, [3.0, 4.0])
    with pytest.raises(ValueError, match="in place"):
        x.data[0] = 1.0


def test_a_rule_that_writes_into_a_new_value_is_refused() -> None:
    class Tidy(Operation):
        """It writes into what is negative, and there is nothing negative at first."""

        def forward(self, x: Any) -> Any:
            if np.any(x < 0.0):
                x[x < 0.0] = 0.0
            return x * 1.0

        def backward(self, dz: Any) -> Any:
            return dz

    x = Tensor([1.0, 2.0], name="x")
    graph = ComputationGraph(Tidy()(x))
    with pytest.raises(ValueError, match=r"Tidy of 'x'.*read-only"):
        graph.forward(x=[-1.0, 2.0])
    np.testing.assert_array_equal(graph.forward(x=[3.0, 4.0]), [3.0, 4.0])
    with pytest.raises(ValueError, match="WRITEABLE"):
        x.data.flags.writeable = True


def test_a_tensor_may_be_given_as_a_value() -> None:
    _, _, graph = example()
    assert graph.forward(x1=Tensor(0.0), x2=Tensor(1.0)) == 0.0


def test_gradients_after_a_replay_belong_to_the_new_values() -> None:
    x1, x2, graph = example()
    graph.backward()
    x1.grad = x2.grad = None
    graph.forward(x1=0.0, x2=5.0)
    graph.backward()
    assert (x1.grad, x2.grad) == (6.0, 0.0)


def test_an_input_of_another_shape_forgets_the_old_gradient() -> None:
    x = Tensor(2.0, name="x")
    graph = ComputationGraph((x * x).sum())
    graph.backward()
    graph.forward(x=[1.0, 2.0, 3.0])
    graph.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0, 6.0])


def test_a_graph_that_shares_a_changed_leaf_says_so() -> None:
    x = Tensor(2.0, name="x")
    square, double = x * x, x * 2.0
    ComputationGraph(square).forward(x=3.0)
    with pytest.raises(RuntimeError, match=r"'x' was changed"):
        double.backward()
    with pytest.raises(RuntimeError, match=r"'x' was changed"):
        ComputationGraph(double).steps()
    assert ComputationGraph(double).forward() == 6.0
    double.backward()
    assert x.grad == 2.0


def test_steps_of_a_graph_whose_leaf_was_set_are_refused_until_replay() -> None:
    x1, _, graph = example()
    x1.data = 5.0
    with pytest.raises(RuntimeError, match=r"'x1' was changed.*ComputationGraph"):
        graph.steps()
    with pytest.raises(RuntimeError, match=r"'x1' was changed"):
        graph.check_unchanged()
    assert graph.forward() == 15.0 + np.sin(5.0)
    graph.check_unchanged()
    assert graph.steps()[0].value == 5.0


# Replay that fails.


class Picky(Operation):
    """Refuses negative numbers, as late in the graph as it stands."""

    def forward(self, x: Any) -> Any:
        if np.any(x < 0):
            raise ArithmeticError("negative")
        return np.sqrt(x)

    def backward(self, dz: Any) -> Any:
        return dz * 0.5 / self.output


@pytest.mark.parametrize(
    ("inputs", "error"),
    [
        ({"x": [1.0, 2.0, 3.0]}, ValueError),
        ({"x": [-1.0, 4.0]}, ArithmeticError),
        ({"w": 2.0, "x": [-1.0, 4.0]}, ArithmeticError),
        ({"w": 2.0, "q": 1.0}, ValueError),
        ({"w": 2.0, "x": "many"}, ValueError),
        ({"w": 2.0, "x": None}, ValueError),
        ({"w": 2.0, "x": 1j}, ValueError),
        ({"w": 2.0, "x": [[1.0], [1.0, 2.0]]}, ValueError),
    ],
    ids=str,
)
def test_a_failing_replay_changes_nothing(inputs: dict[str, Any], error: type) -> None:
    x, w = Tensor([1.0, 4.0], name="x"), Tensor(9.0, name="w")
    y = Picky()((x + np.zeros(2)) * w).sum()
    graph = ComputationGraph(y)
    graph.backward()
    before = snapshot(graph)
    with pytest.raises(error):
        graph.forward(**inputs)
    assert snapshot(graph) == before
    x.grad = w.grad = None
    graph.backward()
    assert snapshot(graph) == before


def test_an_unknown_input_is_told_with_the_near_match() -> None:
    _, _, graph = example()
    with pytest.raises(ValueError, match=r"no input is named 'x11'.*x1, x2.*Did you mean 'x1'\?"):
        graph.forward(x11=1.0)
    with pytest.raises(ValueError, match="no input is named 'learning_rate'") as error:
        graph.forward(learning_rate=1.0)
    assert "Did you mean" not in str(error.value)


def test_a_graph_without_names_says_how_to_give_one() -> None:
    with pytest.raises(ValueError, match=r"name=\.\.\."):
        ComputationGraph(Tensor(1.0) * 2.0).forward(x=1.0)


def two_leaves() -> Tensor:
    return Tensor(1.0, name="w") * Tensor(2.0, name="w")


def a_leaf_and_a_result() -> Tensor:
    y = Tensor(1.0, name="w") * 2.0
    y.name = "w"
    return y


def a_leaf_called_like_another_node() -> Tensor:
    return np.negative(-Tensor(1.0, name="v2"))  # labelled v0: the last node is v2 already


@pytest.mark.parametrize(
    ("build", "name"),
    [(two_leaves, "w"), (a_leaf_and_a_result, "w"), (a_leaf_called_like_another_node, "v2")],
)
def test_a_name_that_is_not_one_nodes_alone_is_refused(
    build: Callable[[], Tensor], name: str
) -> None:
    with pytest.raises(ValueError, match=f"several nodes are called '{name}'.*its own name"):
        ComputationGraph(build()).forward(**{name: 1.0})


def test_the_name_of_a_result_is_not_an_input() -> None:
    h = Tensor(1.0, name="x") * 2.0
    h.name = "h"
    with pytest.raises(ValueError, match="no input is named 'h'"):
        ComputationGraph(h + 1.0).forward(h=1.0)


@pytest.mark.parametrize("name", ["self", "inputs", "a b", "class", "∂"])
def test_any_name_can_be_replayed(name: str) -> None:
    graph = ComputationGraph(Tensor(1.0, name=name) * 2.0)
    assert graph.forward(**{name: 3.0}) == 6.0


def test_a_shape_that_does_not_fit_is_told_as_it_was_given() -> None:
    x, b = Tensor([1.0, 2.0], name="x"), Tensor([1.0, 2.0], name="b")
    with pytest.raises(ValueError, match=r"'x' \(shape \(3,\)\) and 'b' \(shape \(2,\)\)"):
        ComputationGraph((x + b).sum()).forward(x=[1.0, 2.0, 3.0])


# Steps, backward, copies.


@pytest.mark.parametrize("granularity", ["scalar", "", None, "Node"])
def test_an_unknown_granularity_is_told_with_what_there_is(granularity: Any) -> None:
    _, _, graph = example()
    with pytest.raises(ValueError, match=r"received granularity .*'node', 'edge'"):
        graph.steps(granularity)


def test_seeds_are_checked_as_in_backward() -> None:
    x = Tensor([1.0, 2.0])
    graph = ComputationGraph(x * 2.0)
    with pytest.raises(ValueError, match="needs a seed"):
        graph.steps()
    with pytest.raises(ValueError, match="received a seed of shape"):
        graph.steps(gradient=[1.0])
    graph.backward([1.0, 10.0])
    np.testing.assert_array_equal(x.grad, [2.0, 20.0])


def test_one_element_of_any_shape_needs_no_seed() -> None:
    x = Tensor([[3.0]], name="x")
    ComputationGraph(x * 2.0).backward()
    np.testing.assert_array_equal(x.grad, [[2.0]])


def test_a_graph_of_constants_has_no_backward_steps() -> None:
    with no_grad():
        y = Tensor(1.0) * 2.0
    with pytest.raises(ValueError, match="depends on no variable"):
        ComputationGraph(y).steps()


def test_a_copy_is_replayed_without_touching_the_original() -> None:
    _, _, graph = example()
    graph.backward()
    before = snapshot(graph)
    twin = graph.copy()
    assert [*map(twin.label, twin.nodes)] == [*map(graph.label, graph.nodes)]
    assert not {*map(id, twin.nodes)} & {*map(id, graph.nodes)}
    assert all(node.grad is None for node in twin.nodes)
    assert twin.forward(x1=0.0, x2=1.0) == 0.0
    twin.backward()
    assert [node.grad for node in twin.inputs.values()] == [2.0, 0.0]
    assert snapshot(graph) == before
    graph.forward(x1=1.0)
    assert twin.forward() == 0.0


def test_repr_names_the_output_and_counts_the_nodes() -> None:
    _, _, graph = example()
    assert repr(graph) == "ComputationGraph(y, 5 nodes)"
