"""The judge is judged: every kind of wrong rule is caught and its worst entry named."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given

import autograd_lite as ag
from autograd_lite import Elementwise, Operation, Tensor, gradcheck
from tests.strategies import Program, programs, same_every_run

A, B = (
    np.array([[0.5, -1.5, 2.0], [1.25, 0.75, -0.5]]),
    np.array([[1.0, 0.3], [-0.7, 2.0], [0.4, 1.1]]),
)
SQUARE = np.array([[0.5, -1.5], [2.0, 0.25]])


def operation(
    forward: Callable[..., Any], backward: Callable[..., Any], **more: Any
) -> type[Operation]:
    """A class named Rule; `backward` takes dz and then what forward took."""
    methods = {
        "forward": lambda self, *inputs: forward(*inputs),
        "backward": lambda self, dz: backward(dz, *self.inputs),
    }
    return type("Rule", (Operation,), methods | more)


def swap(dz: Any) -> Any:
    return np.transpose(dz)


RIGHT: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "cube": (operation(lambda x: x**3, lambda dz, x: dz * 3 * x**2), (A,)),
    "multiply": (operation(lambda x, y: x * y, lambda dz, x, y: (dz * y, dz * x)), (A, A + 1.0)),
    "matmul": (
        operation(lambda x, y: x @ y, lambda dz, x, y: (dz @ y.T, x.T @ dz)), (A, B),
    ),
    "one number": (operation(np.sum, lambda dz, x: dz * np.ones(x.shape)), (A,)),
    "an instance": (ag.softmax, (A,)),
    "of an empty array": (lambda x: x * x, (np.zeros((0, 2)),)),
    "steep": (lambda x: np.exp(5.0 * x), (np.array(3.0),)),
    "large": (lambda x: 1e8 * np.sin(x) * x, (np.array([1e3, -2.0]),)),
    "small": (lambda x: 1e-4 * x * x, (np.array([1e-3, 2.0]),)),
    "nearly a kink": (ag.relu, (np.array([1e-7, -1e-7, 3e-6]),)),
    "several results": (lambda x: {"sin": np.sin(x), "rest": [x * x, x[0]]}, (A,)),
}  # fmt: skip


@pytest.mark.parametrize(("function", "inputs"), RIGHT.values(), ids=RIGHT)
def test_right_rules_pass(function: Any, inputs: Any) -> None:
    before = [np.copy(value) for value in inputs]
    assert gradcheck(function, *inputs) is True
    for value, old in zip(inputs, before, strict=True):
        np.testing.assert_array_equal(value, old)


@pytest.mark.parametrize("name", [name for name in RIGHT if "kink" not in name])
def test_right_rules_pass_to_second_order(name: str) -> None:
    function, inputs = RIGHT[name]
    assert gradcheck(function, *inputs, order=2)


@same_every_run
@given(programs(kinks=False))
def test_right_programs_pass(program: Program) -> None:
    def function(*leaves: Any) -> Any:
        return program.run(leaves, lambda name, *inputs: getattr(ag, name)(*inputs))[-1] * 1.0

    values = program.run(program.leaves, lambda name, *inputs: getattr(ag, name)(*inputs).item())
    assume(all(abs(value) < 30.0 for value in values))
    assert gradcheck(function, *program.leaves)


# Wrong rules: (rule, inputs, the worst entry as the message names it).

WRONG: dict[str, tuple[Any, tuple[Any, ...], str]] = {
    "a factor": (
        operation(lambda x: x**2, lambda dz, x: dz * x), (np.array([1.0, -3.0]),),
        r"Rule by input 0\[1\]: reverse mode gives",
    ),
    "a factor just above one": (
        operation(lambda x: x**2, lambda dz, x: dz * 2.00001 * x), (np.array([1.0, 3.0]),),
        r"Rule by input 0\[\d\]: ",
    ),
    "a sign": (
        operation(lambda x, y: x - y, lambda dz, x, y: (dz, dz)), (A, A),
        r"Rule by input 1\[\d, \d\]: ",
    ),
    "transposed": (
        operation(lambda x: x * 2.0, lambda dz, x: 2.0 * np.transpose(dz)), (SQUARE,),
        r"Rule by input 0\[",
    ),
    "transposed other": (
        operation(lambda x, y: x @ y, lambda dz, x, y: (dz @ y, x.T @ dz)), (SQUARE, SQUARE + 1.0),
        r"Rule by input 0\[",
    ),
    "upstream forgotten": (
        operation(lambda x: x**2, lambda dz, x: 2 * x + 0.0 * dz), (A,), r"Rule by input 0\[",
    ),
    "own input used": (
        operation(lambda x, y: x * y, lambda dz, x, y: (dz * x, dz * y)), (2.0, 3.0),
        r"Rule by input \d: reverse mode gives [23], expected [32] \(a central difference\)\.$",
    ),
    "inputs swapped": (
        operation(lambda x, y: x * y, lambda dz, x, y: (dz * x, dz * y)), (A, A + 1.0), "Rule by",
    ),
    "softmax of zeros": (
        operation(
            lambda x: np.exp(x) / np.sum(np.exp(x)), lambda dz, x: 0.0 * dz * x,
        ), (np.array([0.5, -1.0, 2.0]),), r"Rule by input 0\[\d\]: reverse mode gives 0, expected",
    ),
    "softmax as if elementwise": (
        operation(
            lambda x: np.exp(x) / np.sum(np.exp(x)),
            lambda dz, x: dz * np.exp(x) / np.sum(np.exp(x)),
        ), (np.array([0.5, -1.0, 2.0]),), r"Rule by input 0\[",
    ),
    "one element": (
        operation(lambda x: x**2, lambda dz, x: dz * (2 * x + np.eye(3)[1] * 0.1)),
        (np.array([1.0, 2.0, 3.0]),), r"Rule by input 0\[1\]: ",
    ),
    "mixed up elements": (
        operation(lambda x: x * 2.0, lambda dz, x: 2.0 * dz[::-1]), (np.array([1.0, 2.0, 3.0]),),
        r"Rule by input 0\[",
    ),
    "mean without n": (
        operation(lambda x: np.mean(x), lambda dz, x: dz * np.ones(x.shape)), (A,),
        r"reverse mode gives 1, expected 0\.166667",
    ),
    "nan": (
        operation(lambda x: x * 1.0, lambda dz, x: dz * np.array([1.0, np.nan])),
        (np.array([1.0, 2.0]),), r"Rule by input 0\[1\]: reverse mode gives nan",
    ),
    "inf": (
        operation(lambda x: x * 1.0, lambda dz, x: dz * np.inf), (np.array(1.0),),
        r"Rule by input 0: reverse mode gives inf, expected 1",
    ),
    "zero for a constant rule": (
        operation(lambda x: x * 3.0, lambda dz, x: 0.0), (np.array(1.0),),
        r"gives 0, expected 3",
    ),
    "a path forgotten": (
        lambda x: x * x.detach(), (3.0,),
        r"f by input 0: reverse mode gives 3, expected 6",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("function", "inputs", "says"), WRONG.values(), ids=WRONG)
def test_wrong_rules_are_caught(function: Any, inputs: Any, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        gradcheck(function, *inputs)


def test_the_furthest_off_is_named() -> None:
    wrong = operation(lambda x: x**2, lambda dz, x: dz * (2 * x + np.array([1e-3, 0.0, 0.5, 1e-2])))
    with pytest.raises(AssertionError, match=r"by input 0\[2\]"):
        gradcheck(wrong, np.array([1.0, 2.0, 3.0, 4.0]))


def test_names_and_nesting_are_used() -> None:
    wrong = operation(lambda x, y: x * y, lambda dz, x, y: (dz * y, dz * y))

    def loss(parameters: Any, x: Any) -> Any:
        return wrong()(parameters["w"][1], x).sum() + parameters["w"][0].sum()

    x = Tensor([3.0, 4.0], name="x")
    with pytest.raises(AssertionError, match=r"^loss by 'x'\[1\]: reverse mode"):
        gradcheck(loss, {"w": [np.zeros(2), np.array([1.0, -7.0])], "unused": 1.0}, x)
    other = operation(lambda x, y: x * y, lambda dz, x, y: (dz * x, dz * x))

    def other_loss(parameters: Any) -> Any:
        return other()(*parameters).sum()

    with pytest.raises(AssertionError, match=r"^other_loss by input 0\[0\]\[1\]: reverse"):
        gradcheck(other_loss, (np.array([3.0, 4.0]), np.array([3.5, 40.0])))


def test_nested_inputs_pass() -> None:
    def loss(parameters: Any, x: Any) -> Any:
        return np.sum(np.tanh(x @ parameters["w"] + parameters["b"][0]) ** 2.0)

    assert gradcheck(loss, {"w": B, "b": [np.array([0.1, 0.2])]}, A, order=2)


# Wrong in one mode, or at one order.


class WrongForward(Elementwise):
    def forward(self, x: Any) -> Any:
        return np.sin(x)

    def local_gradients(self, x: Any) -> Any:
        return (np.cos(x),)

    def tangent(self, tangents: Any) -> Any:
        return tangents[0] * np.sin(self.inputs[0])


def test_a_rule_wrong_in_forward_mode_alone_is_caught() -> None:
    with pytest.raises(AssertionError, match=r"^WrongForward by input 0\[1\]: forward mode gives"):
        gradcheck(WrongForward, np.array([0.8, 2.0]))


class Once(Operation):
    """Right at first order; what it says about its own rule is wrong."""

    def forward(self, x: Any) -> Any:
        return x**3

    def backward(self, dz: Any) -> Any:
        x = self.inputs[0]
        return dz * 3 * (Tensor(x._data, requires_grad=False) if isinstance(x, Tensor) else x) * x


def test_a_rule_wrong_at_second_order_alone_is_caught() -> None:
    x = Tensor([1.0, 2.0], name="x")
    assert gradcheck(Once, x)
    for once in (Once, Once()):
        with pytest.raises(AssertionError, match=r"^the gradient of Once by 'x'\[\d\]: reverse"):
            gradcheck(once, x, order=2)


def test_third_order_is_checked_when_it_is_asked() -> None:
    assert gradcheck(lambda x: x**4 + np.sin(x), 0.7, order=3)

    def twice_right(x: Any) -> Any:
        return x * x.detach() * x.detach()  # stands in for a rule that stops half-way

    with pytest.raises(AssertionError, match="expected"):
        gradcheck(twice_right, 2.0, order=3)


@pytest.mark.parametrize("order", [0, -1, 1.0, True, "2", None], ids=repr)
def test_an_order_that_is_none_is_told(order: Any) -> None:
    with pytest.raises(ValueError, match=rf"order received {order!r}, expected 1, 2, …"):
        gradcheck(np.sin, 1.0, order=order)


# What no difference can judge.

KINKS: list[tuple[Callable[[Any], Any], Any, str]] = [
    (ag.relu, 0.0, r"slope 0 on the left and 1 on the right.*Reverse mode gives 0, which lies"),
    (abs, np.array([1.0, 0.0]), r"by input 0\[1\]: there is a kink"),
    (lambda x: ag.maximum(x, 2.0), 2.0, r"gives 0\.5, which lies between"),
    (lambda x: ag.clip(x, 0.0, 1.0), 1.0, r"slope 1 on the left and 0 on the right"),
    (lambda x: ag.max(x), np.array([3.0, 3.0]), r"gives 0\.5, which lies between"),
    (lambda x: 100.0 * abs(x), 0.0, r"slope -100 on the left and 100 on the right"),
    (lambda x: 0.01 * abs(x - 5.0), 5.0, r"slope -0\.01 on the left and 0\.01 on the right"),
]


@pytest.mark.parametrize(("function", "value", "says"), KINKS)
def test_a_kink_is_said_to_be_one(function: Callable[[Any], Any], value: Any, says: str) -> None:
    with pytest.raises(
        AssertionError, match=r"(?s)there is a kink.*Check at another point\.$"
    ) as e:
        gradcheck(function, value)
    assert e.match(says)


def test_a_rule_outside_the_slopes_of_a_kink_is_told_to_be() -> None:
    wrong = operation(lambda x: np.maximum(x, 0.0), lambda dz, x: dz * 7.0)
    with pytest.raises(AssertionError, match=r"Reverse mode gives 7, which does not lie between"):
        gradcheck(wrong, 0.0)


def test_a_function_with_random_numbers_is_told_so() -> None:
    random = np.random.default_rng(0)

    def dropout(x: Any) -> Any:
        return x * (random.uniform(size=x.shape) > 0.5)

    with pytest.raises(AssertionError, match=r"^dropout returns other values when .*fixed seed"):
        gradcheck(dropout, np.ones(20))

    def seeded(x: Any) -> Any:
        return x * (np.random.default_rng(0).uniform(size=x.shape) > 0.5)

    assert gradcheck(seeded, np.ones(20))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_value_that_is_not_finite_is_no_kink(bad: float) -> None:
    with pytest.raises(AssertionError, match=r"^f gives nan or inf there.*detect_anomaly"):
        gradcheck(lambda x: x + np.array([0.0, bad]), np.array([1.0, 2.0]))


def test_where_the_function_ends_no_slope_is_believed() -> None:
    with np.errstate(all="ignore"):
        with pytest.raises(AssertionError, match="the value is nan there or right beside it"):
            gradcheck(np.sqrt, 0.0)
        with pytest.raises(AssertionError, match="expected inf"):
            gradcheck(np.exp, 709.782)


def test_a_method_and_a_partial_have_a_name_or_f() -> None:
    with pytest.raises(AssertionError, match=r"^f by input 0: "):
        gradcheck(lambda x: x * x.detach(), 3.0)

    class Model:
        def loss(self, x: Any) -> Any:
            return x * x.detach()

    with pytest.raises(AssertionError, match=r"^loss by input 0: "):
        gradcheck(Model().loss, 3.0)


def test_integers_are_taken_as_floats_and_gradients_of_tensors_are_left_alone() -> None:
    x = Tensor([1.0, 2.0], name="x")
    assert gradcheck(lambda a, b: a * b, x, 3)
    assert x.grad is None
    assert gradcheck(lambda a: a * a, Tensor(np.array([1.0, 2.0], np.float32)))


def test_a_rule_that_is_not_linear_in_its_upstream_gradient_is_caught() -> None:
    class Squares(Operation):
        def forward(self, x: Any) -> Any:
            return x**2

        def backward(self, dz: Any) -> Any:
            return 2.0 * self.inputs[0] * dz**2  # right where dz is 1

    with pytest.raises(AssertionError, match=r"^Squares: .*gives 17\.34 in place of 6, .*-10\.2"):
        gradcheck(Squares, 3.0)


@pytest.mark.parametrize(
    ("function", "x"), [(np.log, 1e-6), (np.sin, 1e8), (lambda x: x**0.5, 1e-7), (ag.relu, 1e-9)]
)
def test_what_bends_within_a_wide_step_is_no_kink(function: Any, x: float) -> None:
    assert gradcheck(function, x)


def test_numbers_that_differ_late_are_shown_so_far() -> None:
    class Near(Operation):
        def forward(self, x: Any) -> Any:
            return 3.0 * x

        def backward(self, dz: Any) -> Any:
            return dz * 3.00001

    with pytest.raises(AssertionError, match=r"gives 3\.00001, expected 3 "):
        gradcheck(Near, 1.0)
    with pytest.raises(TypeError, match="no inputs"):
        gradcheck(Near)


def test_two_numbers_are_shown_with_the_digits_that_tell_them_apart() -> None:
    wrong = operation(lambda x: x**2, lambda dz, x: dz * 2.00002 * x)
    with pytest.raises(AssertionError, match=r"gives 1\.00001, expected 1 "):
        gradcheck(wrong, 0.5)
    wrong = operation(lambda x: x**2, lambda dz, x: dz * 2.000008 * x)
    with pytest.raises(AssertionError, match=r"gives 1\.000004, expected (1|1\.\d{8}|0\.9+\d?) "):
        gradcheck(wrong, 0.5)


@pytest.mark.parametrize("function", [lambda x: ag.relu(x) ** 2, lambda x: x * np.abs(x)])
def test_a_jump_of_the_second_derivative_alone_is_no_fault(function: Any) -> None:
    assert gradcheck(function, 0.0)
