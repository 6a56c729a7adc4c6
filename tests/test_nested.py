"""Lists, tuples and dicts of values: taken apart in order, put together as they were."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_lite.nested import convert, flatten, flatten_like, places, rebuild
from tests.strategies import same_every_run

LEAVES = st.integers() | st.text(max_size=2) | st.none()
TREES = st.recursive(
    LEAVES,
    lambda trees: (
        st.lists(trees, max_size=3)
        | st.lists(trees, max_size=3).map(tuple)
        | st.dictionaries(st.text("abc", max_size=2), trees, max_size=3)
    ),
    max_leaves=5,
)


def same_structure(tree: Any, other: Any) -> bool:
    return flatten_like(tree, other) is not None


class Layer(NamedTuple):
    w: Any
    b: Any


@same_every_run
@given(TREES)
def test_what_is_taken_apart_is_put_together_again(tree: Any) -> None:
    leaves = flatten(tree)
    assert rebuild(tree, leaves) == tree
    assert not any(isinstance(leaf, list | tuple | dict) for leaf in leaves)
    assert same_structure(rebuild(tree, leaves), tree)


@same_every_run
@given(TREES)
def test_other_leaves_keep_the_structure(tree: Any) -> None:
    numbers = list(range(len(flatten(tree))))
    other = rebuild(tree, numbers)
    assert flatten(other) == numbers
    assert same_structure(tree, other)
    assert same_structure(other, tree)


@same_every_run
@given(TREES, TREES)
def test_structures_are_the_same_when_leaves_alone_differ(one: Any, other: Any) -> None:
    def shape(tree: Any) -> Any:
        return convert(tree, lambda leaf: None)

    assert same_structure(one, other) == (repr(shape(one)) == repr(shape(other)))


def test_the_order_is_that_of_the_entries() -> None:
    assert flatten({"b": [1, (2, 3)], "a": {"z": 4}, "empty": []}) == [1, 2, 3, 4]


def test_an_array_and_a_text_are_values() -> None:
    array = np.zeros(3)
    assert flatten(array)[0] is array
    assert flatten(["ab", range(2)]) == ["ab", range(2)]


def test_the_original_is_not_changed() -> None:
    tree = {"w": [1, 2]}
    other = rebuild(tree, [10, 20])
    assert (tree, other) == ({"w": [1, 2]}, {"w": [10, 20]})
    assert other["w"] is not tree["w"]


def test_a_named_tuple_stays_one() -> None:
    layer = rebuild(Layer([1, 2], 3), ["a", "b", "c"])
    assert isinstance(layer, Layer)
    assert layer == Layer(["a", "b"], "c")
    assert not same_structure(Layer(1, 2), (1, 2))


@pytest.mark.parametrize(
    ("one", "other"),
    [([1, 2], (1, 2)), ([1], [1, 2]), ([1], 1), (1, [1]), ({"a": 1}, {"b": 1}),
     ([[1], 2], [1, [2]]), ({"a": [1]}, {"a": 1}), ([], {})],
    ids=str,
)  # fmt: skip
def test_what_differs_is_told_apart(one: Any, other: Any) -> None:
    assert not same_structure(one, other)


def test_places_are_how_a_value_is_written() -> None:
    tree = {"W": [1.0, (2.0, {"b": 3.0})]}
    assert [eval(f"tree{place}", {"tree": tree}) for place in places(tree)] == flatten(tree)
    assert places(1.0) == [""]


def test_dicts_may_have_their_keys_in_another_order() -> None:
    assert flatten_like({"a": 1, "b": [2, 3]}, {"b": [5, 6], "a": 4}) == [4, 5, 6]
    assert flatten_like({"a": 1}, {"b": 1}) is None
