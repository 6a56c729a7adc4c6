"""Any function of single numbers can be called with named inputs, or the message says how."""

import functools
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.widgets.calling import check_call, check_range


def called(f: Any, **inputs: float) -> Any:
    return check_call(f, tuple(inputs)).function(inputs)


class Line:
    def __call__(self, x: float) -> float:
        return 2 * x

    def bend(self, x: float, /, y: float) -> float:
        return x - y


@pytest.mark.parametrize(
    ("f", "inputs", "result"),
    [
        (lambda x, y: x - y, {"x": 5.0, "y": 2.0}, 3.0),
        (lambda x, y: x - y, {"y": 2.0, "x": 5.0}, 3.0),
        (lambda x, y=1.0: x - y, {"x": 5.0}, 4.0),
        (lambda x, *, y: x - y, {"x": 5.0, "y": 2.0}, 3.0),
        (lambda **inputs: inputs["x"] - inputs["y"], {"y": 2.0, "x": 5.0}, 3.0),
        (lambda *inputs: inputs[0] - inputs[1], {"p": 5.0, "q": 2.0}, 3.0),
        (Line(), {"x": 5.0}, 10.0),
        (Line().bend, {"y": 2.0, "x": 5.0}, 3.0),
        (functools.partial(lambda k, x: k * x, 3.0), {"x": 5.0}, 15.0),
        (max, {"x": 5.0, "y": 2.0}, 5.0),
        (np.sqrt, {"x": 9.0}, 3.0),
    ],
)
def test_inputs_are_given_as_the_function_takes_them(
    f: Any, inputs: dict[str, float], result: float
) -> None:
    assert called(f, **inputs) == result


def test_the_functions_of_the_package_can_be_called() -> None:
    y = check_call(ag.multiply, ("x", "y")).function({"x": Tensor(2.0), "y": Tensor(3.0)})
    assert y.item() == 6.0


def f(x1: Tensor, x2: Tensor, k: float = 2.0) -> Tensor:
    return k * x1 * x2


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ((), r"write explore\(f, x1=\(-3, 3\), x2=\(-3, 3\), k=\(-3, 3\)\)"),
        (("x1",), r"f takes x1, x2, and x2 has no range: write x2=\(-3, 3\)"),
        (("x1", "x2", "z"), r"received a range for z, expected names that f takes: x1, x2, k\."),
        (("x1", "x_2"), r"range for x_2, .*Did you mean x2\?"),
    ],
)
def test_names_that_do_not_fit_are_named(names: tuple[str, ...], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        check_call(f, names)


@pytest.mark.parametrize("wrong", [Tensor(2.0), "sin(x1)", None, Tensor])
def test_what_is_no_function_is_told_where_to_go(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"expected a function, .*ag\.Stepper.*ag\.FormulaStepper"):
        check_call(wrong, ("x",))


def test_a_range_without_a_name_is_told_how_to_get_one() -> None:
    with pytest.raises(TypeError, match=r"received \(-3, 3\) without a name.*explore\(f, x1=\(-3"):
        ag.explore(f, (-3, 3))
    with pytest.raises(TypeError, match=r"received \(-3, 3\) without a name"):
        ag.explore(f, (-3, 3), x2=(-3, 3))


def test_a_function_without_a_name_is_f() -> None:
    assert check_call(lambda x: x, ("x",)).name == "f"
    assert check_call(f, ("x1", "x2")).name == "f"
    assert check_call(Line(), ("x",)).name == "Line"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((-3, 3), (-3.0, 0.0, 3.0)),
        ([1, 2.0], (1.0, 1.5, 2.0)),
        ((-3, 2, 3), (-3.0, 2.0, 3.0)),
        ((0, 0, 1), (0.0, 0.0, 1.0)),
        ((-1e308, 1e308), (-1e308, 0.0, 1e308)),
        (np.array([0.0, 4.0]), (0.0, 2.0, 4.0)),
    ],
)
def test_a_range_starts_in_its_middle_or_where_it_says(given: Any, expected: Any) -> None:
    assert check_range("x", given) == expected


@pytest.mark.parametrize(
    "wrong", [3, None, (3,), (3, 3), (3, -3), (0, 5, 1), (0, 1, 2, 3), (0, np.inf), (0, np.nan, 1)]
)
def test_what_is_no_range_is_refused(wrong: Any) -> None:
    with pytest.raises(
        ValueError, match=r"x received .*expected two .*, \(low, high\).*write x=\(-3"
    ):
        check_range("x", wrong)
