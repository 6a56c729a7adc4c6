"""PyTorch's own sample inputs, with which it tests itself, for every operation both have."""

import inspect
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

import autograd_lite as ag
from autograd_lite.ops import TABLE
from tests.torch.judge import agree

pytest.importorskip(
    "expecttest", reason="PyTorch's samples need it: pip install -r requirements-torch.txt"
)
from torch.testing._internal.common_methods_invocations import op_db

# Options that we do not have, where they say what we do without them.
NEUTRAL = {
    "alpha": 1, "ceil_mode": False, "dilation": (1, 1), "dtype": None, "groups": 1, "ord": 2,
    "return_indices": False, "reduction": "mean",
}  # fmt: skip
# Judged by the walk over the table alone.
NO_SAMPLES = {"softplus": "every sample sets beta and threshold"}


class NotShared(Exception):
    """A sample that asks for what we do not have."""


@dataclass(frozen=True)
class Shared:
    """`ours` computes our operation `name` from PyTorch's arguments, as far as we have them.

    A sample with other options is not judged, nor one for which `ours` raises NotShared. The
    reasons are listed in `not_shared`.
    """

    name: str
    ours: Callable[..., Any]
    not_shared: frozenset[str] = frozenset()
    theirs: Callable[..., Any] | None = None  # where PyTorch's function returns more


@dataclass(frozen=True)
class Leaf:
    """The place of a variable in a sample's arguments."""

    number: int


def axes(x: Any, dim: Any) -> Any:
    """NumPy's axis. PyTorch reduces over all for an empty tuple, and sees one axis in a number."""
    if dim is None or x.ndim == 0 or (isinstance(dim, tuple | list) and not dim):
        return None
    return tuple(dim) if isinstance(dim, tuple | list) else dim


def unary(name: str) -> Shared:
    return Shared(name, lambda x: getattr(ag, name)(x))


def reduction(name: str, *not_shared: str, theirs: Any = None) -> Shared:
    def ours(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        return getattr(ag, name)(x, axes(x, dim), keepdim)

    return Shared(name, ours, frozenset(not_shared), theirs)


def binary(name: str, *not_shared: str) -> Shared:
    return Shared(name, lambda x, y: getattr(ag, name)(x, y), frozenset(not_shared))


def values(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """The values of max or min; with a dimension PyTorch returns their places too."""
    return lambda *inputs: reduce(*inputs)[0] if len(inputs) > 1 else reduce(*inputs)


def constant(bound: Any) -> Any:
    return bound.detach() if hasattr(bound, "detach") else bound


def cumsum(x: Any, dim: int) -> Any:
    _check_axes(x)  # NumPy makes a row of one
    return ag.cumsum(x, dim)


def swapaxes(x: Any, dim0: int, dim1: int) -> Any:
    _check_axes(x)  # it has no axes to swap
    return np.swapaxes(x, dim0, dim1)


def _check_axes(x: Any) -> None:
    if x.ndim == 0:
        raise NotShared("a single number")


def concatenate(tensors: Any, dim: int = 0) -> Any:
    if len({x.ndim for x in tensors}) > 1:
        raise NotShared("nothing beside matrices")  # PyTorch passes over shape (0,)
    return ag.concatenate(tensors, dim)


def pad(x: Any, pairs: Any, mode: str = "constant", value: float = 0.0) -> Any:
    if min(pairs) < 0:
        raise NotShared("negative margins")
    width = np.zeros((x.ndim, 2), int)
    width[x.ndim - len(pairs) // 2 :] = np.reshape(pairs, (-1, 2))[::-1]  # the last axis first
    return ag.pad(x, width, value or 0.0)


def conv2d(x: Any, w: Any, bias: Any = None, stride: Any = 1, padding: Any = 0) -> Any:
    if isinstance(padding, str):
        raise NotShared("padding in words")
    return as_batch(x, lambda images: ag.conv2d(images, w, bias, stride, padding))


def cross_entropy(x: Any, target: Any) -> Any:
    if x.ndim != 2:
        raise NotShared("more or fewer axes")
    return ag.cross_entropy(x, target)


def max_pool2d(x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0) -> Any:
    return as_batch(x, lambda images: ag.max_pool2d(images, kernel_size, stride, padding))


def as_batch(x: Any, function: Callable[[Any], Any]) -> Any:
    """PyTorch takes a single image too."""
    return function(x) if x.ndim == 4 else function(x[None])[0]


MEMORY = frozenset({"memory_format"})
SHARED = {
    "neg": unary("negative"),
    "abs": unary("abs"),
    "sin": unary("sin"),
    "cos": unary("cos"),
    "tan": unary("tan"),
    "exp": unary("exp"),
    "log": unary("log"),
    "sqrt": unary("sqrt"),
    "tanh": unary("tanh"),
    "sigmoid": unary("sigmoid"),
    "nn.functional.relu": unary("relu"),
    "add": binary("add", "alpha"),
    "sub": binary("subtract", "alpha"),
    "mul": binary("multiply"),
    "div.no_rounding_mode": binary("divide"),
    "pow": binary("power"),
    "maximum": binary("maximum"),
    "minimum": binary("minimum"),
    "max.binary": binary("maximum"),
    "min.binary": binary("minimum"),
    "__radd__": Shared("add", lambda x, y: y + x),
    "__rsub__": Shared("subtract", lambda x, y: y - x),
    "__rmul__": Shared("multiply", lambda x, y: y * x),
    "__rdiv__": Shared("divide", lambda x, y: y / x),
    "__rpow__": Shared("power", lambda x, y: y**x),
    "__rmatmul__": Shared("matmul", lambda x, y: y @ x),
    "where": Shared("where", lambda x, condition, y: ag.where(condition, x, y)),
    # No gradient flows into our bounds.
    "clamp": Shared(
        "clip",
        lambda x, low=None, high=None: ag.clip(x, constant(low), constant(high)),
        theirs=lambda x, low=None, high=None: torch.clamp(x, constant(low), constant(high)),
    ),
    "clamp_min": binary("maximum"),
    "clamp_max": binary("minimum"),
    "sum": reduction("sum"),
    "mean": reduction("mean"),
    "amax": reduction("max"),
    "amin": reduction("min"),
    "max.reduction_no_dim": reduction("max"),
    "min.reduction_no_dim": reduction("min"),
    "max.reduction_with_dim": reduction("max", theirs=values(torch.max)),
    "min.reduction_with_dim": reduction("min", theirs=values(torch.min)),
    "prod": reduction("prod", "dtype"),
    "logsumexp": reduction("logsumexp"),
    "linalg.vector_norm": reduction("norm", "ord"),
    "cumsum": Shared("cumsum", cumsum, frozenset({"dtype", "a single number"})),
    "softmax": Shared("softmax", lambda x, dim: ag.softmax(x, dim)),
    "log_softmax": Shared("log_softmax", lambda x, dim: ag.log_softmax(x, dim)),
    "matmul": binary("matmul"),
    "mm": binary("matmul"),
    "mv": binary("matmul"),
    "bmm": binary("matmul"),
    "dot": binary("matmul"),
    "einsum": Shared("einsum", lambda xs, subscripts: ag.einsum(subscripts, *xs)),
    "permute": Shared("transpose", lambda x, dims: ag.transpose(x, dims)),
    "transpose": Shared("transpose", swapaxes, frozenset({"a single number"})),
    "t": Shared("transpose", lambda x: x.T),
    "reshape": Shared("reshape", lambda x, shape: ag.reshape(x, shape)),
    "view": Shared("reshape", lambda x, shape: ag.reshape(x, shape)),
    "broadcast_to": Shared("broadcast_to", lambda x, shape: ag.broadcast_to(x, shape)),
    "cat": Shared("concatenate", concatenate, frozenset({"nothing beside matrices"})),
    "stack": Shared("concatenate", lambda tensors, dim=0: ag.stack(tensors, dim)),
    "flip": Shared("getitem", lambda x, dims: np.flip(x, dims)),
    "movedim": Shared("transpose", lambda x, source, to: np.moveaxis(x, source, to)),
    "nn.functional.pad.constant": Shared("pad", pad, frozenset({"negative margins"})),
    "__getitem__": Shared("getitem", lambda x, index: x[index]),
    "nn.functional.conv2d": Shared(
        "conv2d", conv2d, frozenset({"dilation", "groups", "padding in words"})
    ),
    "nn.functional.linear": Shared("linear", lambda x, w, bias=None: ag.linear(x, w.T, bias)),
    "nn.functional.mse_loss": Shared(
        "mse_loss", lambda x, y: ag.mse_loss(x, y), frozenset({"reduction"})
    ),
    "nn.functional.cross_entropy": Shared(
        "cross_entropy",
        cross_entropy,
        frozenset({"reduction", "weight", "ignore_index", "more or fewer axes"}),
    ),
    "nn.functional.max_pool2d": Shared(
        "max_pool2d", max_pool2d, frozenset({"ceil_mode", "dilation", "return_indices"})
    ),
    "float": Shared("astype", lambda x: ag.astype(x, np.float32), MEMORY),
    "double": Shared("astype", lambda x: ag.astype(x, np.float64), MEMORY),
}
OPERATIONS = {op.full_name: op for op in op_db}


def with_leaves(part: Any, leaves: list[Any]) -> Any:
    """A sample's arguments with places for the variables, which are collected."""
    if isinstance(part, tuple | list):
        return type(part)([with_leaves(item, leaves) for item in part])
    if isinstance(part, torch.Tensor) and part.is_floating_point():
        leaves.append(part.detach().numpy())
        return Leaf(len(leaves) - 1)
    return part


def filled(part: Any, variables: tuple[Any, ...], plain: Callable[[Any], Any]) -> Any:
    """The arguments with the variables in their places, and indices and masks made plain."""
    if isinstance(part, tuple | list):
        return type(part)([filled(item, variables, plain) for item in part])
    if isinstance(part, Leaf):
        return variables[part.number]
    return plain(part) if isinstance(part, torch.Tensor) else part


def options_left(given: dict[str, Any], ours: Callable[..., Any]) -> dict[str, Any]:
    """The options without those that we do not have, if they change nothing."""
    known = inspect.signature(ours).parameters
    return {
        name: value for name, value in given.items() if name in known or not _neutral(name, value)
    }


def _neutral(name: str, value: Any) -> bool:
    neutral = NEUTRAL.get(name)
    return value == neutral or (isinstance(neutral, tuple) and (value,) * len(neutral) == neutral)


def judge(shared: Shared, theirs: Callable[..., Any], sample: Any) -> None:
    """Compare on one sample, or raise NotShared."""
    options = options_left(sample.kwargs, shared.ours)
    leaves: list[np.ndarray] = []
    arguments = with_leaves((sample.input, *sample.args), leaves)
    unknown = options.keys() - inspect.signature(shared.ours).parameters.keys()
    if unknown:
        raise NotShared(min(unknown))
    agree(
        lambda *xs: shared.ours(*filled(arguments, xs, lambda part: part.numpy()), **options),
        lambda *xs: theirs(*filled(arguments, xs, lambda part: part), **options),
        leaves,
    )


def test_each_operation_is_judged_or_has_a_reason() -> None:
    judged = {shared.name for shared in SHARED.values()}
    assert judged.isdisjoint(NO_SAMPLES)
    assert judged | NO_SAMPLES.keys() == {name for name, *_ in TABLE}


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("name", SHARED)
def test_agrees_on_pytorchs_samples(name: str, dtype: Any) -> None:
    shared, operation = SHARED[name], OPERATIONS[name]
    judged = 0
    left_out: Counter[str] = Counter()
    for i, sample in enumerate(operation.sample_inputs("cpu", dtype, requires_grad=True)):
        try:
            judge(shared, shared.theirs or operation, sample)
            judged += 1
        except NotShared as reason:
            left_out[str(reason)] += 1
        except Exception as error:
            error.add_note(f"{name}, sample {i}: {sample.summary()}")
            raise
    print(f"{name}: {judged} samples judged, left out {dict(left_out)}")
    assert judged > 0
    assert left_out.keys() == shared.not_shared
