"""Operation: what a learner writes, and what is checked so that a mistake is told."""

from typing import Any

import numpy as np
import pytest

from autograd_lite import ComputationGraph, Elementwise, Operation, Tensor, gradcheck, no_grad
from tests.rules import Multiply, rule


class Remember(Operation):
    """The style that keeps what backward needs on the instance."""

    def forward(self, x: Any) -> Any:
        self.mask = x > 0
        return x * self.mask

    def backward(self, dz: Any) -> Any:
        return dz * self.mask


class Scale(Operation):
    def __init__(self, factor: float) -> None:
        self.factor = factor

    def forward(self, x: Any) -> Any:
        return self.factor * x

    def backward(self, dz: Any) -> Any:
        return self.factor * dz


def test_forward_and_backward_are_all_there_is_to_write() -> None:
    a, b = Tensor(2.0), Tensor([3.0, 4.0])
    y = (Multiply()(a + 1.0, b) - np.sin(b)).sum()
    y.backward()
    assert y.item() == pytest.approx(21.0 - np.sin(3.0) - np.sin(4.0))
    np.testing.assert_allclose(a.grad, 7.0)
    np.testing.assert_allclose(b.grad, 3.0 - np.cos([3.0, 4.0]))


def test_inputs_and_output_are_remembered() -> None:
    z = Multiply()(Tensor(2.0), Tensor(3.0))
    assert z.operation.inputs == (2.0, 3.0)
    assert z.operation.output == 6.0


@pytest.mark.parametrize("recording_first", [True, False])
def test_one_instance_applied_twice_keeps_both(recording_first: bool) -> None:
    operation = Remember()
    x, w = Tensor([1.0, -1.0]), Tensor([-1.0, 1.0])
    if recording_first:
        first = operation(x)
    else:
        with no_grad():
            operation(x)
        first = operation(x)
    second = operation(w)
    assert first.operation is not second.operation
    (first + 10.0 * second).sum().backward()
    np.testing.assert_array_equal(x.grad, [1.0, 0.0])
    np.testing.assert_array_equal(w.grad, [0.0, 10.0])


def test_settings_of_an_instance_are_kept_at_the_second_use_and_in_replay() -> None:
    triple = Scale(3.0)
    x = Tensor(2.0, name="x")
    y = triple(triple(x))
    y.backward()
    assert (y.item(), x.grad) == (18.0, 9.0)
    assert ComputationGraph(y).forward(x=1.0) == 9.0


def test_what_forward_remembers_follows_a_replay() -> None:
    x = Tensor([1.0, -1.0], name="x")
    y = Remember()(x).sum()
    ComputationGraph(y).forward(x=[-1.0, 1.0])
    y.backward()
    np.testing.assert_array_equal(x.grad, [0.0, 1.0])


def test_an_operation_that_failed_can_be_used_again() -> None:
    multiply = Multiply()
    with pytest.raises(ValueError, match="Multiply"):
        multiply(Tensor([1.0, 2.0]), Tensor([1.0, 2.0, 3.0]))
    assert multiply(Tensor(2.0), Tensor(3.0)).item() == 6.0


def test_numbers_and_arrays_become_constants() -> None:
    x = Tensor([1.0, 2.0])
    y = Multiply()(x, [3, 4])
    assert not y.inputs[1].requires_grad
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [3.0, 4.0])


def test_broadcasting_is_undone_for_every_rule() -> None:
    x, y = Tensor(np.ones((4, 1, 3))), Tensor(np.full((2, 1), 5.0))
    Multiply()(x, y).sum().backward()
    np.testing.assert_array_equal(x.grad, np.full((4, 1, 3), 10.0))
    np.testing.assert_array_equal(y.grad, np.full((2, 1), 12.0))


def test_the_same_array_for_two_inputs_does_not_tie_their_gradients() -> None:
    class Sum(Operation):
        def forward(self, x: Any, y: Any) -> Any:
            return x + y

        def backward(self, dz: Any) -> Any:
            return dz, dz

    a, b = Tensor([1.0, 1.0]), Tensor([1.0, 1.0])
    Sum()(a, b).sum().backward()
    a.grad[0] = 99.0
    np.testing.assert_array_equal(b.grad, [1.0, 1.0])


def test_a_rule_that_writes_into_dz_cannot_reach_other_gradients() -> None:
    def in_place(self: Any, dz: Any) -> Any:
        dz *= 2.0
        return dz

    a, b = Tensor([1.0, 1.0]), Tensor([1.0, 1.0])
    y = rule(in_place)(a) + b
    with pytest.raises(ValueError, match=r"Rule\.backward.*read-only"):
        y.backward(np.ones(2))
    assert a.grad is b.grad is y.grad is None


@pytest.mark.parametrize("inner", [False, True], ids=["leaf", "result"])
def test_a_rule_that_writes_into_its_inputs_is_refused(inner: bool) -> None:
    def in_place(x: Any) -> Any:
        x *= 2.0
        return x

    x = Tensor([1.0, 2.0], name="x")
    given = x * 3.0 if inner else x
    before = given.numpy()
    with pytest.raises(ValueError, match=r"Rule of .*read-only"):
        rule(lambda self, dz: dz, in_place)(given)
    np.testing.assert_array_equal(given.data, before)


# Broken rules: told, and nothing written.

BROKEN = {
    "too many": (lambda self, dz: (dz, dz), r"returned 2 gradients, expected 1"),
    "none at all": (lambda self, dz: (), r"returned 0 gradients, expected 1"),
    "None": (lambda self, dz: None, r"returned None for input 0"),
    "None in a tuple": (lambda self, dz: (None,), r"returned None for input 0"),
    "too long": (lambda self, dz: np.ones(3), r"\(3,\).*\(2,\)"),
    "one of two": (lambda self, dz: np.ones(1), r"\(1,\).*\(2,\)"),
    "a square": (lambda self, dz: np.ones((2, 2)), r"\(2, 2\).*\(2,\)"),
    "a column": (lambda self, dz: np.ones((2, 1)), r"\(2, 1\).*\(2,\)"),
    "raises": (lambda self, dz: dz * np.ones(7), r"could not be broadcast"),
}


@pytest.mark.parametrize(("backward", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_backward_is_named_and_changes_no_gradient(backward: Any, says: str) -> None:
    x, w = Tensor([1.0, 2.0], name="x"), Tensor([3.0, 4.0], name="w")
    x.grad, w.grad = np.array([5.0, 6.0]), np.array([7.0, 8.0])
    h = rule(backward)(x)
    y = (h + w).sum()  # w is reached before the broken rule
    for sweep in (y.backward, ComputationGraph(y).steps):
        with pytest.raises(ValueError, match=rf"Rule\.backward.*{says}"):
            sweep()
        np.testing.assert_array_equal(x.grad, [5.0, 6.0])
        np.testing.assert_array_equal(w.grad, [7.0, 8.0])
        assert h.grad is y.grad is None


def test_missing_rules_are_told_with_what_to_write() -> None:
    class Nothing(Operation):
        pass

    class NoBackward(Operation):
        def forward(self, x: Any) -> Any:
            return x * 1.0

    with pytest.raises(NotImplementedError, match=r"Nothing has no forward.*def forward"):
        Nothing()(1.0)
    y = NoBackward()(Tensor(1.0))
    with pytest.raises(NotImplementedError, match=r"NoBackward has no backward.*def backward"):
        y.backward()


@pytest.mark.parametrize(
    ("forward", "says"),
    [
        (lambda x: None, r"Rule\.forward returned None.*return"),
        (lambda x: Tensor(x), r"Rule\.forward returned a Tensor.*np\.sin\(x\), not ag\.sin"),
        (lambda x: x > 0, r"Rule\.forward returned bool, expected floats"),
        (lambda x: 3, r"Rule\.forward returned int\d+, expected floats"),
        (lambda x: x + 1j, r"Rule\.forward returned complex128, expected floats"),
    ],
    ids=["None", "Tensor", "bool", "int", "complex"],
)
def test_a_forward_that_returns_no_floats_is_told(forward: Any, says: str) -> None:
    with pytest.raises(TypeError, match=says):
        rule(lambda self, dz: dz, forward)(Tensor(1.0))


def test_a_forward_with_too_few_inputs_names_them() -> None:
    with pytest.raises(TypeError, match=r"Multiply of 'x' \(shape \(\)\): .*'y'"):
        Multiply()(Tensor(1.0, name="x"))


def test_the_error_of_a_rule_is_not_dressed_up_as_a_shape_error() -> None:
    class Positive(Elementwise):
        def forward(self, x: Any) -> Any:
            raise ValueError("x must be positive")

    with pytest.raises(ValueError, match="x must be positive") as error:
        Positive()(Tensor(-1.0))
    assert "Shapes fit" not in str(error.value)


# Elementwise: the local gradients alone.


class Hypotenuse(Elementwise):
    def forward(self, x: Any, y: Any) -> Any:
        return np.hypot(x, y)

    def local_gradients(self, x: Any, y: Any) -> Any:
        return x / self.output, y / self.output


def test_an_elementwise_operation_states_its_local_gradients_and_no_more() -> None:
    x, y = Tensor([3.0, 6.0]), Tensor([4.0, 8.0])
    z = Hypotenuse()(x, y)
    z.backward([1.0, 10.0])
    np.testing.assert_allclose(x.grad, [0.6, 6.0])
    np.testing.assert_allclose(y.grad, [0.8, 8.0])
    np.testing.assert_allclose(z.operation.local_gradient(1), [0.8, 0.8])


@pytest.mark.parametrize("value", [1.0, [1.0], [1.0, 2.0]], ids=str)
def test_a_single_local_gradient_needs_no_tuple(value: Any) -> None:
    class Sine(Elementwise):
        def forward(self, x: Any) -> Any:
            return np.sin(x)

        def local_gradients(self, x: Any) -> Any:
            return np.cos(x)

    x = Tensor(value)
    y = Sine()(x)
    y.sum().backward()
    np.testing.assert_allclose(x.grad, np.cos(value))
    np.testing.assert_allclose(y.operation.local_gradient(0), np.cos(value))


@pytest.mark.parametrize(
    ("slopes", "says"),
    [((1.0,), "1.*expected 2"), ((1.0, 2.0, 3.0), "3.*expected 2"), ((1.0, None), "None.*input 1")],
    ids=["too few", "too many", "None"],
)
def test_broken_local_gradients_are_told(slopes: Any, says: str) -> None:
    class Broken(Elementwise):
        def forward(self, x: Any, y: Any) -> Any:
            return x * y

        def local_gradients(self, x: Any, y: Any) -> Any:
            return slopes

    x, y = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    with pytest.raises(ValueError, match=rf"Broken.* {says}"):
        Broken()(x, y).backward([1.0, 1.0])
    assert x.grad is y.grad is None


def test_missing_local_gradients_are_told() -> None:
    class Silent(Elementwise):
        def forward(self, x: Any) -> Any:
            return x * 1.0

    with pytest.raises(NotImplementedError, match="Silent"):
        Silent()(Tensor(1.0)).backward()


@pytest.mark.parametrize("needs", [(True, False), (False, True)])
def test_inputs_that_need_no_gradient_cost_nothing(needs: tuple[bool, bool]) -> None:
    class Counted:
        """A slope that tells when it is multiplied."""

        __array_ufunc__ = None
        used = 0

        def __rmul__(self, dz: Any) -> Any:
            self.used += 1
            return dz

    slopes = Counted(), Counted()

    class Watched(Elementwise):
        def forward(self, x: Any, y: Any) -> Any:
            return x + y

        def local_gradients(self, x: Any, y: Any) -> Any:
            return slopes

    x, y = (Tensor([1.0, 2.0], requires_grad=needed) for needed in needs)
    Watched()(x, y).backward([1.0, 1.0])
    assert tuple(slope.used for slope in slopes) == needs


# Undoing broadcasting.


class Kept(Operation):
    """The rule of exp, that of 1/(1 + exp(−x)), and what each of them keeps."""

    def __init__(self, what: str) -> None:
        self.what = what

    def forward(self, x: Any) -> Any:
        self.x = x
        self.e = np.exp(x if self.what == "output" else -x)
        return self.e if self.what == "output" else 1.0 / (1.0 + self.e)

    def backward(self, dz: Any) -> Any:
        return dz * self.e if self.what == "output" else dz * self.e / (1.0 + self.e) ** 2


@pytest.mark.parametrize("x", [0.5, np.array([0.5, -1.0])], ids=["number", "array"])
def test_the_output_may_be_kept_under_another_name(x: Any) -> None:
    assert gradcheck(Kept("output"), x, order=2)


def test_a_rule_that_runs_on_arrays_alone_is_checked_in_both_modes_but_only_once() -> None:
    x = np.array([0.5, -1.0])
    assert gradcheck(Kept("a computed array"), x)
    with pytest.raises(TypeError, match=r"Kept cannot be differentiated again: .* in self\.e"):
        gradcheck(Kept("a computed array"), x, order=2)


def test_a_rule_on_arrays_alone_that_forgets_dz_is_caught_at_one_number_too() -> None:
    broken = rule(lambda self, dz: float(np.exp(self.inputs[0])), np.exp)
    with pytest.raises(AssertionError, match=r"gives 1\.64872 in place of 1\.64872, .*a factor"):
        gradcheck(broken, 0.5)


def test_a_value_that_backward_needs_and_that_is_gone_is_named() -> None:
    y = Kept("output")(Tensor(0.5))
    y.operation.e = None
    with pytest.raises(TypeError, match=r"self\.e is None: backward needs what forward kept"):
        y.backward()


@pytest.mark.parametrize("value", [(1.0, 2.0), [1.0, 2.0]])
def test_a_forward_that_returns_several_values_is_told_to_return_one(value: Any) -> None:
    operation = rule(lambda self, dz: dz, lambda x: value)
    with pytest.raises(TypeError, match=rf"returned a {type(value).__name__} of 2, expected one"):
        operation(Tensor(1.0))


def test_a_list_given_to_transpose_may_change_afterwards() -> None:
    axes = [1, 0]
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    y = x.transpose(axes)
    axes[:] = [0, 1]
    y.backward([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(x.grad, [[1.0, 3.0], [2.0, 4.0]])


def test_an_operation_with_slots_of_its_own() -> None:
    class Square(Operation):
        __slots__ = ("kept",)

        def forward(self, x: Any) -> Any:
            return x * x

        def backward(self, dz: Any) -> Any:
            (x,) = self.inputs
            return 2.0 * x * dz

    x = Tensor(3.0)
    Square()(x).backward()
    assert x.grad == 6.0
