"""The learning curves show the numbers of the history, with words and without colour."""

import matplotlib
import numpy as np
import pytest

from autograd_lite.nn import History

matplotlib.use("agg")


def history(accuracy: bool = True, validation: bool = True) -> History:
    made = History()
    for epoch in range(3):
        for batch in range(4):
            made.add_batch(10 - batch, 1.0 / (1 + epoch + batch), 0.5 if accuracy else None)
        made.end_epoch((0.3, 0.6 if accuracy else None) if validation else None)
    return made


def test_curves_are_the_lists() -> None:
    made = history()
    loss, accuracy = made.plot().axes
    batches, train, validation = loss.lines
    np.testing.assert_array_equal(batches.get_ydata(), made.loss)
    np.testing.assert_array_equal(batches.get_xdata(), np.arange(1, 13))
    np.testing.assert_array_equal(train.get_ydata(), made.epoch_loss)
    np.testing.assert_array_equal(train.get_xdata(), [4, 8, 12])
    np.testing.assert_array_equal(validation.get_ydata(), made.validation_loss)
    np.testing.assert_allclose(accuracy.lines[0].get_ydata(), 50.0)
    np.testing.assert_allclose(accuracy.lines[1].get_ydata(), 60.0)


def test_axes_and_curves_are_named_and_differ_without_colour() -> None:
    for axes in history().plot().axes:
        assert axes.get_xlabel() == "batches seen, 3 epochs"
        assert axes.get_ylabel() in ("loss", "accuracy (%)")
        assert len(axes.get_legend().get_texts()) == len(axes.lines)
        looks = {(line.get_linestyle(), line.get_marker()) for line in axes.lines}
        assert len(looks) == len(axes.lines)


def test_without_labels_there_is_one_panel() -> None:
    (loss,) = history(accuracy=False).plot().axes
    assert len(loss.lines) == 3
    (loss,) = history(accuracy=False, validation=False).plot().axes
    assert len(loss.lines) == 2


def test_a_first_epoch_that_was_not_finished_is_shown() -> None:
    made = History()
    made.add_batch(3, 2.0, None)
    assert made.plot().axes[0].lines[0].get_ydata() == [2.0]
    assert repr(made) == "History(0 epochs, 1 batches)"


def test_no_figure_stays_open() -> None:
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    history().plot()
    assert plt.get_fignums() == before


def test_nothing_trained_is_told() -> None:
    with pytest.raises(ValueError, match=r"nothing was trained yet. Call nn\.fit first"):
        History().plot()
