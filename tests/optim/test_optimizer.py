"""What SGD and Adam share: steps are all or nothing, and messages name the parameter."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite.optim import SGD, Adam, Optimizer

Maker = Callable[..., Optimizer]

KINDS: dict[str, Maker] = {
    "plain": lambda p: SGD(p, 0.1),
    "momentum": lambda p: SGD(p, 0.1, momentum=0.9),
    "decay": lambda p: SGD(p, 0.1, momentum=0.9, weight_decay=0.1),
    "adam": lambda p: Adam(p, 0.1),
}
each_kind = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


def pair(dtype: Any = float) -> list[ag.Tensor]:
    first = ag.Tensor(np.array([[1.0, 2.0], [3.0, 4.0]], dtype), name="first")
    return [first, ag.Tensor(np.array([5.0, 6.0], dtype), name="second")]


def fill(parameters: list[ag.Tensor], rng: np.random.Generator) -> None:
    for parameter in parameters:
        parameter.grad = rng.normal(size=parameter.shape).astype(parameter.dtype)


def values(parameters: list[ag.Tensor]) -> list[np.ndarray]:
    return [parameter.numpy() for parameter in parameters]


@each_kind
def test_backward_changes_only_gradients_and_step_only_parameters(make: Maker) -> None:
    w, b = ag.Tensor([[1.0], [2.0]], name="w"), ag.Tensor(0.5, name="b")
    optimizer = make([w, b])
    for _ in range(2):
        before = values([w, b])
        optimizer.zero_grad()
        assert w.grad is None
        assert b.grad is None
        ((np.array([[1.0, 3.0]]) @ w + b) ** 2).sum().backward()
        np.testing.assert_equal(values([w, b]), before)
        gradients = [w.grad.copy(), b.grad.copy()]
        optimizer.step()
        np.testing.assert_equal([w.grad, b.grad], gradients)
        assert not np.any(w.data == before[0])
        assert b.data != before[1]


@each_kind
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_changes_nothing(make: Maker, wrong: float) -> None:
    """Neither a parameter nor what momentum remembers: a twin that never saw it agrees."""
    parameters, twins = pair(), pair()
    optimizer, twin = make(parameters), make(twins)
    for rng in (np.random.default_rng(1), np.random.default_rng(2)):
        fill(parameters, rng)
        parameters[1].grad[0] = wrong
        before = values(parameters)
        with pytest.raises(
            FloatingPointError,
            match=r"gradient of 'second' of shape \(2,\) has 1 (nan|inf) among 2 numbers.*"
            r"smaller lr.*clip_grad_norm",
        ):
            optimizer.step()
        np.testing.assert_equal(values(parameters), before)
        good = np.random.default_rng(3)
        fill(parameters, good)
        for parameter, other in zip(parameters, twins, strict=True):
            other.grad = parameter.grad
        optimizer.step()
        twin.step()
        np.testing.assert_array_equal(parameters[0].data, twins[0].data)
        np.testing.assert_array_equal(parameters[1].data, twins[1].data)


@each_kind
def test_a_step_that_would_overflow_changes_nothing(make: Maker) -> None:
    parameters = pair()
    optimizer = make(parameters)
    optimizer.lr = 1e307
    fill(parameters, np.random.default_rng(0))
    parameters[1].grad[:] = 100.0
    parameters[0].grad[:] = 1e-300
    if isinstance(optimizer, Adam):
        parameters[1].data = [-1.79e308, 0.0]
    before = values(parameters)
    with pytest.raises(FloatingPointError, match=r"'second' .*infinite with lr = 1e\+307"):
        optimizer.step()
    np.testing.assert_equal(values(parameters), before)


@each_kind
def test_a_gradient_of_another_shape_changes_nothing(make: Maker) -> None:
    parameters = pair()
    fill(parameters, np.random.default_rng(0))
    parameters[1].grad = np.ones((2, 1))
    before = values(parameters)
    with pytest.raises(ValueError, match=r"'second' of shape \(2,\) has shape \(2, 1\)"):
        make(parameters).step()
    np.testing.assert_equal(values(parameters), before)


@each_kind
def test_a_parameter_of_another_shape_wants_a_new_optimiser(make: Maker) -> None:
    parameters = pair()
    optimizer = make(parameters)
    parameters[1].data = [1.0, 2.0, 3.0]
    fill(parameters, np.random.default_rng(0))
    before = values(parameters)
    with pytest.raises(ValueError, match=r"'second' of shape \(3,\) had shape \(2,\).*Make a new"):
        optimizer.step()
    np.testing.assert_equal(values(parameters), before)


def test_a_parameter_without_a_name_is_told_by_its_place() -> None:
    parameters = [ag.Tensor([1.0]), ag.Tensor([1.0, 2.0])]
    parameters[1].grad = np.array([1.0, np.nan])
    with pytest.raises(FloatingPointError, match=r"of parameters\[1\] of shape \(2,\) has 1 nan"):
        SGD(parameters, 0.1).step()


@each_kind
def test_what_has_no_gradient_stays(make: Maker) -> None:
    parameters = pair()
    parameters[0].grad = np.ones((2, 2))
    make(parameters).step()
    np.testing.assert_array_equal(parameters[1].data, [5.0, 6.0])
    assert not np.any(parameters[0].data == [[1.0, 2.0], [3.0, 4.0]])


@each_kind
@given(st.sampled_from([np.float16, np.float32, np.float64, np.longdouble]), st.booleans())
def test_the_dtype_stays(make: Maker, dtype: Any, scalar: bool) -> None:
    w = ag.Tensor(np.array(2.0 if scalar else [[2.0]], dtype))
    optimizer = make([w])
    optimizer.lr = np.float64(0.25)
    for _ in range(3):
        w.grad = np.ones(w.shape, dtype)[()]
        optimizer.step()
        assert w.dtype == dtype
        assert w.shape == (() if scalar else (1, 1))


@each_kind
def test_huge_float32_gradients_are_finite(make: Maker) -> None:
    w = ag.Tensor(np.array([1.0], np.float32))
    w.grad = np.array([1e20], np.float32)
    make([w]).step()
    assert np.isfinite(w.data).all()


@each_kind
def test_an_older_graph_knows_that_it_is_out_of_date(make: Maker) -> None:
    w = ag.Tensor([1.0, 2.0], name="w")
    y = (w * w).sum()
    y.backward()
    make([w]).step()
    with pytest.raises(RuntimeError, match="'w' was changed after"):
        y.backward()


@each_kind
def test_what_was_handed_out_does_not_change(make: Maker) -> None:
    w = ag.Tensor([1.0, 2.0])
    w.grad = np.ones(2)
    seen = w.data
    optimizer = make([w])
    optimizer.step()
    np.testing.assert_array_equal(seen, [1.0, 2.0])
    with pytest.raises(ValueError, match="cannot be written in place"):
        w.data[0] = 1.0
    with pytest.raises(ValueError, match="WRITEABLE"):
        w.data.flags.writeable = True


@each_kind
def test_a_recorded_gradient_is_stepped_by_its_value(make: Maker) -> None:
    w, twin = ag.Tensor([1.0, 2.0]), ag.Tensor([1.0, 2.0])
    (w**3).sum().backward(create_graph=True)
    (twin**3).sum().backward()
    make([w]).step()
    make([twin]).step()
    np.testing.assert_array_equal(w.data, twin.data)


@each_kind
def test_what_is_frozen_stays_until_it_is_freed(make: Maker) -> None:
    """Frozen before the optimiser was made, or later; with a gradient of before or without."""
    given, later = ag.Tensor([1.0]), ag.Tensor([1.0])
    given.requires_grad = False
    optimizer = make([given, later])
    given.grad, later.grad = np.ones(1), np.ones(1)
    later.requires_grad = False
    optimizer.step()
    assert given.item() == later.item() == 1.0
    given.requires_grad = later.requires_grad = True
    given.grad = later.grad = np.ones(1)
    optimizer.step()
    assert given.item() == later.item() < 1.0


def test_a_generator_of_parameters_is_kept_as_a_list() -> None:
    parameters = pair()
    optimizer = SGD((p for p in parameters), 0.1)
    assert len(optimizer.parameters) == 2
    assert all(p is q for p, q in zip(optimizer.parameters, parameters, strict=True))
    assert repr(optimizer) == "SGD(2 parameters, lr=0.1)"


class Model:
    def parameters(self) -> list[ag.Tensor]:
        return pair()


W = ag.Tensor(1.0, name="W")

REFUSED = {
    "nothing": ([], ValueError, "no parameters, expected"),
    "one tensor": (W, TypeError, r"Write \[w\]"),
    "a model": (Model(), TypeError, r"Write model\.parameters\(\)"),
    "a dict": ({"W": W}, TypeError, r"list\(parameters\.values\(\)\)"),
    "an array": ([W, np.ones(2)], TypeError, r"parameters\[1\] is ndarray, expected a Tensor"),
    "a constant": ([ag.Tensor(1.0, False)], ValueError, "requires_grad=False"),
    "a result": ([W, W * 2.0], ValueError, r"parameters\[1\] is .*Multiply, which is computed"),
    "twice": ([W, ag.Tensor(2.0), W], ValueError, r"parameters\[0\] and parameters\[2\]"),
}


@pytest.mark.parametrize(("parameters", "error", "message"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("kind", [SGD, Adam])
def test_what_is_no_list_of_variables_is_refused(
    kind: Any, parameters: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"^{kind.__name__}: .*{message}"):
        kind(parameters, 0.1)


@pytest.mark.parametrize("lr", [-0.1, np.nan, np.inf])
def test_a_learning_rate_below_zero_or_not_finite_is_refused(lr: float) -> None:
    with pytest.raises(ValueError, match=r"SGD: lr received .*, expected a number, 0 or more"):
        SGD([W], lr)
    optimizer = Adam([W], 0.1)
    with pytest.raises(ValueError, match="Adam: lr"):
        optimizer.lr = lr
    assert optimizer.lr == 0.1


def test_a_learning_rate_that_is_no_number_is_refused() -> None:
    with pytest.raises(TypeError, match=r"SGD: lr received 'fast', expected a number"):
        SGD([W], "fast")  # type: ignore[arg-type]


def test_a_negative_weight_decay_is_refused() -> None:
    with pytest.raises(ValueError, match="SGD: weight_decay received -1"):
        SGD([W], 0.1, weight_decay=-1)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_rule_of_somebody_elses_does_not_hide_what_is_not_finite(wrong: float) -> None:
    class Sign(Optimizer):
        def update(self, value: Any, gradient: Any, memory: Any) -> Any:
            return value - self.lr * np.sign(np.nan_to_num(gradient)), ()

    w = ag.Tensor([1.0, 2.0], name="w")
    w.grad = np.array([wrong, 1.0])
    with pytest.raises(FloatingPointError, match="gradient of 'w'"):
        Sign([w], 0.1).step()
    np.testing.assert_array_equal(w.data, [1.0, 2.0])


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_a_parameter_keeps_its_precision(kind: Any) -> None:
    for own, other in ((np.float32, np.float64), (np.float64, np.float32)):
        w = ag.Tensor(np.ones(2, own))
        w.grad = np.ones(2, other)
        kind([w], 0.1).step()
        assert w.dtype == own


def test_a_smaller_gradient_is_not_spread_over_a_parameter_that_grew() -> None:
    w = ag.Tensor([1.0, 2.0], name="w")
    sgd = SGD([w], 0.1)
    w.data = np.ones((3, 2))
    w.grad = np.ones(2)
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        sgd.step()
    np.testing.assert_array_equal(w.data, np.ones((3, 2)))
