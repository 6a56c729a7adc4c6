"""Where an array differs, shown in signs below the verdict."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import lessons
from autograd_lite.lessons.difference import COLUMNS, ROWS, where


class OneWrong(ag.Operation):
    """A layer with one wrong number in the gradient of W."""

    def forward(self, X: Any, W: Any, b: Any) -> Any:
        return X @ W + b

    def backward(self, dz: Any) -> Any:
        X, W, _ = self.inputs
        dW = X.T @ dz
        dW[1, 2] += 1.0
        return dz @ W.T, dW, dz.sum(axis=0)


class ForgottenTranspose(OneWrong):
    def backward(self, dz: Any) -> Any:
        X, W, _ = self.inputs
        return dz @ W, X.T @ dz, dz.sum(axis=0)


def test_one_wrong_number_is_one_cross_at_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    lessons.check("05.affine.rule", OneWrong)
    printed = capsys.readouterr().out
    head, *rows = printed[printed.index("  dW: ") :].splitlines()
    assert head == "  dW: ✗ where it differs, · where it is right"
    assert [row.split() for row in rows] == [["·"] * 3, ["·", "·", "✗"], ["·"] * 3]


def test_a_named_mistake_is_shown_too(capsys: pytest.CaptureFixture[str]) -> None:
    lessons.check("05.affine.rule", ForgottenTranspose)
    printed = capsys.readouterr().out
    assert "transpose" in printed
    assert "  dX: ✗ where it differs" in printed
    assert "dW: ✗" not in printed


def test_a_wrong_forward_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    class NoBias(OneWrong):
        def forward(self, X: Any, W: Any, b: Any) -> Any:
            return X @ W + b * np.array([0.0, 1.0, 1.0])

    lessons.check("05.affine.rule", NoBias)
    rows = capsys.readouterr().out.split("forward: ✗")[1].splitlines()[1:]
    assert [row.split() for row in rows] == [["✗", "·", "·"]] * 3


def test_large_arrays_are_cut_off() -> None:
    picture = where("dX", np.zeros((100, 100)), np.ones((100, 100))).splitlines()
    assert len(picture) == 1 + ROWS + 1
    assert picture[1].split() == ["✗"] * COLUMNS + ["…"]
    assert picture[-1].strip() == "…"


@pytest.mark.parametrize("shape", [(), (1,), (2, 2, 2)])
def test_no_picture_of_one_number_or_of_a_block(shape: tuple[int, ...]) -> None:
    assert where("x", np.zeros(shape), np.ones(shape)) == ""


def test_nothing_is_shown_of_what_is_right() -> None:
    assert where("x", np.ones(3), np.ones(3)) == ""
