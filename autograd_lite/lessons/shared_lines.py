"""Lesson 11: two lines less, and a function of the learner's that computes something twice."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..graph import ComputationGraph
from ..tensor import Tensor
from .choice import Choice, Option
from .exercise import Unreadable
from .found import Found, Shortfall

FEWER = Choice(
    key="11.fewer",
    prompt="X and Y get requires_grad=False. Which lines of B1 to B10 go, and what else?",
    options=(
        Option(
            "B1 and B10: they read X and Y.",
            "B10 reads X to make the gradient of W1, which is still wanted. B1 starts everything.",
        ),
        Option(
            "B9, the line of d_Y, and the transpose of W1 that B9 read.",
            "Nobody wants d_X and d_Y now, and only B9 read W1 transposed.",
        ),
        Option(
            "B9 and B10, which share their factor dz2.",
            "B10 is the gradient of W1. A shared factor makes no line dead.",
        ),
        Option(
            "None: gradients are computed anyway, and not returned.",
            "What nobody needs is not even recorded. Count the calls before and after.",
        ),
    ),
    right="b",
    hints=(
        "Which two results did `backward` return, and does no longer?",
        "d_X and d_Y. Which lines computed them?",
        "d_X was B9. Who else read W1 transposed?",
    ),
)

PASS = "common subexpressions"


def read(answer: Any) -> list[int]:
    """Calls before and after the pass, for every time it ran. Raises `Unreadable`."""
    if not callable(answer):
        raise Unreadable('Hand in the function itself: lessons.check("11.twice", twice).')
    x = Tensor([1.0, 2.0, 3.0], name="x")
    w = Tensor([0.5, -1.0, 2.0], name="w")
    try:
        y = answer(x, w)
    except Exception as problem:
        raise Unreadable(f"The function stopped with {type(problem).__name__}: {problem}") from None
    if not isinstance(y, Tensor) or y.operation is None or not y.requires_grad:
        raise Unreadable(f"The function gave a {type(y).__name__}, and no graph of x and w.")
    passes = ComputationGraph(y.sum()).compile().passes
    sizes = [len(program) for _, program in passes]
    return [sizes[i - 1] - sizes[i] for i, (name, _) in enumerate(passes) if name == PASS]


def example(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """An answer: the function itself, which is handed in without calling it."""
    return function


TWICE_WRITTEN = Found(
    key="11.twice",
    read=read,
    answer=lambda: example(lambda x, w: np.exp(x * w) + np.sin(w * x)),
    because="The compiler finds that something is computed twice, and computes it once.",
    mistakes=(
        Shortfall(
            lambda gone: not gone,
            lambda: example(lambda x, w: x + w),
            "This pass changes nothing here: no two lines compute the same from the same operands.",
        ),
    ),
    hints=(
        "Two operations are the same when they read the same operands.",
        "Write x * w in one place and w * x in another.",
        "For example the product of exp(x * w) and sin(w * x).",
    ),
)
