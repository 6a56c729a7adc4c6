"""Tensor: a value, its gradient, and the operation that produced it."""

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from .ownership import own
from .recorded_array import read_only
from .recording import MODE, SCOPES, Scope
from .steps import commit, computed_order, make_seed, sweep

# Which number comes next. In a list, since unpickling goes on behind the numbers that it reads.
NUMBERS = [count()]


def new_number() -> int:
    """A number that no tensor has: they are counted as they are made, or kept by others."""
    return next(NUMBERS[0])


_new = object.__new__
float64 = np.float64  # found sooner


class Tensor:
    """An array (a single number included) whose computations are recorded.

    Args:
        data: floats. They are copied: later changes to the original change nothing here.
            Integers only for a constant, which keeps them as floats.
        requires_grad: whether gradients flow to this leaf. A leaf without is a constant.
        name: what drawings and `ComputationGraph.forward(name=...)` call it.

    `grad` is `None` until a backward pass arrives; leaves add up over passes.

    Raises:
        TypeError: integers or booleans for a variable, a tensor, or what is no number at all.

    >>> x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    >>> y = np.sin(x1) + x1 * x2
    >>> y.backward()
    >>> print(f"{y.item():.4f}  {x1.grad:.4f}  {x2.grad:.4f}")
    6.9093  2.5839  2.0000
    """

    __slots__ = (
        "_data", "_grad", "_number", "inputs", "name",
        "operation", "requires_grad", "scopes",
    )  # fmt: skip

    _data: Any  # a read-only array; a single number is a NumPy scalar, three times faster
    _grad: Any  # as the sweep left it, read-only and perhaps another node's too
    inputs: "tuple[Tensor, ...]"
    name: str | None
    operation: Any  # the Operation that computed it; None for a leaf
    requires_grad: bool
    scopes: tuple[Scope, ...]

    def __init__(self, data: Any, requires_grad: bool = True, name: str | None = None) -> None:
        if requires_grad is not True and requires_grad is not False:
            raise TypeError(
                f"Tensor: requires_grad received {requires_grad!r}, expected True or False. A name "
                "is given as name=...."
            )
        if type(data) is float:
            self._data = float64(data)
        elif isinstance(data, Tensor):
            raise TypeError(
                f"Tensor: received {data.describe()}, a tensor already. Use it as it is, or write "
                ".detach() for a constant with its value."
            )
        else:
            self._data = own_floats(data, name or "Tensor", not requires_grad)
        self.operation = None
        self.inputs = ()
        self.requires_grad = requires_grad
        self._grad = None
        self.name = None if name is None else str(name)
        self.scopes = SCOPES.get()
        self._number = next(NUMBERS[0])

    @property
    def data(self) -> np.ndarray:
        """The value, read-only: `t.data[0] = 1.0` is refused, since graphs remember it.

        `t.data = new` is how a leaf changes. A copy is kept, in the leaf's own dtype; with
        another shape its `grad` is forgotten.
        """
        _refuse_leaving(".data")
        new_number()  # whoever moves values in place sees that somebody may keep this one
        return read_only(self._data, self.describe())

    @data.setter
    def data(self, value: Any) -> None:
        if self.operation is not None:
            raise ValueError(
                f"{self.describe()} is computed, so its value cannot be set. "
                "Set one of its inputs, then compute it again."
            )
        self._replace(own_floats(value, self.describe(), integers=True, dtype=self.dtype))

    def _replace(self, value: Any) -> None:
        """Take over a value that nobody else writes to. A gradient of another shape goes."""
        if value.shape != self._data.shape:
            self._grad = None
        self._data = value

    @property
    def grad(self) -> Any:
        """The gradient: `None` before a sweep arrives, a Tensor after `create_graph`.

        Else an array of this tensor's own. It becomes that when somebody looks: most nodes'
        gradients nobody ever looks at.
        """
        if type(self._grad) is np.ndarray:
            if not self._grad.flags.writeable:
                self._grad = own(self._grad)
        elif isinstance(self._grad, np.generic):
            self._grad = np.array(self._grad)
        return self._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        self._grad = value

    @property
    def shape(self) -> tuple[int, ...]:
        return self._data.shape

    @property
    def ndim(self) -> int:
        return self._data.ndim

    @property
    def size(self) -> int:
        return self._data.size

    @property
    def dtype(self) -> np.dtype:
        return self._data.dtype

    def item(self) -> float:
        """The value of a one-element tensor as a Python number."""
        _refuse_leaving(".item()")
        return self._data.item()

    def numpy(self) -> np.ndarray:
        """A copy of the value that may be written to."""
        _refuse_leaving(".numpy()")
        return np.array(self._data)

    def detach(self) -> "Tensor":
        """The same value as a constant: no gradient flows back through it."""
        _refuse_leaving(".detach()")
        return Tensor(self._data, requires_grad=False, name=self.name)

    def backward(self, gradient: Any = None, create_graph: bool = False) -> None:
        """Sweep the graph backward from here and add to the `grad` of every leaf.

        Args:
            gradient: the seed, of this tensor's shape; 1 when the tensor has one element.
            create_graph: record the sweep itself. Every `grad` is then a tensor, and can be
                drawn, stepped and differentiated again. Set `grad` to `None` when done with it.

        Inner nodes get a fresh `grad` at each sweep; leaves accumulate until set to `None`.

        Raises:
            ValueError: no seed for a tensor of several elements, or one of another shape.
            RuntimeError: a leaf was changed after this tensor was computed from it.
            TypeError: with `create_graph`, a rule that cannot be differentiated again.

        >>> w = Tensor([1.0, 2.0], name="w")
        >>> (w * w).sum().backward()
        >>> w.grad
        array([2., 4.])
        """
        seed = make_seed(self, gradient)
        if create_graph:
            seed = Tensor(seed, requires_grad=False)
            if isinstance(gradient, Tensor):
                seed = gradient if gradient.dtype == self.dtype else gradient.astype(self.dtype)
        commit(sweep(computed_order(self), {self: seed}, create_graph), create_graph)

    def describe(self) -> str:
        """How messages call this tensor: its name, or what made it."""
        if self.name is not None:
            return repr(self.name)
        if self.operation is not None:
            return f"the result of {type(self.operation).__name__}"
        return "a variable" if self.requires_grad else "a constant"

    def __repr__(self) -> str:
        parts = [np.array2string(np.asarray(self._data), separator=", ", prefix="Tensor(")]
        if self.name is not None:
            parts.append(f"name={self.name!r}")
        if self.operation is not None:
            parts.append(f"operation={type(self.operation).__name__}")
        elif not self.requires_grad:
            parts.append("requires_grad=False")
        return f"Tensor({', '.join(parts)})"

    def __float__(self) -> float:
        if self.requires_grad:
            raise TypeError(
                f"{self.describe()} would leave the graph silently as a Python number. Write "
                ".item() for its value; to record a function write np.sin, not math.sin."
            )
        return float(self._data)

    def __bool__(self) -> bool:
        return bool(self._data)

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else str(self)

    def __pos__(self) -> "Tensor":
        return self

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError(f"{self.describe()} is a single number: it has no length.")
        return self.shape[0]

    def __iter__(self) -> Iterator["Tensor"]:
        return (self[i] for i in range(len(self)))

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError(
            f"{self.describe()} belongs to a graph, so a part of it cannot be overwritten. Make a "
            "new tensor, ag.where(mask, value, t) or ag.concatenate; for a leaf: a = t.numpy(); "
            "a[...] = value; t.data = a."
        )

    def _in_place(self, other: Any) -> Any:
        """`w -= step`: on a variable it would silently make a new node, and a longer graph."""
        if self.operation is None and self.requires_grad:
            raise TypeError(
                f"{self.describe()} is a variable of graphs, so it is not changed in place. For a "
                "step write w.data = w.data - step; for a sum that is recorded, total = total + x."
            )
        return NotImplemented  # Python then makes a new tensor

    __iadd__ = __isub__ = __imul__ = __itruediv__ = __ipow__ = __imatmul__ = _in_place

    def __reduce_ex__(self, protocol: Any) -> Any:
        """A copy or a pickle forgets who owns an array: the gradient becomes this tensor's now."""
        _ = self.grad
        return super().__reduce_ex__(protocol)

    def __setstate__(self, state: Any) -> None:
        for name, value in state[1].items():
            setattr(self, name, value)
        # The numbers tell the order, also round the cycles that create_graph makes: keep them,
        # and count on behind them.
        if self._number >= new_number():
            NUMBERS[0] = count(self._number + 1)

    if TYPE_CHECKING:  # bound by ops/__init__.py from its table; here for editors alone

        def __add__(self, other: Any) -> "Tensor": ...
        def __radd__(self, other: Any) -> "Tensor": ...
        def __sub__(self, other: Any) -> "Tensor": ...
        def __rsub__(self, other: Any) -> "Tensor": ...
        def __mul__(self, other: Any) -> "Tensor": ...
        def __rmul__(self, other: Any) -> "Tensor": ...
        def __truediv__(self, other: Any) -> "Tensor": ...
        def __rtruediv__(self, other: Any) -> "Tensor": ...
        def __pow__(self, other: Any) -> "Tensor": ...
        def __rpow__(self, other: Any) -> "Tensor": ...
        def __matmul__(self, other: Any) -> "Tensor": ...
        def __rmatmul__(self, other: Any) -> "Tensor": ...
        def __neg__(self) -> "Tensor": ...
        def __abs__(self) -> "Tensor": ...
        def __lt__(self, other: Any) -> Any: ...
        def __le__(self, other: Any) -> Any: ...
        def __gt__(self, other: Any) -> Any: ...
        def __ge__(self, other: Any) -> Any: ...
        def __getitem__(self, index: Any) -> "Tensor": ...
        @property
        def T(self) -> "Tensor": ...
        def sum(self, axis: Any = None, keepdims: bool = False) -> "Tensor": ...
        def mean(self, axis: Any = None, keepdims: bool = False) -> "Tensor": ...
        def max(self, axis: Any = None, keepdims: bool = False) -> "Tensor": ...
        def min(self, axis: Any = None, keepdims: bool = False) -> "Tensor": ...
        def prod(self, axis: Any = None, keepdims: bool = False) -> "Tensor": ...
        def reshape(self, *shape: Any) -> "Tensor": ...
        def transpose(self, *axes: Any) -> "Tensor": ...
        def astype(self, dtype: Any) -> "Tensor": ...

    __hash__ = object.__hash__  # comparing gives arrays; a node is still itself

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray:
        raise TypeError(
            f"{self.describe()} would leave the graph silently if NumPy made an array of it. "
            "Write .numpy() for its value, ag.stack([...]) for one tensor made of several, or "
            "another function that is recorded."
        )


def made(
    value: Any,
    operation: Any = None,
    inputs: tuple[Tensor, ...] = (),
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of a value that nobody else writes to: a result, or a constant."""
    tensor = _new(Tensor)
    tensor._data = value
    tensor.operation = operation
    tensor.inputs = inputs
    tensor.requires_grad = requires_grad
    tensor._grad = tensor.name = None
    tensor.scopes = SCOPES.get()
    tensor._number = next(NUMBERS[0])
    return tensor


def _refuse_leaving(way: str) -> None:
    """In a rule that is differentiated again, what leaves the graph would be a silent zero."""
    if MODE.get().differentiating:
        raise TypeError(f"{way} takes numbers out of the graph")


def own_floats(data: Any, owner: str, integers: bool = False, dtype: Any = None) -> Any:
    """A read-only copy of `data`, or a message that says how to write it in floats."""
    array = np.array(data._data if isinstance(data, Tensor) else data)
    if integers and array.dtype.kind in "iub":
        array = array.astype(float)
    if array.dtype.kind != "f":
        raise TypeError(
            f"{owner}: received {_kind(array)}, expected floats, since only they have "
            f"derivatives. {_mend(data, array)}"
        )
    if dtype is not None:
        array = array.astype(dtype)
    array.setflags(write=False)
    return array if array.ndim else array[()]


def _kind(array: np.ndarray) -> str:
    name = {"U": "text", "S": "bytes", "O": "an object"}.get(array.dtype.kind, str(array.dtype))
    return f"{name} of shape {array.shape}" if array.ndim else name


def _mend(data: Any, array: np.ndarray) -> str:
    if np.issubdtype(array.dtype, np.integer) and array.ndim == 0:
        return f"Write {array.item()}.0 instead of {array.item()}."
    if array.dtype.kind in "iub":
        return "Write them with a decimal point, or np.asarray(data, dtype=float)."
    if array.dtype.kind == "c":
        return "Keep the real and the imaginary part in two tensors."
    return "Write a number, a list of numbers or an array of floats."
