"""Lists, tuples and dicts of values, however deep: taken apart, and put together again."""

from collections.abc import Callable
from typing import Any


def flatten(tree: Any) -> list[Any]:
    """The values of a nested structure, in order; anything but list, tuple and dict is one.

    >>> flatten({"w": [1.0, 2.0], "b": 3.0})
    [1.0, 2.0, 3.0]
    """
    return [leaf for child in _children(tree) for leaf in flatten(child)] if _is(tree) else [tree]


def rebuild(like: Any, leaves: list[Any]) -> Any:
    """The structure of `like`, with `leaves` in the place of its values.

    >>> rebuild({"w": [1.0, 2.0], "b": 3.0}, ["a", "b", "c"])
    {'w': ['a', 'b'], 'b': 'c'}
    """
    remaining = iter(leaves)
    return convert(like, lambda _: next(remaining))


def convert(tree: Any, change: Callable[[Any], Any]) -> Any:
    """The same structure, with each value changed.

    >>> convert((1, [2]), lambda value: 10 * value)
    (10, [20])
    """
    if not _is(tree):
        return change(tree)
    children = [convert(child, change) for child in _children(tree)]
    if isinstance(tree, dict):
        return dict(zip(tree, children, strict=True))
    # A named tuple takes its values one by one.
    return type(tree)(*children) if hasattr(tree, "_fields") else type(tree)(children)


def same_structure(tree: Any, other: Any) -> bool:
    """Whether two structures differ in their values at most.

    >>> same_structure([1, (2, 3)], [4, (5, 6)]), same_structure([1, 2], (1, 2))
    (True, False)
    """
    if not _is(tree) or not _is(other):
        return _is(tree) == _is(other)
    if type(tree) is not type(other) or len(tree) != len(other):
        return False
    if isinstance(tree, dict) and list(tree) != list(other):
        return False
    return all(map(same_structure, _children(tree), _children(other)))


def _is(tree: Any) -> bool:
    return isinstance(tree, list | tuple | dict)


def _children(tree: Any) -> list[Any]:
    return list(tree.values()) if isinstance(tree, dict) else list(tree)
