"""What is true while code runs: is the graph recorded, and in which scope."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Scope:
    """One `with scope(name)` block. Two blocks of the same name are two scopes."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"Scope({self.name!r})"


class _State(threading.local):
    """Each thread records for itself."""

    recording = True
    scopes: tuple[Scope, ...] = ()


state = _State()


@contextmanager
def no_grad() -> Iterator[None]:
    """Run operations without recording them: their results are constants.

    >>> from autograd_lite import Tensor, no_grad
    >>> x = Tensor(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.requires_grad
    False
    """
    before, state.recording = state.recording, False
    try:
        yield
    finally:
        state.recording = before


@contextmanager
def scope(name: str) -> Iterator[None]:
    """Group what is recorded inside, so that drawings can close it into one box.

    >>> from autograd_lite import Tensor, scope
    >>> x = Tensor(2.0)
    >>> with scope("square"):
    ...     y = x * x
    >>> [s.name for s in y.scopes]
    ['square']
    """
    before, state.scopes = state.scopes, (*state.scopes, Scope(str(name)))
    try:
        yield
    finally:
        state.scopes = before
