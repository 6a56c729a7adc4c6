"""NumPy's functions and Python's operators: recorded, or refused with what to write."""

import operator
import re
from typing import Any

import numpy as np
import pytest

from autograd_lite import Tensor


def test_numpy_functions_and_operators_on_either_side_record() -> None:
    value = np.array([1.0, 2.0])
    for build in (
        lambda x: value * x,
        lambda x: x * value,
        lambda x: np.multiply(value, x),
        lambda x: [1.0, 2.0] * x,
    ):
        x = Tensor([3.0, 4.0])
        y = build(x)
        assert type(y) is Tensor
        y.sum().backward()
        np.testing.assert_array_equal(x.grad, value)


@pytest.mark.parametrize(
    "number", [2, 2.0, np.float64(2.0), np.float32(2.0), np.int64(2)], ids=repr
)
def test_numbers_on_either_side(number: Any) -> None:
    x = Tensor([3.0, 5.0])
    for y in (number * x, x * number):
        assert type(y) is Tensor
        assert y.dtype == np.float64
        np.testing.assert_array_equal(y.data, [6.0, 10.0])


def test_adding_in_place_to_a_result_makes_a_new_tensor() -> None:
    x = Tensor([1.0, 2.0]) * 1.0
    y = x
    y += 1.0
    assert y is not x
    np.testing.assert_array_equal(x.data, [1.0, 2.0])
    np.testing.assert_array_equal(y.data, [2.0, 3.0])


@pytest.mark.parametrize("name", ["iadd", "isub", "imul", "itruediv", "ipow", "imatmul"])
def test_a_variable_is_not_changed_in_place(name: str) -> None:
    w = Tensor([1.0, 2.0], name="w")
    with pytest.raises(TypeError, match=r"'w' is a variable.*w\.data = w\.data - step"):
        getattr(operator, name)(w, 2.0)
    np.testing.assert_array_equal(w.data, [1.0, 2.0])
    assert w.operation is None


def test_an_array_cannot_be_filled_with_a_tensor() -> None:
    array = np.zeros(2)
    with pytest.raises(TypeError, match=r"np\.add.*Write a = a \+ t"):
        array += Tensor([1.0, 2.0])
    np.testing.assert_array_equal(array, [0.0, 0.0])


@pytest.mark.parametrize("option", [{"where": False}, {"dtype": float}])
def test_ufunc_options_are_refused(option: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=rf"np\.sin of 'x': {next(iter(option))}"):
        np.sin(Tensor([1.0, 2.0], name="x"), **option)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (np.arctan, "np.arctan"),
        (np.linalg.inv, "np.linalg.inv"),
        (np.add.reduce, "np.add.reduce"),
        (np.median, "np.median"),
    ],
    ids=["ufunc", "linalg", "method", "function"],
)
def test_a_function_without_a_rule_is_refused_with_what_there_is(call: Any, name: str) -> None:
    with pytest.raises(TypeError) as error:
        call(Tensor([1.0, 2.0], name="x"))
    message = str(error.value)
    assert message.startswith(f"{name} of 'x' has no derivative rule here")
    assert re.search(r"\bsin, cos, tan, exp\b", message)
    assert ".numpy()" in message


@pytest.mark.parametrize("compare", ["lt", "le", "eq", "ne", "gt", "ge"])
@pytest.mark.parametrize("other", [2.0, np.array([2.0, 0.0]), Tensor([2.0, 0.0])], ids=repr)
def test_comparing_gives_plain_booleans(compare: str, other: Any) -> None:
    x, function = Tensor([1.0, 2.0]), getattr(operator, compare)
    plain = other.data if isinstance(other, Tensor) else other
    for result, expected in (
        (function(x, other), function(x.data, plain)),
        (function(plain, x), function(plain, x.data)),
    ):
        assert type(result) is np.ndarray
        assert result.dtype == bool
        np.testing.assert_array_equal(result, expected)


def test_comparing_numbers_can_steer_the_program() -> None:
    x = Tensor(2.0)
    assert x > 1.0
    assert not x < 1.0
    assert np.isfinite(x)
    assert len({x, Tensor(2.0)}) == 2  # equal numbers, two nodes


@pytest.mark.parametrize("build", [np.asarray, np.array, lambda x: np.array([x, x])])
def test_numpy_does_not_make_an_array_of_it_silently(build: Any) -> None:
    with pytest.raises(TypeError, match=r"'x' would leave the graph silently.*\.numpy\(\)"):
        build(Tensor(1.0, name="x"))


@pytest.mark.parametrize("axis", [0, -1, None, (0, 1), (-1,)])
def test_flip_is_numpys(axis: Any) -> None:
    value = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(np.flip(Tensor(value), axis).data, np.flip(value, axis))


@pytest.mark.parametrize(
    "call",
    [lambda x: np.flip(x, 2), lambda x: np.swapaxes(x, 0, 2), lambda x: np.moveaxis(x, 2, 0)],
)
def test_an_axis_that_is_not_there_is_named(call: Any) -> None:
    with pytest.raises(ValueError, match=r"axis 2 is out of bounds|axis2: axis 2|source"):
        call(Tensor(np.zeros((2, 3))))


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (np.argmax, 2), (np.argmin, 1), (np.shape, (4,)), (np.ndim, 1), (np.size, 4),
        (np.argsort, [1, 0, 3, 2]), (np.sign, [1.0, -1.0, 1.0, 0.0]),
        (np.zeros_like, [0.0] * 4), (np.ones_like, [1.0] * 4), (np.isnan, [False] * 4),
    ],
)  # fmt: skip
def test_what_no_gradient_flows_through_gives_plain_results(function: Any, expected: Any) -> None:
    value = [1.0, -2.0, 3.0, 0.0] if function is not np.argsort else [2.0, 1.0, 4.0, 3.0]
    result = function(Tensor(value))
    assert not isinstance(result, Tensor)
    np.testing.assert_array_equal(result, expected)


def test_their_methods_are_refused_and_their_options_kept() -> None:
    x = Tensor([1.0, 3.0])
    with pytest.raises(TypeError, match=r"np\.greater\.outer of a variable has no derivative rule"):
        np.greater.outer(x, x)
    out = np.zeros(2, bool)
    np.greater(x, 2.0, out=out)
    np.testing.assert_array_equal(out, [False, True])


def test_they_take_tensors_by_keyword_too() -> None:
    x = Tensor([1.0, 3.0])
    assert np.argmax(a=x) == 1
    assert np.allclose([1.0, 3.0], b=x)
    assert np.array_equal(a1=x, a2=x)


@pytest.mark.parametrize(
    ("shape", "options"),
    [((3,), {}), ((3,), {"ord": 2}), ((2, 3), {}), ((2, 3), {"ord": "fro"}),
     ((2, 3), {"ord": 2, "axis": 1}), ((2, 3), {"axis": 0, "keepdims": True}),
     ((2, 3, 2), {"axis": (0, 2)}), ((2, 3, 2), {"ord": "fro", "axis": (0, 2)}), ((2, 3, 2), {})],
)  # fmt: skip
def test_norm_is_numpys(shape: Any, options: dict[str, Any]) -> None:
    value = np.random.default_rng(0).normal(size=shape)
    result: Any = np.linalg.norm(Tensor(value), **options)
    assert type(result) is Tensor
    np.testing.assert_allclose(result.data, np.linalg.norm(value, **options), rtol=1e-14)


@pytest.mark.parametrize(
    ("shape", "options"),
    [((2, 3), {"ord": 2}), ((2, 3, 2), {"ord": 2, "axis": (0, 1)}), ((3,), {"ord": 1}),
     ((3,), {"ord": np.inf}), ((2, 3), {"ord": "nuc"}), ((3,), {"ord": "fro"})],
)  # fmt: skip
def test_another_norm_is_refused(shape: Any, options: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"np\.linalg\.norm: ord=.*Leave ord out"):
        np.linalg.norm(Tensor(np.ones(shape)), **options)


def test_square_and_positive_are_recorded() -> None:
    x = Tensor([1.0, -3.0])
    np.square(np.positive(x)).sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, -6.0])


def test_amax_and_amin_are_max_and_min() -> None:
    x = Tensor([1.0, 4.0, 4.0])
    (np.amax(x) - np.amin(x)).backward()
    np.testing.assert_array_equal(x.grad, [-1.0, 0.5, 0.5])


@pytest.mark.parametrize("value", [0.0, 2.0, -0.0])
def test_a_single_number_is_true_or_false(value: float) -> None:
    assert bool(Tensor(value)) == bool(value)
    with pytest.raises(ValueError, match="ambiguous"):
        bool(Tensor([value, value]))


@pytest.mark.parametrize("name", ["__add__", "__rmul__", "__matmul__", "__neg__", "__lt__"])
def test_operators_are_called_what_they_are(name: str) -> None:
    assert getattr(Tensor, name).__name__ == name


def test_what_arrays_have_and_tensors_lack_says_what_to_write() -> None:
    x = Tensor([1.0, 2.0])
    with pytest.raises(AttributeError, match=r"a Tensor has no 'fill'.*t\.numpy\(\)\.fill\.$"):
        x.fill(0.0)
    assert not hasattr(x, "fill")
    with pytest.raises(AttributeError, match="no attribute 'backwards'"):
        x.backwards()


def test_comparing_says_that_it_is_not_recorded() -> None:
    assert "not recorded" in Tensor.__ge__.__doc__
    assert not any(hasattr(Tensor, name) for name in ("__rneg__", "__rabs__", "__rgetitem__"))
