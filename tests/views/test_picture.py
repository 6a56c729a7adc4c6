"""`draw`: a still picture that says what it shows, and is the same in every process."""

import os
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from autograd_lite.views.picture import Picture
from autograd_lite.views.text import text_table
from tests.strategies import same_every_run


def worked_example() -> tuple[Tensor, Tensor, Tensor]:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    product = x1 * x2
    return x1, x2, ag.sin(x1) + product


def chain(length: int) -> Tensor:
    y = Tensor(0.5, name="x")
    for _ in range(length):
        y = ag.sin(y)
    return y


def boxes(picture: Picture) -> int:
    return sum("data-node" in e.attrib for e in ET.fromstring(picture.svg()).iter())


class Images(HTMLParser):
    """The images of an HTML text, and all of its tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.images: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "img":
            self.images.append(dict(attrs))


def image(html: str) -> dict[str, str]:
    (one,) = Images(html).images
    return {name: value or "" for name, value in one.items()}


# What a notebook keeps.


def test_plain_text_is_the_table_and_html_is_an_image_with_the_same_picture() -> None:
    picture = ag.draw(worked_example()[2])
    bundle = picture._repr_mimebundle_()
    assert bundle.keys() == {"text/plain", "text/html"}
    assert bundle["text/plain"] == text_table(picture.trace)
    kind, data = image(bundle["text/html"])["src"].split(",")
    assert kind == "data:image/svg+xml;base64"
    assert b64decode(data).decode() == picture.svg()


def test_the_alternative_text_says_what_is_shown() -> None:
    _, _, y = worked_example()
    whole = "Computation graph: y as a function of x1, x2 in 3 operations."
    assert ag.draw(y).alt == (
        f"{whole} x1 is 2.0000, gradient 2.5839; x2 is 3.0000, gradient 2.0000; "
        "v2 is 6.0000, gradient 1.0000; v3 is 0.9093, gradient 1.0000; "
        "v4 is 6.9093, gradient 1.0000."
    )
    x = y
    for _ in range(9):
        x = np.sin(x)
    assert ag.draw(x).alt.endswith(" Every other value and gradient is shown too.")
    assert re.search("in 12 operations. v13 is .*; x1 is 2.0000, gradient", ag.draw(x).alt)
    assert ag.draw(y, step=3).alt == (
        f"{whole} Step 4 of 9, forward: v3 = sin(x1) = sin(2.0000) = 0.9093."
    )
    assert image(ag.draw(y, step=3).html())["alt"] == ag.draw(y, step=3).alt


def test_a_picture_of_a_step_tells_nothing_of_the_steps_to_come() -> None:
    _, _, y = worked_example()
    bundle = ag.draw(y, step=4)._repr_mimebundle_()
    svg = b64decode(image(bundle["text/html"])["src"].split(",")[1]).decode()
    for text in (bundle["text/plain"], bundle["text/html"], svg):
        assert "2.5839" not in text
        assert "∂" not in text


def test_repr_is_always_the_same_and_shows_no_address() -> None:
    _, _, y = worked_example()
    assert repr(ag.draw(y)) == "Picture(ComputationGraph(y, 5 nodes))"


@settings(same_every_run, max_examples=30)
@given(
    st.text(st.characters(), min_size=1) | st.sampled_from(['"><script>', "&lt;", "'", "\ud800"])
)
def test_names_are_text_in_html(name: str) -> None:
    x = Tensor(2.0, name=name)
    html = ag.draw(x * x).html()
    html.encode()
    tags = {"img", "details", "summary", "table", "thead", "tbody", "tr", "th", "td"}
    assert Images(html).tags == tags


def test_a_picture_keeps_what_it_was_made_from() -> None:
    x1, _, y = worked_example()
    picture = ag.draw(y)
    before = picture.svg()
    ComputationGraph(y).forward(x1=100.0)
    y.backward()
    assert picture.svg() == before
    assert float(x1.data) == 100.0


def test_drawing_leaves_the_graph_as_it_was() -> None:
    x1, x2, y = worked_example()
    picture = ag.draw(y)
    picture.graph.forward(x1=7.0)
    picture.refresh()
    assert (x1.grad, x2.grad, y.grad) == (None, None, None)
    assert (float(x1.data), round(float(y.data), 4)) == (2.0, 6.9093)


# Files.


def test_save_writes_the_picture_itself(tmp_path: Path) -> None:
    picture = ag.draw(worked_example()[2])
    path = picture.save(tmp_path / "y.svg")
    assert path == tmp_path / "y.svg"
    assert path.read_bytes() == (picture.svg() + "\n").encode()
    assert picture.save(str(tmp_path / "again.svg")).exists()


@pytest.mark.parametrize(("ending", "magic"), [(".png", b"\x89PNG"), (".pdf", b"%PDF")])
def test_graphviz_writes_png_and_pdf(tmp_path: Path, ending: str, magic: bytes) -> None:
    pytest.importorskip("pygraphviz", exc_type=ImportError)
    path = ag.draw(worked_example()[2]).save(tmp_path / f"y{ending}")
    assert path.read_bytes().startswith(magic)


@pytest.mark.parametrize("name", ["y.jpg", "y", "y.svg.txt"])
def test_another_ending_is_refused_and_nothing_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=rf"received '{name}', expected .*\.svg, \.png or \.pdf"):
        ag.draw(worked_example()[2]).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_without_graphviz_the_message_names_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = ag.draw(worked_example()[2])
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"pip install pygraphviz.*\.svg"):
        picture.save(tmp_path / "y.png")
    assert list(tmp_path.iterdir()) == []


# Steps.


def test_a_step_may_be_counted_from_the_end_and_must_exist() -> None:
    y = worked_example()[2]
    assert ag.draw(y, step=-1).svg() == ag.draw(y, step=8).svg()
    assert ag.draw(y, step=np.int64(3)).svg() == ag.draw(y, step=3).svg()
    for step in (9, -10):
        with pytest.raises(ValueError, match=f"step: received {step}, expected 0 to 8"):
            ag.draw(y, step=step)
    with pytest.raises(TypeError):
        ag.draw(y, step=1.0)


def test_render_svg_is_the_picture_of_a_step() -> None:
    graph = ComputationGraph(worked_example()[2])
    assert ag.render_svg(graph, 3, "edge") == ag.draw(graph, 3, "edge").svg()
    assert ag.render_svg(graph) == ag.draw(graph).svg()


def test_what_is_no_tensor_is_refused() -> None:
    with pytest.raises(TypeError, match="received float, expected the Tensor"):
        ag.draw(2.0)


# Whatever the graph is.


def constant() -> Tensor:
    return Tensor(3.0, requires_grad=False)


FORWARD_ONLY: dict[str, Callable[[], Tensor]] = {
    "a constant": constant,
    "constants": lambda: constant() * Tensor(2.0, requires_grad=False, name="k"),
    "a vector": lambda: Tensor([1.0, 2.0], name="v") * 2.0,
    "an empty array": lambda: Tensor(np.zeros((0, 3)), name="v") * 2.0,
}


@pytest.mark.parametrize("make", FORWARD_ONLY.values(), ids=FORWARD_ONLY)
def test_without_a_gradient_to_send_the_forward_pass_is_drawn(make: Callable[[], Tensor]) -> None:
    picture = ag.draw(make())
    assert " is " in picture.alt
    assert "gradient" not in picture.alt
    assert "∇" not in picture.svg()
    assert image(picture.html())["alt"] == picture.alt


@pytest.mark.parametrize(
    "make",
    [
        lambda x: np.sqrt(x),
        lambda x: np.log(x),
        lambda x: 1.0 / x,
        lambda x: x / 0.0,
        lambda x: x**-1,
    ],
)
def test_what_is_not_finite_is_drawn_without_a_warning(make: Any) -> None:
    with np.errstate(all="ignore"):
        y = make(Tensor(0.0, name="x"))
    picture = ag.draw(y)  # warnings are errors here
    assert "!" in "".join(ET.fromstring(picture.svg()).itertext())
    assert picture.html()


def test_a_leaf_alone_is_a_graph() -> None:
    assert ag.draw(Tensor(3.0, name="x")).alt.startswith("Computation graph: x as a function of x")


def test_a_thousand_nodes_are_drawn_open() -> None:
    assert boxes(ag.draw(chain(990))) == 991


def test_ten_thousand_nodes_are_drawn_closed() -> None:
    assert boxes(ag.draw(chain(10_000))) == 3
    with ag.scope("deep"):
        y = chain(10_000)
    assert len(ag.draw(y).diagram.boxes) <= 3


def test_an_unknown_scope_is_named() -> None:
    with pytest.raises(ValueError, match="no scope is named 'layer'"):
        ag.draw(worked_example()[2], closed=["layer"])


# The same bytes in every process.

CODE = """
import sys
import numpy as np
import autograd_lite as ag
with ag.scope("layer"):
    x, w = ag.Tensor(2.0, name="x"), ag.Tensor([1.0, -2.0], name="w")
    h = np.tanh(w * x + 1.0)
y = (h * h).sum() / 3.0
for closed in (None, ["layer"]):
    picture = ag.draw(y, closed=closed)
    sys.stdout.buffer.write(picture.html().encode() + str(picture.to_dot()).encode())
    sys.stdout.buffer.write(picture.svg(3).encode() + repr(picture._repr_mimebundle_()).encode())
"""


def test_the_bytes_depend_neither_on_hashes_nor_on_addresses() -> None:
    made = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", CODE],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        )
        for seed in ("1", "2")
    ]
    assert made[0].stdout == made[1].stdout
    assert len(made[0].stdout) > 10_000
    assert not re.search(rb"0x[0-9a-f]{6,}", made[0].stdout)
    assert made[0].stderr == b""


def test_saving_a_png_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pygraphviz", exc_type=ImportError)
    ag.draw(Tensor(2.0, name="x") * 3.0).save(tmp_path / "x.png")
    assert capfd.readouterr() == ("", "")
