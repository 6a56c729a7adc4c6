"""The [2,3,1] network of lesson 06: by hand, by the engine and by PyTorch, equal to 1e-12."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.lessons.network_graph import SHAPES, record

torch = pytest.importorskip("torch")

SOURCE = Path(__file__).parents[2] / "notebooks" / "sources" / "06_the_231_network.md"
NAMES = ("X", "W1", "b1", "W2", "b2", "Y")
EXACT = {"rtol": 1e-12, "atol": 1e-12}


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def printed_in_the_lesson() -> Any:
    """The folded solution: F1 to F7 and B1 to B10 in NumPy."""
    (code,) = re.findall(
        r"```text\n(class Network.*?)```", SOURCE.read_text(encoding="utf-8"), re.DOTALL
    )
    room: dict[str, Any] = {"ag": ag, "np": np, "sigmoid": sigmoid}
    exec(code, room)
    return room["Network"]()


def random_inputs(n: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = {"X": (n, 2), **SHAPES, "Y": (n, 1)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def by_hand(inputs: dict[str, np.ndarray], last: Any) -> tuple[Any, dict[str, Any]]:
    """Every value and gradient, line by line as in the curriculum; `last` is σ or the identity."""
    X, W1, b1, W2, b2, Y = inputs.values()
    n = len(X)
    f: dict[str, Any] = {"XW1": X @ W1}  # F1
    f["z2"] = f["XW1"] + b1  # F2
    f["a2"] = sigmoid(f["z2"])  # F3
    f["a2W2"] = f["a2"] @ W2  # F4
    f["z3"] = f["a2W2"] + b2  # F5
    f["Yhat"] = last(f["z3"])  # F6
    J = np.sum((f["Yhat"] - Y) ** 2) / n  # F7
    slope = f["Yhat"] * (1 - f["Yhat"]) if last is sigmoid else 1.0
    d: dict[str, Any] = {"Yhat": 2 / n * (f["Yhat"] - Y)}  # B1
    d["z3"] = d["Yhat"] * slope
    d["a2W2"] = d["z3"]  # B2
    d["b2"] = d["z3"].sum(axis=0)  # B3
    d["a2"] = d["z3"] @ W2.T  # B4
    d["W2"] = f["a2"].T @ d["z3"]  # B5
    d["z2"] = d["a2"] * f["a2"] * (1 - f["a2"])  # B6
    d["XW1"] = d["z2"]  # B7
    d["b1"] = d["z2"].sum(axis=0)  # B8
    d["X"] = d["z2"] @ W1.T  # B9
    d["W1"] = X.T @ d["z2"]  # B10
    d["Y"] = -d["Yhat"]
    return J, d


def by_torch(inputs: dict[str, np.ndarray], identity: bool) -> tuple[Any, dict[str, Any]]:
    t = {name: torch.tensor(value, requires_grad=True) for name, value in inputs.items()}
    t["XW1"] = t["X"] @ t["W1"]
    t["z2"] = t["XW1"] + t["b1"]
    t["a2"] = torch.sigmoid(t["z2"])
    t["a2W2"] = t["a2"] @ t["W2"]
    t["z3"] = t["a2W2"] + t["b2"]
    t["Yhat"] = t["z3"] * 1.0 if identity else torch.sigmoid(t["z3"])
    for tensor in t.values():
        tensor.retain_grad()
    J = torch.nn.functional.mse_loss(t["Yhat"], t["Y"])
    J.backward()
    return J.item(), {name: tensor.grad.numpy() for name, tensor in t.items()}


@pytest.mark.parametrize("n", [1, 32])
@pytest.mark.parametrize("seed", range(5))
def test_by_hand_by_the_engine_and_by_pytorch(n: int, seed: int) -> None:
    inputs = random_inputs(n, seed)
    J, gradients = by_hand(inputs, sigmoid)
    reference, theirs = by_torch(inputs, identity=False)
    nodes = record(inputs["X"], inputs["Y"], *(inputs[name] for name in SHAPES))
    assert pytest.approx(reference, rel=1e-12, abs=1e-12) == J
    assert nodes["J"].item() == pytest.approx(reference, rel=1e-12, abs=1e-12)
    # The gradients of every node, those inside too, as the steps show them.
    ours = {
        c.target.name: c.after
        for step in ag.ComputationGraph(nodes["J"]).steps()
        for c in step.contributions
        if c.target.name
    }
    assert ours.keys() == gradients.keys() == theirs.keys()
    for name, gradient in theirs.items():
        np.testing.assert_allclose(gradients[name], gradient, err_msg=name, **EXACT)
        np.testing.assert_allclose(ours[name], gradient, err_msg=name, **EXACT)


@pytest.mark.parametrize("n", [1, 32])
def test_the_lines_that_the_lesson_prints(n: int) -> None:
    inputs = random_inputs(n, 7)
    printed = printed_in_the_lesson()
    printed.inputs = tuple(inputs[name] for name in NAMES)
    reference, theirs = by_torch(inputs, identity=False)
    assert printed.forward(*printed.inputs) == pytest.approx(reference, rel=1e-12, abs=1e-12)
    for name, gradient in zip(NAMES, printed.backward(1.0), strict=True):
        np.testing.assert_allclose(gradient, theirs[name], err_msg=name, **EXACT)


@pytest.mark.parametrize("n", [1, 32])
def test_with_the_identity_only_the_slope_goes(n: int) -> None:
    inputs = random_inputs(n, 3)
    J, gradients = by_hand(inputs, lambda z: z)
    reference, theirs = by_torch(inputs, identity=True)
    assert pytest.approx(reference, rel=1e-12, abs=1e-12) == J
    X, W1, b1, W2, b2, Y = (ag.Tensor(inputs[name], name=name) for name in NAMES)
    ((ag.sigmoid(X @ W1 + b1) @ W2 + b2 - Y) ** 2).mean().backward()
    for tensor in (X, W1, b1, W2, b2, Y):
        name = str(tensor.name)
        np.testing.assert_allclose(gradients[name], theirs[name], err_msg=name, **EXACT)
        assert tensor.grad is not None
        np.testing.assert_allclose(tensor.grad, theirs[name], err_msg=name, **EXACT)
