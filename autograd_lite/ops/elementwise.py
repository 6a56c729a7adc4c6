"""Functions of one variable, applied to each element.

Where the derivative is a function of the output (exp, tanh, σ, √), the rule uses it.
"""

from typing import Any

import numpy as np

from ..kinds import Elementwise


class Sin(Elementwise):
    """z = sin x, x in radians. ∂z/∂x = cos x."""

    symbol = "sin"
    formula, latex = "sin({x})", r"\sin({x})"

    def forward(self, x: Any) -> Any:
        return np.sin(x)

    def local_gradients(self, x: Any) -> Any:
        return (np.cos(x),)


class Cos(Elementwise):
    """z = cos x, x in radians. ∂z/∂x = −sin x."""

    symbol = "cos"
    formula, latex = "cos({x})", r"\cos({x})"

    def forward(self, x: Any) -> Any:
        return np.cos(x)

    def local_gradients(self, x: Any) -> Any:
        return (-np.sin(x),)


class Tan(Elementwise):
    """z = tan x, x in radians. ∂z/∂x = 1 + z²."""

    symbol = "tan"
    formula, latex = "tan({x})", r"\tan({x})"

    def forward(self, x: Any) -> Any:
        return np.tan(x)

    def local_gradients(self, x: Any) -> Any:
        return (1.0 + self.output**2.0,)


class Exp(Elementwise):
    """z = e^x. ∂z/∂x = z, the output itself."""

    symbol = "exp"
    formula, latex = "exp({x})", r"\exp({x})"

    def forward(self, x: Any) -> Any:
        return np.exp(x)

    def local_gradients(self, x: Any) -> Any:
        return (self.output,)


class Log(Elementwise):
    """z = ln x. ∂z/∂x = 1/x."""

    symbol = "log"
    formula, latex = "log({x})", r"\log({x})"

    def forward(self, x: Any) -> Any:
        return np.log(x)

    def local_gradients(self, x: Any) -> Any:
        return (1.0 / x,)


class Sqrt(Elementwise):
    """z = √x. ∂z/∂x = 1/(2z), infinite at 0."""

    symbol = "√"
    formula, latex = "sqrt({x})", r"\sqrt{{{x}}}"

    def forward(self, x: Any) -> Any:
        return np.sqrt(x)

    def local_gradients(self, x: Any) -> Any:
        return (0.5 / self.output,)


class Tanh(Elementwise):
    """z = tanh x. ∂z/∂x = 1 − z², at most 1."""

    symbol, nickname = "tanh", "squasher"
    rule = "the input receives upstream · (1 − z²), at most all of it"
    formula, latex = "tanh({x})", r"\tanh({x})"

    def forward(self, x: Any) -> Any:
        return np.tanh(x)

    def local_gradients(self, x: Any) -> Any:
        return (1.0 - self.output**2.0,)


class Sigmoid(Elementwise):
    """z = σ(x) = 1/(1 + e^−x). ∂z/∂x = z(1 − z), at most 1/4."""

    symbol, nickname = "σ", "squasher"
    rule = "the input receives upstream · z(1 − z), at most a quarter of it"
    formula, latex = "σ({x})", r"\sigma({x})"

    def forward(self, x: Any) -> Any:
        return np.exp(-np.logaddexp(0.0, -x))  # e^−x alone overflows at −1000

    def local_gradients(self, x: Any) -> Any:
        return (self.output * (1.0 - self.output),)


class ReLU(Elementwise):
    """z = max(0, x). ∂z/∂x = 1 where x > 0, else 0 (at 0 too)."""

    symbol, nickname = "relu", "router"
    rule = "the upstream gradient passes where x > 0 and stops elsewhere"
    formula, latex = "max(0, {x})", r"\max(0, {x})"

    def forward(self, x: Any) -> Any:
        return np.maximum(x, 0.0)

    def local_gradients(self, x: Any) -> Any:
        return (1.0 * (x > 0.0),)


class Softplus(Elementwise):
    """z = ln(1 + e^x), a smooth relu. ∂z/∂x = σ(x) = e^(x − z), without overflow."""

    symbol = "softplus"
    rule = "the input receives upstream · σ(x), at most all of it"
    formula, latex = "log(1 + exp({x}))", r"\log(1 + \exp({x}))"

    def forward(self, x: Any) -> Any:
        return np.logaddexp(0.0, x)

    def local_gradients(self, x: Any) -> Any:
        return (np.exp(x - self.output),)


class Absolute(Elementwise):
    """z = |x|. ∂z/∂x = sign x, 0 at 0."""

    symbol = "|x|"
    formula, latex = "|{x}|", "|{x}|"

    def forward(self, x: Any) -> Any:
        return np.abs(x)

    def local_gradients(self, x: Any) -> Any:
        return (np.sign(x),)
