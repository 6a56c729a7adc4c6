"""ag.compile: a program for each kind of arguments."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor, nn

X, Y = np.array([0.5, -2.0, 1.5]), np.array([1.0, 2.0, -3.0])


def total(x: Any, y: Any) -> Any:
    return (np.sin(x) * y).sum()


def test_a_program_is_written_once_for_each_shape_and_dtype() -> None:
    calls = []

    def function(x: Any) -> Any:
        calls.append(x.shape)
        return (x * x).sum()

    f = ag.compile(function)
    for x in (X, Y, X[:2], X.astype(np.float32), 2.0, X, Tensor(X), X[:2], 3.0, [1.0][0]):
        value, (gradient,) = f.value_and_grad(x)
        assert value == (np.asarray(getattr(x, "data", x)) ** 2).sum()
        assert np.array_equal(gradient, 2.0 * np.asarray(getattr(x, "data", x)))
    assert calls == [(3,), (2,), (3,), ()]
    assert len(f.programs) == 4
    assert f.__name__ == "function"


def test_arguments_may_be_nested() -> None:
    def function(p: Any, pair: Any) -> Any:
        return (p["W"] * p["more"][0] + pair[1]).sum() * pair[0]

    arguments = ({"W": X, "more": [Y, 7.0]}, (2.0, X))
    value, gradients = ag.compile(function).value_and_grad(*arguments)
    wanted, slopes = ag.value_and_grad(function, argnums=(0, 1))(*arguments)
    assert value == wanted
    assert gradients[0].keys() == slopes[0].keys()
    assert np.array_equal(gradients[0]["W"], slopes[0]["W"])
    assert np.array_equal(gradients[0]["more"][0], slopes[0]["more"][0])
    assert gradients[0]["more"][1] == 0.0
    assert isinstance(gradients[1], tuple)
    assert gradients[1][0] == slopes[1][0]
    assert np.array_equal(gradients[1][1], slopes[1][1])


def test_what_is_no_float_is_told_apart_by_its_value() -> None:
    f = ag.compile(lambda x, n, how: x**n if how == "power" else x * n)
    assert [f(2.0, 3, "power"), f(2.0, 5, "power"), f(2.0, 5, "times"), f(3.0, 3, "power")] == [
        8.0, 32.0, 10.0, 27.0,
    ]  # fmt: skip
    assert len(f.programs) == 3
    assert f(2.0, True, "times") == 2.0  # True is not 1
    assert len(f.programs) == 4


def test_an_argument_that_is_not_used_has_zeros() -> None:
    f = ag.compile(lambda x, y, z: (x * x).sum())
    value, (dx, dy, dz) = f.value_and_grad(X, Y, 4.0)
    assert value == (X * X).sum()
    assert np.array_equal(dx, 2.0 * X)
    assert np.array_equal(dy, np.zeros(3))
    assert dz == 0.0
    assert np.ndim(dz) == 0


def test_weights_from_outside_are_read_at_each_call() -> None:
    model = nn.Linear(3, 2, rng=0)
    f = ag.compile(lambda x: (model(x) ** 2.0).sum())
    for _ in range(3):
        value, (gradient,) = f.value_and_grad(X)
        wanted, slope = ag.value_and_grad(lambda x: (model(x) ** 2.0).sum())(X)
        assert value == wanted
        assert np.array_equal(gradient, slope)
        for weights in model.parameters():
            weights.data = weights.data * 0.5 + 0.1
    assert len(f.programs) == 1


def test_weights_of_another_shape_are_told() -> None:
    w = Tensor(np.ones(3), name="w")
    f = ag.compile(lambda x: (x * w).sum())
    f(X)
    w.data = np.ones(1)
    with pytest.raises(ValueError, match=r"w has become an array of shape \(1,\); it had .* \(3,"):
        f(X)


def test_arguments_are_not_kept_and_not_changed() -> None:
    f = ag.compile(lambda x: x * 1.0)
    x = np.array(X)
    value = f(x)
    x[...] = 9.0
    assert np.array_equal(value, X)
    value[...] = 5.0
    assert (f(x) == 9.0).all()
    assert (x == 9.0).all()


def test_inside_no_grad_it_has_gradients_as_well() -> None:
    with ag.no_grad():
        value, (dx, _) = ag.compile(total).value_and_grad(X, Y)
    assert np.array_equal(dx, np.cos(X) * Y)
    assert value == (np.sin(X) * Y).sum()


def test_the_source_is_that_of_the_last_call() -> None:
    f = ag.compile(total)
    with pytest.raises(RuntimeError, match="total was not called yet"):
        _ = f.source
    f(X, Y)
    of_arrays = f.source
    f(1.0, 2.0)
    assert f.source != of_arrays
    f(X, Y)
    assert f.source == of_arrays
    assert repr(f).endswith("2 programs)")


@pytest.mark.parametrize(
    ("function", "arguments", "words"),
    [
        (lambda x: 3.0, (1.0,), "returned float, expected a Tensor"),
        (lambda x: (x, x), (1.0,), "returned tuple, expected a Tensor"),
        (lambda x: x, (np.arange(3),), r"received an array of int64.*np\.eye\(10\)\[labels\]"),
        (lambda x, y: x, (1.0, {1, 2}), "received set, which cannot be compared"),
    ],
)
def test_what_cannot_be_compiled_is_told(function: Any, arguments: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        ag.compile(function)(*arguments)


def test_a_graph_is_no_function() -> None:
    with pytest.raises(TypeError, match=r"expected a function.*ComputationGraph\(y\)\.compile\(\)"):
        ag.compile(Tensor(1.0))  # type: ignore[arg-type]


def test_after_an_error_it_goes_on() -> None:
    f = ag.compile(lambda x, y: (x * y).sum())
    with pytest.raises(ValueError, match="shape"):
        f(X, Y[:2])
    assert f(X, Y) == (X * Y).sum()
    with pytest.raises(ValueError, match="belongs to one number"):
        ag.compile(lambda x: x * 2.0).value_and_grad(X)


def test_inside_of_a_recorded_computation_it_is_recorded() -> None:
    g = ag.compile(lambda x: x * x)
    x = ag.Tensor(3.0)
    (g(x) + x).backward()
    assert x.grad == 7.0
    h = ag.compile(lambda x: g(x) + x)
    assert [h(3.0), h(5.0)] == [12.0, 30.0]
    assert ag.grad(lambda x: g(x) + x)(3.0) == 7.0
