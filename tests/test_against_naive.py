"""Engine, replay and steps against the naive engine, after any sequence of what a user can do."""

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor, no_grad
from tests import naive
from tests.strategies import BINARY, KINKED_BINARY, KINKED_UNARY, UNARY, same_every_run

NUMBERS = st.sampled_from([-1.5, -1.0, -0.25, 0.0, 0.5, 1.0, 2.0])
SEEDS = st.sampled_from([1.0, -2.0, 0.5])
LARGEST = 12  # nodes; the naive engine asks the same question again and again


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


class Both(RuleBasedStateMachine):
    """Every action is done to the package's engine and to the naive one."""

    def __init__(self) -> None:
        super().__init__()
        self.tensors: list[Tensor] = []
        self.naive = naive.Engine()

    # Building.

    @precondition(lambda self: len(self.tensors) < LARGEST)
    @rule(value=NUMBERS, variable=st.sampled_from([True, True, False]))
    def leaf(self, value: float, variable: bool) -> None:
        self.tensors.append(Tensor(value, variable, name=f"n{len(self.tensors)}"))
        self.naive.leaf(value, variable)

    @precondition(lambda self: 0 < len(self.tensors) < LARGEST)
    @rule(data=st.data(), name=st.sampled_from(UNARY + KINKED_UNARY + BINARY + KINKED_BINARY))
    def apply(self, data: st.DataObject, name: str) -> None:
        keys = [self.pick(data) for _ in range(2 if name in BINARY + KINKED_BINARY else 1)]
        trial = deepcopy(self.naive)
        if self.sound(trial, trial.apply(name, *keys)):
            self.naive = trial
            self.tensors.append(getattr(ag, name)(*(self.tensors[key] for key in keys)))

    @precondition(lambda self: 0 < len(self.tensors) < LARGEST)
    @rule(data=st.data())
    def apply_without_recording(self, data: st.DataObject) -> None:
        key = self.pick(data)
        with no_grad():
            self.tensors.append(-self.tensors[key])
        self.naive.leaf(-self.naive.value[key], variable=False)

    # Gradients.

    @precondition(lambda self: self.tensors)
    @rule(data=st.data(), seed=SEEDS)
    def sweep(self, data: st.DataObject, seed: float) -> None:
        key = self.pick(data)
        if not self.naive.variable[key]:
            with pytest.raises(ValueError, match="depends on no variable"):
                self.tensors[key].backward(seed)
        elif self.naive.stale(key):
            with pytest.raises(RuntimeError, match="was changed after"):
                self.tensors[key].backward(seed)
        else:
            self.tensors[key].backward(seed)
            self.naive.sweep(key, seed)

    @precondition(lambda self: self.tensors)
    @rule(data=st.data())
    def zero(self, data: st.DataObject) -> None:
        key = self.pick(data)
        self.tensors[key].grad = None
        self.naive.grad.pop(key, None)

    # Other values.

    @precondition(lambda self: self.tensors)
    @rule(data=st.data(), value=NUMBERS)
    def set(self, data: st.DataObject, value: float) -> None:
        key = self.pick(data)
        if key in self.naive.made_by:
            with pytest.raises(ValueError, match="is computed"):
                self.tensors[key].data = value
        else:
            self.tensors[key].data = value
            self.naive.set(key, value)

    @precondition(lambda self: self.tensors)
    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        key = self.pick(data)
        values = self.draw_inputs(data, key)
        trial = deepcopy(self.naive)
        expected = trial.replay(key, values)
        if self.sound(trial, key):
            self.naive = trial
            graph = ComputationGraph(self.tensors[key])
            assert graph.forward(**{f"n{leaf}": value for leaf, value in values.items()}) == near(
                expected
            )

    @precondition(lambda self: self.tensors)
    @rule(data=st.data(), seed=SEEDS)
    def replay_a_copy(self, data: st.DataObject, seed: float) -> None:
        """The invariant sees that nothing of the original has moved."""
        key = self.pick(data)
        values = self.draw_inputs(data, key)
        trial = deepcopy(self.naive)
        trial.grad.clear()
        expected = trial.replay(key, values)
        if not self.sound(trial, key):
            return
        twin = ComputationGraph(self.tensors[key]).copy()
        assert twin.forward(**{f"n{leaf}": v for leaf, v in values.items()}) == near(expected)
        if trial.variable[key]:
            twin.backward(seed)
            trial.sweep(key, seed)
        for node, k in zip(twin.nodes, trial.behind(key), strict=True):
            assert (node.grad is None) == (k not in trial.grad)
            assert node.grad is None or node.grad == near(trial.grad[k])

    # Steps.

    @precondition(lambda self: self.tensors)
    @rule(data=st.data(), seed=SEEDS, granularity=st.sampled_from(["node", "edge"]))
    def steps(self, data: st.DataObject, seed: float, granularity: str) -> None:
        key = self.pick(data)
        graph = ComputationGraph(self.tensors[key])
        if not self.naive.variable[key] or self.naive.stale(key):
            with pytest.raises((ValueError, RuntimeError)):
                graph.steps(granularity, seed)
            return
        steps = graph.steps(granularity, seed)
        assert [step.index for step in steps] == list(range(len(steps)))
        place = {id(tensor): k for k, tensor in enumerate(self.tensors)}
        forward = [step for step in steps if step.phase == "forward"]
        shown = [
            k for k in self.naive.behind(key)
            if k in self.naive.made_by or self.tensors[k].name is not None
        ]  # fmt: skip
        assert [place[id(step.node)] for step in forward] == shown
        assert [step.value for step in forward] == [near(self.naive.value[k]) for k in shown]
        found = [c for step in steps for c in step.contributions]
        edges = self.naive.edges(key, seed)
        total = {edge.target: sum(e.target == edge.target for e in edges) for edge in edges}
        for c, edge in zip(found, edges, strict=True):
            assert [place[id(c.node)], c.position, place[id(c.target)]] == list(edge[:3])
            assert [c.upstream, c.local, c.after] == [
                near(edge.upstream), near(edge.local), near(edge.after),
            ]  # fmt: skip
            assert c.value == near(edge.upstream * edge.local)
            assert (c.before is None) == (edge.before is None)
            assert c.before is None or c.before == near(edge.before)
            assert c.expected == total[edge.target]
        per_step = {len(s.contributions) for s in steps if s.phase == "backward"}
        assert per_step <= ({1} if granularity == "edge" else {1, 2})

    # What must hold after each.

    @invariant()
    def values_and_gradients_agree(self) -> None:
        for key, tensor in enumerate(self.tensors):
            assert tensor.item() == near(self.naive.value[key])
            assert tensor.requires_grad == self.naive.variable[key]
            if key not in self.naive.grad:
                assert tensor.grad is None
            else:
                assert tensor.grad == near(self.naive.grad[key])

    @invariant()
    def every_gradient_has_its_own_memory(self) -> None:
        arrays = [t.grad for t in self.tensors if t.grad is not None]
        assert all(array.flags.writeable for array in arrays)
        assert len({array.__array_interface__["data"][0] for array in arrays}) == len(arrays)

    def pick(self, data: st.DataObject) -> int:
        # The newest first, so that graphs grow deep.
        return len(self.tensors) - 1 - data.draw(st.integers(0, len(self.tensors) - 1))

    def draw_inputs(self, data: st.DataObject, key: int) -> dict[int, float]:
        leaves = [
            k for k in self.naive.behind(key)
            if k not in self.naive.made_by and self.tensors[k].name is not None
        ]  # fmt: skip
        return data.draw(st.dictionaries(st.sampled_from(leaves), NUMBERS)) if leaves else {}

    def sound(self, engine: naive.Engine, key: int) -> bool:
        """Numbers stay small, and no kink is so near that the last bit decides."""
        for k in engine.behind(key):
            if not abs(engine.value[k]) < 100.0:
                return False
            name, inputs = engine.made_by.get(k, ("", ()))
            values = [engine.value[i] for i in inputs]
            if name in KINKED_UNARY and 0.0 < abs(values[0]) < 1e-6:
                return False
            if name in KINKED_BINARY and 0.0 < abs(values[0] - values[1]) < 1e-6:
                return False
        return True


TestBoth = Both.TestCase
TestBoth.settings = settings(same_every_run, max_examples=150, stateful_step_count=30)


def test_the_naive_engine_finds_the_worked_example() -> None:
    engine = naive.Engine()
    x1, x2 = engine.leaf(2.0), engine.leaf(3.0)
    y = engine.apply("add", engine.apply("multiply", x1, x2), engine.apply("sin", x1))
    engine.sweep(y, 1.0)
    assert engine.value[y] == 6.0 + np.sin(2.0)
    assert engine.grad[x1] == pytest.approx(3.0 + np.cos(2.0), rel=1e-15)
    assert engine.grad[x2] == 2.0
    assert [edge[:3] for edge in engine.edges(y, 1.0)] == [
        (4, 0, 2), (4, 1, 3), (3, 0, 0), (2, 0, 0), (2, 1, 1),
    ]  # fmt: skip
    engine.set(x1, 5.0)
    assert engine.stale(y)
    assert engine.replay(y, {x1: 0.0}) == 0.0
    assert not engine.stale(y)
