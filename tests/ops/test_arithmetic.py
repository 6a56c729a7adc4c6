"""Arithmetic where it is special: zeros, negative bases, ties, and operands of other kinds."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor


@pytest.mark.parametrize("base", [0.0, -2.0, 3.0])
def test_power_zero_has_gradient_zero_everywhere(base: float) -> None:
    x = Tensor(base)
    y = x**0
    y.backward()
    assert y.item() == 1.0
    assert x.grad == 0.0


@pytest.mark.parametrize(
    ("base", "exponent", "gradient"),
    [(-2.0, 2, -4.0), (-2.0, 3, 12.0), (-2.0, -1, -0.25), (0.0, 1, 1.0), (0.0, 2, 0.0)],
)
def test_power_with_a_fixed_exponent_needs_no_logarithm(
    base: float, exponent: int, gradient: float
) -> None:
    x = Tensor(base)
    (x**exponent).backward()
    assert x.grad == gradient


def test_power_zero_within_an_array() -> None:
    x = Tensor([0.0, 2.0, 0.0])
    (x ** np.array([0.0, 3.0, 1.0])).sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 12.0, 1.0])


def test_zero_to_a_variable_power_is_flat_in_the_exponent() -> None:
    x, y = Tensor(0.0), Tensor(2.0)
    (x**y).backward()
    assert (x.grad, y.grad) == (0.0, 0.0)


def test_a_constant_base_of_zero_is_silent_where_its_own_slope_would_be_infinite() -> None:
    y = Tensor(0.5)
    (0.0**y).backward()
    assert y.grad == 0.0


def test_zero_to_the_power_zero_is_flat_in_both() -> None:
    x, y = Tensor([0.0, 0.0, 2.0]), Tensor([0.0, 1.0, 0.0])
    z = x**y
    z.sum().backward()
    np.testing.assert_array_equal(z.data, [1.0, 0.0, 1.0])
    np.testing.assert_array_equal(x.grad, [0.0, 1.0, 0.0])
    np.testing.assert_allclose(y.grad, [0.0, 0.0, np.log(2.0)])


def test_zero_to_a_negative_power_falls_steeply_as_in_pytorch() -> None:
    x, y = Tensor(0.0), Tensor(-1.0)
    with np.errstate(all="ignore"):
        (x**y).backward()
    assert (x.grad, y.grad) == (-np.inf, -np.inf)


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_a_tie_is_split_evenly(name: str) -> None:
    x, y = Tensor([1.0, 5.0]), Tensor([1.0, 5.0])
    getattr(ag, name)(x, y).backward([3.0, -1.0])
    np.testing.assert_array_equal(x.grad, [1.5, -0.5])
    np.testing.assert_array_equal(y.grad, [1.5, -0.5])


@pytest.mark.parametrize(("name", "winner"), [("maximum", 1), ("minimum", 0)])
def test_only_the_chosen_input_receives(name: str, winner: int) -> None:
    pair = Tensor(-1.0), Tensor(2.0)
    getattr(ag, name)(*pair).backward()
    assert [t.grad.item() for t in pair] == [float(winner == 0), float(winner == 1)]


def test_multiply_is_a_scaler_by_a_constant_and_a_switcher_of_variables() -> None:
    x, y = Tensor(2.0), Tensor(3.0)
    assert (x * 3.0).operation.nickname == "scaler"
    assert (3.0 * x).operation.nickname == "scaler"
    assert (x * y).operation.nickname == "switcher"
    assert (x * x).operation.nickname == "switcher"
    assert (x * 3.0).operation.rule == "the variable receives upstream × the constant"
    assert (x * y).operation.rule == "each input receives upstream × the other input"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("number", [2, 2.0, True], ids=["int", "float", "bool"])
def test_python_numbers_are_weak(number: Any, dtype: Any) -> None:
    x = Tensor(np.array([1.0, 2.0], dtype))
    for y in (x + number, number - x, x * number, number / x, x**number, number**x):
        assert y.dtype == dtype


def test_integer_arrays_meet_a_tensor_as_constants_of_its_dtype() -> None:
    x = Tensor(np.array([1.0, 2.0], np.float32))
    for y in (x * np.array([3, 4]), np.array([3, 4]) * x, [3, 4] * x):
        assert y.dtype == np.float32
        np.testing.assert_array_equal(y.data, [3.0, 8.0])


def test_the_order_of_operands_is_kept() -> None:
    x = Tensor(2.0)
    assert [y.item() for y in (5 - x, x - 5, 5 / x, x / 5, 3**x, x**3)] == [
        3.0, -3.0, 2.5, 0.4, 9.0, 8.0,
    ]  # fmt: skip


def test_builtin_sum_of_tensors() -> None:
    xs = [Tensor(float(i)) for i in range(4)]
    total = sum(xs)
    total.backward()
    assert [x.grad for x in xs] == [1.0] * 4


@pytest.mark.parametrize("other", [None, "a", object()], ids=["None", "str", "object"])
def test_something_that_is_no_number_is_refused(other: Any) -> None:
    with pytest.raises(TypeError, match="expected floats"):
        Tensor(1.0) + other


def test_shapes_that_do_not_fit_are_told_with_both_operands() -> None:
    a, b = Tensor(np.zeros((2, 3)), name="weights"), Tensor(np.zeros(2), name="bias")
    with pytest.raises(ValueError, match=r"Add of 'weights'.*\(2, 3\).*'bias'.*\(2,\).*right"):
        a + b


@pytest.mark.parametrize(
    ("x", "y", "dx", "dy"),
    [(1e200, 1e200, 1e-200, -1e-200), (1e-180, 1e-170, 1e170, -1e160)],
    ids=["large", "small"],
)
def test_divide_where_the_square_of_the_denominator_does_not_fit(
    x: float, y: float, dx: float, dy: float
) -> None:
    a, b = Tensor(x), Tensor(y)
    (a / b).backward()
    np.testing.assert_allclose([a.grad, b.grad], [dx, dy], rtol=1e-14)


def test_divide_by_a_small_constant_computes_only_what_is_needed() -> None:
    x = Tensor(1.0)
    (x / 1e-200).backward()
    np.testing.assert_allclose(x.grad, 1e200)


def test_the_second_derivatives_of_a_power_are_right_where_the_exponent_is_zero() -> None:
    # ∂²(x^y)/∂x∂y = x^(y−1)·(1 + y·ln x), which at y = 0 is 1/x.
    second = ag.hessian(lambda v: v[0] ** v[1])(np.array([0.5, 0.0]))
    np.testing.assert_allclose(second, [[0.0, 2.0], [2.0, np.log(0.5) ** 2]], rtol=1e-14)
