"""Lesson 12: second derivatives, the Hessian and its products, and the passes they cost."""

import math

from .exercise import Mistake
from .numeric import COUNT, Number, Numbers

AT = 2.0


def first() -> float:
    """The derivative of x·sin(x) at 2."""
    return math.sin(AT) + AT * math.cos(AT)


def second() -> float:
    return 2 * math.cos(AT) - AT * math.sin(AT)


SECOND = Number(
    key="12.second",
    answer=second,
    because="sin x gives cos x, and x·cos x gives cos x − x·sin x.",
    mistakes=(
        Mistake(first, "That is the first derivative. Differentiate it once more."),
        Mistake(
            lambda: first() + second(),
            "That is the first derivative and the second one, added. They are two numbers.",
        ),
        Mistake(
            lambda: first() ** 2,
            "That is the first derivative squared. The second one is the derivative *of* it.",
        ),
        Mistake(
            lambda: math.cos(AT) - AT * math.sin(AT),
            "One cos x is missing: the first derivative is a sum, and both of its parts move.",
        ),
        Mistake(
            lambda: AT * math.cos(AT),
            "That is x·cos x, one half of the *first* derivative; or 2·cos x, one half of the "
            "second one, without −x·sin x.",
        ),
        Mistake(
            lambda: -AT * math.sin(AT),
            "That is x times the second derivative of the sine. The x moves as well.",
        ),
        Mistake(
            lambda: -math.sin(AT),
            "That is the second derivative of the sine alone. Where is the factor x?",
        ),
        Mistake(
            lambda: 2 * math.cos(AT) + AT * math.sin(AT),
            "A sign: the derivative of cos is −sin.",
        ),
    ),
    hints=(
        "A product has two terms in its derivative: sin x + x·cos x. Both depend on x.",
        "The first term gives cos x. The second is a product again.",
        "2·cos 2 − 2·sin 2, with the angle in radians.",
    ),
)

W, EXAMPLE, TARGET = 2.0, 3.0, 1.0

KINKED = Number(
    key="12.relu",
    answer=lambda: 2 * EXAMPLE**2,
    because="relu passes w·x as it is here, so L is (w·x − t)², and that bends.",
    mistakes=(
        Mistake(
            lambda: 0.0,
            "relu itself does not bend. But its result is squared, and the square does.",
        ),
        Mistake(
            lambda: 2.0,
            "That is how L bends with the prediction. w moves the prediction x times as fast, and "
            "its slope too.",
        ),
        Mistake(
            lambda: 2 * EXAMPLE,
            "One factor x is missing: it comes in with the first derivative and again with the "
            "second.",
        ),
        Mistake(
            lambda: 2 * (W * EXAMPLE - TARGET) * EXAMPLE,
            "That is the first derivative. How fast does it move with w?",
        ),
        Mistake(
            lambda: EXAMPLE**2,
            "The 2 of the square is missing.",
        ),
    ),
    hints=(
        "w·x = 6 is above 0. What does relu make of it, here and near by?",
        "There L is (3·w − 1)². The first derivative is 2·(3·w − 1)·3.",
        "Differentiate 6·(3·w − 1) by w.",
    ),
)

POINT, MOVE = (2.0, 3.0), (1.0, 2.0)


def gradient(x1: float, x2: float) -> tuple[float, float]:
    """The gradient of x1·x2²."""
    return x2**2, 2 * x1 * x2


def hessian(x1: float, x2: float) -> tuple[tuple[float, float], tuple[float, float]]:
    return (0.0, 2 * x2), (2 * x2, 2 * x1)


def both(one: float, other: float) -> dict[str, float]:
    return {"x1": one, "x2": other}


def product(v1: float, v2: float) -> dict[str, float]:
    """Hessian · v at the point of the lesson."""
    return both(*(a * v1 + b * v2 for a, b in hessian(*POINT)))


SWAPPED = "That belongs to the other input: x1 and x2 are swapped."


def swapped(numbers: dict[str, float]) -> dict[str, float]:
    """The same numbers, each at the other input."""
    return dict(zip(numbers, reversed(numbers.values()), strict=True))


PRODUCT = Numbers(
    key="12.product",
    answer=lambda: product(*MOVE),
    because="Each row of the Hessian times v: how the gradient moves when x moves along v.",
    mistakes=(
        Mistake(
            lambda: both(*(g * v for g, v in zip(gradient(*POINT), MOVE, strict=True))),
            "That is the *gradient* times v. Differentiate it once more.",
        ),
        Mistake(
            lambda: both(*gradient(*POINT)),
            "That is the gradient itself. How does it move along v?",
        ),
        Mistake(lambda: swapped(product(*MOVE)), SWAPPED),
        Mistake(
            lambda: both(*(hessian(*POINT)[i][i] * MOVE[i] for i in range(2))),
            "Only the diagonal is there. Each entry of the gradient depends on both inputs.",
        ),
        Mistake(
            lambda: product(1.0, 1.0),
            "That adds up the rows of the Hessian: v = (1, 1). Here x2 moves twice as fast.",
        ),
        Mistake(
            lambda: product(MOVE[1], MOVE[0]),
            "v is turned round: its first entry moves x1.",
        ),
        Mistake(
            lambda: both(
                *(
                    after - before
                    for after, before in zip(
                        gradient(POINT[0] + MOVE[0], POINT[1] + MOVE[1]),
                        gradient(*POINT),
                        strict=True,
                    )
                )
            ),
            "That is the gradient at x + v, less the gradient at x: a whole step. Asked is how "
            "fast it begins to move.",
        ),
    ),
    hints=(
        "The gradient is (x2², 2·x1·x2). Differentiate each entry by x1 and by x2.",
        "The Hessian has the rows (0, 2·x2) and (2·x2, 2·x1). Put in x = (2, 3).",
        "The rows are (0, 6) and (6, 4). Each of them times (1, 2), entry by entry, and added.",
    ),
)

PARAMETERS = 1000.0


def passes(whole: float, one: float) -> dict[str, float]:
    return {"hessian": whole, "product": one}


PASSES = Numbers(
    key="12.passes",
    answer=lambda: passes(PARAMETERS, 1.0),
    tolerance=COUNT,
    because="A row for each entry of the gradient; and one tangent, carried along once.",
    mistakes=(
        Mistake(
            lambda: passes(PARAMETERS**2, 1.0),
            "A sweep fills a whole row of the Hessian. How many rows are there?",
        ),
        Mistake(
            lambda: passes(PARAMETERS + 1, 1.0),
            "One too many: the gradient is recorded already, and each sweep starts at one of its "
            "entries.",
        ),
        Mistake(
            lambda: passes(1.0, 1.0),
            "The gradient has an entry for each parameter, and one sweep starts at one of them.",
        ),
        Mistake(
            lambda: passes(PARAMETERS, PARAMETERS),
            "So it is when the Hessian is made first. A tangent needs no Hessian.",
        ),
        Mistake(
            lambda: passes(PARAMETERS * (PARAMETERS + 1) / 2, 1.0),
            "Symmetry leaves half of the entries to know. A sweep still brings a row.",
        ),
        Mistake(
            lambda: passes(PARAMETERS, 2.0),
            "One tangent is carried along the whole graph of the gradient, once.",
        ),
        Mistake(
            lambda: passes(1.0, PARAMETERS),
            "It is the other way round: which of the two is a table?",
        ),
    ),
    hints=(
        "The Hessian is the Jacobian of the gradient. How many outputs does the gradient have?",
        "By rows: one sweep for each output. A product with one v: one column's worth.",
        "1000 parameters make a gradient of 1000 entries.",
    ),
)
