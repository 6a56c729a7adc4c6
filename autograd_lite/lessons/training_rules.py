"""Momentum and Adam of lesson 08: one step by hand."""

from .exercise import Mistake
from .function import Function
from .numeric import Number

DECAY = 0.9


def momentum_step(w: float, v: float, g: float, lr: float) -> tuple[float, float]:
    """v ← 0.9·v + g, then w ← w − lr·v."""
    v = DECAY * v + g
    return w - lr * v, v


MOMENTUM = Function(
    key="08.momentum_rule",
    name="momentum_step",
    arguments=("w", "v", "g", "lr"),
    results=("w", "v"),
    answer=momentum_step,
    because="v remembers the gradients before, each fainter by 0.9 a step, and w follows v.",
    mistakes=(
        Mistake(
            lambda w, v, g, lr: (w - lr * g, DECAY * v + g),
            "v is right, but w does not follow it: it takes the plain step along g.",
        ),
        Mistake(
            lambda w, v, g, lr: (w - lr * v, DECAY * v + g),
            "v is right, but w used the old v. First the new v, then w.",
        ),
        Mistake(
            lambda w, v, g, lr: (w + lr * (DECAY * v + g), DECAY * v + g),
            "v is right, but w goes up with it. A step goes against the gradient.",
        ),
        Mistake(
            lambda w, v, g, lr: (w - lr * (v + g), v + g),
            "The 0.9 is missing: nothing is ever forgotten, as when gradients are not zeroed.",
        ),
        Mistake(
            lambda w, v, g, lr: (w - lr * (v + DECAY * g), v + DECAY * g),
            "The 0.9 stands at the wrong place: it makes the old v fainter, not the new g.",
        ),
        Mistake(
            lambda w, v, g, lr: (
                w - lr * (DECAY * v + (1 - DECAY) * g),
                DECAY * v + (1 - DECAY) * g,
            ),
            "That is a weighted mean, as in Adam. Here g comes in whole.",
        ),
        Mistake(
            lambda w, v, g, lr: (w + DECAY * v - lr * g, DECAY * v - lr * g),
            "That is a way to write it in which v holds the learning rate and the minus. Here v "
            "holds neither: v = 0.9·v + g.",
        ),
        Mistake(
            lambda w, v, g, lr: (DECAY * v + g, w - lr * (DECAY * v + g)),
            "Both are right and in the wrong place. Return w first, then v.",
        ),
    ),
    hints=(
        "Two lines: first the new v, from the old v and g; then the new w.",
        "v = 0.9 * v + g",
        "The last line is: return w - lr * v, v",
    ),
)

GRADIENT, RATE, BETA1, BETA2 = -12.0, 0.05, 0.9, 0.999


def adam(correct_m: bool = True, correct_v: bool = True, root: float = 0.5) -> float:
    """How far the first step of Adam moves a parameter; m and v begin at 0."""
    m = (1 - BETA1) * GRADIENT
    v = (1 - BETA2) * GRADIENT**2
    m_hat = m / (1 - BETA1) if correct_m else m
    v_hat = v / (1 - BETA2) if correct_v else v
    return float(-RATE * m_hat / v_hat**root)


ADAM = Number(
    key="08.adam",
    answer=adam,
    because="m̂ is g and √v̂ is |g|: the first step has the length of the learning rate, always.",
    mistakes=(
        Mistake(
            lambda: -RATE * GRADIENT,
            "That is the step of plain gradient descent. Adam divides by √v̂.",
        ),
        Mistake(
            lambda: -adam(),
            "The sign is lost. The gradient is negative, and the step goes against it.",
        ),
        Mistake(
            lambda: adam(correct_m=False, correct_v=False),
            "The hats are missing: m and v are divided by 1 − β first.",
        ),
        Mistake(
            lambda: adam(correct_v=False),
            "The hat of v is missing: v is divided by 1 − β₂ first.",
        ),
        Mistake(
            lambda: adam(correct_m=False),
            "The hat of m is missing: m is divided by 1 − β₁ first.",
        ),
        Mistake(
            lambda: adam(root=1.0),
            "The square root is missing.",
        ),
    ),
    hints=(
        "Begin with m and v. Both are 0 before the first step.",
        "m is 0.1·g and v is 0.001·g². Divide each by what stands in front of g.",
        "m̂ = −12 and √v̂ = 12. What is left of −λ·m̂/√v̂?",
    ),
)
