"""A walk over the table: each operation is described, and its rule is the derivative."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy

import autograd_lite as ag
from autograd_lite import ops
from autograd_lite.kinds import Elementwise
from autograd_lite.operation import Operation
from autograd_lite.ops import FUNCTIONS, HELPERS, TABLE, Entry
from autograd_lite.ops.reduction import Reduction
from tests.ops.samples import DOMAINS, SAMPLES, Sample
from tests.strategies import numeric_gradient

EXACT: dict[str, Callable[..., Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul,
    "divide": operator.truediv, "power": operator.pow, "negative": operator.neg,
    "abs": sympy.Abs, "maximum": sympy.Max, "minimum": sympy.Min, "sin": sympy.sin,
    "cos": sympy.cos, "tan": sympy.tan, "exp": sympy.exp, "log": sympy.log, "sqrt": sympy.sqrt,
    "tanh": sympy.tanh, "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "relu": lambda x: sympy.Max(0, x), "softplus": lambda x: sympy.log(1 + sympy.exp(x)),
}  # fmt: skip

ENTRIES = [pytest.param(entry, id=entry.name) for entry in TABLE]
EACH = [pytest.param(sample, id=f"{name}-{sample.title}") for name, sample in SAMPLES]


def test_every_operation_is_in_the_walk() -> None:
    assert {name for name, _ in SAMPLES} == {entry.name for entry in TABLE}
    assert len({entry.name for entry in TABLE}) == len(TABLE)


def test_every_operation_of_the_package_is_in_the_table() -> None:
    def below(kind: type[Operation]) -> set[type[Operation]]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    known = {entry.kind for entry in TABLE} | set(HELPERS)
    concrete = {
        kind
        for kind in below(Operation)
        if kind.__module__.startswith(ops.__name__) and kind.forward is not Operation.forward
    }
    assert concrete == known


@pytest.mark.parametrize("entry", ENTRIES)
def test_describes_itself(entry: Entry) -> None:
    sample = next(sample for name, sample in SAMPLES if name == entry.name)
    operation = sample.call(*map(ag.Tensor, sample.inputs())).operation
    assert operation.symbol
    assert operation.rule or issubclass(entry.kind, Elementwise)
    assert entry.kind.__doc__
    assert entry.kind.__doc__.startswith("z")
    fill = dict(zip("xyz", ("first", "second", "third")[: len(operation.inputs)], strict=False))
    for template in (operation.formula, operation.latex):
        if template:  # without one, views write symbol(first, second)
            text = template.format(**fill)
            assert all(word in text for word in fill.values())
            assert text.count("{") == text.count("}")


@pytest.mark.parametrize("entry", ENTRIES)
def test_is_a_public_function_with_help(entry: Entry) -> None:
    function = getattr(ag, entry.name)
    assert function is FUNCTIONS[entry.name]
    assert len(function.__doc__) > 40
    assert function.__name__ == entry.name
    assert ">>> " in function.__doc__
    assert "Source: " in function.__doc__
    if entry.function is None:
        assert entry.kind.__doc__ in function.__doc__
        reduces = issubclass(entry.kind, Reduction)
        assert ("`axis` and `keepdims` as in NumPy." in function.__doc__) == reduces
        inputs = len(DOMAINS.get(entry.name, ()))  # 0: no operation on each element
        assert ("shapes that broadcast" in function.__doc__) == (inputs > 1)
        assert ("of any shape." in function.__doc__) == (inputs == 1)
    else:
        assert "import autograd_lite as ag" in function.__doc__.split("Source: ")[0]
        assert entry.kind.__doc__ not in function.__doc__


def test_no_operation_of_the_package_keeps_what_must_be_looked_after() -> None:
    """So none pays for the look, and each can be differentiated again."""
    assert not any(kind.remembers for kind in (*(entry.kind for entry in TABLE), *HELPERS))


@pytest.mark.parametrize("name", DOMAINS)
def test_refuses_another_number_of_inputs(name: str) -> None:
    arity = len(DOMAINS[name])
    with pytest.raises(TypeError, match=rf"{name}.* {arity} .* {arity + 1} "):
        FUNCTIONS[name](*[ag.Tensor(1.0)] * (arity + 1))


@pytest.mark.parametrize("entry", [entry for entry in TABLE if entry.name in DOMAINS])
def test_numpy_and_python_record_the_same(entry: Entry) -> None:
    inputs = Sample(np.add, ((2, 3),) * len(DOMAINS[entry.name]), DOMAINS[entry.name]).inputs()
    tensors = [ag.Tensor(value) for value in inputs]
    expected = FUNCTIONS[entry.name](*tensors)
    ways = [] if entry.numpy is None else [entry.numpy]
    ways += [] if entry.operator is None else [getattr(operator, entry.operator)]
    for way in ways:
        result = way(*tensors)
        assert type(result.operation) is entry.kind
        np.testing.assert_array_equal(result.data, expected.data)
        np.testing.assert_array_equal(result.data, way(*inputs))


@pytest.mark.parametrize("sample", EACH)
def test_first_and_second_derivatives(sample: Sample) -> None:
    assert ag.gradcheck(sample.call, *sample.inputs(), order=2)


@pytest.mark.parametrize("sample", EACH)
def test_backward_alone_against_differences_of_our_own(sample: Sample) -> None:
    """Should the gradient check be blind one day, this is not."""
    inputs = sample.inputs()
    tensors = [ag.Tensor(value) for value in inputs]
    output = sample.call(*tensors)
    upstream = np.random.default_rng(8).normal(size=output.shape)
    output.backward(upstream)
    for position, tensor in enumerate(tensors):
        expected = numeric_gradient(
            lambda *values: float(np.sum(upstream * sample.call(*map(ag.Tensor, values)).data)),
            inputs,
            position,
        )
        assert isinstance(tensor.grad, np.ndarray)
        assert tensor.grad.shape == tensor.shape
        np.testing.assert_allclose(tensor.grad, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("sample", EACH)
def test_arrays_that_are_not_contiguous_change_nothing(sample: Sample) -> None:
    inputs = sample.inputs()
    apart = [
        np.repeat(value.T, 2, axis=-1)[..., ::2].T if value.ndim else value for value in inputs
    ]
    results = []
    for values in (inputs, apart):
        # As they are: Tensor() would make its own contiguous copy.
        tensors = [ag.Tensor(0.0) for _ in values]
        for tensor, value in zip(tensors, values, strict=True):
            tensor._data = value
        output = sample.call(*tensors)
        output.backward(np.ones(output.shape))
        results.append([output.data, *(tensor.grad for tensor in tensors)])
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("sample", EACH)
def test_inputs_are_not_changed_and_gradients_are_owned(sample: Sample) -> None:
    inputs = sample.inputs()
    before = [value.copy() for value in inputs]
    tensors = [ag.Tensor(value) for value in inputs]
    output = sample.call(*tensors)
    upstream = np.ones(output.shape)
    output.backward(upstream)
    for value, old, tensor in zip(inputs, before, tensors, strict=True):
        np.testing.assert_array_equal(value, old)
        np.testing.assert_array_equal(tensor.data, old)
        assert tensor.grad.flags.writeable
        assert tensor.grad.flags.owndata
    arrays = [
        upstream,
        *inputs,
        *(t.data for t in tensors),
        output.data,
        *(t.grad for t in tensors),
    ]
    for i, tensor in enumerate(tensors):
        shared = [a for a in arrays if a is not tensor.grad and np.shares_memory(a, tensor.grad)]
        assert shared == [], i


@pytest.mark.parametrize("name", DOMAINS)
def test_local_gradients_are_the_exact_derivatives(name: str) -> None:
    symbols = sympy.symbols("x y", real=True)[: len(DOMAINS[name])]
    inputs = Sample(np.add, ((5,),) * len(symbols), DOMAINS[name]).inputs()
    operation = FUNCTIONS[name](*(ag.Tensor(value) for value in inputs)).operation
    for position, symbol in enumerate(symbols):
        derivative = sympy.lambdify(symbols, sympy.diff(EXACT[name](*symbols), symbol))
        expected = [derivative(*point) for point in zip(*inputs, strict=True)]
        local = np.broadcast_to(operation.local_gradient(position), (5,))
        np.testing.assert_allclose(local, np.array(expected, dtype=float), rtol=1e-13, atol=0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sample", EACH)
def test_dtype_is_kept(sample: Sample, dtype: Any) -> None:
    tensors = [ag.Tensor(value.astype(dtype)) for value in sample.inputs()]
    output = sample.call(*tensors)
    if type(output.operation).__name__ != "AsType":
        assert output.dtype == dtype
    output.backward(np.ones(output.shape))  # a float64 seed must not change it either
    assert all(tensor.grad.dtype == dtype for tensor in tensors)
    inner = sample.call(*(tensor * 1.0 for tensor in tensors))  # and in the middle of a graph
    assert inner.dtype == output.dtype
    # And the second time.
    for tensor in tensors:
        tensor.grad = None
    output.backward(np.ones(output.shape), create_graph=True)
    assert all(tensor.grad.dtype == dtype for tensor in tensors)


@pytest.mark.parametrize("name", [name for name, domains in DOMAINS.items() if len(domains) == 2])
@pytest.mark.parametrize("variable", [0, 1])
def test_a_constant_changes_nothing_for_the_other_input(name: str, variable: int) -> None:
    inputs = Sample(np.add, ((2, 3), (3,)), DOMAINS[name]).inputs()
    both = [ag.Tensor(value) for value in inputs]
    FUNCTIONS[name](*both).sum().backward()
    one = [ag.Tensor(value, requires_grad=i == variable) for i, value in enumerate(inputs)]
    FUNCTIONS[name](*one).sum().backward()
    np.testing.assert_array_equal(one[variable].grad, both[variable].grad)
    assert one[1 - variable].grad is None


@pytest.mark.parametrize("name", DOMAINS)
def test_the_same_tensor_in_every_place_adds_up(name: str) -> None:
    arity = len(DOMAINS[name])
    low = max(low for low, _ in DOMAINS[name])
    value = np.array([max(low, 0.0) + 0.6, 1.7])
    parts = [ag.Tensor(value) for _ in range(arity)]
    FUNCTIONS[name](*parts).sum().backward()
    shared = ag.Tensor(value)
    FUNCTIONS[name](*[shared] * arity).sum().backward()
    np.testing.assert_allclose(shared.grad, sum(part.grad for part in parts), rtol=1e-15)
