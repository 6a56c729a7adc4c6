"""Schedules set the optimiser's learning rate, and nothing else."""

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.optim import SGD, CosineLR, StepLR


def optimiser(lr: float = 1.0) -> SGD:
    return SGD([ag.Tensor(1.0)], lr)


def test_a_cosine_falls_from_the_start_to_the_minimum_and_stays() -> None:
    sgd = optimiser(0.5)
    schedule = CosineLR(sgd, steps=10, minimum=0.1)
    rates = []
    for _ in range(15):
        schedule.step()
        rates.append(sgd.lr)
    assert rates[4] == pytest.approx(0.3)
    assert rates[:10] == sorted(rates[:10], reverse=True)
    assert rates[9:] == pytest.approx([0.1] * 6)


def test_steps_keep_a_rate_that_was_set_meanwhile() -> None:
    sgd = optimiser()
    schedule = StepLR(sgd, step_size=1, gamma=0.5)
    schedule.step()
    sgd.lr = 3.0
    schedule.step()
    assert sgd.lr == 1.5


@pytest.mark.parametrize("count", [0, -1, 2.5, "3"])
def test_what_is_no_count_is_refused(count: object) -> None:
    with pytest.raises(ValueError, match=r"StepLR: step_size received .*, expected a whole number"):
        StepLR(optimiser(), count)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="CosineLR: steps received"):
        CosineLR(optimiser(), count)  # type: ignore[arg-type]


def test_numbers_of_numpy_are_counts() -> None:
    assert StepLR(optimiser(), np.int64(3)).step_size == 3  # type: ignore[arg-type]
    assert CosineLR(optimiser(), np.uint8(3)).steps == 3  # type: ignore[arg-type]


def test_negative_factors_are_refused() -> None:
    with pytest.raises(ValueError, match="gamma received -1"):
        StepLR(optimiser(), 1, gamma=-1)
    with pytest.raises(ValueError, match="minimum received -1"):
        CosineLR(optimiser(), 1, minimum=-1)
