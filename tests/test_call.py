"""A recorded call: which arguments become variables, and what is refused with its name."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor, no_grad
from autograd_lite.call import Copy, by_argument, positions, record


def function(x: Any, y: Any = 1.0) -> Any:
    return x * x * y


# Arguments.


@pytest.mark.parametrize("argnums", [0, 1, (0,), (1, 0), (0, 1)], ids=str)
def test_places_are_a_number_or_a_tuple(argnums: Any) -> None:
    chosen = positions("grad", argnums, (1.0, 2.0))
    assert chosen == (argnums if isinstance(argnums, tuple) else (argnums,))


@pytest.mark.parametrize(
    ("argnums", "error", "says"),
    [
        (2, ValueError, r"grad: argnums received 2, expected a place among the 2 arguments"),
        (-1, ValueError, r"received -1.*from 0 on. Arguments by keyword do not count"),
        ((0, 2), ValueError, "received 2"),
        ((0, 0), ValueError, r"received \(0, 0\), expected each place once"),
        ((), ValueError, r"received \(\), expected each place once"),
        (True, TypeError, "received True, expected a whole number"),
        (1.0, TypeError, r"received 1\.0, expected a whole number"),
        ("x", TypeError, "received 'x'"),
        ([0], TypeError, r"received \[0\]"),
    ],
    ids=str,
)
def test_a_place_that_is_not_there_is_told(argnums: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        ag.grad(function, argnums)(1.0, 2.0)


def test_values_return_in_the_order_and_nesting_of_argnums() -> None:
    arguments = ([1.0, {"a": 2.0}], 3.0, (4.0,))
    assert by_argument(["a", "b"], 0, arguments) == ["a", {"a": "b"}]
    assert by_argument(["a", "b", "c"], (2, 0), arguments) == (("c",), ["a", {"a": "b"}])


@pytest.mark.parametrize(
    ("value", "says"),
    [(3, r"grad: x: .*Write 3\.0 instead of 3"),
     ([1.0, 2], r"grad: x\[1\]: .*int"), (None, "an object"),
     ("2.0", "text"), (np.array([1, 2]), r"received int64 of shape \(2,\)"),
     (Tensor(1.0).data.astype(int), "int64")],
    ids=repr,
)  # fmt: skip
def test_an_argument_without_derivatives_is_told(value: Any, says: str) -> None:
    with pytest.raises(TypeError, match=says):
        ag.grad(function)(value)


def test_other_arguments_stay_what_they_are() -> None:
    seen = []

    def watch(x: Any, how: Any, *, power: Any) -> Any:
        seen.append((type(x), how, power))
        return x**power

    assert ag.grad(watch)(3.0, "text", power=2) == 6.0
    assert seen == [(Tensor, "text", 2)]


@pytest.mark.parametrize(
    "result", [2.0, np.ones(2), None, [Tensor(1.0), 2.0], {"a": None}], ids=str
)
@pytest.mark.parametrize("use", [ag.grad, ag.jacobian])
def test_a_result_that_is_no_tensor_is_told(use: Callable[..., Any], result: Any) -> None:
    def broken(x: Any) -> Any:
        return result

    says = r"broken returned \w+, expected a Tensor.*np\.sin, ag\.relu.*\.item\(\) and \.data"
    with pytest.raises(TypeError, match=says):
        use(broken)(1.0)
    with pytest.raises(TypeError, match="the function returned"):
        use(lambda x: result)(1.0)


# What becomes of a tensor that is given.


def test_arrays_give_arrays_and_variables_give_tensors() -> None:
    for value in (2.0, np.float64(2.0), np.array(2.0), Tensor(2.0, requires_grad=False)):
        assert type(ag.grad(function)(value)) is np.ndarray
        assert type(ag.value_and_grad(function)(value)[0]) is np.ndarray
    x = Tensor(2.0, name="x")
    value, gradient = ag.value_and_grad(function)(x)
    assert isinstance(value, Tensor)
    assert isinstance(gradient, Tensor)
    gradient.backward()
    assert x.grad == 2.0


def test_a_variable_outside_the_call_makes_the_result_a_tensor() -> None:
    w = Tensor(3.0, name="w")
    gradient = ag.grad(lambda x: w * x * x)(2.0)
    assert isinstance(gradient, Tensor)
    gradient.backward()
    assert (gradient.item(), w.grad) == (12.0, 4.0)


def test_a_result_is_an_array_of_its_own() -> None:
    x = np.array([1.0, 2.0])
    value, pullback = ag.vjp(lambda t: t, x)
    (gradient,) = pullback(x)
    for array in (value, gradient):
        assert not np.shares_memory(array, x)
        array[0] = 99.0
    np.testing.assert_array_equal(x, [1.0, 2.0])


def test_no_gradient_outside_changes() -> None:
    x, w = Tensor(2.0), Tensor(3.0)
    x.grad, w.grad = np.array(5.0), np.array(7.0)
    ag.grad(lambda t: t * w)(x)
    ag.hessian(lambda t: t * t * w)(x)
    ag.jvp(lambda t: t * w, (x,), (1.0,))
    assert (x.grad, w.grad) == (5.0, 7.0)


@pytest.mark.parametrize("value", [2.0, Tensor(2.0)], ids=["number", "tensor"])
def test_inside_no_grad_derivatives_are_plain_and_right(value: Any) -> None:
    with no_grad():
        assert type(ag.grad(function)(value)) is np.ndarray
        assert ag.grad(function)(value) == 4.0
        assert ag.hessian(function)(value) == 2.0
        assert ag.jvp(function, (value,), (3.0,))[1] == 12.0


def test_an_argument_is_told_from_the_same_tensor_elsewhere() -> None:
    x = Tensor(3.0, name="x")
    gradient = ag.grad(lambda t: t * x)(x)
    assert gradient.item() == 3.0  # not 2x: only the argument moves
    gradient.backward()
    assert x.grad == 1.0


def test_the_copy_of_an_argument_describes_itself_and_passes_the_check() -> None:
    assert Copy().formula.format(x="w") == "w"
    assert Copy().symbol
    assert Copy().rule
    assert ag.gradcheck(Copy, np.array([1.0, 2.0]), order=2)


# Seeds and tangents.


def test_seeds_and_tangents_take_the_dtype_of_their_value() -> None:
    x = np.array([1.0, 2.0], np.float32)
    value, pullback = ag.vjp(lambda t: t * t, x)
    assert value.dtype == np.float32
    for seed in ([1, 2], np.array([1.0, 2.0]), Tensor([1.0, 2.0], requires_grad=False)):
        (gradient,) = pullback(np.asarray(seed) if isinstance(seed, list) else seed)
        assert gradient.dtype == np.float32
        np.testing.assert_array_equal(gradient, [2.0, 8.0])
    for move in (np.array([1, 2]), Tensor([1.0, 2.0])):
        assert ag.jvp(lambda t: t * t, (x,), (move,))[1].dtype == np.float32


def test_a_seed_that_is_a_variable_can_be_differentiated_by() -> None:
    seed = Tensor(5.0)
    _, pullback = ag.vjp(function, 3.0, 2.0)
    dx, dy = pullback(seed)
    (dx + 10.0 * dy).backward()
    assert (dx.item(), dy.item()) == (60.0, 45.0)
    assert seed.grad == 12.0 + 90.0


def test_a_tangent_that_is_a_variable_can_be_differentiated_by() -> None:
    move = Tensor(5.0)
    _, moved = ag.jvp(function, (3.0, 2.0), (move, 0.0))
    moved.backward()
    assert (moved.item(), move.grad) == (60.0, 12.0)


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 1)])
def test_a_seed_or_a_tangent_of_another_shape_is_told(shape: Any) -> None:
    x = np.array([1.0, 2.0])
    _, pullback = ag.vjp(function, x)
    with pytest.raises(ValueError, match=r"received a seed of shape .*, expected \(2,\)"):
        pullback(np.ones(shape))
    with pytest.raises(ValueError, match=r"received a tangent of shape .*, expected \(2,\)"):
        ag.jvp(function, (x,), (np.ones(shape),))


def test_what_no_path_reaches_is_zero() -> None:
    gradients = ag.grad(lambda x, y: x * 2.0, (0, 1))(1.0, np.array([[1.0, 2.0]]))
    np.testing.assert_array_equal(gradients[1], [[0.0, 0.0]])
    assert ag.grad(lambda x: Tensor(3.0, requires_grad=False))(1.0) == 0.0
    assert ag.jvp(lambda x: Tensor(3.0, requires_grad=False), (1.0,), (1.0,))[1] == 0.0


def test_the_same_tensor_returned_twice_adds_its_seeds() -> None:
    def twice(x: Any) -> Any:
        y = x * x
        return y, [y, x]

    _, pullback = ag.vjp(twice, 3.0)
    assert pullback((1.0, [10.0, 100.0]))[0] == 6.0 * 11.0 + 100.0


def test_a_record_holds_the_variables_and_the_output() -> None:
    call = record("test", function, (2.0, 3.0), (1,), {})
    assert [variable.item() for variable in call.variables] == [3.0]
    assert call.output.item() == 12.0
    assert not call.recorded
    assert [node.item() for node in ComputationGraph(call.output).nodes][-1] == 12.0
