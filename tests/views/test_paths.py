"""`paths`: all ways to the output, whose products add up to the gradient of the sweep."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Operation, Tensor
from autograd_lite.views.paths import HEAD, LISTED, paths
from tests.strategies import Program, programs, same_every_run
from tests.views.cells import Cells


def puzzle() -> tuple[Tensor, Tensor, Tensor]:
    """e = (ab)(ab + a)."""
    a, b = Tensor(2.0, name="a"), Tensor(-3.0, name="b")
    p = a * b
    s = p + a
    e = p * s
    p.name, s.name, e.name = "p", "s", "e"
    return a, b, e


def doublings(count: int) -> tuple[Tensor, Tensor]:
    x = y = Tensor(0.5, name="x")
    for _ in range(count):
        y = y + y
    return x, y


def naive_count(node: Tensor, leaf: Tensor) -> int:
    return (node is leaf) + sum(naive_count(tensor, leaf) for tensor in node.inputs)


def used(leaves: list[Tensor], y: Tensor) -> list[Tensor]:
    """The leaves that y is computed from: by identity, since `in` compares values."""
    return [leaf for leaf in leaves if any(leaf is node for node in ComputationGraph(y).nodes)]


def plain(found: object) -> list[str]:
    return found._repr_mimebundle_()["text/plain"].splitlines()  # type: ignore[attr-defined]


@same_every_run
@given(programs())
def test_the_products_add_up_to_the_gradient_and_the_count_is_the_naive_one(p: Program) -> None:
    leaves, y = p.record()
    y.backward()
    for leaf in used(leaves, y):
        found = paths(y, leaf)
        products = [path.product for path in found]
        assert leaf.grad is not None
        # Large products may cancel, so they are compared by their own size.
        size = math.fsum(map(abs, products))
        assert math.fsum(products) == pytest.approx(float(leaf.grad), rel=1e-9, abs=1e-12 * size)
        assert found.gradient == leaf.grad
        assert found.count == len(products) == naive_count(y, leaf)


@same_every_run
@given(programs())
def test_each_path_is_a_way_along_edges_and_no_two_are_the_same(p: Program) -> None:
    leaves, y = p.record()
    for leaf in used(leaves, y):
        seen = set()
        for path in paths(y, leaf):
            nodes = [leaf, *(c.node for c in path.edges)]
            assert nodes[-1] is y
            for before, c in zip(nodes, path.edges, strict=False):
                assert c.target is before
                assert c.node.inputs[c.position] is before
            seen.add(tuple((id(c.node), c.position) for c in path.edges))
        assert len(seen) == paths(y, leaf).count


def test_the_table_shows_the_chain_rule_of_each_path_their_sum_and_the_gradient() -> None:
    a, _, e = puzzle()
    assert plain(paths(e, a)) == [
        "3 paths from a to e = v4",
        "path           product of its local gradients",
        "a → s → e      ∂v4/∂s · ∂s/∂a = (−6.0000) · 1.0000 = −6.0000",
        "a → p → e      ∂v4/∂p · ∂p/∂a = (−4.0000) · (−3.0000) = 12.0000",
        "a → p → s → e  ∂v4/∂s · ∂s/∂p · ∂p/∂a = (−6.0000) · 1.0000 · (−3.0000) = 18.0000",
        "their sum      −6.0000 + 12.0000 + 18.0000 = 24.0000",
        "backward pass  ∂e/∂a = 24.0000",
    ]


def test_the_paths_come_in_the_order_in_which_their_contributions_arrive() -> None:
    a, _, e = puzzle()
    arrivals = [
        c for step in ComputationGraph(e).steps("edge") for c in step.contributions
        if c.target is a
    ]  # fmt: skip
    first = list(dict.fromkeys(path.edges[0].node for path in paths(e, a)))
    assert first == [c.node for c in arrivals]


def test_one_path_is_said_in_the_singular_and_an_unnamed_output_as_in_its_picture() -> None:
    x = Tensor(2.0, name="x")
    assert paths(ag.sin(x), x).title == "1 path from x to y = v1"
    assert plain(paths(x, x))[0] == "1 path from x to x"
    assert paths(x, x)[0].product == 1.0


def test_an_input_that_comes_in_twice_has_two_paths_with_names_of_their_own() -> None:
    x = Tensor(3.0, name="x")
    assert plain(paths(x * x, x))[2:4] == ["x → v1         ∂₁v1 = 3.0000",
                                           "x → v1         ∂₂v1 = 3.0000"]  # fmt: skip


def test_paths_may_start_from_a_node_between() -> None:
    _, _, e = puzzle()
    p = e.inputs[0]
    assert [path.product for path in paths(e, p)] == [-4.0, -6.0]


def test_paths_that_are_not_zero_may_cancel() -> None:
    x = Tensor(3.0, name="x")
    found = paths(6 * x - x * x, x)
    assert sorted(path.product for path in found) == [-3.0, -3.0, 6.0]
    assert found.gradient == 0.0


def test_a_graph_is_taken_as_well_and_nothing_in_it_changes() -> None:
    a, b, e = puzzle()
    assert paths(ComputationGraph(e), a)._repr_mimebundle_() == paths(e, a)._repr_mimebundle_()
    assert (a.grad, b.grad, e.grad) == (None, None, None)


# Too many to walk.


def test_a_million_paths_are_counted_and_only_the_first_are_listed() -> None:
    x, y = doublings(20)
    found = paths(y, x)
    assert found.count == 2**20
    assert found.gradient == 2**20
    lines = plain(found)
    assert lines[0] == "1,048,576 paths from x to y = v20"
    assert sum("→" in line for line in lines) == LISTED
    assert lines[-2].split("  ")[-1].strip() == f"{2**20 - LISTED:,} more paths"
    assert not any("sum" in line for line in lines)
    assert max(map(len, lines)) < 120


def test_more_paths_than_can_be_written_are_said_by_their_power_of_ten() -> None:
    x, y = doublings(1000)
    x2, y2 = doublings(20)
    found, small = paths(y, x), paths(y2, x2)
    assert found.title == "about 10^301 paths from x to y = v1000"
    assert found.count == 2**1000
    with pytest.raises(IndexError, match=r"received about 10\^6021, expected 0 to about 10\^301"):
        found[2**20000]
    with pytest.raises(IndexError, match=r"received -1, expected 0 to 1,048,575\."):
        small[-1]


def test_a_deep_graph_needs_no_recursion() -> None:
    x = y = Tensor(0.5, name="x")
    for _ in range(5000):
        y = -y
    (path,) = paths(y, x)
    assert (len(path.edges), path.product) == (5000, 1.0)
    assert path.route == "x → v1 → … → v4999 → v5000"


def test_what_is_not_finite_is_loud_and_warns_of_nothing() -> None:
    x = Tensor(0.0, name="x")
    with np.errstate(all="ignore"):
        y = ag.log(x) * x
    assert "inf!" in "\n".join(plain(paths(y, x)))


# One path by itself.


def test_a_path_shows_its_equation_and_its_picture() -> None:
    a, _, e = puzzle()
    path = paths(e, a)[1]
    bundle = path._repr_mimebundle_()
    assert repr(path) == "Path(a → p → e, 12.0000)"
    assert bundle["text/plain"] == ("a → p → e: ∂v4/∂p · ∂p/∂a = (−4.0000) · (−3.0000) = 12.0000")
    assert bundle["text/html"] == path.picture().html()


# What is refused.


def wrong_calls() -> list[tuple[type[Exception], str, Tensor, object]]:
    a, _, e = puzzle()
    x = Tensor(2.0, name="x")
    k = Tensor(3.0, requires_grad=False, name="k")
    w = Tensor([1.0, 2.0], name="w")
    return [
        (TypeError, "received float to start from, expected the Tensor", e, 2.0),
        (ValueError, "'e' is not computed from 'x'", e, x),
        (ValueError, r"'a' is not computed from 'e'.*paths\(y, x\)", a, e),
        (ValueError, "'k' is a constant.*Tensor", x * k, k),
        (ValueError, r"the result of Multiply is an array of shape \(2,\).*Stepper", w * x, x),
        (ValueError, r"an array of shape \(2,\)", (w * x).sum(), x),
        (ValueError, r"'w' is an array of shape \(2,\)", w.sum(), w),
        (ValueError, "Whole states its backward only as a whole", Whole()(x) * 3.0, x),
    ]


class Whole(Operation):
    """An operation that forgets its upstream gradient, so that it has no local one."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        return 2.0 * x

    def backward(self, dz: np.ndarray) -> np.ndarray:
        return np.float64(2.0)


@pytest.mark.parametrize("number", range(8))
def test_a_wrong_call_says_what_to_write(number: int) -> None:
    kind, message, y, leaf = wrong_calls()[number]
    with pytest.raises(kind, match=message):
        paths(y, leaf)  # type: ignore[arg-type]


def test_arrays_beside_the_way_do_no_harm() -> None:
    x, w = Tensor(2.0, name="x"), Tensor([1.0, 2.0], name="w")
    assert [path.product for path in paths(x * x + w.sum(), x)] == [2.0, 2.0]


# Names are text.


@same_every_run
@given(st.text(min_size=1) | st.sampled_from(["<script>", "</td><b>", "&lt;", "'\"", "a\nb", "y"]))
def test_names_are_text_in_the_html_table(name: str) -> None:
    x = Tensor(3.0, name=name)
    found = paths(x * x, x)
    bundle = found._repr_mimebundle_()
    table = Cells(bundle["text/html"])
    assert set(table.tags) == {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert table.cells == [*HEAD, *(cell for row in found.rows() for cell in row)]
    assert len(bundle["text/plain"].splitlines()) == 1 + 1 + 4
    assert repr(found) == f"Paths({found.title})"
