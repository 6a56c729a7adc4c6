"""Exponentials that compete: logsumexp, softmax and its logarithm, without overflow."""

from typing import Any

import numpy as np

from ..operation import Operation
from ..tensor import Tensor
from ..unrolled import on_one
from .reduction import Reduction, plain_max, plain_sum

SOURCE = (
    "C. Bishop, Pattern Recognition and Machine Learning (2006), 4.3.4; the shift by the maximum: "
    "P. Blanchard, D. Higham, N. Higham, IMA J. Numer. Anal. 41 (2021)"
)


class LogSumExp(Reduction):
    """z = ln Σ e^x. Each element receives dz times its softmax, e^(x − z).

    >>> import autograd_lite as ag
    >>> ag.logsumexp(ag.Tensor([1000.0, 1000.0]))
    Tensor(1000.69314718, operation=LogSumExp)
    """

    __slots__ = ()
    symbol = "logsumexp"
    rule = "each element receives upstream · exp(x − z), its share of the sum"
    formula, latex = "log Σ exp({x})", r"\log \sum \exp({x})"

    def forward(self, x: Any) -> Any:
        top = finite(np.max(x, axis=self.axis, keepdims=True, initial=-np.inf))
        total = np.sum(np.exp(x - top), axis=self.axis, keepdims=True)
        with np.errstate(divide="ignore"):  # ln 0 = −inf is the value of an empty sum
            z = np.log(total) + top
        return z if self.keepdims else np.sum(z, axis=self.axis)

    def slope(self, x: Any) -> Any:
        z = self.kept(self.output)
        return np.exp(x - np.where(z == -np.inf, 0.0, z))


def finite(x: Any) -> Any:
    """`x` with 0 in place of infinities, so that inf − inf is not asked."""
    return np.where(np.isfinite(x), x, 0.0)


class Softmax(Operation):
    """zᵢ = e^xᵢ / Σⱼ e^xⱼ, along one axis. xⱼ receives zⱼ · (dzⱼ − Σₖ dzₖ zₖ)."""

    __slots__ = ("axis",)
    symbol, nickname = "softmax", "squasher"
    rule = "each element receives z · (upstream − Σ upstream · z)"
    formula, latex = "softmax({x})", r"\operatorname{{softmax}}({x})"

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        powers = np.exp(x - plain_max(x, axis=self.axis, keepdims=True, initial=-np.inf))
        return powers / plain_sum(powers, axis=self.axis, keepdims=True)

    def backward(self, dz: Any) -> Any:
        z = self.output
        return z * (dz - _total(dz * z, self.axis))

    def tangent(self, tangents: Any) -> Any:
        return self.backward(tangents[0])  # the Jacobian is symmetric


class LogSoftmax(Operation):
    """zᵢ = xᵢ − ln Σⱼ e^xⱼ, along one axis. xⱼ receives dzⱼ − e^zⱼ · Σₖ dzₖ."""

    __slots__ = ("axis",)
    symbol = "log_softmax"
    rule = "each element receives upstream − exp(z) · Σ upstream"
    formula, latex = "log_softmax({x})", r"\operatorname{{log\_softmax}}({x})"

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        if x.size == 0:
            return np.zeros(x.shape, x.dtype)
        shifted = x - plain_max(x, axis=self.axis, keepdims=True)
        return shifted - np.log(plain_sum(np.exp(shifted), axis=self.axis, keepdims=True))

    def backward(self, dz: Any) -> Any:
        return dz - np.exp(self.output) * _total(dz, self.axis)

    def tangent(self, tangents: Any) -> Any:
        (tangent,) = tangents
        return tangent - _total(np.exp(self.output) * tangent, self.axis)


def _total(values: Any, axis: int) -> Any:
    add = plain_sum if isinstance(values, np.ndarray) else np.sum
    return add(values, axis=axis, keepdims=True)


def softmax(x: Any, axis: int = -1) -> Tensor:
    """Shares that add up to 1 along `axis`: zᵢ = e^xᵢ / Σⱼ e^xⱼ. Stable for any finite x.

    >>> import autograd_lite as ag
    >>> ag.softmax(ag.Tensor([1000.0, 1000.0, -1000.0]))
    Tensor([0.5, 0.5, 0. ], operation=Softmax)
    """
    return on_one(Softmax(axis), x)


def log_softmax(x: Any, axis: int = -1) -> Tensor:
    """The logarithm of softmax, xᵢ − ln Σⱼ e^xⱼ along `axis`, exact where softmax is 0.

    >>> import autograd_lite as ag
    >>> ag.log_softmax(ag.Tensor([1000.0, 1000.0, -1000.0]))
    Tensor([-6.93147181e-01, -6.93147181e-01, -2.00069315e+03], operation=LogSoftmax)
    """
    return on_one(LogSoftmax(axis), x)
