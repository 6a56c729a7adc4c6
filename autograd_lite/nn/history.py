"""History: what happened while a model was trained, as lists and as learning curves."""

from typing import Any

import numpy as np

GREEN, INK = "#00796b", "#1b1f24"


class History:
    """Loss and accuracy while `fit` trained.

    Attributes:
        loss: of each batch, before its step.
        epoch_loss, accuracy: of each epoch, over its examples as they were met in training.
        validation_loss, validation_accuracy: after each epoch, on the validation examples.

    The accuracies are empty where the targets are no class labels, and what is of validation
    is empty without it.
    """

    def __init__(self) -> None:
        self.loss: list[float] = []
        self.epoch_loss: list[float] = []
        self.accuracy: list[float] = []
        self.validation_loss: list[float] = []
        self.validation_accuracy: list[float] = []
        # For each batch of the open epoch: examples, loss, accuracy.
        self.of_epoch: list[tuple[int, float, float | None]] = []
        self._ends: list[int] = []  # how many batches there were by the end of each epoch

    def add_batch(self, size: int, loss: float, accuracy: float | None) -> None:
        self.loss.append(loss)
        self.of_epoch.append((size, loss, accuracy))

    def end_epoch(self, validation: tuple[float, float | None] | None) -> None:
        """Close the epoch with the means over its examples. A smaller last batch counts less."""
        sizes, losses, accuracies = zip(*self.of_epoch, strict=True)
        self.of_epoch, self._ends = [], [*self._ends, len(self.loss)]
        self.epoch_loss.append(float(np.average(losses, weights=sizes)))
        if accuracies[0] is not None:
            self.accuracy.append(float(np.average(accuracies, weights=sizes)))
        if validation is not None:
            loss, accuracy = validation
            self.validation_loss.append(loss)
            if accuracy is not None:
                self.validation_accuracy.append(accuracy)

    def last_epoch(self) -> str:
        """The numbers of the epoch that was closed last, in words."""
        parts = [_words("loss", self.epoch_loss, self.accuracy)]
        if self.validation_loss:
            validation = _words("loss", self.validation_loss, self.validation_accuracy)
            parts.append(f"validation {validation}")
        return "  ".join(parts)

    def plot(self) -> Any:
        """The learning curves as a matplotlib Figure: loss, and accuracy when there is one.

        It is not shown by itself: end a cell with it, `display` it or `.savefig("curves.png")`.
        """
        if not self.loss:
            raise ValueError("History.plot: nothing was trained yet. Call nn.fit first.")
        import matplotlib.pyplot as plt

        with_accuracy = bool(self.accuracy or self.validation_accuracy)
        figure, axes = plt.subplots(
            1, 1 + with_accuracy, squeeze=False, layout="constrained",
            figsize=(4.5 * (1 + with_accuracy), 3.4),
        )  # fmt: skip
        plt.close(figure)  # else a notebook would show it twice
        batches = range(1, len(self.loss) + 1)
        axes[0, 0].plot(batches, self.loss, color="0.7", linewidth=0.8, label="each batch")
        self._curves(axes[0, 0], "loss", self.epoch_loss, self.validation_loss)
        axes[0, 0].set_ylim(bottom=min(0.0, *self.loss))
        if with_accuracy:
            percent = [[100 * a for a in s] for s in (self.accuracy, self.validation_accuracy)]
            self._curves(axes[0, 1], "accuracy (%)", *percent)
        return figure

    def _curves(self, axes: Any, what: str, train: list[float], validation: list[float]) -> None:
        """One panel. Line style and mark tell the curves apart, not colour alone."""
        for values, label, style, colour in (
            (train, "training, mean of the epoch", "o-", GREEN),
            (validation, "validation, after the epoch", "s--", INK),
        ):
            if values:
                axes.plot(self._ends, values, style, color=colour, label=label, markersize=4)
        axes.set_xlabel(f"batches seen, {len(self._ends)} epochs")
        axes.set_ylabel(what)
        axes.legend()
        axes.grid(alpha=0.3)

    def __repr__(self) -> str:
        """Short, since a cell that ends with `fit` prints it."""
        epochs = f"{len(self.epoch_loss)} epochs, {len(self.loss)} batches"
        return f"History({epochs}{': ' + self.last_epoch() if self.epoch_loss else ''})"


def _words(name: str, losses: list[float], accuracies: list[float]) -> str:
    accuracy = f"  accuracy {100 * accuracies[-1]:5.1f} %" if accuracies else ""
    return f"{name} {losses[-1]:.4f}{accuracy}"
