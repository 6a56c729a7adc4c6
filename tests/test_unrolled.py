"""The unrolled call and the general one are the same, for all that can be given."""

from collections.abc import Callable
from copy import deepcopy
from itertools import product
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.operation import Operation
from autograd_lite.ops import FUNCTIONS, TABLE
from autograd_lite.ops.arithmetic import Add
from autograd_lite.ops.elementwise import Sin
from autograd_lite.ops.linalg import Matmul
from autograd_lite.remembered import own_copy
from tests.ops.samples import DOMAINS

ONE = [
    pytest.param(entry, id=entry.name) for entry in TABLE if len(DOMAINS.get(entry.name, ())) == 1
]
TWO = [
    pytest.param(entry, id=entry.name) for entry in TABLE if len(DOMAINS.get(entry.name, ())) == 2
]
PAIRS = [*TWO, pytest.param(next(e for e in TABLE if e.kind is Matmul), id="matmul")]

# Numbers that every elementwise operation takes, of all sizes and precisions.
VALUES = [
    0.7, np.float32(0.7), np.array([0.3, 0.9, 0.9]), np.array([[0.9], [0.4]], np.float32),
    np.array([[0.5]]), np.zeros((0, 3)),
]  # fmt: skip


def kinds_of(value: Any) -> list[Any]:
    """A value as a variable, a constant, and as what becomes a constant."""
    return [ag.Tensor(value), ag.Tensor(value, requires_grad=False), value, 1]


def facts(node: ag.Tensor, leaves: list[Any]) -> list[Any]:
    """All that a node records, but its number; inputs that were given by their places."""
    operation = node.operation
    if operation is None:
        return [bits(node), node.requires_grad, node.inputs, node.scopes]
    places = {id(leaf): place for place, leaf in enumerate(leaves)}
    inputs = [places.get(id(tensor), bits(tensor)) for tensor in node.inputs]
    return [
        bits(node), type(operation), operation.needs, inputs, node.requires_grad, node.scopes,
        node.name, node.grad, operation.output is node._data,
        [kept is tensor._data for kept, tensor in zip(operation.inputs, node.inputs, strict=True)],
    ]  # fmt: skip


def bits(tensor: ag.Tensor) -> tuple[Any, ...]:
    value = tensor._data
    writable = isinstance(value, np.ndarray) and value.flags.writeable
    return type(value), value.dtype, value.shape, value.tobytes(), writable


def judge(call: Any, kind: type[Operation], arguments: tuple[Any, ...]) -> None:
    """The function's node and what it sends back are those of the general way."""
    leaves = [argument for argument in arguments if isinstance(argument, ag.Tensor)]
    with np.errstate(all="ignore"):
        told, expected = _told(lambda: kind().record(arguments))
        if expected is None:
            assert _told(lambda: call(*arguments)) == (told, None)
            return
        node = call(*arguments)
        assert facts(node, leaves) == facts(expected, leaves)
        if node.operation is None:
            return
        dz = np.linspace(1.0, 2.0, node.size, dtype=node.dtype).reshape(node.shape)[()]
        sent = node.operation.contributions(dz)
        general = Operation.contributions(expected.operation, dz)
        assert len(sent) == len(general)
        for one, other in zip(sent, general, strict=True):
            assert type(one) is type(other)
            if one is not None:
                assert (one.dtype, one.shape) == (other.dtype, other.shape)
                np.testing.assert_array_equal(one, other)


def _told(compute: Callable[[], ag.Tensor]) -> tuple[str, ag.Tensor | None]:
    """What an error says, or the node."""
    try:
        return "", compute()
    except (ValueError, TypeError) as error:
        return f"{type(error).__name__}: {error}", None


@pytest.mark.parametrize("entry", ONE)
@pytest.mark.parametrize("place", range(len(VALUES)))
def test_one_input(entry: Any, place: int) -> None:
    for x in kinds_of(VALUES[place]):
        judge(FUNCTIONS[entry.name], entry.kind, (x,))


@pytest.mark.parametrize("entry", PAIRS)
@pytest.mark.parametrize("places", [*product(range(len(VALUES)), repeat=2)])
def test_two_inputs(entry: Any, places: tuple[int, int]) -> None:
    first, second = (VALUES[place] for place in places)
    for x, y in product(kinds_of(first), kinds_of(second)):
        judge(FUNCTIONS[entry.name], entry.kind, (x, y))


@pytest.mark.parametrize("entry", TWO)
def test_one_tensor_on_both_sides(entry: Any) -> None:
    x = ag.Tensor([0.3, 0.9])
    judge(FUNCTIONS[entry.name], entry.kind, (x, x))


def test_what_is_unusual_is_seen() -> None:
    x = ag.Tensor(0.0, name="x")
    with ag.no_grad():
        assert ag.sin(x).operation is None
        assert (x * x).operation is None
    with ag.scope("layer"):
        assert [[scope.name for scope in node.scopes] for node in (ag.sin(x), x * 2.0)] == [
            ["layer"], ["layer"],
        ]  # fmt: skip
    with ag.detect_anomaly(), pytest.raises(FloatingPointError, match="Log made -inf from 'x'"):
        ag.log(x)
    with ag.detect_anomaly(), pytest.raises(FloatingPointError, match="Divide made inf from"):
        1.0 / x
    assert ag.sin(x).operation is not None


def test_a_tensor_of_a_class_of_its_own_is_a_tensor() -> None:
    class Weight(ag.Tensor):
        pass

    w = Weight(2.0)
    (3.0 * w + ag.sin(w)).backward()
    assert w.grad == 3.0 + np.cos(2.0)


def test_a_frozen_leaf_gets_nothing_and_the_other_its_share() -> None:
    x, y = ag.Tensor([1.0, 2.0], requires_grad=False), ag.Tensor([3.0, 4.0])
    for product_of_both in (x * y, y * x):
        y.grad = None
        product_of_both.backward([1.0, 1.0])
        assert x.grad is None
        np.testing.assert_array_equal(y.grad, [1.0, 2.0])


def test_numbers_count_on_behind_what_was_unpickled() -> None:
    x = ag.Tensor(2.0)
    y = x * x
    twin = deepcopy(y)
    assert (twin + y)._number > max(twin._number, y._number)


def test_a_class_of_a_learners_that_extends_one_of_ours_has_its_own_rule() -> None:
    class Backward(Sin):
        def backward(self, dz: Any) -> Any:
            return 7.0 * dz

    class Slope(Add):
        def local_gradients(self, x: Any, y: Any) -> Any:
            return 5.0, 6.0

    class Product(Matmul):
        def backward(self, dz: Any) -> Any:
            return 2.0 * self.inputs[0], 3.0 * self.inputs[1]

    x, y = ag.Tensor(1.0), ag.Tensor(2.0)
    (Backward()(x) + Slope()(x, y)).backward()
    assert (x.grad, y.grad) == (12.0, 6.0)
    a, b = ag.Tensor(np.ones((2, 2))), ag.Tensor(np.ones((2, 2)))
    Product()(a, b).backward(np.ones((2, 2)))
    assert (a.grad[0, 0], b.grad[0, 0]) == (2.0, 3.0)


@pytest.mark.parametrize("call", [
    lambda x: x.sum(), lambda x: x.sum(axis=0), lambda x: x.mean(), lambda x: x.reshape(-1),
    lambda x: x[0], lambda x: x[0, 0], lambda x: x.T, lambda x: ag.softmax(x), lambda x: x[:, :1],
    lambda x: x[:1, :1].reshape(()), lambda x: ag.logsumexp(x, 0), lambda x: x.astype(np.float32),
])  # fmt: skip
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_operations_with_settings_are_recorded_as_in_general(call: Any, dtype: Any) -> None:
    x = ag.Tensor(np.array([[0.5, 1.5], [2.5, 0.25]], dtype))
    node = call(x)
    source = node.inputs[0]
    expected = own_copy(node.operation).record((source,))
    assert facts(node, [x]) == facts(expected, [x])
    assert type(node._data) is not np.ndarray or node.ndim
