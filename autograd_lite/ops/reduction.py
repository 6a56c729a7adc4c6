"""Reductions: many elements become fewer, so the gradient is spread over them again."""

from typing import Any

import numpy as np

from ..broadcasting import spread
from ..kinds import Multilinear
from ..operation import Operation
from ..tensor import Tensor
from ..unrolled import on_one
from .indicator import equal

SOURCE = "A. Griewank, A. Walther, Evaluating Derivatives (2nd ed., SIAM 2008), ch. 2 and 14"

Axis = int | tuple[int, ...] | None

# np.sum and np.max of plain arrays, in half the time.
plain_sum: Any = np.add.reduce
plain_max: Any = np.maximum.reduce


class Reduction(Operation):
    """z = an aggregate of x over `axis`. A subclass states ∂z/∂x for each element."""

    __slots__ = ("axis", "keepdims")

    def __init__(self, axis: Axis = None, keepdims: bool = False) -> None:
        self.axis = axis
        self.keepdims = keepdims

    def slope(self, x: Any) -> Any:
        """∂z/∂x, of a shape that broadcasts to x."""
        raise NotImplementedError

    def backward(self, dz: Any) -> Any:
        (x,) = self.inputs
        slope = self.slope(x)
        dz = self.kept(dz)
        if type(slope) is not float or slope != 1.0:
            dz = dz * slope
        return spread(dz, x.shape)

    def tangent(self, tangents: Any) -> Any:
        (x,), (tangent,) = self.inputs, tangents
        return np.sum(tangent * self.slope(x), axis=self.axis, keepdims=self.keepdims)

    def kept(self, z: Any) -> Any:
        """`z` with the axes that were summed away back as axes of length 1."""
        (x,) = self.inputs
        if self.keepdims or self.axis is None:  # one number broadcasts as it is
            return z
        return np.expand_dims(z, range_of(self.axis, x.ndim))

    def local_gradient(self, position: int) -> Any:
        if self.axis is not None and not self.keepdims:
            return None  # dz lacks the axis, so that dz · slope would be another product
        return self.slope(self.inputs[position])


def range_of(axis: Axis, ndim: int) -> tuple[int, ...]:
    """The axes as a tuple: all of them for `None`. A single number has none, as for NumPy."""
    if axis is None or ndim == 0:
        return tuple(range(ndim))
    return axis if isinstance(axis, tuple) else (axis,)


class Sum(Reduction):
    """z = Σ x. Every element receives dz.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> ag.sum(x, axis=0)
    Tensor([4., 6.], operation=Sum)
    """

    __slots__ = ()
    symbol, nickname = "Σ", "distributor"
    rule = "every element receives the upstream gradient"
    formula, latex = "Σ {x}", r"\sum {x}"

    def forward(self, x: Any) -> Any:
        return plain_sum(x, axis=self.axis, keepdims=self.keepdims)

    def slope(self, x: Any) -> Any:
        return 1.0


class Mean(Reduction):
    """z = (1/n) Σ x. Every element receives dz/n.

    >>> import autograd_lite as ag
    >>> ag.mean(ag.Tensor([1.0, 2.0, 6.0]))
    Tensor(3., operation=Mean)
    """

    __slots__ = ()
    symbol, nickname = "mean", "distributor"
    rule = "every element receives upstream / n"
    formula, latex = "mean({x})", r"\operatorname{{mean}}({x})"

    def forward(self, x: Any) -> Any:
        if x.dtype.char == "e" or not x.size:  # the sum of halves may overflow
            return np.mean(x, axis=self.axis, keepdims=self.keepdims)
        total = plain_sum(x, axis=self.axis, keepdims=self.keepdims)
        return total / (x.size // total.size)

    def slope(self, x: Any) -> Any:
        return self.output.size / (x.size or 1)


class Max(Reduction):
    """z = max x. dz goes to the largest element; a tie is split evenly.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([1.0, 4.0, 4.0])
    >>> ag.max(x).backward()
    >>> x.grad
    array([0. , 0.5, 0.5])
    """

    __slots__ = ()
    symbol, nickname = "max", "router"
    rule = "the upstream gradient goes to the largest element; a tie is split evenly"
    formula, latex = "max {x}", r"\max {x}"

    def forward(self, x: Any) -> Any:
        return np.max(x, axis=self.axis, keepdims=self.keepdims)

    def slope(self, x: Any) -> Any:
        here = equal(x, self.kept(self.output))
        return here / np.sum(here, axis=range_of(self.axis, x.ndim), keepdims=True)


class Min(Max):
    """z = min x. dz goes to the smallest element; a tie is split evenly.

    >>> import autograd_lite as ag
    >>> ag.min(ag.Tensor([[3.0, 1.0], [2.0, 5.0]]), axis=1)
    Tensor([1., 2.], operation=Min)
    """

    __slots__ = ()
    symbol, nickname = "min", "router"
    rule = "the upstream gradient goes to the smallest element; a tie is split evenly"
    formula, latex = "min {x}", r"\min {x}"

    def forward(self, x: Any) -> Any:
        return np.min(x, axis=self.axis, keepdims=self.keepdims)


class Prod(Reduction):
    """z = Π x. Each element receives dz times the product of the others: exact at zeros too.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([2.0, 0.0, 5.0])
    >>> ag.prod(x).backward()
    >>> x.grad
    array([ 0., 10.,  0.])
    """

    __slots__ = ()
    symbol = "Π"
    rule = "each element receives upstream × the product of the others"
    formula, latex = "Π {x}", r"\prod {x}"

    def forward(self, x: Any) -> Any:
        return np.prod(x, axis=self.axis, keepdims=self.keepdims)

    def slope(self, x: Any) -> Any:
        axes = sorted(axis % x.ndim for axis in range_of(self.axis, x.ndim))
        others = [axis for axis in range(x.ndim) if axis not in axes]
        lined_up = np.transpose(x, (*others, *axes))  # the axes of the product last, as one
        flat = np.reshape(lined_up, (*(x.shape[axis] for axis in others), -1) if x.size else (0,))
        before, after = products_before(flat), products_before(flat[..., ::-1])[..., ::-1]
        slope = np.reshape(before * after, lined_up.shape)
        return np.transpose(slope, tuple(np.argsort((*others, *axes))))


def products_before(x: Any) -> Any:
    """The product of all that stands before each element on the last axis, 1 for the first.

    Each round multiplies by what stands 1, 2, 4, … places before: no division, so zeros are
    exact, and slices alone, so that it can be differentiated again.

    >>> products_before(np.array([2.0, 3.0, 0.0, 5.0]))
    array([1., 2., 6., 0.])
    """
    product, distance = shifted(x, 1), 1
    while distance < x.shape[-1]:
        product = product * shifted(product, distance)
        distance *= 2
    return product


def shifted(x: Any, places: int) -> Any:
    """`x` moved along the last axis, with ones coming in."""
    ones = np.ones((*x.shape[:-1], min(places, x.shape[-1])), x.dtype)
    return np.concatenate([ones, x[..., : x.shape[-1] - ones.shape[-1]]], axis=-1)


class Norm(Reduction):
    """z = √Σ x², the length. Each element receives dz · x/z, and 0 where z is 0.

    >>> import autograd_lite as ag
    >>> ag.norm(ag.Tensor([3.0, 4.0]))
    Tensor(5., operation=Norm)
    """

    __slots__ = ()
    symbol = "‖x‖"
    rule = "each element receives upstream · x / z, and 0 where the length is 0"
    formula, latex = "‖{x}‖", r"\lVert {x} \rVert"

    def forward(self, x: Any) -> Any:
        largest = np.max(np.abs(x), axis=self.axis, keepdims=True, initial=0.0)
        scale = np.where((largest > 0.0) & np.isfinite(largest), largest, 1.0)  # x² may overflow
        return self.dropped(scale) * np.sqrt(
            np.sum((x / scale) ** 2, axis=self.axis, keepdims=self.keepdims)
        )

    def dropped(self, kept: Any) -> Any:
        return kept if self.keepdims else np.sum(kept, axis=self.axis)

    def slope(self, x: Any) -> Any:
        z = self.kept(self.output)
        empty = equal(z, 0.0)
        return (1.0 - empty) * x / (z + empty)


class CumulativeSum(Multilinear):
    """zᵢ = x₀ + … + xᵢ. Each element receives the dz of its own place and all later ones.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([1.0, 2.0, 3.0])
    >>> z = ag.cumsum(x)
    >>> z.backward([1.0, 1.0, 1.0])
    >>> z.data, x.grad
    (array([1., 3., 6.]), array([3., 2., 1.]))
    """

    __slots__ = ("axis",)
    symbol = "cumsum"
    rule = "each element receives the upstream gradients from its place on, added up"
    formula, latex = "cumsum({x})", r"\operatorname{{cumsum}}({x})"

    def __init__(self, axis: int | None = None) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        return np.cumsum(x, axis=self.axis)

    def backward(self, dz: Any) -> Any:
        (x,) = self.inputs
        flipped = np.flip(dz, self.axis)
        return np.reshape(np.flip(np.cumsum(flipped, axis=self.axis), self.axis), x.shape)


def cumsum(x: Any, axis: int | None = None) -> Tensor:
    """Running sums along `axis`, or over all elements in a row; `np.cumsum` records it too.

    zᵢ = x₀ + … + xᵢ.

    >>> import autograd_lite as ag
    >>> ag.cumsum(ag.Tensor([[1.0, 2.0], [3.0, 4.0]]), axis=1)
    Tensor([[1., 3.],
            [3., 7.]], operation=CumulativeSum)
    """
    return on_one(CumulativeSum(axis), x)
