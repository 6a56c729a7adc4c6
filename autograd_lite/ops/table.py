"""The table of operations: what they are called here, by NumPy and by Python's operators."""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..kinds import Elementwise
from ..operation import Operation
from ..tensor import Tensor
from ..unrolled import function_of_one, function_of_two, on_one
from .arithmetic import Add, Divide, Drop, Maximum, Minimum, Multiply, Negative, Power, Subtract
from .convolution import Conv2d, Fold, MaxPool2d, Windows, conv2d, max_pool2d
from .elementwise import (
    Absolute,
    Cos,
    Exp,
    Log,
    ReLU,
    Sigmoid,
    Sin,
    Softplus,
    Sqrt,
    Tan,
    Tanh,
)  # fmt: skip
from .fused import CrossEntropy, Linear, MSELoss, cross_entropy, linear, mse_loss
from .indexing import GetItem, PutBack, get_item
from .indicator import Indicator, Sign
from .linalg import Einsum, Matmul, einsum
from .reduction import Axis, CumulativeSum, Max, Mean, Min, Norm, Prod, Reduction, Sum, cumsum
from .selection import Clip, Where, clip, where
from .shape import (
    AsType,
    BroadcastTo,
    Concatenate,
    Pad,
    Reshape,
    Transpose,
    astype,
    broadcast_to,
    concatenate,
    pad,
    reshape,
    stack,
    transpose,
)  # fmt: skip
from .softmax import LogSoftmax, LogSumExp, Softmax, log_softmax, softmax

Function = Callable[..., Tensor]


class Entry(NamedTuple):
    """An operation: its public name and class; NumPy's function and Python's operator for it.

    `function` is what a user calls. Without one it follows from the class: elementwise
    operations take their inputs, reductions x, axis and keepdims.
    """

    name: str
    kind: type[Operation]
    numpy: Any = None
    operator: str | None = None
    function: Function | None = None


TABLE: tuple[Entry, ...] = (
    Entry("add",          Add,           np.add,          "add"),
    Entry("subtract",     Subtract,      np.subtract,     "sub"),
    Entry("multiply",     Multiply,      np.multiply,     "mul"),
    Entry("divide",       Divide,        np.divide,       "truediv"),
    Entry("power",        Power,         np.power,        "pow"),
    Entry("negative",     Negative,      np.negative,     "neg"),
    Entry("abs",          Absolute,      np.absolute,     "abs"),
    Entry("maximum",      Maximum,       np.maximum),
    Entry("minimum",      Minimum,       np.minimum),
    Entry("sin",          Sin,           np.sin),
    Entry("cos",          Cos,           np.cos),
    Entry("tan",          Tan,           np.tan),
    Entry("exp",          Exp,           np.exp),
    Entry("log",          Log,           np.log),
    Entry("sqrt",         Sqrt,          np.sqrt),
    Entry("tanh",         Tanh,          np.tanh),
    Entry("sigmoid",      Sigmoid),
    Entry("relu",         ReLU),
    Entry("softplus",     Softplus),
    Entry("where",        Where,         np.where,        None, where),
    Entry("clip",         Clip,          np.clip,         None, clip),
    Entry("sum",          Sum,           np.sum),
    Entry("mean",         Mean,          np.mean),
    Entry("max",          Max,           np.max),
    Entry("min",          Min,           np.min),
    Entry("prod",         Prod,          np.prod),
    Entry("norm",         Norm),
    Entry("logsumexp",    LogSumExp),
    Entry("softmax",      Softmax,       None,            None, softmax),
    Entry("log_softmax",  LogSoftmax,    None,            None, log_softmax),
    Entry("cumsum",       CumulativeSum, np.cumsum,       None, cumsum),
    Entry("matmul",       Matmul,        np.matmul,       "matmul"),
    Entry("einsum",       Einsum,        np.einsum,       None, einsum),
    Entry("transpose",    Transpose,     np.transpose,    None, transpose),
    Entry("reshape",      Reshape,       np.reshape,      None, reshape),
    Entry("broadcast_to", BroadcastTo,   np.broadcast_to, None, broadcast_to),
    Entry("astype",       AsType,        None,            None, astype),
    Entry("concatenate",  Concatenate,   np.concatenate,  None, concatenate),
    Entry("pad",          Pad,           None,            None, pad),
    Entry("getitem",      GetItem,       None,            "getitem", get_item),
    Entry("conv2d",       Conv2d,        None,            None, conv2d),
    Entry("max_pool2d",   MaxPool2d,     None,            None, max_pool2d),
    Entry("linear",       Linear,        None,            None, linear),
    Entry("mse_loss",     MSELoss,       None,            None, mse_loss),
    Entry("cross_entropy", CrossEntropy, None,            None, cross_entropy),
)  # fmt: skip

# What has no function of its own: the backward of indexing, windows and comparisons, and dropout.
HELPERS: tuple[type[Operation], ...] = (PutBack, Windows, Fold, Indicator, Sign, Drop)


def _function(entry: Entry) -> Function:
    """What a user calls, with the operation's own words and source as its help."""
    function, kind = entry.function, entry.kind
    doc = function.__doc__ if function is not None else kind.__doc__
    if function is None and issubclass(kind, Reduction):
        function = _reduction(kind)
        doc = f"{doc}\n    `axis` and `keepdims` as in NumPy."
    elif function is None:
        arity = kind.forward.__code__.co_argcount - 1
        function = (function_of_one, function_of_two)[arity - 1](kind)
        if issubclass(kind, Elementwise):
            shapes = "of any shape" if arity == 1 else "of any shapes that broadcast"
            doc = f"{doc}\n    Takes tensors, arrays and numbers {shapes}."
    function.__name__ = function.__qualname__ = entry.name
    function.__module__ = kind.__module__
    function.__doc__ = f"{doc}\n    Source: {sys.modules[kind.__module__].SOURCE}.\n"
    return function


def _reduction(kind: type[Reduction]) -> Function:
    """The function of a reduction, with NumPy's arguments."""

    def apply(x: Any, axis: Axis = None, keepdims: bool = False) -> Tensor:
        return on_one(kind(axis, keepdims), x)

    return apply


FUNCTIONS: dict[str, Function] = {
    **{entry.name: _function(entry) for entry in TABLE},
    "stack": stack,
}
