"""Every rule gives the same bits, for the numbers that break what only looks true."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite.compiler.algebra import RULES, simplify
from tests.compiler.graphs import assert_same_bits
from tests.compiler.programs import NASTY, fixed, names, results, written

ONE: dict[str, tuple[Callable[[Any], Any], list[str]]] = {
    "1·x": (lambda x: 1.0 * x, []),
    "x·1": (lambda x: x * 1.0, []),
    "−1·x": (lambda x: -1.0 * x, ["np.negative"]),
    "x·−1": (lambda x: x * -1.0, ["np.negative"]),
    "x/1": (lambda x: x / 1.0, []),
    "x−0": (lambda x: x - 0.0, []),
    "−−x": (lambda x: np.negative(-x), ["np.negative"]),
    "x¹": (lambda x: x**1.0, []),
    "x²": (lambda x: x**2.0, ["np.multiply"]),
    "as it is": (lambda x: x.astype(x.dtype), []),
    "same shape": (lambda x: np.reshape(x, x.shape), []),
    "T twice": (lambda x: x.T.T, ["np.transpose"] * 2),
    "reshaped twice": (lambda x: x.reshape(3, 2).reshape(6), ["np.reshape"] * 2),
    "sum, dropped": (lambda x: np.sum(x, axis=0, keepdims=True).reshape(3), ["np.add.reduce"] * 2),
}  # fmt: skip
TWO: dict[str, tuple[Callable[[Any, Any], Any], list[str]]] = {
    "x+(−y)": (lambda x, y: x + (-y), ["np.negative", "np.subtract"]),
    "(−x)+y": (lambda x, y: (-x) + y, ["np.negative", "np.subtract"]),
    "x−(−y)": (lambda x, y: x - (-y), ["np.negative", "np.add"]),
}
UNTRUE: dict[str, Callable[[Any], Any]] = {
    "x+0": lambda x: x + 0.0, "0+x": lambda x: 0.0 + x, "x−(−0)": lambda x: x - (-0.0),
    "x−x": lambda x: x - x, "0·x": lambda x: 0.0 * x, "x/x": lambda x: x / x,
    "0−x": lambda x: 0.0 - x, "x⁰": lambda x: x**0.0, "x³": lambda x: x**3.0,
    "x^½": lambda x: x**0.5, "x^−1": lambda x: x**-1.0, "2x/2": lambda x: (2.0 * x) / 2.0,
    "(x+1)−1": lambda x: (x + 1.0) - 1.0, "x·0.1·10": lambda x: x * 0.1 * 10.0,
    "x/3": lambda x: x / 3.0, "−x·x": lambda x: (-x) * x, "log exp": lambda x: np.log(np.exp(x)),
    "−(x−1)": lambda x: -(x - 1.0), "max(x, x)": lambda x: np.maximum(x, x),
    "√(x²)": lambda x: np.sqrt(x * x), "|−x|": lambda x: np.abs(-x),
}  # fmt: skip

ARRAYS = st.lists(st.sampled_from(NASTY), min_size=6, max_size=6).map(
    lambda numbers: np.array(numbers).reshape(2, 3)
)
KINDS = st.sampled_from([np.float64, np.float32])


def cast(x: np.ndarray, kind: Any) -> np.ndarray:
    with np.errstate(all="ignore"):
        return x.astype(kind)


def assert_same_results(function: Callable[..., Any], *arrays: Any) -> None:
    program = written(function, *arrays)
    for ours, theirs in zip(
        results(simplify(program), *arrays), results(program, *arrays), strict=True
    ):
        assert_same_bits(ours, theirs)


@pytest.mark.parametrize("rule", ONE)
def test_a_rule_of_one_value_applies(rule: str) -> None:
    function, wanted = ONE[rule]
    assert names(simplify(written(function, np.ones((2, 3))))) == wanted


@pytest.mark.parametrize("rule", TWO)
def test_a_rule_of_two_values_applies(rule: str) -> None:
    function, wanted = TWO[rule]
    assert names(simplify(written(function, np.ones((2, 3)), np.ones((2, 3))))) == wanted


@given(st.sampled_from([*ONE]), ARRAYS, KINDS)
def test_a_rule_of_one_value_gives_the_same_bits(rule: str, x: np.ndarray, kind: Any) -> None:
    assert_same_results(ONE[rule][0], cast(x, kind))


@given(st.sampled_from([*TWO]), ARRAYS, ARRAYS, KINDS)
def test_a_rule_of_two_values_gives_the_same_bits(
    rule: str, x: np.ndarray, y: np.ndarray, kind: Any
) -> None:
    assert_same_results(TWO[rule][0], cast(x, kind), cast(y, kind))


@pytest.mark.parametrize("rule", UNTRUE)
def test_what_only_looks_true_is_left_alone(rule: str) -> None:
    program = written(UNTRUE[rule], np.array(NASTY))
    assert names(simplify(program)) == names(program)


@given(st.sampled_from([*UNTRUE]), ARRAYS, KINDS)
def test_what_only_looks_true_gives_the_same_bits(rule: str, x: np.ndarray, kind: Any) -> None:
    assert_same_results(UNTRUE[rule], cast(x, kind))


def test_each_rule_is_tried_here() -> None:
    tried = {"np.multiply", "np.divide", "np.subtract", "np.negative", "**", ".astype",
             "np.reshape", "np.transpose", "np.add"}  # fmt: skip
    assert set(RULES) == tried


@pytest.mark.parametrize("constant", [np.float64(1.0), np.ones((2, 3)), np.ones((1, 2, 3))])
def test_a_constant_that_widens_is_kept(constant: Any) -> None:
    """float32 · 1.0 of float64 is float64, and (3,) · (2, 3) has another shape."""
    x = np.ones((2, 3), np.float32)
    program = written(lambda t: t * fixed(constant)(t), x)
    assert_same_bits(results(simplify(program), x)[0], results(program, x)[0])
    assert len(simplify(program)) == 1


def test_two_to_the_power_of_single_numbers_is_kept() -> None:
    """NumPy takes a logarithm there."""
    program = written(lambda t: t**2.0, np.float64(1.1))
    assert names(simplify(program)) == ["**"]


@given(ARRAYS, st.sampled_from([(2, 3), (1, 3), (3,), (2, 1), ()]))
def test_repeating_before_an_elementwise_function_is_left_to_numpy(
    x: np.ndarray, shape: tuple[int, ...]
) -> None:
    y = x[:1].T[:1, 0] if shape == () else x[tuple(slice(0, n) for n in (1, 1, *shape)[-2:])]
    y = np.reshape(y, shape) if y.size == np.prod(shape, dtype=int) else np.ones(shape)
    assert_same_results(lambda a, b: np.multiply(a, np.broadcast_to(b, (2, 3))), x, y)
    program = simplify(written(lambda a, b: np.multiply(a, np.broadcast_to(b, (2, 3))), x, y))
    assert program.calls[-1].operands == list(program.inputs)


def test_repeating_that_makes_the_shape_is_kept() -> None:
    y = np.array([1.0, 2.0, 3.0])
    program = written(lambda b: np.multiply(np.broadcast_to(b, (2, 3)), b), y)
    assert results(simplify(program), y)[0].shape == (2, 3)


@given(st.permutations(range(3)), st.permutations(range(3)))
def test_two_transposes_are_one(first: list[int], second: list[int]) -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    program = written(lambda t: np.transpose(np.transpose(t, first), second), x)
    both = simplify(program)
    assert_same_bits(results(both, x)[0], np.transpose(np.transpose(x, first), second))
    assert program.inputs[0] in (both.value, *getattr(both.value, "operands", ()))


@pytest.mark.parametrize("power", [1.0, 2.0])
def test_a_constant_of_another_precision_widens(power: float) -> None:
    x = ag.Tensor(np.array([0.1, 0.2], np.float32), name="x")
    c = ag.Tensor(power, requires_grad=False)
    y = (x**c) - 0.01
    compiled = ag.ComputationGraph(y).compile()
    assert compiled().dtype == y.dtype
    np.testing.assert_array_equal(compiled(), y.data)
    minus = ag.Tensor(-1.0, requires_grad=False) * x
    np.testing.assert_array_equal(ag.ComputationGraph(minus).compile()(), minus.data)
    assert ag.ComputationGraph(minus).compile()().dtype == minus.dtype
