"""What is true while code runs: is the graph recorded, in which scope, and is it watched."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple


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


class Mode(NamedTuple):
    """How computing is done: almost always as `USUAL` says, which one look tells."""

    recording: bool = True
    anomaly: bool = False  # whether every number is checked for nan and inf
    differentiating: bool = False  # whether a rule runs on tensors, to be differentiated again


USUAL = Mode()

# Each thread records for itself. Every node asks: a context variable answers soonest.
MODE: ContextVar[Mode] = ContextVar("mode", default=USUAL)
SCOPES: ContextVar[tuple[Scope, ...]] = ContextVar("scopes", default=())


@contextmanager
def setting(**values: bool) -> Iterator[None]:
    """Another mode for a while, whatever happens inside."""
    before = MODE.get()
    _set(**values)
    try:
        yield
    finally:  # only what was set here: another mode may have begun or ended meanwhile
        _set(**{name: getattr(before, name) for name in values})


def _set(**values: bool) -> None:
    mode = MODE.get()._replace(**values)
    MODE.set(USUAL if mode == USUAL else mode)  # the one that nodes know by sight


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
def within(scopes: tuple[Scope, ...]) -> Iterator[None]:
    """In these scopes and no others."""
    before = SCOPES.get()
    SCOPES.set(scopes)
    try:
        yield
    finally:
        SCOPES.set(before)


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
    before = open_scope(name, owned)
    try:
        yield
    finally:
        SCOPES.set(before)


def open_scope(name: str, owned: Iterable[Any] = ()) -> tuple[Scope, ...]:
    """Go on in one more scope. Returns those of before: set `SCOPES` to them at the end."""
    before = SCOPES.get()
    SCOPES.set((*before, Scope(str(name), frozenset([tensor._number for tensor in owned]))))
    return before
