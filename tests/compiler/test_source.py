"""The source: the same text everywhere, valid whatever things are called, and read by itself."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import autograd_lite as ag
from autograd_lite import ComputationGraph, Operation, Tensor, optim
from autograd_lite.compiler import Compiled
from tests.compiler.graphs import Graph, assert_same_bits, eager, graphs_and_values, seed_for

HOSTILE = [
    "__import__('os').system('x')", "np", "print", "lambda", "x\nimport os", "x\u2028y", "x\ry",
    "forward", "backward", "passes", "update", "math", "Ŷ", '"', "'", "\\", "{}", "{x}", "%s",
    "# x", "", " ", "given1", "operation1", "num_2", "ones_3", "t1", "v1", "gradient", "lr",
    "parameters", "gradients", "memory1", "d_x", "x_T", "match", "None", "µ", "\ud800", "a\x00b",
    "add", "sin", "multiply", "divide", "rates", "num_0_5",
]  # fmt: skip

PROGRAM = """
import numpy as np, autograd_lite as ag
x, W = ag.Tensor(np.ones((2, 3)), name="x"), ag.Tensor(np.ones((3, 2)), name="W")
y = (np.tanh(x @ W + np.array([0.5, 2.0])) ** 2.0).sum()
y = y + x[[0, 1, 1]].mean() + W.T.max(axis=0).sum()
compiled = ag.ComputationGraph(y).compile()
print(compiled.source)
print(compiled.training_step(ag.optim.Adam([x, W])).source)
"""


def record(leaf: str, inner: str) -> tuple[Tensor, Tensor, Tensor]:
    x, w = (Tensor([0.5, -2.0, 1.5], name=name) for name in (leaf, "w"))
    h = np.sin(x) * w
    h.name = inner
    return x, w, (h * h + x * 2.0 + 1.0 / w).sum()


def test_two_processes_write_the_same_text() -> None:
    texts = []
    for seed in ("1", "2"):
        environment = {
            **os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(ag.__file__).parents[1])
        }  # fmt: skip
        command = [sys.executable, "-c", PROGRAM]
        run = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
        texts.append(run.stdout)
    assert texts[0] == texts[1]
    assert "def update(" in texts[0]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("what", ["leaf", "inner", "both"])
def test_whatever_things_are_called(
    name: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    x, w, y = record(name if what != "inner" else "q", name if what != "leaf" else "h")
    graph = ComputationGraph(y)
    compiled = graph.compile()
    y.backward()
    value, gradients = compiled.value_and_grad()
    assert value == y.item()
    assert np.array_equal(gradients[graph.label(x)], x.grad)
    assert np.array_equal(gradients["w"], w.grad)
    _assert_only_calls_of_numpy(compiled.source)
    step = compiled.training_step(optim.SGD([w, x], lr=0.1, momentum=0.5))
    step()
    step()
    _assert_only_calls_of_numpy(step.source)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_the_data_of_a_step_is_called(name: str) -> None:
    def one(mode: str) -> Any:
        x, w = Tensor([1.0, 2.0], requires_grad=False, name=name), Tensor([3.0, 4.0], name="w")
        optimizer = optim.SGD([w], lr=0.1, momentum=0.5)
        y = (np.sin(w * x) * w).sum()
        if mode == "compiled":
            step = ComputationGraph(y).compile().training_step(optimizer)
        for _ in range(3):
            if mode == "compiled":
                step()
            else:
                optimizer.zero_grad()
                (np.sin(w * x) * w).sum().backward()
                optimizer.step()
        return w.data

    np.testing.assert_allclose(one("compiled"), one("eager"), rtol=1e-12)


def _assert_only_calls_of_numpy(source: str) -> None:
    tree = ast.parse(source)
    brief = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert [alias.name for alias in node.names] in (["math"], ["numpy"])
        if isinstance(node, ast.ImportFrom):
            assert node.module == "numpy"
            brief |= {alias.name for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called in brief or called.startswith(("np.", "parameters[", "gradients["))
        assert not isinstance(node, ast.Lambda | ast.Global)


def test_comments_tell_what_a_line_computes() -> None:
    x, w = Tensor([1.0, 2.0], name="x"), Tensor([3.0, 4.0], name="w")
    h = x * w
    h.name = "h"
    J = np.sin(h).sum()
    J.name = "J"
    source = ComputationGraph(J).compile().source
    for comment in ("# h = x · w", "# J", "# ∂J/∂x", "# ∂J/∂w"):
        assert comment in source


@given(graphs_and_values())
def test_it_runs_by_itself_where_it_needs_nothing_given(
    drawn: tuple[Graph, list[list[np.ndarray]]],
) -> None:
    graph, more = drawn
    y = graph.run(graph.leaves)[1]
    compiled = ComputationGraph(y).compile()
    ast.parse(compiled.source)
    if "given" in compiled.source or "operation" in compiled.source or compiled._of_numbers:
        return
    space: dict[str, Any] = {}
    exec(compiled.source, space)
    named = graph.named(more[0])
    wanted, slopes = eager(graph, more[0])
    with np.errstate(all="ignore"):
        value, kept = space["forward"](*(named[leaf.label] for leaf in compiled._passes.inputs))
        seed = seed_for(y)
        gradients = space["backward"](*kept, *([] if seed is None else [seed]))
    assert_same_bits(value, wanted)
    for name, slope in slopes.items():
        assert_same_bits(gradients[name], slope, name)


class Opaque(Operation):
    def forward(self, x: Any) -> Any:
        return x * 2.0 if x.sum() > 0 else x * 3.0

    def backward(self, dz: Any) -> Any:
        return dz * 2.0


def test_a_variable_may_be_called_as_operations_are() -> None:
    x = Tensor([1.0, 2.0], name="operation1")
    assert ComputationGraph(Opaque()(x)).compile().forward()[1] == 4.0


@pytest.mark.parametrize("dtype", [">f8", "<f4", ">f4", "f2"])
def test_other_kinds_of_floats_can_be_written(dtype: str) -> None:
    x = Tensor(np.array([1.0, 2.0], dtype), name="x")
    y = (np.sin(x) * x * 0.3).astype(np.float64) + 1.0
    compiled = ComputationGraph(y).compile()
    y.backward([1.0, 2.0])
    assert_same_bits(compiled.forward(), y.data)
    assert_same_bits(compiled.backward([1.0, 2.0])["x"], x.grad)


def test_a_graph_of_one_leaf_is_a_program_too() -> None:
    compiled = ComputationGraph(Tensor([1.0, 2.0], name="x")).compile()
    seed = np.array([5.0, 6.0])
    assert compiled.forward().tolist() == [1.0, 2.0]
    gradient = compiled.backward(seed)["x"]
    assert gradient.tolist() == [5.0, 6.0]
    assert not np.shares_memory(gradient, seed)
    assert isinstance(compiled, Compiled)
