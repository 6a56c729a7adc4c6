"""Binding: a Tensor's operators and methods, and what NumPy's functions do with one."""

import operator
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from ..tensor import Tensor
from . import composed
from .reduction import Axis, cumsum
from .selection import clip
from .shape import (
    expand_dims,
    flip,
    moveaxis,
    pad,
    ravel,
    reshape,
    squeeze,
    stack,
    swapaxes,
    transpose,
)  # fmt: skip
from .table import FUNCTIONS, TABLE, Function

COMPARISONS = ("lt", "le", "eq", "ne", "gt", "ge")


def _numpy_pad(
    x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = 0.0
) -> Tensor:
    if mode != "constant" or np.ndim(constant_values) != 0:
        raise TypeError(
            f"np.pad: mode={mode!r} with constant_values={constant_values!r} has no derivative "
            "rule here. Recorded is a margin of one number; np.concatenate makes others."
        )
    return pad(x, pad_width, constant_values)


def _numpy_norm(x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Tensor:
    axes = np.ndim(_plain(x)) if axis is None else np.size(axis)
    # Over two axes 2 is not √Σx² but the largest singular value.
    if ord is not None and (ord, axes) not in ((2, 1), ("fro", 2)):
        raise TypeError(
            f"np.linalg.norm: ord={ord!r} over {axes} axes has no derivative rule here, only √Σx² "
            "has. Leave ord out for it."
        )
    return FUNCTIONS["norm"](x, axis, keepdims)


def _numpy_dot(x: Any, y: Any) -> Tensor:
    if np.ndim(_plain(x)) > 2 or np.ndim(_plain(y)) > 2:
        raise TypeError("np.dot is recorded up to two axes. Write x @ y or np.einsum for more.")
    single = np.ndim(_plain(x)) == 0 or np.ndim(_plain(y)) == 0
    return FUNCTIONS["multiply" if single else "matmul"](x, y)


_OF_NUMPY: dict[Any, Callable[..., Any]] = {
    **{entry.numpy: FUNCTIONS[entry.name] for entry in TABLE if entry.numpy is not None},
    np.amax: FUNCTIONS["max"],
    np.amin: FUNCTIONS["min"],
    np.dot: _numpy_dot,
    np.expand_dims: expand_dims,
    np.flip: flip,
    np.hstack: composed.hstack,
    np.linalg.norm: _numpy_norm,
    np.moveaxis: moveaxis,
    np.outer: composed.outer,
    np.pad: _numpy_pad,
    np.positive: lambda x: x,
    np.ravel: ravel,
    np.repeat: composed.repeat,
    np.split: composed.split,
    np.square: lambda x: FUNCTIONS["multiply"](x, x),
    np.squeeze: squeeze,
    np.stack: stack,
    np.std: composed.std,
    np.swapaxes: swapaxes,
    np.take: composed.take,
    np.tril: composed.tril,
    np.triu: composed.triu,
    np.var: composed.var,
    np.vstack: composed.vstack,
}

# No gradient flows through these, so they give plain numbers: comparisons, places, shapes.
_PLAIN_RESULTS = {getattr(np, name) for name in (
    "less", "less_equal", "equal", "not_equal", "greater", "greater_equal",
    "isnan", "isinf", "isfinite", "sign", "signbit",
    "argmax", "argmin", "argsort", "shape", "ndim", "size", "zeros_like", "ones_like",
    "allclose", "isclose", "array_equal",
)}  # fmt: skip


def _array_ufunc(self: Tensor, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
    """NumPy calls this for `np.sin(tensor)` and for `array * tensor`."""
    recorded = _OF_NUMPY.get(ufunc) if method == "__call__" else None
    if recorded is not None and not options:
        return recorded(*inputs)
    if method == "__call__" and ufunc in _PLAIN_RESULTS:
        return ufunc(*map(_plain, inputs), **options)
    if recorded is None:
        call = f"np.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
        raise _not_recorded(self, call)
    if any(isinstance(out, np.ndarray) for out in options.get("out", ())):
        raise TypeError(
            f"np.{ufunc.__name__} of {self.describe()}: the result cannot be written into an "
            "array, where it would leave the graph. Write a = a + t, not a += t."
        )
    raise TypeError(
        f"np.{ufunc.__name__} of {self.describe()}: {', '.join(options)} cannot be recorded. "
        "Leave it out; every operation makes a new tensor."
    )


def _array_function(self: Tensor, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """NumPy calls this for functions that are not elementwise, such as `np.sum(tensor)`."""
    if func in _PLAIN_RESULTS:
        return func(*map(_plain, args), **{key: _plain(kwargs[key]) for key in kwargs})
    call = f"{func.__module__}.{func.__name__}".replace("numpy", "np")
    if func not in _OF_NUMPY:
        raise _not_recorded(self, call)
    try:
        return _OF_NUMPY[func](*args, **kwargs)
    except TypeError as error:
        _, unknown, option = str(error).partition("unexpected keyword argument ")
        if not unknown:
            raise
        raise TypeError(
            f"{call} of {self.describe()}: {option} cannot be recorded. Leave it out."
        ) from None


def _not_recorded(tensor: Tensor, call: str) -> TypeError:
    return TypeError(
        f"{call} of {tensor.describe()} has no derivative rule here. Recorded are "
        f"{', '.join(FUNCTIONS)}. For its value alone give it tensor.numpy()."
    )


def _plain(value: Any) -> Any:
    return value._data if isinstance(value, Tensor) else value


def bind() -> None:
    """Give Tensor its operators and methods."""
    for entry in TABLE:
        if entry.operator is not None:
            function, name = FUNCTIONS[entry.name], entry.operator
            setattr(Tensor, f"__{name}__", _called(function, f"__{name}__"))
            if name not in ("neg", "abs", "getitem"):
                setattr(Tensor, f"__r{name}__", _reflected(function, f"__r{name}__"))
    for name in COMPARISONS:
        setattr(Tensor, f"__{name}__", _comparison(getattr(operator, name), f"__{name}__"))
    for name in ("sum", "mean", "max", "min", "prod", "astype"):
        setattr(Tensor, name, FUNCTIONS[name])
    methods = {
        "T": property(transpose),
        "argmax": lambda self, axis=None: np.argmax(self._data, axis),
        "argmin": lambda self, axis=None: np.argmin(self._data, axis),
        "clip": clip,
        "cumsum": cumsum,
        "dot": _numpy_dot,
        "flatten": ravel,
        "ravel": ravel,
        "repeat": composed.repeat,
        "squeeze": squeeze,
        "std": composed.std,
        "swapaxes": swapaxes,
        "take": composed.take,
        "var": composed.var,
        "reshape": lambda self, *shape: reshape(self, _one_or_many(shape)),
        "transpose": lambda self, *axes: transpose(self, _one_or_many(axes) if axes else None),
        "__array_ufunc__": _array_ufunc,
        "__array_function__": _array_function,
    }
    for name, method in methods.items():
        setattr(Tensor, name, method)
    lacking = {n for n in dir(np.ndarray) if not n.startswith("_") and not hasattr(Tensor, n)}
    for name in lacking:
        setattr(Tensor, name, _not_of_a_tensor(name))
    names = [name for name in dir(Tensor) if name not in lacking]
    setattr(Tensor, "__dir__", lambda self: names)  # noqa: B010  what completion offers


def _not_of_a_tensor(name: str) -> property:
    """What arrays have and tensors lack. No `__getattr__`: it would slow every attribute down."""

    def refuse(self: Tensor) -> Any:
        raise AttributeError(
            f"a Tensor has no {name!r}. Recorded are operators, indexing, its methods and the "
            f"functions of autograd_lite. For its value alone: t.numpy().{name}."
        )

    return property(refuse)


def _one_or_many(arguments: tuple[Any, ...]) -> Any:
    """`x.reshape((2, 3))` and `x.reshape(2, 3)` are the same."""
    return arguments[0] if len(arguments) == 1 else arguments


def _called(function: Any, name: str) -> Callable[..., Any]:
    """The same function by another name."""
    twin = FunctionType(function.__code__, function.__globals__, name, None, function.__closure__)
    twin.__doc__ = function.__doc__
    return twin


def _reflected(function: Function, name: str) -> Callable[..., Any]:
    def method(self: Tensor, other: Any) -> Tensor:
        return function(other, self)

    method.__name__ = name
    return method


def _comparison(compare: Callable[..., Any], name: str) -> Callable[..., Any]:
    def method(self: Tensor, other: Any) -> Any:
        return compare(self._data, _plain(other))

    method.__name__ = name
    method.__doc__ = "A plain boolean array: comparing is not recorded."
    return method
