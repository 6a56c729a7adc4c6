"""Lesson 12: a Jacobian by columns, and a product with a Hessian that nobody makes."""

from math import cos, sin

from .exercise import Mistake
from .function import Function


def polar_slopes(r: float, phi: float) -> tuple[float, float, float, float]:
    """The Jacobian of x = r·cos φ and y = r·sin φ, row by row.

    >>> polar_slopes(2.0, 0.0)
    (1.0, -0.0, 0.0, 2.0)
    """
    return cos(phi), -r * sin(phi), sin(phi), r * cos(phi)


POLAR = Function(
    key="12.polar.rule",
    name="polar_slopes",
    arguments=("r", "phi"),
    results=("x_r", "x_phi", "y_r", "y_phi"),
    answer=polar_slopes,
    because="By columns it takes two passes, one for each input, however many outputs there are.",
    mistakes=(
        Mistake(
            lambda r, phi: (cos(phi), sin(phi), -r * sin(phi), r * cos(phi)),
            "All four numbers are right, and y_r and x_phi are swapped. A tangent brings a "
            "*column*: both outputs, moved by one input.",
        ),
        Mistake(
            lambda r, phi: (-r * sin(phi), cos(phi), r * cos(phi), sin(phi)),
            "r and phi are swapped: the tangents (1, 0) move r.",
        ),
        Mistake(
            lambda r, phi: (sin(phi), r * cos(phi), cos(phi), -r * sin(phi)),
            "The two outputs are swapped: x is r·cos φ.",
        ),
        Mistake(
            lambda r, phi: (cos(phi), -sin(phi), sin(phi), cos(phi)),
            "By phi the factor r is missing: it stands in x and in y.",
        ),
        Mistake(
            lambda r, phi: (cos(phi), r * sin(phi), sin(phi), r * cos(phi)),
            "A sign: the derivative of cos is −sin.",
        ),
        Mistake(
            lambda r, phi: (r * cos(phi), r * cos(phi), r * sin(phi), r * sin(phi)),
            "Those are the values. ag.jvp returns the value first, then how it moves.",
        ),
        Mistake(
            lambda r, phi: (
                cos(phi) - r * sin(phi),
                cos(phi) - r * sin(phi),
                sin(phi) + r * cos(phi),
                sin(phi) + r * cos(phi),
            ),
            "Both inputs moved at once, with the tangents (1, 1). Move one at a time.",
        ),
    ),
    hints=(
        "Let r move and phi stand still. How fast do x and y move?",
        "ag.jvp(polar, (r, phi), (1.0, 0.0)) returns the value and the first column.",
        "The second column has the tangents (0.0, 1.0). Return first[0], second[0], first[1], "
        "second[1].",
    ),
)


def slopes(x1: float, x2: float) -> tuple[float, float]:
    """The gradient of sin(x1)·x2²."""
    return cos(x1) * x2**2, 2 * sin(x1) * x2


def times_hessian(x1: float, x2: float, v1: float, v2: float) -> tuple[float, float]:
    """Hessian · v of sin(x1)·x2².

    >>> times_hessian(0.0, 3.0, 1.0, 2.0)
    (12.0, 6.0)
    """
    mixed = 2 * x2 * cos(x1)
    return -sin(x1) * x2**2 * v1 + mixed * v2, mixed * v1 + 2 * sin(x1) * v2


def along_v(x1: float, x2: float, v1: float, v2: float) -> float:
    """How fast the value itself moves along v."""
    one, other = slopes(x1, x2)
    return one * v1 + other * v2


def whole_step(x1: float, x2: float, v1: float, v2: float) -> tuple[float, float]:
    before, after = slopes(x1, x2), slopes(x1 + v1, x2 + v2)
    return after[0] - before[0], after[1] - before[1]


TIMES_HESSIAN = Function(
    key="12.hessian.rule",
    name="times_hessian",
    arguments=("x1", "x2", "v1", "v2"),
    results=("h1", "h2"),
    answer=times_hessian,
    because="ag.hvp gives the same: a tangent, carried along the graph of the gradient.",
    mistakes=(
        Mistake(
            lambda x1, x2, v1, v2: slopes(x1, x2),
            "That is the gradient. ag.jvp returns the value first, then how it moves: take the "
            "second.",
        ),
        Mistake(
            lambda x1, x2, v1, v2: (slopes(x1, x2)[0] * v1, slopes(x1, x2)[1] * v2),
            "That is the gradient times v, entry by entry. It has to be differentiated again.",
        ),
        Mistake(
            lambda x1, x2, v1, v2: times_hessian(x1, x2, 1.0, 1.0),
            "v is not used: that is the Hessian times (1, 1). The gradient of the *sum* of the "
            "gradient gives it.",
        ),
        Mistake(
            lambda x1, x2, v1, v2: times_hessian(x1, x2, x1, x2),
            "x moves along x. The tangents are v.",
        ),
        Mistake(
            lambda x1, x2, v1, v2: times_hessian(x1, x2, v2, v1),
            "v is turned round: v1 moves x1.",
        ),
        Mistake(
            lambda x1, x2, v1, v2: (-sin(x1) * x2**2 * v1, 2 * sin(x1) * v2),
            "Only the diagonal of the Hessian is there. x1 moves both entries of the gradient.",
        ),
        Mistake(
            lambda x1, x2, v1, v2: (
                v1 * times_hessian(x1, x2, v1, v2)[0],
                v2 * times_hessian(x1, x2, v1, v2)[1],
            ),
            "v is multiplied in twice. The tangents bring it in already.",
        ),
        Mistake(
            lambda x1, x2, v1, v2: (along_v(x1, x2, v1, v2) * v1, along_v(x1, x2, v1, v2) * v2),
            "That is how the value moves along v, times v. Asked is how the gradient moves.",
        ),
        Mistake(
            whole_step,
            "That is the gradient at x + v, less the gradient at x: a whole step, not a slope.",
        ),
    ),
    hints=(
        "H·v is how the gradient moves when x moves along v. Which mode tells how things move?",
        "x = np.array([x1, x2]), v likewise, and the function to move along is ag.grad(g).",
        "gradient, moved = ag.jvp(ag.grad(g), (x,), (v,)), and then return moved[0], moved[1].",
    ),
)
