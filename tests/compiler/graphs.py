"""Random graphs of arrays, with numbers that break what is nearly true."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

import autograd_lite as ag

SHAPES: list[tuple[int, ...]] = [(2, 3), (3, 2), (3,), (1, 3), (2, 1), (1,), ()]
NASTY = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -1e-310, 1e308, -1e308, 1.0, -1.0]
TAME = [0.5, -2.5, 3.7, -0.1, 1.3, 2.0]

ONE: dict[str, Callable[[Any], Any]] = {
    "sin": np.sin, "exp": np.exp, "tanh": np.tanh, "relu": ag.relu, "abs": np.abs,
    "sigmoid": ag.sigmoid, "minus": lambda x: -x, "double minus": lambda x: np.negative(-x),
    "times one": lambda x: 1.0 * x, "by one": lambda x: x / 1.0, "first power": lambda x: x**1.0,
    "square": lambda x: x**2.0, "cube": lambda x: x**3.0, "less zero": lambda x: x - 0.0,
    "plus zero": lambda x: x + 0.0, "times minus one": lambda x: x * -1.0,
    "times zero": lambda x: x * 0.0, "less itself": lambda x: x - x, "half": lambda x: 0.5 * x,
    "flat": lambda x: x.reshape(-1), "as column": lambda x: x.reshape(-1, 1),
    "same shape": lambda x: x.reshape(x.shape), "T": lambda x: x.T, "T twice": lambda x: x.T.T,
    "repeated": lambda x: ag.broadcast_to(x, (2, *x.shape)),
    "sum": lambda x: x.sum(), "sum 0": lambda x: x.sum(axis=0) if x.ndim else x,
    "mean -1": lambda x: x.mean(axis=-1, keepdims=True) if x.ndim else x,
    "max": lambda x: x.max(axis=0) if x.ndim else x,
    "norm": lambda x: ag.softmax(x), "up": lambda x: ag.cumsum(x) if x.ndim else x,
    "there and back": lambda x: x.astype(np.float32).astype(x.dtype),
    "first": lambda x: x[0] if x.ndim else x, "reversed": lambda x: x[..., ::-1] if x.ndim else x,
    "rows": lambda x: x[[0, 0]] if x.ndim else x, "part": lambda x: x[:1] if x.ndim else x,
    "matrix": lambda x: x @ np.linspace(-1, 1, 2 * x.shape[-1]).reshape(-1, 2).astype(x.dtype)
    if x.ndim else x,
}  # fmt: skip
TWO: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda x, y: x + y, "subtract": lambda x, y: x - y, "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y, "maximum": np.maximum, "add minus": lambda x, y: x + (-y),
    "subtract minus": lambda x, y: x - (-y), "minus add": lambda x, y: (-x) + y,
    "where": lambda x, y: ag.where(np.array([True, False, True]), x, y)
    if x.shape[-1:] in ((3,), (1,), ()) and y.shape[-1:] in ((3,), (1,), ()) else x,
    "dot": lambda x, y: x @ y if x.ndim == y.ndim == 2 and x.shape[1] == y.shape[0] else x,
    "joined": lambda x, y: ag.concatenate([x.reshape(-1), y.reshape(-1)]),
}  # fmt: skip
LARGEST = 40  # elements of a value


@dataclass(frozen=True)
class Graph:
    """Leaves of these values, then lines: an operation's name and the earlier values it takes."""

    leaves: tuple[np.ndarray, ...]
    lines: tuple[tuple[str, tuple[int, ...]], ...]

    def run(self, arrays: Sequence[np.ndarray]) -> tuple[list[ag.Tensor], ag.Tensor]:
        """The leaves, named x0, x1, …, and the output."""
        leaves = [ag.Tensor(value, name=f"x{i}") for i, value in enumerate(arrays)]
        values = list(leaves)
        with np.errstate(all="ignore"):
            for name, places in self.lines:
                values.append(({**ONE, **TWO})[name](*(values[place] for place in places)))
        return leaves, values[-1]

    def named(self, arrays: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
        """What a program takes: only the leaves that the output depends on."""
        used = ag.ComputationGraph(self.run(arrays)[1]).inputs
        return {f"x{i}": value for i, value in enumerate(arrays) if f"x{i}" in used}


def numbers(shape: tuple[int, ...], dtype: Any, pool: list[float]) -> st.SearchStrategy[np.ndarray]:
    """Arrays that lie in rows, in columns, or are every second element of a larger one."""
    size = int(np.prod(shape, dtype=int))
    return st.builds(
        lambda values, layout: _laid(np.array(values).reshape(shape), dtype, layout),
        st.lists(st.sampled_from(pool), min_size=size, max_size=size),
        st.sampled_from(["C", "F"]),
    )


def _laid(array: np.ndarray, dtype: Any, layout: Any) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.asarray(array.astype(dtype), order=layout)


@st.composite
def graphs(draw: st.DrawFn, pool: list[float] | None = None) -> Graph:
    """Up to three leaves and ten operations; values are used again and again."""
    pool = [*TAME, *NASTY] if pool is None else pool
    dtype = draw(st.sampled_from([np.float64, np.float64, np.float32]))
    shapes = [(2, 3), *draw(st.lists(st.sampled_from(SHAPES), max_size=2))]
    leaves = tuple(draw(numbers(shape, dtype, pool)) for shape in shapes)
    values: list[Any] = [ag.Tensor(leaf) for leaf in leaves]
    lines: list[tuple[str, tuple[int, ...]]] = []
    with np.errstate(all="ignore"):
        for _ in range(draw(st.integers(1, 10))):
            name = draw(st.sampled_from([*ONE, *TWO, *TWO]))
            newest = len(values) - 1
            places = (newest, *[draw(st.integers(0, newest)) for _ in range(name in TWO)])
            if draw(st.booleans()):
                places = places[::-1]
            try:
                value = ({**ONE, **TWO})[name](*(values[place] for place in places))
            except ValueError:
                continue  # shapes that do not broadcast
            if value.size <= LARGEST:
                values.append(value)
                lines.append((name, places))
    return Graph(leaves, tuple(lines))


@st.composite
def graphs_and_values(draw: st.DrawFn) -> tuple[Graph, list[list[np.ndarray]]]:
    """A graph, and two more sets of values for its leaves, which lie as they do."""
    graph = draw(graphs())
    pool = [*TAME, *NASTY]
    more = []
    for _ in range(2):
        values = [draw(numbers(leaf.shape, leaf.dtype, pool)) for leaf in graph.leaves]
        more.append([as_lies(v, leaf) for v, leaf in zip(values, graph.leaves, strict=True)])
    return graph, more


def as_lies(array: np.ndarray, like: np.ndarray) -> np.ndarray:
    laid = np.empty_like(like)
    laid[...] = array
    return laid


def seed_for(y: ag.Tensor) -> Any:
    """What backward begins with; `None` for a single number."""
    if y.size == 1:
        return None
    return (np.arange(y.size, dtype=y.dtype) - 1.5).reshape(y.shape)


def eager(graph: Graph, arrays: Sequence[np.ndarray]) -> tuple[Any, dict[str, Any]]:
    """The value and the gradients as the engine computes them."""
    leaves, y = graph.run(arrays)
    used = ag.ComputationGraph(y).inputs
    with np.errstate(all="ignore"):
        y.backward(seed_for(y))
    gradients = {
        leaf.name: np.zeros_like(leaf._data) if leaf.grad is None else leaf.grad
        for leaf in leaves if leaf.name in used
    }  # fmt: skip
    return y._data, gradients


def assert_same_bits(ours: Any, theirs: Any, what: str = "") -> None:
    """Equal to the last bit, −0 is not 0, and any nan is as good as another."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape, what
    assert ours.dtype == theirs.dtype, what
    alike = (ours == theirs) & (np.signbit(ours) == np.signbit(theirs))
    assert (alike | (np.isnan(ours) & np.isnan(theirs))).all(), f"{what}: {ours} {theirs}"
