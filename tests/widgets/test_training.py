"""TrainingLoop: each button changes what it says, and training is a plain NumPy loop."""

import json
from typing import Any

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import Tensor, TrainingLoop
from autograd_lite.views.frames import Frame
from autograd_lite.widgets.loop import XOR, Network
from tests.strategies import same_every_run

NAMES = ("W1", "b1", "W2", "b2")
BUTTONS = ("forward", "backward", "step", "zero", "reset", "run")
presses = st.lists(st.sampled_from(BUTTONS), max_size=12)

X, T = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([[0], [1], [1], [0.0]])


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def by_hand(p: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Values and gradients of the network, written down apart from the engine."""
    z2 = X @ p["W1"] + p["b1"]
    a2 = sigmoid(z2)
    y = sigmoid(a2 @ p["W2"] + p["b2"])
    dz3 = 2 / 4 * (y - T) * y * (1 - y)
    dz2 = dz3 @ p["W2"].T * a2 * (1 - a2)
    gradients = {"W1": X.T @ dz2, "b1": dz2.sum(0), "W2": a2.T @ dz3, "b2": dz3.sum(0)}
    return {"z2": z2, "a2": a2, "Y": y, "J": np.mean((y - T) ** 2)}, gradients


def assert_same(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        np.testing.assert_allclose(ours[name], value, rtol=1e-9, atol=1e-15)


class Model:
    """Two inputs, three hidden units, one output, and any activations."""

    def __init__(self, hidden: Any = ag.softplus, output: Any = lambda z: z) -> None:
        self.hidden, self.output = hidden, output
        self.tensors = [
            Tensor([[1.0, 2.0, -1.0]] * 2), Tensor([0.1, 0.2, 0.3]),
            Tensor([[1.0], [1.0], [-1.0]]), Tensor([0.0]),
        ]  # fmt: skip

    def parameters(self) -> list[Tensor]:
        return self.tensors

    def __call__(self, x: Any) -> Tensor:
        W, b, V, c = self.tensors
        return self.output(self.hidden(x @ W + b) @ V + c)


# Which numbers change.


@settings(same_every_run, max_examples=60)
@given(presses, st.sampled_from(BUTTONS[:4]))
def test_each_button_changes_its_own_numbers_alone(before: list[str], button: str) -> None:
    loop = TrainingLoop()
    for name in before:
        getattr(loop, name)()
    parameters, gradients, values = loop.parameters, loop.gradients, loop.values
    losses, steps = loop.losses, loop._trace["steps"]
    getattr(loop, button)()
    if button != "forward":
        assert_same(loop.values, values)
        assert loop.losses == losses
    if button != "step":
        assert_same(loop.parameters, parameters)
        assert loop._trace["steps"] == steps
    if button not in ("backward", "zero"):
        for name in NAMES:
            np.testing.assert_array_equal(loop.gradients[name], gradients[name])
    assert loop.said.startswith(f"{button.capitalize()}: ")


@settings(same_every_run, max_examples=60)
@given(presses)
def test_exactly_what_changed_is_marked(buttons: list[str]) -> None:
    loop = TrainingLoop()
    for button in buttons:
        old = {"value": {**loop.parameters, **loop.values}, "grad": loop.gradients}
        getattr(loop, button)()
        new = {"value": {**loop.parameters, **loop.values}, "grad": loop.gradients}
        frames: Frame = {k: v for frame in loop._trace["frames"] for k, v in frame.items()}
        for name in (*NAMES, "z2", "a2", "Y", "J"):
            changed = [
                line for line in ("value", "grad")
                if not np.array_equal(old[line].get(name), new[line].get(name))
            ]  # fmt: skip
            assert frames[f"{name}.mark"] == ("● " if changed else "")
            assert ("ag-active" in frames[f"{name}@class"]) == bool(changed)
            for line in ("value", "grad") if name in NAMES else ("value",):
                assert frames[f"{name}.{line}0"].startswith("●") == (line in changed)


def test_gradients_add_up_until_they_are_zeroed() -> None:
    loop = TrainingLoop()
    _, once = by_hand(loop.parameters)
    assert loop.gradients == dict.fromkeys(NAMES)
    loop.forward()
    for times in (1, 2, 3):
        loop.backward()
        assert_same(loop.gradients, {name: times * once[name] for name in NAMES})
    loop.forward()  # another graph, the same gradients as they are
    loop.backward()
    assert_same(loop.gradients, {name: 4 * once[name] for name in NAMES})
    loop.zero()
    assert loop.gradients == dict.fromkeys(NAMES)


def test_an_empty_gradient_is_shown_empty_and_not_as_zero() -> None:
    loop = TrainingLoop()
    cells = [k for k in loop._trace["frames"][0] if ".grad" in k and "@" not in k]
    assert len(cells) == 7 + 13  # a mark for each line of numbers, and the numbers
    assert {loop._trace["frames"][0][cell] for cell in cells} == {""}
    loop.forward()
    loop.backward()
    assert "" not in {loop._trace["frames"][0][cell] for cell in cells}
    loop.zero()
    assert {loop._trace["frames"][0][cell].strip("●◂ ∇") for cell in cells} == {""}


def test_after_a_step_the_values_are_out_of_date_and_say_so() -> None:
    loop = TrainingLoop()
    loop.run(1)
    statuses = [loop._trace["frames"][1][f"{name}.status"] for name in ("z2", "a2", "Y", "J")]
    assert statuses == ["out of date"] * 4
    assert_same(loop.values, by_hand(TrainingLoop().parameters)[0])
    loop.forward()
    assert_same(loop.values, by_hand(loop.parameters)[0])
    assert "out of date" not in str(loop._trace["frames"][1])


# What is said.


def test_the_wrong_order_teaches() -> None:
    loop = TrainingLoop()
    loop.backward()
    assert "there is no graph yet" in loop.said
    loop.step()
    assert "there are no gradients, so nothing can change" in loop.said
    loop.zero()
    assert loop.said == "Zero: there are no gradients. Nothing changed."
    loop.forward()
    assert "No parameter and no gradient changed." in loop.said
    loop.forward()
    assert "the same parameters gave the same values" in loop.said
    loop.backward()
    assert loop.said == (
        "Backward: 4 gradients were added to. No value and no parameter changed. "
        "They were empty before."
    )
    loop.backward()
    assert "the same graph again" in loop.said
    loop.step()
    assert "4 parameters moved by −2 times the gradient" in loop.said
    assert "The values are now out of date." in loop.said
    loop.backward()
    assert "the parameters have changed since" in loop.said


@settings(same_every_run, max_examples=30)
@given(presses)
def test_the_longest_sentence_has_room_for_every_other(buttons: list[str]) -> None:
    loop = TrainingLoop(Model(), lr=100.0)
    for button in buttons:
        getattr(loop, button)()
        assert len(loop.said) <= len(loop._longest)


def test_gradients_of_zero_change_nothing_and_are_not_counted() -> None:
    loop = TrainingLoop(Model(output=lambda z: z * 0.0), lr=1.0)
    loop.forward()
    loop.backward()
    loop.backward()
    assert "Backward: 0 gradients were added to." in loop.said
    loop.step()
    assert loop.said == "Step: 0 parameters moved by −1 times the gradient. No gradient changed."
    assert loop._loop.changed == {}
    loop.backward()  # the values are not out of date
    assert "0 gradients were added to." in loop.said


# Training.


def test_the_loss_counts_once_for_each_step() -> None:
    loop = TrainingLoop()
    for button in ("forward", "forward", "backward", "step", "step", "forward", "forward"):
        getattr(loop, button)()
    (before, first), (after, second) = loop._loop.points
    assert (before, after) == (0, 2)
    assert loop.losses == [first, second]


@pytest.mark.parametrize("zeroing", [True, False])
@pytest.mark.parametrize("by", ["run", "buttons"])
def test_training_is_the_plain_loop(zeroing: bool, by: str) -> None:
    loop = TrainingLoop(lr=0.5, rng=3)
    loop.zeroing = zeroing
    p, sums, losses = loop.parameters, dict.fromkeys(NAMES, 0.0), []
    for _ in range(30):
        values, gradients = by_hand(p)
        losses.append(values["J"])
        sums = {name: (0 if zeroing else sums[name]) + gradients[name] for name in NAMES}
        p = {name: p[name] - 0.5 * sums[name] for name in NAMES}
        if by == "buttons":
            for button in ("forward", "zero", "backward", "step"):
                if zeroing or button != "zero":
                    getattr(loop, button)()
    if by == "run":
        loop.run(10)
        loop.run(20)
    assert_same(loop.parameters, p)
    assert_same(loop.gradients, sums)
    np.testing.assert_allclose(loop.losses, losses, rtol=1e-9)


def test_xor_is_learnt_and_the_surface_shows_it() -> None:
    loop = TrainingLoop()
    loop.run(1500)
    assert loop.losses[-1] < 0.01 < 0.2 < loop.losses[0]
    np.testing.assert_allclose(loop._loop.predict(X), T.ravel(), atol=0.1)
    assert loop._trace["frames"][2]["contour@d"]
    frame = loop._trace["frames"][2]
    shades = np.array([float(frame[f"c{i}@fill-opacity"]) for i in range(400)]).reshape(20, 20)
    assert shades[4:6, 14:16].min() > 0.7 > 0.1 > shades[4:6, 4:6].max()  # (1, 0) and (0, 0)


def test_the_surface_is_of_the_parameters_as_they_are() -> None:
    loop = TrainingLoop()
    loop.run(300)  # to where a step is large enough to be seen
    seen = {}
    for button in ("forward", "backward", "step", "forward", "zero"):
        before = json.dumps(loop._trace["frames"][2])
        getattr(loop, button)()
        after = {k: v for k, v in loop._trace["frames"][2].items() if k.startswith("c")}
        seen[button] = any(json.loads(before)[k] != v for k, v in after.items())
    assert [button for button, moved in seen.items() if moved] == ["step"]


def test_reset_is_a_new_loop() -> None:
    loop = TrainingLoop(rng=5)
    first = loop.parameters
    loop.run(7)
    loop.reset()
    assert_same(loop.parameters, first)
    assert (loop.gradients, loop.values, loop.losses) == (dict.fromkeys(NAMES), {}, [])
    loop.run(7)
    again = TrainingLoop(rng=5)
    again.run(7)
    assert loop.losses == again.losses


# What is not finite.


def test_a_loss_that_is_not_finite_stops_the_run_at_the_last_finite_step() -> None:
    loop = TrainingLoop(Model(), lr=20.0)
    for _ in range(20):
        loop.run(10)
    assert loop._trace["stopped"]
    assert "Then the loss was inf!, so the run stopped." in loop.said
    assert np.isfinite(loop.losses).all()
    assert all(np.isfinite(value).all() for value in loop.parameters.values())
    assert loop.losses[-1] == loop.values["J"]
    twin = TrainingLoop(Model(), lr=20.0)
    twin.run(len(loop.losses) - 1)
    assert_same(loop.parameters, twin.parameters)
    json.dumps(loop.get_state(), allow_nan=False, default=str)


def test_a_loss_that_was_never_finite_stops_the_first_run() -> None:
    loop = TrainingLoop(Model(output=lambda z: z + np.nan))
    before = loop.parameters
    loop.run(3)
    assert "the loss was nan!" in loop.said
    assert_same(loop.parameters, before)
    loop.backward()
    assert "nan!" in str(loop._trace["frames"][0])
    loop.step()
    assert "would no longer be finite. Nothing changed." in loop.said
    assert_same(loop.parameters, before)


# What it is given.


def test_a_model_of_ones_own_is_copied() -> None:
    model = Model(ag.tanh, ag.sigmoid)
    first = [p.numpy() for p in model.parameters()]
    loop = TrainingLoop(model, lr=1.0)
    loop.run(3)
    assert all(p.grad is None for p in model.parameters())
    for parameter, value in zip(model.parameters(), first, strict=True):
        np.testing.assert_array_equal(parameter.data, value)
    loop.reset()
    loop.forward()
    hidden = np.tanh(X @ first[0] + first[1])
    np.testing.assert_allclose(loop.values["a2"], hidden)


def test_other_examples_may_be_given() -> None:
    loop = TrainingLoop(x=X[:2], t=[0.0, 1.0])
    loop.run(2)
    assert loop.values["a2"].shape == (2, 3)
    assert loop.values["Y"].shape == (2, 1)
    assert TrainingLoop(x=XOR[0], t=T).losses == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"x": X}, "x or t alone"),
        ({"x": X.T, "t": T}, r"x: received shape \(2, 4\), expected \(n, 2\)"),
        ({"x": np.zeros((9, 2)), "t": np.zeros(9)}, "up to 4 rows"),
        ({"x": 3 * X, "t": T}, "expected −0.5 to 1.5|expected -0.5 to 1.5"),
        ({"x": X + np.nan, "t": T}, "outside of the picture"),
        ({"x": X, "t": T.T}, r"t: received shape \(1, 4\)"),
        ({"x": X, "t": np.full(4, np.inf)}, "t: received .* finite"),
        ({"x": "corners", "t": T}, "x: received 'corners', expected an array"),
        ({"model": lambda x: x}, r"model: received parameters of shapes \[\]"),
        ({"model": Model(lambda z: z)}, "model: received one without an activation"),
        ({"model": Model(output=lambda z: z.sum())}, r"model: gave \(\) for x of shape \(4, 2\)"),
        ({"lr": 0.0}, "lr: received 0.0, expected a learning rate from 0.01 to 100"),
        ({"lr": float("nan")}, "lr: received nan"),
    ],
)
def test_what_does_not_fit_is_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TrainingLoop(**given)


@pytest.mark.parametrize("lr", [0.009, 101.0, -1.0, float("inf"), float("nan")])
def test_a_rate_beyond_the_slider_is_refused_and_changes_nothing(lr: float) -> None:
    loop = TrainingLoop()
    with pytest.raises(ValueError, match=r"lr: received .*expected a learning rate from"):
        loop.lr = lr
    assert loop.lr == 2.0


def test_strange_settings_and_counts_are_refused() -> None:
    loop = TrainingLoop()
    with pytest.raises(traitlets.TraitError):
        loop.lr = "fast"
    for steps in (0, -3):
        with pytest.raises(ValueError, match=f"run: received {steps} steps, expected 1 or more"):
            loop.run(steps)
    with pytest.raises(TypeError):
        loop.run(2.5)  # type: ignore[arg-type]
    assert loop.losses == []


# What the browser gets.


def test_the_browser_presses_buttons_sets_rates_and_is_answered() -> None:
    loop, twin = TrainingLoop(), TrainingLoop()
    for number, ask in enumerate(
        [{"press": "run", "with": [3]}, {"set": "lr", "value": 5}, {"press": "forward"}]
    ):
        loop._handle_custom_msg({"id": f"v {number}", **ask}, [])
        assert loop._answered == f"v {number}"
    twin.run(3)
    twin.lr = 5.0
    twin.forward()
    assert loop._trace == twin._trace
    assert loop.lr == 5.0


@pytest.mark.parametrize("ask", [{"press": "_start"}, {"set": "_trace", "value": {}}, {}])
def test_the_browser_can_do_nothing_else(ask: dict[str, Any]) -> None:
    loop = TrainingLoop()
    before = loop._trace
    loop._handle_custom_msg({"id": "1", **ask}, [])
    assert loop._trace == before
    assert loop._answered == "1"


def test_what_fails_is_answered_too() -> None:
    loop = TrainingLoop()
    with pytest.raises(ValueError, match="lr"):
        loop._answer({"id": "1", "set": "lr", "value": 1e9})
    assert loop._answered == "1"


def test_every_frame_has_the_same_slots_and_all_are_drawn() -> None:
    loop = TrainingLoop()
    slots = [frame.keys() for frame in loop._trace["frames"]]
    for button in ("forward", "backward", "step", "run", "reset"):
        getattr(loop, button)()
        assert [frame.keys() for frame in loop._trace["frames"]] == slots
    assert len(loop.svgs()) == 3


def test_the_table_holds_the_numbers_that_are_shown() -> None:
    loop = TrainingLoop()
    loop.forward()
    loop.backward()
    plain = loop.still()._repr_mimebundle_()["text/plain"]
    shown = [
        text for frame in loop._trace["frames"][:2] for slot, text in frame.items()
        if "," in slot and "@" not in slot
    ]  # fmt: skip
    assert len(shown) == 2 * 13 + 12 + 12 + 4 + 1
    assert all(text in plain for text in shown)


def test_repr_tells_steps_and_loss() -> None:
    loop = TrainingLoop()
    assert repr(loop) == "TrainingLoop(0 steps, no loss yet)"
    loop.run(2)
    assert repr(loop) == f"TrainingLoop(2 steps, J = {loop.losses[1]:.4f})"


def test_a_sigmoid_written_by_hand_shows_its_own_values() -> None:
    class ByHand(Network):
        def __call__(self, x: Any) -> Tensor:
            a = 1.0 / (1.0 + np.exp(-(x @ self.W1 + self.b1)))
            return 1.0 / (1.0 + np.exp(-(a @ self.W2 + self.b2)))

    one, other = ag.TrainingLoop(ByHand(0)), ag.TrainingLoop(Network(0))
    for loop in (one, other):
        loop.forward()
    for name, value in other.values.items():
        np.testing.assert_allclose(one.values[name], value, rtol=1e-12)


def test_a_refused_rate_from_the_browser_changes_nothing() -> None:
    loop = ag.TrainingLoop()
    with pytest.raises(ValueError, match="lr: received"):
        loop.set_state({"lr": 1e9})
    assert loop.lr == 2.0


def test_an_interrupted_run_shows_the_steps_that_were_taken() -> None:
    loop = ag.TrainingLoop()
    record, count = loop._loop._record, iter(range(10))

    def interrupted() -> None:
        if next(count) == 5:
            raise KeyboardInterrupt
        record()

    loop._loop._record = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        loop.run(10)
    assert loop._trace["steps"] == loop._loop.steps > 0
