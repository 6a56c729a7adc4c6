"""Tracing: what a rule does on stand-ins must be what it does on arrays, for all later values."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import ComputationGraph, Operation, Tensor

DRAWING = np.random.default_rng(3)
FIRST, LATER = np.array([0.5, -2.0, 1.5]), np.array([-0.4, 3.0, 0.0])


def made(forward: Callable[..., Any], backward: Callable[..., Any]) -> Operation:
    """An operation of a learner's."""
    return type("Own", (Operation,), {"forward": forward, "backward": backward})()


def assert_like_eager(operation: Operation, inside: bool = True) -> str:
    """Record at FIRST, run at LATER and at FIRST again, and compare with the engine."""
    upstream = np.array([1.0, -2.0, 0.5])

    def function(x: Tensor) -> Tensor:
        before, after = (np.sin(x) * 1.0, np.cos) if inside else (x, lambda z: z)
        return after(operation(before)) * before if inside else operation(before)

    compiled = ComputationGraph(function(Tensor(FIRST, name="x"))).compile()
    for values in (LATER, FIRST, LATER):
        x = Tensor(values, name="x")
        y = function(x)
        y.backward(upstream)
        assert np.array_equal(compiled.forward(x=values), y.data, equal_nan=True)
        assert np.array_equal(compiled.backward(upstream)["x"], x.grad, equal_nan=True)
    return compiled.source


def plus(self: Any, dz: Any) -> Any:
    return dz


def decided(self: Any, x: Any) -> Any:
    return x * 2.0 if x.sum() > 0 else np.exp(x)


def decided_slope(self: Any, dz: Any) -> Any:
    return dz * (2.0 if self.inputs[0].sum() > 0 else self.output)


def keeps(self: Any, x: Any) -> Any:
    self.kept = np.tanh(x)
    return self.kept * x


def kept_slope(self: Any, dz: Any) -> Any:
    return dz * (self.kept + self.inputs[0] * (1.0 - self.kept**2))


def kept_slope_with_if(self: Any, dz: Any) -> Any:
    return kept_slope(self, dz) if dz.sum() < 1e9 else dz


def keeps_with_if(self: Any, x: Any) -> Any:
    return keeps(self, x) if x.sum() < 1e9 else x


def clipped_in_place(self: Any, x: Any) -> Any:
    b = np.sin(x)
    np.clip(b, 0.0, 1.0, out=b)
    return b


def clipped_by_position(self: Any, x: Any) -> Any:
    b = np.sin(x)
    np.clip(b, 0.0, 1.0, b)
    return b


def clipped_into_zeros(self: Any, x: Any) -> Any:
    b = np.zeros(x.shape)
    np.clip(x, 0.0, 1.0, out=b)
    return b


def rounded_into_zeros(self: Any, x: Any) -> Any:
    b = np.zeros(x.shape)
    np.round(x, 1, b)
    return b


def filled(self: Any, x: Any) -> Any:
    b = np.zeros_like(x)
    b[...] = x * 2.0
    return b


def counted(self: Any, x: Any) -> Any:
    b = np.zeros(3)
    np.add.at(b, [0, 2, 2], x)
    return b


def divided_where(self: Any, x: Any) -> Any:
    return np.divide(1.0, x, out=np.zeros_like(x), where=x != 0.0)


def divided_where_slope(self: Any, dz: Any) -> Any:
    return -dz * self.output**2


def seen_through_a_view(self: Any, x: Any) -> Any:
    b = x * 2.0
    view = b.reshape(3)
    b += 1.0
    return view


def view_slope(self: Any, dz: Any) -> Any:
    g = dz * 2.0
    view = g.reshape(3)
    g += 1.0
    return view


def returns_input_or_not(self: Any, x: Any) -> Any:
    return x if x.sum() < 0.1 else x * 2.0


def returns_upstream_or_not(self: Any, dz: Any) -> Any:
    return dz if self.inputs[0].sum() < 0.1 else dz * 2.0


def in_place_of_its_own(self: Any, x: Any) -> Any:
    b = x * 2.0
    b += 1.0
    np.multiply(b, x, out=b)
    return b


def in_place_slope(self: Any, dz: Any) -> Any:
    g = dz * 4.0
    g *= self.inputs[0]
    g += dz
    return g


RULES: dict[str, tuple[Callable[..., Any], Callable[..., Any], bool]] = {
    "an if": (decided, decided_slope, False),
    "kept by forward": (keeps, kept_slope, True),
    "kept, and an if in backward": (keeps, kept_slope_with_if, False),
    "kept, and an if in forward": (keeps_with_if, kept_slope, False),
    "out= of its own": (clipped_in_place, plus, False),
    "out by position": (clipped_by_position, plus, False),
    "out= of zeros": (clipped_into_zeros, plus, False),
    "rounded into zeros": (rounded_into_zeros, plus, False),
    "filled": (filled, plus, False),
    "np.add.at": (counted, plus, False),
    "where=": (divided_where, divided_where_slope, False),
    "written through a view": (seen_through_a_view, plus, False),
    "backward written through a view": (in_place_of_its_own, view_slope, False),
    "input or not": (returns_input_or_not, returns_upstream_or_not, False),
    "in place": (in_place_of_its_own, in_place_slope, True),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:'where' used without 'out'")
@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("name", RULES)
def test_any_rule_gives_what_the_engine_gives(name: str, inside: bool) -> None:
    forward, backward, traceable = RULES[name]
    source = assert_like_eager(made(forward, backward), inside)
    assert ("operation1" not in source) == traceable


def test_an_operation_used_twice_keeps_what_is_its_own() -> None:
    own = made(keeps_with_if, kept_slope)
    x = Tensor(FIRST, name="x")
    compiled = ComputationGraph((own(x * 2.0) * own(x * 3.0)).sum()).compile()
    z = Tensor(LATER)
    y = (own(z * 2.0) * own(z * 3.0)).sum()
    y.backward()
    value, gradients = compiled.value_and_grad(x=LATER)
    assert value == y.item()
    assert np.array_equal(gradients["x"], z.grad)


def test_the_graph_keeps_what_its_operations_kept() -> None:
    x = Tensor(FIRST, name="x")
    y = made(keeps_with_if, kept_slope)(x)
    compiled = [ComputationGraph(y).compile() for _ in range(2)]
    compiled[0].forward()
    compiled[1].forward(x=LATER)
    y.backward(np.ones(3))
    kept = np.tanh(FIRST)
    assert np.array_equal(x.grad, kept + FIRST * (1.0 - kept**2))
    assert np.array_equal(compiled[0].backward(np.ones(3))["x"], x.grad)


def test_what_follows_an_operation_that_is_called_as_it_is_is_still_written_in_numpy() -> None:
    x = Tensor(FIRST, name="x")
    own = made(lambda self, x: x * DRAWING.random(x.shape), plus)
    source = ComputationGraph(np.sin(own(x))).compile().source
    assert "np.sin" in source
    assert "operation2" not in source


class OfItsOwn(Operation):
    def __init__(self) -> None:
        self.rng = np.random.default_rng(5)

    def forward(self, x: Any) -> Any:
        self.kept = self.rng.random(x.shape) < 0.9
        return x * self.kept

    def backward(self, dz: Any) -> Any:
        return dz * self.kept


class OfTheModule(OfItsOwn):
    def __init__(self) -> None:
        pass

    def forward(self, x: Any) -> Any:
        self.kept = DRAWING.uniform(size=x.shape) < 0.9
        return x * self.kept


class OfPython(OfTheModule):
    def forward(self, x: Any) -> Any:
        self.kept = random.uniform(0.0, 1.0) < 0.9
        return x * self.kept


class OfNumPy(OfTheModule):
    def forward(self, x: Any) -> Any:
        self.kept = np.random.rand(*x.shape) < 0.9  # noqa: NPY002
        return x * self.kept


@pytest.mark.parametrize("kind", [OfItsOwn, OfTheModule, OfPython, OfNumPy])
def test_random_numbers_are_drawn_at_every_call(kind: type[Operation]) -> None:
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    compiled = ComputationGraph(kind()(Tensor([2.0], name="x")).sum()).compile()
    values = []
    for _ in range(60):
        value, gradients = compiled.value_and_grad()
        values.append(float(value))
        assert gradients["x"] == value / 2.0  # the backward pass of these very numbers
    assert set(values) == {0.0, 2.0}


def test_compiling_draws_no_random_numbers() -> None:
    own = OfItsOwn()
    y = own(Tensor(np.ones(20), name="x"))
    before = own.rng.bit_generator.state
    ComputationGraph(y.sum()).compile()
    assert own.rng.bit_generator.state == before


def test_backward_that_returns_none_is_refused_as_by_the_engine() -> None:
    own = made(lambda self, x: x * 2.0, lambda self, dz: None)
    with pytest.raises(ValueError, match="backward returned None"):
        ComputationGraph(own(Tensor(FIRST))).compile()


def test_a_gradient_of_another_shape_is_refused_as_by_the_engine() -> None:
    own = made(lambda self, x: x * 2.0, lambda self, dz: np.ones((4, 3)) * dz)
    with pytest.raises(ValueError, match=r"Own.backward returned shape \(4, 3\)"):
        ComputationGraph(own(Tensor(FIRST))).compile()


@pytest.mark.parametrize("in_place", ["dz", "self.inputs[0]"])
def test_writing_into_what_is_lent_is_refused_as_by_the_engine(in_place: str) -> None:
    def backward(self: Any, dz: Any) -> Any:
        target = dz if in_place == "dz" else self.inputs[0]
        target *= 2.0
        return dz

    own = made(lambda self, x: x * 1.5, backward)
    y = own(np.sin(Tensor(FIRST, name="x")))
    with pytest.raises(ValueError, match="belongs to the graph"):
        ComputationGraph(y).compile()


def test_what_is_lent_at_a_later_call_is_only_read_too() -> None:
    """The branch that writes was not taken when the graph was recorded."""

    def forward(self: Any, x: Any) -> Any:
        if x.sum() < 0:
            x[0] = 0.0
        return x * 2.0

    for inside in (False, True):
        x = Tensor(np.abs(FIRST), name="x")
        own = made(forward, lambda self, dz: dz * 2.0)
        compiled = ComputationGraph(own(x * 3.0) if inside else own(x)).compile()
        compiled.forward()
        given = -np.abs(FIRST)
        with pytest.raises(ValueError, match="belongs to the graph"):
            compiled.forward(x=given)
        assert np.array_equal(given, -np.abs(FIRST))


def test_a_formula_that_does_not_fit_hinders_nobody() -> None:
    own = made(lambda self, x: x * 2.0, lambda self, dz: dz * 2.0)
    type(own).formula = "f({x}, {q})"
    assert ComputationGraph(own(Tensor(FIRST, name="x"))).compile().forward()[0] == 1.0


def test_watching_for_anomalies_hinders_nobody() -> None:
    with ag.detect_anomaly():
        compiled = ComputationGraph(np.sin(Tensor(FIRST, name="x"))).compile()
    compiled.forward()
    assert np.array_equal(compiled.backward(np.ones(3))["x"], np.cos(FIRST))


def test_a_graph_whose_leaf_was_changed_is_refused() -> None:
    x = Tensor(FIRST, name="x")
    y = np.sin(x)
    x.data = LATER
    with pytest.raises(RuntimeError, match="was changed after"):
        ComputationGraph(y).compile()


def test_what_a_rule_returns_of_its_input_is_not_overwritten_with_it() -> None:
    """Recorded it made a new array; later it returns what it was given."""
    forward = made(lambda self, x: x if x.sum() < 0 else x * 1.5, lambda self, dz: dz)

    def function(x: Tensor, w: Tensor) -> Tensor:
        early = forward(x * 2.0)
        late = np.cos(np.exp(np.sin(x * 3.0) * 0.5) + 1.0)
        return early * late * w

    w = Tensor(np.ones(3), name="w")
    constant = Tensor(np.abs(FIRST), requires_grad=False, name="x")
    compiled = ComputationGraph(function(constant, w)).compile()
    later = -np.abs(FIRST)
    expected = function(Tensor(later, requires_grad=False), w).data
    assert np.array_equal(compiled.forward(x=later), expected)
