"""Symbols: the formula that is read off an expression computes what the expression computes."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd_lite import Elementwise
from autograd_lite.operation import Operation
from autograd_lite.ops import TABLE
from autograd_lite.views import symbol as module
from autograd_lite.views.symbol import Symbol, local_formula, symbol
from tests.strategies import same_every_run
from tests.views.formulas import evaluate, every_digit

NAMES = {"a": 1.75, "b": -0.625, "c": 0.375}
BINARY: tuple[Callable[..., Any], ...] = (
    operator.add, operator.sub, operator.mul, operator.truediv,
    np.add, np.subtract, np.multiply, np.divide,
)  # fmt: skip
COMPARING = (operator.gt, operator.lt, operator.ge, operator.le, operator.eq, operator.ne)
UNARY: tuple[Callable[..., Any], ...] = (operator.neg, np.negative, np.sin, np.tanh, np.sign)
LEAVES = st.sampled_from([*NAMES, *NAMES, 0.5, -0.5, 1.0, 2.0, -3.0])


def larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.tuples(st.sampled_from(BINARY + BINARY + COMPARING), inner, inner),
        st.tuples(st.sampled_from(UNARY), inner),
        st.tuples(st.just(operator.pow), inner, st.sampled_from([1.0, 2.0, 3.0])),
    )


TREES = st.recursive(LEAVES, larger, max_leaves=8)


def compute(tree: Any, leaf: Callable[[str], Any]) -> Any:
    """The expression of a tree on floats or on symbols: the same code for both."""
    if isinstance(tree, str):
        return leaf(tree)
    if isinstance(tree, float):
        return tree
    call, *inputs = tree
    value = call(*(compute(part, leaf) for part in inputs))
    return float(value) if isinstance(value, bool | np.bool) else value


@same_every_run
@given(TREES)
def test_a_formula_computes_what_its_expression_computes(tree: Any) -> None:
    with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
        patch.setattr(module, "format_short", every_digit)
        try:
            expected = float(compute(tree, NAMES.__getitem__))
            formula = symbol(compute(tree, Symbol))
        except (ZeroDivisionError, OverflowError):
            assume(False)
    assume(np.isfinite(expected) and abs(expected) < 1e9)
    assert evaluate(formula.text, NAMES) == pytest.approx(expected, rel=1e-9, abs=1e-9)


a, b = Symbol("a"), Symbol("b")


@pytest.mark.parametrize(
    ("formula", "shown", "latex"),
    [
        (a - (b - a), "a − (b − a)", "a - (b - a)"),
        (a / (b * a), "a / (b · a)", r"a / (b \cdot a)"),
        (-(a + b), "−(a + b)", "-(a + b)"),
        ((-a) ** 2.0, "(−a)²", "(-a)^{2}"),
        (a**-1.0, "a^(−1)", "a^{-1}"),
        (a * -2.0, "a · (−2)", r"a \cdot (-2)"),
        (1.0 * a, "a", "a"),
        (np.cos(a) * np.float64(2.0), "cos(a) · 2", r"\cos(a) \cdot 2"),
        (1.0 * (a > 0.0), "1[a > 0]", r"\mathbf{1}[a > 0]"),
        (np.sign(a), "sign(a)", r"\operatorname{sign}(a)"),
    ],
)
def test_the_form_by_example(formula: Symbol, shown: str, latex: str) -> None:
    assert (formula.text, formula.latex) == (shown, latex)


# The rules of operations, run on symbols.

ELEMENTWISE = {
    entry.name: entry.kind
    for entry in TABLE
    if issubclass(entry.kind, Elementwise) and entry.function is None
}
POINTS = [(0.75, 1.5), (1.5, 0.75), (1.0, 1.0), (0.0, 2.0), (2.0, 0.0), (-0.5, 2.0)]


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_formula_of_each_operation_is_its_local_gradient(
    name: str, point: tuple[float, float]
) -> None:
    operation = ELEMENTWISE[name]()
    arity = operation.forward.__func__.__code__.co_argcount - 1  # type: ignore[attr-defined]
    values = dict(zip("xy", map(np.float64, point[:arity]), strict=False))
    operation.inputs, operation.needs = tuple(values.values()), (True,) * arity
    with np.errstate(all="ignore"):
        operation.output = operation.forward(*operation.inputs)
        for position in range(arity):
            formula = local_formula(operation, position, list(map(Symbol, values)), Symbol("z"))
            slope = operation.local_gradient(position)
            assert formula is not None
            if np.isfinite(slope):
                shown = evaluate(formula.text, {**values, "z": operation.output})
                assert shown == pytest.approx(float(slope), rel=1e-12)


def leaky(slope: Callable[[Any], Any]) -> Operation:
    """An operation whose rule asks which side of 0 it is on, at x = −1 where the slope is 0.1."""

    class Leaky(Elementwise):
        def forward(self, x: Any) -> Any:
            return np.where(x > 0.0, x, 0.1 * x)

        def local_gradients(self, x: Any) -> Any:
            return (slope(x),)

    operation = Leaky()
    operation.inputs, operation.output, operation.needs = (np.float64(-1.0),), -0.1, (True,)
    return operation


@pytest.mark.parametrize(
    "slope",
    [
        lambda x: 1.0 if x > 0.0 else 0.1,
        lambda x: np.where(x > 0.0, 1.0, 0.1),
        lambda x: 0.1 if not x > 0.0 else 1.0,
        lambda x: 0.1 if x < 0.0 and x > -2.0 else 1.0,
        lambda x: 0.1 + 0.9 * max(np.sign(x), 0.0),
        lambda x: (x > 0.0) + 0.1 * (x <= 0.0),
    ],
)
def test_a_condition_in_a_rule_gives_the_right_formula_or_none(slope: Any) -> None:
    operation = leaky(slope)
    assert float(operation.local_gradient(0)) == pytest.approx(0.1)
    formula = local_formula(operation, 0, [Symbol("x")], Symbol("z"))
    assert formula is None or evaluate(formula.text, {"x": -1.0}) == pytest.approx(0.1)


def test_a_formula_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError):
        bool(Symbol("x") > 0.0)


@pytest.mark.parametrize(
    "slope",
    [
        lambda x: float(x),
        lambda x: x.shape[0],
        lambda x: x[0],
        lambda x: np.sum(x),
        lambda x: np.array([1.0, 2.0]) * x,
        lambda x: 1 / 0,
    ],
)
def test_a_rule_that_cannot_be_followed_has_no_formula(slope: Any) -> None:
    assert local_formula(leaky(slope), 0, [Symbol("x")], Symbol("z")) is None


def test_reading_a_formula_leaves_the_operation_as_it_was() -> None:
    operation = leaky(lambda x: 2.0 * x)
    before = (operation.inputs, operation.output)
    local_formula(operation, 0, [Symbol("x")], Symbol("z"))
    assert (operation.inputs, operation.output) == before
