"""Lists, tuples and dicts of values, however deep: taken apart, and put together again."""

from collections.abc import Callable
from typing import Any


def flatten(tree: Any) -> list[Any]:
    """The values of a nested structure, in order; anything but list, tuple and dict is one.

    >>> flatten({"w": [1.0, 2.0], "b": 3.0})
    [1.0, 2.0, 3.0]
    """
    return [leaf for child in _children(tree) for leaf in flatten(child)] if _is(tree) else [tree]


def places(tree: Any) -> list[str]:
    """Where each value of `flatten` stands, as it is written behind the structure's name.

    >>> places({"w": [1.0, 2.0], "b": 3.0})
    ["['w'][0]", "['w'][1]", "['b']"]
    """
    if not _is(tree):
        return [""]
    keys = list(tree) if isinstance(tree, dict) else range(len(tree))
    children = zip(keys, _children(tree), strict=True)
    return [f"[{key!r}]{place}" for key, child in children for place in places(child)]


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


def flatten_like(like: Any, tree: Any) -> list[Any] | None:
    """The values of `tree` in the order of `like`, or `None` where the two are nested otherwise.

    >>> flatten_like({"w": 1, "b": (2, 3)}, {"b": (5, 6), "w": 4})
    [4, 5, 6]
    >>> print(flatten_like([1, 2], (1, 2)))
    None
    """
    if not _is(like):
        return None if _is(tree) else [tree]
    keys = list(like) if isinstance(like, dict) else range(len(like))
    if type(like) is not type(tree) or len(like) != len(tree):
        return None
    if isinstance(like, dict) and set(like) != set(tree):
        return None
    leaves = []
    for key in keys:
        part = flatten_like(like[key], tree[key])
        if part is None:
            return None
        leaves += part
    return leaves


def _is(tree: Any) -> bool:
    return isinstance(tree, list | tuple | dict)


def _children(tree: Any) -> list[Any]:
    return list(tree.values()) if isinstance(tree, dict) else list(tree)
