"""Indexing: `x[...]` takes elements out, and its backward puts them back where they were."""

from typing import Any

import numpy as np

from ..kinds import Multilinear
from ..tensor import Tensor
from ..unrolled import on_one

SOURCE = "C. Harris et al., Array programming with NumPy, Nature 585 (2020)"


class GetItem(Multilinear):
    """z = x[index]. dz goes back to the places that were read; a place read twice gets both.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([1.0, 2.0, 3.0])
    >>> x[[0, 2, 2]].sum().backward()
    >>> x.grad
    array([1., 0., 2.])
    """

    __slots__ = ("index",)
    symbol, nickname = "[ ]", "mover"
    rule = "the upstream gradient goes back to the places that were read, 0 elsewhere"

    def __init__(self, index: Any) -> None:
        self.index = index

    @property
    def formula(self) -> str:  # type: ignore[override]
        return f"{{x}}[{shown(self.index)}]"

    @property
    def latex(self) -> str:  # type: ignore[override]
        return rf"{{x}}[\mathrm{{{{{shown(self.index)}}}}}]"

    def forward(self, x: Any) -> Any:
        return x[self.index]

    def backward(self, dz: Any) -> Any:
        return PutBack(self.index, self.inputs[0].shape).apply(dz)


class PutBack(Multilinear):
    """z = zeros, with x added in at z[index]: what indexing does backward. x receives dz[index]."""

    __slots__ = ("index", "shape")
    symbol, nickname = "put", "mover"
    rule = "the input receives the upstream gradients of the places it was put into"
    formula, latex = "put({x})", r"\operatorname{{put}}({x})"

    def __init__(self, index: Any, shape: tuple[int, ...]) -> None:
        self.index = index
        self.shape = shape

    def forward(self, x: Any) -> Any:
        z = np.zeros(self.shape, x.dtype)
        if is_basic(self.index):
            z[self.index] = x
        else:
            np.add.at(z, self.index, x)  # a place may be there more than once
        return z

    def backward(self, dz: Any) -> Any:
        return dz[self.index]


def get_item(x: Any, index: Any) -> Tensor:
    """z = x[index], with NumPy's basic and advanced indexing. Write `x[index]`.

    The elements that were read receive dz; one that was read twice receives both, added.

    Raises:
        TypeError: a tensor of floats as an index.
        IndexError: an index outside of x.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([1.0, 2.0, 3.0])
    >>> x[::-1], x[x > 1.5]
    (Tensor([3., 2., 1.], operation=GetItem), Tensor([2., 3.], operation=GetItem))
    """
    index = tuple(map(_part, index)) if isinstance(index, tuple) else _part(index)
    return on_one(GetItem(index), x)


def is_basic(index: Any) -> bool:
    """Whether an index reads no place twice: made of integers, slices, None and `...`."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        isinstance(part, int | np.integer | slice | type(None) | type(Ellipsis)) for part in parts
    )


def shown(index: Any) -> str:
    """An index as it is written: `0, 1:3`."""
    return ", ".join(map(_shown_part, index if isinstance(index, tuple) else (index,)))


def _part(part: Any) -> Any:
    """A part of an index that nobody else can change."""
    if isinstance(part, Tensor):
        raise TypeError(
            f"x[...]: received {part.describe()} as an index, expected integers or booleans. "
            "Compare it first, x[t > 0.0], or write t.numpy().astype(int)."
        )
    if isinstance(part, list):
        return np.array(part, dtype=None if part else int)  # an empty list reads nothing
    return part.copy() if isinstance(part, np.ndarray) else part


def _shown_part(part: Any) -> str:
    if isinstance(part, slice):
        ends = ["" if end is None else str(end) for end in (part.start, part.stop)]
        return ":".join(ends if part.step is None else [*ends, str(part.step)])
    if isinstance(part, np.ndarray) and part.ndim:
        return "…"
    return "..." if part is Ellipsis else str(part)
