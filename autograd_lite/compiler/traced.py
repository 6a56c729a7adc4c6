"""Traced: what stands for an array while a rule runs, and writes down what NumPy does with it.

So the compiled program comes from the very rules that the eager engine runs.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from .program import Call, Constant, Function, Value


class Untraceable(TypeError):
    """A rule did what cannot be written as a line of NumPy, such as asking `if x > 0`."""


class Recorder:
    """Writes down calls, with what they are for. Each is also computed, for its shape."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.part = "forward"
        self.note = ""
        self.quiet = False  # whether a rule asked NumPy not to warn
        self._usual = np.geterr()

    def record(self, function: Function, arguments: Any, options: Mapping[str, Any]) -> "Traced":
        self.quiet = self.quiet or np.geterr() != self._usual
        with np.errstate(all="ignore"):
            named = {key: _arrays(option) for key, option in options.items()}
            arrays = _arrays(tuple(arguments))
            array = function.call(*arrays, **named)
        if isinstance(array, np.ndarray) and any(array is other for other in arrays):
            raise Untraceable(f"{function.name} returned what it was given, perhaps to write into")
        if not isinstance(array, np.ndarray | np.generic | float | int):
            raise Untraceable(f"{function.name} returned {type(array).__name__}")
        return self.write(array, function, arguments, options)

    def write(
        self, array: Any, function: Function, arguments: Any, options: Mapping[str, Any]
    ) -> "Traced":
        """The call, when its result is known already."""
        if isinstance(array, np.ndarray):
            array.setflags(write=False)  # NumPy refuses to write a later result into it
        values = {key: _to_values(option) for key, option in options.items()}
        call = Call(
            array, function, _to_values(tuple(arguments)), values, self.part, self.note,
            number=len(self.calls),
        )  # fmt: skip
        self.calls.append(call)
        return Traced(call, self)


class Traced(NDArrayOperatorsMixin):
    """An array with a value of the program behind it. With `out=`, another value comes behind."""

    __slots__ = ("recorder", "value")
    __hash__ = object.__hash__

    def __init__(self, value: Value, recorder: Recorder) -> None:
        self.value = value
        self.recorder = recorder

    def lent(self) -> "Traced":
        """The same value for another rule: what that writes, nobody else sees."""
        return Traced(self.value, self.recorder)

    @property
    def array(self) -> Any:
        return self.value.array

    shape = property(lambda self: np.shape(self.array))
    ndim = property(lambda self: np.ndim(self.array))
    size = property(lambda self: np.size(self.array))
    dtype = property(lambda self: self.array.dtype)
    T = property(lambda self: np.transpose(self))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        (out,) = options.pop("out", (None,))
        if method not in ("__call__", "reduce", "accumulate"):
            raise Untraceable(f"np.{ufunc.__name__}.{method}")
        if method == "__call__" and "where" in options:
            raise Untraceable(f"np.{ufunc.__name__} of some elements alone")
        if isinstance(out, Traced) and type(out.array) in (int, float):
            out = None  # k += 1 makes a new number
        if out is not None and not (isinstance(out, Traced) and _owns(out.array)):
            raise Untraceable(f"np.{ufunc.__name__} into an array that others may see")
        if options.get("keepdims") is False:
            del options["keepdims"]  # as NumPy has it anyway
        function = _of_ufunc(ufunc, method)
        if all(type(_arrays(operand)) in (int, float) for operand in inputs):
            function = _of_numbers(ufunc, function)  # Python numbers stay weak
        result = self.recorder.record(function, inputs, options)
        if out is None:
            return result
        if out.shape != result.shape or out.dtype != result.dtype:
            raise Untraceable(f"np.{ufunc.__name__} into an array of another kind")
        out.value = result.value
        return out

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func in (np.shape, np.ndim, np.size):
            return func(_arrays(args[0]), *args[1:], **kwargs)
        if func is np.empty_like and not args[1:] and not kwargs:
            return Traced(Value(np.empty_like(args[0].array)), self.recorder)
        lowered = _LOWERED.get(func)
        if lowered is not None:
            return lowered(*args, **kwargs)
        if kwargs.get("out") is not None:
            raise Untraceable(f"{_name_of(func)} with out=")
        return self.recorder.record(Function(_name_of(func), func), args, kwargs)

    def __pow__(self, exponent: Any) -> Any:
        # NumPy's operator has ways of its own for ** 2 and ** 0.5 that np.power has not.
        return self.recorder.record(POWER, (self, exponent), {})

    def __rpow__(self, base: Any) -> Any:
        return self.recorder.record(POWER, (base, self), {})

    def __getitem__(self, index: Any) -> Any:
        return self.recorder.record(GETITEM, (self, index), {})

    def __len__(self) -> int:
        return len(self.array)

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        return np.sum(self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False) -> Any:
        return np.mean(self, axis=axis, keepdims=keepdims)

    def max(self, axis: Any = None, keepdims: bool = False) -> Any:
        return np.max(self, axis=axis, keepdims=keepdims)

    def min(self, axis: Any = None, keepdims: bool = False) -> Any:
        return np.min(self, axis=axis, keepdims=keepdims)

    def reshape(self, *shape: Any) -> Any:
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: Any) -> Any:
        return np.transpose(self, (axes[0] if len(axes) == 1 else axes) or None)

    def astype(self, dtype: Any) -> Any:
        return self.recorder.record(ASTYPE, (self, np.dtype(dtype)), {})

    def _leaves(self, *_: Any) -> Any:
        raise Untraceable("a number left the program")

    __bool__ = __float__ = __int__ = __index__ = __array__ = __iter__ = __setitem__ = _leaves
    item = tolist = copy = _leaves


def _owns(array: Any) -> bool:
    return isinstance(array, np.ndarray) and array.base is None


def _arrays(tree: Any) -> Any:
    if isinstance(tree, Traced):
        return tree.array
    return type(tree)(map(_arrays, tree)) if type(tree) in (tuple, list) else tree


def _to_values(tree: Any) -> Any:
    if isinstance(tree, Traced):
        return tree.value
    if isinstance(tree, np.ndarray):
        return Constant(tree)
    return type(tree)(map(_to_values, tree)) if type(tree) in (tuple, list) else tree


POWER = Function("**", operator.pow)
GETITEM = Function("[]", operator.getitem)
ASTYPE = Function(".astype", lambda x, dtype: x.astype(dtype))
RESHAPE = Function("np.reshape", np.reshape)
TRANSPOSE = Function("np.transpose", np.transpose)
MEAN = Function("np.mean", np.mean)
BROADCAST = Function("np.broadcast_to", np.broadcast_to)
COPIES = Function("[...]", lambda x, shape: np.broadcast_to(x, shape).copy())


def _of_ufunc(ufunc: Any, method: str = "__call__") -> Function:
    if method == "__call__":
        return Function(f"np.{ufunc.__name__}", ufunc, ufunc=ufunc.signature is None)
    return Function(f"np.{ufunc.__name__}.{method}", getattr(ufunc, method))


def _of_numbers(ufunc: Any, function: Function) -> Function:
    if ufunc not in _PYTHON:
        raise Untraceable(f"{function.name} of Python numbers")
    return Function(function.name, _PYTHON[ufunc])


_PYTHON: dict[Any, Callable[..., Any]] = {
    np.add: operator.add, np.subtract: operator.sub, np.multiply: operator.mul,
    np.divide: operator.truediv, np.negative: operator.neg,
}  # fmt: skip

ADD, SUBTRACT, MULTIPLY, NEGATIVE = (
    _of_ufunc(ufunc) for ufunc in (np.add, np.subtract, np.multiply, np.negative)
)


def _name_of(func: Any) -> str:
    """`np.linalg.norm`: how a function is found from NumPy."""
    return f"{func.__module__}.{func.__name__}".replace("numpy", "np", 1)


def _reduced(ufunc: Any) -> Any:
    """NumPy's sum, max, min and prod are these calls of `reduce`, with checks around them."""

    def reduce(x: Any, axis: Any = None, keepdims: bool = False, **options: Any) -> Any:
        if keepdims:
            options["keepdims"] = True
        return ufunc.reduce(x, axis=axis, **options)

    return reduce


def _mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    if x.dtype == np.float16:  # NumPy adds halves up in single precision
        return x.recorder.record(MEAN, (x,), {"axis": axis, "keepdims": keepdims})
    total = np.sum(x, axis=axis, keepdims=keepdims)
    return total / (x.size // max(total.size, 1))


def _reshaped(x: Any, shape: Any) -> Any:
    return x.recorder.record(RESHAPE, (x, np.reshape(x.array, shape).shape), {})


def _transposed(x: Any, axes: Any = None) -> Any:
    order = tuple(range(x.ndim))[::-1] if axes is None else tuple(int(a) % x.ndim for a in axes)
    return x.recorder.record(TRANSPOSE, (x, order), {})


def _swapped(x: Any, axis1: int, axis2: int) -> Any:
    order = list(range(x.ndim))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return _transposed(x, order)


_LOWERED = {
    np.sum: _reduced(np.add),
    np.prod: _reduced(np.multiply),
    np.max: _reduced(np.maximum),
    np.min: _reduced(np.minimum),
    np.mean: _mean,
    np.reshape: _reshaped,
    np.transpose: _transposed,
    np.swapaxes: _swapped,
    np.expand_dims: lambda x, axis: _reshaped(x, np.expand_dims(x.array, axis).shape),
    np.squeeze: lambda x, axis=None: _reshaped(x, np.squeeze(x.array, axis).shape),
}
