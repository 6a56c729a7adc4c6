"""Lesson 04, nudges: how often the function runs, and which step h is best."""

from collections.abc import Callable
from math import cos, e, exp, sin

from .exercise import Mistake
from .function import Function
from .numeric import COUNT, Number

SLOPE_INPUTS = 3
POWERS = range(1, 17)  # h = 10⁻¹ to 10⁻¹⁶

Difference = Callable[[Callable[[float], float], float, float], float]


def forward_difference(f: Callable[[float], float], x: float, h: float) -> float:
    """(f(x + h) − f(x)) / h."""
    return (f(x + h) - f(x)) / h


def central_difference(f: Callable[[float], float], x: float, h: float) -> float:
    """(f(x + h) − f(x − h)) / 2h."""
    return (f(x + h) - f(x - h)) / (2 * h)


def relative_error(difference: Difference, h: float) -> float:
    """How far a difference of exp at 1 is from exp'(1) = e, as a part of e."""
    return abs(difference(exp, 1.0, h) - e) / e


def best_power(difference: Difference) -> float:
    """The k for which h = 10⁻ᵏ gives the smallest error."""
    return float(min(POWERS, key=lambda k: relative_error(difference, 10.0**-k)))


RUNS = Number(
    key="04.runs",
    answer=lambda: SLOPE_INPUTS + 1.0,
    tolerance=COUNT,
    because="One run for each nudged input, and one run that nothing is nudged in.",
    mistakes=(
        Mistake(
            lambda: float(SLOPE_INPUTS),
            "Those are the nudged runs. Each difference also needs the value without a nudge.",
        ),
        Mistake(
            lambda: 2.0 * SLOPE_INPUTS,
            "That runs f anew for the value without a nudge. That value is the same for every "
            "input, so once is enough. (To nudge both ways it would be this number.)",
        ),
        Mistake(
            lambda: 2.0,
            "That nudges all inputs at once. Then nobody knows which of them moved f.",
        ),
        Mistake(
            lambda: 1.0,
            "One run gives one value. A difference needs a second value to compare with.",
        ),
        Mistake(
            lambda: 2.0**SLOPE_INPUTS,
            "That nudges the inputs in every combination. For a slope one is nudged at a time.",
        ),
    ),
    hints=(
        "How many runs does one input need? Which of them can be used again for the next input?",
        "f without a nudge runs once. Then each input is nudged, alone.",
        "One run, and one more for each of the three inputs.",
    ),
)

BEST = Number(
    key="04.best",
    answer=lambda: best_power(forward_difference),
    tolerance=COUNT,
    because="Larger steps lose more to the bend of the curve, smaller steps more to rounding.",
    mistakes=(
        Mistake(
            lambda: 10.0 ** -best_power(forward_difference),
            "That is h. Write k, the number of the power.",
        ),
        Mistake(
            lambda: -best_power(forward_difference),
            "The minus stands in h = 10⁻ᵏ already. Write k without it.",
        ),
        Mistake(
            lambda: best_power(forward_difference) - 1,
            "Close: this h is a little too large. The bend still loses more than rounding.",
        ),
        Mistake(
            lambda: best_power(forward_difference) + 1,
            "Close: this h is a little too small. Rounding loses more than the bend by now.",
        ),
        Mistake(
            lambda: float(POWERS[-1]),
            "That is the smallest step, as if smaller were always better. But 1 + h is then "
            "rounded to 1, and nothing moves at all.",
        ),
        Mistake(
            lambda: 15.0,
            "So small a step moves exp only in its last digit or two, and those are rounded.",
        ),
        Mistake(
            lambda: best_power(central_difference),
            "That is about where a central difference is best. A forward difference wants a "
            "smaller step.",
        ),
        Mistake(
            lambda: float(POWERS[0]),
            "That is the largest step. The curve bends a lot over this distance.",
        ),
    ),
    hints=(
        "A large h: the curve bends. A tiny h: two numbers that are almost equal are subtracted.",
        "A float holds about 16 digits. How many are left after the subtraction?",
        "The best h has about half of the 16 digits: it is near the root of 1e-16.",
    ),
)


def no_brackets_forward(x: float, h: float) -> float:
    return sin(x + h) - sin(x) / h


def no_brackets_central(x: float, h: float) -> float:
    return sin(x + h) - sin(x - h) / (2 * h)


SLOPES = Function(
    key="04.slope_rule",
    name="slopes",
    arguments=("x", "h"),
    results=("forward", "central"),
    answer=lambda x, h: (forward_difference(sin, x, h), central_difference(sin, x, h)),
    because="Both agree at every point that was tried, large steps and negative ones included.",
    mistakes=(
        Mistake(
            lambda x, h: (forward_difference(sin, x, h), 2 * central_difference(sin, x, h)),
            "forward is right. In central the two points are 2·h apart, so divide by 2·h.",
        ),
        Mistake(
            lambda x, h: (
                forward_difference(sin, x, h),
                (sin(x + h) - sin(x - h)) / 2 * h,  # as it is often typed
            ),
            "forward is right. In central, / 2 * h divides by 2 and then multiplies by h. Write "
            "/ (2 * h).",
        ),
        Mistake(
            lambda x, h: (no_brackets_forward(x, h), no_brackets_central(x, h)),
            "In both the brackets are missing: only the last sine is divided. Write (… − …) / …, "
            "the change in brackets.",
        ),
        Mistake(
            lambda x, h: (no_brackets_forward(x, h), central_difference(sin, x, h)),
            "central is right. In forward the brackets are missing: only the last sine is divided.",
        ),
        Mistake(
            lambda x, h: (forward_difference(sin, x, h), no_brackets_central(x, h)),
            "forward is right. In central the brackets are missing: only the last sine is divided.",
        ),
        Mistake(
            lambda x, h: (forward_difference(sin, x, -h), central_difference(sin, x, h)),
            "central is right. Your other one nudges back, from x − h to x. Nudge forward.",
        ),
        Mistake(
            lambda x, h: (central_difference(sin, x, h), forward_difference(sin, x, h)),
            "The two are swapped. Return forward first.",
        ),
        Mistake(
            lambda x, h: (cos(x), cos(x)),
            "That is the derivative itself, and nothing is nudged. Use sin and h only.",
        ),
        Mistake(
            lambda x, h: (sin(x + h) - sin(x), sin(x + h) - sin(x - h)),
            "Those are the changes. A slope is the change, divided by how far x moved.",
        ),
        Mistake(
            lambda x, h: (-forward_difference(sin, x, h), -central_difference(sin, x, h)),
            "The signs are turned round: take the value on the left from the value on the right.",
        ),
    ),
    hints=(
        "A slope is the change of the value, divided by how far x moved.",
        "forward goes from x to x + h. central goes from x − h to x + h: how far is that?",
        "forward = (sin(x + h) − sin(x)) / h, central = (sin(x + h) − sin(x − h)) / (2 * h).",
    ),
)
