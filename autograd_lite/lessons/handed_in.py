"""A class that is handed in as an answer: an operation whose forward is as the lesson has it."""

from collections.abc import Callable, Sequence
from math import isclose
from typing import Any

from ..operation import Operation
from .exercise import Unreadable


def read_operation(
    answer: Any,
    call: str,
    function: Callable[[float], float],
    points: Sequence[float],
    changed: str,
) -> type[Operation]:
    """The class, if its forward is `function` at these points.

    Args:
        call: how it is handed in, for whoever hands in something else.
        changed: what to say of another forward.

    Raises:
        Unreadable: it is no class of operations, its forward stops or gives something else.
    """
    if not (isinstance(answer, type) and issubclass(answer, Operation)):
        raise Unreadable(f"Hand in the class itself: {call}.")
    try:
        same = [isclose(answer()(x).item(), function(x), rel_tol=1e-9) for x in points]
    except Exception as problem:
        raise Unreadable(f"forward stopped with {type(problem).__name__}: {problem}") from None
    if not all(same):
        raise Unreadable(changed)
    return answer
