"""Which numbers a quiz asks for: found by name, and refused with what to write instead."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor


def fork() -> Tensor:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    v2 = x1 * x2
    return v2 + np.sin(x1)


def asked(y: Any, ask: Any = "gradients", **more: Any) -> list[str]:
    return list(ag.Quiz(y, ask, **more).answers)


def test_gradients_are_asked_from_the_seed_back_each_once_it_is_complete() -> None:
    names = ("y", "v2", "v3", "x1", "x2")
    assert asked(fork()) == [f"gradient of {name}" for name in names]
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    sine_first = np.sin(x1) + x1 * x2  # x1 gets its first part with x2, the second one later
    assert asked(sine_first)[-2:] == ["gradient of x2", "gradient of x1"]


def test_values_are_asked_forward_and_those_of_inputs_are_given() -> None:
    assert asked(fork(), "values") == ["value of v2", "value of v3", "value of y"]


def test_a_list_of_names_is_asked_in_its_order() -> None:
    names = ["value of v3", "x1", "gradient of v2", "v4"]
    wanted = ["value of v3", "gradient of x1", "gradient of v2", "gradient of y"]
    assert asked(fork(), names) == wanted
    assert asked(fork(), ("x1", "x1")) == ["gradient of x1"]


def test_a_value_that_is_used_twice_by_one_operation_is_asked_once() -> None:
    x = Tensor(3.0, name="x")
    assert asked(x * x) == ["gradient of y", "gradient of x"]


def test_a_seed_that_is_given_is_not_asked_unless_it_is_named() -> None:
    assert "gradient of v4" not in asked(fork(), gradient=0.5)
    assert asked(fork(), ["v4"], gradient=0.5) == ["gradient of v4"]


def test_constants_and_arrays_are_not_asked() -> None:
    w, b = Tensor([1.0, 2.0], name="w"), Tensor(0.5, name="b")
    assert asked(((3 * w + b) ** 2).sum()) == ["gradient of y", "gradient of b"]


def test_values_need_no_variable() -> None:
    given = Tensor(2.0, requires_grad=False, name="given")
    assert asked(np.sin(given) * 2.0, "values") == ["value of v1", "value of y"]


def test_every_number_of_an_array_can_be_asked_in_the_graph_of_numbers() -> None:
    w, x = Tensor([2.0, 3.0], name="w"), Tensor([4.0, 5.0], name="x")
    numbers = ComputationGraph(w @ x).scalars()
    assert "gradient of w[1]" in asked(numbers)


def infinite() -> Tensor:
    with np.errstate(all="ignore"):
        return 1.0 / Tensor(0.0, name="x")


def wide() -> Tensor:
    x = Tensor(0.5, name="x")
    return sum((np.sin(x) for _ in range(30)), start=x)


@pytest.mark.parametrize(
    ("make", "ask", "message"),
    [
        (fork, "x1", r"expected 'gradients', 'values' or a list of names, \['x1'\]"),
        (fork, ["x3"], r"ask: received 'x3', expected some of 'value of v2', .*'gradient of x1'"),
        (fork, ["value of x1"], "The values of inputs are given"),
        (fork, [3], "ask: received 3, expected"),
        (fork, [], "there is nothing to ask"),
        (lambda: Tensor([1.0, 2.0], name="w").sum(), ["w"], r"array of shape \(2,\).*scalars\(\)"),
        (infinite, "gradients", "the gradient of x is -inf, expected a finite number"),
        (wide, "gradients", r"61 numbers are too many to type, expected up to 24"),
        (lambda: Tensor(2.0, requires_grad=False) * 3.0, "values", "Give one a name"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_to_write(
    make: Callable[[], Tensor], ask: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ag.Quiz(make(), ask)


@pytest.mark.parametrize("wrong", [3, None])
def test_what_is_no_list_of_names_is_refused_with_one(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"ask: received .*list of names, such as \['x1'\]"):
        ag.Quiz(fork(), ask=wrong)


@pytest.mark.parametrize("wrong", [3.0, None, "x"])
def test_what_is_no_graph_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="expected the Tensor"):
        ag.Quiz(wrong)


def test_gradients_need_a_variable_and_one_number_at_the_end() -> None:
    with pytest.raises(ValueError, match="depends on no variable"):
        ag.Quiz(Tensor(2.0, requires_grad=False, name="x") * 3.0)
    with pytest.raises(ValueError, match="needs a seed"):
        ag.Quiz(Tensor([1.0, 2.0]) * 3.0)
