"""Diagram: which boxes and arrows stand for the graph, open and closed."""

import pytest
from hypothesis import given

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor
from autograd_lite.recording import Scope, within
from autograd_lite.views.diagram import LEFT, MANY, SHARED, TOO_MANY, Diagram, make_diagram
from tests.strategies import Program, programs, same_every_run


def keys(diagram: Diagram) -> list[str]:
    return [box.key for box in diagram.boxes]


def ends(diagram: Diagram) -> list[tuple[str, str]]:
    return [(arrow.tail.key, arrow.head.key) for arrow in diagram.arrows]


def chain(length: int, x: Tensor | None = None) -> Tensor:
    y = x = Tensor(0.5, name="x") if x is None else x
    for _ in range(length):
        y = ag.sin(y)
    return y


@same_every_run
@given(programs())
def test_open_there_is_a_box_for_each_node_and_an_arrow_for_each_edge(program: Program) -> None:
    graph = ComputationGraph(program.record()[1])
    diagram = make_diagram(graph)
    assert [id(box.node) for box in diagram.boxes] == [id(node) for node in graph.nodes]
    edges = [(id(node), i) for node in graph.nodes for i in range(len(node.inputs))]
    assert [(id(node), i) for arrow in diagram.arrows for node, i in arrow.edges] == edges
    for arrow in diagram.arrows:
        ((node, position),) = arrow.edges
        assert arrow.head.node is node
        assert arrow.tail.node is node.inputs[position]


def test_a_square_has_two_arrows() -> None:
    x = Tensor(3.0, name="x")
    assert ends(make_diagram(ComputationGraph(x * x))) == [("v0", "v1"), ("v0", "v1")]


def test_kinds_of_boxes() -> None:
    x, k = Tensor(3.0, name="x"), Tensor(1.0, requires_grad=False, name="k")
    kinds = [box.kind for box in make_diagram(ComputationGraph(x * k + 2.0)).boxes]
    assert kinds == ["variable", "constant", "operation", "constant", "operation"]


def test_a_closed_scope_is_one_box_that_shows_its_result() -> None:
    x = Tensor(0.5, name="x")
    with ag.scope("layer"):
        inner = chain(3, x)
    diagram = make_diagram(ComputationGraph(inner * x), ["layer"])
    assert keys(diagram) == ["v0", "s0", "v4"]
    box = diagram.boxes[1]
    assert (box.kind, box.label, len(box.members)) == ("scope", "layer", 3)
    assert box.node is inner
    assert ends(diagram) == [("v0", "s0"), ("s0", "v4"), ("v0", "v4")]


def test_two_blocks_of_one_name_are_two_boxes() -> None:
    y = Tensor(0.5, name="x")
    for _ in range(2):
        with ag.scope("layer"):
            y = chain(2, y)
    assert keys(make_diagram(ComputationGraph(y), ["layer"])) == ["v0", "s0", "s1"]


def test_the_outermost_of_the_scopes_that_are_to_be_closed_closes() -> None:
    x = Tensor(0.5, name="x")
    with ag.scope("outer"):
        y = ag.cos(x)
        with ag.scope("inner"):
            y = chain(3, y)
    graph = ComputationGraph(y)
    assert keys(make_diagram(graph, ["inner"])) == ["v0", "v1", "s0"]
    assert keys(make_diagram(graph, ["inner", "outer"])) == ["v0", "s0"]
    assert keys(make_diagram(graph, [])) == [f"v{i}" for i in range(5)]


def test_scopes_close_by_themselves_in_a_graph_of_many_boxes() -> None:
    def scoped(length: int) -> ComputationGraph:
        with ag.scope("deep"):
            return ComputationGraph(chain(length, Tensor(0.5, name="x")))

    assert len(make_diagram(scoped(MANY - 1)).boxes) == MANY
    assert len(make_diagram(scoped(MANY)).boxes) < MANY
    assert len(make_diagram(scoped(MANY), closed=[]).boxes) == MANY + 1


def test_a_graph_of_thousands_is_closed_but_for_its_names_and_its_output() -> None:
    graph = ComputationGraph(chain(TOO_MANY) * Tensor(2.0, name="w"))
    diagram = make_diagram(graph)
    assert [box.kind for box in diagram.boxes] == ["variable", "scope", "variable", "operation"]
    assert len(diagram.boxes[1].members) == TOO_MANY
    assert diagram.boxes[-1].node is graph.output


def test_an_unknown_name_is_told_with_those_there_are() -> None:
    with ag.scope("hidden layer"):
        y = chain(2, Tensor(0.5))
    with pytest.raises(ValueError, match=r"no scope is named 'layer'.*'hidden layer'"):
        make_diagram(ComputationGraph(y), ["layer"])
    with pytest.raises(ValueError, match=r"none: record it within ag\.scope"):
        make_diagram(ComputationGraph(chain(2)), ["layer"])


def test_one_name_alone_is_to_be_put_in_a_list() -> None:
    with pytest.raises(ValueError, match=r"\['layer'\]"):
        make_diagram(ComputationGraph(chain(2)), "layer")


def in_scope(scope: Scope, x: Tensor) -> Tensor:
    """One more operation in a scope that was left before."""
    with within((scope,)):
        return ag.sin(x)


def test_scopes_that_feed_each_other_are_boxes_with_arrows_both_ways() -> None:
    a, b = Scope("a"), Scope("b")
    y = in_scope(a, in_scope(b, in_scope(a, Tensor(0.5, name="x"))))
    diagram = make_diagram(ComputationGraph(y), ["a", "b"])
    assert ends(diagram) == [("v0", "s0"), ("s0", "s1"), ("s1", "s0")]


# Large graphs.


def unrolled(steps: int) -> Tensor:
    w, h = Tensor(0.5, name="w"), Tensor(0.1, name="h0")
    with ag.scope("net"):
        for _ in range(steps):
            with ag.scope("cell", [w]):
                with ag.scope("sum"):
                    s = h * w + 1.0
                h = ag.tanh(s)
    return h


def test_a_large_graph_closes_the_innermost_scopes_that_leave_few_boxes() -> None:
    few, many = (make_diagram(ComputationGraph(unrolled(steps))) for steps in (15, 40))
    assert {box.label for box in few.boxes if box.kind == "scope"} == {
        f"sum {n + 1}" for n in range(15)
    }
    assert {box.label for box in many.boxes if box.kind == "scope"} == {
        f"cell {n + 1}" for n in range(40)
    }
    assert sum(box.kind != "reference" for box in many.boxes) <= LEFT
    # What is inside is closed too: opening a cell shows its parts, not all its numbers.
    assert {scope.name for scope in many.closed} == {"cell", "sum"}


def test_one_of_several_scopes_of_a_name_can_be_closed() -> None:
    diagram = make_diagram(ComputationGraph(unrolled(3)), ["cell 2"])
    assert [box.label for box in diagram.boxes if box.kind == "scope"] == ["cell 2"]
    assert [region.label for region in diagram.regions] == [
        "net", "cell 1", "sum 1", "cell 3", "sum 3",
    ]  # fmt: skip


def test_a_leaf_of_many_uses_is_drawn_again_beside_each() -> None:
    few, many = (
        make_diagram(ComputationGraph(unrolled(n)), ["cell"]) for n in (SHARED, SHARED + 1)
    )
    assert not [box for box in few.boxes if box.kind == "reference"]
    again = [box for box in many.boxes if box.kind == "reference"]
    assert [box.label for box in again] == ["w"] * (SHARED + 1)
    arrows = [arrow for arrow in many.arrows if arrow.tail in again]
    assert [arrow.head.label for arrow in arrows] == [f"cell {n + 1}" for n in range(SHARED + 1)]
    # Nothing is lost: each edge between boxes is in one arrow, the leaf itself in one box.
    edges = [edge for arrow in many.arrows for edge in arrow.edges]
    assert len(edges) == len(set(edges)) == len(many.arrow_of)
    assert many.box_of[many.graph.inputs["w"]].kind == "variable"


def test_a_closed_scope_has_an_arrow_for_each_result() -> None:
    x = Tensor(2.0, name="x")
    with ag.scope("s"):
        a, b = x * 2.0, x * 3.0
    diagram = make_diagram(ComputationGraph(a * b), ["s"])
    assert ends(diagram) == [("v0", "s0"), ("s0", "v3"), ("s0", "v3")]
    assert [len(arrow.edges) for arrow in diagram.arrows] == [2, 1, 1]
    assert len(diagram.boxes[1].results) == 2
