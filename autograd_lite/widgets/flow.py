"""GradientFlow: how much gradient arrives at each layer of a deep stack."""

import operator
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import traitlets

from ..ops import FUNCTIONS
from ..tensor import Tensor
from ..transforms import grad
from ..views.layers import MOST, Layers, LayersView, norm_text
from ..views.number import format_number
from ..views.panel import Still
from .asked import Panels
from .front import Refused, module
from .recorded import Axis, record_grid

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": FUNCTIONS["sigmoid"],
    "tanh": FUNCTIONS["tanh"],
    "relu": FUNCTIONS["relu"],
    "identity": lambda z: z,
}
SLOPES = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0, "identity": 1.0}  # the largest of each
# From the number of units to the standard deviation of the weights; "constant" is no deviation.
INITS: dict[str, Callable[[int], float]] = {
    "constant": lambda width: 1 / width,
    "small": lambda width: 0.01,
    "xavier": lambda width: (2 / (width + width)) ** 0.5,
    "he": lambda width: (2 / width) ** 0.5,
    "large": lambda width: 1.0,
}
INIT_WORDS = {
    "constant": "constant: 1/n each",
    "small": "small: N(0, 0.01²)",
    "xavier": "xavier: N(0, 2/(n + n))",
    "he": "he: N(0, 2/n)",
    "large": "large: N(0, 1)",
}
EXAMPLES = 32
SHUT = 0.1  # of the largest slope: below it for every example, a unit is shut
WIDEST = 256
LONGEST = (
    "30 layers of 256 units, identity, constant: the norm of ∂L/∂W goes from −1.2346e−04 in the "
    "last layer to −1.2346e−04 in the first, times −1.2346e−04."
)


class GradientFlow(Panels):
    """A stack of layers h ← f(h·W): the norm of dL/dW in each, from a sweep of its graph.

    L is the mean of (h − T)² for a fixed batch of 32 examples and targets, all normal numbers.
    A unit is shut, "saturated" or "dead", when f′ is below a tenth of its largest value for
    every example. The dashed line, for the sigmoid, is the last norm times 0.25ᵏ, k layers
    before the last: what the slopes alone leave at most. Weights can make up for it.

    Args:
        depth: layers, 1 to 30.
        activation: "sigmoid", "tanh", "relu" or "identity".
        init: "constant" (1/n each), "small" (N(0, 0.01²)), "xavier" (N(0, 2/(n + n))),
            "he" (N(0, 2/n)) or "large" (N(0, 1)), with n units in a layer.
        width: n, 1 to 256.
        rng: None, an int or a generator, for batch, targets and weights.

    `depth`, `activation` and `init` are traits: observe them, set them. `norms` has the
    numbers, the first layer first.

    Raises:
        ValueError: what does not fit is named, with what is expected.

    >>> flow = GradientFlow(depth=10, activation="sigmoid")
    >>> flow.norms[0] < 1e-5 * flow.norms[-1]
    True
    """

    _esm = module("flow")

    settings = ("depth", "activation", "init")

    depth = traitlets.Int(10).tag(sync=True)
    activation = traitlets.Unicode("sigmoid").tag(sync=True)
    init = traitlets.Unicode("xavier").tag(sync=True)
    _choices = traitlets.Dict().tag(sync=True)

    def __init__(
        self, depth: int = 10, activation: str = "sigmoid", init: str = "xavier",
        width: int = 16, rng: Any = 0,
    ) -> None:  # fmt: skip
        self.width = _whole("width", width, WIDEST)
        depth = _whole("depth", depth, MOST)
        _choose("activation", activation, ACTIVATIONS)
        _choose("init", init, INITS)
        draw = np.random.default_rng(rng).standard_normal
        self._x, self._t = draw((EXAMPLES, self.width)), draw((EXAMPLES, self.width))
        self._weights = draw((MOST, self.width, self.width))  # the same ones at every depth
        self._view = LayersView()
        super().__init__(
            [self._view.panel], _kind="flow", _label="Gradient flow", _longest=LONGEST,
            _choices={
                "depth": [1, MOST],
                "activation": {name: name for name in ACTIVATIONS},
                "init": INIT_WORDS,
            },
            depth=depth, activation=activation, init=init,
        )  # fmt: skip
        self._measure()
        self.observe(lambda change: self._measure(), list(self.settings))

    @traitlets.validate("depth")
    def _valid_depth(self, proposal: Any) -> int:
        return _whole("depth", proposal["value"], MOST)

    @traitlets.validate("activation")
    def _valid_activation(self, proposal: Any) -> str:
        return _choose("activation", proposal["value"], ACTIVATIONS)

    @traitlets.validate("init")
    def _valid_init(self, proposal: Any) -> str:
        return _choose("init", proposal["value"], INITS)

    @property
    def norms(self) -> list[float]:
        """The norm of ∂L/∂W in each layer, the first layer first."""
        return list(self._layers.norms)

    @property
    def shut(self) -> list[int]:
        """How many units of each layer are saturated or dead."""
        return list(self._layers.shut)

    def weights(self) -> list[np.ndarray]:
        """W of each layer."""
        spread = INITS[self.init](self.width)
        if self.init == "constant":
            return [np.full((self.width, self.width), spread) for _ in range(self.depth)]
        return [spread * drawn for drawn in self._weights[: self.depth]]

    def _measure(self) -> None:
        """Record the stack, sweep it, and show what arrived."""
        f = ACTIVATIONS[self.activation]
        weights = [Tensor(w, name=f"W{i + 1}") for i, w in enumerate(self.weights())]
        with np.errstate(all="ignore"):  # what is not finite is shown, loudly
            h, sums = Tensor(self._x, requires_grad=False), []
            for w in weights:
                sums.append(h @ w)
                h = f(sums[-1])
            ((h - self._t) ** 2).mean().backward()
            norms = [float(np.linalg.norm(w.grad)) for w in weights]
            shut = [self._count_shut(f, z.data) for z in sums]
        self._layers = Layers(norms, shut, self.width, self.activation)
        said = self._sentence()
        self._trace = {"frames": [self._view.frame(self._layers, said)], "said": said}

    def _count_shut(self, f: Callable[[Any], Any], z: np.ndarray) -> int:
        """The units whose slope, for every example, is less than a tenth of the largest."""
        if self.activation == "identity":
            return 0
        slopes = grad(lambda z: f(z).sum())(z)
        return int((slopes < SHUT * SLOPES[self.activation]).all(axis=0).sum())

    def _sentence(self) -> str:
        first, last = self.norms[0], self.norms[-1]
        layers = f"{self.depth} layer{'s' * (self.depth > 1)}"
        units = f"{self.width} unit{'s' * (self.width > 1)}"
        start = f"{layers} of {units}, {self.activation}, {self.init}: the norm of ∂L/∂W"
        if self.depth == 1:
            return f"{start} is {norm_text(first)}."
        times = f", times {format_number(first / last)}" if last > 0 else ""
        return (
            f"{start} goes from {norm_text(last)} in the last layer to {norm_text(first)} "
            f"in the first{times}."
        )

    def recorded(self) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """Every second depth, with every activation and every start."""
        before = {name: getattr(self, name) for name in self.settings}
        depths = list(range(2 - self.depth % 2, MOST + 1, 2))
        places: dict[str, Iterable[Any]] = {
            "depth": depths, "activation": ACTIVATIONS, "init": INITS,
        }  # fmt: skip
        axes = [Axis(name, places[name], before[name]) for name in self.settings]

        def ask(settings: dict[str, Any]) -> dict[str, Any]:
            for name, value in settings.items():
                setattr(self, name, value)
            return {**settings, "_trace": self._trace}

        with self.hold_sync():
            answers = record_grid(axes, ask)
            ask(before)
        return {"_choices": {**self._choices, "depth": [depths[0], depths[-1], 2]}}, answers

    def still(self) -> Still:
        return self._view.still(self._layers, self.said)

    def __repr__(self) -> str:
        return f"GradientFlow({self.depth} layers, {self.activation}, {self.init})"


def _whole(name: str, value: Any, most: int) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        number = 0
    if isinstance(value, bool) or not 1 <= number <= most:
        raise Refused(f"{name}: received {value!r}, expected a whole number from 1 to {most}.")
    return number


def _choose(name: str, value: Any, choices: dict[str, Any]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise Refused(f"{name}: received {value!r}, expected one of {', '.join(choices)}.")
    return value
