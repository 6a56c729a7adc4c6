"""A walk over the table of operations: PyTorch finds the same, to the second derivative.

A new operation needs an entry in PARTNERS; without one the walk fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

import autograd_lite as ag
from autograd_lite.ops import TABLE
from tests.torch.judge import agree
from tests.torch.partners import BINARY, PARTNERS, Case, Shape, ours

NAMES = [name for name, *_ in TABLE]
DTYPES = (np.float32, np.float64)


@dataclass(frozen=True)
class Layout:
    """How an operation's inputs lie in memory: views of what the variables hold."""

    base: Callable[[Shape], Shape]  # the variable's shape, for an input of the given shape
    ours: Callable[[ag.Tensor], ag.Tensor]
    theirs: Callable[[Any], Any]


LAYOUTS = {
    "plain": Layout(lambda shape: shape, lambda x: x, lambda x: x),
    "transposed": Layout(
        lambda shape: shape[::-1],
        lambda x: ag.transpose(x),
        lambda x: x.permute(tuple(reversed(range(x.ndim)))),
    ),
    "backward": Layout(
        lambda shape: shape,
        lambda x: x[(slice(None, None, -1),) * x.ndim],
        lambda x: x.flip(*range(x.ndim)) if x.ndim else x,
    ),
    "every second": Layout(
        lambda shape: tuple(2 * n for n in shape),
        lambda x: x[(slice(1, None, 2),) * x.ndim],
        lambda x: x[(slice(1, None, 2),) * x.ndim],
    ),
}
# Both precisions, each also where it does not lie in one piece.
TRIED = (
    ("plain", np.float32), ("plain", np.float64), ("transposed", np.float64),
    ("backward", np.float32), ("every second", np.float64),
)  # fmt: skip


def judge(name: str, case: Case, layout: Layout, dtypes: tuple[Any, ...]) -> None:
    """Inputs and output are views, so that values and gradients arrive in any layout."""
    partner, random = PARTNERS[name], np.random.default_rng(11)
    agree(
        lambda *xs: layout.ours(ours(name)(*map(layout.ours, xs), **case.options)),
        lambda *xs: layout.theirs(partner.theirs(*map(layout.theirs, xs), **case.options)),
        [
            np.asarray(random.uniform(*partner.domain, layout.base(shape)), dtype)
            for shape, dtype in zip(case.shapes, dtypes, strict=True)
        ],
    )


def test_each_operation_has_a_partner() -> None:
    assert sorted(NAMES) == sorted(PARTNERS)


@pytest.mark.parametrize(("layout", "dtype"), TRIED)
@pytest.mark.parametrize(
    ("name", "case"),
    [
        pytest.param(name, case, id=f"{name}-{case}")
        for name in NAMES
        for case in PARTNERS[name].cases
    ],
)
def test_agrees(name: str, case: Case, layout: str, dtype: Any) -> None:
    judge(name, case, LAYOUTS[layout], (dtype,) * len(case.shapes))


@pytest.mark.parametrize("name", [name for name in NAMES if PARTNERS[name].cases is BINARY])
@pytest.mark.parametrize("dtypes", [DTYPES, DTYPES[::-1]], ids=["32 and 64", "64 and 32"])
def test_agrees_on_the_dtype_of_two_precisions(name: str, dtypes: tuple[Any, ...]) -> None:
    judge(name, Case(((2, 3), (1, 3))), LAYOUTS["plain"], dtypes)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", [name for name in NAMES if PARTNERS[name].cases is BINARY])
def test_agrees_that_numbers_are_weak(name: str, dtype: Any) -> None:
    """A Python number takes the dtype it meets, as in PyTorch one without axes does."""
    array = np.array([0.5, 1.5, 1.7], dtype)
    number, function = torch.tensor(1.5), PARTNERS[name].theirs
    agree(lambda x: getattr(ag, name)(x, 1.5), lambda x: function(x, number), [array])
    agree(lambda x: getattr(ag, name)(1.5, x), lambda x: function(number, x), [array])
