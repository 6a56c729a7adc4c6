"""A marked picture: the dashed arrows of one path and no others."""

from xml.etree import ElementTree as ET

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.views.marked import MarkedPicture


def picture() -> MarkedPicture:
    """The path a → p → s → e of e = (ab)(ab + a)."""
    a, b = Tensor(2.0, name="a"), Tensor(-3.0, name="b")
    p = a * b
    s = p + a
    e = p * s
    p.name, s.name, e.name = "p", "s", "e"
    return ag.paths(e, a)[2].picture()


def groups(drawn: MarkedPicture, kind: str) -> dict[str, ET.Element]:
    """The groups of boxes ("data-node") or of arrows ("data-edge"), by their names."""
    return {e.attrib[kind]: e for e in ET.fromstring(drawn.svg()).iter() if kind in e.attrib}


def test_only_the_arrows_of_the_path_lead_back() -> None:
    drawn = groups(picture(), "data-edge")
    assert len(drawn) == 6
    back = [name for name, group in drawn.items() if "ag-returned" in group.attrib["class"]]
    assert sorted(back) == ["a>p:0", "p>s:0", "s>e:1"]


def test_the_factors_of_the_path_stand_at_its_arrows_and_no_others() -> None:
    texts = [e.text for e in ET.fromstring(picture().svg()).iter() if e.text]
    assert sorted(text for text in texts if text.startswith("×") and len(text) > 1) == [
        "× 1.0000", "× −3.0000", "× −6.0000",
    ]  # fmt: skip


def test_the_boxes_of_the_path_are_marked_and_not_by_colour_alone() -> None:
    marked = [
        name
        for name, group in groups(picture(), "data-node").items()
        if "● " in [e.text for e in group.iter()] and "ag-active" in group.attrib["class"]
    ]
    assert sorted(marked) == ["a", "e", "p", "s"]


def test_no_badge_counts_arrows_beside_the_path() -> None:
    for box in groups(picture(), "data-node").values():
        assert "ag-paths" not in box.attrib["class"]
        assert not any("paths" in (e.text or "") for e in box.iter())


def test_bare_numbers_beside_the_path_do_no_harm() -> None:
    x = Tensor(2.0, name="x")
    assert "× 3.0000" in ag.paths(3 * x + x, x)[1].picture().svg()


def test_the_values_and_gradients_are_those_of_the_finished_picture() -> None:
    drawn = picture()
    for node in ET.fromstring(ag.draw(drawn.graph).svg()).iter("text"):
        text = node.text or ""
        if text.startswith(("▸", "◂")):
            assert text in drawn.svg()


def test_the_alternative_text_names_the_path() -> None:
    assert picture().alt == (
        "Computation graph: e as a function of a, b in 3 operations. "
        "One path is marked: a → p → s → e, with the product 18.0000."
    )
