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

    `forward(x, y, ...)` receives arrays and returns a new one. `backward(dz)` receives the
    gradient of the output (upstream) and returns one gradient per input, in their order.
    `self.inputs` and `self.output` hold what forward received and returned. All of these
    arrays are read-only: they belong to the graph.

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
            raise _same_kind(error)(
                f"{type(self).__name__} of {_named(tensors, arrays)}: {str(error).strip()}."
                + self._shape_rule(arrays)
            ) from error
        self.output = self._checked(value)
        return self.output

    def _checked(self, value: Any) -> Any:
        if value is None:
            raise TypeError(
                f"{type(self).__name__}.forward returned None, expected an array of floats. "
                "End it with `return` and the value."
            )
        if isinstance(value, Tensor):
            raise TypeError(
                f"{type(self).__name__}.forward returned a Tensor, expected an array. Write the "
                "rule in NumPy: np.sin(x), not ag.sin(x)."
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
        if dz.ndim:
            dz = dz.view()  # others may read the same array: a rule must not write into it
            dz.flags.writeable = False
        try:
            gradients = _listed(self.backward(dz))
        except (ValueError, TypeError) as error:
            raise _same_kind(error)(
                f"{type(self).__name__}.backward, with dz of shape {dz.shape} and inputs of "
                f"shapes {', '.join(str(x.shape) for x in self.inputs)}: {str(error).strip()}."
            ) from error
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
        if gradient.shape != self.output.shape or not _broadcasts(wanted.shape, gradient.shape):
            raise ValueError(
                f"{type(self).__name__}.backward returned shape {gradient.shape} for input "
                f"{position}, expected {wanted.shape}, the input's own shape."
            )
        return unbroadcast(gradient, wanted.shape)

    def _shape_rule(self, arrays: tuple[Any, ...]) -> str:
        """The rule of broadcasting, if that is what went wrong in forward."""
        return ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Elementwise(Operation):
    """An operation on each element by itself: it states its local gradients, once.

    `local_gradients(x, y, ...)` returns ∂z/∂x, ∂z/∂y, ...; `None` for an input that
    needs none. The backward rule, and the number on each edge, follow from it.
    """

    def local_gradients(self, *inputs: Any) -> Sequence[Any]:
        raise NotImplementedError(f"{type(self).__name__} states no local_gradients.")

    def backward(self, dz: Any) -> Any:
        local = _listed(self.local_gradients(*self.inputs))
        if len(local) != len(self.inputs):
            raise ValueError(
                f"local_gradients returned {len(local)} slopes, expected {len(self.inputs)}: "
                "one per input, in the order of forward"
            )
        return tuple(
            dz * slope if needed and slope is not None else None
            for slope, needed in zip(local, self.needs, strict=True)
        )

    def local_gradient(self, position: int) -> Any:
        return _listed(self.local_gradients(*self.inputs))[position]

    def _shape_rule(self, arrays: tuple[Any, ...]) -> str:
        try:
            np.broadcast_shapes(*(array.shape for array in arrays))
        except ValueError:
            return " Shapes fit when, from the right, each pair of lengths is equal or has a 1."
        return ""


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


def unbroadcast(gradient: np.ndarray, shape: tuple[int, ...]) -> Any:
    """Sum over the axes along which an input of `shape` had been repeated.

    >>> unbroadcast(np.ones((4, 3)), (3,))
    array([4., 4., 4.])
    """
    extra = gradient.ndim - len(shape)
    repeated = tuple(range(extra)) + tuple(
        axis + extra for axis, length in enumerate(shape)
        if length == 1 and gradient.shape[axis + extra] != 1
    )  # fmt: skip
    return gradient.sum(axis=repeated, keepdims=True).reshape(shape)[()]


def _named(tensors: tuple[Tensor, ...], arrays: tuple[Any, ...]) -> str:
    return " and ".join(
        f"{tensor.describe()} (shape {array.shape})"
        for tensor, array in zip(tensors, arrays, strict=True)
    )


def _broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    """Whether an array of `shape` is repeated to the shape `to`."""
    return len(shape) <= len(to) and all(
        length in (1, given) for length, given in zip(reversed(shape), reversed(to), strict=False)
    )


def _listed(gradients: Any) -> Sequence[Any]:
    """A rule of one input may return its gradient without a tuple around it."""
    return gradients if isinstance(gradients, tuple | list) else (gradients,)


def _same_kind(error: Exception) -> type[Exception]:
    return TypeError if isinstance(error, TypeError) else ValueError
