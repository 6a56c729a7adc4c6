"""The table of operations: their functions, and what Python and NumPy call them.

Everything a Tensor can do is bound to it here, in one place.
"""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..operation import Operation
from ..tensor import Tensor
from .arithmetic import Add, Divide, Maximum, Minimum, Multiply, Negative, Power, Subtract
from .elementwise import Absolute, Cos, Exp, Log, ReLU, Sigmoid, Sin, Sqrt, Tanh
from .reduction import Axis, Mean, Sum

Function = Callable[..., Tensor]

# name, operation, NumPy's function, Python's operator
TABLE: tuple[tuple[str, type[Operation], Any, str | None], ...] = (
    ("add",      Add,      np.add,      "add"),
    ("subtract", Subtract, np.subtract, "sub"),
    ("multiply", Multiply, np.multiply, "mul"),
    ("divide",   Divide,   np.divide,   "truediv"),
    ("power",    Power,    np.power,    "pow"),
    ("negative", Negative, np.negative, "neg"),
    ("abs",      Absolute, np.absolute, "abs"),
    ("maximum",  Maximum,  np.maximum,  None),
    ("minimum",  Minimum,  np.minimum,  None),
    ("sin",      Sin,      np.sin,      None),
    ("cos",      Cos,      np.cos,      None),
    ("exp",      Exp,      np.exp,      None),
    ("log",      Log,      np.log,      None),
    ("sqrt",     Sqrt,     np.sqrt,     None),
    ("tanh",     Tanh,     np.tanh,     None),
    ("sigmoid",  Sigmoid,  None,        None),
    ("relu",     ReLU,     None,        None),
    ("sum",      Sum,      np.sum,      None),
    ("mean",     Mean,     np.mean,     None),
)  # fmt: skip

COMPARISONS = ("lt", "le", "eq", "ne", "gt", "ge")


def _function(name: str, kind: type[Operation], arity: int) -> Function:
    """The function of an elementwise operation: `sin(x)`, `multiply(x, y)`."""

    def apply(*inputs: Any) -> Tensor:
        if len(inputs) != arity:
            raise TypeError(f"{name}: received {len(inputs)} inputs, expected {arity}.")
        return kind()(*inputs)

    apply.__name__ = apply.__qualname__ = name
    apply.__doc__ = kind.__doc__
    return apply


def _reduction(name: str, kind: type[Operation]) -> Function:
    """The function of a reduction, with NumPy's arguments."""

    def apply(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
        return kind(axis, keepdims)(x)  # type: ignore[call-arg]

    apply.__name__ = apply.__qualname__ = name
    apply.__doc__ = f"{kind.__doc__}\n\n`axis` and `keepdims` as in NumPy."
    return apply


def _arity(kind: type[Operation]) -> int:
    return kind.forward.__code__.co_argcount - 1


FUNCTIONS: dict[str, Function] = {
    name: _reduction(name, kind) if kind in (Sum, Mean) else _function(name, kind, _arity(kind))
    for name, kind, _, _ in TABLE
}
_OF_NUMPY = {numpy: FUNCTIONS[name] for name, _, numpy, _ in TABLE if numpy is not None}
_COMPARE = {getattr(np, name) for name in (
    "less", "less_equal", "equal", "not_equal", "greater", "greater_equal",
    "isnan", "isinf", "isfinite", "sign", "signbit",
)}  # fmt: skip


def _array_ufunc(self: Tensor, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
    """NumPy calls this for `np.sin(tensor)` and for `array * tensor`."""
    if method == "__call__" and ufunc in _COMPARE:
        return ufunc(*(_plain(value) for value in inputs), **options)
    if method != "__call__" or ufunc not in _OF_NUMPY:
        call = f"np.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
        raise _not_recorded(self, call)
    if options:
        raise TypeError(
            f"np.{ufunc.__name__} of {self.describe()}: {', '.join(options)} cannot be recorded. "
            "Leave it out; every operation makes a new tensor."
        )
    return _OF_NUMPY[ufunc](*inputs)


def _array_function(self: Tensor, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """NumPy calls this for functions that are not elementwise, such as `np.sum(tensor)`."""
    if func not in _OF_NUMPY:
        raise _not_recorded(self, f"{func.__module__}.{func.__name__}".replace("numpy", "np"))
    return _OF_NUMPY[func](*args, **kwargs)


def _not_recorded(tensor: Tensor, call: str) -> TypeError:
    return TypeError(
        f"{call} of {tensor.describe()} has no derivative rule here. Recorded are "
        f"{', '.join(FUNCTIONS)}. For its value alone give it tensor.numpy()."
    )


def _plain(value: Any) -> Any:
    return value._data if isinstance(value, Tensor) else value


def _bind_operators() -> None:
    for name, _, _, python in TABLE:
        if python is not None:
            function = FUNCTIONS[name]
            setattr(Tensor, f"__{python}__", _method(function, f"__{python}__"))
            if python not in ("neg", "abs"):
                setattr(Tensor, f"__r{python}__", _reflected(function, f"__r{python}__"))
    for name in COMPARISONS:
        setattr(Tensor, f"__{name}__", _comparison(getattr(operator, name), f"__{name}__"))
    for name in ("sum", "mean"):
        setattr(Tensor, name, FUNCTIONS[name])
    Tensor.__array_ufunc__ = _array_ufunc  # type: ignore[attr-defined]
    Tensor.__array_function__ = _array_function  # type: ignore[attr-defined]


def _method(function: Function, name: str) -> Callable[..., Any]:
    def method(self: Tensor, *other: Any) -> Tensor:
        return function(self, *other)

    method.__name__ = name
    return method


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


_bind_operators()
