"""What is true while code runs: recording, and the scope one is in."""

from collections.abc import Iterator
from threading import Thread

import numpy as np
import pytest

from autograd_lite import Tensor, detect_anomaly, no_grad, scope


def names(tensor: Tensor) -> list[str]:
    return [s.name for s in tensor.scopes]


def test_no_grad_makes_constants_without_a_history() -> None:
    x = Tensor([1.0, 2.0])
    with no_grad():
        y = np.sin(x) * x
    assert (y.requires_grad, y.operation, y.inputs) == (False, None, ())
    np.testing.assert_array_equal(y.data, np.sin([1.0, 2.0]) * [1.0, 2.0])
    with pytest.raises(ValueError, match="no_grad"):
        y.sum().backward()


def test_what_no_grad_made_is_a_constant_for_what_follows() -> None:
    x = Tensor(3.0)
    with no_grad():
        c = x * x
    (c * x).backward()
    assert x.grad == 9.0


def test_a_recorded_graph_can_be_swept_inside_no_grad() -> None:
    x = Tensor(3.0)
    y = x * x
    with no_grad():
        y.backward()
    assert x.grad == 6.0


def test_leaves_made_inside_no_grad_are_variables() -> None:
    with no_grad():
        x = Tensor(3.0)
    (x * x).backward()
    assert x.grad == 6.0


def test_no_grad_nests() -> None:
    x = Tensor(3.0)
    with no_grad():
        with no_grad():
            pass
        assert not (x * x).requires_grad
    assert (x * x).requires_grad


def test_no_grad_ends_with_an_exception() -> None:
    x = Tensor([1.0, 2.0])
    with pytest.raises(ValueError, match="shape"), no_grad():
        x * [1.0, 2.0, 3.0]
    assert (x * x).requires_grad


def test_no_grad_decorates_a_function() -> None:
    @no_grad()
    def square(x: Tensor) -> Tensor:
        return x * x

    x = Tensor(3.0)
    assert not square(x).requires_grad
    assert (x * x).requires_grad


def test_scopes_are_written_on_what_is_made_inside() -> None:
    before = Tensor(1.0)
    with scope("network"):
        with scope("hidden layer"):
            w = Tensor(2.0)
            h = before * w
        y = h + 1.0
    after = y * 2.0
    assert [names(t) for t in (before, w, h, y, after)] == [
        [], ["network", "hidden layer"], ["network", "hidden layer"], ["network"], [],
    ]  # fmt: skip
    assert h.scopes[0] is y.scopes[0]


def test_two_scopes_of_one_name_are_two() -> None:
    made = []
    for _ in range(2):
        with scope("layer"):
            made.append(Tensor(1.0) * 2.0)
    assert names(made[0]) == names(made[1])
    assert made[0].scopes[0] != made[1].scopes[0]


def test_a_scope_ends_with_an_exception() -> None:
    with pytest.raises(KeyError), scope("outer"), scope("inner"):
        raise KeyError
    assert Tensor(1.0).scopes == ()


def test_scopes_and_no_grad_do_not_mix_up() -> None:
    x = Tensor(3.0)
    with scope("a"), no_grad():
        y = x * x
    z = x * x
    assert (names(y), y.requires_grad) == (["a"], False)
    assert (names(z), z.requires_grad) == ([], True)


def test_each_thread_records_for_itself() -> None:
    x, made = Tensor(3.0), []
    with no_grad(), scope("here"):
        thread = Thread(target=lambda: made.append(x * x))
        thread.start()
        thread.join()
        assert not (x * x).requires_grad
    (y,) = made
    assert (y.requires_grad, names(y)) == (True, [])


def test_a_mode_that_ends_late_leaves_the_others_alone() -> None:
    def recording_off() -> Iterator[None]:
        with no_grad():
            yield

    x, paused = Tensor(3.0), recording_off()
    next(paused)
    with detect_anomaly():
        paused.close()
    assert (x * x).requires_grad
