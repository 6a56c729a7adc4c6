"""What is true while code runs: is the graph recorded, in which scope, and is it watched."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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


# Each thread records for itself. Every node asks: a context variable answers soonest.
RECORDING: ContextVar[bool] = ContextVar("recording", default=True)
SCOPES: ContextVar[tuple[Scope, ...]] = ContextVar("scopes", default=())
# Whether every number is checked for nan and inf.
ANOMALY: ContextVar[bool] = ContextVar("anomaly", default=False)
# Whether a rule runs on tensors, to be differentiated again.
DIFFERENTIATING: ContextVar[bool] = ContextVar("differentiating", default=False)

_VARIABLES: dict[str, ContextVar[Any]] = {
    variable.name: variable for variable in (RECORDING, SCOPES, ANOMALY, DIFFERENTIATING)
}


class _State:
    """All of it, by name."""

    def __getattr__(self, name: str) -> Any:
        if name not in _VARIABLES:
            raise AttributeError(name)
        return _VARIABLES[name].get()

    def __setattr__(self, name: str, value: Any) -> None:
        _VARIABLES[name].set(value)


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
