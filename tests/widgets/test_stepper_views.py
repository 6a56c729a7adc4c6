"""The views of the Stepper beside its steps: traits, what is sent, what is kept in a notebook."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.widgets import stepper as module
from autograd_lite.widgets.asides import OFFERED, READY, VIEWS
from tests.strategies import Program, programs, same_every_run
from tests.views.test_paths import puzzle

OTHERS = VIEWS[1:]


def worked_example() -> Tensor:
    x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    return np.sin(x1) + x1 * x2


def cells(widget: ag.Stepper, table: int = 0) -> list[list[str]]:
    return [[text for text, _ in row] for row in widget._aside["tables"][table]["rows"]]


# What is computed, and when.


def test_steps_compute_no_view(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: Any) -> Any:
        raise AssertionError("computed although nobody looks")

    monkeypatch.setattr(module, "make_aside", never)
    widget = ag.Stepper(worked_example())
    widget.inputs = {"x1": 1.0}
    widget.leaf, widget.h, widget.path = "x2", 0.5, 1
    widget.granularity = "edge"
    assert widget._aside == {}


@pytest.mark.parametrize("view", OTHERS)
def test_only_the_open_view_is_sent_and_going_back_takes_it_away(view: str) -> None:
    widget = ag.Stepper(worked_example(), step=3)
    before = {name: getattr(widget, name) for name in ("_svg", "_trace", "step")}
    widget.view = view
    assert widget._aside["view"] == view
    widget.view = "steps"
    assert widget._aside == {}
    assert {name: getattr(widget, name) for name in before} == before
    assert widget.render_svg() == ag.Stepper(worked_example(), step=3).render_svg()


@pytest.mark.parametrize("view", OTHERS)
def test_new_inputs_are_seen_in_the_open_view(view: str) -> None:
    widget = ag.Stepper(worked_example(), view=view)
    widget.inputs = {"x1": 0.5}
    x1, x2 = Tensor(0.5, name="x1"), Tensor(3.0, name="x2")
    fresh = ag.Stepper(np.sin(x1) + x1 * x2, view=view)
    assert widget._aside == fresh._aside
    assert widget.render_svg() == fresh.render_svg()


def test_a_view_can_be_the_first_thing_that_is_seen() -> None:
    widget = ag.Stepper(puzzle()[2], view="paths", leaf="b")
    assert (widget.view, widget.leaf, widget._aside["leaf"]) == ("paths", "b", "b")
    assert repr(widget) == "Stepper(e, paths)"


def test_nudges_follow_h_and_the_leaf() -> None:
    widget = ag.Stepper(worked_example(), view="nudge")
    assert cells(widget)[0][-1] == f"{np.sin(2.1) + 6.3 - np.sin(2.0) - 6.0:.4f}"
    widget.h = -1.0
    assert cells(widget)[0][-1] == f"−{abs(np.sin(1.0) + 3.0 - np.sin(2.0) - 6.0):.4f}"
    widget.leaf = "x2"
    assert cells(widget)[0][-1] == "−2.0000"
    assert widget._aside["note"].startswith("Nothing bends on this way")


def test_another_leaf_begins_with_its_first_path() -> None:
    widget = ag.Stepper(puzzle()[2], view="paths")
    widget.path = 2
    assert "a → p → s → e" in widget.render_svg()
    widget.leaf = "b"
    assert widget.path == 0
    widget.path = 100  # more than there are: the last of them
    assert widget.render_svg() == _with_path(widget, 1)


def _with_path(widget: ag.Stepper, path: int) -> str:
    twin = ag.Stepper(puzzle()[2], view="paths", leaf=widget.leaf)
    twin.path = path
    return twin.render_svg()


@settings(same_every_run, max_examples=25)
@given(programs(), st.sampled_from(OTHERS), st.data())
def test_every_slot_that_is_written_is_in_the_drawing(
    program: Program, view: str, data: st.DataObject
) -> None:
    widget = ag.Stepper(program.record()[1], view=view)
    sent = widget._aside
    slots = set(re.findall(r'data-slot="([^"]*)"', widget._svg))
    for frame in sent["frames"]:
        assert {key.split("@")[0] for key in frame} <= slots
    assert set(sent["boxes"]) <= slots
    assert sent["leaf"] in sent["options"] or view == "check"
    json.dumps(sent)


def test_a_drawing_with_closed_scopes_has_its_own_marks() -> None:
    x = Tensor(2.0, name="x")
    with ag.scope("inside"):
        y = ag.sin(x * x)
    widget = ag.Stepper(y + x, view="paths")
    for closed in (["inside"], []):
        widget.closed = closed
        slots = set(re.findall(r'data-slot="([^"]*)"', widget._svg))
        assert all(key.split("@")[0] in slots for frame in widget._aside["frames"] for key in frame)


def test_arrays_offer_each_element_and_long_lists_say_how_to_name_another() -> None:
    w = Tensor(np.ones((10, 10)), name="w")
    widget = ag.Stepper((w * w).sum(), view="nudge")
    assert widget._aside["leaf"] == "w[0,0]"
    assert len(widget._aside["options"]) == OFFERED
    assert f"{OFFERED} of 100 inputs" in widget._aside["note"]
    widget.leaf = "w[9,9]"
    assert widget._aside["options"][-1] == widget._aside["leaf"] == "w[9,9]"
    widget.view = "paths"
    assert "scalars()" in widget._aside["title"]


# What is refused.


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("view", "graph", "view: received 'graph', expected one of"),
        ("leaf", "q", "leaf: received 'q', expected a variable of the graph: 'x1', 'x2'"),
        ("h", float("nan"), "h: received nan"),
        ("h", float("inf"), "h: received inf"),
        ("path", -1, "path"),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_changes(name: str, value: Any, message: str) -> None:
    widget = ag.Stepper(worked_example(), view="nudge")
    before = getattr(widget, name), widget._aside
    with pytest.raises(ValueError if name != "path" else Exception, match=message):
        widget.set_state({name: value})
    assert (getattr(widget, name), widget._aside) == before
    if name in ("view", "leaf"):
        with pytest.raises(ValueError, match=message):
            ag.Stepper(worked_example(), **{name: value})


class Choosy(ag.Operation):
    def forward(self, x: Any) -> Any:
        if x > 4:
            raise ValueError("too large")
        return 1.0 * x

    def backward(self, dz: Any) -> Any:
        return dz


def test_a_nudge_that_an_operation_refuses_says_so_and_the_next_one_works() -> None:
    widget = ag.Stepper(Choosy()(Tensor(2.0, name="x1")), view="nudge")
    widget.h = 3.0
    assert "too large" in widget._aside["title"]
    widget.h = 1.0
    assert cells(widget)[0][-1] == "1.0000"


# A page without Python.


def page_state(widget: ag.Stepper, folder: Path) -> dict[str, Any]:
    text = widget.to_html(folder / "x.html").read_text(encoding="utf-8")
    found = re.search(r"^const state = (\{.*\});$", text, flags=re.M)
    assert found
    return json.loads(found[1])


def test_a_page_has_paths_and_check_as_they_were_and_no_nudge(tmp_path: Path) -> None:
    widget = ag.Stepper(puzzle()[2])
    widget.inputs = {"a": 1.0}
    state = page_state(widget, tmp_path)
    assert state["_views"] == ["steps", "paths", "check"]
    assert list(state["_pages"]["paths"]) == ["a", "b"]
    for view, leaf in (("paths", "a"), ("paths", "b"), ("check", "")):
        widget.view, widget.leaf = view, leaf or "a"
        live = json.loads(json.dumps(widget._aside))
        assert {**state["_pages"][view][leaf], "asked": live["asked"]} == live


def test_a_page_of_a_nudge_begins_with_the_steps(tmp_path: Path) -> None:
    assert page_state(ag.Stepper(worked_example(), view="nudge"), tmp_path)["view"] == "steps"
    assert page_state(ag.Stepper(worked_example(), view="check"), tmp_path)["view"] == "check"


def test_a_page_of_many_inputs_stays_small(tmp_path: Path) -> None:
    leaves = [Tensor(1.0, name=f"a{i}") for i in range(READY + 5)]
    paths = page_state(ag.Stepper(sum(leaves[1:], leaves[0])), tmp_path)["_pages"]["paths"]
    assert len(paths) == READY
    for page in paths.values():
        assert page["options"] == list(paths)
        assert set(page["boxes"].values()) <= set(paths)


# What a stored notebook keeps.


@pytest.mark.parametrize("view", OTHERS)
def test_what_is_kept_has_the_table_and_the_picture_of_the_view(view: str) -> None:
    widget = ag.Stepper(worked_example(), view=view)
    kept = widget.still()._repr_mimebundle_()
    assert kept == ag.Stepper(worked_example(), view=view).still()._repr_mimebundle_()
    assert kept["text/plain"].splitlines()[0] == widget._aside["title"]
    assert kept["text/html"].startswith("<img alt=")
    assert "<table>" in kept["text/html"]
    assert "ag-moved" in widget.still().svg()  # its style, also where nothing moves


def test_whatever_an_operation_raises_is_told_in_the_open_view() -> None:
    class Picky(ag.Operation):
        def forward(self, x: Any) -> Any:
            if x > 2.05:
                raise AssertionError("too large")
            return x * 1.0

        def backward(self, dz: Any) -> Any:
            return dz

    widget = ag.Stepper(Picky()(Tensor(2.0, name="x")), view="nudge")
    assert widget._aside["title"] == "too large"


def test_another_leaf_begins_with_its_first_path_also_while_no_path_is_shown() -> None:
    widget = ag.Stepper(puzzle()[2], view="paths")
    widget.path = 1
    widget.view, widget.leaf = "steps", "b"
    assert widget.path == 0


def test_an_answer_with_the_same_words_is_an_answer_too() -> None:
    widget = ag.Stepper(worked_example(), view="nudge")
    heard: list[Any] = []
    widget.observe(heard.append, "_aside")
    widget.h += 1e-9
    assert len(heard) == 1
