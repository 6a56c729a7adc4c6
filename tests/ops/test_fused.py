"""One node in place of several: the same numbers, the same gradients, the same care."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor, nn
from autograd_lite.compiler.whole import Whole
from autograd_lite.ops.fused import Linear

RNG = np.random.default_rng(3)
X, W, B = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=2)
Y = RNG.normal(size=(4, 2))
SHARES = RNG.dirichlet(np.ones(2), size=4)
CLASSES = np.array([0, 1, 1, 0])


def in_parts(scores: Tensor, target: Any) -> Tensor:
    return -(target * ag.log_softmax(scores)).sum() / float(len(scores))


PAIRS: list[tuple[Callable[..., Tensor], Callable[..., Tensor], tuple[np.ndarray, ...]]] = [
    (ag.linear, lambda x, w, b: x @ w + b, (X, W, B)),
    (ag.linear, lambda x, w: x @ w, (X, W)),
    (ag.linear, lambda x, w, b: x @ w + b, (X[0], W, B)),
    (ag.linear, lambda x, w, b: x @ w + b, (np.stack([X, 2 * X]), W, B)),
    (ag.mse_loss, lambda x, y: ((x - y) ** 2.0).mean(), (X @ W, Y)),
    (ag.cross_entropy, in_parts, (Y, SHARES)),
    (ag.cross_entropy, in_parts, (Y, 3.0 * SHARES)),
]


@pytest.mark.parametrize(("fused", "parts", "values"), PAIRS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_gives_the_numbers_and_gradients_of_its_parts(
    fused: Any, parts: Any, values: Any, dtype: Any
) -> None:
    close = 1e-12 if dtype is np.float64 else 1e-5
    both = []
    for function in (fused, parts):
        inputs = [Tensor(value.astype(dtype)) for value in values]
        z = function(*inputs)
        z.backward(np.linspace(1.0, 2.0, z.size, dtype=dtype).reshape(z.shape))
        assert {x.grad.dtype for x in (z, *inputs)} == {np.dtype(dtype)}
        both.append([z.numpy(), *(x.grad for x in inputs)])
    for one, other in zip(*both, strict=True):
        np.testing.assert_allclose(one, other, rtol=close, atol=close)


def test_each_is_one_node() -> None:
    x, w, b = Tensor(X), Tensor(W), Tensor(B)
    for z, leaves in (
        (ag.linear(x, w, b), (x, w, b)), (ag.mse_loss(x, X + 1.0), (x,)),
        (ag.cross_entropy(x, [0, 1, 2, 0]), (x,)),
    ):  # fmt: skip
        assert [t for t in z.inputs if t.requires_grad] == list(leaves)


def test_layers_and_losses_give_the_same() -> None:
    layer = nn.Linear(3, 2, rng=0)
    np.testing.assert_array_equal(layer(X).data, ag.linear(X, layer.W, layer.b).data)
    assert nn.MSELoss()(Tensor(Y), SHARES).item() == pytest.approx(
        ag.mse_loss(Y, SHARES).item(), rel=1e-14
    )
    for target in (CLASSES, SHARES):
        assert nn.CrossEntropyLoss()(Tensor(Y), target).item() == pytest.approx(
            ag.cross_entropy(Tensor(Y), target).item(), rel=1e-14
        )


def test_nothing_that_is_given_changes() -> None:
    values = [X.copy(), W.copy(), B.copy()]
    leaves = [Tensor(value) for value in values]
    ag.linear(*leaves).backward(Y)
    for leaf, value in zip(leaves, (X, W, B), strict=True):
        np.testing.assert_array_equal(leaf.data, value)


def test_the_wider_precision_is_kept() -> None:
    x, w, b = Tensor(X.astype(np.float32)), Tensor(W.astype(np.float32)), Tensor(B)
    z = ag.linear(x, w, b)
    assert z.dtype == np.float64
    z.backward(Y)
    assert [leaf.grad.dtype for leaf in (x, w, b)] == [np.float32, np.float32, np.float64]
    narrow = ag.linear(Tensor(X), Tensor(W), Tensor(B.astype(np.float32)))
    assert narrow.dtype == np.float64


def test_only_what_is_asked_for_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    w, b = Tensor(W), Tensor(B)
    node = ag.linear(X, w, b)
    assert node.operation.needs == (False, True, True)
    assert node.operation.contributions(Y)[0] is None


def test_halves_that_would_overflow_when_added_up() -> None:
    x = Tensor(np.full(1000, 20.0, np.float16))
    assert ag.mse_loss(x, np.zeros(1000, np.float16)).item() == 400.0


def test_scores_far_apart_and_scores_that_are_masked() -> None:
    scores = Tensor([[1000.0, -1000.0], [-np.inf, 2.0]])
    loss = ag.cross_entropy(scores, [0, 1])
    loss.backward()
    assert loss.item() == 0.0
    np.testing.assert_array_equal(scores.grad, np.zeros((2, 2)))
    with np.errstate(divide="ignore"):
        assert ag.cross_entropy(Tensor([[-np.inf, 2.0]]), [0]).item() == np.inf


def test_second_derivatives_of_cross_entropy() -> None:
    assert ag.gradcheck(lambda s: ag.cross_entropy(s, CLASSES), Y, order=2)
    hessian = ag.hessian(lambda s: ag.cross_entropy(s, [1]))(np.array([[0.5, -0.5]]))
    p = 1.0 / (1.0 + np.exp(-1.0))
    np.testing.assert_allclose(hessian[0, 0, 0, 0], p * (1.0 - p), rtol=1e-12)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: ag.linear(X, W, Tensor(np.zeros(3))), r"Linear of .* and b \(3,\) do not fit"),
    (lambda: ag.linear(X, W, Tensor(np.zeros((1, 2)))), r"b \(1, 2\) do not.*b\.reshape\(-1\)"),
    (lambda: ag.linear(X.T, W, Tensor(B)), r"Linear of .*x \(3, 4\).*They do when x is \(…, n\)"),
    (lambda: ag.linear(1.0, W, Tensor(B)), r"Linear of .*x \(\), W"),
    (lambda: ag.mse_loss(Tensor(np.zeros((4, 1))), np.zeros(4)), r"target\.reshape\(-1, 1\)"),
    (lambda: ag.mse_loss(Tensor(np.zeros(4)), np.zeros((4, 1))), r"target\.reshape\(-1\)"),
    (lambda: ag.mse_loss(Tensor(np.zeros(4)), np.zeros(3)), "Each prediction needs one target"),
    (lambda: ag.mse_loss(Tensor(np.zeros(0)), np.zeros(0)), "no element"),
    (lambda: ag.cross_entropy(Tensor(Y), [0, 1, 2, 0]), "received class 2, expected 0 to 1"),
    (lambda: ag.cross_entropy(Tensor(Y), [0, -1, 1, 0]), "received class -1"),
    (lambda: ag.cross_entropy(Tensor(Y), [0, 1]), r"shapes are not both.*a class for each row"),
    (lambda: ag.cross_entropy(Tensor(Y), np.zeros(4)), r"target\.reshape\(-1\)\.astype\(int\)"),
    (lambda: ag.cross_entropy(Tensor(Y), [[0], [1], [1], [0]]), r"\.reshape\(-1\)\.astype\(int\)"),
    (lambda: ag.cross_entropy(Tensor(Y[0]), SHARES[0]), r"scores\.reshape\(1, -1\)"),
    (lambda: ag.cross_entropy(Tensor(np.zeros((0, 2))), np.zeros((0, 2))), "no row"),
])  # fmt: skip
def test_what_does_not_fit_is_told(call: Callable[[], Tensor], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(("fused", "parts", "values"), PAIRS)
def test_compiles(fused: Any, parts: Any, values: Any) -> None:
    inputs = [Tensor(value, name=name) for name, value in zip("xyz", values, strict=False)]
    total = fused(*inputs).sum()
    compiled = ag.ComputationGraph(total).compile()
    others = {name: 0.5 * value for name, value in zip("xyz", values, strict=False)}
    value, gradients = compiled.value_and_grad(**others)
    fresh = [Tensor(other) for other in others.values()]
    expected = fused(*fresh).sum()
    expected.backward()
    np.testing.assert_array_equal(value, expected.data)
    for name, leaf in zip(others, fresh, strict=True):
        np.testing.assert_array_equal(gradients[name], leaf.grad)


def test_a_linear_node_is_drawn_and_stepped() -> None:
    z = ag.linear(Tensor(X, name="x"), Tensor(W, name="W"), Tensor(B, name="b"))
    assert isinstance(z.operation, Linear)
    steps = ag.ComputationGraph(z.sum()).steps()
    assert [step.phase for step in steps].count("backward") == 2
    table = ag.draw(z.sum())._repr_mimebundle_()["text/plain"]
    assert "x @ W + b" in table
    assert "Xᵀ" not in table


def test_a_compiled_loss_takes_masked_scores_too() -> None:
    scores, target = Tensor(Y, name="x"), Tensor(np.eye(2)[CLASSES], False, "t")
    compiled = ag.ComputationGraph(ag.cross_entropy(scores, target)).compile()
    masked = np.where(np.eye(2)[CLASSES] == 1.0, Y, -np.inf)
    value, gradients = compiled.value_and_grad(x=masked)
    fresh = Tensor(masked)
    loss = ag.cross_entropy(fresh, CLASSES)
    loss.backward()
    assert value == loss.item() == 0.0
    np.testing.assert_array_equal(gradients["x"], fresh.grad)


@pytest.mark.parametrize("rows", [(), (7,), (2, 3)])
def test_compiled_linear_is_eager_to_the_bit_for_any_rows(rows: tuple[int, ...]) -> None:
    random = np.random.default_rng(len(rows))
    for n, m in ((8, 5), (30, 11), (17, 16)):
        x, w, b = (
            Tensor(random.normal(size=shape), name=name)
            for name, shape in (("x", (*rows, n)), ("w", (n, m)), ("b", (m,)))
        )
        loss = ag.linear(x, w, b).sum()
        loss.backward()
        value, gradients = ag.ComputationGraph(loss).compile().value_and_grad()
        np.testing.assert_array_equal(value, loss.data)
        for name, leaf in (("x", x), ("w", w), ("b", b)):
            np.testing.assert_array_equal(gradients[name], leaf.grad)


def test_a_frozen_bias_gets_nothing_and_a_narrow_one_its_own_precision() -> None:
    w, frozen = Tensor(W), Tensor(B, requires_grad=False)
    node = ag.linear(X, w, frozen)
    node.backward(Y)
    assert frozen.grad is None
    assert node.operation.contributions(Y)[2] is None
    narrow = Tensor(B.astype(np.float32))
    ag.linear(Tensor(X), w, narrow).backward(Y)
    assert narrow.grad.dtype == np.float32


def test_class_labels_keep_the_precision_and_cost_no_square() -> None:
    assert ag.cross_entropy(Tensor(Y.astype(np.float32)), CLASSES).dtype == np.float32
    many = ag.cross_entropy(Tensor(np.zeros((2, 70_000), np.float32)), np.array([0, 1], np.uint8))
    assert many.item() == pytest.approx(np.log(70_000), rel=1e-6)


def test_scores_that_overflow_when_subtracted_warn_nobody() -> None:
    assert ag.cross_entropy(Tensor([[1e308, -1e308], [0.0, 0.0]]), [0, 0]).item() == np.log(2) / 2


def test_recorded_labels_are_refused_for_other_batches() -> None:
    w, b = Tensor(W), Tensor(B)
    x = Tensor(X, requires_grad=False, name="x")
    loss = ag.cross_entropy(ag.linear(x, w, b), CLASSES)
    step = ag.ComputationGraph(loss).compile().training_step(ag.optim.SGD([w, b], 0.1))
    with pytest.raises(ValueError, match="whole numbers that were recorded"):
        step(x=2.0 * X)


def test_called_as_a_whole_it_keeps_nothing_of_the_numbers_it_was_recorded_with() -> None:
    node = ag.cross_entropy(Tensor(Y), CLASSES)
    target = node.inputs[1].numpy()
    other = Tensor(2.0 * Y)
    loss = ag.cross_entropy(other, CLASSES)
    loss.backward()
    gradient = Whole(node.operation, node.inputs).gradient(0)
    sent = gradient(np.float64(1.0), loss.data[()], 2.0 * Y, target)
    np.testing.assert_array_equal(sent, other.grad)
