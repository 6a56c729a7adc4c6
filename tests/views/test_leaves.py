"""Variables and their single numbers, by name."""

import numpy as np
import pytest

from autograd_lite import ComputationGraph, Tensor
from autograd_lite.views.leaves import Number, called, elements, find, variables
from autograd_lite.views.trace import Trace


def trace() -> Trace:
    w = Tensor(np.arange(6.0).reshape(2, 3), name="w")
    x, k = Tensor(2.0, name="x"), Tensor(3.0, requires_grad=False, name="k")
    return Trace(ComputationGraph((w * x * k * Tensor(1.0)).sum()))


def test_variables_are_the_leaves_with_a_gradient() -> None:
    assert list(variables(trace())) == ["w", "x", "v5"]


def test_every_number_is_found_by_its_name() -> None:
    seen = trace()
    for name, leaf in variables(seen).items():
        for number in elements(name, leaf):
            found = find(seen, number)
            assert found.leaf is leaf
            assert called(seen, found) == number
    assert find(seen, "w[1,2]").place == (1, 2)
    assert find(seen, "w").place == (0, 0)


def test_numbers_that_share_a_name_are_told_apart() -> None:
    twins = Trace(ComputationGraph(Tensor(1.0, name="w") * Tensor(2.0, name="w")))
    assert len(variables(twins)) == 2
    for name, leaf in variables(twins).items():
        assert find(twins, name) == Number(leaf, ())


def test_a_name_that_looks_like_an_element_is_a_name_first() -> None:
    x = Tensor(2.0, name="w[0]")
    seen = Trace(ComputationGraph(x * Tensor([3.0, 4.0], name="w")[0]))
    assert find(seen, "w[0]").leaf is x


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("q", r"received 'q', expected a variable of the graph: 'w\[0,0\]', 'x', 'v5'\."),
        ("k", "received 'k'"),  # a constant has no gradient
        ("w[2,0]", r"w has the shape \(2, 3\). Its last number is 'w\[1,2\]'"),
        ("w[0]", r"w has the shape \(2, 3\)"),
        ("x[0]", r"x has the shape \(\). Its last number is 'x'"),
        ("w[,]", "shape"),
        ("", "received ''"),
    ],
)
def test_a_name_that_nothing_has_is_refused(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find(trace(), name)
