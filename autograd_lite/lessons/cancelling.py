"""Lesson 03: paths that are not 0, and whose sum is."""

from typing import Any

from ..graph import ComputationGraph
from ..tensor import Tensor
from ..views.paths import Paths, paths
from .exercise import Unreadable
from .found import Found, Shortfall
from .numeric import close

X = 3.0
MANY = 1000  # paths: more are not walked


def read(answer: Any) -> Paths:
    """All paths of the answer's graph. Raises `Unreadable`."""
    wanted = "Hand in y, a Tensor that was computed from x."
    if not isinstance(answer, Tensor):
        raise Unreadable(f"The answer is of type {type(answer).__name__}. {wanted}")
    leaves = [n for n in ComputationGraph(answer).nodes if n.operation is None and n.requires_grad]
    if len(leaves) != 1 or answer.operation is None:
        raise Unreadable(f"The graph of the answer has {len(leaves)} inputs, not x alone. {wanted}")
    if answer.ndim or leaves[0].ndim:
        raise Unreadable(f"x and y are single numbers here, not arrays. {wanted}")
    if leaves[0].item() != X:
        raise Unreadable(f"x is {leaves[0].item():g} in this graph. Take x = {X:g}.")
    try:
        found = paths(answer, leaves[0])
    except (TypeError, ValueError) as problem:  # an array on the way
        raise Unreadable(str(problem)) from None
    if found.count > MANY:
        raise Unreadable(f"That graph has {found.count:,} paths. A few are enough.")
    return found


def example(function: Any) -> Tensor:
    """The function, recorded at x = 3."""
    y: Tensor = function(Tensor(X, name="x"))
    return y


CANCEL = Found(
    key="03.cancel",
    read=read,
    answer=lambda: example(lambda x: 6 * x - x * x),
    because="No path is 0, and their sum is: a small nudge of x does not move y.",
    mistakes=(
        Shortfall(
            lambda found: found.count == 1,
            lambda: example(lambda x: x**2),
            "There is one path from x to y. One path alone has nothing to cancel with.",
        ),
        Shortfall(
            lambda found: any(path.product == 0 for path in found),
            lambda: example(lambda x: (x - X) * (x - X)),
            "A path brings 0 by itself. Wanted are paths that are not 0, and whose sum is.",
        ),
        Shortfall(
            lambda found: not close(found.gradient, 0.0),
            lambda: example(lambda x: 2 * x + x * x),
            "The paths do not cancel yet. Look at the row `their sum`: what is missing to 0?",
        ),
    ),
    hints=(
        "x·x has two paths. What does each of them bring at x = 3?",
        "Each brings 3. A third path must take both away, or they it.",
        "Take k·x − x·x. For which k is k − 3 − 3 equal to 0?",
    ),
)
