"""Losses: what they refuse, and that they stay right where numbers are extreme."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor, nn

CE = nn.CrossEntropyLoss()


def scores(n: int = 4, k: int = 3) -> Tensor:
    return Tensor(np.random.default_rng(0).normal(size=(n, k)))


@pytest.mark.parametrize(
    ("given", "target", "mend"),
    [((4, 1), (4,), r"target\.reshape\(-1, 1\)"), ((4,), (4, 1), r"target\.reshape\(-1\)"),
     ((4, 2), (4, 3), "one target"), ((3,), (4,), "one target"), ((1,), (), "one target")],
)  # fmt: skip
def test_mse_refuses_what_would_broadcast(given: Any, target: Any, mend: str) -> None:
    with pytest.raises(ValueError, match=mend) as caught:
        nn.MSELoss()(Tensor(np.zeros(given)), np.zeros(target))
    assert str(given) in str(caught.value)
    assert str(target) in str(caught.value)


@pytest.mark.parametrize("loss", [CE, nn.ClippedCrossEntropyLoss()])
@pytest.mark.parametrize(
    ("target", "message"),
    [
        (np.array([0, 1, 2, 3]), "received class 3, expected 0 to 2"),
        (np.array([0, -1, 2, 1]), "received class -1"),
        (np.array([0, 1, 2]), r"shape \(3,\)"),
        (np.array([[0], [1], [2], [0]]), r"target\.reshape\(-1\)"),
        (np.array([0.0, 1.0, 2.0, 0.0]), "whole numbers"),
        (np.full((4, 3), 0.5), "row 0 of the target sums to 1.5"),
        (np.array([[1.5, -0.5, 0.0]] * 4), "none below 0"),
        (np.full((4, 3), np.nan), "expected probabilities"),
    ],
)
def test_cross_entropy_refuses_targets_that_are_none(
    loss: nn.Module, target: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        loss(Tensor(np.full((4, 3), 1 / 3)), target)


def test_cross_entropy_wants_a_row_for_each_sample() -> None:
    with pytest.raises(ValueError, match=r"scores\.reshape\(1, -1\)"):
        CE(Tensor([1.0, 2.0]), np.array(0))


@pytest.mark.parametrize(
    ("loss", "shape", "target"),
    [(nn.MSELoss(), (0,), np.zeros(0)), (CE, (0, 3), np.zeros(0, dtype=int))],
)
def test_the_mean_of_no_sample_is_refused(loss: nn.Module, shape: Any, target: np.ndarray) -> None:
    with pytest.raises(ValueError, match="received no sample"):
        loss(Tensor(np.zeros(shape)), target)


def test_classes_and_their_rows_of_probabilities_are_the_same_target() -> None:
    x, classes = scores(), np.array([0, 2, 1, 1])
    loss = pytest.approx(CE(x, classes).item(), rel=1e-15)
    assert CE(x, np.eye(3)[classes]).item() == loss
    assert CE(x, Tensor(np.eye(3)[classes])).item() == loss


def test_a_target_gets_no_gradient_from_classes() -> None:
    x, classes = scores(), np.array([0, 2, 1, 1])
    CE(x, classes).backward()
    softmax = np.exp(x.data) / np.exp(x.data).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(x.grad, (softmax - np.eye(3)[classes]) / 4, rtol=1e-12)


@pytest.mark.parametrize("epsilon", [0.0, -1e-8, 1.0, float("nan")])
def test_a_clip_that_lets_zero_through_is_refused(epsilon: float) -> None:
    with pytest.raises(ValueError, match="epsilon received"):
        nn.ClippedCrossEntropyLoss(epsilon)


def test_the_row_that_is_no_probability_is_named() -> None:
    target = np.array([[0.5, 0.5 + 5e-5], [1.5, -0.5], [np.nan, 1.0]])
    with pytest.raises(ValueError, match=r"row 1 .* least number is -0\.5"):
        CE(Tensor(np.zeros((3, 2))), target)
    with pytest.raises(ValueError, match=r"row 0 .* sums to nan"):
        CE(Tensor(np.zeros((1, 2))), target[2:])


def test_no_gradient_is_lost_at_a_computed_target() -> None:
    x = scores(4, 3)
    teacher = ag.softmax(2.0 * x)
    with pytest.raises(ValueError, match=r"Write target\.detach\(\)"):
        CE(x, teacher)
    assert CE(x, teacher.detach()).item() > 0
    ag.grad(lambda t: nn.MSELoss()(np.zeros(2), t * t))(np.ones(2))  # the mean square lets it flow
    assert CE(x, Tensor(teacher.data)).item() == CE(x, teacher.detach()).item()


def test_lists_and_whole_numbers_are_data_too() -> None:
    assert nn.MSELoss()([1.0, 2.0], [1, 4]).item() == 2.0
    assert CE([[0, 0]], [1]).item() == CE(Tensor([[0.0, 0.0]]), np.array([1])).item()


def test_the_stable_loss_stays_right_and_the_clipped_one_lets_the_gradient_die() -> None:
    x, classes = Tensor([[1000.0, 0.0]]), np.array([1])
    loss = CE(x, classes)
    loss.backward()
    assert (loss.item(), x.grad.tolist()) == (1000.0, [[1.0, -1.0]])
    y = Tensor([[1.0 - 1e-12, 1e-12]])
    clipped = nn.ClippedCrossEntropyLoss()(y, classes)
    clipped.backward()
    assert clipped.item() == -np.log(1e-8)
    assert y.grad[0, 1] == 0.0


@pytest.mark.parametrize("loss", [nn.MSELoss(), CE])
def test_losses_open_a_scope_and_keep_float32(loss: nn.Module) -> None:
    x = Tensor(np.ones((2, 2), dtype=np.float32))
    value = loss(x, np.eye(2, dtype=np.float32))
    assert value.dtype == np.float32
    assert [scope.name for scope in value.scopes] == [type(loss).__name__]


def test_gradcheck_through_the_losses() -> None:
    x = np.random.default_rng(0).normal(size=(4, 3))
    assert ag.gradcheck(lambda x: CE(x, np.array([0, 2, 1, 1])), x, order=2)
    assert ag.gradcheck(lambda x: nn.MSELoss()(x, np.ones((4, 3))), x, order=2)


def test_a_class_that_is_masked_away_costs_nothing() -> None:
    for target in (np.array([2]), np.eye(3)[[2]]):
        x = Tensor([[-np.inf, 0.0, 1.0]])
        loss = CE(x, target)
        loss.backward()
        assert loss.item() == pytest.approx(np.log(1 + np.exp(-1.0)), rel=1e-14)
        np.testing.assert_allclose(x.grad, [[0.0, 1 / (1 + np.e), -1 / (1 + np.e)]], rtol=1e-12)


@pytest.mark.parametrize("target", [np.array([2]), np.array([[0.5, 0.0, 0.5]])])
def test_logits_as_large_as_floats_can_be_have_a_loss(target: np.ndarray) -> None:
    x = Tensor([[1e308, -1e308, 0.0]])  # their difference is no float any more
    loss = CE(x, target)
    loss.backward()
    share = np.eye(3)[target] if target.ndim == 1 else target
    assert loss.item() == pytest.approx(1e308 * share[0, 2])
    np.testing.assert_array_equal(x.grad, [[1.0, 0.0, 0.0]] - share)


def test_a_row_that_sums_to_a_little_more_is_refused() -> None:
    with pytest.raises(ValueError, match=r"row 1 of the target sums to 1\.05"):
        CE(scores(2, 2), np.array([[0.5, 0.5], [0.55, 0.5]]))


@pytest.mark.parametrize("loss", [CE, nn.ClippedCrossEntropyLoss()])
def test_a_named_target_stays_an_input_of_the_graph(loss: nn.Module) -> None:
    rng = np.random.default_rng(0)
    logits = ag.Tensor(rng.uniform(0.1, 0.9, (3, 4)), name="logits")
    rows = [np.eye(4)[[0, 1, 2]], np.eye(4)[[3, 3, 0]]]
    graph = ag.ComputationGraph(
        loss(logits, ag.Tensor(rows[0], requires_grad=False, name="target"))
    )
    for target in rows:
        graph.forward(target=target)
        graph.backward()
        replayed, logits.grad = logits.grad, None
        expected = loss(logits, target)
        expected.backward()
        assert graph.output.item() == expected.item()
        np.testing.assert_array_equal(replayed, logits.grad)
        logits.grad = None
    assert graph.compile()(target=rows[1]) == graph.output.item()


def test_a_class_that_is_masked_out_costs_nothing_with_a_named_target() -> None:
    logits = ag.Tensor([[0.0, 1.0, -np.inf]])
    target = ag.Tensor([[0.5, 0.5, 0.0]], requires_grad=False, name="target")
    loss = CE(logits, target)
    loss.backward()
    assert np.isfinite(loss.item())
    assert np.isfinite(logits.grad).all()
