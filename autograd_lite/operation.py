"""Operation: a step of a computation with its forward and its backward rule."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import transposed
from .anomaly import check_value
from .fitting import fit_all
from .ownership import own
from .recording import MODE, setting
from .remembered import kept, own_copy, reconnect, replace, set_by_forward
from .tensor import Tensor, made

FLOAT = np.dtype(float)

# Rules in these modules are trusted.
OURS = (f"{__package__}.ops.", f"{__package__}.kinds")


class Operation:
    """One elementary computation. Write `forward` and `backward`, and that is all.

    `forward(x, y, ...)` receives arrays and returns a new one. `backward(dz)` receives the
    gradient of the output (upstream) and returns one gradient per input, in their order.
    `self.inputs` and `self.output` hold what forward received and returned. All of these
    arrays are read-only: they belong to the graph. What else backward needs, forward keeps on
    `self` and nowhere else; each use has its own copy of it.

    Written in NumPy's functions and operators, the same `backward` runs on tensors too: so a
    gradient is differentiated again, and forward mode follows from the one rule.

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

    __slots__ = ("inputs", "needs", "output")  # ours have no more: a graph has many of them

    inputs: tuple[Any, ...]
    output: Any
    needs: tuple[bool, ...]  # which inputs want a gradient
    remembers = True  # whether forward may keep something on self; ours do not
    remembered: frozenset[str] = frozenset()  # where it did

    def __init_subclass__(cls) -> None:
        cls.remembers = not cls.__module__.startswith(OURS)
        if not cls.remembers:
            return
        if "contributions" not in vars(cls):  # one of ours may be the parent: its short way is not
            setattr(cls, "contributions", Operation.contributions)  # noqa: B010
        if cls.__dictoffset__:  # with __slots__ alone a default would hide the slot
            for name, value in _UNUSED.items():
                setattr(cls, name, value)
        if cls.__init__ is object.__init__:
            setattr(cls, "__init__", _without_arguments)  # noqa: B010

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

    def tangent(self, tangents: Sequence[Any]) -> Any:
        """How the output moves when the inputs move by `tangents`: J · tangents, forward mode.

        It follows from `backward`. `None` stands for an input that does not move.
        """
        return transposed.tangent(self, tangents)

    def local_gradient(self, position: int) -> Any:
        """∂output/∂input, elementwise, or `None` where the rule has no such number.

        A rule of single numbers has one: backward is linear in dz, so it is backward(1).
        """
        if any(np.ndim(value) for value in (*self.inputs, self.output)):
            return None
        return _listed(self.backward(np.float64(1.0)))[position]

    def __call__(self, *arguments: Any) -> Tensor:
        # A second use of the same instance must not overwrite what the first remembers.
        used = getattr(self, "output", None) is not None
        return (own_copy(self) if used else self).record(arguments)

    def record(self, arguments: tuple[Any, ...]) -> Tensor:
        """The first use of an instance: a new node, its value computed from the arguments."""
        arrays, wanted = [], []
        for argument in arguments:
            if not isinstance(argument, Tensor):
                return self.record(as_tensors(arguments))
            arrays.append(argument._data)
            wanted.append(argument.requires_grad)
        needs = tuple(wanted)
        self.needs = _SHARED.setdefault(needs, needs)  # one tuple for all that are equal
        value = self.run(arguments, tuple(arrays))
        if MODE.get().recording:
            return made(value, self, arguments, True in self.needs)
        return made(value)

    def apply(self, *arguments: Any) -> Any:
        """For rules: a recorded node when a tensor is among the arguments, else its value."""
        if any(isinstance(argument, Tensor) for argument in arguments):
            return self(*arguments)
        return self.forward(*arguments)

    def run(self, tensors: tuple[Tensor, ...], arrays: tuple[Any, ...]) -> Any:
        """Run forward on `arrays`, remember them, and say clearly what did not fit."""
        self.inputs = arrays
        remembers = self.remembers  # asked once: what differs by class is slow to find
        before = kept(self) if remembers else None
        try:
            value = self.forward(*arrays)
        except (ValueError, TypeError, IndexError) as error:
            raise _same_kind(error)(
                f"{type(self).__name__} of {_named(tensors, arrays)}: {_reason(error)}."
                + self._shape_rule(arrays)
            ) from error
        kind = type(value)
        if kind is np.ndarray and not remembers and value.ndim:
            # Its own array, or a view. By position: the keyword doubles the time.
            value.setflags(False)
            output = value
        else:
            output = value if isinstance(value, np.floating) else self._checked(value)
        self.output = output
        if before is not None:
            found = set_by_forward(before, kept(self))
            if not found <= self.remembered:
                self.remembered |= found  # type: ignore[misc]
            replace(self, self.remembered, value, output)  # the output, by another name
        mode = MODE.get()
        if mode.anomaly and not mode.differentiating:  # a rule is judged by what it returns
            check_value(type(self).__name__, tensors, output)
        return output

    def _checked(self, value: Any) -> Any:
        if value is None:
            raise TypeError(
                f"{type(self).__name__}.forward returned None, expected an array of floats. "
                "End it with `return` and the value."
            )
        if isinstance(value, (tuple, list)):
            raise TypeError(
                f"{type(self).__name__}.forward returned a {type(value).__name__} of {len(value)}, "
                "expected one array. Make an operation for each, or one array by np.stack."
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

    def on_tensors(self, inputs: tuple[Tensor, ...], output: Tensor) -> "Operation":
        """A copy that remembers tensors, so that its rule is recorded when it runs."""
        operation = own_copy(self)
        if self.remembered:
            arrays = (*self.inputs, self.output)
            reconnect(operation, self.remembered, arrays, (*inputs, output))
        operation.inputs, operation.output = inputs, output
        return operation

    def contributions(self, dz: Any) -> Sequence[Any]:
        """One gradient per input, each in its input's shape and dtype; `None` where unneeded.

        With a tensor for dz everything is recorded, and can be differentiated again.
        """
        if isinstance(dz, Tensor):
            with setting(recording=True, differentiating=True):
                return fit_all(self, self._backward_on_tensors(dz))
        remembers = self.remembers
        if remembers and dz.ndim:
            dz = dz.view()  # others may read the same array: a rule must not write into it
            dz.flags.writeable = False
        try:
            gradients = self.backward(dz)
        except (ValueError, TypeError) as error:
            raise _same_kind(error)(
                f"{type(self).__name__}.backward, with dz of shape {dz.shape} and inputs of "
                f"shapes {', '.join(str(x.shape) for x in self.inputs)}: {_reason(error)}."
                + self._lost()
            ) from error
        if type(gradients) is not tuple:
            gradients = _listed(gradients)
        fitted = fit_all(self, gradients)
        if remembers:  # the rule may keep what it returned, and write into it later
            del gradients
            fitted = [own(fitted.pop(0), 0) for _ in self.inputs]
        return fitted

    def _backward_on_tensors(self, dz: Tensor) -> Sequence[Any]:
        try:
            gradients = _listed(self.backward(dz))
        except (ValueError, TypeError, AttributeError) as error:
            raise self._only_once(_reason(error)) from error
        for gradient in gradients:
            if gradient is not None and not isinstance(gradient, Tensor) and np.any(gradient):
                raise self._only_once("it returned numbers that are not connected to dz")
        return [
            gradient if gradient is None else as_tensors((gradient,))[0] for gradient in gradients
        ]

    def _only_once(self, reason: str) -> TypeError:
        return TypeError(
            f"{type(self).__name__}.backward cannot be differentiated again: {reason}. Write it "
            "in NumPy's functions and operators of dz, self.inputs and self.output."
        )

    def _lost(self) -> str:
        """What forward had kept and is gone, if that is why backward stopped."""
        return "".join(
            f" self.{name} is None: backward needs what forward kept there."
            for name in sorted(self.remembered)
            if getattr(self, name, None) is None
        )

    def _shape_rule(self, arrays: tuple[Any, ...]) -> str:
        """The rule of shapes, if that is what went wrong in forward."""
        return ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def _without_arguments(self: Operation, *arguments: Any) -> None:
    if arguments:
        name = type(self).__name__
        raise TypeError(
            f"{name} takes no arguments when it is made. Write {name}()(x), not {name}(x)."
        )


def as_tensors(arguments: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """Tensors as they are; plain numbers and arrays as constants.

    Python numbers are weak: they take the dtype of the tensors they meet.
    """
    for argument in arguments:
        if not isinstance(argument, Tensor):
            break
    else:
        return arguments
    dtypes = [argument._data.dtype for argument in arguments if isinstance(argument, Tensor)]
    weak = dtypes[0] if len(dtypes) == 1 else np.result_type(*dtypes) if dtypes else FLOAT
    return tuple(
        [
            argument if isinstance(argument, Tensor) else _constant(argument, weak)
            for argument in arguments
        ]
    )


def as_two(x: Any, y: Any) -> tuple[Tensor, ...]:
    """`as_tensors((x, y))`, sooner."""
    if isinstance(x, Tensor):
        return x, y if isinstance(y, Tensor) else _constant(y, x._data.dtype)
    if isinstance(y, Tensor):
        return _constant(x, y._data.dtype), y
    return as_tensors((x, y))


def _constant(value: Any, weak: np.dtype) -> Tensor:
    kind = type(value)
    if weak is FLOAT and (kind is float or kind is int):
        return made(np.float64(value))
    if kind is int or kind is float or kind is bool:
        return made(np.asarray(value, dtype=weak)[()])
    if kind is np.ndarray and value.dtype.kind == "f" and value.ndim:
        array = value.copy("K")  # later changes to the original change nothing here
        array.setflags(False)
        return made(array)
    if np.asarray(value).dtype.kind in "iub":
        value = np.asarray(value, dtype=weak)
    return Tensor(value, requires_grad=False)


def _named(tensors: tuple[Tensor, ...], arrays: tuple[Any, ...]) -> str:
    told = [
        f"{tensor.describe()} (shape {array.shape})"
        for tensor, array in zip(tensors, arrays, strict=True)
    ]
    return " and ".join(told) or "nothing"


_SHARED: dict[tuple[bool, ...], tuple[bool, ...]] = {}
_UNUSED = {"inputs": (), "needs": (), "output": None}  # what others than ours have before a use


def _listed(gradients: Any) -> Sequence[Any]:
    """A rule of one input may return its gradient without a tuple around it."""
    kind = type(gradients)
    if kind is tuple or kind is list or isinstance(gradients, (tuple, list)):
        return gradients
    return (gradients,)


def _same_kind(error: Exception) -> type[Exception]:
    return next(kind for kind in (TypeError, ValueError, IndexError) if isinstance(error, kind))


def _reason(error: Exception) -> str:
    """NumPy's words, and what to write where they say only "read-only"."""
    reason = str(error).strip().rstrip(".")
    if "positional argument" in reason:
        reason += ". Write `def forward(self, x, ...)`, with one name for each input"
    if "read-only" in reason:
        reason += " (it belongs to the graph: write x = x * 2, which makes a new array, not x *= 2)"
    return reason
