"""Zeros, infinities and what overflows: PyTorch finds the same values and gradients there."""

from itertools import product

import numpy as np
import pytest
import torch

from tests.torch.judge import first_order, numbers, variable
from tests.torch.partners import BINARY, PARTNERS, UNARY, ours

# 30, not 25: PyTorch's softplus is a straight line from 20 on. No −0, of which PyTorch's power
# has one sign or the other, depending on where in the array it stands.
NUMBERS = [-np.inf, -1000.0, -30.0, -1.5, -1.0, 0.0, 0.5, 1.0, 2.0, 30.0, 1000.0, np.inf]
ROWS = np.array(list(product([-np.inf, -1000.0, 0.0, 1.0, 1000.0, np.inf], repeat=3)))
ON_ROWS = (
    "sum", "mean", "max", "min", "prod", "norm", "logsumexp", "softmax", "log_softmax", "cumsum",
)  # fmt: skip
# Nothing but −∞: the logarithm of 0, which does not move here; PyTorch says nan.
NOT_JUDGED = {"logsumexp": np.isneginf(ROWS).all(axis=1)}


def judge(name: str, arrays: list[np.ndarray], **options: int) -> None:
    inputs = [variable(array) for array in arrays]
    z = PARTNERS[name].theirs(*inputs, **options)
    upstream = np.random.default_rng(3).normal(size=tuple(z.shape))
    gradients = torch.autograd.grad(z, inputs, torch.tensor(upstream))
    with np.errstate(all="ignore"):
        found = first_order(lambda *xs: ours(name)(*xs, **options), arrays, upstream)
    for mine, theirs, what in zip(found, (z, *gradients), ("value", "x", "y"), strict=False):
        np.testing.assert_allclose(mine, numbers(theirs), rtol=1e-11, atol=1e-14, err_msg=what)


@pytest.mark.parametrize("name", [n for n, partner in PARTNERS.items() if partner.cases is UNARY])
def test_agrees_on_numbers(name: str) -> None:
    # Our slope of softplus is e^(x − z), a formula that can be read; at ∞ it is ∞ − ∞.
    judge(name, [np.array([n for n in NUMBERS if name != "softplus" or n < np.inf])])


@pytest.mark.parametrize("name", [n for n, partner in PARTNERS.items() if partner.cases is BINARY])
def test_agrees_on_pairs(name: str) -> None:
    judge(name, [np.repeat(NUMBERS, len(NUMBERS)), np.tile(NUMBERS, len(NUMBERS))])


@pytest.mark.parametrize("name", ON_ROWS)
def test_agrees_on_rows(name: str) -> None:
    left_out = NOT_JUDGED.get(name, np.zeros(len(ROWS), bool))
    judge(name, [ROWS[~left_out]], axis=1)


@pytest.mark.parametrize("name", NOT_JUDGED)
def test_nothing_but_minus_infinity_does_not_move(name: str) -> None:
    (row,) = ROWS[NOT_JUDGED[name]]
    value, gradient = first_order(ours(name), [row], np.array(1.0))
    assert value == -np.inf
    np.testing.assert_array_equal(gradient, np.zeros(3))
