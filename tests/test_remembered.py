"""What forward keeps on self: reached again at second order, or refused; never a silent zero."""

import logging
import random
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import ComputationGraph, Operation, Tensor

X = np.array([0.5, -1.5])


def square(
    keep: Callable[[Any, Any], Any],
    backward: Callable[[Any, Any], Any],
    start: Callable[[Any], Any] = lambda self: None,
) -> Operation:
    """z = x², in the style of a layer: `keep` runs in forward, `start` in __init__."""

    class Square(Operation):
        def __init__(self) -> None:
            start(self)

        def forward(self, x: Any) -> Any:
            keep(self, x)
            return x**2

        def backward(self, dz: Any) -> Any:
            return backward(self, dz)

    return Square()


def put(**values: Callable[[Any], Any]) -> Callable[[Any, Any], None]:
    """Sets each attribute to a function of x."""
    return lambda self, x: self.__dict__.update({name: f(x) for name, f in values.items()})


class Pair(NamedTuple):
    x: Any
    note: str


# Rules that can be differentiated again.

TWICE: dict[str, Operation] = {
    "nothing kept": square(put(), lambda self, dz: dz * 2 * self.inputs[0]),
    "the input": square(put(x=lambda x: x), lambda self, dz: dz * 2 * self.x),
    "set to None before": square(
        put(x=lambda x: x), lambda self, dz: dz * 2 * self.x, lambda self: setattr(self, "x", None)
    ),
    "in a tuple": square(
        put(kept=lambda x: (x, 2)), lambda self, dz: dz * self.kept[1] * self.kept[0]
    ),
    "in a named tuple": square(
        put(kept=lambda x: Pair(x, "input")), lambda self, dz: dz * 2 * self.kept.x
    ),
    "in a list": square(put(kept=lambda x: [x]), lambda self, dz: dz * 2 * self.kept[0]),
    "in a dict": square(put(kept=lambda x: {"x": x}), lambda self, dz: dz * 2 * self.kept["x"]),
    "in a list that was there": square(
        lambda self, x: self.kept.__setitem__(slice(None), [x]),
        lambda self, dz: dz * 2 * self.kept[0],
        lambda self: setattr(self, "kept", []),
    ),
    "a mask, a shape and a text": square(
        put(x=lambda x: x, mask=lambda x: x > 0, shape=lambda x: x.shape, how=lambda x: "up"),
        lambda self, dz: np.reshape(dz * 2 * abs(self.x) * (2.0 * self.mask - 1.0), self.shape),
    ),
    "places": square(
        put(order=np.argsort, part=lambda x: slice(None), dtype=lambda x: x.dtype),
        lambda self, dz: (dz * 2 * self.inputs[0])[self.order][self.part][np.argsort(self.order)],
    ),
    "a factor from __init__": square(
        put(), lambda self, dz: dz * self.two * self.inputs[0],
        lambda self: setattr(self, "two", 2.0),
    ),
    "factors from __init__ in a list": square(
        put(), lambda self, dz: dz * self.two[0] * self.inputs[0],
        lambda self: setattr(self, "two", [2.0]),
    ),
    "factors from __init__ in a dict": square(
        put(), lambda self, dz: dz * self.two["a"] * self.inputs[0],
        lambda self: setattr(self, "two", {"a": 2.0}),
    ),
    "factors from __init__ in an array": square(
        put(), lambda self, dz: dz * self.two * self.inputs[0],
        lambda self: setattr(self, "two", np.array([2.0, 2.0])),
    ),
}  # fmt: skip


@pytest.mark.parametrize("operation", TWICE.values(), ids=TWICE)
def test_what_is_an_input_or_no_float_is_reached_again(operation: Operation) -> None:
    def function(x: Any) -> Any:
        return (operation(x) * x).sum()

    np.testing.assert_allclose(ag.grad(function)(X), 3 * X**2, rtol=1e-14)
    np.testing.assert_allclose(ag.hessian(function)(X), np.diag(6 * X), rtol=1e-14)
    third = ag.grad(lambda x: ag.grad(lambda y: ag.grad(function)(y).sum())(x).sum())(X)
    np.testing.assert_allclose(third, [6.0, 6.0], rtol=1e-14)
    np.testing.assert_allclose(ag.jvp(operation, (X,), (np.ones(2),))[1], 2 * X, rtol=1e-14)
    assert ag.gradcheck(operation, X, order=2)


class Logistic(Operation):
    """The output is kept, as it is before it is returned."""

    def forward(self, x: Any) -> Any:
        self.out = 1.0 / (1.0 + np.exp(-x))
        return self.out

    def backward(self, dz: Any) -> Any:
        return dz * self.out * (1.0 - self.out)


@pytest.mark.parametrize("x", [np.float64(0.3), X], ids=["number", "array"])
def test_the_output_may_be_kept(x: Any) -> None:
    assert ag.gradcheck(Logistic, x, order=2)
    tensor = Tensor(x)
    node = Logistic()(tensor)
    assert node.operation.out is node.operation.output


def test_the_output_may_be_kept_in_a_list() -> None:
    class Exponential(Operation):
        def forward(self, x: Any) -> Any:
            z = np.exp(x)
            self.kept = [x, z]
            return z

        def backward(self, dz: Any) -> Any:
            return dz * self.kept[1]

    assert ag.gradcheck(Exponential, X, order=2)


# Rules that cannot: refused at second order, in forward mode too, and right at first order.


class Box:
    def __init__(self, value: Any) -> None:
        self.value = value


REFUSED: dict[str, tuple[str, Operation]] = {
    "computed": ("twice", square(put(twice=lambda x: 2 * x), lambda self, dz: dz * self.twice)),
    "a view": ("x", square(put(x=lambda x: x[...]), lambda self, dz: dz * 2 * self.x)),
    "a copy": ("x", square(put(x=lambda x: x.copy()), lambda self, dz: dz * 2 * self.x)),
    "None before": (
        "twice",
        square(put(twice=lambda x: 2 * x), lambda self, dz: dz * self.twice,
               lambda self: setattr(self, "twice", None)),
    ),
    "in a list": ("kept", square(put(kept=lambda x: [2 * x]), lambda self, dz: dz * self.kept[0])),
    "in a tuple in a dict": (
        "kept",
        square(put(kept=lambda x: {"a": (1, 2 * x)}), lambda self, dz: dz * self.kept["a"][1]),
    ),
    "in a list that was there": (
        "kept",
        square(lambda self, x: self.kept.append(2 * x), lambda self, dz: dz * self.kept[-1],
               lambda self: setattr(self, "kept", [])),
    ),
    "in a dict that was there": (
        "kept",
        square(lambda self, x: self.kept.update(a=2 * x), lambda self, dz: dz * self.kept["a"],
               lambda self: setattr(self, "kept", {"a": 0.0})),
    ),
    "in a dict of lists": (
        "kept",
        square(lambda self, x: self.kept["a"].append(2 * x),
               lambda self, dz: dz * self.kept["a"][-1],
               lambda self: setattr(self, "kept", defaultdict(list))),
    ),
    "filled into an array": (
        "kept",
        square(lambda self, x: np.multiply(2, x, out=self.kept), lambda self, dz: dz * self.kept,
               lambda self: setattr(self, "kept", np.zeros(2))),
    ),
    "filled into an array in a list": (
        "kept",
        square(lambda self, x: np.multiply(2, x, out=self.kept[0]),
               lambda self, dz: dz * self.kept[0],
               lambda self: setattr(self, "kept", [np.zeros(2)])),
    ),
    "single numbers": (
        "kept",
        square(put(kept=lambda x: [float(v) for v in x]),
               lambda self, dz: dz * 2 * np.array(self.kept)),
    ),
    "an object": (
        "box",
        square(put(box=lambda x: Box(2 * x)), lambda self, dz: dz * self.box.value),
    ),
    "a function": (
        "slope",
        square(put(slope=lambda x: lambda: 2 * x), lambda self, dz: dz * self.slope()),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "operation"), REFUSED.values(), ids=REFUSED)
def test_what_lost_its_connection_is_refused(name: str, operation: Operation) -> None:
    def function(x: Any) -> Any:
        return operation(x).sum()

    np.testing.assert_allclose(ag.grad(function)(X), 2 * X)
    says = rf"Square cannot be differentiated again: .*self\.{name},.*self\.inputs and self\.output"
    with pytest.raises(TypeError, match=says):
        ag.hessian(function)(X)
    # Forward mode at first order needs the rule on arrays alone.
    np.testing.assert_allclose(ag.jvp(function, (X,), (np.ones(2),))[1], np.sum(2 * X))
    x = Tensor(X)
    with pytest.raises(TypeError, match=says):
        function(x).backward(create_graph=True)
    assert x.grad is None


def test_a_value_kept_anew_is_seen_even_if_it_is_equal() -> None:
    operation = square(
        put(twice=lambda x: 2 * x),
        lambda self, dz: dz * self.twice,
        lambda self: setattr(self, "twice", np.zeros(2)),
    )
    with pytest.raises(TypeError, match=r"self\.twice"):
        ag.hessian(lambda x: operation(x).sum())(np.zeros(2))


# Rules that leave the graph while they run.

LEAVES: dict[str, Callable[[Any, Any], Any]] = {
    "item": lambda self, dz: dz * 2 * self.inputs[0].item(),
    "item of dz": lambda self, dz: dz.item() * 2 * self.inputs[0],
    "asarray": lambda self, dz: dz * 2 * np.asarray(self.inputs[0]),
    "asarray of dz": lambda self, dz: np.asarray(dz) * 2 * self.inputs[0],
    "array of parts": lambda self, dz: np.array([dz * 2 * self.inputs[0]])[0],
    "copy": lambda self, dz: dz * 2 * self.inputs[0].copy(),
    "in place": lambda self, dz: np.multiply(dz, 2 * self.inputs[0], out=np.empty(())),
    "no rule": lambda self, dz: dz * 2 * np.sinh(np.arcsinh(self.inputs[0])),
    "plain numbers": lambda self, dz: 3.0,
}


@pytest.mark.parametrize("backward", LEAVES.values(), ids=LEAVES)
def test_a_rule_that_leaves_the_graph_is_refused(backward: Any) -> None:
    operation = square(put(), backward)
    for use in (
        lambda: ag.grad(ag.grad(operation))(1.5),
        lambda: operation(Tensor(1.5)).backward(create_graph=True),
    ):
        with pytest.raises(TypeError, match=r"Square\.backward cannot be differentiated again: "):
            use()


def test_filling_an_array_of_ones_own_is_refused() -> None:
    def fill(self: Any, dz: Any) -> Any:
        out = np.zeros(2)
        for i in range(2):
            out[i] = dz[i] * 2 * self.inputs[0][i]
        return out

    operation = square(put(), fill)
    np.testing.assert_array_equal(ag.grad(lambda x: operation(x).sum())(X), 2 * X)
    with pytest.raises(TypeError, match=r"Square\.backward cannot be differentiated again"):
        ag.hessian(lambda x: operation(x).sum())(X)


def test_plain_zeros_are_a_true_zero() -> None:
    class Step(Operation):
        def forward(self, x: Any) -> Any:
            return 1.0 * (x > 0)

        def backward(self, dz: Any) -> Any:
            return np.zeros(self.inputs[0].shape)

    np.testing.assert_array_equal(ag.hessian(lambda x: Step()(x).sum())(X), np.zeros((2, 2)))
    np.testing.assert_array_equal(ag.jvp(Step(), (X,), (np.ones(2),))[1], [0.0, 0.0])


def test_dz_times_two_in_place_is_a_new_tensor_and_right() -> None:
    def in_place(self: Any, dz: Any) -> Any:
        dz = dz * 1.0
        dz *= 2 * self.inputs[0]
        return dz

    assert ag.gradcheck(square(put(), in_place), X, order=2)


# Each use keeps its own.


@pytest.mark.parametrize("name", ["in a list that was there", "set to None before"])
def test_one_instance_used_twice_keeps_both_apart(name: str) -> None:
    operation = TWICE[name]
    a, b = Tensor(1.0), Tensor(10.0)
    (operation(a) + operation(b)).backward()
    assert (a.grad, b.grad) == (2.0, 20.0)


@pytest.mark.parametrize(
    "name", ["in a list that was there", "in a dict of lists", "filled into an array",
             "filled into an array in a list"],
)  # fmt: skip
def test_a_replay_of_a_copy_does_not_reach_what_the_original_keeps(name: str) -> None:
    x = Tensor(X, name="x")
    graph = ComputationGraph(REFUSED[name][1](x).sum())
    graph.copy().forward(x=[7.0, 8.0])
    graph.backward()
    np.testing.assert_array_equal(x.grad, 2 * X)
    x.grad = None
    with pytest.raises(ValueError, match="number"):
        graph.forward(x="many")
    graph.forward(x=[3.0, 4.0])
    graph.backward()
    np.testing.assert_array_equal(x.grad, [6.0, 8.0])


class Layer:
    """A layer that somebody has already: it keeps what it computed on itself."""

    def forward(self, x: Any) -> Any:
        self.s = 1.0 / (1.0 + np.exp(-x))
        return self.s

    def backward(self, dz: Any) -> Any:
        return dz * self.s * (1.0 - self.s)


class Slotted(Layer):
    __slots__ = ("s",)


class Wrapped(Operation):
    """An operation around such a layer."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer

    def forward(self, x: Any) -> Any:
        return self.layer.forward(x)

    def backward(self, dz: Any) -> Any:
        return self.layer.backward(dz)


@pytest.mark.parametrize("make", [Layer, Slotted, lambda: Wrapped(Layer()).layer])
def test_a_layer_inside_an_operation_has_a_state_for_each_use(make: Callable[[], Any]) -> None:
    operation, x = Wrapped(make()), Tensor(0.5)
    operation(operation(x) * 3.0).backward()
    expected = ag.grad(lambda t: ag.sigmoid(ag.sigmoid(t) * 3.0))(0.5)
    np.testing.assert_allclose(x.grad, expected, rtol=1e-14)
    with pytest.raises(TypeError, match=r"Wrapped cannot be differentiated again: .*self\.layer"):
        ag.hessian(lambda t: Wrapped(make())(t))(0.5)


def test_a_queue_that_forward_fills_is_refused_too() -> None:
    operation = square(
        lambda self, x: self.queue.append(2.0 * x),
        lambda self, dz: dz * self.queue[-1],
        lambda self: setattr(self, "queue", deque()),
    )
    x = Tensor(1.5)
    (operation(x) * operation(x * 2.0)).backward()
    np.testing.assert_allclose(x.grad, 16 * 1.5**3)
    with pytest.raises(TypeError, match=r"self\.queue"):
        ag.hessian(lambda t: operation(t))(1.5)


def test_a_subclass_of_an_operation_of_ours_is_looked_at() -> None:
    class Kept(type(ag.exp(1.0).operation)):  # type: ignore[misc]
        def forward(self, x: Any) -> Any:
            self.e = np.exp(x) * 1.0
            return np.exp(x)

        def local_gradients(self, x: Any) -> Any:
            return (self.e,)

    np.testing.assert_allclose(ag.grad(Kept())(0.5), np.exp(0.5))
    with pytest.raises(TypeError, match=r"self\.e"):
        ag.hessian(Kept())(0.5)


def test_an_operation_that_is_called_like_a_function_is_told_to_be_made_first() -> None:
    class Cube(Operation):
        def forward(self, x: Any) -> Any:
            return x**3

    with pytest.raises(TypeError, match=r"Write Cube\(\)\(x\), not Cube\(x\)"):
        Cube(Tensor(1.0))  # type: ignore[call-arg]


def test_things_that_refer_to_each_other_are_copied_together() -> None:
    class Cycle(Operation):
        def __init__(self) -> None:
            self.layer = Layer()
            self.layer.owner = self  # type: ignore[attr-defined]
            self.kept: dict[str, Any] = {}
            self.same = self.kept

        def forward(self, x: Any) -> Any:
            self.kept["x"] = x
            return x * x

        def backward(self, dz: Any) -> Any:
            assert self.layer.owner is self  # type: ignore[attr-defined]
            return 2.0 * dz * self.same["x"]

    operation = Cycle()
    for value in (1.0, 5.0, 7.0):
        x = Tensor(value)
        operation(x).backward()
        assert x.grad == 2.0 * value


def test_a_source_of_random_numbers_is_shared_by_all_uses() -> None:
    class Dropout(Operation):
        def __init__(self) -> None:
            self.random = random.Random(0)
            self.log = logging.getLogger("dropout")

        def forward(self, x: Any) -> Any:
            self.mask = np.array([self.random.random() < 0.5 for _ in x])
            return x * self.mask

        def backward(self, dz: Any) -> Any:
            return dz * self.mask

    operation, x = Dropout(), Tensor(np.ones(40))
    masks = [operation(x).data.tolist() for _ in range(4)]
    assert len({tuple(mask) for mask in masks}) == 4
