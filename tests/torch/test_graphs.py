"""Random graphs of many operations, with shared nodes: PyTorch finds the same derivatives."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_lite as ag
from tests.strategies import same_every_run
from tests.torch.judge import TOLERANCE, agree, close, variable
from tests.torch.partners import PARTNERS, Shape, ours

SHAPES: list[Shape] = [(), (2,), (3,), (2, 3), (3, 2), (1, 3), (3, 1), (2, 1, 3)]
LARGEST, NUMBERS = 20.0, 36  # values and sizes stay below, so that rounding stays small


@dataclass(frozen=True)
class Line:
    """One operation: its name, the earlier values it takes, its options."""

    name: str
    places: tuple[int, ...]
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Graph:
    leaves: tuple[np.ndarray, ...]
    lines: tuple[Line, ...]

    def run(self, leaves: Sequence[Any], function: Callable[[str], Callable[..., Any]]) -> Any:
        """The last value; `function(name)` is what computes an operation."""
        values = list(leaves)
        for line in self.lines:
            inputs = [values[place] for place in line.places]
            values.append(function(line.name)(*inputs, **line.options))
        return values[-1]


def theirs(name: str) -> Callable[..., Any]:
    return PARTNERS[name].theirs


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Two or three leaves and three to eight operations, each on the newest value."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shapes = draw(st.lists(st.sampled_from(SHAPES), min_size=2, max_size=3))
    # One decimal, so that ties and zeros do happen.
    values = [np.round(random.uniform(-2.0, 2.0, shape), 1) for shape in shapes]
    leaves = tuple(values)
    lines: list[Line] = []
    for _ in range(draw(st.integers(3, 8))):
        choices: dict[str, list[Line]] = {}
        for line in fitting(values, len(leaves)):
            choices.setdefault(line.name, []).append(line)
        line = draw(st.sampled_from(choices[draw(st.sampled_from(sorted(choices)))]))
        inputs = [torch.tensor(values[place]) for place in line.places]
        value = theirs(line.name)(*inputs, **line.options).numpy()
        if 0 < value.size <= NUMBERS and np.abs(value).max() <= LARGEST:
            lines.append(line)
            values.append(value)
    return Graph(leaves, tuple(lines) or (Line("sin", (len(leaves) - 1,)),))


def fitting(values: list[np.ndarray], leaves: int) -> Iterator[Line]:
    """Every operation that can take the newest value here, with its choices of the others."""
    newest = len(values) - 1
    yield from on_one(values[newest], newest, newest < leaves)
    for other in range(len(values)):
        exact = newest < leaves and other < leaves
        for places in dict.fromkeys([(newest, other), (other, newest)]):
            x, y = (values[place] for place in places)
            yield from on_two(x, y, places, exact or newest == other)


def on_one(x: np.ndarray, place: int, exact: bool) -> Iterator[Line]:
    """`exact`: a leaf, of which both sides have the same numbers, also at a kink."""

    def line(name: str, **options: Any) -> Line:
        return Line(name, (place,), options)

    for name in ("negative", "sin", "cos", "tanh", "sigmoid", "softplus"):
        yield line(name)
    if np.abs(x).max() < 1.2:
        yield line("tan")
    if x.max() < 2.0:
        yield line("exp")
    if x.min() > 0.2:
        yield from map(line, ("log", "sqrt"))
    if exact or apart(x, np.zeros(1)):
        yield from map(line, ("relu", "abs"))
    if exact or apart(x, np.array([-0.5, 1.0])):
        yield line("clip", a_min=-0.5, a_max=1.0)
    for axis, keepdims in product((None, *range(x.ndim)), (False, True)):
        for name in ("sum", "mean", "prod", "logsumexp"):
            yield line(name, axis=axis, keepdims=keepdims)
        if np.linalg.norm(x, axis=axis).min() > 0.2 if x.ndim else abs(x) > 0.2:
            yield line("norm", axis=axis, keepdims=keepdims)
        if exact or apart(x, x):
            yield line("max", axis=axis, keepdims=keepdims)
            yield line("min", axis=axis, keepdims=keepdims)
    for axis in range(x.ndim):
        for name in ("softmax", "log_softmax", "cumsum"):
            yield line(name, axis=axis)
        yield line("getitem", index=(slice(None),) * axis + (-1,))
        yield line("getitem", index=(slice(None),) * axis + (slice(1, None),))
        yield line("getitem", index=(slice(None),) * axis + (np.array([0, -1, 0]),))
    yield line("transpose")
    yield line("reshape", shape=(-1,))
    yield line("broadcast_to", shape=(2, *x.shape))
    if x.ndim:
        yield line("pad", pad_width=1, constant_values=0.5)


def on_two(x: np.ndarray, y: np.ndarray, places: tuple[int, ...], exact: bool) -> Iterator[Line]:
    try:
        shape = np.broadcast_shapes(x.shape, y.shape)
    except ValueError:
        pass
    else:
        for name in ("add", "subtract", "multiply"):
            yield Line(name, places)
        every_second = np.arange(np.prod(shape, dtype=int)).reshape(shape) % 2 == 0
        yield Line("where", places, {"condition": np.asarray(every_second)})
        if np.abs(y).min() > 0.3:
            yield Line("divide", places)
        # Not the exponent 0, where PyTorch's ∂²z/∂x∂y is 0 or 1/x, depending on the order.
        if x.min() > 0.3 and x.max() < 3.0 and np.abs(y).min() > 0.0 and np.abs(y).max() < 3.0:
            yield Line("power", places)
        if exact or np.abs(x - y).min() > 1e-6:
            yield Line("maximum", places)
            yield Line("minimum", places)
    if x.ndim and y.ndim and x.shape[-1] == y.shape[max(y.ndim - 2, 0)]:
        yield Line("matmul", places)
    if x.ndim == y.ndim == 2 and x.shape[1] == y.shape[1]:
        yield Line("einsum", places, {"subscripts": "ij,kj->ki"})
    if x.ndim and x.shape[1:] == y.shape[1:] and y.ndim:
        yield Line("concatenate", places, {"axis": 0})


def apart(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether rounding cannot decide which of any two is larger."""
    gaps = np.abs(x.reshape(-1, 1) - y.reshape(1, -1))
    if x is y:
        np.fill_diagonal(gaps, np.inf)
    return bool(gaps.min() > 1e-6)


@settings(same_every_run, max_examples=300)
@given(graphs())
def test_agrees_on_graphs(graph: Graph) -> None:
    agree(
        lambda *leaves: graph.run(leaves, ours),
        lambda *leaves: graph.run(leaves, theirs),
        graph.leaves,
    )


@settings(same_every_run, max_examples=40)
@given(graphs())
def test_agrees_on_jacobians_and_hessians(graph: Graph) -> None:
    arrays, functional = graph.leaves, torch.autograd.functional
    inputs, every = tuple(map(variable, arrays)), tuple(range(len(arrays)))
    jacobian = ag.jacobian(lambda *leaves: graph.run(leaves, ours), every)(*arrays)
    expected = functional.jacobian(lambda *leaves: graph.run(leaves, theirs), inputs)
    for i in every:
        close(jacobian[i], expected[i], TOLERANCE[np.dtype(float)], f"Jacobian by leaf {i}")
    hessian = ag.hessian(lambda *leaves: graph.run(leaves, ours).sum(), every)(*arrays)
    expected = functional.hessian(lambda *leaves: graph.run(leaves, theirs).sum(), inputs)
    for i, j in product(every, every):
        close(hessian[i][j], expected[i][j], TOLERANCE[np.dtype(float)], f"Hessian by {i}, {j}")
