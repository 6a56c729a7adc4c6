"""One page without kernel and network: the widget's state is in it, safely."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor

HOSTILE = (
    "</script><img src=x onerror=alert(1)>", "<!-- <script>", "</style>", "]]>", "\u2028", "\ud800",
    "{title}", "${x}", "`", '"', "\\", "'",
)  # fmt: skip


def stepper(name: str = "x1", value: float = 2.0) -> ag.Stepper:
    x1, x2 = Tensor(value, name=name), Tensor(3.0, name="x2")
    with np.errstate(all="ignore"):
        y = np.sin(x1) + x1 * x2
    return ag.Stepper(y, step=5, granularity="edge")


class Tags(HTMLParser):
    """Every tag in turn with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _ in attrs]))


def written(widget: ag.Stepper, folder: Path) -> str:
    return widget.to_html(folder / "lesson.html").read_text(encoding="utf-8")


def state(page: str) -> dict[str, Any]:
    found = re.search(r"^const state = (\{.*\});$", page, flags=re.M)
    assert found
    return json.loads(found[1])


def test_the_page_has_the_state_of_the_widget(tmp_path: Path) -> None:
    widget = stepper()
    found = state(written(widget, tmp_path))
    for name in ("_svg", "_kind", "_label", "step", "granularity", "inputs"):
        assert found[name] == getattr(widget, name), name
    assert found["_trace"] == json.loads(json.dumps(widget._trace))


def test_nothing_on_the_page_asks_for_python(tmp_path: Path) -> None:
    found = state(written(stepper(), tmp_path))
    assert found["_sliders"] == found["_granularities"] == []


def test_the_module_is_on_the_page_once_and_not_in_the_state(tmp_path: Path) -> None:
    widget = stepper()
    page = written(widget, tmp_path)
    assert page.count(widget._esm) == 1
    assert not {"_esm", "_css", "layout"} & state(page).keys()


def test_nothing_is_fetched(tmp_path: Path) -> None:
    page = written(stepper(), tmp_path)
    assert set(re.findall(r"https?://[^\"'\s<>)\\]*", page)) == {"http://www.w3.org/2000/svg"}
    names = {name for _, names in Tags(page).found for name in names}
    assert not names & {"src", "href"}
    assert not re.search(r"@import|url\(|\bfetch\(|\bimport\b[ (]", page)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_stays_text(name: str, tmp_path: Path) -> None:
    page = written(stepper(name), tmp_path)
    assert Tags(page).found == Tags(written(stepper(), tmp_path)).found
    script = page.split("const state = ", 1)[1].split("\n", 1)[0]
    assert "<" not in script
    label = state(page)["_label"]
    if name.isprintable():
        assert name in label


def test_the_page_is_the_same_every_time(tmp_path: Path) -> None:
    assert written(stepper(), tmp_path) == written(stepper(), tmp_path)
    assert not re.search(r"0x[0-9a-f]{6,}|[0-9a-f]{32}", written(stepper(), tmp_path))


def test_values_that_are_not_finite_are_written_too(tmp_path: Path) -> None:
    found = state(written(stepper(value=float("nan")), tmp_path))
    assert "nan!" in json.dumps(found["_trace"])


def test_a_path_may_be_text_and_must_be_writable(tmp_path: Path) -> None:
    path = stepper().to_html(str(tmp_path / "x.html"))
    assert path == tmp_path / "x.html"
    with pytest.raises(FileNotFoundError):
        stepper().to_html(tmp_path / "nowhere" / "x.html")


def test_writing_a_page_leaves_the_widget_as_it_was(tmp_path: Path) -> None:
    widget = stepper()
    before = widget.get_state()
    widget.to_html(tmp_path / "x.html")
    assert widget.get_state() == before


def test_widgets_whose_pages_share_a_front_end_have_the_same_one() -> None:
    x = Tensor(2.0, name="x")
    made = [
        ag.Stepper(x * x), ag.explore(lambda x: x * x, x=(0, 1)), ag.FormulaStepper(),
        ag.Quiz(x * x), ag.GateBench(), ag.GradientFlow(width=2), ag.TrainingLoop(),
    ]  # fmt: skip
    fronts: dict[str, str] = {}
    for widget in made:
        assert fronts.setdefault(widget._kind, widget._esm) == widget._esm
    assert len(fronts) == 6
