"""Operations as a learner writes them."""

from collections.abc import Callable
from typing import Any

from autograd_lite import Operation


class Multiply(Operation):
    """As a learner writes it: nothing but forward and backward."""

    def forward(self, x: Any, y: Any) -> Any:
        return x * y

    def backward(self, dz: Any) -> Any:
        x, y = self.inputs
        return dz * y, dz * x


def rule(
    backward: Callable[[Any, Any], Any], forward: Callable[..., Any] = lambda x: x * 2.0
) -> Operation:
    """An operation of one input with the rule `backward(operation, dz)`."""

    class Rule(Operation):
        def forward(self, x: Any) -> Any:
            return forward(x)

        def backward(self, dz: Any) -> Any:
            return backward(self, dz)

    return Rule()
