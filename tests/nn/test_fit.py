"""fit is the plain loop: the same numbers, told batch by batch and epoch by epoch."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import data, nn, optim
from tests.strategies import same_every_run

X, T = data.moons(50, rng=0)


def network(seed: int = 0, *extra: nn.Module) -> nn.Sequential:
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.Linear(2, 5, rng=rng), nn.Tanh(), *extra, nn.Linear(5, 2, rng=rng))


def train(model: nn.Module, x: Any = X, t: Any = T, lr: float = 0.1, **options: Any) -> nn.History:
    options = {"epochs": 3, "batch_size": 16, "rng": 0, "progress": False} | options
    sgd = optim.SGD(model.parameters(), lr, momentum=0.9)
    return nn.fit(model, nn.CrossEntropyLoss(), sgd, x, t, **options)


def by_hand(epochs: int, size: int, seed: int) -> tuple[dict[str, np.ndarray], list[float]]:
    """The loop of `fit` in plain NumPy, with gradients by hand."""
    W1, b1, W2, b2 = network().state_dict().values()
    moves: list[Any] = [0.0] * 4
    rng, losses = np.random.default_rng(seed), []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), size):
            rows = order[start : start + size]
            x, t = X[rows], T[rows]
            a = np.tanh(x @ W1 + b1)
            e = np.exp(a @ W2 + b2)
            y = e / e.sum(axis=1, keepdims=True)
            losses.append(-np.log(y[np.arange(len(t)), t]).mean())
            dz = (y - np.eye(2)[t]) / len(t)
            dh = dz @ W2.T * (1 - a**2)
            gradients = x.T @ dh, dh.sum(axis=0), a.T @ dz, dz.sum(axis=0)
            for i, (w, g) in enumerate(zip((W1, b1, W2, b2), gradients, strict=True)):
                moves[i] = 0.9 * moves[i] + g
                w -= 0.1 * moves[i]
    return dict(zip(network().state_dict(), (W1, b1, W2, b2), strict=True)), losses


@given(st.integers(1, 60), st.integers(1, 3), st.integers(0, 100))
@settings(same_every_run, max_examples=8)
def test_it_is_the_loop_written_by_hand(size: int, epochs: int, seed: int) -> None:
    model = network()
    history = train(model, epochs=epochs, batch_size=size, rng=seed)
    parameters, losses = by_hand(epochs, size, seed)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-10)
    for path, value in model.state_dict().items():
        np.testing.assert_allclose(value, parameters[path], rtol=1e-10, atol=1e-12)


def test_the_means_of_an_epoch_are_over_examples_not_batches() -> None:
    """With a learning rate of 0 every example is met by the same model."""
    model = network()
    history = train(model, lr=0.0, batch_size=49, epochs=2)
    scores = model(X)
    loss = nn.CrossEntropyLoss()(scores, T).item()
    assert history.epoch_loss == pytest.approx([loss] * 2)
    assert history.accuracy == pytest.approx([nn.accuracy(scores, T)] * 2)
    assert len(history.loss) == 4


def test_validation_is_judged_after_each_epoch_and_never_trained_on() -> None:
    x, t = data.moons(30, rng=1)
    model, twin = network(), network()
    history = train(model, validation=(x, t))
    train(twin)
    np.testing.assert_equal(model.state_dict(), twin.state_dict())
    assert len(history.validation_loss) == len(history.validation_accuracy) == 3
    scores = model(x)
    assert history.validation_loss[-1] == nn.CrossEntropyLoss()(scores, t).item()
    assert history.validation_accuracy[-1] == nn.accuracy(scores, t)


class Watch(nn.Module):
    """Passes on, and remembers how it was called."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, bool, bool]] = []

    def forward(self, x: Any) -> Any:
        self.seen.append((len(x), self.training, x.requires_grad))
        return x


def test_training_is_on_for_steps_and_off_for_judging_and_afterwards() -> None:
    watch = Watch()
    model = network(0, watch)
    train(model, batch_size=50, epochs=2, validation=(X[:7], T[:7]))
    assert watch.seen == [(50, True, True), (7, False, False)] * 2
    assert not model.training
    assert not watch.training


def test_without_labels_there_is_no_accuracy() -> None:
    x, t = data.xor()
    model = nn.Sequential(nn.Linear(2, 1, rng=0))
    sgd = optim.SGD(model.parameters(), 0.1)
    history = nn.fit(model, nn.MSELoss(), sgd, x, t, epochs=2, validation=(x, t), progress=False)
    assert history.accuracy == history.validation_accuracy == []
    assert len(history.validation_loss) == 2
    assert "accuracy" not in repr(history)


def test_xor_is_learnt_on_every_corner() -> None:
    """The settings of the lesson."""
    x, t = data.xor()
    rng = np.random.default_rng(0)
    model = nn.Sequential(
        nn.Linear(2, 3, init="xavier", rng=rng), nn.Sigmoid(),
        nn.Linear(3, 1, init="xavier", rng=rng), nn.Sigmoid(),
    )  # fmt: skip
    sgd = optim.SGD(model.parameters(), lr=1.0, momentum=0.9)
    nn.fit(model, nn.MSELoss(), sgd, x, t, epochs=500, rng=rng, progress=False)
    assert np.abs(model(x).data - t).max() < 0.1


# What is printed


def test_a_line_an_epoch_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    history = train(network(), epochs=12, progress=True, validation=(X, T))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 12
    assert lines[2].startswith("epoch  3/12  ██░░░░░░░░  loss 0.")
    assert lines[-1].startswith("epoch 12/12  ██████████  loss 0.")
    percent = f"accuracy {100 * history.accuracy[-1]:5.1f} %"
    judged = f"validation loss {history.validation_loss[-1]:.4f}"
    assert percent in lines[-1]
    assert judged in lines[-1]
    train(network(), progress=False)
    assert capsys.readouterr().out == ""


def test_the_same_seed_prints_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    outputs = []
    for _ in range(2):
        history = train(network(), progress=True)
        outputs.append(capsys.readouterr().out + repr(history))
    assert outputs[0] == outputs[1]
    assert "History(3 epochs, 12 batches: loss 0." in outputs[0]


# What stops it


def test_a_nan_in_the_data_stops_before_its_step() -> None:
    x = X.copy()
    order = np.random.default_rng(0).permutation(50)
    x[order[20], 0] = np.nan  # in the second batch
    model, twin = network(), network()
    with pytest.raises(
        FloatingPointError,
        match=r"epoch 1, batch 2: the loss is nan. .* before this step. Write a smaller lr",
    ) as caught:
        train(model, x)
    history = caught.value.history  # type: ignore[attr-defined]
    assert len(history.loss) == 1
    assert history.epoch_loss == []
    rows = order[:16]
    train(twin, X[rows], T[rows], epochs=1, batch_size=16)
    for path, value in model.state_dict().items():
        np.testing.assert_allclose(value, twin.state_dict()[path], rtol=1e-12)


def test_a_loss_that_grows_without_bound_stops_with_finite_parameters() -> None:
    x, t = data.xor()
    model = nn.Sequential(nn.Linear(2, 1, rng=0))
    sgd = optim.SGD(model.parameters(), 1e3)
    with pytest.raises(FloatingPointError, match=r"epoch \d+, batch 1: ") as caught:
        nn.fit(model, nn.MSELoss(), sgd, x, t, epochs=1000, progress=False)
    history = caught.value.history  # type: ignore[attr-defined]
    assert len(history.epoch_loss) == len(history.loss) > 10
    assert np.isfinite(history.loss).all()
    assert all(np.isfinite(value).all() for value in model.state_dict().values())


class Cliff(nn.Module):
    """A loss that is finite with a gradient that is not."""

    def forward(self, scores: Any, t: Any) -> Any:
        return ag.sqrt((scores * 0.0) ** 2.0).sum()


def test_a_gradient_that_is_not_finite_is_told_with_its_place() -> None:
    model = network()
    before = model.state_dict()
    sgd = optim.SGD(model.parameters(), 0.1)
    with pytest.raises(
        FloatingPointError, match=r"epoch 1, batch 1: SGD\.step: the gradient of '0\.W' .* nan"
    ) as caught:
        nn.fit(model, Cliff(), sgd, X, T, progress=False)
    assert caught.value.history.loss == []  # type: ignore[attr-defined]
    np.testing.assert_equal(model.state_dict(), before)


def test_an_interrupt_keeps_what_was_learnt() -> None:
    class Impatient(nn.CrossEntropyLoss):
        batches = 0

        def forward(self, scores: Any, t: Any) -> Any:
            self.batches += 1
            if self.batches == 3:
                raise KeyboardInterrupt
            return super().forward(scores, t)

    model = network()
    before = model.state_dict()
    sgd = optim.SGD(model.parameters(), 0.1)
    with pytest.raises(KeyboardInterrupt) as caught:
        nn.fit(model, Impatient(), sgd, X, T, batch_size=10, progress=False)
    assert not np.any(before["0.W"] == model.state_dict()["0.W"])
    assert len(caught.value.history.loss) == 2  # type: ignore[attr-defined]
    assert not model.training


def test_an_optimiser_of_another_model_is_refused() -> None:
    other = optim.SGD(network().parameters(), 0.1)
    with pytest.raises(ValueError, match=r"moves 0 of the model's 4 .* again: optim\.SGD\("):
        nn.fit(network(), nn.CrossEntropyLoss(), other, X, T)


def test_every_parameter_that_the_optimiser_lacks_is_named() -> None:
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Linear(2, 2, rng=1))
    sgd = optim.SGD(model[0].parameters(), 0.1)
    x, t = np.ones((4, 2)), np.zeros(4, dtype=int)
    with pytest.raises(ValueError, match=r"moves 2 of the model's 4 parameters, not 1\.W, 1\.b\."):
        nn.fit(model, nn.CrossEntropyLoss(), sgd, x, t, epochs=1, progress=False)
    for parameter in model[1].parameters():
        parameter.requires_grad = False
    nn.fit(model, nn.CrossEntropyLoss(), sgd, x, t, epochs=1, progress=False)


@pytest.mark.parametrize("epochs", [0, -1, 1.5, None])
def test_what_is_no_count_of_epochs_is_refused(epochs: object) -> None:
    with pytest.raises(ValueError, match=r"fit: epochs received .*, expected a whole number"):
        train(network(), epochs=epochs)


def test_tensors_and_lengths_are_refused_as_batches_does() -> None:
    with pytest.raises(TypeError, match="x is a Tensor, expected an array"):
        train(network(), ag.Tensor(X))
    with pytest.raises(ValueError, match="x has 50 rows and t has 49"):
        train(network(), X, T[:-1])
    with pytest.raises(TypeError, match="validation: t is a Tensor"):
        train(network(), validation=(X, ag.Tensor(T, requires_grad=False)))


BAD = {
    "lengths": ((X, T[:-1]), "x has 50 rows and t has 49"),
    "rows of x": ((X[:, :1], T), r"x has rows of shape \(1,\), those of training \(2,\)"),
    "rows of t": ((X, T[:, None]), r"t has rows of shape \(1,\), those of training \(\)"),
    "one array": (X, r"expected two arrays, \(x, t\)"),
    "a Split": ((X, T, X, T), r"expected two arrays, \(x, t\)"),
    "no examples": ((X[:0], T[:0]), "at least one"),
}


@pytest.mark.parametrize(("validation", "message"), BAD.values(), ids=BAD)
def test_a_bad_validation_is_refused_before_the_first_step(validation: Any, message: str) -> None:
    model = network()
    before = model.state_dict()
    with pytest.raises(ValueError, match=f"validation: .*{message}"):
        train(model, validation=validation)
    np.testing.assert_equal(model.state_dict(), before)


# accuracy


@given(st.integers(1, 20), st.integers(1, 5), st.integers(0, 1000))
def test_accuracy_counts_the_rows_that_are_right(n: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, labels = rng.normal(size=(n, k)), rng.integers(0, k, n)
    right = sum(max(range(k), key=lambda j: scores[i, j]) == labels[i] for i in range(n))
    assert nn.accuracy(scores, labels) == right / n
    assert nn.accuracy(ag.Tensor(scores), list(labels)) == right / n


def test_accuracy_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"scores of shape \(3, 2\) and labels of shape \(2,\)"):
        nn.accuracy(np.ones((3, 2)), np.zeros(2, int))
    with pytest.raises(ValueError, match=r"labels of shape \(3, 1\)"):
        nn.accuracy(np.ones((3, 2)), np.zeros((3, 1), int))
    with pytest.raises(ValueError, match="N at least 1"):
        nn.accuracy(np.ones((0, 2)), np.zeros(0, int))
    with pytest.raises(TypeError, match="labels of float64, expected whole numbers"):
        nn.accuracy(np.ones((3, 2)), np.zeros(3))


# Training on images


def test_digits_are_read_above_98_percent() -> None:
    x, t, x_test, t_test = data.digits()
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(64, 64, rng=rng), nn.ReLU(), nn.Linear(64, 10, rng=rng))
    sgd = optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
    nn.fit(
        model, nn.CrossEntropyLoss(), sgd, x, t, epochs=15, batch_size=64, rng=rng, progress=False
    )
    assert nn.accuracy(model(x_test), t_test) > 0.98


def test_mnist_is_read_above_97_percent() -> None:
    try:
        x, t, x_test, t_test = data.mnist()
    except FileNotFoundError as missing:
        pytest.skip(f"the files of MNIST are not here: {missing}")
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(784, 100, rng=rng), nn.ReLU(), nn.Linear(100, 10, rng=rng))
    sgd = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    nn.fit(
        model, nn.CrossEntropyLoss(), sgd, x, t, epochs=3, batch_size=64, rng=rng, progress=False
    )
    assert nn.accuracy(model(x_test), t_test) > 0.97
