"""Moving elements: each goes somewhere else unchanged, and its gradient comes back.

All are linear, so forward mode is forward itself; the backward of one is another.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..kinds import Multilinear
from ..operation import Operation
from ..tensor import Tensor
from ..unrolled import on_one

SOURCE = "C. Harris et al., Array programming with NumPy, Nature 585 (2020)"

Shape = int | Sequence[int]


class Reshape(Multilinear):
    """z = x in another shape. The input receives dz in its own shape."""

    __slots__ = ("shape",)
    symbol, nickname = "reshape", "mover"
    rule = "the upstream gradient goes back in the input's shape"
    formula, latex = "reshape({x})", r"\operatorname{{reshape}}({x})"

    def __init__(self, shape: Shape) -> None:
        self.shape = shape if isinstance(shape, int) else tuple(shape)

    def forward(self, x: Any) -> Any:
        return np.reshape(x, self.shape)

    def backward(self, dz: Any) -> Any:
        return np.reshape(dz, self.inputs[0].shape)


class Transpose(Multilinear):
    """z = x with its axes in another order. dz goes back with the axes as they were."""

    __slots__ = ("axes",)
    symbol, nickname = "ᵀ", "mover"
    rule = "the upstream gradient goes back transposed"
    formula, latex = "{x}ᵀ", r"{x}^\top"

    def __init__(self, axes: Sequence[int] | None = None) -> None:
        self.axes = None if axes is None else tuple(axes)  # the caller's list may change

    def forward(self, x: Any) -> Any:
        return np.transpose(x, self.axes)

    def backward(self, dz: Any) -> Any:
        if self.axes is None:
            return np.transpose(dz)
        axes = [axis % dz.ndim for axis in self.axes]
        return np.transpose(dz, tuple(int(axis) for axis in np.argsort(axes)))


class BroadcastTo(Multilinear):
    """z = x repeated to a larger shape. dz is summed over what was repeated."""

    __slots__ = ("shape",)
    symbol, nickname = "broadcast", "copy"
    rule = "the upstream gradients of all copies are added"
    formula, latex = "broadcast({x})", r"\operatorname{{broadcast}}({x})"

    def __init__(self, shape: Shape) -> None:
        self.shape = shape if isinstance(shape, int) else tuple(shape)

    def forward(self, x: Any) -> Any:
        return np.broadcast_to(x, self.shape)

    def backward(self, dz: Any) -> Any:
        return dz  # of the output's shape: broadcasting is undone for every rule


class AsType(Multilinear):
    """z = x in another precision. The input receives dz in its own."""

    __slots__ = ("dtype",)
    symbol, nickname = "astype", "mover"
    rule = "the upstream gradient goes back in the input's precision"
    formula, latex = "astype({x})", r"\operatorname{{astype}}({x})"

    def __init__(self, dtype: Any) -> None:
        self.dtype = np.dtype(dtype)

    def forward(self, x: Any) -> Any:
        return x.astype(self.dtype)

    def backward(self, dz: Any) -> Any:
        return dz


class Concatenate(Operation):
    """z = the inputs one after another along an axis. Each receives its own part of dz."""

    __slots__ = ("axis",)
    symbol, nickname = "concat", "mover"
    rule = "each input receives its own part of the upstream gradient"

    def __init__(self, axis: int | None = 0) -> None:
        self.axis = axis

    def forward(self, *inputs: Any) -> Any:
        return np.concatenate(inputs, axis=self.axis)

    def backward(self, dz: Any) -> Any:
        axis = 0 if self.axis is None else self.axis
        lengths = [x.size if self.axis is None else x.shape[axis] for x in self.inputs]
        ends = [int(end) for end in np.cumsum(lengths)]
        lead = (slice(None),) * (axis % dz.ndim)
        return [
            np.reshape(dz[(*lead, slice(end - length, end))], x.shape)
            for x, end, length in zip(self.inputs, ends, lengths, strict=True)
        ]

    def _shape_rule(self, arrays: tuple[Any, ...]) -> str:
        if arrays and all(x.ndim == 0 for x in arrays):
            return " Write stack for single numbers."
        return " All lengths but the one along the axis must be equal."

    def tangent(self, tangents: Any) -> Any:
        still = [np.zeros(x.shape, x.dtype) for x in self.inputs]
        moved = [s if t is None else t for s, t in zip(still, tangents, strict=True)]
        return Concatenate(self.axis).apply(*moved)  # linear in all inputs together


class Pad(Multilinear):
    """z = x with a margin of a constant. The input receives the inner part of dz."""

    __slots__ = ("constant_values", "pad_width")
    symbol, nickname = "pad", "mover"
    rule = "the input receives the inner part of the upstream gradient"
    formula, latex = "pad({x})", r"\operatorname{{pad}}({x})"

    def __init__(self, pad_width: Any, constant_values: float = 0.0) -> None:
        self.pad_width = np.array(pad_width)
        self.constant_values = constant_values

    def forward(self, x: Any) -> Any:
        return np.pad(x, self.pad_width, constant_values=self.constant_values)

    def backward(self, dz: Any) -> Any:
        shape = self.inputs[0].shape
        begins = np.broadcast_to(self.pad_width, (len(shape), 2))[:, 0]
        return dz[tuple(slice(b, b + n) for b, n in zip(begins.tolist(), shape, strict=True))]

    def tangent(self, tangents: Any) -> Any:
        return Pad(self.pad_width).apply(*tangents)  # the margin does not move


def reshape(x: Any, shape: Shape) -> Tensor:
    """`x` in another shape; one length may be −1, for what is left. `np.reshape` too.

    >>> import autograd_lite as ag
    >>> ag.reshape(ag.Tensor([1.0, 2.0, 3.0, 4.0]), (2, -1))
    Tensor([[1., 2.],
            [3., 4.]], operation=Reshape)
    """
    return on_one(Reshape(shape), x)


def transpose(x: Any, axes: Sequence[int] | None = None) -> Tensor:
    """`x` with its axes in the order `axes`, or turned round. `x.T` and `np.transpose` too.

    >>> import autograd_lite as ag
    >>> ag.transpose(ag.Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([[1., 3.],
            [2., 4.]], operation=Transpose)
    """
    return on_one(Transpose(axes), x)


def broadcast_to(x: Any, shape: Shape) -> Tensor:
    """`x` repeated to `shape`; its gradient is summed over the copies. `np.broadcast_to` too.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([1.0, 2.0])
    >>> ag.broadcast_to(x, (3, 2)).sum().backward()
    >>> x.grad
    array([3., 3.])
    """
    return on_one(BroadcastTo(shape), x)


def astype(x: Any, dtype: Any) -> Tensor:
    """`x` in another floating precision, such as `np.float32`; also the method `x.astype`.

    >>> import autograd_lite as ag
    >>> ag.astype(ag.Tensor([0.5]), np.float32).dtype
    dtype('float32')
    """
    if np.dtype(dtype).kind != "f":
        raise TypeError(
            f"astype: received {np.dtype(dtype)}, expected a floating one, since only floats have "
            "derivatives. For whole numbers: t.numpy().astype(int)."
        )
    return on_one(AsType(dtype), x)


def concatenate(tensors: Sequence[Any], axis: int | None = 0) -> Tensor:
    """The tensors one after another along `axis`. `np.concatenate` records it too.

    >>> import autograd_lite as ag
    >>> ag.concatenate([ag.Tensor([1.0]), ag.Tensor([2.0, 3.0])])
    Tensor([1., 2., 3.], operation=Concatenate)
    """
    return Concatenate(axis)(*tensors)


def stack(tensors: Sequence[Any], axis: int = 0) -> Tensor:
    """The tensors, all of one shape, along a new `axis`. `np.stack` records it too.

    >>> import autograd_lite as ag
    >>> ag.stack([ag.Tensor(1.0), ag.Tensor(2.0)])
    Tensor([1., 2.], operation=Concatenate)

    Source: C. Harris et al., Array programming with NumPy, Nature 585 (2020).
    """
    return concatenate([expand_dims(tensor, axis) for tensor in tensors], axis)


def pad(x: Any, pad_width: Any, constant_values: float = 0.0) -> Tensor:
    """`x` with a margin; `pad_width` as in `np.pad`: n, (before, after), or a pair per axis.

    >>> import autograd_lite as ag
    >>> ag.pad(ag.Tensor([1.0, 2.0]), (1, 2))
    Tensor([0., 1., 2., 0., 0.], operation=Pad)
    """
    if isinstance(pad_width, dict):
        raise TypeError(
            "pad: received a dict for pad_width, expected n, (before, after), or a pair for each "
            "axis: ((1, 2), (0, 0)) for {0: (1, 2)}."
        )
    return on_one(Pad(pad_width, constant_values), x)


def expand_dims(x: Any, axis: int | Sequence[int]) -> Tensor:
    """`x` with new axes of length 1, as `np.expand_dims`. It is a reshape."""
    return reshape(x, np.expand_dims(np.empty(np.shape(x)), axis).shape)


def squeeze(x: Any, axis: Any = None) -> Tensor:
    """`x` without axes of length 1, as `np.squeeze`. It is a reshape."""
    return reshape(x, np.squeeze(np.empty(np.shape(x)), axis).shape)


def ravel(x: Any) -> Tensor:
    """`x` as one row. It is a reshape."""
    return reshape(x, -1)


def swapaxes(x: Any, axis1: int, axis2: int) -> Tensor:
    """`x` with two axes swapped. It is a transpose."""
    numbered = np.empty(range(1, 1 + np.ndim(x)))
    return transpose(x, [n - 1 for n in np.swapaxes(numbered, axis1, axis2).shape])


def moveaxis(x: Any, source: Any, destination: Any) -> Tensor:
    """`x` with axes moved, as `np.moveaxis`. It is a transpose."""
    numbered = np.empty(range(1, 1 + np.ndim(x)))
    return transpose(x, [n - 1 for n in np.moveaxis(numbered, source, destination).shape])


def flip(x: Any, axis: Any = None) -> Tensor:
    """`x` in reverse order along `axis`, or along all. It is an indexing."""
    ndim = np.ndim(x)
    axes = range(ndim) if axis is None else normalize_axis_tuple(axis, ndim)
    return x[tuple(slice(None, None, -1) if i in axes else slice(None) for i in range(ndim))]
