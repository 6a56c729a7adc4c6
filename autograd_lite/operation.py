"""Operation: a step of a computation with its forward and its backward rule.

Every node of a graph is made here, and broadcasting is undone here, once for all rules.
"""

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np

from .recording import state
from .tensor import Tensor


class Operation:
    """One elementary computation. Write `forward` and `backward`, and that is all.

    `forward(x, y, ...)` receives arrays and returns one. `backward(dz)` receives the
    gradient of the output (upstream) and returns one gradient per input, in their order.
    `self.inputs` and `self.output` hold what forward received and returned.

    Views show `symbol` on the gate, `formula` and `latex` (templates in the inputs x, y),
    `nickname` and `rule`. All have sensible defaults.

    >>> class Multiply(Operation):
    ...     def forward(self, x, y):
    ...         return x * y
    ...     def backward(self, dz):
    ...         x, y = self.inputs
    ...         return dz * y, dz * x
    >>> a, b = Tensor(2.0), Tensor(3.0)
    >>> z = Multiply()(a, b)
    >>> z.backward()
    >>> a.grad, b.grad
    (array(3.), array(2.))
    """

    symbol = ""
    nickname = ""
    rule = ""
    formula = ""
    latex = ""
    mend = ""  # what a message adds when the inputs do not fit

    inputs: tuple[Any, ...] = ()
    output: Any = None
    needs: tuple[bool, ...] = ()  # which inputs want a gradient

    def forward(self, *inputs: Any) -> Any:
        raise NotImplementedError(
            f"{type(self).__name__} has no forward: write `def forward(self, x, ...)` "
            "that returns the value."
        )

    def backward(self, dz: Any) -> Any:
        raise NotImplementedError(
            f"{type(self).__name__} has no backward: write `def backward(self, dz)` "
            "that returns one gradient per input."
        )

    def local_gradient(self, position: int) -> Any:
        """∂output/∂input, elementwise, or `None` where the rule has no such number."""
        return None

    def __call__(self, *arguments: Any) -> Tensor:
        # A second use of the same instance must not overwrite what the first remembers.
        operation = self if self.output is None else copy(self)
        inputs = as_tensors(arguments)
        value = operation.run(inputs, tuple(tensor._data for tensor in inputs))
        if not state.recording:
            return Tensor(value, requires_grad=False)
        return Tensor._result(value, operation, inputs, any(operation.needs))

    def run(self, tensors: tuple[Tensor, ...], arrays: tuple[Any, ...]) -> Any:
        """Run forward on `arrays`, remember them, and say clearly what did not fit."""
        self.inputs = arrays
        self.needs = tuple(tensor.requires_grad for tensor in tensors)
        try:
            value = self.forward(*arrays)
        except (ValueError, TypeError) as error:
            kind = TypeError if isinstance(error, TypeError) else ValueError
            raise kind(
                f"{type(self).__name__} of {_shapes(tensors)}: {error}. {self.mend}".strip()
            ) from error
        self.output = self._checked(value)
        return self.output

    def _checked(self, value: Any) -> Any:
        if value is None:
            raise TypeError(
                f"{type(self).__name__}.forward returned None, expected an array of floats. "
                "End it with `return` and the value."
            )
        value = np.asarray(value)
        if value.dtype.kind != "f":
            raise TypeError(
                f"{type(self).__name__}.forward returned {value.dtype}, expected floats. "
                "Multiply the result by 1.0."
            )
        value = value.view()  # the array itself may belong to the rule
        value.flags.writeable = False
        return value[()]

    def contributions(self, dz: Any) -> list[Any]:
        """One gradient per input, each in its input's shape and dtype; `None` where unneeded."""
        gradients = self.backward(dz)
        if not isinstance(gradients, tuple | list):
            gradients = (gradients,)
        if len(gradients) != len(self.inputs):
            raise ValueError(
                f"{type(self).__name__}.backward returned {len(gradients)} gradients, "
                f"expected {len(self.inputs)}: one per input, in the order of forward."
            )
        return [
            self._fit(position, gradients[position]) if needed else None
            for position, needed in enumerate(self.needs)
        ]

    def _fit(self, position: int, gradient: Any) -> Any:
        if gradient is None:
            raise ValueError(
                f"{type(self).__name__}.backward returned None for input {position}, which "
                "needs a gradient. Return 0.0 if the output does not depend on it."
            )
        wanted = self.inputs[position]
        gradient = np.asarray(gradient, dtype=wanted.dtype)
        if gradient.shape == wanted.shape:
            return gradient[()]
        if gradient.ndim == 0:  # one number for every element
            return np.full(wanted.shape, gradient)
        return unbroadcast(
            gradient, wanted.shape, f"{type(self).__name__}.backward, input {position}"
        )


class Elementwise(Operation):
    """An operation on each element by itself: it states its local gradients, once.

    `local_gradients(x, y, ...)` returns ∂z/∂x, ∂z/∂y, ...; `None` for an input that
    needs none. The backward rule, and the number on each edge, follow from it.
    """

    mend = "Shapes fit when, counted from the right, each pair of lengths is equal or has a 1."

    def local_gradients(self, *inputs: Any) -> Sequence[Any]:
        raise NotImplementedError(f"{type(self).__name__} states no local_gradients.")

    def backward(self, dz: Any) -> Any:
        local = self.local_gradients(*self.inputs)
        return tuple(None if slope is None else dz * slope for slope in local)

    def local_gradient(self, position: int) -> Any:
        return self.local_gradients(*self.inputs)[position]


def as_tensors(arguments: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """Tensors as they are; plain numbers and arrays as constants.

    Python numbers are weak: they take the dtype of the tensors they meet.
    """
    dtypes = [argument.dtype for argument in arguments if isinstance(argument, Tensor)]
    weak = np.result_type(*dtypes) if dtypes else np.dtype(float)
    return tuple(
        argument if isinstance(argument, Tensor) else _constant(argument, weak)
        for argument in arguments
    )


def _constant(value: Any, weak: np.dtype) -> Tensor:
    if type(value) in (int, float, bool) or np.asarray(value).dtype.kind in "iub":
        value = np.asarray(value, dtype=weak)
    return Tensor(value, requires_grad=False)


def unbroadcast(gradient: np.ndarray, shape: tuple[int, ...], owner: str = "gradient") -> Any:
    """Sum over the axes along which an input of `shape` had been repeated.

    >>> unbroadcast(np.ones((4, 3)), (3,))
    array([4., 4., 4.])
    """
    extra = gradient.ndim - len(shape)
    if extra < 0 or any(
        length not in (1, given)
        for length, given in zip(shape, gradient.shape[extra:], strict=True)
    ):
        raise ValueError(
            f"{owner}: received a gradient of shape {gradient.shape}, expected the "
            f"input's own shape {shape}."
        )
    repeated = tuple(range(extra)) + tuple(
        axis + extra for axis, length in enumerate(shape)
        if length == 1 and gradient.shape[axis + extra] != 1
    )  # fmt: skip
    return gradient.sum(axis=repeated, keepdims=True).reshape(shape)[()]


def _shapes(tensors: tuple[Tensor, ...]) -> str:
    return " and ".join(f"{tensor.describe()} (shape {tensor.shape})" for tensor in tensors)
