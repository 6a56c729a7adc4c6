"""DOT: the source a reader takes away says the same as the picture, and Graphviz accepts it."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.views.theme import LIGHT

HOSTILE = (
    "<b>", "</font>", 'a"b', "a\\", "\\N", "\\G", "new\nline", "&amp;", "a|b", "{a}", "]]>",
    "😀", "\x00", "\ud800", "c0", "a:b", "x -> y",
)  # fmt: skip


def drawn(y: Tensor, **options: Any) -> list[str]:
    """The texts that Graphviz draws."""
    pygraphviz = pytest.importorskip("pygraphviz", exc_type=ImportError)
    source = str(ag.draw(y, **options).to_dot())
    svg = pygraphviz.AGraph(string=source).draw(format="svg", prog="dot")
    texts = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return [(text.text or "").replace("\xa0", " ") for text in texts]


def square(name: str = "x") -> Tensor:
    x = Tensor(3.0, name=name)
    return x * x


def test_the_graph_with_its_values_and_gradients() -> None:
    assert drawn(square()) == [
        "x", "▸ 3.0000", "◂ ∇ 6.0000", "v1  ×", "▸ 9.0000", "◂ ∇ 1.0000",
    ]  # fmt: skip


def test_values_and_gradients_have_their_colours() -> None:
    source = str(ag.draw(square()).to_dot())
    assert f'<font color="{LIGHT["value"]}">▸ 3.0000</font>' in source
    assert f'<font color="{LIGHT["grad"]}"><b><i>◂ ∇ 6.0000</i></b></font>' in source


def test_a_square_has_two_edges() -> None:
    assert len(re.findall(r"\bv0 -> v1\b", str(ag.draw(square()).to_dot()))) == 2


def test_a_graph_without_gradients_has_none() -> None:
    assert drawn(Tensor([1.0, 2.0], name="v") * 2.0)[:2] == ["v", "▸ (2,)"]
    assert not any("∇" in text for text in drawn(Tensor([1.0, 2.0], name="v") * 2.0))


def test_a_closed_scope_is_a_box() -> None:
    with ag.scope("layer"):
        y = ag.sin(Tensor(0.0, name="x") * 2.0)
    assert drawn(y, closed=["layer"])[0].startswith("layer")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    texts = drawn(square(name))
    assert len(texts) == 6
    if name.isprintable():
        assert texts[0] in (name, f"“{name}”")
    ascii_only = [line for line in capfd.readouterr().err.splitlines() if "Fontconfig" not in line]
    assert ascii_only == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_scope_may_be_called_anything(name: str) -> None:
    with ag.scope(name):
        y = Tensor(2.0, name="x") * 2.0
    texts = drawn(y, closed=[name])
    if name.isprintable():
        assert any(name in text for text in texts)
