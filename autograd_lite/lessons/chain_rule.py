"""Lesson 03: along a path local gradients multiply, and paths add."""

from .backward_order import ORDER, ORDERS, OVERWRITE, PATHS, VISITS
from .cancelling import CANCEL
from .choice import Choice, Option
from .exercise import Mistake
from .function import Function
from .numeric import Number

X = 2.0


def series(x: float) -> float:
    """L = 8·v, with v = 1/u and u = x²."""
    return 8 / x**2


def factors(x: float) -> tuple[float, float, float]:
    """∂u/∂x, ∂v/∂u and ∂L/∂v: each is taken at the input of its own operation."""
    u = x**2
    return 2 * x, -1 / u**2, 8.0


def series_gradient(x: float) -> float:
    """One path, so one product."""
    first, second, third = factors(x)
    return first * second * third


SERIES = Number(
    key="03.series",
    answer=lambda: series_gradient(X),
    because="One path leads from x to L, and its three local gradients multiply.",
    mistakes=(
        Mistake(
            lambda: sum(factors(X)),
            "That adds the three local gradients. Along one path they multiply.",
        ),
        Mistake(
            lambda: -series_gradient(X),
            "The sign is lost: 1/u falls when u grows. (The value of L is this number too, but "
            "a value is not a gradient.)",
        ),
        Mistake(
            lambda: factors(X)[0] * -1 * factors(X)[2],
            "The slope of 1/u is taken as −1, as it is at u = 1. Here u is x².",
        ),
        Mistake(
            lambda: 2 * X * (-1 / X**2) * 8,
            "The factor of 1/u is wrong: it falls with the square of u, not of x, and not with u "
            "itself. A local gradient is taken at the operation's own input.",
        ),
        Mistake(
            lambda: factors(X)[1] * factors(X)[2],
            "The first factor is missing: when x moves, u moves 2·x times as fast.",
        ),
        Mistake(
            lambda: factors(X)[0] * factors(X)[2],
            "The factor in the middle is missing: v = 1/u has a local gradient too.",
        ),
        Mistake(
            lambda: factors(X)[0] * factors(X)[1],
            "The last factor is missing: when v moves, L moves 8 times as fast.",
        ),
    ),
    hints=(
        "How fast does u move when x moves? Then v when u moves, and L when v moves?",
        "The local gradients are 2·x, then −1/u², then 8. Put in x = 2 and u = 4.",
        "Multiply 4, −1/16 and 8.",
    ),
)


def fan(a: float) -> float:
    """L = y1·y2 + y3, with y1 = 3·a, y2 = a² and y3 = −a."""
    return (3 * a) * a**2 - a


def branches(a: float) -> tuple[float, float, float]:
    """∂L/∂y_k · ∂y_k/∂a for each branch: the product switches, the sum distributes."""
    y1, y2 = 3 * a, a**2
    return y2 * 3, y1 * 2 * a, -1.0


FAN = Number(
    key="03.fan",
    answer=lambda: sum(branches(X)),
    because="Each of the three branches brings upstream · local, and the three are added.",
    mistakes=(
        Mistake(
            lambda: branches(X)[0],
            "That is the branch through y1 alone. The other two move L as well.",
        ),
        Mistake(
            lambda: branches(X)[1],
            "That is the branch through y2 alone. The other two move L as well.",
        ),
        Mistake(
            lambda: branches(X)[2],
            "That is the branch through y3 alone. The other two move L as well.",
        ),
        Mistake(
            lambda: branches(X)[0] + branches(X)[1],
            "The branch through y3 is missing. It is added too, with its sign.",
        ),
        Mistake(
            lambda: branches(X)[0] + branches(X)[1] + 1,
            "The branch through y3 came in with a plus. y3 falls when a grows.",
        ),
        Mistake(
            lambda: branches(X)[0] * branches(X)[1] * branches(X)[2],
            "That multiplies the branches. Along one path you multiply; between paths you add.",
        ),
        Mistake(
            lambda: 3 + 2 * X - 1,
            "That adds the local gradients of y1, y2 and y3. Each must first be multiplied by "
            "its upstream gradient.",
        ),
        Mistake(
            lambda: 3 * X * 3 + X**2 * 2 * X - 1,
            "In y1·y2 each input got itself as its local gradient. The product is a switcher.",
        ),
        Mistake(
            lambda: sum(branches(X)) / 3,
            "That is the mean of the three contributions. They are added, not averaged.",
        ),
        Mistake(
            lambda: fan(X),
            "That is the value of L. The gradient says how fast L moves when a moves.",
        ),
    ),
    hints=(
        "Three branches leave a. For each: upstream gradient at y_k, times how fast y_k moves.",
        "The upstream gradients are y2 at y1, y1 at y2, and 1 at y3.",
        "y1 brings 4·3, y2 brings 6·4, y3 brings 1·(−1). Add them.",
    ),
)


def f_value(a: float, b: float) -> float:
    """f = p·q, with p = ab and q = a + b."""
    return (a * b) * (a + b)


def f_backward(a: float, b: float) -> tuple[float, float]:
    """p receives q and q receives p; then a and b add one path through each."""
    p, q = a * b, a + b
    return q * b + p, q * a + p


def scaled(a: float, b: float, factor: float) -> tuple[float, float]:
    """The right gradients, times a factor that does not belong there."""
    da, db = f_backward(a, b)
    return factor * da, factor * db


RULE = Function(
    key="03.rule",
    name="f_backward",
    arguments=("a", "b"),
    results=("da", "db"),
    answer=f_backward,
    because="Two paths for each input, one through p and one through q, added.",
    mistakes=(
        Mistake(
            lambda a, b: ((a + b) * b, (a + b) * a),
            "Only the paths through p are left: they have overwritten the paths through q. "
            "Contributions are added.",
        ),
        Mistake(
            lambda a, b: (a * b, a * b),
            "Only the paths through q are left. Each input also goes into p.",
        ),
        Mistake(
            lambda a, b: ((a + b) * b * a * b, (a + b) * a * a * b),
            "That multiplies the two paths. Along one path you multiply; between paths you add.",
        ),
        Mistake(
            lambda a, b: (a * b * b + a + b, a * b * a + a + b),
            "In p·q each input got itself as its gradient. The product is a switcher.",
        ),
        Mistake(
            lambda a, b: (a * b * b + a + b, f_backward(a, b)[1]),
            "db is right. In da p and q are swapped: what arrives at p is q.",
        ),
        Mistake(
            lambda a, b: (f_backward(a, b)[0], a * b * a + a + b),
            "da is right. In db p and q are swapped: what arrives at p is q.",
        ),
        Mistake(
            lambda a, b: ((a + b) * a + a * b, (a + b) * b + a * b),
            "The two gradients are swapped, or in a·b each input got itself.",
        ),
        Mistake(
            lambda a, b: (b + 1, a + 1),
            "That adds the local gradients of p and q. Each must first be multiplied by what "
            "arrives at p and at q.",
        ),
        Mistake(
            lambda a, b: scaled(a, b, f_value(a, b)),
            "That starts the backward pass from the value of f. It starts from ∂f/∂f.",
        ),
        Mistake(
            lambda a, b: scaled(a, b, 0.5),
            "That is the mean of the two paths. They are added, not averaged.",
        ),
        Mistake(
            lambda a, b: ((a + b) * b - a * b, (a + b) * a - a * b),
            "One sign is wrong: the path through q is added.",
        ),
    ),
    hints=(
        "Compute p and q first. What arrives at p, and what arrives at q?",
        "dp = q and dq = p. From p, the input a receives dp·b; from q it receives dq.",
        "da = dp·b + dq and db = dp·a + dq.",
    ),
)

SERIES_OR_NOT = Choice(
    key="03.quiz.1",
    prompt="How do the local gradients of a graph make one gradient?",
    options=(
        Option(
            "Multiply along each path, then multiply the paths.",
            "Two paths side by side move the output one after the other. Their effects add.",
        ),
        Option(
            "Add along each path, then multiply the paths.",
            "It is the other way round: in a row, speeds multiply.",
        ),
        Option(
            "Multiply along each path, then add the paths.",
            "In a row, speeds multiply. Side by side, their effects add.",
        ),
        Option(
            "Take the path with the largest product.",
            "The other paths move the output too, if less.",
        ),
    ),
    right="c",
    hints=(
        "Think of the series x, u, v, L: what became of the three factors?",
        "Think of the fork at a: what became of the three branches?",
        "Gears in a row multiply. Two people who push the same cart add.",
    ),
)

WHEN = Choice(
    key="03.quiz.2",
    prompt="When may a node pass its gradient on?",
    options=(
        Option(
            "When every node that uses it has sent its contribution.",
            "Only then is the sum at the node its gradient.",
        ),
        Option(
            "As soon as the first contribution has arrived.",
            "What arrives later would never get further: a path is lost.",
        ),
        Option(
            "When all its inputs have their gradients.",
            "The inputs get theirs from this node. They would wait for ever.",
        ),
        Option(
            "At any time, since a sum has no order.",
            "The sum at one node has no order. But a node that sends too early sends only a part.",
        ),
    ),
    right="a",
    hints=(
        "Think of p in e = p·s, s = p + a.",
        "Two operations use p. What happens to the second contribution if p has already sent?",
        "Before the last contribution has arrived, the sum is not the gradient.",
    ),
)

ONCE = Choice(
    key="03.quiz.3",
    prompt="A graph has 30 nodes and a million paths. How often does the backward pass visit a "
    "node?",
    options=(
        Option(
            "Once for each path through it.",
            "That is the walk along every path. The backward pass adds first and goes on once.",
        ),
        Option(
            "Once for each arrow that leaves it.",
            "One contribution arrives over each arrow. But the node passes on once, their sum.",
        ),
        Option(
            "Once for each input of the graph.",
            "One backward pass serves all the inputs together.",
        ),
        Option(
            "Once.",
            "All that arrives is added first. Then it goes on, one time for all paths.",
        ),
    ),
    right="d",
    hints=(
        "Look at the two counts in this lesson: 2,097,151 and 21.",
        "The second count is the number of nodes.",
        "Where contributions are added before they go on, many paths go on as one number.",
    ),
)

CHAIN_RULE = (
    SERIES, FAN, PATHS, ORDER, OVERWRITE, VISITS, RULE, ORDERS, CANCEL, SERIES_OR_NOT, WHEN, ONCE,
)  # fmt: skip
