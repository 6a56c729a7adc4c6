"""What PyTorch calls each operation, and the shapes and options it is tried with."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import torch

import autograd_lite as ag

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """The shapes of the inputs, and the options of both sides."""

    shapes: tuple[Shape, ...]
    options: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        options = [f"{name}={value}" for name, value in self.options.items()]
        return "-".join(map(str, (*self.shapes, *options))).replace(" ", "").replace("\n", "")


@dataclass(frozen=True)
class Partner:
    """`theirs(*inputs, **options)`; `ours` is written out where the inputs do not come first."""

    theirs: Callable[..., Any]
    cases: tuple[Case, ...]
    domain: tuple[float, float] = (-2.0, 2.0)
    ours: Callable[..., ag.Tensor] | None = None


def ours(name: str) -> Callable[..., ag.Tensor]:
    return PARTNERS[name].ours or getattr(ag, name)


def random_shapes(seed: int, arity: int) -> tuple[Shape, ...]:
    """Shapes that broadcast: leading axes left out, lengths replaced by 1."""
    random = np.random.default_rng(seed)
    full = random.integers(1, 4, size=random.integers(2, 5))
    shapes = []
    for _ in range(arity):
        kept = np.where(random.random(full.size) < 0.3, 1, full)
        shapes.append(tuple(kept[random.integers(0, full.size) :].tolist()))
    return tuple(shapes)


def cases(*shapes: Any, **options: Any) -> tuple[Case, ...]:
    """A case for each of the shapes; a shape alone stands for a single input."""
    several = [given if given and isinstance(given[0], tuple) else (given,) for given in shapes]
    return tuple(Case(given, options) for given in several)


def on_axes() -> Iterator[Case]:
    """NumPy's axes: none, one, several in any order, from the end, none at all."""
    axes: dict[Shape, list[Any]] = {
        (): [None], (1,): [0], (3,): [None, -1], (2, 3): [None, 0, (-1, 0)],
        (2, 3, 2): [1, -1, (0, 2), (2, 0), ()], (2, 0): [0],
    }  # fmt: skip
    for shape, choices in axes.items():
        for axis, keepdims in product(choices, (False, True)):
            yield Case((shape,), {"axis": axis, "keepdims": keepdims})


def reduction(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """PyTorch's reduction of one dimension with NumPy's arguments: the axes become one."""

    def function(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        axes = range(x.ndim) if axis is None else np.atleast_1d(np.array(axis, int)) % x.ndim
        gone = [int(i) for i in axes]
        rest = [i for i in range(x.ndim) if i not in gone]
        lengths = [x.shape[i] for i in rest]
        flat = x.permute((*rest, *gone)).reshape(*lengths, math.prod(x.shape[i] for i in gone))
        kept = [1 if i in gone else x.shape[i] for i in range(x.ndim)]
        return reduce(flat, dim=-1).reshape(kept if keepdims else lengths)

    return function


def pairs(pad_width: Any, ndim: int) -> list[int]:
    """NumPy's margins in PyTorch's order: one flat list, the last axis first."""
    return np.broadcast_to(pad_width, (ndim, 2))[::-1].ravel().tolist()


def of_torch(option: Any) -> Any:
    """An option, or a tuple of them, with PyTorch's tensors in place of NumPy's arrays."""
    if isinstance(option, tuple):
        return tuple(map(of_torch, option))
    return torch.as_tensor(option) if isinstance(option, np.ndarray) else option


def unary(theirs: Callable[..., Any], low: float = -2.0, high: float = 2.0) -> Partner:
    return Partner(theirs, UNARY, (low, high))


def binary(theirs: Callable[..., Any], low: float = -2.0, high: float = 2.0) -> Partner:
    return Partner(theirs, BINARY, (low, high))


UNARY = cases((), (1,), (3,), (2, 3), (0,), (2, 0), random_shapes(1, 1), random_shapes(2, 1))
BINARY = cases(
    ((), ()), ((3,), (3,)), ((3,), ()), ((), (2, 3)), ((2, 3), (3,)), ((1, 3), (2, 1)),
    ((0,), (1,)), ((1,), (2, 0)), ((2, 0), ()), random_shapes(3, 2), random_shapes(4, 2),
    random_shapes(5, 2),
)  # fmt: skip
REDUCTION = tuple(on_axes())
EMPTY = cases((0,), (2, 0), axis=None)
ON_ONE_AXIS = tuple(
    Case((shape,), {"axis": axis})
    for shape, axes in {(3,): [0, -1], (2, 3): [0, 1], (2, 3, 2): [-2], (0, 2): [0, 1]}.items()
    for axis in axes
)
MASK = np.array([[True, False, True], [False, False, True]])
LOW = np.array([-0.5, 0.0, 0.3])

PARTNERS = {
    "negative": unary(torch.neg),
    "abs": unary(torch.abs),
    "sin": unary(torch.sin),
    "cos": unary(torch.cos),
    "tan": unary(torch.tan, -1.2, 1.2),
    "exp": unary(torch.exp),
    "log": unary(torch.log, 0.3),
    "sqrt": unary(torch.sqrt, 0.3),
    "tanh": unary(torch.tanh),
    "sigmoid": unary(torch.sigmoid),
    "relu": unary(torch.relu),
    "softplus": unary(torch.nn.functional.softplus),
    "add": binary(torch.add),
    "subtract": binary(torch.sub),
    "multiply": binary(torch.mul),
    "divide": binary(torch.div, 0.5),
    "power": binary(torch.pow, 0.3),
    "maximum": binary(torch.maximum),
    "minimum": binary(torch.minimum),
    "where": Partner(
        lambda x, y, condition: torch.where(of_torch(condition), x, y),
        (
            *cases(((2, 3), (2, 3)), ((3,), ()), ((), (2, 1)), ((4, 1, 1), (3,)), condition=MASK),
            *cases(((), ()), ((2,), (1, 2)), ((0,), (1,)), condition=np.array(True)),
        ),
        ours=lambda x, y, condition: ag.where(condition, x, y),
    ),
    "clip": Partner(
        lambda x, a_min=None, a_max=None: torch.clamp(x, of_torch(a_min), of_torch(a_max)),
        (
            *cases((), (4,), (2, 3), (0,), (2, 0), a_min=-0.5, a_max=1.0),
            *cases((5,), (2, 2, 2), a_min=0.1),
            *cases((5,), a_max=0.1),
            *cases((2, 3), (3,), a_min=LOW, a_max=LOW + 0.5),
        ),
    ),
    "sum": Partner(reduction(torch.sum), REDUCTION + EMPTY),
    "mean": Partner(reduction(torch.mean), REDUCTION),
    "max": Partner(reduction(torch.amax), REDUCTION),
    "min": Partner(reduction(torch.amin), REDUCTION),
    "prod": Partner(reduction(torch.prod), REDUCTION + EMPTY),
    "norm": Partner(reduction(torch.linalg.vector_norm), REDUCTION + EMPTY),
    "logsumexp": Partner(reduction(torch.logsumexp), REDUCTION + EMPTY),
    "softmax": Partner(lambda x, axis=-1: torch.softmax(x, axis), cases(()) + ON_ONE_AXIS),
    "log_softmax": Partner(
        lambda x, axis=-1: torch.log_softmax(x, axis), cases(()) + ON_ONE_AXIS
    ),
    "cumsum": Partner(
        lambda x, axis=None: torch.cumsum(x.reshape(-1) if axis is None else x, axis or 0),
        cases((), (3,), (2, 3), (2, 0)) + ON_ONE_AXIS,
    ),
    "matmul": Partner(
        torch.matmul,
        cases(
            ((3,), (3,)), ((2, 3), (3,)), ((2,), (2, 3)), ((2, 3), (3, 4)), ((1, 1), (1, 1)),
            ((2, 2, 3), (3, 2)), ((3, 2), (2, 2, 3)), ((2, 1, 2, 3), (3, 3, 1)), ((2,), (3, 2, 2)),
            ((3, 2, 2), (2,)), ((2, 0), (0, 3)), ((0, 2), (2, 3)), ((0,), (0,)),
            ((0, 2, 3), (3, 1)),
        ),
    ),
    "einsum": Partner(
        lambda *xs, subscripts: torch.einsum(subscripts, *xs),
        (
            *cases(((2, 3), (3, 4)), subscripts="ij,jk->ik"),
            *cases(((2, 3), (3, 4)), subscripts="ij,jk"),
            *cases(((2, 3), (2, 3)), subscripts="ij,ij->"),
            *cases(((2,), (3,), (2, 3)), subscripts="i,j,ij->ji"),
            *cases(((2, 2, 3), (2, 3, 2)), ((1, 2, 3), (2, 3, 2)), subscripts="bij,bjk->bik"),
            *cases(((2, 2, 3), (3, 2)), ((2, 3), (4, 3, 2)), subscripts="...ij,...jk->...ik"),
            *cases((3, 3), (0, 0), subscripts="ii->i"),
            *cases((3, 3), subscripts="ii"),
            *cases((2, 3, 2), subscripts="iji->j"),
            *cases((2, 3, 4), subscripts="cab->b"),
            *cases((0, 3), subscripts="ij->j"),
        ),
        ours=lambda *xs, subscripts: ag.einsum(subscripts, *xs),
    ),
    "transpose": Partner(
        lambda x, axes=None: x.permute(tuple(reversed(range(x.ndim))) if axes is None else axes),
        (
            *cases((), (3,), (2, 3), (2, 3, 4), (2, 0)),
            *cases((2, 3, 4), (1, 0, 2), axes=(2, 0, 1)),
            *cases((2, 3, 4), axes=(-1, 0, -2)),
        ),
    ),
    "reshape": Partner(
        torch.reshape,
        (
            *cases((), (1, 1), shape=(1,)),
            *cases((2, 6), (12,), (3, 2, 2), shape=(4, -1)),
            *cases((1,), shape=()),
            *cases((2, 0), shape=(0, 5)),
        ),
    ),
    "broadcast_to": Partner(
        lambda x, shape: torch.broadcast_to(x, shape),
        (
            *cases((), (3,), (1, 3), (2, 1), (2, 3), shape=(2, 3)),
            *cases((), (1,), shape=(2, 0)),
        ),
    ),
    "astype": Partner(
        lambda x, dtype: x.to(getattr(torch, dtype)),
        (
            *cases((), (3,), (2, 0), dtype="float32"),
            *cases((), (3,), (2, 0), dtype="float64"),
        ),
    ),
    "concatenate": Partner(
        lambda *xs, axis: torch.cat(xs, axis),
        (
            *cases(((3,), (2,), (1,)), ((2, 3), (1, 3)), ((0, 3), (2, 3)), ((2,),), axis=0),
            *cases(((2, 3), (2, 1)), ((2, 2, 0), (2, 2, 3)), axis=-1),
        ),
        ours=lambda *xs, axis: ag.concatenate(xs, axis),
    ),
    "pad": Partner(
        lambda x, pad_width, constant_values=0.0: torch.nn.functional.pad(
            x, pairs(pad_width, x.ndim), value=constant_values
        ),
        (
            *cases((3,), (2, 3), (0, 2), pad_width=1),
            *cases((3,), (2, 3), pad_width=(2, 1), constant_values=0.7),
            *cases((2, 3), pad_width=((0, 1), (2, 0))),
        ),
    ),
    "getitem": Partner(
        lambda x, index: x[of_torch(index)],
        (
            *cases((3,), (2, 3), index=0),
            *cases((3, 4), (4, 2, 3), index=(slice(1, None), slice(None, None, 2))),
            *cases((2, 3, 4), index=(..., None, -1)),
            *cases((2, 3), (2, 0), index=...),
            *cases((4, 2), (3,), index=np.array([0, 2, 2, -1])),
            *cases((3, 4), index=(np.array([[0, 1], [1, 1]]), np.array([3, 3]))),
            *cases((2, 3, 4), index=(np.array([1, 0]), slice(None), np.array([3, 3]))),
            *cases((2, 3), index=MASK),
            *cases((3,), index=np.array([], int)),
        ),
        ours=lambda x, index: x[index],
    ),
    "linear": Partner(
        lambda x, W, b: torch.nn.functional.linear(x, W.T, b),
        cases(
            ((2, 3), (3, 4), (4,)), ((3,), (3, 2), (2,)), ((2, 2, 3), (3, 2), (2,)),
            ((0, 3), (3, 2), (2,)), ((1, 1), (1, 1), (1,)),
        ),
    ),
    "mse_loss": Partner(
        torch.nn.functional.mse_loss, cases(((), ()), ((3,), (3,)), ((2, 3), (2, 3))),
    ),
    "cross_entropy": Partner(
        torch.nn.functional.cross_entropy,
        cases(((2, 3), (2, 3)), ((1, 1), (1, 1)), ((4, 2), (4, 2))),
    ),
    "conv2d": Partner(
        torch.nn.functional.conv2d,
        (
            *cases(((2, 3, 5, 4), (2, 3, 3, 2)), ((1, 1, 3, 3), (1, 1, 3, 3))),
            *cases(((2, 2, 5, 5), (3, 2, 2, 2), (3,)), stride=2, padding=1),
            *cases(((1, 2, 6, 5), (2, 2, 3, 2), (2,)), stride=(3, 1), padding=(0, 2)),
            *cases(((0, 2, 4, 4), (1, 2, 3, 3))),
        ),
    ),
    "max_pool2d": Partner(
        torch.nn.functional.max_pool2d,
        (
            *cases((2, 2, 4, 4), (1, 1, 5, 3), kernel_size=2),
            *cases((2, 1, 5, 6), kernel_size=(3, 2), stride=1, padding=1),
            *cases((1, 2, 6, 6), kernel_size=3, stride=(2, 1), padding=(1, 0)),
        ),
    ),
}  # fmt: skip
