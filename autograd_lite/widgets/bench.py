"""GateBench: choose a gate, set its inputs, predict the gradients, then look."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import traitlets

from ..graph import ComputationGraph
from ..ops import FUNCTIONS
from ..tensor import Tensor
from ..views.number import format_number
from ..views.picture import Picture
from ..views.svg import to_text
from .front import Front, Refused, module
from .mistakes import judge
from .recorded import Axis, narrow, record_grid
from .state import make_sliders, step_as_json

TWO = ("add", "subtract", "multiply", "divide", "maximum", "minimum")
ONE = ("sigmoid", "tanh", "relu", "exp", "sin")
GATES: dict[str, tuple[Callable[..., Tensor], int]] = {
    **{name: (FUNCTIONS[name], 2) for name in TWO},
    "multiply by 3": (lambda x: 3 * x, 1),
    **{name: (FUNCTIONS[name], 1) for name in ONE},
    "copy (x + x)": (lambda x: x + x, 1),
}
# Where a page without Python can go: fewer places than the sliders of a live lesson.
PAGE_RANGES = {"x": (-3.0, 3.0), "y": (-3.0, 3.0), "upstream": (-2.0, 2.0)}
PLACES = 8


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

    _esm = module("bench")

    gate = traitlets.Unicode("multiply").tag(sync=True)
    predictions = traitlets.Dict(read_only=True)
    _gates: traitlets.List[str] = traitlets.List(list(GATES)).tag(sync=True)

    def __init__(
        self, gate: str = "multiply", x: float = 2.0, y: float = -1.0, upstream: float = 0.5
    ) -> None:
        values = {"x": float(x), "y": float(y), "upstream": float(upstream)}
        self._lay(gate, values)
        super().__init__(
            _kind="bench", _label="Gate bench", gate=gate, inputs=values, _trace=self._scene()
        )
        self.observe(lambda change: self._change(), ["gate", "inputs"])
        self.on_msg(lambda _, content, buffers: self._look(content["predictions"]))

    @traitlets.validate("gate")
    def _valid_gate(self, proposal: Any) -> str:
        _check_gate(proposal["value"])
        return proposal["value"]

    def numbers(self) -> dict[str, float]:
        return dict(self._values)

    def predict(self, **predictions: float) -> list[str]:
        """Answer from Python as the fields do, and get what the bench says."""
        self._look({name: str(value) for name, value in predictions.items()})
        return self.feedback

    @property
    def feedback(self) -> list[str]:
        """What the bench said of the predictions: a line for each input, or nothing yet."""
        return list(self._trace["feedback"])

    def _change(self) -> None:
        self._lay(self.gate, self.inputs)
        self._trace = self._scene()

    def _look(self, predictions: dict[str, str]) -> None:
        self.set_trait("predictions", predictions)
        if not any(text.strip() for text in predictions.values()):
            self._trace = {**self._scene(), "feedback": ["· Type your predictions first."]}
            return
        step = self._picture.trace.steps[-1]
        leaves = self._picture.graph.inputs
        lines = [judge(name, predictions.get(name, ""), step, leaves[name]) for name in leaves]
        self._trace = self._scene(lines)

    def _lay(self, gate: str, values: dict[str, float]) -> None:
        """Put the gate on the bench with these values."""
        _check_gate(gate)
        function, arity = GATES[gate]
        with np.errstate(all="ignore"):  # what is not finite is shown, loudly
            z = function(*(Tensor(values[name], name=name) for name in ("x", "y")[:arity]))
            z.name = "z"
            self._picture = Picture(ComputationGraph(z), gradient=values["upstream"])
        self._values = values

    def _scene(self, feedback: list[str] | None = None) -> dict[str, Any]:
        """All that the browser shows. The gradients are in it only once there is feedback."""
        trace = self._picture.trace
        self._picture.step = len(trace.steps) - (1 if feedback else 2)  # else up to the seed
        asked = list(self._picture.graph.inputs)
        shown = {name: self._values[name] for name in [*asked, "upstream"]}
        return {
            "svg": to_text(self._picture.skeleton),
            "frames": self._picture.frames[: self._picture.step + 1],
            "index": self._picture.step,
            "step": step_as_json(trace, trace.steps[-1]) if feedback else None,
            "asked": asked,
            "sliders": make_sliders(shown, dict.fromkeys(shown, (-4.0, 4.0))),
            "feedback": feedback or [],
        }

    def recorded(self) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """Every gate at some places of each slider, before the look and after it.

        Typed predictions need Python: instead of a verdict stands what to compare them with.
        """
        start, kept = dict(self.inputs), self._picture
        sliders = {one["name"]: one for one in make_sliders(start, PAGE_RANGES)}
        axes = [Axis("gate", GATES, self.gate)]
        for name, slider in sliders.items():
            places = narrow(slider, start[name], PLACES)
            axes.append(Axis(name, places, start[name], "inputs"))
        axes.append(Axis("looked", (False, True), False, message="predictions", resting=True))

        @cache
        def drawn(gate: str) -> Picture:
            self._lay(gate, start)
            return self._picture

        @cache
        def scene(gate: str, looked: bool, upstream: float, **inputs: float) -> dict[str, Any]:
            self._picture = picture = drawn(gate)
            with np.errstate(all="ignore"):
                picture.graph.forward(**inputs)
            picture.gradient = upstream
            picture.refresh()
            return with_sliders(self._scene(self._right() if looked else None))

        def with_sliders(scene: dict[str, Any]) -> dict[str, Any]:
            return {**scene, "sliders": [sliders[one["name"]] for one in scene["sliders"]]}

        def ask(at: dict[str, Any]) -> dict[str, Any]:
            used = {k: v for k, v in at.items() if k != "y" or GATES[at["gate"]][1] == 2}
            self._values = inputs = {name: at[name] for name in start}
            return {"gate": at["gate"], "inputs": inputs, "_trace": scene(**used)}

        try:
            answers = record_grid(axes, ask)
        finally:
            self._picture, self._values = kept, start
        return {"_trace": with_sliders(self._trace)}, answers

    def _right(self) -> list[str]:
        """The gradients themselves, a line for each input."""
        step = self._picture.trace.steps[-1]
        totals = {c.target: c.after for c in step.contributions}
        return [
            f"· {name}: it is {format_number(totals[leaf])}. Compare it with your prediction."
            for name, leaf in self._picture.graph.inputs.items()
        ]

    def still(self) -> Picture:
        return self._picture

    def __repr__(self) -> str:
        given = ", ".join(f"{name} = {format_number(v)}" for name, v in self.inputs.items())
        return f"GateBench({self.gate}: {given})"


def _check_gate(gate: str) -> None:
    if gate not in GATES:
        raise Refused(f"gate: received {gate!r}, expected one of {', '.join(GATES)}.")
