"""A compiled step does what `backward` and the optimiser's step do, in whatever order."""

import copy
import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from autograd_lite import ComputationGraph, Tensor, nn, optim
from autograd_lite.compiler import TrainingStep
from tests.strategies import same_every_run


class Lion(optim.Optimizer):
    """Elementwise, with a memory, by sign."""

    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        m = memory[0] if memory else 0.0 * gradient
        return value - self.lr * np.sign(0.9 * m + 0.1 * gradient), (0.99 * m + 0.01 * gradient,)


class HeavyBall(optim.Optimizer):
    """It remembers the value before."""

    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        before = memory[0] if memory else value
        return value - self.lr * gradient + 0.5 * (value - before), (value,)


class LastGradient(optim.Optimizer):
    """It remembers the gradient itself."""

    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        before = memory[0] if memory else gradient
        return value - self.lr * (1.5 * gradient - 0.5 * before), (gradient,)


class Swapping(optim.Optimizer):
    """What it remembers changes places."""

    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        a, b = memory or (0.0 * gradient, 0.0 * gradient + 1.0)
        return value - self.lr * gradient * b, (b, a)


class Normed(optim.Optimizer):
    """Each gradient is divided by its length."""

    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        return value - self.lr * gradient / np.sqrt((gradient * gradient).sum()), ()


class LargestOnly(optim.Optimizer):
    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        return value - self.lr * gradient * (np.abs(gradient) == np.abs(gradient).max()), ()


class BySize(optim.Optimizer):
    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        return value - self.lr * gradient / gradient.size, ()


class MatricesOnly(optim.Optimizer):
    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        return value - self.lr * (gradient if gradient.ndim == 2 else 0.0 * gradient), ()


class Counting(optim.Optimizer):
    """It counts on itself, not in its memory."""

    count = 0

    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        self.count += 1
        return value - self.lr / self.count * gradient, ()


class LaterSlower(optim.Optimizer):
    """It counts on itself, and the count matters late."""

    count = 0

    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        self.count += 1
        return value - self.lr * (0.5 if self.count > 25 else 1.0) * gradient, ()


class Averaging(optim.Optimizer):
    """It reads the old value after the new one is there."""

    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        mean = memory[0] if memory else 0.0 * value
        new = value - self.lr * gradient + 0.01 * mean
        return new, (0.9 * mean + 0.1 * value,)


class Deciding(optim.Optimizer):
    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        return value - self.lr * (gradient if gradient.sum() > 0 else 2.0 * gradient), ()


class LengthRemembered(optim.Optimizer):
    """It remembers one number of each parameter."""

    def update(self, value: Any, gradient: Any, memory: Any) -> Any:
        length = (memory[0] if memory else 0.0) + float(np.abs(gradient).sum())
        return value - self.lr * gradient / length, (length,)


OPTIMISERS: dict[str, Callable[..., optim.Optimizer]] = {
    "SGD": lambda p: optim.SGD(p, lr=0.1),
    "momentum": lambda p: optim.SGD(p, lr=0.1, momentum=0.9),
    "decay": lambda p: optim.SGD(p, lr=0.1, weight_decay=0.1),
    "both": lambda p: optim.SGD(p, lr=0.1, momentum=0.5, weight_decay=0.1),
    "Adam": lambda p: optim.Adam(p, lr=0.05),
    "Adam with decay": lambda p: optim.Adam(p, lr=0.05, weight_decay=0.1),
    **{
        kind.__name__: partial(kind, lr=0.1)
        for kind in (
            Lion, HeavyBall, LastGradient, Swapping, Normed, LargestOnly, BySize, MatricesOnly,
            Counting, Deciding, LengthRemembered, LaterSlower, Averaging,
        )
    },
}  # fmt: skip
WRITTEN_FOR_ALL_AT_ONCE = {
    "SGD", "momentum", "decay", "both", "Adam", "Adam with decay"
}  # fmt: skip

X = np.random.default_rng(1).normal(size=(5, 3))


class Net:
    """A matrix, also used transposed; a vector; a single number; one outside; one frozen."""

    def __init__(self, dtype: Any, kind: str) -> None:
        random = np.random.default_rng(0)
        shapes: dict[str, tuple[int, ...]] = {
            "W": (3, 3), "b": (3,), "c": (3,), "k": (), "outside": (2,), "frozen": (3,)
        }  # fmt: skip
        for name, shape in shapes.items():
            value = np.asarray(random.normal(size=shape), dtype)
            setattr(self, name, Tensor(value, name != "frozen", name=name))
        self.parameters = [getattr(self, name) for name in shapes]
        self.optimizer = OPTIMISERS[kind](self.parameters)
        self.x = Tensor(X.astype(dtype), requires_grad=False, name="x")

    def loss(self) -> Tensor:
        h = np.tanh(self.x @ self.W + self.b + self.c)  # b and c have the same gradient
        return ((h @ self.W.T * self.k + self.frozen) ** 2.0).mean() * 4.0

    def step(self) -> Any:
        self.optimizer.zero_grad()
        loss = self.loss()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def compiled(self) -> TrainingStep:
        return ComputationGraph(self.loss()).compile().training_step(self.optimizer)


def assert_alike(one: Net, other: Net) -> None:
    for a, b in zip(one.parameters, other.parameters, strict=True):
        tolerance = 1e-12 if a.dtype == np.float64 else 2e-5
        np.testing.assert_allclose(a.data, b.data, tolerance, tolerance, err_msg=a.name)
        assert a.dtype == b.dtype
        assert not a.data.flags.writeable
        with pytest.raises(ValueError, match="cannot be written in place"):
            a.data[...] = 1.0


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", OPTIMISERS)
def test_ten_steps_are_those_of_the_engine(kind: str, dtype: Any) -> None:
    ours, theirs = Net(dtype, kind), Net(dtype, kind)
    step = ours.compiled()
    for number in range(10):
        np.testing.assert_allclose(step(), theirs.step(), rtol=2e-5)
        if number == 4:
            ours.optimizer.lr = theirs.optimizer.lr = 0.03
    assert_alike(ours, theirs)
    assert ("def update(" in step.source) == (kind in WRITTEN_FOR_ALL_AT_ONCE)


class Mixed(RuleBasedStateMachine):
    """Two networks: the one does all eagerly, the other some of it compiled."""

    @initialize(kind=st.sampled_from(["SGD", "both", "Adam", "HeavyBall", "Normed"]))
    def begin(self, kind: str) -> None:
        self.ours, self.theirs = Net(np.float64, kind), Net(np.float64, kind)
        self.steps = [self.ours.compiled(), self.ours.compiled()]
        self.graphs: list[Tensor] = []
        self.expected: list[bool] = []

    @rule(which=st.integers(0, 1), times=st.integers(1, 3))
    def compiled(self, which: int, times: int) -> None:
        for _ in range(times):
            self.steps[which]()
            self.theirs.step()

    @rule()
    def eager(self) -> None:
        self.ours.step()
        self.theirs.step()

    @rule()
    def keep_a_graph(self) -> None:
        self.graphs.append(self.ours.loss())

    @rule(name=st.sampled_from("Wbk"))
    def keep_one_use(self, name: str) -> None:
        self.graphs.append(np.sin(getattr(self.ours, name)).sum())

    @rule(name=st.sampled_from("Wbk"), value=st.sampled_from([0.5, -1.0]))
    def set(self, name: str, value: float) -> None:
        for net in (self.ours, self.theirs):
            tensor = getattr(net, name)
            tensor.data = tensor.data * 0.5 + value

    @rule(lr=st.sampled_from([0.01, 0.2]))
    def schedule(self, lr: float) -> None:
        self.ours.optimizer.lr = self.theirs.optimizer.lr = lr

    @rule()
    def compile_again(self) -> None:
        self.steps = [self.steps[1], self.ours.compiled()]

    @rule()
    def copied(self) -> None:
        self.ours = pickle.loads(pickle.dumps(self.ours))
        self.steps, self.graphs = [self.ours.compiled(), self.ours.compiled()], []

    @invariant()
    def alike(self) -> None:
        if hasattr(self, "ours"):
            for a, b in zip(self.ours.parameters, self.theirs.parameters, strict=True):
                np.testing.assert_allclose(a.data, b.data, rtol=1e-9, atol=1e-9, err_msg=a.name)


TestMixed = Mixed.TestCase
TestMixed.settings = settings(same_every_run, max_examples=40, stateful_step_count=15)


def test_a_new_value_is_moved_when_nothing_else_was_made() -> None:
    w = Tensor([1.0, 2.0], name="w")
    step = ComputationGraph((w * w).sum()).compile().training_step(optim.SGD([w], lr=0.1))
    step()
    w.data = [10.0, 20.0]
    step()
    np.testing.assert_allclose(w.data, [8.0, 16.0])
    assert not w._data.flags.writeable


def test_a_single_number_is_moved_at_every_step() -> None:
    k = Tensor(1.0, name="k")
    step = ComputationGraph(k * k).compile().training_step(optim.SGD([k], lr=0.25))
    for expected in (0.5, 0.25, 0.125):
        step()
        assert k.item() == expected


@pytest.mark.parametrize("between", ["set", "step"])
def test_a_graph_that_holds_the_old_value_does_not_hide_a_new_one(between: str) -> None:
    """One reference goes and another one comes: the count is the same."""
    w = Tensor([1.0, 2.0], name="w")
    optimizer = optim.SGD([w], lr=0.1)
    step = ComputationGraph((w * w).sum()).compile().training_step(optimizer)
    held = np.sin(w)
    if between == "set":
        w.data = [1.0, 2.0]
    else:
        optimizer.lr, w.grad = 0.0, np.zeros(2)
        optimizer.step()
        optimizer.lr = 0.1
    step()
    assert held is not None
    np.testing.assert_allclose(w.data, [0.8, 1.6])


@pytest.mark.parametrize("kind", ["SGD", "both", "Adam", "Normed"])
def test_a_gradient_that_is_not_finite_changes_nothing(kind: str) -> None:
    net = Net(np.float64, kind)
    step = net.compiled()
    step()
    before = copy.deepcopy([tensor.data.copy() for tensor in net.parameters])
    memory = copy.deepcopy(net.optimizer._memory)
    bad = X.copy()
    bad[0, 0] = np.nan
    with pytest.raises(FloatingPointError, match=r"step: the gradient of 'W' .* input x has nan"):
        step(x=bad)
    for tensor, value in zip(net.parameters, before, strict=True):
        assert np.array_equal(tensor.data, value)
    for now, then in zip(net.optimizer._memory, memory, strict=True):
        for a, b in zip(now, then, strict=True):
            assert np.array_equal(a, b)
    other = Net(np.float64, kind)
    other.step()
    other.step()
    step()
    assert_alike(net, other)


def gone_to_infinity(compiled: bool, what: str, dtype: Any) -> tuple[Any, ...]:
    """After which step and with which words it stops, and what it leaves."""
    large = float(np.finfo(dtype).max)
    w, v = (Tensor(np.array([1.0, 2.0], dtype), name=name) for name in "wv")
    momentum, lr = (0.9, 1e-30) if what == "memory" else (0.0, large if what == "lr" else 0.5)
    optimizer = optim.SGD([v, w], lr=lr, momentum=momentum)
    slope = {"lr": 8.0, "data": large, "memory": large / 1.5}[what]
    x = Tensor(np.array([1.0, slope], dtype), requires_grad=False, name="x")

    def loss() -> Tensor:
        return (w * x).sum() + v.sum() * 2.0

    step = ComputationGraph(loss()).compile().training_step(optimizer) if compiled else None
    for number in range(9):
        try:
            if step is not None:
                step()
            else:
                optimizer.zero_grad()
                loss().backward()
                optimizer.step()
        except FloatingPointError as error:
            words = str(error).replace("TrainingStep", "SGD.step")
            return number, words, w.numpy(), v.numpy(), *sum(optimizer._memory, ())
    pytest.fail("it never went to infinity")


@pytest.mark.filterwarnings("ignore:overflow")  # of the loss
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("what", ["lr", "data", "memory"])
def test_what_would_go_to_infinity_is_refused_as_by_the_engine(what: str, dtype: Any) -> None:
    ours, theirs = (gone_to_infinity(compiled, what, dtype) for compiled in (True, False))
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def test_graphs_recorded_before_a_step_notice() -> None:
    net = Net(np.float64, "SGD")
    step = net.compiled()
    for _ in range(3):
        before = net.loss()
        step()
        with pytest.raises(RuntimeError, match="was changed after"):
            before.backward()
        net.loss().backward()


@pytest.mark.parametrize("kind", ["both", "Adam"])
@pytest.mark.parametrize("way", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_after_compiled_steps_goes_its_own_way(kind: str, way: Any) -> None:
    net, other = Net(np.float64, kind), Net(np.float64, kind)
    step = net.compiled()
    for _ in range(3):
        step()
        other.step()
    twin = way(net)
    step()
    assert_alike_values(twin, other)
    twin.step()
    other.step()
    assert_alike_values(twin, other)
    assert_alike_values(net, other)


def assert_alike_values(one: Net, other: Net) -> None:
    for a, b in zip(one.parameters, other.parameters, strict=True):
        np.testing.assert_allclose(a.data, b.data, rtol=1e-12, err_msg=a.name)


def test_a_model_that_loads_a_state_trains_on_from_there() -> None:
    def model() -> Any:
        return nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 1, rng=1))

    ours, theirs = model(), model()
    state = {name: value * 0.5 for name, value in model().state_dict().items()}
    optimizers = [optim.Adam(m.parameters(), lr=0.01) for m in (ours, theirs)]
    x = Tensor(X, requires_grad=False, name="x")
    step = ComputationGraph((ours(x) ** 2.0).mean()).compile().training_step(optimizers[0])
    for number in range(6):
        step()
        optimizers[1].zero_grad()
        (theirs(x) ** 2.0).mean().backward()
        optimizers[1].step()
        if number == 2:
            ours.load_state_dict(state)
            theirs.load_state_dict(state)
    for name, value in ours.state_dict().items():
        np.testing.assert_allclose(value, theirs.state_dict()[name], rtol=1e-10)


def test_a_schedule_is_followed() -> None:
    ours, theirs = Net(np.float64, "SGD"), Net(np.float64, "SGD")
    schedules = [optim.StepLR(net.optimizer, 2, gamma=0.5) for net in (ours, theirs)]
    step = ours.compiled()
    for _ in range(6):
        step()
        theirs.step()
        for schedule in schedules:
            schedule.step()
    assert_alike(ours, theirs)


def test_data_are_given_by_name() -> None:
    net = Net(np.float64, "SGD")
    step = net.compiled()
    with pytest.raises(ValueError, match=r"no input is named 'X'\. Inputs are W, b, .*, x\."):
        step(X=X)
    with pytest.raises(ValueError, match=r"x received shape \(4, 3\), expected \(5, 3\)"):
        step(x=X[:4])
    before = net.W.data.copy()
    with pytest.raises(ValueError, match="expected a number or an array of numbers"):
        step(x="text")
    assert np.array_equal(net.W.data, before)


def test_what_cannot_be_trained_is_refused_with_the_mend() -> None:
    w = Tensor([1.0, 2.0], name="w")
    compiled = ComputationGraph((w * w).sum()).compile()
    with pytest.raises(TypeError, match=r"received list, expected an optimiser, such as optim.SGD"):
        compiled.training_step([w])
    with pytest.raises(ValueError, match=r"depends on none of the optimiser's parameters.*'v'"):
        compiled.training_step(optim.SGD([Tensor(1.0, name="v")], lr=0.1))
    with pytest.raises(ValueError, match=r"has shape \(2,\), expected one number"):
        ComputationGraph(w * w).compile().training_step(optim.SGD([w], lr=0.1))
    v = Tensor(np.ones(2, np.float32), name="v")
    y = (w * v.astype(np.float64)).sum()
    with pytest.raises(TypeError, match=r"float32 and float64, expected one kind"):
        ComputationGraph(y).compile().training_step(optim.SGD([w, v], lr=0.1))


def test_a_step_of_the_optimisers_own_is_not_passed_over() -> None:
    class Clipping(optim.SGD):
        def step(self) -> None:
            optim.clip_grad_norm(self.parameters, 1.0)
            super().step()

    w = Tensor([1.0, 2.0], name="w")
    with pytest.raises(TypeError, match=r"Clipping has a step of its own.*Write the rule as"):
        ComputationGraph((w * w).sum()).compile().training_step(Clipping([w], lr=0.1))


def test_a_parameter_of_another_shape_is_refused() -> None:
    w = Tensor([1.0, 2.0], name="w")
    step = ComputationGraph((w * w).sum()).compile().training_step(optim.SGD([w], lr=0.1))
    w.data = [1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match="step: 'w' has become float64 of shape"):
        step()


def test_grad_stays_what_it_was() -> None:
    net = Net(np.float64, "SGD")
    step = net.compiled()
    net.loss().backward()
    grads = [copy.deepcopy(tensor.grad) for tensor in net.parameters]
    step()
    for tensor, grad in zip(net.parameters, grads, strict=True):
        assert np.array_equal(tensor.grad, grad) if grad is not None else tensor.grad is None
