"""Lesson 02, the rules together: L = σ(max(a·b + a, b)), worked by hand."""

from math import exp

from .exercise import Mistake
from .numeric import Numbers

A, B = 2.0, -1.5


def sigmoid(x: float) -> float:
    """σ(x) = 1 / (1 + e⁻ˣ)."""
    return 1 / (1 + exp(-x))


def forward(a: float, b: float) -> dict[str, float]:
    """p = a·b, s = p + a, m = max(s, b), L = σ(m)."""
    p = a * b
    s = p + a
    m = max(s, b)
    return {"p": p, "s": s, "m": m, "L": sigmoid(m)}


def arriving(a: float, b: float) -> float:
    """∂L/∂m, and at these numbers also ∂L/∂s: s is larger than b, so max sends all of it there."""
    out = forward(a, b)["L"]
    return out * (1 - out)


def gradients(a: float, b: float) -> dict[str, float]:
    """a gets b·ds through the product and ds through the sum; b gets a·ds, and 0 from max."""
    ds = arriving(a, b)
    return {"a": b * ds + ds, "b": a * ds}


def scaled(factor: float) -> dict[str, float]:
    """The right gradients, times a factor that does not belong there."""
    return {name: factor * gradient for name, gradient in gradients(A, B).items()}


NETWORK = Numbers(
    key="02.network",
    answer=lambda: gradients(A, B),
    because="The squasher, the router, the distributor and the switcher, and a sum at the fork.",
    mistakes=(
        Mistake(
            lambda: {"a": B * arriving(A, B), "b": A * arriving(A, B)},
            "At a only the path through the product is left: it has overwritten the path "
            "through the sum. Contributions are added.",
        ),
        Mistake(
            lambda: {"a": arriving(A, B), "b": A * arriving(A, B)},
            "At a the path through the product is lost. a has two outgoing edges.",
        ),
        Mistake(
            lambda: {"a": (A + 1) * arriving(A, B), "b": B * arriving(A, B)},
            "In the product each input got itself as its local gradient. The gate is a switcher.",
        ),
        Mistake(
            lambda: {"a": (B + 1) * arriving(A, B) / 2, "b": (A + 1) * arriving(A, B) / 2},
            "That splits the gradient at max. It is a router: all goes to the larger input.",
        ),
        Mistake(
            lambda: {"a": gradients(A, B)["b"], "b": gradients(A, B)["a"]},
            "The two gradients are swapped: each stands at the other input.",
        ),
        Mistake(
            lambda: {"a": 0.0, "b": arriving(A, B)},
            "That sends the gradient at max to the smaller input. Compare the values of s and b.",
        ),
        Mistake(
            lambda: {"a": (B + 1) * arriving(A, B), "b": (A + 1) * arriving(A, B)},
            "That sends the gradient at max to both inputs. The smaller input receives 0.",
        ),
        Mistake(
            lambda: scaled(1 / arriving(A, B)),
            "The sigmoid is missing: its local gradient is a factor on every path.",
        ),
        Mistake(
            lambda: scaled(forward(A, B)["L"]),
            "That starts the backward pass from the value of L. It starts from ∂L/∂L.",
        ),
        Mistake(
            lambda: scaled(forward(A, B)["m"] * (1 - forward(A, B)["m"]) / arriving(A, B)),
            "At the sigmoid you used its input m. The rule L·(1 − L) uses its output.",
        ),
    ),
    hints=(
        "Forward first: p = a·b, s = p + a, m = max(s, b), L = σ(m). Which input does max follow?",
        "dm = L·(1 − L). max sends all of it to s; the sum passes it on to p and to a.",
        "a receives dm from the sum and b·dm from the product: add them. b receives a·dm.",
    ),
)
