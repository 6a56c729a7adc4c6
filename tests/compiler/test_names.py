"""Names of the user's own are text: they never become code."""

import builtins
import keyword

from hypothesis import given
from hypothesis import strategies as st

from autograd_lite.compiler.names import RESERVED, Names, comment, variable


@given(st.lists(st.one_of(st.text(), st.sampled_from(sorted(RESERVED))), max_size=8))
def test_every_name_is_a_plain_word_of_its_own(wishes: list[str]) -> None:
    names = Names()
    given = [names.give(wish, "t") for wish in wishes]
    assert len(set(given)) == len(given)
    for name in given:
        assert name.isidentifier()
        assert name.isascii()
        assert not keyword.iskeyword(name)
        assert not hasattr(builtins, name)
        assert name not in ("np", "math", "forward", "backward", "passes", "rates", "update")
        assert not name.startswith("_")


@given(st.text())
def test_a_comment_is_one_line_of_what_can_be_printed(text: str) -> None:
    told = comment([text, text])
    assert len(told.splitlines()) <= 1
    assert told == "" or told.isprintable()


def test_a_free_word_is_kept_and_a_taken_one_is_numbered() -> None:
    names = Names()
    wishes = ("W_1", "W_1", "t1", "", "operation1", "operation")
    assert [names.give(wish, "t") for wish in wishes] == [
        "W_1",
        "t1",
        "t2",
        "t3",
        "t4",
        "operation",
    ]


def test_a_gradient_is_called_by_what_it_belongs_to() -> None:
    assert variable("∂J/∂W1") == "d_W1"
    assert variable("∂J") == "∂J"
    assert variable("a/∂b") == "a/∂b"
