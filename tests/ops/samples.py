"""How each operation of the table is called in the walks over it.

A new operation needs an entry here; without one the walks fail.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograd_lite as ag
from autograd_lite.ops import FUNCTIONS

Shape = tuple[int, ...]
ANY, POSITIVE, NOT_ZERO = (-2.0, 2.0), (0.3, 2.5), (0.5, 2.0)


@dataclass(frozen=True)
class Sample:
    """A call of an operation's function, the shapes of its inputs, and where they may lie."""

    call: Callable[..., ag.Tensor]
    shapes: tuple[Shape, ...]
    domains: tuple[tuple[float, float], ...]
    title: str = ""

    def inputs(self, seed: int = 7) -> list[np.ndarray]:
        random = np.random.default_rng(seed)
        return [
            np.asarray(random.uniform(*domain, shape))
            for domain, shape in zip(self.domains, self.shapes, strict=True)
        ]


# Elementwise operations: the domain of each input. Any shapes that broadcast will do.
DOMAINS = {
    "add": (ANY, ANY), "subtract": (ANY, ANY), "multiply": (ANY, ANY), "divide": (ANY, NOT_ZERO),
    "power": (POSITIVE, ANY), "negative": (ANY,), "abs": (ANY,), "maximum": (ANY, ANY),
    "minimum": (ANY, ANY), "sin": (ANY,), "cos": (ANY,), "tan": ((-1.2, 1.2),), "exp": (ANY,),
    "log": (POSITIVE,), "sqrt": (POSITIVE,), "tanh": (ANY,), "sigmoid": (ANY,), "relu": (ANY,),
    "softplus": (ANY,),
}  # fmt: skip

SHAPES: dict[int, list[tuple[Shape, ...]]] = {
    1: [((),), ((1,),), ((3,),), ((2, 3),), ((0,),), ((2, 0),)],
    2: [
        ((), ()), ((3,), (3,)), ((3,), ()), ((), (2, 3)), ((2, 3), (3,)), ((1, 3), (2, 1)),
        ((2, 1, 2), (3, 1)), ((0,), (1,)), ((1,), (2, 0)), ((2, 0), ()),
    ],
}  # fmt: skip

REDUCTIONS = ("sum", "mean", "max", "min", "prod", "norm", "logsumexp")
EMPTY_HAS_NONE = ("mean", "max", "min")  # 0/0, or no largest element
AXES = (None, 0, -1, (0, 2), (2, 0), ())

# The others: (shapes of the inputs, arguments that follow them).
CALLS: dict[str, list[tuple[tuple[Shape, ...], dict[str, Any]]]] = {
    "softmax": [(((4,),), {}), (((2, 3),), {"axis": 0}), (((2, 3, 2),), {"axis": 1}), (((),), {})],
    "log_softmax": [(((4,),), {}), (((2, 3),), {"axis": 0}), (((),), {})],
    "cumsum": [(((4,),), {}), (((2, 3),), {}), (((2, 3),), {"axis": -2}), (((),), {})],
    "clip": [
        (((3, 4),), {"a_min": -0.5, "a_max": 0.5}), (((),), {"a_min": 0.0}),
        (((3, 2),), {"a_max": np.array([-0.5, 0.5], np.float32)}),
        (((2,),), {"a_min": np.zeros((3, 1), np.float32)}),
    ],
    "matmul": [
        (((3,), (3,)), {}), (((2, 3), (3,)), {}), (((3,), (3, 2)), {}), (((2, 3), (3, 4)), {}),
        (((5, 2, 3), (3, 2)), {}), (((2, 3), (5, 3, 2)), {}), (((2, 1, 2, 3), (4, 3, 2)), {}),
        (((3,), (2, 3, 2)), {}), (((2, 2, 3), (3,)), {}), (((2, 0), (0, 3)), {}),
        (((0, 2), (2, 3)), {}),
    ],
    "transpose": [
        (((2, 3),), {}), (((2, 3, 4),), {"axes": (1, 2, 0)}), (((2, 3),), {"axes": (-1, 0)}),
        (((),), {}),
    ],
    "reshape": [
        (((2, 3),), {"shape": (3, -1)}), (((6,),), {"shape": (2, 3)}), (((2, 2),), {"shape": -1}),
        (((),), {"shape": (1, 1)}),
    ],
    "broadcast_to": [
        (((3,),), {"shape": (2, 3)}), (((2, 1),), {"shape": (2, 4)}), (((),), {"shape": (2,)}),
    ],
    "pad": [
        (((2, 3),), {"pad_width": ((1, 0), (2, 1)), "constant_values": 3.0}),
        (((3,),), {"pad_width": 2}), (((2, 2),), {"pad_width": (1, 2)}),
    ],
    "linear": [
        (((2, 3), (3, 4), (4,)), {}), (((3,), (3, 2), (2,)), {}), (((2, 1, 3), (3, 2), (2,)), {}),
        (((1, 3), (3, 1), (1,)), {}), (((0, 3), (3, 2), (2,)), {}), (((2, 0), (0, 3), (3,)), {}),
    ],
    "mse_loss": [
        (((), ()), {}), (((3,), (3,)), {}), (((2, 3), (2, 3)), {}), (((1, 1), (1, 1)), {}),
    ],
    "cross_entropy": [(((2, 3), (2, 3)), {}), (((1, 1), (1, 1)), {}), (((3, 2), (3, 2)), {})],
    "conv2d": [
        (((1, 1, 3, 3), (1, 1, 2, 2)), {}),
        (((2, 2, 5, 4), (3, 2, 3, 2), (3,)), {"stride": (2, 1), "padding": (1, 0)}),
        (((2, 1, 7, 7), (2, 1, 3, 3)), {"stride": 3, "padding": 1}),
    ],
    "max_pool2d": [
        (((1, 2, 4, 4),), {"kernel_size": 2}),
        (((2, 1, 5, 6),), {"kernel_size": (3, 2), "stride": 2}),
        (((1, 1, 5, 4),), {"kernel_size": 3, "stride": 2, "padding": 1}),
    ],
}  # fmt: skip

EINSUMS: list[tuple[str, tuple[Shape, ...]]] = [
    ("ij,jk->ik", ((2, 3), (3, 4))), ("ij,jk", ((2, 3), (3, 4))), ("ji", ((2, 3),)),
    ("ii", ((3, 3),)), ("ii->i", ((3, 3),)), ("ij->j", ((2, 3),)), ("ij->", ((2, 3),)),
    ("i,j->ij", ((2,), (3,))), ("...i,ij->...j", ((2, 2, 3), (3, 2))),
    ("...ij->...ji", ((2, 3, 2),)),
    ("bi,bj,ij->b", ((2, 3), (2, 2), (3, 2))), ("ij,kj->i", ((2, 3), (4, 3))),
    ("iji->j", ((2, 3, 2),)),
    ("...,...", ((2, 3), (3,))), ("i,i,i", ((3,), (3,), (3,))), ("ij,ij->ij", ((2, 3), (1, 3))),
]  # fmt: skip

INDICES: list[tuple[Shape, Any]] = [
    ((4,), 1), ((4,), -1), ((4,), slice(1, None, 2)), ((2, 3), 1), ((2, 3), (slice(None), -1)),
    ((2, 3), (Ellipsis, slice(None, None, -1))), ((2, 3), (None, 1)), ((2, 3), (1, 2)),
    ((4,), [0, 2, 2]), ((4,), np.array([True, False, True, True])),
    ((2, 3), ([0, 1, 0], [2, 0, 2])),
    ((2, 3), (slice(None), [1, 1])), ((2, 3), np.array([[True, False, True], [False] * 3])),
    ((3, 2), np.array([[0, 0], [2, 1]])), ((4,), slice(0, 0)), ((), ...), ((), None), ((4,), []),
]  # fmt: skip


def _called(name: str, options: dict[str, Any]) -> Callable[..., ag.Tensor]:
    return lambda *inputs: FUNCTIONS[name](*inputs, **options)


def _samples() -> Iterator[tuple[str, Sample]]:
    for name, domains in DOMAINS.items():
        for shapes in SHAPES[len(domains)]:
            yield name, Sample(FUNCTIONS[name], shapes, domains, f"{shapes}")
    for name in REDUCTIONS:
        domains = (POSITIVE if name == "norm" else ANY,)
        for shape in ((2, 3, 2), (1, 4, 3)):
            for axis in AXES:
                for keepdims in (False, True):
                    call = _called(name, {"axis": axis, "keepdims": keepdims})
                    yield name, Sample(call, (shape,), domains, f"{shape} {axis} {keepdims}")
        yield name, Sample(FUNCTIONS[name], ((),), domains, "()")
        if name not in EMPTY_HAS_NONE:
            yield name, Sample(FUNCTIONS[name], ((0,),), domains, "(0,)")
        yield name, Sample(_called(name, {"axis": 0}), ((2, 0),), domains, "(2, 0) 0")
    for name, calls in CALLS.items():
        for shapes, options in calls:
            title = f"{shapes} {options}".replace("\n", "")
            yield name, Sample(_called(name, options), shapes, (ANY,) * len(shapes), title)
    for subscripts, shapes in EINSUMS:
        yield "einsum", Sample(_einsum(subscripts), shapes, (ANY,) * len(shapes), subscripts)
    for shape, index in INDICES:
        title = f"{shape} {index}".replace("\n", "")
        yield "getitem", Sample(_getitem(index), (shape,), (ANY,), title)
    condition = np.array([True, False, True])
    for shapes in (((3,), (3,)), ((2, 3), ()), ((), ()), ((1, 3), (2, 1))):
        yield (
            "where",
            Sample(lambda x, y: ag.where(condition, x, y), shapes, (ANY, ANY), f"{shapes}"),
        )
    yield "astype", Sample(lambda x: ag.astype(x, np.float64), ((3,),), (ANY,))
    for shapes, axis in ((((3,), (2,)), 0), (((2, 3), (2, 1)), -1), (((2, 2), (3,)), None)):
        yield "concatenate", Sample(_concatenate(axis), shapes, (ANY, ANY), f"{shapes} {axis}")


def _where(condition: np.ndarray) -> Callable[..., ag.Tensor]:
    return lambda x, y: ag.where(condition, x, y)


def _einsum(subscripts: str) -> Callable[..., ag.Tensor]:
    return lambda *operands: ag.einsum(subscripts, *operands)


def _getitem(index: Any) -> Callable[..., ag.Tensor]:
    return lambda x: FUNCTIONS["getitem"](x, index)


def _concatenate(axis: int | None) -> Callable[..., ag.Tensor]:
    return lambda *tensors: ag.concatenate(tensors, axis)


SAMPLES = list(_samples())
