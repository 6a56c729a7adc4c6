"""The training loop: forward, loss, zero, backward, step, for each batch of each epoch."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from typing import Any

import numpy as np

from ..counts import count
from ..data.batches import batches, examples
from ..optim import Optimizer
from ..recording import no_grad
from ..tensor import Tensor
from .history import History
from .module import Module

BAR = 10  # blocks


def fit(
    model: Module,
    loss: Module,
    optimizer: Optimizer,
    x: Any,
    t: Any,
    epochs: int = 10,
    batch_size: int = 32,
    rng: Any = None,
    validation: tuple[Any, Any] | None = None,
    progress: bool = True,
) -> History:
    """Train `model` on inputs x and targets t, and return how it went.

    Args:
        model: called with a batch of x.
        loss: called with what the model returns and the batch's t.
        optimizer: made with `model.parameters()`.
        x, t: arrays with one row for each example. With integer labels t of shape (N,) the
            accuracy is told as well.
        epochs: how often every example is seen.
        batch_size: examples in one step. `len(x)` is gradient descent, 1 is stochastic.
        rng: None, a seed or a `np.random.Generator`, for the order of the examples.
        validation: (x, t) that are never trained on, judged after each epoch.
        progress: print one line for each epoch.

    The model is left in `eval()`. An interrupt leaves it with what it has learnt so far,
    and has the `history` too.

    Raises:
        ValueError: the optimiser lacks parameters of the model, or `validation` does not fit.
        FloatingPointError: a loss or a gradient is nan or inf. It names epoch and batch; the
            parameters are those before that step, and `error.history` is what went before.

    >>> from autograd_lite import data, nn, optim
    >>> x, t = data.xor()
    >>> rng = np.random.default_rng(0)
    >>> model = nn.Sequential(nn.Linear(2, 3, rng=rng), nn.Sigmoid(), nn.Linear(3, 1, rng=rng))
    >>> sgd = optim.SGD(model.parameters(), lr=0.1)
    >>> history = nn.fit(model, nn.MSELoss(), sgd, x, t, epochs=2, rng=rng)
    epoch 1/2  █████░░░░░  loss 0.2584
    epoch 2/2  ██████████  loss 0.2578
    """
    epochs = count(epochs, "fit: epochs")
    _refuse_a_foreign_optimizer(model, optimizer)
    if validation is not None:
        validation = _judged(x, t, validation)
    history, rng = History(), np.random.default_rng(rng)
    with _stopping_at_nan(model, history):
        for epoch in range(1, epochs + 1):
            model.train()
            for x_batch, t_batch in batches(x, t, batch_size, rng):
                scores = model(x_batch)
                J = _finite(loss(scores, t_batch))
                optimizer.zero_grad()
                J.backward()
                optimizer.step()
                history.add_batch(len(t_batch), J.item(), _accuracy(scores, t_batch))
            history.end_epoch(_judge(model, loss, validation))
            if progress:
                print(_line(epoch, epochs, history), flush=True)
    return history


def accuracy(scores: Any, labels: Any) -> float:
    """The share of rows of scores (N, K) whose largest score is at the label.

    >>> accuracy(np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]]), np.array([0, 1, 1]))
    0.6666666666666666
    """
    values = np.asarray(scores._data if isinstance(scores, Tensor) else scores)
    labels = np.asarray(labels)
    if values.ndim != 2 or len(values) == 0 or labels.shape != values.shape[:1]:
        raise ValueError(
            f"accuracy: received scores of shape {values.shape} and labels of shape "
            f"{labels.shape}, expected (N, K) and (N,), N at least 1."
        )
    if labels.dtype.kind not in "iu":
        raise TypeError(f"accuracy: received labels of {labels.dtype}, expected whole numbers.")
    return float(np.mean(values.argmax(axis=1) == labels))


def _accuracy(scores: Any, t: np.ndarray) -> float | None:
    """The accuracy where t has class labels."""
    labels = t.ndim == 1 and t.dtype.kind in "iu" and scores.ndim == 2
    return accuracy(scores, t) if labels else None


def _finite(J: Any) -> Any:
    if not isfinite(J.item()):
        raise FloatingPointError(
            f"the loss is {J.item()}. The parameters are those before this step. Write a smaller "
            "lr; look for nan in x and t; ag.detect_anomaly() finds where it began"
        )
    return J


def _judged(x: Any, t: Any, validation: Any) -> tuple[np.ndarray, np.ndarray]:
    """The examples to judge by; refused now when they would not fit after an epoch."""
    if not isinstance(validation, tuple | list) or len(validation) != 2:
        raise ValueError("fit: validation: expected two arrays, (x, t).")
    own_x, own_t = (
        examples(part, n, "validation") for part, n in zip(validation, "xt", strict=True)
    )
    if len(own_x) != len(own_t):
        raise ValueError(
            f"fit: validation: x has {len(own_x)} rows and t has {len(own_t)}, expected a target "
            "for each example."
        )
    for name, own, data in (("x", own_x, x), ("t", own_t, t)):
        shape = examples(data, name, "fit").shape[1:]
        if own.shape[1:] != shape:
            raise ValueError(
                f"fit: validation: {name} has rows of shape {own.shape[1:]}, those of training "
                f"{shape}. Give both the same shape."
            )
    return own_x, own_t


def _judge(
    model: Module, loss: Module, validation: tuple[Any, Any] | None
) -> tuple[float, float | None] | None:
    """Loss and accuracy on examples that are not trained on."""
    if validation is None:
        return None
    x, t = validation
    model.eval()
    with no_grad():
        scores = model(x)
        return loss(scores, t).item(), _accuracy(scores, t)


@contextmanager
def _stopping_at_nan(model: Module, history: History) -> Iterator[None]:
    """Tell where training stopped, and hand out the history with the error."""
    try:
        with np.errstate(all="ignore"):  # nan and inf are told below, with their place
            yield
    except FloatingPointError as problem:
        epoch, batch = len(history.epoch_loss) + 1, len(history.of_epoch) + 1
        message = str(problem).rstrip(".")
        error = FloatingPointError(f"fit stopped in epoch {epoch}, batch {batch}: {message}.")
        error.history = history  # type: ignore[attr-defined]
        raise error from problem
    except KeyboardInterrupt as interrupt:
        interrupt.history = history  # type: ignore[attr-defined]
        raise
    finally:
        model.eval()


def _line(epoch: int, epochs: int, history: History) -> str:
    full = BAR * epoch // epochs
    bar = "█" * full + "░" * (BAR - full)
    return f"epoch {epoch:>{len(str(epochs))}}/{epochs}  {bar}  {history.last_epoch()}"


def _refuse_a_foreign_optimizer(model: Module, optimizer: Optimizer) -> None:
    """As happens when the model was made again and the optimiser was not."""
    moved = {id(parameter) for parameter in optimizer.parameters}
    own = {path: p for path, p in model.named_parameters().items() if p.requires_grad}
    still = [path for path, parameter in own.items() if id(parameter) not in moved]
    if still:
        raise ValueError(
            f"fit: the optimiser moves {len(own) - len(still)} of the model's {len(own)} "
            f"parameters, not {', '.join(still)}. Make it again: optim.{type(optimizer).__name__}("
            "model.parameters(), ...). What should stay, freeze: p.requires_grad = False."
        )
