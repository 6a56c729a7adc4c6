"""Array symbols: equations of matrices are read off the rules, and NumPy gives what they say."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import ComputationGraph, Operation, Tensor
from autograd_lite.views import symbol, trace
from autograd_lite.views.array_symbol import ArraySymbol
from autograd_lite.views.equation import array_rule, equations
from autograd_lite.views.symbol import Symbol
from autograd_lite.views.trace import Trace
from tests.strategies import same_every_run
from tests.views.formulas import evaluate_array, every_digit

CHANGES = (
    "matmul", "matmul", "matmul from the left", "matmul by a vector", "matmul by a stack",
    "matmul from the left by a vector", "add", "multiply", "sigmoid", "sum", "mean", "max",
    "transpose", "reshape", "its own transpose",
)  # fmt: skip


@st.composite
def array_graphs(draw: st.DrawFn) -> Tensor:
    """A number computed from a few arrays: products of vectors, matrices and stacks."""
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    size = st.integers(1, 3)
    leaves: list[Tensor] = []

    def leaf(*shape: int) -> Tensor:
        leaves.append(Tensor(rng.normal(size=shape), name=f"w{len(leaves)}"))
        return leaves[-1]

    x = leaf(*draw(st.lists(size, min_size=1, max_size=3)))
    for change in draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=5)):
        if x.ndim:
            x = _changed(x, change, leaf, draw(size), draw(st.integers(0, x.ndim - 1)))
    return x.sum() if x.ndim else x * 1.0


def _changed(x: Tensor, change: str, leaf: Any, n: int, axis: int) -> Tensor:
    last, above = x.shape[-1], x.shape[-2] if x.ndim > 1 else x.shape[0]
    small = [length if i == axis else 1 for i, length in enumerate(x.shape)]
    results = {
        "matmul": lambda: x @ leaf(last, n),
        "matmul from the left": lambda: leaf(n, above) @ x,
        "matmul by a vector": lambda: x @ leaf(last),
        "matmul from the left by a vector": lambda: leaf(above) @ x,
        "matmul by a stack": lambda: x @ leaf(2, last, n) if x.ndim < 3 else x,
        "its own transpose": lambda: x @ x.T if x.ndim < 3 else x,
        "add": lambda: x + leaf(*small),
        "multiply": lambda: x * leaf(last),
        "sigmoid": lambda: ag.sigmoid(x),
        "sum": lambda: x.sum(axis=axis),
        "mean": lambda: x.mean(axis=axis, keepdims=n == 1),
        "max": lambda: ag.max(x, axis=axis),
        "transpose": lambda: np.swapaxes(x, axis, -1),
        "reshape": lambda: x.reshape(-1),
    }
    return results[change]()


@same_every_run
@given(array_graphs())
def test_every_rule_of_arrays_gives_its_gradient_by_numpy(y: Tensor) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in (symbol, trace):
            patch.setattr(module, "format_short", every_digit)
        steps = Trace(ComputationGraph(y))
        gradients = steps.final_gradients()
        values = {steps.name(node).text: node.numpy() for node in steps.graph.nodes}
        values |= {steps.gradient_name(n).text: g for n, g in gradients.items()}
        for step in steps.steps:
            for one, c in zip(equations(steps, step), step.contributions, strict=False):
                if not np.ndim(c.upstream) and not np.ndim(c.value):
                    continue
                text = "".join(span.text for span in one.lines[1])
                assert ".backward(" not in text
                formula = text.replace(" + ?", "").removeprefix("… + ")
                shown = evaluate_array(formula, values, np.shape(c.target._data))
                after = shown if c.before is None else c.before + shown
                np.testing.assert_allclose(after, c.after, rtol=1e-12, atol=1e-12)


@same_every_run
@given(array_graphs())
def test_the_shapes_that_are_told_fit_by_numpy(y: Tensor) -> None:
    steps = Trace(ComputationGraph(y))
    for step in steps.steps:
        for i, one in enumerate(equations(steps, step)):
            if not one.shapes:
                continue
            first, *others = one.shapes.split(" → ")
            target = step.contributions[i].target if step.contributions else step.node
            assert others[-1] == str(target.shape)
            if " @ " in first:
                zeros = [np.zeros(eval(shape)) for shape in first.split(" @ ")]
                assert str(np.matmul(*zeros).shape) == others[0]


@same_every_run
@given(array_graphs())
def test_the_forward_line_of_a_product_gives_its_value_by_numpy(y: Tensor) -> None:
    steps = Trace(ComputationGraph(y))
    values = {steps.name(node).text: node.numpy() for node in steps.graph.nodes}
    for step in steps.steps:
        if step.phase == "forward" and step.node.operation is not None:
            formula = "".join(span.text for span in equations(steps, step)[0].lines[0])
            if type(step.node.operation).__name__ in ("Matmul", "Add", "Multiply", "Sigmoid"):
                shown = evaluate_array(formula, values, step.node.shape)
                np.testing.assert_allclose(shown, step.value, rtol=1e-12)


def network(n: int = 4) -> Tensor:
    rng = np.random.default_rng(0)
    x, t = Tensor(rng.normal(size=(n, 2)), name="X"), np.ones((n, 1))
    w1, b1 = Tensor(rng.normal(size=(2, 3)), name="W1"), Tensor(np.zeros(3), name="b1")
    w2, b2 = Tensor(rng.normal(size=(3, 1)), name="W2"), Tensor(np.zeros(1), name="b2")
    a2 = ag.sigmoid(x @ w1 + b1)
    y = ag.sigmoid(a2 @ w2 + b2)
    a2.name, y.name = "a2", "Ŷ"
    j = ((y - t) ** 2.0).mean()
    j.name = "J"
    return j


def told(y: Tensor) -> dict[str, tuple[str, str]]:
    """The rule and the shapes of every equation, by its left side."""
    steps = Trace(ComputationGraph(y))
    return {
        one.left.text: ("".join(span.text for span in one.lines[-2]), one.shapes)
        for step in steps.steps
        for one in equations(steps, step)
        if len(one.lines) > 1
    }


def test_the_network_of_two_layers_reads_as_its_equations() -> None:
    said = told(network())
    assert said["v5"] == ("X @ W1", "(4, 2) @ (2, 3) → (4, 3)")
    assert said["v6"] == ("v5 + b1", "(4, 3) + (3,) → (4, 3)")
    assert said["∂J/∂Ŷ"] == ("∂J/∂v11", "")
    assert said["∂J/∂v9"] == ("∂J/∂Ŷ ⊙ Ŷ ⊙ (1 − Ŷ)", "")
    assert said["∂J/∂v8"] == ("∂J/∂v9", "")
    assert said["∂J/∂b2"] == ("Σ(∂J/∂v9)", "(4, 1) → (1,)")
    assert said["∂J/∂a2"] == ("∂J/∂v8 @ W2ᵀ", "(4, 1) @ (1, 3) → (4, 3)")
    assert said["∂J/∂W2"] == ("a2ᵀ @ ∂J/∂v8", "(3, 4) @ (4, 1) → (3, 1)")
    assert said["∂J/∂b1"] == ("Σ(∂J/∂v6)", "(4, 3) → (3,)")
    assert said["∂J/∂X"] == ("∂J/∂v5 @ W1ᵀ", "(4, 3) @ (3, 2) → (4, 2)")
    assert said["∂J/∂W1"] == ("Xᵀ @ ∂J/∂v5", "(2, 4) @ (4, 3) → (2, 3)")


def test_latex_of_a_product() -> None:
    steps = Trace(ComputationGraph(network()))
    (one,) = [e for s in steps.steps for e in equations(steps, s) if e.left.text == "∂J/∂W2"]
    assert r"a_{2}^{\top} \, \frac{\partial J}{\partial v_{8}} = " in one.latex


def test_vectors_are_rows_and_columns_of_matrices() -> None:
    x, y = Tensor([1.0, 2.0], name="x"), Tensor([3.0, 4.0], name="y")
    w = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="W")
    assert told((x @ w).sum())["∂y/∂x"] == (
        "row(∂y/∂v2) @ Wᵀ", "(1, 3) @ (3, 2) → (1, 2) → (2,)",
    )  # fmt: skip
    assert told((x @ w).sum())["∂y/∂W"][0] == "row(x)ᵀ @ row(∂y/∂v2)"
    assert told(2.0 * (x @ y))["∂v3/∂x"][0] == "[[∂v3/∂v2]] @ column(y)ᵀ"


def test_moving_and_summing_are_read_off_their_rules() -> None:
    w = Tensor(np.arange(6.0).reshape(2, 3), name="W")
    cube = Tensor(np.ones((2, 3, 4)), name="C")
    assert told(w.T.sum())["∂y/∂W"] == ("(∂y/∂v1)ᵀ", "(3, 2) → (2, 3)")
    assert told(w.reshape(3, 2).sum())["∂y/∂W"][0] == "reshape(∂y/∂v1, (2, 3))"
    assert told(w.mean())["∂y/∂W"] == ("broadcast(∂y/∂v1 · 0.166667)", "() → (2, 3)")
    assert told(w.sum(axis=1).sum())["∂y/∂W"][0] == "broadcast(column(∂y/∂v1))"
    assert told(cube.transpose(1, 2, 0).sum())["∂y/∂C"][0] == "transpose(∂y/∂v1, (2, 0, 1))"
    assert told(ag.concatenate([w, w]).sum())["∂y/∂W"][0] == "… + (∂y/∂v1)[2:4]"
    soft = told(ag.softmax(w).sum())["∂y/∂W"][0]
    assert soft == "v1 ⊙ (∂y/∂v1 − sum(∂y/∂v1 ⊙ v1, axis=-1, keepdims=True))"


def test_the_softmax_of_a_square_matrix_is_right_as_it_is_printed() -> None:
    rng = np.random.default_rng(2)
    x = Tensor(rng.normal(size=(3, 3)), name="x")
    s = ag.softmax(x)
    s.name = "s"
    y = (s * rng.normal(size=(3, 3))).sum()
    y.backward()
    printed = told(y)["∂y/∂x"][0]
    names = {"s": s.numpy(), "∂y/∂s": s.grad}
    np.testing.assert_allclose(evaluate_array(printed, names, (3, 3)), x.grad)


def test_bare_numbers_are_no_factors() -> None:
    x = Tensor([1.0, 2.0], name="x")
    steps = Trace(ComputationGraph(ag.einsum(",i->i", 2.0, x).sum()))
    (c,) = [c for s in steps.steps for c in s.contributions if c.target is x]
    rule = array_rule(steps, c)
    assert rule is not None
    assert [factor.text for factor in rule.factors] == ["∂y/∂v1"]


class Layer(Operation):
    """A learner's own layer, which keeps what it needs on itself."""

    def forward(self, x: Any, w: Any) -> Any:
        self.x, self.w = x, w
        return x @ w

    def backward(self, dz: Any) -> Any:
        return dz @ self.w.T, self.x.T @ dz


def test_a_rule_of_a_learners_own_is_read_too() -> None:
    x, w = Tensor(np.ones((4, 2)), name="x"), Tensor(np.ones((2, 3)), name="w")
    said = told(Layer()(x, w).sum())
    assert said["∂y/∂x"][0] == "∂y/∂v2 @ wᵀ"
    assert said["∂y/∂w"] == ("xᵀ @ ∂y/∂v2", "(2, 4) @ (4, 3) → (2, 3)")


@pytest.mark.parametrize(
    "rule",
    [
        lambda self, dz: np.cumsum(dz),
        lambda self, dz: dz * np.array([1.0, 2.0]),
        lambda self, dz: np.where(dz > 0.0, dz, 0.0),
        lambda self, dz: dz if dz[0] > 0.0 else 2.0 * dz,
        lambda self, dz: np.array([float(one) for one in dz]),
        lambda self, dz: np.array([2.0, 3.0]),
    ],
)
def test_a_rule_that_cannot_be_followed_is_called_by_its_name(rule: Any) -> None:
    def forward(self: Any, x: Any) -> Any:
        return x * 1.0

    mine = type("Mine", (Operation,), {"forward": forward, "backward": rule})
    said = told(mine()(Tensor([1.0, 2.0], name="x")).sum())
    assert said["∂y/∂x"] == ("Mine.backward(∂y/∂v1)", "")


def test_a_rule_that_answers_differently_each_time_has_no_formula() -> None:
    calls = [0]

    class Growing(Operation):
        def forward(self, x: Any) -> Any:
            return x * 1.0

        def backward(self, dz: Any) -> Any:
            calls[0] += 1
            return dz * float(calls[0])

    assert told(Growing()(Tensor([1.0], name="x")))["∂y/∂x"][0] == "Growing.backward(∂y/∂v1)"


def test_reading_a_rule_leaves_the_graph_as_it_was() -> None:
    y = network()

    def state() -> list[Any]:
        operations = [node.operation for node in ComputationGraph(y).nodes]
        kept = [(o.inputs, o.needs, o.output) for o in operations if o is not None]
        return [*(part for parts in kept for part in parts),
                *(node.grad for node in ComputationGraph(y).nodes)]  # fmt: skip

    before = state()
    told(y)
    assert all(old is new for old, new in zip(before, state(), strict=True))


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        (lambda a, b: a @ b + a, "a @ b + a"),
        (lambda a, b: (a @ b) * a, "(a @ b) ⊙ a"),
        (lambda a, b: (a * b) @ a, "(a ⊙ b) @ a"),
        (lambda a, b: a @ (b @ a), "a @ (b @ a)"),
        (lambda a, b: (a @ b).T, "(a @ b)ᵀ"),
        (lambda a, b: 2.0 * a - a @ b, "2 · a − (a @ b)"),
        (lambda a, b: a.T**2.0, "(aᵀ)²"),
        (lambda a, b: (a > b) * a, "1[a > b] ⊙ a"),
    ],
)
def test_parentheses_by_example(formula: Any, shown: str) -> None:
    rng = np.random.default_rng(1)
    values = {name: rng.normal(size=(2, 2)) for name in "ab"}
    read = formula(*(ArraySymbol(Symbol(name), value) for name, value in values.items()))
    assert read.text == shown
    np.testing.assert_allclose(evaluate_array(shown, values, (2, 2)), formula(*values.values()))
    assert not re.search(r"[⊙·−→]", read.latex)
