"""Lesson 10: a layer adds operations to the graph, and nothing else."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..graph import ComputationGraph
from ..nn import Linear, Module
from ..ops import FUNCTIONS
from .choice import Choice, Option
from .exercise import Mistake
from .numeric import COUNT, Number
from .open_gates import CELL, CLOSED
from .own_layer import OwnLayer


def operations(layer: Module, *inputs: Any) -> list[str]:
    """The operations that a layer adds to the graph, in their order.

    >>> operations(Linear(2, 3, rng=0), np.ones((4, 2)))
    ['Matmul', 'Add']
    """
    result = layer(*inputs)
    output = result[0] if isinstance(result, tuple) else result
    nodes = ComputationGraph(output).nodes
    return [type(node.operation).__name__ for node in nodes if node.operation is not None]


LINEAR = Number(
    key="10.linear",
    answer=lambda: float(len(operations(Linear(2, 3, rng=0), np.ones((4, 2))))),
    because="A product and a sum. W and b are variables: nobody computes them.",
    mistakes=(
        Mistake(lambda: 1.0, "One box is what is drawn while it is closed. What is inside?"),
        Mistake(
            lambda: 4.0,
            "That counts W and b too. They are variables: they are there, nobody computes them.",
        ),
        Mistake(
            lambda: 3.0,
            "That is the number of outputs, or one variable too many. All outputs come from one "
            "product of matrices.",
        ),
        Mistake(
            lambda: 6.0,
            "That is how many weights there are. One product of matrices uses them all.",
        ),
        Mistake(
            lambda: 24.0,
            "That counts every product of two numbers. On arrays, one operation does them all.",
        ),
    ),
    hints=(
        "Write the layer as a formula: y = …",
        "y = x·W + b. Which signs stand in it?",
        "One product, one sum.",
    ),
    tolerance=COUNT,
)

W, H0 = 0.5, 1.0
STEPS = 3


def states(w: float = W) -> list[float]:
    """h ← w·h + 1, three times, from h0 = 1."""
    h = [H0]
    for _ in range(STEPS):
        h.append(w * h[-1] + 1.0)
    return h


def arrows(w: float = W) -> list[float]:
    """What each step brings back to w: the state that came in, times w for each later step."""
    h = states(w)
    return [h[t] * w ** (STEPS - 1 - t) for t in range(STEPS)]


TIME = Number(
    key="10.time",
    answer=lambda: sum(arrows()),
    because="w is used three times, so three contributions arrive, one from each step.",
    mistakes=(
        Mistake(
            lambda: arrows()[-1],
            "That is the last step alone. The same w worked in the two steps before as well.",
        ),
        Mistake(
            lambda: arrows()[-1] + arrows()[-2],
            "One step is missing: w was used in the first step too.",
        ),
        Mistake(
            lambda: sum(states()[:-1]),
            "That adds the states that came in. On its way to an early step, the gradient is "
            "multiplied by w once for each later step.",
        ),
        Mistake(lambda: states()[-1], "That is the last state. How fast does it move with w?"),
        Mistake(
            lambda: STEPS * W ** (STEPS - 1) * H0,
            "That is right for h ← w·h. Each step here also adds 1, and the next step has w "
            "times that.",
        ),
        Mistake(lambda: W**STEPS, "That is how fast h3 moves with h0. Asked is w."),
        Mistake(
            lambda: sum(arrows()) / STEPS,
            "That is the mean over the steps. Contributions are added, not averaged.",
        ),
    ),
    hints=(
        "The states are h1 = 1.5, h2 = 1.75 and h3 = 1.875. Draw the graph: where is w used?",
        "The last step brings h2. The step before brings h1, times w on the way back.",
        "1.75, then 1.5 · 0.5, then 1 · 0.5 · 0.5. Add them.",
    ),
)

FORGET, LONG = 0.8, 10

KEPT = Number(
    key="10.forget",
    answer=lambda: FORGET**LONG,
    because="Along the line of c each step multiplies by its forget gate, and by nothing else.",
    mistakes=(
        Mistake(
            lambda: FORGET * LONG,
            "That multiplies by the number of steps. Along a path local gradients multiply with "
            "each other.",
        ),
        Mistake(lambda: FORGET, "That is one step. There are ten."),
        Mistake(
            lambda: (1 - FORGET) ** LONG,
            "That uses what is forgotten. The forget gate says what is *kept*.",
        ),
        Mistake(
            lambda: 1 - LONG * (1 - FORGET),
            "That takes the same amount away at each step. A gate takes a share of what is left.",
        ),
        Mistake(
            lambda: 0.25**LONG,
            "That is the bound for ten sigmoids in a row. c passes through none: the sigmoid "
            "makes the gate, and the gate multiplies c.",
        ),
        Mistake(lambda: 1.0, "So it would be if nothing were forgotten, with gates of 1."),
    ),
    hints=(
        "c' = f·c + i·g. What is the local gradient of c' with respect to c?",
        "It is f. Ten steps in a row multiply.",
        "0.8 times itself, ten times: 0.8 ** 10.",
    ),
)

SIDE, WINDOW = 8, 3

SHARED = Number(
    key="10.shared",
    answer=lambda: float((SIDE - WINDOW + 1) ** 2),
    because="The window fits at six places in a row and in six rows. Each place uses the weight.",
    mistakes=(
        Mistake(
            lambda: float(SIDE**2),
            "That is the number of pixels. The window must lie inside the image.",
        ),
        Mistake(
            lambda: float(WINDOW**2),
            "That is how many weights there are. At how many places does each of them work?",
        ),
        Mistake(
            lambda: float((SIDE - WINDOW) ** 2),
            "One short in each direction: from 1 to 6 there are six places, not five.",
        ),
        Mistake(
            lambda: float((SIDE - 1) ** 2), "So many places has a window of 2 by 2. This one has 3."
        ),
        Mistake(
            lambda: float(SIDE - WINDOW + 1),
            "That is one row of places. The window moves down too.",
        ),
        Mistake(lambda: 1.0, "The weight is one number, but it is used at every place."),
    ),
    hints=(
        "In how many places can a window of 3 stand in a row of 8?",
        "Its left edge can be in column 1, 2, 3, 4, 5 or 6.",
        "Six places across and six down.",
    ),
    tolerance=COUNT,
)


class _Layer(Module):
    """x and W·x + b meet in `rule`."""

    rule: Callable[[Any, Any], Any]

    def __init__(self, n: int) -> None:
        self.linear = Linear(n, n, rng=0)

    def forward(self, x: Any) -> Any:
        return type(self).rule(x, self.linear)


def layer(rule: Callable[[Any, Any], Any]) -> type[Module]:
    """A layer that computes `rule(x, linear)`."""
    return type("Layer", (_Layer,), {"rule": staticmethod(rule)})


tanh = FUNCTIONS["tanh"]

RESIDUAL = OwnLayer(
    key="10.residual.rule",
    name="Residual",
    answer=layer(lambda x, linear: x + tanh(linear(x))),
    because="Values, parameters and every gradient agree, and you wrote no backward.",
    mistakes=(
        Mistake(
            layer(lambda x, linear: tanh(linear(x))),
            "The short cut is missing: add x to what the layer makes of it.",
        ),
        Mistake(
            layer(lambda x, linear: x + linear(x)),
            "The tanh is missing.",
        ),
        Mistake(
            layer(lambda x, linear: tanh(x + linear(x))),
            "x went through the tanh too. Add it afterwards, so that it passes untouched.",
        ),
        Mistake(
            layer(lambda x, linear: x * tanh(linear(x))),
            "x is multiplied. A short cut adds.",
        ),
        Mistake(
            layer(lambda x, linear: x + linear(tanh(x))),
            "The tanh came first. It is tanh of the linear layer's result.",
        ),
        Mistake(
            layer(lambda x, linear: x + tanh(linear(x)).detach()),
            "The numbers are right, and no gradient comes back to the weights: something was "
            "detached, or taken out as .data.",
        ),
    ),
    hints=(
        "In __init__: self.linear = ag.nn.Linear(n, n, rng=0).",
        "In forward: what self.linear makes of x, then np.tanh, then + x.",
        "return x + np.tanh(self.linear(x))",
    ),
)

BACKWARD = Choice(
    key="10.quiz.1",
    prompt="Who wrote the backward of nn.LSTMCell?",
    options=(
        Option("It is in lstm.py, below its forward.", "Look: there is none, in no layer."),
        Option("Nobody.", "It adds operations, and each of them knows its own rule."),
        Option(
            "The optimiser.", "An optimiser reads gradients. It does not know where they come from."
        ),
        Option(
            "It is computed with small nudges.",
            "Nudges check gradients. With this many weights nobody would wait for them.",
        ),
    ),
    right="b",
    hints=(
        "What does a layer add to the graph?",
        "Open the box. Which of what you see has a rule of its own?",
        "Lesson 05: who needs a backward?",
    ),
)

UNROLLED = Choice(
    key="10.quiz.2",
    prompt="A cell is unrolled over 20 steps. What is the gradient of its W_h?",
    options=(
        Option("That of the last step.", "So it is when the state was detached before it."),
        Option(
            "The product over the steps.", "Along a path they multiply. Here paths meet in W_h."
        ),
        Option("20 different gradients.", "It is one variable, so it has one gradient."),
        Option("The sum over the steps.", "One W_h is used 20 times: a fork with 20 arrows."),
    ),
    right="d",
    hints=(
        "How many boxes called W_h are there?",
        "How many arrows leave it, and what happens where they come back?",
        "Side by side, contributions add.",
    ),
)

MASKED = Choice(
    key="10.quiz.3",
    prompt="In causal attention, what is the gradient of the first output with respect to the "
    "last input?",
    options=(
        Option("Exactly 0.", "The mask makes its share e^−∞ = 0, and no other way leads there."),
        Option("Small, but not 0.", "e to the power of minus infinity is not small. It is 0."),
        Option("The same as for the first input.", "The first place may look at itself."),
        Option("It is not defined.", "There is a path, with a factor of 0 on it."),
    ),
    right="a",
    hints=(
        "What is added to a score that is masked?",
        "What does softmax make of minus infinity?",
        "On every path from there is a factor 0.",
    ),
)

LAYERS_ARE_SUGAR = (
    LINEAR, TIME, KEPT, SHARED, RESIDUAL, CLOSED, CELL, BACKWARD, UNROLLED, MASKED,
)  # fmt: skip
