"""Documents in columns come back as they were."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_lite.widgets.columns import pack, unpack

TEXTS = st.sampled_from(
    ("", "a", "x = 1.0000", "x = −2.5000", "(−3) · 4 = −12", "nan!", "0", "M1 2")
)
LEAVES = TEXTS | st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from((0.5, -0.0, 1.0))
TREES = st.recursive(
    LEAVES,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(TEXTS, inside, max_size=3),
    max_leaves=12,
)


@given(st.lists(TREES, min_size=1, max_size=9))
def test_every_document_comes_back(documents: list[Any]) -> None:
    packed = json.loads(json.dumps(pack(documents)))
    for index, document in enumerate(documents):
        assert json.dumps(unpack(packed, index)) == json.dumps(document)


@given(st.lists(st.sampled_from(range(200)), min_size=1, max_size=300))
def test_a_long_column_comes_back(numbers: list[int]) -> None:
    packed = pack([{"said": f"x = {number}, twice"} for number in numbers])
    for index, number in enumerate(numbers):
        assert unpack(packed, index) == {"said": f"x = {number}, twice"}


def test_what_is_always_the_same_is_written_once() -> None:
    sentence = "A sentence that stands in every document."
    packed = pack([{"said": sentence, "x": f"{math.sin(i):.4f}"} for i in range(50)])
    assert json.dumps(packed).count(sentence) == 1


def test_equal_documents_share_a_row() -> None:
    assert pack([{"x": 1}, {"x": 2}, {"x": 1}])["rows"] == [0, 1, 0]


@pytest.mark.parametrize("name", ["$", "$$", "$x", ""])
def test_a_name_that_means_a_slot_is_kept(name: str) -> None:
    documents = [{name: 1, "x": {name: "2.0"}}, {name: 2, "x": {name: "3.0"}}]
    packed = pack(documents)
    assert [unpack(packed, row) for row in range(2)] == documents
