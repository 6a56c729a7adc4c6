"""Lesson 03: the paths of e = (ab)(ab + a), and the order in which the backward pass adds them."""

from ..tensor import Tensor
from ..views.paths import paths
from .exercise import Mistake
from .numeric import COUNT, Number
from .ordering import Ordering

A, B = 2.0, -3.0


def record() -> tuple[Tensor, Tensor]:
    """e = (ab)(ab + a): a forks, and the product p forks too."""
    a, b = Tensor(A, name="a"), Tensor(B, name="b")
    p = a * b
    s = p + a
    e = p * s
    p.name, s.name, e.name = "p", "s", "e"
    return e, a


def e_value(a: float, b: float) -> float:
    return (a * b) * (a * b + a)


def e_gradient(a: float, b: float) -> float:
    """∂e/∂a: p receives s from e and p from s; a receives b times that, and p from s."""
    p = a * b
    s = p + a
    return (s + p) * b + p


PATHS = Number(
    key="03.paths",
    answer=lambda: float(paths(*record()).count),
    tolerance=COUNT,
    because="One through s alone, one through p alone, one through p and then s.",
    mistakes=(
        Mistake(
            lambda: 2.0,
            "That counts the arrows that leave a. After p the way forks once more.",
        ),
        Mistake(
            lambda: 6.0,
            "That counts all the arrows. A path is a whole way from a to e.",
        ),
        Mistake(
            lambda: 5.0,
            "That counts the boxes. A path is a whole way from a to e.",
        ),
        Mistake(
            lambda: 1.0,
            "There is more than one way: already at a the arrows fork.",
        ),
        Mistake(
            lambda: 4.0,
            "One too many. Start at a only, and follow the arrows forward, never back.",
        ),
    ),
    hints=(
        "Put a finger on a and follow the arrows to e. Go back to a and try another way.",
        "From a you can go to p or to s. From p you can go to s or straight to e.",
        "a → s → e is one. How many begin with a → p?",
    ),
)

ORDER = Ordering(
    key="03.order",
    record=record,
    because="Each operation passed its gradient on after all that use it had sent theirs.",
    hints=(
        "Which of the three has its whole gradient before anything was sent?",
        "p is used by two operations. It must wait for both.",
        "The order of the forward pass is p, s, e. Turn it round.",
    ),
)

OVERWRITE = Number(
    key="03.overwrite",
    answer=lambda: A * B * B,
    because="At p and at a the last arrival overwrote the others. One path of three is left.",
    mistakes=(
        Mistake(
            lambda: e_gradient(A, B),
            "That is the right gradient, with +=. With = each arrival overwrites the one before.",
        ),
        Mistake(
            lambda: (A * B + A + A * B) * B,
            "That overwrites at a, but adds at p. With = the arrivals at p overwrite too.",
        ),
        Mistake(
            lambda: A * B,
            "That is what arrives first at a, from s. p sends later and overwrites it.",
        ),
        Mistake(
            lambda: (A * B + A) * B,
            "With = what comes later overwrites, at p and at a alike. One of the two has kept "
            "what came first.",
        ),
    ),
    hints=(
        "Go through the loop by hand: e sends, then s, then p. Write down grad after each line.",
        "e sends −4 to p, then s sends −6 to p. With = only −6 is left there.",
        "Then p sends −6 · b to a, and overwrites what s had sent there. b is −3.",
    ),
)

DOUBLINGS = 3


def visits(doublings: int) -> int:
    """Boxes that a walk along every path enters in a chain of y = y + y: twice as many each time.

    1 + 2 + 4 + … + 2ⁿ = 2ⁿ⁺¹ − 1

    >>> visits(20)
    2097151
    """
    return 2 ** (doublings + 1) - 1


VISITS = Number(
    key="03.visits",
    answer=lambda: float(visits(DOUBLINGS)),
    tolerance=COUNT,
    because="The walk enters twice as many boxes at each level: 1, 2, 4, 8.",
    mistakes=(
        Mistake(
            lambda: float(2**DOUBLINGS),
            "That is how often the walk enters x, once for each path. The boxes on the way "
            "count too.",
        ),
        Mistake(
            lambda: float(DOUBLINGS + 1),
            "That is the number of boxes. The walk forgets where it was and enters them again.",
        ),
        Mistake(
            lambda: float(visits(DOUBLINGS) - 1),
            "The first box is missing: the walk begins in y.",
        ),
        Mistake(
            lambda: float(2 * DOUBLINGS),
            "That counts the arrows of the graph once. The walk takes the same arrow again and "
            "again.",
        ),
        Mistake(
            lambda: float(2 * DOUBLINGS + 1),
            "Each entry of a box leads to two of the next box. So it is times 2 from level to "
            "level, not plus 2, and x is the last level.",
        ),
    ),
    hints=(
        "The walk enters y once. How often does it enter the box before y?",
        "Each entry of a box leads to two entries of the box below.",
        "Add 1, 2, 4 and 8.",
    ),
)


def record_fan() -> tuple[Tensor, Tensor]:
    """L = m + y3, with m = y1·y2: the fan-out of this lesson."""
    a = Tensor(2.0, name="a")
    y1, y2, y3 = 3 * a, a**2, -a
    m = y1 * y2
    loss = m + y3
    y1.name, y2.name, y3.name, m.name, loss.name = "y1", "y2", "y3", "m", "L"
    return loss, a


ORDERS = Ordering(
    key="03.orders",
    record=record_fan,
    because="It is one of several: only what uses a node must come before it. Move y3, try again.",
    hints=(
        "Only one operation can begin. Which one has its whole gradient from the start?",
        "m is used by L. y1 and y2 are used by m. y3 is used by L.",
        "L first. y3 may come at any time after it. m must come before y1 and y2.",
    ),
)
