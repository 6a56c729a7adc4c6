"""Frames: folded up to a step, they show what is known at that step and nothing more."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Step, Tensor
from autograd_lite.views import maps
from autograd_lite.views.diagram import SHARED, Diagram, make_diagram
from autograd_lite.views.frames import (
    SHOWN_LABELS,
    THICK,
    THIN,
    Frame,
    frame_at,
    in_box,
    make_frames,
)  # fmt: skip
from autograd_lite.views.number import format_number
from autograd_lite.views.trace import Trace, is_bare_number
from tests.strategies import Program, programs, same_every_run

some = settings(same_every_run, max_examples=40)
GRANULARITIES = st.sampled_from(["node", "edge"])


def play(
    y: Tensor, granularity: str = "node", closed: Any = None, gradient: Any = None
) -> tuple[Trace, Diagram, list[Frame]]:
    graph = ComputationGraph(y)
    diagram = make_diagram(graph, closed)
    trace = Trace(graph, granularity, gradient, diagram.closed)
    return trace, diagram, make_frames(trace, diagram)


def states(frames: list[Frame]) -> Iterator[Frame]:
    for index in range(len(frames)):
        yield frame_at(frames, index)


def record(program: Program) -> Tensor:
    return program.record()[1] * 3.0


def known(steps: list[Step], node: Tensor) -> tuple[bool, Any, tuple[int, int]]:
    """After some steps: is the value there, the gradient so far, and how many paths of how many."""
    computed = any(step.phase == "forward" and step.node is node for step in steps)
    gradient, paths = None, (0, 0)
    for step in steps:
        if step.phase == "seed" and step.node is node:
            gradient = step.upstream
        for c in step.contributions:
            if c.target is node:
                gradient = c.value if gradient is None else gradient + c.value
                paths = (paths[0] + 1, c.expected)
    return computed, gradient, paths


def split(classes: str) -> set[str]:
    return set(classes.split())


# What a picture shows, found by other means.


@some
@given(programs(), GRANULARITIES)
def test_a_value_and_a_gradient_show_from_their_step_on(program: Program, by: str) -> None:
    trace, diagram, frames = play(record(program), by)
    assert len(frames) == len(trace.steps) + 1
    for index, state in enumerate(states(frames)):
        done = trace.steps[: index + 1]
        for box in diagram.boxes:
            if is_bare_number(box.node):
                assert f"{box.key}.value" not in state
                continue
            computed, gradient, (arrived, expected) = known(done, box.node)
            value = f"▸ {format_number(box.node.item())}" if computed else ""
            assert state[f"{box.key}.value"] == value
            shown = "" if gradient is None else f"◂ ∇ {format_number(gradient)}"
            assert state[f"{box.key}.grad"] == shown
            several = f"{arrived} of {expected} arrows" if expected > 1 else ""
            assert state[f"{box.key}.badge"] == several
            classes = split(state[f"{box.key}@class"])
            assert ("ag-paths" in classes) == (expected > 1)
            assert ("ag-complete" in classes) == (expected > 1 and arrived == expected)


@some
@given(programs(), GRANULARITIES)
def test_what_is_active_is_what_the_step_touches(program: Program, by: str) -> None:
    trace, diagram, frames = play(record(program), by)
    for step, state in zip(trace.steps, states(frames), strict=False):
        touched = {step.node, *(c.target for c in step.contributions)}
        edges = {(c.node, c.position) for c in step.contributions}
        if step.phase == "forward":
            edges = {(step.node, position) for position in range(len(step.node.inputs))}
        for box in diagram.boxes:
            active = box.node in touched
            assert ("ag-active" in split(state[f"{box.key}@class"])) == active
            assert state[f"{box.key}.mark"] == ("● " if active else "")
        for arrow in diagram.arrows:
            assert ("ag-active" in split(state[f"{arrow.key}@class"])) == (arrow.edges[0] in edges)


@some
@given(programs(), GRANULARITIES)
def test_an_arrow_returns_and_gets_its_local_gradient_when_its_path_is_taken(
    program: Program, by: str
) -> None:
    trace, diagram, frames = play(record(program), by)
    few = len(diagram.boxes) <= SHOWN_LABELS
    for index, state in enumerate(states(frames)):
        taken = {
            (c.node, c.position): (c, step.index)
            for step in trace.steps[: index + 1]
            for c in step.contributions
        }
        for arrow in diagram.arrows:
            c, when = taken.get(arrow.edges[0], (None, -1))
            assert ("ag-returned" in split(state[f"{arrow.key}@class"])) == (c is not None)
            shown = few or when == index
            expected = f"× {format_number(c.local)}" if c is not None and shown else ""
            assert state[f"{arrow.key}.local"] == expected


@some
@given(programs(), GRANULARITIES)
def test_the_last_frame_has_all_and_nothing_active(program: Program, by: str) -> None:
    _, diagram, frames = play(record(program), by)
    end = frame_at(frames, len(frames) - 1)
    assert not any("ag-active" in text for slot, text in end.items() if slot.endswith("@class"))
    assert not any(text for slot, text in end.items() if slot.endswith(".mark"))
    assert all(end[f"{box.key}.value"] for box in diagram.boxes if f"{box.key}.value" in end)


@some
@given(programs(), GRANULARITIES)
def test_the_first_frame_is_complete_and_later_ones_hold_only_changes(
    program: Program, by: str
) -> None:
    _, _, frames = play(record(program), by)
    for index in range(1, len(frames)):
        before = frame_at(frames, index - 1)
        assert frames[index].keys() <= before.keys()
        assert all(before[slot] != text for slot, text in frames[index].items())


# Marks and words.


def test_a_partial_sum_is_shown_as_it_stands() -> None:
    x = Tensor(3.0, name="x")
    trace, _, frames = play(x * x, "edge")
    shown = [(state["v0.grad"], state["v0.badge"]) for state in states(frames)][-3:]
    assert trace.steps[-1].phase == "backward"
    assert shown == [
        ("◂ ∇ 3.0000", "1 of 2 arrows"),
        ("◂ ∇ 6.0000", "2 of 2 arrows"),
        ("◂ ∇ 6.0000", "2 of 2 arrows"),
    ]


def test_a_badge_of_hundreds_of_paths_fits_its_pill() -> None:
    x = Tensor(1.0, name="x")
    y = x * 1.0
    for _ in range(120):
        y = y + x
    _, _, frames = play(y)
    badges = {state["v0.badge"] for state in states(frames)}
    assert max(map(len, badges)) <= 14


def test_each_frame_says_its_step_aloud_and_the_last_one_the_graph() -> None:
    x = Tensor(3.0, name="x")
    _, _, frames = play(2.0 * x)
    labels = [state["svg@aria-label"] for state in states(frames)]
    assert labels[1] == "forward: v1 = 2 · x = 2 · 3.0000 = 6.0000"
    assert labels[-2] == "backward: ∂y/∂x = ∂y/∂v1 · ∂v1/∂x = 1.0000 · 2.0000 = 2.0000"
    assert labels[-1] == "Computation graph: y as a function of x in 1 operation."
    phases = [state["svg@data-phase"] for state in states(frames)]
    assert phases == ["forward", "forward", "seed", "backward", ""]
    assert [state["svg@data-step"] for state in states(frames)][:-1] == ["0", "1", "2", "3"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_is_loud(value: float) -> None:
    x = Tensor(value, name="x")
    with np.errstate(all="ignore"):
        _, _, frames = play(x * x)
    end = frame_at(frames, len(frames) - 1)
    assert end["v0.value"].endswith("!")
    assert end["v0.value@class"] == "ag-value ag-loud"
    assert end["v0.grad@class"] == "ag-grad ag-loud"
    assert frame_at(frames, 0)["v0.grad@class"] == "ag-grad"


def test_the_width_of_an_arrow_tells_the_size_of_its_gradient() -> None:
    x, z = Tensor(0.0, name="x"), Tensor(1.0, name="z")
    _, diagram, frames = play(x * 10.0 + z)
    end = frame_at(frames, len(frames) - 1)
    widths = {
        (arrow.tail.key, arrow.head.key): float(end[f"{arrow.key}.width@stroke-width"])
        for arrow in diagram.arrows
    }
    assert widths["v0", "v2"] == THICK
    assert THIN < widths["v2", "v3"] == widths["v1", "v3"] < THICK
    assert widths["c0", "v2"] == THIN


def test_labels_of_a_larger_graph_go_with_the_next_step() -> None:
    y = Tensor(0.5, name="x")
    for _ in range(SHOWN_LABELS):
        y = ag.sin(y)
    _, diagram, frames = play(y)
    for state in states(frames):
        assert sum(bool(state[f"{arrow.key}.local"]) for arrow in diagram.arrows) <= 1


# Arrays, seeds, constants, closed scopes.


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (np.float64(2.0), "2.0000"), (np.zeros((784, 100)), "(784, 100)"), (np.zeros(0), "(0,)"),
        (np.array([1.0, np.nan]), "nan! inside"), (np.array([1.0, np.inf]), "inf! inside"),
    ],
)  # fmt: skip
def test_a_box_shows_a_number_or_a_shape(value: Any, shown: str) -> None:
    assert in_box(value) == shown


@pytest.mark.parametrize("shape", [(60000, 784), (64, 3, 224, 224), (123456, 0, 123456), (1,) * 9])
def test_a_shape_is_never_wider_than_a_number(shape: tuple[int, ...]) -> None:
    assert len(in_box(np.broadcast_to(np.float32(0.0), shape))) <= 12


def test_a_gradient_that_has_not_come_is_empty_and_not_zero() -> None:
    x, w = Tensor(3.0, name="x"), Tensor(0.0, name="w")
    trace, _, frames = play(x * w)
    seed = [step.phase for step in trace.steps].index("seed")
    before, after = frame_at(frames, seed), frame_at(frames, seed + 1)
    assert (before["v0.grad"], before["v1.grad"]) == ("", "")
    assert after["v0.grad"] == "◂ ∇ 0.0000"


def test_constants_show_their_values_and_never_a_gradient() -> None:
    k = Tensor(4.0, requires_grad=False, name="k")
    array = Tensor([1.0, 2.0], requires_grad=False)
    _, _, frames = play((Tensor(2.0, name="x") * k * array).sum())
    first, end = frame_at(frames, 0), frame_at(frames, len(frames) - 1)
    assert first["c0.value"] == "▸ (2,)"  # without a name it has no step of its own
    assert first["v1.value"] == ""
    assert end["v0.value"] == "▸ 4.0000"
    assert end["v0.grad"] == end["c0.grad"] == ""


def test_a_graph_without_gradients_has_its_values() -> None:
    _, _, frames = play(Tensor([1.0, 2.0], name="v") * 2.0)
    end = frame_at(frames, len(frames) - 1)
    assert end["v1.value"] == "▸ (2,)"
    assert not any(text for slot, text in end.items() if slot.endswith(".grad"))


def test_a_seed_of_somebody_elses() -> None:
    _, _, frames = play(Tensor([1.0, 2.0], name="v") * 2.0, gradient=[0.5, -1.0])
    end = frame_at(frames, len(frames) - 1)
    assert end["v0.grad"] == "◂ ∇ (2,)"


def scoped() -> Tensor:
    x = Tensor(0.5, name="x")
    with ag.scope("layer"):
        y = ag.sin(x * x)
    return y * x


def test_a_closed_scope_shows_its_result_and_hides_what_is_inside() -> None:
    trace, diagram, frames = play(scoped(), closed=["layer"])
    box = diagram.boxes[1]
    inside = [i for i, step in enumerate(trace.steps) if diagram.box_of[step.node] is box]
    values = [state[f"{box.key}.value"] for state in states(frames)]
    assert values[inside[0]] == ""  # x·x is known, the result is not
    assert values[inside[1]] == f"▸ {format_number(np.sin(0.25))}"
    assert all("ag-active" in frame_at(frames, i)[f"{box.key}@class"] for i in inside)
    grads = [state[f"{box.key}.grad"] for state in states(frames)]
    assert grads[-1] == "◂ ∇ 0.5000"


def test_a_closed_scope_changes_nothing_outside_of_it() -> None:
    open_, closed = play(scoped()), play(scoped(), closed=["layer"])
    for one, other in zip(states(open_[2]), states(closed[2]), strict=True):
        for key in ("v0", "v3"):
            for slot in (f"{key}.value", f"{key}.grad", f"{key}.badge"):
                assert one[slot] == other[slot]


def test_a_closed_scope_of_a_constant_shows_it() -> None:
    with ag.scope("settings"):
        k = Tensor(2.0, requires_grad=False)
    _, diagram, frames = play(Tensor(3.0, name="x") * k, closed=["settings"])
    box = next(box for box in diagram.boxes if box.kind == "scope")
    assert frame_at(frames, 0)[f"{box.key}.value"] == "▸ 2.0000"


def test_every_arrow_of_a_closed_scope_returns_with_its_first_edge() -> None:
    _, diagram, frames = play(scoped(), closed=["layer"])
    end = frame_at(frames, len(frames) - 1)
    used: defaultdict[bool, int] = defaultdict(int)
    for arrow in diagram.arrows:
        used["ag-returned" in end[f"{arrow.key}@class"]] += 1
    assert used == {True: len(diagram.arrows)}


def dense(x: Tensor, w: Tensor, b: Tensor, name: str) -> Tensor:
    with ag.scope(name, [w, b]):
        return ag.tanh(x @ w + b)


def two_layers() -> Tensor:
    rng = np.random.default_rng(0)
    x = Tensor(rng.normal(size=(4, 2)), requires_grad=False, name="x")
    w, b = Tensor(rng.normal(size=(2, 3)), name="w"), Tensor(np.zeros(3), name="b")
    v, c = Tensor(rng.normal(size=(3, 1)), name="v"), Tensor(np.zeros(1), name="c")
    return dense(dense(x, w, b, "first"), v, c, "second").sum()


def test_a_closed_scope_tells_the_shapes_in_and_out_as_they_come() -> None:
    _, diagram, frames = play(two_layers(), closed=["first", "second"])
    second = next(box for box in diagram.boxes if box.label == "second")
    texts = list(dict.fromkeys(state[f"{second.key}.value"] for state in states(frames)))
    assert texts == ["", "▸ (4, 3) → (4, 1)"]
    texts = list(dict.fromkeys(state[f"{second.key}.grad"] for state in states(frames)))
    assert texts == ["", "◂ ∇ (4, 1)", "◂ ∇ (4, 3) ← (4, 1)"]


def test_maps_are_filled_when_the_numbers_arrive() -> None:
    trace, diagram, frames = play(two_layers())
    box = diagram.box_of[trace.graph.inputs["w"]]
    value, grad = f"{box.key}.value-filled@d", f"{box.key}.grad-filled@d"
    first, *_, last = states(frames)
    assert first[grad] == ""
    assert last[value] == maps.squares(box.node._data, maps.corner("value", False))[0]
    gradient = trace.final_gradients()[box.node]
    assert last[grad] == maps.squares(gradient, maps.corner("grad", False))[0]
    constant = diagram.box_of[trace.graph.inputs["x"]]
    assert f"{constant.key}.grad-filled@d" not in last


def test_a_step_of_a_scope_lights_its_frame_and_shows_all_its_values() -> None:
    trace, diagram, frames = play(two_layers(), "scope")
    region = next(region for region in diagram.regions if region.label == "first")
    index = next(i for i, step in enumerate(trace.steps) if step.scope is region.scope)
    now = frame_at(frames, index)
    assert now[f"{region.key}@class"] == "ag-region ag-active ag-computing"
    assert all(now[f"{diagram.box_of[one.node].key}.value"] for one in trace.steps[index].inner)
    assert frame_at(frames, index + 1)[f"{region.key}@class"] == "ag-region"
    assert "ag-sending" in frame_at(frames, len(frames) - 2)[f"{region.key}@class"]


def test_a_leaf_drawn_again_lights_up_where_its_gradient_leaves() -> None:
    w = Tensor(0.5, name="w")
    y = Tensor(0.25, name="x")
    for _ in range(SHARED + 1):
        y = ag.sin(y * w)
    _, diagram, frames = play(y)
    again = [box for box in diagram.boxes if box.kind == "reference"]
    assert len(again) == SHARED + 1
    lit = [
        [box.key for box in again if "ag-active" in state[f"{box.key}@class"]]
        for state in states(frames)
    ]
    assert [keys for keys in lit if keys] == [[box.key] for box in reversed(again)]
    end = frame_at(frames, len(frames) - 1)
    assert end["v0.badge"] == f"{SHARED + 1} of {SHARED + 1} arrows"


def test_a_scope_of_several_results_counts_those_that_have_a_gradient() -> None:
    x = Tensor(2.0, name="x")
    with ag.scope("s"):
        a, b = x * 1.0, x * 1.0  # equal values are still two results
    _, diagram, frames = play(a * b, closed=["s"])
    key = diagram.boxes[1].key
    assert diagram.boxes[1].label == "s"
    last = frame_at(frames, len(frames) - 1)
    assert (last[f"{key}.value"], last[f"{key}.grad"]) == ("▸ 2 results", "◂ ∇ 2 of 2")
