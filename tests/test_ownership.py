"""Ownership: an array is handed on only when nobody else has a part of it."""

from typing import Any

import numpy as np

from autograd_lite import Tensor
from autograd_lite.ownership import own


class Holder:
    array: Any = None


def test_what_only_the_caller_holds_is_handed_on() -> None:
    holder = Holder()
    holder.array = np.ones(3)
    handed = own(holder.array)
    assert handed is holder.array


def test_what_somebody_else_holds_is_copied() -> None:
    holder, other = Holder(), Holder()
    holder.array = other.array = np.ones(3)
    own(holder.array)[0] = 7.0
    assert other.array[0] == 1.0


def test_what_has_a_view_and_a_view_itself_are_copied() -> None:
    holder, view = Holder(), Holder()
    holder.array = np.ones(3)
    view.array = holder.array[:2]
    own(holder.array)[0] = 7.0
    own(view.array)[0] = 8.0
    assert view.array[0] == holder.array[0] == 1.0


def test_a_read_only_array_comes_back_to_be_written_to() -> None:
    holder = Holder()
    holder.array = np.ones(3)
    holder.array.setflags(write=False)
    own(holder.array)[0] = 7.0


def test_two_leaves_of_a_sum_get_arrays_of_their_own() -> None:
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    total = a + b
    total.backward([1.0, 1.0])
    a.grad[0] = 7.0
    total.grad[0] = 8.0
    assert b.grad[0] == 1.0
    assert a.grad is a.grad


def test_a_gradient_outlives_the_next_pass() -> None:
    w = Tensor([1.0, 2.0])
    (w * 3.0).sum().backward()
    first = w.grad
    (w * 3.0).sum().backward()
    assert list(first) == [3.0, 3.0]
    assert list(w.grad) == [6.0, 6.0]
