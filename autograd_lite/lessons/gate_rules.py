"""Lesson 02: what each gate does with the gradient that arrives from upstream."""

from .choice import Choice, Option
from .exercise import Mistake
from .function import Function
from .numeric import Number, Numbers
from .silent_product import STOPPED
from .small_network import NETWORK, sigmoid


def multiply_backward(x: float, y: float, dz: float) -> tuple[float, float]:
    """z = x·y, the switcher: each input receives dz times the other input."""
    return y * dz, x * dz


def both(dx: float, dy: float) -> dict[str, float]:
    """The gradients of a gate with the inputs x and y."""
    return {"x": dx, "y": dy}


SMALL, LARGE = 0.01, 100.0

MULTIPLY = Numbers(
    key="02.multiply",
    answer=lambda: both(*multiply_backward(SMALL, LARGE, 1.0)),
    because="The gate switches its inputs, so the small input receives the large gradient.",
    mistakes=(
        Mistake(
            lambda: both(SMALL, LARGE),
            "That gives each input itself, so that the big input gets the big gradient. "
            "The local gradient is the other input.",
        ),
        Mistake(
            lambda: both(SMALL / (SMALL + LARGE), LARGE / (SMALL + LARGE)),
            "That shares dz out by the size of the inputs. Nothing is shared: each input gets "
            "dz times its own local gradient.",
        ),
        Mistake(
            lambda: both(1.0, 1.0),
            "That passes dz on unchanged, as an add gate does. This gate has local gradients.",
        ),
        Mistake(
            lambda: both(0.5, 0.5),
            "That splits dz in half. No gate with two inputs does so just because there are two.",
        ),
    ),
    hints=(
        "Nudge x by 1. By how much does x·y move, when y is 100?",
        "The local gradient for x is y, and the local gradient for y is x.",
        "dx = y·dz and dy = x·dz, with x = 0.01, y = 100 and dz = 1.",
    ),
)

ADD_X, ADD_Y, ADD_DZ = -1.5, 4.0, 0.6

ADD = Numbers(
    key="02.add",
    answer=lambda: both(ADD_DZ, ADD_DZ),
    because="The add gate distributes: both local gradients are 1, whatever the inputs are.",
    mistakes=(
        Mistake(
            lambda: both(ADD_DZ / 2, ADD_DZ / 2),
            "That splits the gradient in half. Each input moves the sum by as much as itself, "
            "so each local gradient is 1.",
        ),
        Mistake(
            lambda: both(*multiply_backward(ADD_X, ADD_Y, ADD_DZ)),
            "That is the rule of the multiply gate. The sum does not scale its inputs.",
        ),
        Mistake(
            lambda: both(ADD_X * ADD_DZ, ADD_Y * ADD_DZ),
            "That multiplies dz by the inputs. The local gradients of a sum do not depend on them.",
        ),
        Mistake(
            lambda: both(ADD_DZ * ADD_X / (ADD_X + ADD_Y), ADD_DZ * ADD_Y / (ADD_X + ADD_Y)),
            "That shares dz out by the size of the inputs. A sum reacts to both in the same way.",
        ),
        Mistake(
            lambda: both(1.0, 1.0),
            "Those are the local gradients. The upstream gradient dz is forgotten.",
        ),
    ),
    hints=(
        "Nudge x by a little. By how much does x + y move?",
        "Both local gradients of x + y are 1. A gradient is upstream · local.",
        "dx = 1·dz and dy = 1·dz, with dz = 0.6.",
    ),
)

MAX_X, MAX_Y, MAX_DZ = 2.0, 5.0, 0.7

MAX = Numbers(
    key="02.max",
    answer=lambda: both(0.0, MAX_DZ),
    because="The max gate routes: the larger input receives dz, the other receives 0.",
    mistakes=(
        Mistake(
            lambda: both(MAX_DZ / 2, MAX_DZ / 2),
            "That splits the gradient. Only one input decides the output when they differ.",
        ),
        Mistake(
            lambda: both(MAX_DZ, 0.0),
            "That sends the gradient to the smaller input. Which one does the output follow?",
        ),
        Mistake(
            lambda: both(MAX_DZ, MAX_DZ),
            "That gives dz to both inputs, as an add gate does. The smaller one moves nothing.",
        ),
        Mistake(
            lambda: both(0.0, MAX_Y * MAX_DZ),
            "The way is right, but dz is multiplied by the value. The local gradient there is 1.",
        ),
        Mistake(
            lambda: both(0.0, 1.0),
            "Those are the local gradients. The upstream gradient dz is forgotten.",
        ),
    ),
    hints=(
        "Nudge x = 2 by a little. Does max(x, 5) move?",
        "The output is a copy of the larger input; the smaller one has no influence.",
        "All of dz = 0.7 goes to the larger input, and 0 to the other.",
    ),
)

TIE = Numbers(
    key="02.tie",
    answer=lambda: both(1.0 / 2, 1.0 / 2),
    because="At a tie neither input is larger. By the rule used here they share evenly.",
    mistakes=(
        Mistake(
            lambda: both(1.0, 1.0),
            "That counts the tie twice: more gradient comes out than dz.",
        ),
        Mistake(
            lambda: both(1.0, 0.0),
            "That lets the first input win. At a tie the gate treats both alike.",
        ),
        Mistake(
            lambda: both(0.0, 1.0),
            "That lets the second input win. At a tie the gate treats both alike.",
        ),
        Mistake(
            lambda: both(0.0, 0.0),
            "That loses the gradient. If both inputs move, the output moves.",
        ),
    ),
    hints=(
        "Both inputs have the same right to the gradient.",
        "What the two receive adds up to dz = 1.",
        "Split dz = 1 into two equal parts.",
    ),
)

SIGMOID_X, SIGMOID_DZ = 0.0, 0.9


def squash_backward(x: float, dz: float) -> float:
    """z = σ(x), the squasher: dx = z·(1 − z)·dz."""
    z = sigmoid(x)
    return z * (1 - z) * dz


SIGMOID = Number(
    key="02.sigmoid",
    answer=lambda: squash_backward(SIGMOID_X, SIGMOID_DZ),
    because="At x = 0 the local gradient is largest, and still only a quarter of dz passes.",
    mistakes=(
        Mistake(
            lambda: squash_backward(SIGMOID_X, 1.0),
            "That is the local gradient. The upstream gradient dz is forgotten.",
        ),
        Mistake(
            lambda: sigmoid(SIGMOID_X) * SIGMOID_DZ,
            "That has one factor, σ(x) or 1 − σ(x). The local gradient is the product of both.",
        ),
        Mistake(
            lambda: SIGMOID_X * (1 - SIGMOID_X) * SIGMOID_DZ,
            "That is x·(1 − x)·dz. The rule uses the output z = σ(x), not the input x.",
        ),
        Mistake(
            lambda: SIGMOID_DZ,
            "That passes dz on unchanged. The sigmoid squashes the gradient as well.",
        ),
        Mistake(
            lambda: sigmoid(SIGMOID_X),
            "That is the output z of the gate. It goes into the local gradient.",
        ),
    ),
    hints=(
        "First go forward: what is z = σ(0)?",
        "The local gradient is z·(1 − z). Then multiply by the upstream gradient.",
        "z = 0.5, so dx = 0.5·0.5·dz with dz = 0.9.",
    ),
)

COPY_X = 3.0

COPY = Number(
    key="02.copy",
    answer=lambda: COPY_X + COPY_X,
    because="x is both inputs of the gate. Each edge brings x·dz, and the two are added.",
    mistakes=(
        Mistake(
            lambda: COPY_X,
            "That is the contribution of one edge. x reaches the gate by two edges.",
        ),
        Mistake(
            lambda: COPY_X * COPY_X,
            "That multiplies the two contributions; it is also the value of x·x. "
            "Contributions are added.",
        ),
        Mistake(
            lambda: 1.0 + 1.0,
            "That is the rule of the add gate, x + x. Here x is multiplied by itself.",
        ),
        Mistake(
            lambda: COPY_X * COPY_X * (COPY_X + COPY_X),
            "That starts the backward pass from the value of x·x. It starts from 1.",
        ),
    ),
    hints=(
        "How many edges go from x to the multiply gate?",
        "Each edge brings dz times the other input. Here the other input is x again.",
        "Each of the two edges brings 3·1. Add them.",
    ),
)

RULE = Function(
    key="02.rule",
    name="multiply_backward",
    arguments=("x", "y", "dz"),
    results=("dx", "dy"),
    answer=multiply_backward,
    because="It agrees with the rule at every point that was tried.",
    mistakes=(
        Mistake(
            lambda x, y, dz: (x * dz, y * dz),
            "Each input receives itself times dz, or dx and dy are returned in the wrong order. "
            "The multiply gate is a switcher.",
        ),
        Mistake(
            lambda x, y, dz: (y, x),
            "Those are the local gradients. The upstream gradient dz is forgotten.",
        ),
        Mistake(
            lambda x, y, dz: (dz, dz),
            "That passes dz on to both inputs. It is the rule of the add gate.",
        ),
        Mistake(
            lambda x, y, dz: (y * dz, x),
            "dx is right. In dy the upstream gradient is forgotten.",
        ),
        Mistake(
            lambda x, y, dz: (y, x * dz),
            "dy is right. In dx the upstream gradient is forgotten.",
        ),
        Mistake(
            lambda x, y, dz: (x * y * dz, x * y * dz),
            "That multiplies dz by the output x·y. The local gradient is one of the inputs.",
        ),
    ),
    hints=(
        "What does each input of a multiply gate receive: itself, or the other one?",
        "A gradient is upstream · local. The upstream gradient is the argument dz.",
        "The last line is: return y * dz, x * dz",
    ),
)

DISTRIBUTOR = Choice(
    key="02.quiz.1",
    prompt="Which gate passes the upstream gradient unchanged to both inputs?",
    options=(
        Option("add", "Both local gradients are 1: the add gate is a distributor."),
        Option("multiply", "The multiply gate scales: each input gets dz times the other input."),
        Option("max", "The max gate routes: as a rule only the larger input receives dz."),
        Option(
            "sigmoid", "The sigmoid has one input, and squashes the gradient to a quarter at most."
        ),
    ),
    right="a",
    hints=(
        "Unchanged means: every local gradient is 1.",
        "Nudge each input by 0.01. For which gate does the output always move by 0.01?",
        "The nickname of this gate is distributor.",
    ),
)

SWITCHER = Choice(
    key="02.quiz.2",
    prompt="z = x·y with x = 0.01 and y = 100. Why does x receive the larger gradient?",
    options=(
        Option(
            "It does not: the larger input receives the larger gradient.",
            "Nudge each input by 1 and look at z: one moves it by 100, the other by 0.01.",
        ),
        Option(
            "Small numbers always have large gradients.",
            "Take x = 0.01 and y = 0.001: now x is the one with the small gradient.",
        ),
        Option(
            "Its local gradient is the other input, and that one is large.",
            "Each input is the other's local gradient.",
        ),
        Option(
            "The gradient is divided by the input.",
            "No rule divides here. At x = 0 such a division would fail, and the gradient exists.",
        ),
    ),
    right="c",
    hints=(
        "Nudge x by 1. How far does z move?",
        "What is the partial derivative of x·y for x?",
        "The gate is called a switcher: each input meets the other one.",
    ),
)

SQUASHER = Choice(
    key="02.quiz.3",
    prompt="A gradient passes back through three sigmoids. What bound does z·(1 − z) ≤ 1/4 give "
    "for the part that is left?",
    options=(
        Option("all of it", "Each sigmoid squashes: its local gradient is far below 1."),
        Option("3/4", "That adds 1/4 three times. Factors along a path are multiplied."),
        Option("1/12", "That divides 1/4 by 3. Each sigmoid gives a factor of its own."),
        Option("1/64", "1/4 · 1/4 · 1/4: each sigmoid lets a quarter pass at most."),
    ),
    right="d",
    hints=(
        "How much can one sigmoid pass at most? Look at z·(1 − z).",
        "z·(1 − z) is largest at z = 1/2, and is 1/4 there.",
        "Three gates on one path give three factors of 1/4. Along a path you multiply.",
    ),
)

GATE_RULES = (
    ADD,
    MULTIPLY,
    MAX,
    TIE,
    SIGMOID,
    COPY,
    NETWORK,
    RULE,
    STOPPED,
    DISTRIBUTOR,
    SWITCHER,
    SQUASHER,
)
