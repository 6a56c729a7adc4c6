"""What is true while code runs: is the graph recorded, in which scope, and is it watched."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any


class Scope:
    """One `with scope(name)` block. Two blocks of the same name are two scopes.

    `owned` holds the numbers of leaves made before that belong inside: a copy of a graph keeps
    its tensors' numbers, but not the tensors.
    """

    __slots__ = ("name", "owned")

    def __init__(self, name: str, owned: frozenset[int] = frozenset()) -> None:
        self.name = name
        self.owned = owned

    def __repr__(self) -> str:
        return f"Scope({self.name!r})"


class _State(threading.local):
    """Each thread records for itself."""

    recording = True
    scopes: tuple[Scope, ...] = ()
    anomaly = False  # whether every number is checked for nan and inf
    differentiating = False  # whether a rule runs on tensors, to be differentiated again


state = _State()


@contextmanager
def setting(**values: Any) -> Iterator[None]:
    """Give the state other values for a while, whatever happens inside."""
    before = {name: getattr(state, name) for name in values}
    for name, value in values.items():
        setattr(state, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(state, name, value)


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
    with setting(recording=False):
        yield


@contextmanager
def scope(name: str, owned: Iterable[Any] = ()) -> Iterator[None]:
    """Group what is recorded inside, so that drawings can close it into one box.

    Args:
        owned: tensors made before that are drawn inside as well, as the weights of a layer.

    >>> from autograd_lite import Tensor, scope
    >>> x = Tensor(2.0)
    >>> with scope("square"):
    ...     y = x * x
    >>> [s.name for s in y.scopes]
    ['square']
    """
    numbers = frozenset([tensor._number for tensor in owned])
    before = state.scopes  # not by `setting`: every call of a layer comes through here
    state.scopes = (*before, Scope(str(name), numbers))
    try:
        yield
    finally:
        state.scopes = before
