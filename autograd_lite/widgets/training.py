"""TrainingLoop: forward, backward, step and zero as four buttons, each with its own effect."""

import operator
from typing import Any

import numpy as np
import traitlets

from ..tensor import Tensor
from ..views.number import format_number, format_short
from ..views.panel import Still
from ..views.surface import HIGH, LOW
from ..views.training import Scene, TrainingView
from .asked import Panels
from .front import Refused, module
from .loop import XOR, Loop, Network
from .walk import RATES as WALKED
from .walk import Walk

RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
ROWS = 4  # examples: each has its line
LONGEST = (
    "Run: forward, backward, step, no zero; 100,000 steps in all. Then the loss was −inf!, so the "
    "run stopped. The parameters are those of the last finite loss. Try a smaller rate."
)


class TrainingLoop(Panels):
    """Train a [2, 3, 1] network by hand: backward is not step, and nothing is zeroed by itself.

    Forward computes values and the loss J = mean((Ŷ − T)²) and nothing else. Backward adds to
    the gradients and changes nothing else. Step moves each parameter, w ← w − lr·grad, and
    changes nothing else. Zero empties the gradients. Run repeats them.

    Args:
        model: a callable with `parameters()` of shapes (2, 3), (3,), (3, 1), (1,); it is
            copied. When left out, σ(σ(X·W¹ + b¹)·W² + b²) with normal parameters.
        x: up to four examples (n, 2) between −0.5 and 1.5, XOR's when left out.
        t: their targets (n, 1), or (n,).
        lr: the learning rate, from 0.01 to 100.
        rng: None, an int or a generator, for the parameters when `model` is left out.

    `lr` and `zeroing`, whether Run zeroes the gradients, are traits: observe them, set them.

    Raises:
        ValueError: what does not fit is named, with what is expected.

    >>> loop = TrainingLoop()
    >>> loop.backward()
    >>> loop.said
    'Backward: there is no graph yet to go back through. Press Forward first.'
    >>> loop.run(3)
    >>> len(loop.losses)
    3
    """

    _esm = module("training")

    settings = ("lr", "zeroing")
    buttons = ("forward", "backward", "step", "zero", "run", "reset")

    lr = traitlets.Float(2.0).tag(sync=True)
    zeroing = traitlets.Bool(True).tag(sync=True)
    _rates: traitlets.List[float] = traitlets.List(list(RATES)).tag(sync=True)

    def __init__(
        self, model: Any = None, x: Any = None, t: Any = None, lr: float = 2.0, rng: Any = 0
    ) -> None:
        examples, targets = _examples(x, t)
        self._loop = Loop(Network(rng) if model is None else model, examples, targets)
        self._view = TrainingView(examples, targets)
        super().__init__(
            self._view.panels, _kind="training", _label="Training loop", _longest=LONGEST,
            _trace=self._scene(), lr=lr,
        )  # fmt: skip

    @traitlets.validate("lr")
    def _valid_lr(self, proposal: Any) -> float:
        lr = proposal["value"]
        if not RATES[0] <= lr <= RATES[-1]:
            raise Refused(
                f"lr: received {lr!r}, expected a learning rate from {format_short(RATES[0])} to "
                f"{format_short(RATES[-1])}."
            )
        return float(lr)

    def forward(self) -> None:
        """Compute z², a², Ŷ and J from the parameters. Nothing else changes."""
        self._press("forward")

    def backward(self) -> None:
        """Add ∂J/∂w to each gradient. Nothing else changes."""
        self._press("backward")

    def step(self) -> None:
        """Move each parameter: w ← w − lr·grad. Nothing else changes."""
        self._press("step", self.lr)

    def zero(self) -> None:
        """Empty the gradients. Nothing else changes."""
        self._press("zero")

    def run(self, steps: int = 1) -> None:
        """Forward, zero (if `zeroing`), backward, step, so many times; a nan or inf loss stops."""
        count = operator.index(steps)
        if count < 1:
            raise ValueError(f"run: received {steps} steps, expected 1 or more.")
        self._press("run", count, self.lr, self.zeroing)

    def reset(self) -> None:
        """Back to the first parameters: no values, no gradients, no losses."""
        self._press("reset")

    @property
    def losses(self) -> list[float]:
        """The loss before each step, as far as it was computed."""
        return [loss for _, loss in self._loop.points]

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """W1, b1, W2 and b2 as they are now."""
        return {name: np.array(p.data) for name, p in self._loop.parameters.items()}

    @property
    def gradients(self) -> dict[str, np.ndarray | None]:
        """Their gradients as they are now; None where none has arrived."""
        return {
            name: None if p.grad is None else np.array(p.grad)
            for name, p in self._loop.parameters.items()
        }

    @property
    def values(self) -> dict[str, np.ndarray]:
        """z2, a2, Y and J of the last forward pass; empty before one."""
        return {name: np.array(value) for name, value in self._loop.values.items()}

    def _press(self, button: str, *given: Any) -> None:
        try:
            getattr(self._loop, button)(*given)
        finally:  # an interrupted run has taken some steps
            self._trace = self._scene()

    def _now(self) -> Scene:
        loop = self._loop
        return Scene(
            self.parameters, self.gradients, self.values, loop.points, loop.predict,
            loop.stale, loop.changed,
        )  # fmt: skip

    def _scene(self) -> dict[str, Any]:
        return {
            "frames": self._view.frames(self._now()),
            "said": self._loop.said,
            "steps": self._loop.steps,
            "stopped": self._loop.stopped,
        }

    def recorded(self) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """Fewer rates, and at each of them the ways that were walked beforehand."""
        kept = self._loop
        try:
            answers = Walk(kept, self._scene_of).record(self.lr, self.zeroing)
        finally:
            self._loop = kept
        return {"_rates": sorted({*WALKED, self.lr})}, answers

    def _scene_of(self, loop: Loop) -> dict[str, Any]:
        self._loop = loop
        return self._scene()

    def still(self) -> Still:
        return self._view.still(self._now(), self._loop.said)

    def __repr__(self) -> str:
        loss = f"J = {format_number(self.losses[-1])}" if self.losses else "no loss yet"
        return f"TrainingLoop({self._loop.steps} step{'s' * (self._loop.steps != 1)}, {loss})"


def _examples(x: Any, t: Any) -> tuple[np.ndarray, np.ndarray]:
    """x (n, 2) and t (n, 1), or the message that says what is wrong with them."""
    if (x is None) != (t is None):
        raise ValueError("TrainingLoop: received x or t alone, expected both or neither.")
    points, targets = XOR if x is None else (_floats(x, "x"), _floats(t, "t"))
    n = len(points) if points.ndim else 0
    if points.shape != (n, 2) or not 1 <= n <= ROWS:
        raise ValueError(
            f"x: received shape {points.shape}, expected (n, 2) with up to {ROWS} rows: "
            "each is shown."
        )
    if not ((points >= LOW) & (points <= HIGH)).all():
        raise ValueError(f"x: received numbers outside of the picture, expected {LOW} to {HIGH}.")
    if targets.shape not in ((n,), (n, 1)) or not np.isfinite(targets).all():
        raise ValueError(
            f"t: received shape {targets.shape}, expected a finite number for each row of x: "
            f"({n}, 1)."
        )
    return points, targets.reshape(n, 1)


def _floats(data: Any, name: str) -> np.ndarray:
    try:
        return np.array(data.data if isinstance(data, Tensor) else data, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: received {data!r}, expected an array of numbers.") from None
