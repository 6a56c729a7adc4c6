"""GradientFlow: the norms are those of a plain NumPy sweep; what is zero is shown as 0."""

import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_lite import GradientFlow
from autograd_lite.views.chart import exponents
from autograd_lite.views.layers import LEFT, REACH
from tests.strategies import same_every_run

# Each activation and its slope, written down apart from the engine.
RULES: dict[str, tuple[Any, Any]] = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)),
    "identity": (lambda z: z, np.ones_like),
}
LARGEST = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}
INITS = ("constant", "small", "xavier", "he", "large")
flows = st.builds(
    GradientFlow, depth=st.integers(1, 30), activation=st.sampled_from(sorted(RULES)),
    init=st.sampled_from(INITS), width=st.integers(1, 20), rng=st.integers(0, 99),
)  # fmt: skip


def by_hand(flow: GradientFlow) -> tuple[list[float], list[int]]:
    """The norms of ∂L/∂W, and the units whose slope is small for every example."""
    f, slope = RULES[flow.activation]
    weights = flow.weights()
    inputs, sums = [flow._x], []
    for w in weights:
        sums.append(inputs[-1] @ w)
        inputs.append(f(sums[-1]))
    upstream = 2 * (inputs[-1] - flow._t) / flow._t.size
    norms = []
    for x, z, w in zip(inputs[-2::-1], sums[::-1], weights[::-1], strict=True):
        dz = upstream * slope(z)
        norms.append(float(np.sqrt(((x.T @ dz) ** 2).sum())))
        upstream = dz @ w.T
    largest = LARGEST.get(flow.activation)
    shut = [int((slope(z) < 0.1 * largest).all(0).sum()) if largest else 0 for z in sums]
    return norms[::-1], shut


def frame(flow: GradientFlow) -> dict[str, str]:
    (only,) = flow._trace["frames"]
    return only


@settings(same_every_run, max_examples=60)
@given(flows)
def test_norms_are_those_of_a_plain_sweep(flow: GradientFlow) -> None:
    norms, shut = by_hand(flow)
    np.testing.assert_allclose(flow.norms, norms, rtol=1e-7)
    assert flow.shut == shut


@pytest.mark.parametrize(
    ("init", "variance"), [("small", 1e-4), ("xavier", 1 / 100), ("he", 1 / 50), ("large", 1.0)]
)
def test_weights_have_the_variance_that_is_promised(init: str, variance: float) -> None:
    weights = np.stack(GradientFlow(30, init=init, width=100).weights())
    assert abs(weights.mean()) < 0.01 * variance**0.5
    np.testing.assert_allclose(weights.var(), variance, rtol=0.02)


def test_constant_weights_are_one_over_n() -> None:
    flow = GradientFlow(2, init="constant", width=4)
    assert set(np.ravel(flow.weights())) == {0.25}


def test_every_change_measures_anew_and_going_back_gives_the_same() -> None:
    flow = GradientFlow()
    first = flow.norms
    flow.depth = 20
    assert len(flow.norms) == 20
    flow.activation = "relu"
    flow.init = "he"
    other = GradientFlow(20, "relu", "he")
    assert (flow._trace, flow.norms) == (other._trace, other.norms)
    flow.depth, flow.activation, flow.init = 10, "sigmoid", "xavier"
    assert flow.norms == first


def test_ten_sigmoids_lose_what_lesson_nine_says() -> None:
    flow = GradientFlow(10, "sigmoid", "xavier")
    assert flow.norms[0] < 0.25**9 * flow.norms[-1] * 4
    assert GradientFlow(10, "relu", "he").norms[0] > 0.1


# What is shown.


@settings(same_every_run, max_examples=40)
@given(flows)
def test_bars_are_logarithms_and_numbers_stand_beside_them(flow: GradientFlow) -> None:
    shown = frame(flow)
    lengths = [float(shown[f"l{i}@width"]) for i in range(30)]
    assert all(0 <= length <= REACH for length in lengths)
    logs = [(np.log10(n), length) for n, length in zip(flow.norms, lengths, strict=False) if n]
    if len({log for log, _ in logs}) > 1:
        (low, short), (high, long) = min(logs), max(logs)
        for log, length in logs:  # to the rounding of a coordinate
            assert abs((length - short) - (long - short) * (log - low) / (high - low)) < 0.2
    texts = [shown[f"l{i}.norm"] for i in range(30)]
    assert all(text == "0" for text, n in zip(texts, flow.norms, strict=False) if n == 0)
    assert all(texts[: flow.depth])
    assert not any(texts[flow.depth :])
    assert not any(lengths[flow.depth :])


def test_ticks_are_where_the_bars_would_end() -> None:
    shown = frame(GradientFlow())
    ticks = [shown[f"t{i}"] for i in range(5) if shown[f"t{i}"]]
    assert ticks[-1] == "10⁰"
    places = [float(shown[f"t{i}@x"]) for i in range(len(ticks))]
    assert (places[0], places[-1]) == (LEFT, LEFT + REACH)
    np.testing.assert_allclose(np.diff(places), REACH / (len(ticks) - 1), atol=0.11)


def test_zero_norms_are_shown_as_0_and_break_nothing() -> None:
    flow = GradientFlow(depth=5, activation="relu", width=1, rng=3)
    assert flow.norms == [0.0] * 5
    shown = frame(flow)
    assert [shown[f"l{i}.norm"] for i in range(5)] == ["0"] * 5
    assert {shown[f"l{i}@width"] for i in range(5)} == {"0"}
    assert "from 0 in the last layer to 0 in the first." in flow.said
    assert "1/1" in {shown[f"l{i}.shut"] for i in range(5)}


def test_the_bound_is_a_quarter_for_each_layer_and_only_of_the_sigmoid() -> None:
    flow = GradientFlow(4, "sigmoid", "large")
    bound = flow._layers.bound
    np.testing.assert_allclose(bound, [flow.norms[-1] * 0.25**k for k in (3, 2, 1, 0)])
    shown = frame(flow)
    ends = exponents(min(flow.norms + bound), max(flow.norms))
    decade = REACH / (ends[-1] - ends[0])
    places = np.array(re.findall(r"([\d.]+),", shown["bound@d"]), float)
    np.testing.assert_allclose(np.diff(places), [np.log10(4) * decade] * 3, atol=0.11)
    assert shown["key0"] == "last norm × 0.25ᵏ, k layers before: σ′ ≤ ¼"
    flow.activation = "tanh"
    assert (frame(flow)["bound@d"], frame(flow)["key0"]) == ("", "")
    assert frame(flow)["key@visibility"] == "hidden"


def test_units_are_called_saturated_or_dead() -> None:
    flow = GradientFlow(6, "relu", "he")
    assert (frame(flow)["shut"], frame(flow)["l4.shut"]) == ("dead", f"{flow.shut[4]}/16")
    flow.activation = "tanh"
    assert frame(flow)["shut"] == "sat."
    flow.activation = "identity"
    assert (frame(flow)["shut"], frame(flow)["l4.shut"]) == ("", "")


@settings(same_every_run, max_examples=40)
@given(flows)
def test_the_longest_sentence_has_room_for_every_other(flow: GradientFlow) -> None:
    assert len(flow.said) <= len(flow._longest)


def test_every_frame_has_the_same_slots_and_all_are_drawn() -> None:
    flow = GradientFlow()
    slots = frame(flow).keys()
    for depth in (1, 30):
        for activation in RULES:
            flow.depth, flow.activation = depth, activation
            assert frame(flow).keys() == slots
            assert len(flow.svgs()) == 1


def test_the_table_has_a_row_for_each_layer() -> None:
    flow = GradientFlow(3, "relu", "he")
    head, *rows = flow.still()._repr_mimebundle_()["text/plain"].splitlines()
    assert head.split() == ["layer", "norm", "of", "∂L/∂W", "dead"]
    assert [row.split() for row in rows] == [
        [str(i + 1), f"{norm:.4f}", f"{shut}/16"]
        for i, (norm, shut) in enumerate(zip(flow.norms, flow.shut, strict=True))
    ]


# What it is given.


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"depth": 0}, "depth: received 0, expected a whole number from 1 to 30"),
        ({"depth": 31}, "depth: received 31"),
        ({"depth": 2.5}, "depth: received 2.5"),
        ({"depth": True}, "depth: received True"),
        ({"width": 0}, "width: received 0, expected a whole number from 1 to 256"),
        ({"activation": "gelu"}, "activation: received 'gelu', expected one of sigmoid, tanh"),
        ({"activation": ["relu"]}, r"activation: received \['relu'\]"),
        ({"init": "zeros"}, "init: received 'zeros', expected one of constant, small, xavier"),
    ],
)
def test_what_does_not_fit_is_named_and_changes_nothing(
    given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        GradientFlow(**given)
    ((name, value),) = given.items()
    if name != "width" and isinstance(value, int | str):
        flow = GradientFlow()
        before = flow._trace
        with pytest.raises(ValueError, match=message):
            setattr(flow, name, value)
        assert (flow._trace, flow.depth) == (before, 10)


def test_the_browser_sets_and_is_answered() -> None:
    flow = GradientFlow()
    flow._handle_custom_msg({"id": "a", "set": "depth", "value": 12}, [])
    assert (flow._answered, flow.depth, len(flow.norms)) == ("a", 12, 12)
    flow._handle_custom_msg({"id": "b", "set": "width", "value": 3}, [])
    assert (flow._answered, flow.width) == ("b", 16)


@settings(same_every_run, max_examples=20)
@given(flows)
def test_the_state_is_strict_json(flow: GradientFlow) -> None:
    json.dumps(flow.get_state(), allow_nan=False, default=str)


def test_repr_tells_the_choices() -> None:
    assert repr(GradientFlow(3, "tanh", "he")) == "GradientFlow(3 layers, tanh, he)"


@pytest.mark.parametrize("state", [{"depth": 99}, {"activation": "step"}, {"init": "huge"}])
def test_a_refused_setting_from_the_browser_changes_nothing(state: dict[str, Any]) -> None:
    flow = GradientFlow(depth=3)
    norms = flow.norms
    with pytest.raises(ValueError, match="received"):
        flow.set_state(state)
    assert (flow.depth, flow.activation, flow.init) == (3, "sigmoid", "xavier")
    assert flow.norms == norms
