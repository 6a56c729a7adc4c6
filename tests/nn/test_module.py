"""Modules: parameters found by attribute, names in the graph, and saving without pickle."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import ComputationGraph, Tensor, nn


def network(seed: int = 0) -> nn.Module:
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        hidden=nn.Linear(2, 3, rng=rng), squash=nn.Sigmoid(), output=nn.Linear(3, 1, rng=rng)
    )


class Holder(nn.Module):
    """All the places in which a parameter can be."""

    def __init__(self) -> None:
        self.w = Tensor(1.0)
        self.fixed = Tensor(2.0, requires_grad=False)
        self.many = [Tensor(3.0), {"a": Tensor(4.0)}, (nn.Linear(1, 1, rng=0),)]
        self.again = self.w
        self.number = 5

    def forward(self, x: Any) -> Any:
        return self.w * x


# Parameters.


def test_parameters_are_found_in_attributes_lists_and_dicts_each_once() -> None:
    assert list(Holder().named_parameters()) == [
        "w", "fixed", "many.0", "many.1.a", "many.2.0.W", "many.2.0.b",
    ]  # fmt: skip


def test_a_shared_module_and_a_circle_of_modules_are_counted_once() -> None:
    one, other = Holder(), nn.Module()
    other.one, other.same, one.back = one, one, other  # type: ignore[attr-defined]
    assert list(other.named_parameters())[:2] == ["one.w", "one.fixed"]
    assert len(other.parameters()) == len(Holder().parameters())


def test_modules_in_a_circle_are_told_and_switched_once() -> None:
    one, other = nn.Module(), nn.Module()
    one.other, other.one = other, one  # type: ignore[attr-defined]
    assert repr(one) == "Module(other=Module(one=...))"
    assert one.eval() is one
    assert not other.training


def test_a_weight_that_two_layers_share_gets_the_sum_and_is_saved_once(tmp_path: Path) -> None:
    net = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Linear(2, 2, rng=1))
    net[1].W = net[0].W  # type: ignore[attr-defined]
    x = np.random.default_rng(0).normal(size=(3, 2))
    net(x).sum().backward()
    W, seed = net[0].W.data, np.ones((3, 2))  # type: ignore[attr-defined]
    np.testing.assert_allclose(net[0].W.grad, x.T @ (seed @ W.T) + (x @ W).T @ seed, rtol=1e-12)  # type: ignore[attr-defined]
    assert list(net.state_dict()) == ["0.W", "0.b", "1.b"]
    net.save(tmp_path / "a")
    net.load(tmp_path / "a")
    assert net[1].W is net[0].W  # type: ignore[attr-defined]


def test_a_module_can_be_called_inside_itself() -> None:
    class Power(nn.Module):
        def __init__(self) -> None:
            self.factor = Tensor(3.0)

        def forward(self, x: Any, times: int = 1) -> Any:
            return self.factor * (x if times == 1 else self(x, times=times - 1))

    power = Power()
    y = power(Tensor(1.0), times=4)
    y.backward()
    assert (y.item(), float(power.factor.grad)) == (81.0, 4 * 27.0)
    assert len(ComputationGraph(y).scopes) == 4


def test_a_result_is_no_parameter() -> None:
    module = Holder()
    module.result = module.w * 2.0  # type: ignore[attr-defined]
    assert "result" not in module.named_parameters()


def test_a_frozen_parameter_stays_in_the_state_and_in_its_box(tmp_path: Path) -> None:
    one, other = network(0), network(1)
    for net in (one, other):
        net.hidden.W.requires_grad = False  # type: ignore[attr-defined]
    one.save(tmp_path / "x.npz")
    other.load(tmp_path / "x.npz")
    x = np.ones((4, 2))
    np.testing.assert_array_equal(one(x).data, other(x).data)
    graph = ComputationGraph(one(x).sum())
    assert [scope.name for scope in graph.homes[graph.inputs["hidden.W"]]][-1] == "hidden"
    before = one.state_dict()
    optimizer = ag.optim.SGD(one.parameters(), lr=0.1)
    one(x).sum().backward()
    optimizer.step()
    after = one.state_dict()
    assert (before["hidden.W"] == after["hidden.W"]).all()
    assert (before["output.W"] != after["output.W"]).all()
    one.hidden.W.requires_grad = True  # type: ignore[attr-defined]
    one(x).sum().backward()
    optimizer.step()
    assert (after["hidden.W"] != one.state_dict()["hidden.W"]).all()


def test_a_computed_weight_is_refused_at_the_first_call() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            self.W = Tensor(np.ones((2, 2))) * 0.1

        def forward(self, x: Any) -> Any:
            self.last = x @ self.W  # what forward keeps is no weight
            return self.last

    with pytest.raises(ValueError, match=r"Scaled: 0\.W is computed.*ag\.Tensor\(0\.1 \* values\)"):
        nn.Sequential(Scaled())(np.ones((1, 2)))


def test_a_computed_weight_in_a_list_is_refused_too() -> None:
    layer = nn.Linear(1, 1, rng=0)
    layer.gains = [Tensor([1.0]) * 0.1]  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match=r"gains\.0 is computed"):
        layer(np.ones((1, 1)))


def test_what_forward_keeps_is_refused_by_no_box_around_it() -> None:
    class Keeps(nn.Linear):
        def forward(self, x: Any) -> Any:
            self.last = super().forward(x)
            return self.last

    layer, x = Keeps(1, 1, rng=0), np.ones((1, 1))
    assert nn.Sequential(layer)(x).item() == layer(x).item()
    assert nn.Sequential(layer)(x).item() == layer(x).item()


def test_two_parameters_at_one_path_are_refused() -> None:
    module = nn.Module()
    module.weights = {1: Tensor(1.0), "1": Tensor(2.0)}  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match=r"two parameters are at 'weights\.1'"):
        module.parameters()


def test_zero_grad_forgets_every_gradient() -> None:
    net = network()
    net(np.ones((4, 2))).sum().backward()
    assert all(parameter.grad is not None for parameter in net.parameters())
    net.zero_grad()
    assert all(parameter.grad is None for parameter in net.parameters())


def test_train_and_eval_reach_all_inside() -> None:
    net = nn.Sequential(nn.Dropout(0.5, rng=0), nn.Sequential(nn.Dropout(0.5, rng=1)))
    assert net.eval() is net
    assert (net(np.ones(100)).data == 1.0).all()
    assert (net.train()(np.ones(100)).data != 1.0).all()


def test_without_forward_the_message_says_what_to_write() -> None:
    with pytest.raises(NotImplementedError, match="def forward"):
        nn.Module()(1.0)


# In the graph.


def test_the_outermost_module_names_the_parameters_and_the_scopes() -> None:
    net = network()
    graph = ComputationGraph(net(np.ones((4, 2))).sum())
    assert list(graph.inputs) == ["hidden.W", "hidden.b", "output.W", "output.b"]
    assert list(graph.scopes) == ["Sequential", "hidden", "squash", "output"]


def test_layers_of_a_sequential_without_names_are_called_by_their_class() -> None:
    net = nn.Sequential(nn.Linear(2, 2, rng=0), nn.ReLU(), nn.Linear(2, 1, rng=0))
    graph = ComputationGraph(net(np.ones((4, 2))).sum())
    assert list(graph.scopes) == ["Sequential", "Linear 1", "ReLU", "Linear 2"]
    assert list(graph.inputs) == ["0.W", "0.b", "2.W", "2.b"]


def test_names_that_were_given_stay() -> None:
    net = network()
    net.hidden.W.name, net.hidden.name = "weights", "first"  # type: ignore[attr-defined]
    graph = ComputationGraph(net(np.ones((4, 2))).sum())
    assert "weights" in graph.inputs
    assert "first" in graph.scopes


def test_weights_are_inside_their_layer_and_data_outside() -> None:
    graph = ComputationGraph(network()(np.ones((4, 2))).sum())
    home = {node: [scope.name for scope in chain] for node, chain in graph.homes.items()}
    assert home[graph.inputs["hidden.W"]] == ["Sequential", "hidden"]
    data = next(node for node in graph.nodes if node.shape == (4, 2))
    assert home[data] == []


@pytest.mark.parametrize(
    "layer",
    [nn.Linear(4, 4, rng=0), nn.ReLU(), nn.Sigmoid(), nn.Tanh(), nn.Softplus(), nn.Softmax(),
     nn.Flatten(), nn.LayerNorm(4), nn.Dropout(0.5, rng=0)],
)  # fmt: skip
def test_every_layer_opens_a_scope_with_its_name(layer: nn.Module) -> None:
    y = layer(Tensor(np.ones((3, 4))))
    assert [scope.name for scope in y.scopes] == [type(layer).__name__]


# Saving.


def same(one: nn.Module, other: nn.Module) -> bool:
    states = one.state_dict(), other.state_dict()
    return states[0].keys() == states[1].keys() and all(
        (states[0][path] == states[1][path]).all() for path in states[0]
    )


def test_what_is_saved_is_loaded_and_two_files_are_the_same_bytes(tmp_path: Path) -> None:
    one, other = network(0), network(1)
    one.save(tmp_path / "a.weights")
    one.save(str(tmp_path / "b.weights"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.weights", "b.weights"]
    assert (tmp_path / "a.weights").read_bytes() == (tmp_path / "b.weights").read_bytes()
    assert not same(one, other)
    other.load(tmp_path / "a.weights")
    assert same(one, other)


@pytest.mark.parametrize("name", ["file", "allow_pickle", "a b", "größe"])
def test_any_attribute_can_be_saved(tmp_path: Path, name: str) -> None:
    one, other = nn.Module(), nn.Module()
    setattr(one, name, Tensor(2.0))
    setattr(other, name, Tensor(0.0))
    one.save(tmp_path / "x.npz")
    other.load(tmp_path / "x.npz")
    assert same(one, other)


def test_a_network_in_float32_computes_and_learns_in_float32() -> None:
    net = network()
    assert net.astype(np.float32) is net
    loss = nn.MSELoss()(net(np.ones((4, 2), dtype=np.float32)), np.ones((4, 1), dtype=np.float32))
    loss.backward()
    ag.optim.Adam(net.parameters()).step()
    kinds = {array.dtype for p in net.parameters() for array in (p.data, p.grad, loss.data)}
    assert kinds == {np.dtype(np.float32)}
    with pytest.raises(ValueError, match="received int64, expected floats"):
        net.astype(int)


@pytest.mark.parametrize("value", [1e300, np.nan, -np.inf])
def test_what_is_not_finite_is_not_loaded(value: float) -> None:
    net = network().astype(np.float32)
    before, state = net.state_dict(), network(1).state_dict()
    state["output.b"] = np.array([value])
    with pytest.raises(ValueError, match=r"output\.b would hold a nan or an inf"):
        net.load_state_dict(state)
    after = net.state_dict()
    assert all((before[path] == after[path]).all() for path in before)


def test_a_state_dict_is_a_copy() -> None:
    net = network()
    state = net.state_dict()
    state["hidden.W"][:] = 7.0
    assert not (net.state_dict()["hidden.W"] == 7.0).any()


def test_float32_stays_float32() -> None:
    net = network()
    net.hidden.W = Tensor(np.ones((2, 3), dtype=np.float32))  # type: ignore[attr-defined]
    net.load_state_dict(network(1).state_dict())
    assert net.state_dict()["hidden.W"].dtype == np.float32


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.pop("hidden.W"), "hidden.W is missing"),
        (lambda s: s.update(more=np.ones(2)), "more is not asked for"),
        (lambda s: s.update({"output.b": np.ones(2)}), r"output.b has shape \(2,\), expected \(1,"),
        (lambda s: s.update({"output.b": np.array(["x"])}), "output.b holds <U1, expected floats"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(change: Any, message: str) -> None:
    net, before = network(), network()
    state = network(1).state_dict()
    change(state)
    with pytest.raises(ValueError, match=message):
        net.load_state_dict(state)
    assert same(net, before)


def test_tensors_are_values_of_a_state_too() -> None:
    net = nn.Linear(1, 1, rng=0)
    net.load_state_dict({"W": Tensor([[5.0]]), "b": Tensor([1.0])})
    assert net(np.array([[2.0]])).item() == 11.0


def test_a_file_of_another_network_is_named(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    nn.Linear(5, 3, rng=0).save(path)
    with pytest.raises(ValueError, match=r"other\.npz does not fit.*hidden.W is missing"):
        network().load(path)


def test_a_file_gets_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    network().save(tmp_path / "weights")
    assert (tmp_path / "weights").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_file_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    network().save(path)
    path.chmod(0o600)
    network(1).save(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_and_the_file_behind_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    path, link = tmp_path / "runs" / "weights", tmp_path / "latest"
    network().save(path)
    link.symlink_to(path)
    network(1).save(link)
    other = network()
    other.load(path)
    assert link.is_symlink()
    assert same(other, network(1))


def test_an_array_above_the_limit_of_zip_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)  # in truth 2 GiB
    one, other = network(0), network(1)
    one.save(tmp_path / "large")
    other.load(tmp_path / "large")
    assert same(one, other)


def test_where_nothing_can_be_saved_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no folder .*missing\. Make it first"):
        network().save(tmp_path / "missing" / "a.npz")
    with pytest.raises(IsADirectoryError, match="Name a file in it"):
        network().save(tmp_path)


def test_no_damaged_byte_and_no_cut_gives_wrong_weights(tmp_path: Path) -> None:
    """Each file is refused, or gives what was saved: where the byte did not matter."""
    path, net = tmp_path / "a.npz", nn.Linear(2, 1, bias=False, rng=0)
    net.save(path)
    whole = path.read_bytes()
    damaged = [whole[:i] + bytes([whole[i] ^ 255]) + whole[i + 1 :] for i in range(len(whole))]
    cut = [whole[:end] for end in range(0, len(whole), 7)]
    outcomes = [outcome(net, path, content) for content in [*damaged, *cut]]
    assert set(outcomes) == {"refused", "same"}
    assert outcomes.count("refused") > len(whole) / 2
    assert set(outcomes[len(damaged) :]) == {"refused"}


def outcome(saved: nn.Module, path: Path, content: bytes) -> str:
    """What loading such a file does to another network."""
    path.write_bytes(content)
    other, before = (nn.Linear(2, 1, bias=False, rng=1) for _ in range(2))
    try:
        other.load(path)
    except ValueError as error:
        return "refused" if same(other, before) and path.name in str(error) else "spoilt"
    return "same" if same(other, saved) else "wrong"


def damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    inside = content.index(b"NUMPY")  # of the first array
    if how == "pickled":
        np.savez(path, w=np.array([{"a": 1}], dtype=object))
        path.with_suffix(".weights.npz").replace(path)
    else:
        damaged = {
            "empty": b"", "text": b"hello", "truncated": content[: len(content) // 2],
            "flipped": content[:inside] + b"M" + content[inside + 1 :],
            "array": b"\x93NUMPY" + content[6:],
        }  # fmt: skip
        path.write_bytes(damaged[how])


@pytest.mark.parametrize("how", ["empty", "text", "truncated", "flipped", "array", "pickled"])
def test_a_damaged_file_is_named_and_changes_nothing(tmp_path: Path, how: str) -> None:
    net, path = network(), tmp_path / "a.weights"
    network(1).save(path)
    damage(path, how)
    with pytest.raises(ValueError, match=r"a\.weights is damaged or no \.npz"):
        net.load(path)
    assert same(net, network())


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.npz.*adds no ending"):
        network().load(tmp_path / "nothing.npz")


def test_saving_that_fails_keeps_the_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.npz"
    network().save(path)
    before = path.read_bytes()

    def fail(file: Any, array: np.ndarray, **options: Any) -> None:
        file.write(array.tobytes())
        raise OSError("no space left")

    monkeypatch.setattr(np.lib.format, "write_array", fail)
    with pytest.raises(OSError, match="no space"):
        network(1).save(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.npz"]


def test_repr_tells_the_structure() -> None:
    assert repr(network()) == (
        "Sequential(hidden=Linear(2, 3), squash=Sigmoid(), output=Linear(3, 1))"
    )
    assert repr(nn.Sequential(nn.Linear(1, 2, bias=False), nn.ReLU())) == (
        "Sequential(Linear(1, 2, bias=False), ReLU())"
    )
    assert repr(Holder()) == "Holder(many.2.0=Linear(1, 1))"
    assert ag.nn.Module.__module__ == "autograd_lite.nn.module"
