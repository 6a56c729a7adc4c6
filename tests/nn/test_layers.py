"""Layers: first weights, what they refuse, and that the same seed gives the same layer."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import Tensor, nn

LAYERS: dict[str, Callable[[Any], nn.Module]] = {
    "Linear": lambda rng: nn.Linear(3, 2, rng=rng),
    "Conv2d": lambda rng: nn.Conv2d(1, 2, 3, rng=rng),
    "RNNCell": lambda rng: nn.RNNCell(3, 2, rng=rng),
    "LSTMCell": lambda rng: nn.LSTMCell(3, 2, rng=rng),
    "Attention": lambda rng: nn.Attention(4, 2, rng=rng),
}


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
def test_a_seed_or_a_generator_says_which_weights(make: Callable[[Any], nn.Module]) -> None:
    def numbers(rng: Any) -> list[list[Any]]:
        return [array.ravel().tolist() for array in make(rng).state_dict().values()]

    assert numbers(0) == numbers(0) == numbers(np.random.default_rng(0))
    assert numbers(0) != numbers(1)
    assert numbers(None) != numbers(None)
    rng = np.random.default_rng(0)
    assert numbers(rng) != numbers(rng)  # one generator for a network: each layer its own


class Weights(NamedTuple):
    """Weights alone, with a bias of nothing."""

    W: Tensor
    b: Tensor = Tensor(0.0)


@pytest.mark.parametrize(
    ("layer", "variance"),
    [
        (nn.Linear(400, 300, rng=0), 2 / 400),
        (nn.Linear(400, 300, init="xavier", rng=0), 2 / 700),
        (nn.Conv2d(40, 60, 5, rng=0), 2 / (40 * 25)),
        (Weights(nn.Attention(300, rng=0).W_q), 2 / 600),
    ],
)
def test_first_weights_have_the_variance_that_they_claim(layer: Any, variance: float) -> None:
    W = layer.W.numpy()
    assert abs(W.var() / variance - 1) < 0.02
    assert abs(W.mean()) < 3 * np.sqrt(variance / W.size)
    assert not layer.b.numpy().any()


def test_cells_draw_within_their_bound() -> None:
    for weights in nn.LSTMCell(30, 100, rng=0).state_dict().values():
        assert np.abs(weights).max() <= 0.1
        assert np.abs(weights).max() > 0.09


def test_dropout_keeps_its_share_and_the_mean() -> None:
    x = Tensor(np.ones(10_000))
    layer = nn.Dropout(0.3, rng=0)
    y = layer(x)
    assert abs((y.data == 0).mean() - 0.3) < 0.02
    assert abs(y.data.mean() - 1.0) < 0.03
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, y.data)  # the mask again
    assert (layer(x).data != y.data).any()


def test_dropout_of_whole_numbers_divides_by_what_is_kept() -> None:
    y = nn.Dropout(0.3, rng=0)(np.full(20, 7))
    assert set(np.round(y.data, 12)) == {0.0, 10.0}


def test_the_mask_is_a_constant_of_the_graph() -> None:
    x = Tensor(np.ones(20), name="x")
    graph = ag.ComputationGraph(nn.Dropout(0.5, rng=0)(x).sum())
    before = graph.output.item()
    assert graph.forward(x=2 * np.ones(20)) == 2 * before  # replayed with the same mask


@pytest.mark.parametrize(("p", "mean"), [(0.0, 1.0), (1.0, 0.0)])
def test_dropout_of_none_and_of_all(p: float, mean: float) -> None:
    assert nn.Dropout(p, rng=0)(Tensor(np.ones(5))).data.tolist() == [mean] * 5


def lstm(h: np.ndarray, c: np.ndarray) -> Any:
    return nn.LSTMCell(3, 2, rng=0)(np.ones((4, 3)), (h, c))


def masked(mask: np.ndarray) -> Any:
    return nn.Attention(4, rng=0)(np.ones((1, 3, 4)), mask)


WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: nn.Linear(0, 2), "Linear: n_in received 0"),
    (lambda: nn.Linear(2, 2.0), r"Linear: n_out received 2\.0"),  # type: ignore[arg-type]
    (lambda: nn.Linear(2, True), "Linear: n_out received True"),
    (lambda: nn.Linear(2, 2, init="hee"), "init: received 'hee', expected one of 'he', 'xavier'"),
    (lambda: nn.Linear(3, 2, rng=0)(np.ones((4, 5))), r"\(4, 5\), expected 3 numbers.*x\.T"),
    (lambda: nn.Linear(3, 2, rng=0)(np.array(1.0)), r"shape \(\)"),
    (lambda: nn.LayerNorm(3)(Tensor(np.ones((2, 4)))), r"\(2, 4\), expected 3 numbers"),
    (lambda: nn.Dropout(1.5), r"p received 1\.5"),
    (lambda: nn.MaxPool2d(0), "kernel_size received 0"),
    (lambda: nn.Attention(5, 2), "n_heads received 2, expected a divisor of n_model=5"),
    (lambda: nn.Attention(4, rng=0)(np.ones((3, 5))), r"\(3, 5\), expected \(…, T, 4\)"),
    (lambda: nn.Attention(4, rng=0)(np.ones(4)), r"x\.reshape\(1, -1\)"),
    (lambda: nn.Flatten()(Tensor(1.0)), r"expected N samples, \(N, …\)"),
    (lambda: nn.Sequential(forward=nn.ReLU()), "cannot be called 'forward'"),
    (lambda: nn.Sequential(name=nn.ReLU()), "cannot be called 'name'"),
    (
        lambda: nn.Attention(4, rng=0)(np.ones((1, 3, 4)), np.ones((2, 3), dtype=bool)),
        r"mask of shape \(2, 3\)",
    ),
    (
        lambda: nn.Attention(4, rng=0)(np.ones((1, 2, 4)), np.zeros((2, 2), dtype=bool)),
        "may look nowhere",
    ),
    (lambda: nn.RNNCell(3, 2, rng=0)(np.ones((1, 4)), np.ones((1, 2))), r"x of shape \(1, 4\)"),
    (lambda: nn.RNNCell(3, 2, rng=0)(np.ones((1, 3)), np.ones((1, 3))), r"h of shape \(1, 3\)"),
    (lambda: nn.LSTMCell(3, 2, rng=0)(np.ones((1, 7, 3)), (0, 0)), r"x\[:, t\]"),
    (lambda: lstm(np.zeros((1, 2)), np.zeros((4, 2))), r"h of shape \(1, 2\), expected \(4, 2\)"),
    (lambda: lstm(np.zeros((4, 2)), np.zeros((4, 1))), r"c of shape \(4, 1\), expected \(4, 2\)"),
    (lambda: masked(np.where(np.eye(3), 0.0, -np.inf)), "mask of floats.*mask == 0"),
    (lambda: masked(np.tril(np.ones((3, 3), dtype=int)) - 1), "mask of numbers other than 0 and 1"),
    (lambda: nn.Sequential(nn.ReLU(), **{"0": nn.Tanh()}), "two layers are called '0'"),
]


@pytest.mark.parametrize(("call", "message"), WRONG, ids=[message[:30] for _, message in WRONG])
def test_what_does_not_fit_is_said_with_the_mend(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_sequential_wants_modules_and_counts_them() -> None:
    with pytest.raises(TypeError, match=r"layer 0 received.*Write parentheses: ReLU\(\)"):
        nn.Sequential(nn.ReLU)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="layer f received"):
        nn.Sequential(f=np.tanh)  # type: ignore[arg-type]
    net = nn.Sequential(nn.ReLU(), nn.Tanh())
    assert len(net) == 2
    assert [type(layer).__name__ for layer in net] == ["ReLU", "Tanh"]
    assert isinstance(net[-1], nn.Tanh)


def single(*shape: int) -> np.ndarray:
    return np.ones(shape, dtype=np.float32)


@pytest.mark.parametrize(
    ("module", "inputs"),
    [
        (nn.Linear(3, 2, rng=0), [single(4, 3)]),
        (nn.Conv2d(1, 2, 3, rng=0), [single(1, 1, 4, 4)]),
        (nn.RNNCell(3, 2, rng=0), [single(1, 3), single(1, 2)]),
        (nn.LSTMCell(3, 2, rng=0), [single(1, 3), (single(1, 2), single(1, 2))]),
        (nn.Attention(4, 2, rng=0), [single(3, 4), np.tril(np.ones((3, 3), dtype=bool))]),
        (nn.LayerNorm(3), [single(4, 3)]),
        *(
            (module, [Tensor(single(4, 3))])
            for module in (nn.Dropout(0.5, rng=0), nn.Sigmoid(), nn.Softmax(), nn.Flatten())
        ),
        (nn.MSELoss(), [Tensor(single(4)), np.ones(4, dtype=int)]),
        (nn.CrossEntropyLoss(), [Tensor(single(4, 3)), np.zeros(4, dtype=int)]),
        (nn.ClippedCrossEntropyLoss(), [Tensor(single(4, 3)), np.zeros(4, dtype=int)]),
    ],
    ids=lambda value: repr(value) if isinstance(value, nn.Module) else "",
)
def test_float32_weights_give_float32_results(module: nn.Module, inputs: list[Any]) -> None:
    for name, parameter in module.named_parameters().items():
        setattr(module, name, Tensor(parameter.numpy().astype(np.float32)))
    results = module(*inputs)
    for y in results if isinstance(results, tuple) else (results,):
        assert y.dtype == np.float32
    y.sum().backward()
    assert {p.grad.dtype for p in module.parameters() if p.grad is not None} <= {y.dtype}


def test_an_empty_batch_is_flattened_too() -> None:
    assert nn.Flatten()(np.zeros((0, 2, 3))).shape == (0, 6)
    assert nn.Flatten()(np.zeros(3)).shape == (3, 1)


@pytest.mark.parametrize("before", [(), (2,), (2, 3)])
def test_attention_treats_each_sequence_by_itself(before: tuple[int, ...]) -> None:
    layer = nn.Attention(4, 2, rng=0)
    x = np.random.default_rng(0).normal(size=(*before, 5, 4))
    together = layer(x).data
    assert together.shape == x.shape
    for place in np.ndindex(before):
        np.testing.assert_allclose(together[place], layer(x[place]).data, rtol=1e-12)


def test_a_masked_place_changes_nothing_before_it() -> None:
    layer, x = nn.Attention(4, rng=0), np.random.default_rng(0).normal(size=(5, 4))
    other, causal = x.copy(), np.tril(np.ones((5, 5), dtype=bool))
    other[3] += 1.0
    one, two = layer(x, mask=causal).data, layer(other, mask=causal).data
    np.testing.assert_array_equal(one[:3], two[:3])
    assert (one[3:] != two[3:]).all()


def test_gates_can_be_read_in_the_graph_of_one_step() -> None:
    cell = nn.LSTMCell(3, 2, rng=0)
    h, c = cell(np.ones((1, 3)), (np.zeros((1, 2)), Tensor(np.ones((1, 2)), name="c")))
    graph = ag.ComputationGraph(h)
    gates = {graph.label(node): type(node.operation).__name__ for node in graph.nodes}
    squashed = {"i": "Sigmoid", "f": "Sigmoid", "g": "Tanh", "o": "Sigmoid"}
    assert {name: gates[name] for name in squashed} == squashed
    assert "c" in graph.inputs
    kept = next(node for node in graph.nodes if graph.label(node) == "f")
    assert [graph.label(node) for node in c.inputs[0].inputs] == ["f", "c"]
    np.testing.assert_allclose(c.data, kept.data + c.inputs[1].data, rtol=1e-12)


def test_the_first_state_is_outside_of_the_box() -> None:
    state = np.zeros((1, 2)), np.zeros((1, 2))
    graph = ag.ComputationGraph(nn.LSTMCell(3, 2, rng=0)(np.ones((1, 3)), state)[0])
    data = [node for node in graph.nodes if not node.requires_grad]
    assert [graph.homes[node] for node in data] == [()] * 3


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (nn.Conv2d(1, 2, 3, bias=False, rng=0), "Conv2d(1, 2, 3, stride=1, padding=0, bias=False)"),
        (nn.MaxPool2d(3), "MaxPool2d(3)"),
        (nn.MaxPool2d(3, stride=1), "MaxPool2d(3, stride=1)"),
        (nn.Attention(4, 2, rng=0), "Attention(4, n_heads=2)"),
        (nn.LSTMCell(3, 2, rng=0), "LSTMCell(3, 2)"),
        (nn.Dropout(0.1), "Dropout(0.1)"),
        (nn.Softmax(), "Softmax(axis=-1)"),
        (nn.CrossEntropyLoss(), "CrossEntropyLoss()"),
    ],
)
def test_repr_tells_what_was_asked_for(layer: nn.Module, told: str) -> None:
    assert repr(layer) == told
