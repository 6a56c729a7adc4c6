"""Functions of one variable, applied to each element.

Where the derivative is a function of the output (exp, tanh, σ, √), the rule uses it.
"""

from typing import Any

import numpy as np

from ..kinds import Elementwise
from .indicator import greater, sign

SOURCE = (
    "G. Strang, Calculus (1991), ch. 2 to 6; I. Goodfellow, Y. Bengio, A. Courville, Deep Learning "
    "(2016), 3.10 and 6.3 for sigmoid, softplus and relu"
)


class Sin(Elementwise):
    """z = sin x, x in radians. ∂z/∂x = cos x.

    >>> import autograd_lite as ag
    >>> ag.sin(ag.Tensor(0.5))
    Tensor(0.47942554, operation=Sin)
    """

    __slots__ = ()
    symbol = "sin"
    formula, latex = "sin({x})", r"\sin({x})"

    def forward(self, x: Any) -> Any:
        return np.sin(x)

    def local_gradients(self, x: Any) -> Any:
        return (np.cos(x),)


class Cos(Elementwise):
    """z = cos x, x in radians. ∂z/∂x = −sin x.

    >>> import autograd_lite as ag
    >>> ag.cos(ag.Tensor(0.0))
    Tensor(1., operation=Cos)
    """

    __slots__ = ()
    symbol = "cos"
    formula, latex = "cos({x})", r"\cos({x})"

    def forward(self, x: Any) -> Any:
        return np.cos(x)

    def local_gradients(self, x: Any) -> Any:
        return (-np.sin(x),)


class Tan(Elementwise):
    """z = tan x, x in radians. ∂z/∂x = 1 + z².

    >>> import autograd_lite as ag
    >>> ag.tan(ag.Tensor(0.5))
    Tensor(0.54630249, operation=Tan)
    """

    __slots__ = ()
    symbol = "tan"
    formula, latex = "tan({x})", r"\tan({x})"

    def forward(self, x: Any) -> Any:
        return np.tan(x)

    def local_gradients(self, x: Any) -> Any:
        return (1.0 + self.output**2.0,)


class Exp(Elementwise):
    """z = e^x. ∂z/∂x = z, the output itself.

    >>> import autograd_lite as ag
    >>> ag.exp(ag.Tensor([0.0, 1.0]))
    Tensor([1.        , 2.71828183], operation=Exp)
    """

    __slots__ = ()
    symbol = "exp"
    formula, latex = "exp({x})", r"\exp({x})"

    def forward(self, x: Any) -> Any:
        return np.exp(x)

    def local_gradients(self, x: Any) -> Any:
        return (self.output,)


class Log(Elementwise):
    """z = ln x. ∂z/∂x = 1/x.

    >>> import autograd_lite as ag
    >>> ag.log(ag.Tensor([1.0, 10.0]))
    Tensor([0.        , 2.30258509], operation=Log)
    """

    __slots__ = ()
    symbol = "log"
    formula, latex = "log({x})", r"\log({x})"

    def forward(self, x: Any) -> Any:
        return np.log(x)

    def local_gradients(self, x: Any) -> Any:
        return (1.0 / x,)


class Sqrt(Elementwise):
    """z = √x. ∂z/∂x = 1/(2z), infinite at 0.

    >>> import autograd_lite as ag
    >>> ag.sqrt(ag.Tensor([4.0, 9.0]))
    Tensor([2., 3.], operation=Sqrt)
    """

    __slots__ = ()
    symbol = "√"
    formula, latex = "sqrt({x})", r"\sqrt{{{x}}}"

    def forward(self, x: Any) -> Any:
        return np.sqrt(x)

    def local_gradients(self, x: Any) -> Any:
        return (0.5 / self.output,)


class Tanh(Elementwise):
    """z = tanh x. ∂z/∂x = 1 − z², at most 1.

    >>> import autograd_lite as ag
    >>> ag.tanh(ag.Tensor([-1000.0, 0.0, 0.5]))
    Tensor([-1.        ,  0.        ,  0.46211716], operation=Tanh)
    """

    __slots__ = ()
    symbol, nickname = "tanh", "squasher"
    rule = "the input receives upstream · (1 − z²), at most all of it"
    formula, latex = "tanh({x})", r"\tanh({x})"

    def forward(self, x: Any) -> Any:
        return np.tanh(x)

    def local_gradients(self, x: Any) -> Any:
        return (1.0 - self.output**2.0,)


class Sigmoid(Elementwise):
    """z = σ(x) = 1/(1 + e^−x). ∂z/∂x = z(1 − z), at most 1/4.

    >>> import autograd_lite as ag
    >>> ag.sigmoid(ag.Tensor([-1000.0, 0.0, 1000.0]))
    Tensor([0. , 0.5, 1. ], operation=Sigmoid)
    """

    __slots__ = ()
    symbol, nickname = "σ", "squasher"
    rule = "the input receives upstream · z(1 − z), at most a quarter of it"
    formula, latex = "σ({x})", r"\sigma({x})"

    def forward(self, x: Any) -> Any:
        return np.exp(-np.logaddexp(0.0, -x))  # e^−x alone overflows at −1000

    def local_gradients(self, x: Any) -> Any:
        return (self.output * (1.0 - self.output),)


class ReLU(Elementwise):
    """z = max(0, x). ∂z/∂x = 1 where x > 0, else 0 (at 0 too).

    >>> import autograd_lite as ag
    >>> ag.relu(ag.Tensor([-1.0, 0.0, 2.0]))
    Tensor([0., 0., 2.], operation=ReLU)
    """

    __slots__ = ()
    symbol, nickname = "relu", "router"
    rule = "the upstream gradient passes where x > 0 and stops elsewhere"
    formula, latex = "max(0, {x})", r"\max(0, {x})"

    def forward(self, x: Any) -> Any:
        return np.maximum(x, 0.0)

    def local_gradients(self, x: Any) -> Any:
        return (greater(x, 0.0),)


class Softplus(Elementwise):
    """z = ln(1 + e^x), a smooth relu. ∂z/∂x = σ(x) = e^(x − z), without overflow.

    >>> import autograd_lite as ag
    >>> ag.softplus(ag.Tensor([-1000.0, 0.0, 1000.0]))
    Tensor([0.00000000e+00, 6.93147181e-01, 1.00000000e+03], operation=Softplus)
    """

    __slots__ = ()
    symbol = "softplus"
    rule = "the input receives upstream · σ(x), at most all of it"
    formula, latex = "log(1 + exp({x}))", r"\log(1 + \exp({x}))"

    def forward(self, x: Any) -> Any:
        return np.logaddexp(0.0, x)

    def local_gradients(self, x: Any) -> Any:
        return (np.exp(x - self.output),)


class Absolute(Elementwise):
    """z = |x|. ∂z/∂x = sign x, 0 at 0.

    >>> import autograd_lite as ag
    >>> ag.abs(ag.Tensor([-3.0, 2.0]))
    Tensor([3., 2.], operation=Absolute)
    """

    __slots__ = ()
    symbol = "|x|"
    formula, latex = "|{x}|", "|{x}|"

    def forward(self, x: Any) -> Any:
        return np.abs(x)

    def local_gradients(self, x: Any) -> Any:
        return (sign(x),)
