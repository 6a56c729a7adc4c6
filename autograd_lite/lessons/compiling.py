"""Lesson 11: what a compiler leaves out, what it must not, and what it may write over."""

from .choice import Choice, Option
from .compiling_rules import DEAD_LINES
from .exercise import Mistake
from .numeric import COUNT, Number
from .own_pass import Line, Lines
from .shared_lines import FEWER, TWICE_WRITTEN

DEAD = Choice(
    key="11.dead",
    prompt="z is wanted, and nothing else. Which of the five lines can go?",
    options=(
        Option("d.", "Nobody reads d. But when d is gone, who reads b?"),
        Option("b and d.", "Nobody reads d. When it is gone, nobody reads b either."),
        Option("z and d.", "Nobody reads z here, but it is what is wanted."),
        Option("None: each line computes something else.", "d leads nowhere. Who needs it?"),
    ),
    right="b",
    hints=(
        "Begin at z. What does it read?",
        "z reads c and a. c reads a. a reads x and y.",
        "Two lines were not met on the way.",
    ),
)

TWICE: tuple[Line, ...] = (
    ("a", "+", "x", "y"),
    ("b", "+", "y", "x"),
    ("c", "*", "a", "b"),
    ("d", "-", "x", "y"),
    ("e", "-", "y", "x"),
    ("f", "*", "d", "e"),
    ("z", "+", "c", "f"),
)


def share(lines: Lines, either_way: str = "+*") -> Lines:
    """Compute once what is computed twice; `either_way` are the signs that may be turned round.

    >>> share([("a", "+", "x", "y"), ("b", "+", "y", "x"), ("z", "*", "a", "b")])
    [('a', '+', 'x', 'y'), ('z', '*', 'a', 'a')]
    """
    first: dict[tuple[str, ...], str] = {}
    same: dict[str, str] = {}
    kept = []
    for name, sign, *operands in lines:
        left, right = (same.get(operand, operand) for operand in operands)
        pair = sorted((left, right)) if sign in either_way else (left, right)
        same[name] = first.setdefault((sign, *pair), name)
        if same[name] == name:
            kept.append((name, sign, left, right))
    return kept


SHARED = Number(
    key="11.share",
    answer=lambda: float(len(share(list(TWICE)))),
    tolerance=COUNT,
    because="x + y and y + x are the same number to the last bit; x − y and y − x are not.",
    mistakes=(
        Mistake(
            lambda: float(len(share(list(TWICE), ""))),
            "So it is if the order counts everywhere. In a sum of two it does not.",
        ),
        Mistake(
            lambda: float(len(share(list(TWICE), "+-*"))),
            "x − y is not y − x: they differ by their sign. Only sums and products may be turned.",
        ),
        Mistake(
            lambda: float(len({frozenset(line[2:]) for line in TWICE})),
            "So it is if only the operands count. The sign counts too: x + y is not x − y.",
        ),
        Mistake(lambda: 1.0, "That is how many lines go. How many stay?"),
    ),
    hints=(
        "Two lines of the seven look alike, and two others only nearly.",
        "y + x is x + y. y − x is −(x − y).",
        "b can go. Everything else stays.",
    ),
)

EXACT = Choice(
    key="11.exact",
    prompt="Which of these may a compiler replace by x, for every float x and y, to the last bit?",
    options=(
        Option("x + 0.0", "For x = −0.0 it gives 0.0. They differ in a bit, and 1/x tells them."),
        Option("(x + y) − y", "Sums are rounded: (1e-20 + 1) − 1 is 0."),
        Option("x * y / y", "For y = 0 it is nan, and for others the last digit may differ."),
        Option("x * 1.0", "Nothing is rounded, and the sign stays, of zero and of infinity too."),
    ),
    right="d",
    hints=(
        "Floats are rounded, and there are two zeros.",
        "Try x = −0.0 in the first, and x = 1e-20, y = 1 in the second.",
        "Which one neither rounds nor changes a sign?",
    ),
)

OVERWRITE = Choice(
    key="11.overwrite",
    prompt="z = f(x), and nobody else reads x going forward. With which f may z be written over x, "
    "when a backward pass follows?",
    options=(
        Option("sin", "Its local gradient is cos x: it needs the input, which is gone."),
        Option("log", "Its local gradient is 1/x: it needs the input, which is gone."),
        Option("exp", "Its local gradient is e^x, which is the output. The input can go."),
        Option("x², as x * x", "Its local gradient is 2·x: it needs the input, which is gone."),
    ),
    right="c",
    hints=(
        "Write down the local gradient of each. What does it read?",
        "cos x, 1/x, 2·x. And the fourth?",
        "One of them can be computed from the output.",
    ),
)

SIGMOIDS = Choice(
    key="11.kept",
    prompt="The layer is XW1 = X·W1, z2 = XW1 + b1, a2 = σ(z2), and next comes a2·W2. Which of "
    "XW1, z2 and a2 does the backward pass read?",
    options=(
        Option(
            "All three: each belongs to a step.",
            "The rule of a product reads its factors, not its result. A sum reads nothing.",
        ),
        Option(
            "z2 and a2: σ' is taken at z2.",
            "It is, but σ'(z2) = a2·(1 − a2). The output is enough.",
        ),
        Option(
            "a2 alone.",
            "dW2 = a2ᵀ·dz3, and σ' = a2·(1 − a2). So XW1, z2 and a2 may share one array.",
        ),
        Option(
            "None: they can be computed again.",
            "They could, from X and W1, which costs another forward pass. Here it is kept.",
        ),
    ),
    right="c",
    hints=(
        "Go through the rules: X·W1, + b1, σ, a2·W2.",
        "X·W1 reads X and W1. + b1 reads nothing. σ reads its output.",
        "The product a2·W2 reads a2 and W2.",
    ),
)

MEANING = Choice(
    key="11.quiz.1",
    prompt="What does a compiler of graphs need to know about a layer of your own?",
    options=(
        Option("Its backward, written once more for the compiler.", "Nobody writes a second one."),
        Option("Its name.", "Names are for people. They end up in the comments."),
        Option("How fast it is.", "It does not ask. It leaves out what nobody needs."),
        Option(
            "Nothing: it sees the operations that the layer adds to the graph.",
            "A layer is sugar, and the graph has none.",
        ),
    ),
    right="d",
    hints=(
        "What is left of a layer when the graph has been recorded?",
        "Lesson 10: what does a layer add?",
        "Only operations are left.",
    ),
)

STALE = Choice(
    key="11.quiz.2",
    prompt="A compiled program was made from a graph. Then you change an `if` in your Python "
    "function. What does the program do?",
    options=(
        Option(
            "The same as before: it was made from the graph that was recorded.",
            "What Python decided then is decided. Record again, and compile again.",
        ),
        Option("It takes the new branch.", "It never saw the `if`, only what ran because of it."),
        Option("It stops with an error.", "It cannot know. It has no link to your function."),
        Option("It runs both branches.", "Only one of them was ever recorded."),
    ),
    right="a",
    hints=(
        "What is in a graph: your code, or what it did?",
        "Lesson 04: a loop runs until it is done, and the rounds that ran are the graph.",
        "Which answer speaks of what was recorded?",
    ),
)

BITS = Choice(
    key="11.quiz.3",
    prompt="A compiler replaces 0.0 * x by 0.0. When is that wrong?",
    options=(
        Option("Never: zero times anything is zero.", "Among floats are inf, nan and −0.0."),
        Option(
            "When x is inf, nan, negative or −0.0.",
            "0 · inf and 0 · nan are nan, and 0 times what has a minus is −0.0.",
        ),
        Option("When x is very large.", "0.0 * 1e308 is 0.0. It has to be inf."),
        Option("When x is an array.", "Then it holds, or does not, for each of its numbers."),
    ),
    right="b",
    hints=(
        "Try it: 0.0 * float('inf'), 0.0 * -3.0.",
        "What would a wrong 0.0 hide, in a training run that went wrong?",
        "nan, nan, −0.0, −0.0.",
    ),
)

COMPILING = (
    DEAD, SHARED, EXACT, SIGMOIDS, OVERWRITE, DEAD_LINES,
    FEWER, TWICE_WRITTEN, MEANING, STALE, BITS,
)  # fmt: skip
