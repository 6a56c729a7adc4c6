"""Array symbols: run an operation's own backward on named arrays, and read off what it computes.

Each symbol carries the array it stands for, so that rules can ask for shapes, and so that a
formula is only shown when it gives the gradient that the sweep computed.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from ..broadcasting import broadcasts, unbroadcast
from ..ops.indexing import shown
from ..steps import Contribution
from .symbol import ATOM, POWER, PRODUCT, SUM, Symbol, joined, symbol


class ArraySymbol(NDArrayOperatorsMixin, Symbol):
    """A piece of a formula, and the array that it is.

    `kind` is "grad" once the upstream gradient is in it. `shapes` tells how the last operation
    changed shapes; `factors` are what it multiplied.

    >>> x, w = (ArraySymbol(Symbol(n), np.ones(s)) for n, s in [("x", (4, 2)), ("w", (3, 2))])
    >>> z = x @ w.T
    >>> z.text, z.shapes
    ('x @ wᵀ', '(4, 2) @ (2, 3) → (4, 3)')
    """

    def __init__(
        self,
        name: Symbol,
        value: Any,
        kind: str = "value",
        shapes: str = "",
        factors: "tuple[ArraySymbol, ...]" = (),
        unshaped: "Symbol | None" = None,
    ) -> None:
        super().__init__(name.text, name.latex, name.level)
        self.value = value
        self.kind = kind
        self.shapes = shapes
        self.factors = factors
        # How it reads without the reshape that it ends with.
        self.unshaped = self.name if unshaped is None else unshaped

    @property
    def name(self) -> Symbol:
        return Symbol(self.text, self.latex, self.level)

    @property
    def shape(self) -> tuple[int, ...]:
        return np.shape(self.value)

    @property
    def ndim(self) -> int:
        return np.ndim(self.value)

    @property
    def size(self) -> int:
        return np.size(self.value)

    @property
    def dtype(self) -> np.dtype:
        return np.asarray(self.value).dtype

    @property
    def T(self) -> "ArraySymbol":
        return _transpose(self)

    def sum(self, axis: Any = None, keepdims: bool = False) -> "ArraySymbol":
        return _sum(self, axis, keepdims=keepdims)

    def reshape(self, *shape: Any) -> "ArraySymbol":
        return _reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: Any) -> "ArraySymbol":
        return _transpose(self, axes[0] if len(axes) == 1 else axes or None)

    def astype(self, dtype: Any) -> "ArraySymbol":
        return ArraySymbol(self.name, np.asarray(self.value).astype(dtype), self.kind)

    def __getitem__(self, index: Any) -> "ArraySymbol":
        at, text = self.at(ATOM), shown(index)
        if "…" in text:
            raise TypeError("an index of many places has no short formula")
        name = Symbol(f"{at.text}[{text}]", rf"{at.latex}[\mathrm{{{text}}}]", POWER)
        return _reshaped(self, name, self.value[index])

    __iter__ = None

    __hash__ = object.__hash__

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            return NotImplemented
        values = [one.value if isinstance(one, ArraySymbol) else one for one in inputs]
        names = [one.name if isinstance(one, ArraySymbol) else symbol(one) for one in inputs]
        value = ufunc(*values)
        if ufunc is np.matmul:
            return _matmul(inputs, names, value)
        if ufunc is np.multiply and all(map(np.ndim, values)):
            name = joined(names[0], names[1], " ⊙ ", r" \odot ", PRODUCT)
        else:
            name = ufunc(*names)
        if np.asarray(value).dtype == bool:
            value = value * 1.0  # an Iverson bracket is a number
        whole = all(map(np.ndim, values)) and all(isinstance(one, ArraySymbol) for one in inputs)
        factors = inputs if ufunc is np.multiply and whole else ()
        return ArraySymbol(name, value, _kind(inputs), factors=factors)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        handler = _FUNCTIONS.get(function)
        return NotImplemented if handler is None else handler(*args, **options)


def _kind(inputs: Any) -> str:
    """A gradient, when one of the inputs is."""
    kinds = [one.kind for one in inputs if isinstance(one, ArraySymbol)]
    return "grad" if "grad" in kinds else "value"


def _matmul(inputs: Any, names: list[Symbol], value: Any) -> ArraySymbol:
    # Of the level of a sum: in a product with ⊙ it stands in parentheses.
    x, y = (name.at(POWER) for name in names)
    name = Symbol(f"{x.text} @ {y.text}", rf"{x.latex} \, {y.latex}", SUM)
    shapes = f"{inputs[0].shape} @ {inputs[1].shape} → {np.shape(value)}"
    factors = tuple(one for one in inputs if isinstance(one, ArraySymbol))
    return ArraySymbol(name, value, _kind(inputs), shapes, factors)


def _reshaped(
    x: ArraySymbol, name: Symbol, value: Any, unshaped: Symbol | None = None
) -> ArraySymbol:
    """`x` in another shape: the line of shapes goes on."""
    shapes = x.shapes or str(x.shape)
    if np.shape(value) != x.shape:
        shapes += f" → {np.shape(value)}"
    return ArraySymbol(name, value, x.kind, shapes, x.factors, unshaped)


def _call(name: str, x: Symbol, *rest: Any) -> Symbol:
    more = "".join(f", {value}" for value in rest)
    return Symbol(f"{name}({x.text}{more})", rf"\operatorname{{{name}}}({x.latex}{more})")


def _expand_dims(x: ArraySymbol, axis: Any) -> ArraySymbol:
    value = np.expand_dims(x.value, axis)
    axes = [one % value.ndim for one in (axis if isinstance(axis, tuple) else (axis,))]
    if x.size == 1 and x.text.startswith("[" * x.ndim):  # a number, as a matrix [[z]]
        left, right = "[" * len(axes), "]" * len(axes)
        name = Symbol(left + x.text + right, left + x.latex + right)
    elif axes == [value.ndim - 1]:
        name = _call("column", x)
    elif axes == [value.ndim - 2]:
        name = _call("row", x)
    else:
        name = _call("expand_dims", x, axis)
    return ArraySymbol(name, value, x.kind)


def _transpose(x: ArraySymbol, axes: Any = None) -> ArraySymbol:
    order = tuple(range(x.ndim))[::-1] if axes is None else tuple(a % x.ndim for a in axes)
    value = np.transpose(x.value, order)
    matrix = (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2)
    if x.ndim < 2 or order == tuple(range(x.ndim)):
        return x
    if order == matrix:
        at = x.at(ATOM)
        return _reshaped(x, Symbol(f"{at.text}ᵀ", rf"{at.latex}^{{\top}}", POWER), value)
    return _reshaped(x, _call("transpose", x, order), value)


def _swapaxes(x: ArraySymbol, axis1: int, axis2: int) -> ArraySymbol:
    order = np.swapaxes(np.empty(range(1, 1 + x.ndim)), axis1, axis2).shape
    return _transpose(x, [n - 1 for n in order])


def _reshape(x: ArraySymbol, shape: Any) -> ArraySymbol:
    value = np.reshape(x.value, shape)
    if value.shape == x.shape:
        return x
    same = [n for n in x.shape if n != 1] == [n for n in value.shape if n != 1]
    return _reshaped(x, _call("reshape", x, value.shape), value, x.unshaped if same else None)


def _broadcast_to(x: ArraySymbol, shape: Any) -> ArraySymbol:
    value = np.broadcast_to(x.value, shape)
    return x if value.shape == x.shape else _reshaped(x, _call("broadcast", x), value)


def _sum(x: ArraySymbol, axis: Any = None, keepdims: bool = False) -> ArraySymbol:
    value = np.sum(x.value, axis=axis, keepdims=keepdims)
    if axis is None and not keepdims:
        return _reshaped(x, _total(x), value)
    if not keepdims:
        raise TypeError("which axes are left is not told by the formula")
    if isinstance(axis, tuple) and len(axis) == 1:
        axis = axis[0]
    return _reshaped(x, _call("sum", x, f"axis={axis}", "keepdims=True"), value)


def _total(x: Symbol) -> Symbol:
    return Symbol(f"Σ({x.text})", rf"\sum({x.latex})")


def _einsum(subscripts: str, *inputs: Any, optimize: Any = False) -> ArraySymbol:
    values = [one.value if isinstance(one, ArraySymbol) else one for one in inputs]
    names = [one if isinstance(one, ArraySymbol) else symbol(one) for one in inputs]
    value = np.einsum(subscripts, *values)
    arrow = subscripts.replace("->", r" \to ")
    name = Symbol(
        f"einsum({subscripts}, {', '.join(one.text for one in names)})",
        rf"\operatorname{{einsum}}(\mathrm{{{arrow}}}, {', '.join(one.latex for one in names)})",
    )
    shapes = f"{', '.join(str(np.shape(one)) for one in values)} → {np.shape(value)}"
    factors = tuple(one for one in inputs if isinstance(one, ArraySymbol))
    return ArraySymbol(name, value, _kind(inputs), shapes, factors)


_FUNCTIONS: dict[Any, Callable[..., ArraySymbol]] = {
    np.broadcast_to: _broadcast_to,
    np.einsum: _einsum,
    np.expand_dims: _expand_dims,
    np.reshape: _reshape,
    np.sum: _sum,
    np.swapaxes: _swapaxes,
    np.transpose: _transpose,
}


def array_formula(c: Contribution, names: list[Any], output: Symbol, dz: Symbol) -> Any:
    """A contribution as the operation's own backward computes it from named arrays.

    `names` are symbols, or the digits of bare numbers. `None` when the rule cannot be followed,
    or gives another gradient than the sweep had.
    """
    operation = c.node.operation
    inputs = tuple(
        ArraySymbol(name, value) if isinstance(name, Symbol) else value
        for name, value in zip(names, operation.inputs, strict=True)
    )
    # A fraction is transposed and indexed in parentheses.
    upstream = ArraySymbol(Symbol(dz.text, dz.latex, POWER), c.upstream, "grad")
    try:
        with np.errstate(all="ignore"):
            traced = operation.on_tensors(inputs, ArraySymbol(output, operation.output))
            gradients = traced.backward(upstream)
            sent = gradients if isinstance(gradients, tuple | list) else (gradients,)
            found = _fitted(sent[c.position], np.shape(c.target._data))
            right = np.allclose(found.value, c.value, rtol=1e-5, atol=0.0, equal_nan=True)
    except Exception:  # a learner's rule may do anything; what was there before is shown
        return None
    return found if right and found.shape == np.shape(c.value) else None


def _fitted(gradient: ArraySymbol, shape: tuple[int, ...]) -> ArraySymbol:
    """The gradient in its input's shape: what the engine does after every rule."""
    if gradient.shape == shape:
        return _reshaped(gradient, gradient.unshaped, gradient.value)
    if gradient.ndim == 0:
        return _broadcast_to(gradient, shape)
    if not broadcasts(shape, gradient.shape):
        raise ValueError("the shapes do not fit")
    return _reshaped(gradient, _total(gradient), unbroadcast(gradient.value, shape))
