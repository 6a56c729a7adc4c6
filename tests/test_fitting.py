"""Fitting: what a rule returns gets its input's shape and dtype, or is told what to return."""

from typing import Any

import numpy as np
import pytest

from autograd_lite import Operation, Tensor
from tests.rules import Multiply, rule


def test_one_number_stands_for_every_element() -> None:
    x = Tensor([1.0, 2.0, 3.0])
    rule(lambda self, dz: dz, np.sum)(x).backward(5.0)
    np.testing.assert_array_equal(x.grad, [5.0, 5.0, 5.0])


def test_an_array_for_an_input_that_is_one_number_is_not_summed_away() -> None:
    x = Tensor(1.0, name="x")
    y = rule(lambda self, dz: dz * np.ones(3))(x)
    with pytest.raises(ValueError, match=r"Rule\.backward.*\(3,\).*\(\)"):
        y.backward()


def test_a_forgotten_transpose_is_told_even_if_the_sizes_agree() -> None:
    x = Tensor(np.arange(6.0).reshape(2, 3), name="x")
    y = rule(lambda self, dz: dz, lambda x: x.T * 1.0)(x)
    with pytest.raises(ValueError, match=r"Rule\.backward.*\(3, 2\).*\(2, 3\)"):
        y.backward(np.ones((3, 2)))


def test_a_gradient_of_the_outputs_shape_is_told_if_the_input_was_not_repeated() -> None:
    x = Tensor([1.0, 2.0, 3.0], name="x")
    y = rule(lambda self, dz: dz, lambda x: x[:2] * 1.0)(x)
    with pytest.raises(ValueError, match=r"Rule\.backward.*\(2,\).*\(3,\)"):
        y.backward([1.0, 1.0])


def test_none_is_fine_for_an_input_that_needs_no_gradient() -> None:
    class Half(Operation):
        def forward(self, x: Any, y: Any) -> Any:
            return x * y

        def backward(self, dz: Any) -> Any:
            return dz * self.inputs[1], None

    x = Tensor(2.0)
    Half()(x, 3.0).backward()
    assert x.grad == 3.0
    with pytest.raises(ValueError, match=r"Half\.backward returned None for input 1"):
        Half()(x, Tensor(3.0)).backward()


def test_a_backward_that_returns_nothing_is_told_to_return() -> None:
    forgetful = type("Forgetful", (Multiply,), {"backward": lambda self, dz: None})()
    z = forgetful(Tensor(2.0), Tensor(3.0))
    with pytest.raises(ValueError, match=r"Forgetful\.backward returned None, .* with `return`"):
        z.backward()


@pytest.mark.parametrize("gradient", [{"x": 1.0}, "one", object()], ids=["dict", "text", "object"])
def test_a_backward_that_returns_no_array_names_the_operation(gradient: Any) -> None:
    y = rule(lambda self, dz: gradient, np.exp)(Tensor([1.0, 2.0]))
    with pytest.raises(TypeError, match=r"\.backward returned \w+ for input 0, expected an array"):
        y.backward([1.0, 1.0])


def test_one_computed_number_is_not_taken_for_the_gradient_of_a_whole_array() -> None:
    x = Tensor([1.0, 2.0])
    with pytest.raises(ValueError, match=r"returned shape \(\) for input 0, expected \(2,\)"):
        rule(lambda self, dz: np.sum(dz), np.exp)(x).backward([1.0, 1.0])
    rule(lambda self, dz: dz, np.sum)(x).backward()  # of a single output it is
    np.testing.assert_array_equal(x.grad, [1.0, 1.0])


def test_a_backward_that_returns_a_tensor_is_told_to_be_written_in_numpy() -> None:
    y = rule(lambda self, dz: Tensor(2.0) * dz)(Tensor(1.0))
    with pytest.raises(
        TypeError, match=r"Rule\.backward returned a Tensor.*np\.exp and not ag\.exp"
    ):
        y.backward()
