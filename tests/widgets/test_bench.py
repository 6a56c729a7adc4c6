"""GateBench: every gate can be predicted, and the gradients stay hidden until one looks."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_lite import GateBench
from tests.strategies import same_every_run


def share(lead: float) -> float:
    """1 for the one that wins, 0 for the other, a half at a tie."""
    return (np.sign(lead) + 1) / 2


# What each gate sends back, written down apart from the engine: (x, y, dz) to the gradients.
Rule = Callable[[float, float, float], tuple[float, ...]]
RULES: dict[str, Rule] = {
    "add": lambda x, y, dz: (dz, dz),
    "subtract": lambda x, y, dz: (dz, -dz),
    "multiply": lambda x, y, dz: (y * dz, x * dz),
    "divide": lambda x, y, dz: (dz / y, -dz * x / y**2),
    "maximum": lambda x, y, dz: (dz * share(x - y), dz * share(y - x)),
    "minimum": lambda x, y, dz: (dz * share(y - x), dz * share(x - y)),
    "multiply by 3": lambda x, y, dz: (3 * dz,),
    "sigmoid": lambda x, y, dz: (dz * np.exp(-x) / (1 + np.exp(-x)) ** 2,),
    "tanh": lambda x, y, dz: (dz / np.cosh(x) ** 2,),
    "relu": lambda x, y, dz: (dz * (x > 0),),
    "exp": lambda x, y, dz: (dz * np.exp(x),),
    "sin": lambda x, y, dz: (dz * np.cos(x),),
    "copy (x + x)": lambda x, y, dz: (2 * dz,),
}
# Quarters as on a slider, so that ties and zeros happen; y is never 0, nobody divides by it.
QUARTERS = st.integers(-16, 16).map(lambda n: n / 4)
NOT_ZERO = QUARTERS.filter(bool)


def state(bench: GateBench) -> str:
    """All that the browser and the stored notebook are given."""
    still = bench.still()._repr_mimebundle_()
    return json.dumps([bench.get_state(["_trace", "inputs"]), still, bench.still().svg()])


def test_every_gate_has_a_rule_here() -> None:
    assert set(GateBench.gates) == RULES.keys()


@pytest.mark.parametrize("gate", RULES)
@settings(same_every_run, max_examples=10)
@given(x=QUARTERS, y=NOT_ZERO, dz=NOT_ZERO)
def test_the_right_prediction_is_right(gate: str, x: float, y: float, dz: float) -> None:
    bench = GateBench(gate, x=x, y=y, upstream=dz)
    answers = dict(zip("xy", RULES[gate](x, y, dz), strict=False))
    lines = bench.predict(**answers)
    assert [line[:4] for line in lines] == [f"✓ {name}:" for name in answers]
    wrong = bench.predict(**{name: value + 17.0 for name, value in answers.items()})
    assert [line[:4] for line in wrong] == [f"✗ {name}:" for name in answers]


def secret() -> GateBench:
    """x receives −2.2470, which is nowhere else."""
    return GateBench("multiply", x=2.0, y=-3.21, upstream=0.7)


def is_hidden(bench: GateBench) -> bool:
    text = state(bench)
    return not any(json.dumps(told)[1:-1] in text for told in ("−2.2470", "∂L/∂x", "∂z/∂x"))


def test_the_gradients_are_hidden_until_one_looks() -> None:
    bench = secret()
    assert bench.feedback == []
    assert is_hidden(bench)
    assert "∂L/∂z = 0.7000" in bench.still()._repr_mimebundle_()["text/plain"]  # the seed is known
    bench.predict(x=1.0, y=1.0)
    assert not is_hidden(bench)
    assert bench._trace["step"]["phase"] == "backward"


@pytest.mark.parametrize(
    "change",
    [
        lambda bench: setattr(bench, "inputs", {"upstream": 0.7, "x": 2.5}),
        lambda bench: setattr(bench, "gate", "add"),
    ],
)
def test_a_change_hides_them_again(change: Callable[[GateBench], None]) -> None:
    bench = secret()
    bench.predict(x=1.0, y=1.0)
    change(bench)
    assert bench.feedback == []
    assert bench._trace["step"] is None
    assert is_hidden(bench)


def test_looking_without_a_prediction_shows_nothing() -> None:
    bench = secret()
    for typed in ({}, {"x": "", "y": "  "}):
        bench._handle_custom_msg({"predictions": typed}, [])
        assert bench.feedback == ["· Type your predictions first."]
        assert is_hidden(bench)


def test_one_prediction_is_enough() -> None:
    x, y = secret().predict(y=1.4)
    assert x == "· x: no prediction. It is −2.2470."
    assert y == "✓ y: 1.4000 is right."


def test_the_same_prediction_may_be_made_twice() -> None:
    bench = GateBench("multiply", x=2.0, y=3.0, upstream=1.0)
    assert bench.predict(x=3.0, y=2.0)[0].startswith("✓")
    bench.inputs = {"upstream": 2.0}
    assert bench.predict(x=3.0, y=2.0)[0].startswith("✗")


def test_the_browser_answers_in_text() -> None:
    bench = GateBench("multiply", x=2.0, y=3.0, upstream=1.0)
    bench._handle_custom_msg({"predictions": {"x": "3,0", "y": "<b>two</b>"}}, [])
    assert bench.feedback[0] == "✓ x: 3.0000 is right."
    assert bench.feedback[1].startswith("· y: '<b>two</b>' is not a number.")
    assert bench.predictions == {"x": "3,0", "y": "<b>two</b>"}


def test_a_gate_of_one_input_asks_for_one_gradient_and_keeps_the_other_value() -> None:
    bench = GateBench("multiply", x=2.0, y=3.0, upstream=1.0)
    bench.gate = "tanh"
    assert bench._trace["asked"] == ["x"]
    assert [slider["name"] for slider in bench._trace["sliders"]] == ["x", "upstream"]
    bench.gate = "add"
    assert bench.inputs == {"x": 2.0, "y": 3.0, "upstream": 1.0}
    assert bench._trace["asked"] == ["x", "y"]


@pytest.mark.parametrize("gate", ["convolve", "", "Multiply"])
def test_an_unknown_gate_is_refused_with_those_there_are(gate: str) -> None:
    with pytest.raises(ValueError, match=rf"gate: received '{gate}', expected one of add, "):
        GateBench(gate)
    bench = secret()
    before = bench._trace
    with pytest.raises(ValueError, match="gate: received"):
        bench.gate = gate
    assert (bench.gate, bench._trace) == ("multiply", before)


@pytest.mark.parametrize("gate", GateBench.gates)
@pytest.mark.parametrize("value", [0.0, float("inf"), float("nan"), -1e308])
def test_any_input_is_shown_without_error_or_warning(gate: str, value: float) -> None:
    bench = GateBench(gate, x=value, y=0.0, upstream=value)
    bench.inputs = {"x": 1.0}
    bench.inputs = {"x": value}
    assert all(line[0] in "✓✗" for line in bench.predict(x=1.0, y=1.0))
    json.dumps(bench.get_state(), allow_nan=False, default=str)


@pytest.mark.parametrize("wrong", ["two", None, [1.0]])
def test_what_is_no_number_is_refused(wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        GateBench("add", x=wrong)


def test_repr_tells_gate_and_values() -> None:
    bench = GateBench("add", x=2.0, y=-1.0, upstream=0.5)
    assert repr(bench) == "GateBench(add: x = 2.0000, y = −1.0000, upstream = 0.5000)"


@pytest.mark.parametrize("state", [{"gate": "nand"}, {"inputs": {"q": 1.0}}])
def test_a_refused_value_from_the_browser_changes_nothing(state: dict[str, Any]) -> None:
    bench = GateBench()
    before = bench.gate, bench.inputs
    with pytest.raises(ValueError, match="received"):
        bench.set_state(state)
    assert (bench.gate, bench.inputs) == before
