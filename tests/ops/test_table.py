"""A walk over the table: each operation is described, and its rule is the derivative.

A new operation needs an entry in SAMPLES; without one the walk fails.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import sympy

import autograd_lite as ag
from autograd_lite.operation import Elementwise
from autograd_lite.ops import FUNCTIONS, TABLE
from tests.strategies import numeric_gradient

ANY, POSITIVE, NOT_ZERO = (-2.0, 2.0), (0.3, 2.5), (0.5, 2.0)


@dataclass(frozen=True)
class Sample:
    """Where each input may lie, and the formula that SymPy differentiates."""

    domains: tuple[tuple[float, float], ...]
    exact: Callable[..., Any] | None = None


SAMPLES = {
    "add": Sample((ANY, ANY), operator.add),
    "subtract": Sample((ANY, ANY), operator.sub),
    "multiply": Sample((ANY, ANY), operator.mul),
    "divide": Sample((ANY, NOT_ZERO), operator.truediv),
    "power": Sample((POSITIVE, ANY), operator.pow),
    "negative": Sample((ANY,), operator.neg),
    "abs": Sample((ANY,), sympy.Abs),
    "maximum": Sample((ANY, ANY), sympy.Max),
    "minimum": Sample((ANY, ANY), sympy.Min),
    "sin": Sample((ANY,), sympy.sin),
    "cos": Sample((ANY,), sympy.cos),
    "exp": Sample((ANY,), sympy.exp),
    "log": Sample((POSITIVE,), sympy.log),
    "sqrt": Sample((POSITIVE,), sympy.sqrt),
    "tanh": Sample((ANY,), sympy.tanh),
    "sigmoid": Sample((ANY,), lambda x: 1 / (1 + sympy.exp(-x))),
    "relu": Sample((ANY,), lambda x: sympy.Max(0, x)),
    "sum": Sample((ANY,)),
    "mean": Sample((ANY,)),
}

NAMES = [name for name, *_ in TABLE]
KINDS = {name: kind for name, kind, _, _ in TABLE}
ELEMENTWISE = [name for name, kind, _, _ in TABLE if issubclass(kind, Elementwise)]
EMPTY_HAS_NO = {"mean"}  # 0/0

SHAPES: dict[int, list[tuple[tuple[int, ...], ...]]] = {
    1: [((),), ((1,),), ((3,),), ((2, 3),), ((0,),), ((2, 0),)],
    2: [
        ((), ()), ((3,), (3,)), ((3,), ()), ((), (2, 3)), ((2, 3), (3,)), ((1, 3), (2, 1)),
        ((2, 1, 2), (3, 1)), ((0,), (1,)), ((1,), (2, 0)), ((2, 0), ()),
    ],
}  # fmt: skip


def draw(name: str, shapes: tuple[tuple[int, ...], ...], seed: int = 7) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    domains = SAMPLES[name].domains
    return [
        np.asarray(random.uniform(*domain, shape))
        for domain, shape in zip(domains, shapes, strict=True)
    ]


def weighted(name: str, weights: np.ndarray) -> Callable[..., float]:
    """One number from an operation's output, to difference numerically."""

    def function(*inputs: np.ndarray) -> float:
        return float(np.sum(weights * FUNCTIONS[name](*inputs).data))

    return function


def cases() -> Iterator[Any]:
    for name, sample in SAMPLES.items():
        for shapes in SHAPES[len(sample.domains)]:
            if name in EMPTY_HAS_NO and 0 in shapes[0]:
                continue
            yield pytest.param(name, shapes, id=f"{name}-{'-'.join(map(str, shapes))}")


def check_gradients(name: str, inputs: list[np.ndarray]) -> None:
    tensors = [ag.Tensor(value) for value in inputs]
    output = FUNCTIONS[name](*tensors)
    # Random upstream: with ones alone, a rule that mixes up elements can pass.
    upstream = np.random.default_rng(8).normal(size=output.shape)
    output.backward(upstream)
    for position, tensor in enumerate(tensors):
        expected = numeric_gradient(weighted(name, upstream), inputs, position)
        assert isinstance(tensor.grad, np.ndarray)
        assert tensor.grad.shape == tensor.shape
        np.testing.assert_allclose(tensor.grad, expected, rtol=1e-6, atol=1e-7)


def test_each_operation_has_a_sample() -> None:
    assert sorted(SAMPLES) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_describes_itself(name: str) -> None:
    kind = KINDS[name]
    arity = len(SAMPLES[name].domains)
    fill = dict(zip("xy", ("first", "second")[:arity], strict=False))
    assert kind.symbol
    assert kind.__doc__
    assert kind.__doc__.startswith("z = ")
    for template in (kind.formula, kind.latex):
        text = template.format(**fill)
        assert all(word in text for word in fill.values())
        assert text.count("{") == text.count("}")


@pytest.mark.parametrize("name", NAMES)
def test_is_a_public_function_with_help(name: str) -> None:
    function = getattr(ag, name)
    assert function.__name__ == name
    assert KINDS[name].__doc__ in function.__doc__


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_refuses_another_number_of_inputs(name: str) -> None:
    arity = len(SAMPLES[name].domains)
    with pytest.raises(TypeError, match=rf"{name}.* {arity + 1} .* {arity}"):
        FUNCTIONS[name](*[ag.Tensor(1.0)] * (arity + 1))


@pytest.mark.parametrize(("name", "kind", "numpy", "python"), TABLE, ids=NAMES)
def test_numpy_and_python_record_the_same(name: str, kind: Any, numpy: Any, python: Any) -> None:
    inputs = draw(name, ((2, 3),) * len(SAMPLES[name].domains))
    tensors = [ag.Tensor(value) for value in inputs]
    expected = FUNCTIONS[name](*tensors)
    assert type(expected.operation) is kind
    ways = [] if numpy is None else [numpy]
    ways += [] if python is None else [getattr(operator, python)]
    for way in ways:
        result = way(*tensors)
        assert type(result.operation) is kind
        np.testing.assert_array_equal(result.data, expected.data)
        np.testing.assert_array_equal(result.data, way(*inputs))


@pytest.mark.parametrize(("name", "shapes"), list(cases()))
def test_gradient_is_the_derivative(name: str, shapes: tuple[tuple[int, ...], ...]) -> None:
    check_gradients(name, draw(name, shapes))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("view", [np.transpose, lambda a: a[::-1, ::2]], ids=["T", "strided"])
def test_gradient_of_arrays_that_are_not_contiguous(name: str, view: Any) -> None:
    check_gradients(name, [view(a) for a in draw(name, ((3, 4),) * len(SAMPLES[name].domains))])


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_local_gradients_are_the_exact_derivatives(name: str) -> None:
    sample = SAMPLES[name]
    symbols = sympy.symbols("x y", real=True)[: len(sample.domains)]
    inputs = draw(name, ((5,),) * len(symbols))
    operation = FUNCTIONS[name](*(ag.Tensor(value) for value in inputs)).operation
    for position, symbol in enumerate(symbols):
        derivative = sympy.lambdify(symbols, sympy.diff(sample.exact(*symbols), symbol))
        expected = [derivative(*point) for point in zip(*inputs, strict=True)]
        local = np.broadcast_to(operation.local_gradient(position), (5,))
        np.testing.assert_allclose(local, np.array(expected, dtype=float), rtol=1e-13, atol=0)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(), (2, 3)], ids=["0-d", "2-d"])
def test_dtype_is_kept(name: str, dtype: Any, shape: tuple[int, ...]) -> None:
    inputs = draw(name, (shape,) * len(SAMPLES[name].domains))
    tensors = [ag.Tensor(value.astype(dtype)) for value in inputs]
    output = FUNCTIONS[name](*tensors)
    assert output.dtype == dtype
    output.backward(np.ones(output.shape))  # a float64 seed must not change it either
    for tensor in tensors:
        assert tensor.grad is not None
        assert tensor.grad.dtype == dtype
    # And in the middle of a graph.
    inner = FUNCTIONS[name](*(tensor * 1.0 for tensor in tensors))
    assert inner.dtype == dtype


@pytest.mark.parametrize("name", [name for name in NAMES if len(SAMPLES[name].domains) == 2])
@pytest.mark.parametrize("variable", [0, 1])
def test_a_constant_changes_nothing_for_the_other_input(name: str, variable: int) -> None:
    inputs = draw(name, ((2, 3), (3,)))
    both = [ag.Tensor(value) for value in inputs]
    FUNCTIONS[name](*both).sum().backward()
    one = [ag.Tensor(value, requires_grad=i == variable) for i, value in enumerate(inputs)]
    FUNCTIONS[name](*one).sum().backward()
    np.testing.assert_array_equal(one[variable].grad, both[variable].grad)
    assert one[1 - variable].grad is None


@pytest.mark.parametrize("name", NAMES)
def test_the_same_tensor_in_every_place_adds_up(name: str) -> None:
    arity = len(SAMPLES[name].domains)
    low = max(low for low, _ in SAMPLES[name].domains)
    value = np.array([max(low, 0.0) + 0.6, 1.7])
    parts = [ag.Tensor(value) for _ in range(arity)]
    FUNCTIONS[name](*parts).sum().backward()
    shared = ag.Tensor(value)
    FUNCTIONS[name](*[shared] * arity).sum().backward()
    np.testing.assert_allclose(shared.grad, sum(part.grad for part in parts), rtol=1e-15)
