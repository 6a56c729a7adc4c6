"""Comparisons in rules: the graph of a gradient asks them anew when it is replayed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.ops.indicator import Indicator, greater

KINKED: dict[str, Callable[[ag.Tensor], ag.Tensor]] = {
    "relu": ag.relu,
    "abs": np.abs,
    "maximum": lambda x: ag.maximum(x, 0.25),
    "minimum": lambda x: ag.minimum(x, 0.25),
    "clip": lambda x: ag.clip(x, -0.5, 0.5),
    "power": lambda x: x**2.0,
    "max": lambda x: ag.max(ag.stack([x, 0.25 * x])),
    "prod": lambda x: ag.prod(ag.stack([x, x - 1.0])),
    "norm": lambda x: ag.norm(ag.stack([x, 2.0 * x])),
}


@pytest.mark.parametrize("name", KINKED)
def test_a_gradient_replayed_elsewhere_is_the_gradient_there(name: str) -> None:
    x = ag.Tensor(0.7, name="x")
    (KINKED[name](x) * x).backward(create_graph=True)
    graph = ag.ComputationGraph(x.grad)
    for place in (-2.0, -0.3, 0.1, 0.4, 3.0):
        expected = ag.grad(lambda t: KINKED[name](t) * t)(place)
        np.testing.assert_allclose(graph.forward(x=place), expected, rtol=1e-14)


def test_no_gradient_flows_through_a_comparison() -> None:
    x = ag.Tensor([-1.0, 2.0], name="x")
    ag.relu(x).sum().backward(create_graph=True)
    assert not any(
        node.requires_grad
        for node in ag.ComputationGraph(x.grad).nodes
        if type(node.operation).__name__ == "Indicator"
    )
    second = ag.grad(lambda t: ag.grad(lambda u: ag.relu(u).sum())(t).sum())(x.data)
    np.testing.assert_array_equal(second, [0.0, 0.0])


@pytest.mark.parametrize(
    ("compare", "shown", "latex"),
    [(np.greater, ">", ">"), (np.greater_equal, "≥", r"\ge"), (np.less, "<", "<"),
     (np.less_equal, "≤", r"\le"), (np.equal, "=", "=")],
)  # fmt: skip
def test_an_indicator_shows_what_it_asks(compare: Any, shown: str, latex: str) -> None:
    operation = Indicator(compare)
    assert operation.symbol == shown
    assert operation.formula.format(x="a", y="b") == f"1[a {shown} b]"
    assert operation.latex.format(x="a", y="b") == rf"\mathbf{{1}}[a {latex} b]"


def test_a_tensor_on_either_side_is_asked_in_a_node() -> None:
    array, tensor = np.array([1.0, 2.0]), ag.Tensor([2.0, 1.0])
    for x, y in ((array, tensor), (tensor, array), (tensor, tensor)):
        asked = greater(x, y)
        assert type(asked.operation) is Indicator
        expected = [0.0, 0.0] if x is y else [float(x is tensor), float(x is array)]
        np.testing.assert_array_equal(asked.data, expected)
    plain = greater(array, np.array([2.0, 1.0]))
    assert type(plain) is np.ndarray
    assert plain.dtype == float
