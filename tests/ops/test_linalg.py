"""Matrix products and einsum: NumPy's results, worked gradients, and what does not fit."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.ops.linalg import explicit
from tests.strategies import same_every_run


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape)


def test_a_matrix_times_a_matrix() -> None:
    x, y = Tensor([[1.0, 2.0], [3.0, 4.0]]), Tensor([[5.0, 6.0], [7.0, 8.0]])
    z = x @ y
    np.testing.assert_array_equal(z.data, [[19.0, 22.0], [43.0, 50.0]])
    dz = np.array([[1.0, 10.0], [100.0, 1000.0]])
    z.backward(dz)
    np.testing.assert_array_equal(x.grad, dz @ y.data.T)
    np.testing.assert_array_equal(x.grad, [[65.0, 87.0], [6500.0, 8700.0]])
    np.testing.assert_array_equal(y.grad, [[301.0, 3010.0], [402.0, 4020.0]])


def test_a_vector_on_either_side() -> None:
    a, m, b = (
        Tensor([1.0, 2.0]),
        Tensor([[3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]),
        Tensor([1.0, 0.0, 2.0]),
    )
    y = a @ m @ b
    assert y.shape == ()
    y.backward()
    np.testing.assert_array_equal(a.grad, m.data @ b.data)
    np.testing.assert_array_equal(m.grad, np.outer(a.data, b.data))
    np.testing.assert_array_equal(b.grad, a.data @ m.data)


def test_two_vectors_give_one_number() -> None:
    a, b = Tensor([1.0, 2.0, 3.0]), Tensor([4.0, 5.0, 6.0])
    for product in (a @ b, np.dot(a, b), ag.matmul(a, b)):
        assert product.item() == 32.0
    (a @ b).backward()
    np.testing.assert_array_equal(a.grad, b.data)
    np.testing.assert_array_equal(b.grad, a.data)


@same_every_run
@given(
    st.lists(st.integers(1, 3), max_size=2), st.lists(st.integers(1, 3), max_size=2),
    st.booleans(), st.booleans(), st.data(),
)  # fmt: skip
def test_stacks_broadcast(
    left: list[int], right: list[int], row: bool, column: bool, data: st.DataObject
) -> None:
    """Against the sum over all of products of single elements, which einsum of NumPy writes."""
    for i in range(min(len(left), len(right))):  # from the right: equal, or one of them 1
        if left[-1 - i] != right[-1 - i]:
            data.draw(st.sampled_from([left, right]))[-1 - i] = 1
    a = random(3) if row else random(*left, 2, 3)
    b = random(3) if column else random(*right, 3, 4)
    x, y = Tensor(a), Tensor(b)
    z = x @ y
    np.testing.assert_allclose(z.data, a @ b, rtol=1e-14)
    seed = np.random.default_rng(0).normal(size=z.shape)
    z.backward(seed)
    # <seed, a @ b> is linear in each: <da, a> = <db, b> = <seed, z>.
    total = np.sum(seed * (a @ b))
    np.testing.assert_allclose(np.sum(x.grad * a), total, rtol=1e-10)
    np.testing.assert_allclose(np.sum(y.grad * b), total, rtol=1e-10)
    assert x.grad.shape == a.shape
    assert y.grad.shape == b.shape


def test_the_gradient_of_an_input_that_is_constant_is_not_computed() -> None:
    x, w = Tensor(random(2, 3), requires_grad=False), Tensor(random(3, 4))
    z = x @ w
    assert z.operation.backward(np.ones((2, 4)))[0] is None
    z.backward(np.ones((2, 4)))
    np.testing.assert_allclose(w.grad, x.data.T @ np.ones((2, 4)))
    summed = ag.einsum("ij,jk->ik", x, w)
    assert summed.operation.backward(np.ones((2, 4)))[0] is None
    other = w @ Tensor(random(4, 2), requires_grad=False)
    assert other.operation.backward(np.ones((3, 2)))[1] is None


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda x: x @ np.ones((2, 2)),
         r"Matmul of 'x' \(shape \(2, 3\)\) and a constant \(shape \(2, 2\)\): .* fits when"),
        (lambda x: np.ones(4) @ x, r"last length of x is the last but one of y"),
        (lambda x: x @ Tensor(2.0), r"Write \* to multiply by a single number"),
        (lambda x: Tensor(2.0) @ x, r"Write \* to multiply by a single number"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(build: Callable[[Tensor], Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        build(Tensor(np.zeros((2, 3)), name="x"))


@pytest.mark.parametrize(
    ("a", "b"),
    [(random(3), random(3)), (random(2, 3), random(3)), (random(2, 3), random(3, 2)),
     (np.array(2.0), random(3)), (random(2, 3), np.array(2.0)), (random(3), random(3, 2))],
)  # fmt: skip
def test_dot_is_numpys_up_to_two_axes(a: np.ndarray, b: np.ndarray) -> None:
    for x, y in ((Tensor(a), Tensor(b)), (a, Tensor(b)), (Tensor(a), b)):
        np.testing.assert_allclose(np.dot(x, y).data, np.dot(a, b), rtol=1e-14)


@pytest.mark.parametrize("shapes", [((2, 3), (2, 3, 2)), ((2, 2, 3), (3,))])
def test_dot_of_stacks_is_refused(shapes: Any) -> None:
    with pytest.raises(TypeError, match=r"np\.dot is recorded up to two axes\. Write x @ y"):
        np.dot(*[Tensor(np.zeros(shape)) for shape in shapes])


# einsum.

SUBSCRIPTS: list[tuple[str, list[tuple[int, ...]]]] = [
    ("ij,jk->ik", [(2, 3), (3, 4)]), ("ij,jk", [(2, 3), (3, 4)]), ("ba", [(2, 3)]),
    (" i j , j -> i ", [(2, 3), (3,)]), ("ii", [(3, 3)]), ("iij->j", [(2, 2, 3)]),
    ("iii->i", [(3, 3, 3)]), ("iji,k->jk", [(2, 3, 2), (4,)]), ("...ij->...ji", [(4, 2, 3)]),
    ("...i,...i", [(2, 3), (4, 2, 3)]), ("i...,i...->...", [(2, 3), (2, 1)]),
    ("i...", [(2, 3)]), ("A...,A->...", [(3, 2), (3,)]),
    ("ij,jk,kl->il", [(2, 3), (3, 2), (2, 4)]), ("i,j,k->kji", [(2,), (3,), (4,)]),
    (",i->i", [(), (3,)]), (",", [(), ()]), ("i->", [(0,)]),
    # A length of 1 is repeated to the length of the others.
    ("i,i->", [(3,), (1,)]), ("ij,ij->j", [(1, 3), (2, 1)]), ("ij,ij->ij", [(1, 3), (2, 3)]),
    ("...i,...i->...", [(2, 3), (1, 1)]), ("ij,jk,ik->", [(1, 3), (3, 2), (4, 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("subscripts", "shapes"), SUBSCRIPTS, ids=str)
def test_einsum_is_numpys_and_linear_in_each_input(subscripts: str, shapes: Any) -> None:
    values = [random(*shape) + 0.1 for shape in shapes]
    tensors = [Tensor(value) for value in values]
    expected = np.einsum(subscripts, *values)
    for z in (ag.einsum(subscripts, *tensors), np.einsum(subscripts, *tensors)):
        np.testing.assert_allclose(z.data, expected, rtol=1e-13, atol=1e-14)
    assert ag.gradcheck(lambda *inputs: ag.einsum(subscripts, *inputs), *values, order=2)


@pytest.mark.parametrize(
    ("subscripts", "ndims", "expected"),
    [
        ("ij,jk", [2, 2], (["ij", "jk"], "ik")),
        ("ba", [2], (["ba"], "ab")),
        ("ii", [2], (["ii"], "")),
        ("...i,...", [2, 2], (["Bi", "AB"], "ABi")),
        ("A...->...A", [3], (["ABC"], "BCA")),
        ("i...->i...", [1], (["i"], "i")),
    ],
)
def test_what_subscripts_imply_is_written_out(
    subscripts: str, ndims: list[int], expected: Any
) -> None:
    assert explicit(subscripts, ndims) == expected


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (("ij,jk->ik", "xx"), ValueError, r"Einsum of 'x' .*'x' .*label 'j'"),
        (("ij,jk->ik", "x"), ValueError, r"Einsum of 'x' \(shape \(2, 3\)\): more operands"),
        (("i->i", "x"), ValueError, r"Einsum of 'x' "),
        (("ij->ijk", "x"), ValueError, r"Einsum of 'x' "),
        (("x", "ij"), TypeError, r"received Tensor first, expected the subscripts as text"),
    ],
)
def test_subscripts_that_do_not_fit_are_told(
    arguments: tuple[str, str], error: type[Exception], says: str
) -> None:
    x = Tensor(np.zeros((2, 3)), name="x")
    subscripts, operands = arguments
    given: list[Any] = [x, subscripts] if subscripts == "x" else [subscripts, *[x] * len(operands)]
    with pytest.raises(error, match=says):
        ag.einsum(*given)


def test_formulas_of_einsum_show_subscripts_and_inputs() -> None:
    operation = ag.einsum("ij,j->i", Tensor(np.zeros((2, 3))), Tensor(np.zeros(3))).operation
    assert operation.formula.format(x="w", y="v") == "einsum(ij,j->i, w, v)"
    assert r"ij,j \to i" in operation.latex.format(x="w", y="v")
    assert operation.latex.format(x="w", y="v").endswith(", w, v)")
