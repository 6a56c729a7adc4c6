"""Arithmetic: the operations behind + − × ÷ and powers, and the larger or smaller of two."""

from typing import Any

import numpy as np

from ..kinds import Elementwise
from .indicator import equal, greater, less

SOURCE = "A. Griewank, A. Walther, Evaluating Derivatives (2nd ed., SIAM 2008), ch. 2 and 14"


class Add(Elementwise):
    """z = x + y. Both inputs receive dz.

    >>> import autograd_lite as ag
    >>> ag.add(ag.Tensor(2.0), 3.0)
    Tensor(5., operation=Add)
    """

    __slots__ = ()
    symbol, nickname = "+", "distributor"
    rule = "each input receives the upstream gradient unchanged"
    formula, latex = "{x} + {y}", "{x} + {y}"

    def forward(self, x: Any, y: Any) -> Any:
        return x + y

    def local_gradients(self, x: Any, y: Any) -> Any:
        return 1.0, 1.0


class Subtract(Elementwise):
    """z = x − y. The first input receives dz, the second −dz.

    >>> import autograd_lite as ag
    >>> ag.subtract(ag.Tensor(2.0), 3.0)
    Tensor(-1., operation=Subtract)
    """

    __slots__ = ()
    symbol, nickname = "−", "distributor"
    rule = "the first input receives the upstream gradient, the second minus it"
    formula, latex = "{x} − {y}", "{x} - {y}"

    def forward(self, x: Any, y: Any) -> Any:
        return x - y

    def local_gradients(self, x: Any, y: Any) -> Any:
        return 1.0, -1.0


class Negative(Elementwise):
    """z = −x. The input receives −dz.

    >>> import autograd_lite as ag
    >>> ag.negative(ag.Tensor([1.0, -2.0]))
    Tensor([-1.,  2.], operation=Negative)
    """

    __slots__ = ()
    symbol, nickname = "−1·", "scaler"
    rule = "the input receives −1 × upstream"
    formula, latex = "−{x}", "-{x}"

    def forward(self, x: Any) -> Any:
        return -x

    def local_gradients(self, x: Any) -> Any:
        return (-1.0,)


class Multiply(Elementwise):
    """z = x · y. Each input receives dz times the other input.

    >>> import autograd_lite as ag
    >>> ag.multiply(ag.Tensor(2.0), 3.0)
    Tensor(6., operation=Multiply)
    """

    __slots__ = ()
    symbol = "×"
    formula, latex = "{x} · {y}", r"{x} \cdot {y}"

    @property
    def nickname(self) -> str:  # type: ignore[override]
        return "scaler" if self._by_constant else "switcher"

    @property
    def rule(self) -> str:  # type: ignore[override]
        if self._by_constant:
            return "the variable receives upstream × the constant"
        return "each input receives upstream × the other input"

    @property
    def _by_constant(self) -> bool:
        return sorted(self.needs) == [False, True]

    def forward(self, x: Any, y: Any) -> Any:
        return x * y

    def local_gradients(self, x: Any, y: Any) -> Any:
        return y, x


class Drop(Multiply):
    """z = x · mask, told from other products: the mask was drawn for this one pass."""

    __slots__ = ()


class Divide(Elementwise):
    """z = x / y.

    >>> import autograd_lite as ag
    >>> ag.divide(ag.Tensor(1.0), 4.0)
    Tensor(0.25, operation=Divide)
    """

    __slots__ = ()
    symbol = "÷"
    rule = "the numerator receives upstream / y, the denominator −upstream · z / y"
    formula, latex = "{x} / {y}", "{x} / {y}"

    def forward(self, x: Any, y: Any) -> Any:
        return x / y

    def local_gradients(self, x: Any, y: Any) -> Any:
        return 1.0 / y, -self.output / y if self.needs[1] else None


class Power(Elementwise):
    """z = x^y. x⁰ has gradient 0 everywhere, at x = 0 too.

    A fixed exponent asks for no logarithm, so it works for negative x.

    >>> import autograd_lite as ag
    >>> ag.power(ag.Tensor([2.0, 0.0]), 3.0)
    Tensor([8., 0.], operation=Power)
    """

    __slots__ = ()
    symbol = "^"
    rule = "the base receives upstream · y · x^(y − 1)"
    formula, latex = "{x}^{y}", "{x}^{{{y}}}"

    def forward(self, x: Any, y: Any) -> Any:
        return x**y

    def local_gradients(self, x: Any, y: Any) -> Any:
        # The comparisons keep 0·∞ away, at 0⁰ in the base's rule and at 0^y in the exponent's.
        if type(y) is np.float64 and y == 2.0 and not self.needs[1]:
            return y * x, None  # the usual power
        if not self.needs[1]:
            return y * x ** (y - (1.0 - equal(y, 0.0))), None
        zero = equal(x, 0.0)
        return (
            y * (x + zero * equal(y, 0.0)) ** (y - 1.0) if self.needs[0] else None,
            x**y * np.log(x + zero * (1.0 - less(y, 0.0))),
        )


class Maximum(Elementwise):
    """z = max(x, y). dz goes to the larger input; a tie is split evenly.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([1.0, 4.0, 4.0])
    >>> ag.maximum(x, [2.0, 4.0, 3.0]).sum().backward()
    >>> x.grad
    array([0. , 0.5, 1. ])
    """

    __slots__ = ()
    symbol, nickname = "max", "router"
    rule = "the upstream gradient goes to the larger input; a tie is split evenly"
    formula, latex = "max({x}, {y})", r"\max({x}, {y})"

    def forward(self, x: Any, y: Any) -> Any:
        return np.maximum(x, y)

    def local_gradients(self, x: Any, y: Any) -> Any:
        return greater(x, y) + 0.5 * equal(x, y), greater(y, x) + 0.5 * equal(x, y)


class Minimum(Elementwise):
    """z = min(x, y). dz goes to the smaller input; a tie is split evenly.

    >>> import autograd_lite as ag
    >>> ag.minimum(ag.Tensor([1.0, 4.0]), 2.0)
    Tensor([1., 2.], operation=Minimum)
    """

    __slots__ = ()
    symbol, nickname = "min", "router"
    rule = "the upstream gradient goes to the smaller input; a tie is split evenly"
    formula, latex = "min({x}, {y})", r"\min({x}, {y})"

    def forward(self, x: Any, y: Any) -> Any:
        return np.minimum(x, y)

    def local_gradients(self, x: Any, y: Any) -> Any:
        return less(x, y) + 0.5 * equal(x, y), less(y, x) + 0.5 * equal(x, y)
