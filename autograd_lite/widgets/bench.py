"""GateBench: choose a gate, set its inputs, predict the gradients, then look."""

from collections.abc import Callable
from typing import Any

import numpy as np
import traitlets

from ..graph import ComputationGraph
from ..ops import FUNCTIONS
from ..steps import Step
from ..tensor import Tensor
from ..views.number import format_number
from ..views.picture import Picture
from ..views.svg import to_text
from .front import Front
from .mistakes import judge
from .stepper import make_sliders, step_as_json

TWO = ("add", "subtract", "multiply", "divide", "maximum", "minimum")
ONE = ("sigmoid", "tanh", "relu", "exp", "sin")
GATES: dict[str, tuple[Callable[..., Tensor], int]] = {
    **{name: (FUNCTIONS[name], 2) for name in TWO},
    "multiply by 3": (lambda x: 3 * x, 1),
    **{name: (FUNCTIONS[name], 1) for name in ONE},
    "copy (x + x)": (lambda x: x + x, 1),
}


class GateBench(Front):
    """One gate on the bench: drag inputs and upstream gradient, predict, then look.

    Args:
        gate: which gate lies on the bench first; see `GateBench.gates`.
        x, y, upstream: the values to start with.

    The gradients stay hidden until predictions are in. A wrong one gets the name of the
    mistake. `feedback` is what the bench last said.

    >>> bench = GateBench("multiply", x=2.0, y=3.0, upstream=1.0)
    >>> for line in bench.predict(x=2.0, y=2.0):
    ...     print(line)
    ✗ x: 2 is dz times its own input. Multiply switches: each input receives the other one.
    ✓ y: 2.0000 is right.
    """

    gates = tuple(GATES)
    _lines: list[str]

    gate = traitlets.Unicode("multiply").tag(sync=True)
    predictions = traitlets.Dict().tag(sync=True)
    _gates = traitlets.List(list(GATES)).tag(sync=True)
    _asked: traitlets.List[str] = traitlets.List().tag(sync=True)
    _feedback: traitlets.List[str] = traitlets.List().tag(sync=True)

    def __init__(
        self, gate: str = "multiply", x: float = 2.0, y: float = -1.0, upstream: float = 0.5
    ) -> None:
        self._lay(gate, {"x": float(x), "y": float(y), "upstream": float(upstream)})
        super().__init__(
            _kind="bench", _label="Gate bench", gate=gate, inputs=self._values, **self._shown()
        )

    @traitlets.validate("gate")
    def _valid_gate(self, proposal: Any) -> str:
        _check_gate(proposal["value"])
        return proposal["value"]

    @traitlets.observe("gate")
    def _change_gate(self, change: Any) -> None:
        self._lay(change["new"], self._values)
        self._publish()

    @traitlets.observe("inputs")
    def _change_inputs(self, change: Any) -> None:
        given = {name: float(value) for name, value in change["new"].items()}
        self._lay(self.gate, {**self._values, **given})
        self._publish()

    @traitlets.observe("predictions")
    def _look(self, change: Any) -> None:
        typed = {name: text for name, text in change["new"].items() if name in self._asked}
        self._revealed = True
        self._lines = [
            judge(name, typed.get(name, ""), self._backward, self._leaves[name])
            for name in self._asked
        ]
        self._publish()

    def predict(self, **predictions: float) -> list[str]:
        """Answer from Python as the fields do, and get what the bench says."""
        self.predictions = {name: str(value) for name, value in predictions.items()}
        return self.feedback

    @property
    def feedback(self) -> list[str]:
        return list(self._feedback)

    def _lay(self, gate: str, values: dict[str, float]) -> None:
        """Put the gate on the bench with these values, gradients hidden."""
        _check_gate(gate)
        function, arity = GATES[gate]
        self._values = values
        self._leaves = {name: Tensor(values[name], name=name) for name in ("x", "y")[:arity]}
        with np.errstate(all="ignore"):
            z = function(*self._leaves.values())
        z.name = "z"
        self._picture = Picture(ComputationGraph(z), gradient=values["upstream"])
        self._leaves = self._picture.graph.inputs
        self._revealed = False
        self._lines = []

    @property
    def _backward(self) -> Step:
        return self._picture.trace.steps[-1]

    def _shown(self) -> dict[str, Any]:
        steps = self._picture.trace.steps
        index = len(steps) - (1 if self._revealed else 2)  # until then, up to the seed
        reveal = step_as_json(self._picture.trace, self._backward) if self._revealed else None
        asked = list(self._leaves)
        return {
            "_svg": to_text(self._picture.skeleton),
            "_trace": {"frames": self._picture.frames[: index + 1], "index": index, "step": reveal},
            "_asked": asked,
            "_sliders": make_sliders(
                {name: self._values[name] for name in [*asked, "upstream"]},
                dict.fromkeys([*asked, "upstream"], (-4.0, 4.0)),
            ),
            "_feedback": self._lines,
        }

    def _publish(self) -> None:
        with self.hold_sync():
            for name, value in self._shown().items():
                setattr(self, name, value)

    def still(self) -> Picture:
        self._picture.step = self._shown()["_trace"]["index"]
        return self._picture

    def __repr__(self) -> str:
        given = ", ".join(f"{name} = {format_number(v)}" for name, v in self._values.items())
        return f"GateBench({self.gate}: {given})"


def _check_gate(gate: str) -> None:
    if gate not in GATES:
        raise ValueError(f"gate: received {gate!r}, expected one of {', '.join(GATES)}.")
