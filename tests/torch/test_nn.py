"""Layers and losses against PyTorch: values, and gradients of the inputs and every parameter.

Each seed draws other sizes, too.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor, nn

torch = pytest.importorskip("torch")

SEEDS = range(4)


def set_randomly(module: nn.Module, rng: np.random.Generator) -> None:
    """No parameter at 0 or 1, where mistakes hide."""
    for parameter in module.parameters():
        parameter.data = rng.normal(size=parameter.shape)


def compare(
    module: nn.Module, reference: Callable[..., Any], rng: np.random.Generator, *arrays: np.ndarray
) -> None:
    """`reference` computes the same from PyTorch tensors: a dict of parameters, and the inputs."""
    set_randomly(module, rng)
    inputs = [Tensor(array) for array in arrays]
    ours = module(*inputs)
    twins = {
        path: torch.tensor(p.numpy(), requires_grad=True)
        for path, p in module.named_parameters().items()
    }
    others = [torch.tensor(array, requires_grad=True) for array in arrays]
    theirs = reference(twins, *others)
    close(ours.data, theirs)
    seed = rng.normal(size=ours.shape)
    ours.backward(seed)
    theirs.backward(torch.tensor(seed).reshape(theirs.shape))
    for tensor, other in zip(inputs, others, strict=True):
        close(tensor.grad, other.grad)
    for path, parameter in module.named_parameters().items():
        close(parameter.grad, twins[path].grad)


def close(ours: Any, theirs: Any) -> None:
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-11, atol=1e-12)


@pytest.fixture(params=SEEDS)
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    return np.random.default_rng(request.param)


def sizes(rng: np.random.Generator, count: int, least: int = 1) -> list[int]:
    return [int(size) for size in rng.integers(least, least + 4, count)]


@pytest.mark.parametrize("axes", [0, 1, 2])
@pytest.mark.parametrize("bias", [True, False])
def test_linear(rng: np.random.Generator, axes: int, bias: bool) -> None:
    n_in, n_out, *before = sizes(rng, 2 + axes)

    def reference(p: Any, x: Any) -> Any:
        return torch.nn.functional.linear(x, p["W"].T, p.get("b"))

    layer = nn.Linear(n_in, n_out, bias=bias, rng=0)
    compare(layer, reference, rng, rng.normal(size=(*before, n_in)))


@pytest.mark.parametrize("name", ["ReLU", "Sigmoid", "Tanh", "Softplus"])
def test_activations(rng: np.random.Generator, name: str) -> None:
    theirs = getattr(torch.nn, name)()
    x = rng.normal(scale=3.0, size=sizes(rng, 2))
    compare(getattr(nn, name)(), lambda p, x: theirs(x), rng, x)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax(rng: np.random.Generator, axis: int) -> None:
    x = rng.normal(scale=3.0, size=sizes(rng, 2, least=2))
    compare(nn.Softmax(axis), lambda p, x: x.softmax(axis), rng, x)


def test_flatten_and_sequential(rng: np.random.Generator) -> None:
    net = nn.Sequential(
        nn.Conv2d(2, 3, 3, rng=0), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(12, 2, rng=0)
    )

    def reference(p: Any, x: Any) -> Any:
        f = torch.nn.functional
        x = f.max_pool2d(f.relu(f.conv2d(x, p["0.W"], p["0.b"])), 2)
        return f.linear(x.flatten(1), p["4.W"].T, p["4.b"])

    compare(net, reference, rng, rng.normal(size=(2, 2, 6, 6)))


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
def test_conv2d(rng: np.random.Generator, stride: int, padding: int) -> None:
    def reference(p: Any, x: Any) -> Any:
        return torch.nn.functional.conv2d(x, p["W"], p["b"], stride, padding)

    n, n_in, n_out = sizes(rng, 3)
    layer = nn.Conv2d(n_in, n_out, 3, stride, padding, rng=0)
    compare(layer, reference, rng, rng.normal(size=(n, n_in, *sizes(rng, 2, least=5))))


@pytest.mark.parametrize("stride", [None, 1, 2])
def test_max_pool2d(rng: np.random.Generator, stride: int | None) -> None:
    def reference(p: Any, x: Any) -> Any:
        return torch.nn.functional.max_pool2d(x, 3, stride)

    x = rng.normal(size=(*sizes(rng, 2), *sizes(rng, 2, least=5)))
    compare(nn.MaxPool2d(3, stride), reference, rng, x)


@pytest.mark.parametrize("axes", [0, 1, 2])
def test_layer_norm(rng: np.random.Generator, axes: int) -> None:
    n, *before = sizes(rng, 1 + axes, least=2)

    def reference(p: Any, x: Any) -> Any:
        return torch.nn.functional.layer_norm(x, (n,), p["gain"], p["bias"], 1e-3)

    compare(nn.LayerNorm(n, eps=1e-3), reference, rng, rng.normal(size=(*before, n)))


@pytest.mark.parametrize(("kind", "steps"), [("RNNCell", 1), ("RNNCell", 6), ("LSTMCell", 6)])
def test_recurrent_cells_unrolled(rng: np.random.Generator, kind: str, steps: int) -> None:
    n_in, n, batch = sizes(rng, 3)
    cell = getattr(nn, kind)(n_in, n, rng=0)

    class Unrolled(nn.Module):
        def __init__(self) -> None:
            self.cell = cell

        def forward(self, x: Any, h: Any) -> Any:
            state = h if kind == "RNNCell" else (h, h)
            for t in range(steps):
                state = self.cell(x[:, t], state)
            return state if kind == "RNNCell" else ag.concatenate(state, axis=1)

    def reference(p: Any, x: Any, h: Any) -> Any:
        theirs = getattr(torch.nn, kind)(n_in, n, dtype=torch.float64)
        weights = {
            "weight_ih": p["cell.W_x"].T, "weight_hh": p["cell.W_h"].T, "bias_ih": p["cell.b"],
            "bias_hh": torch.zeros_like(p["cell.b"]),
        }  # fmt: skip
        state = h if kind == "RNNCell" else (h, h)
        for t in range(steps):
            state = torch.func.functional_call(theirs, weights, (x[:, t], state))
        return state if kind == "RNNCell" else torch.cat(state, 1)

    arrays = rng.normal(size=(batch, steps, n_in)), rng.normal(size=(batch, n))
    compare(Unrolled(), reference, rng, *arrays)


@pytest.mark.parametrize("heads", [1, 2, 3])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("batched", [False, True])
def test_attention(rng: np.random.Generator, heads: int, masked: bool, batched: bool) -> None:
    each, length, n = sizes(rng, 3)
    width, before = heads * each, (n,) if batched else ()
    mask = (rng.random((length, length)) < 0.6) | np.eye(length, dtype=bool) if masked else None

    class Masked(nn.Module):
        def __init__(self) -> None:
            self.attention = nn.Attention(width, heads, rng=0)

        def forward(self, x: Any) -> Any:
            return self.attention(x, mask=mask)

    def reference(p: Any, x: Any) -> Any:
        theirs = torch.nn.MultiheadAttention(
            width, heads, bias=False, batch_first=True, dtype=torch.float64
        )
        q, k, v, o = (p[f"attention.W_{letter}"].T for letter in "qkvo")
        weights = {"in_proj_weight": torch.cat([q, k, v]), "out_proj.weight": o}
        hidden = None if mask is None else torch.tensor(~mask)  # theirs is True where hidden
        call = {"attn_mask": hidden, "need_weights": False}
        return torch.func.functional_call(theirs, weights, (x, x, x), call)[0]

    compare(Masked(), reference, rng, rng.normal(size=(*before, length, width)))


def test_a_weight_that_two_layers_share(rng: np.random.Generator) -> None:
    n, width = sizes(rng, 2)
    net = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, width))
    net[2].W = net[0].W  # type: ignore[attr-defined]

    def reference(p: Any, x: Any) -> Any:
        linear = torch.nn.functional.linear
        return linear(linear(x, p["0.W"].T, p["0.b"]).tanh(), p["0.W"].T, p["2.b"])

    compare(net, reference, rng, rng.normal(size=(n, width)))


# Losses.


def test_mse_loss(rng: np.random.Generator) -> None:
    target = rng.normal(size=sizes(rng, 2))

    def reference(p: Any, x: Any) -> Any:
        return torch.nn.functional.mse_loss(x, torch.tensor(target))

    compare(against(nn.MSELoss(), target), reference, rng, rng.normal(size=target.shape))


@pytest.mark.parametrize("size", [1.0, 1000.0])
@pytest.mark.parametrize("shares", [False, True])
def test_cross_entropy_loss(rng: np.random.Generator, size: float, shares: bool) -> None:
    n, k = sizes(rng, 2)
    target = rng.dirichlet(np.ones(k), size=n) if shares else rng.integers(0, k, n)

    def reference(p: Any, x: Any) -> Any:
        return torch.nn.functional.cross_entropy(x, torch.tensor(target))

    scores = size * rng.normal(size=(n, k))
    compare(against(nn.CrossEntropyLoss(), target), reference, rng, scores)


def test_clipped_cross_entropy_loss(rng: np.random.Generator) -> None:
    target = rng.integers(0, 3, 5)

    def reference(p: Any, x: Any) -> Any:
        picked = x.clamp(1e-8, 1.0)[torch.arange(5), torch.tensor(target)]
        return -picked.log().mean()

    scores = rng.dirichlet(np.ones(3), size=5)
    scores[0] = np.eye(3)[(target[0] + 1) % 3]  # no probability left for the right class
    compare(against(nn.ClippedCrossEntropyLoss(), target), reference, rng, scores)


def against(loss: nn.Module, target: np.ndarray) -> nn.Module:
    """The loss as a module of the prediction alone."""

    class Against(nn.Module):
        def forward(self, x: Any) -> Any:
            return loss(x, target)

    return Against()
