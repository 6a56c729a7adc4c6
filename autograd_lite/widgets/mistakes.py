"""Which misconception gives a wrong gradient: each is recomputed from the step's own numbers."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from ..steps import Contribution, Step
from ..tensor import Tensor
from ..views.number import format_number, format_short
from .typed import read_typed

TOLERANCE = 2e-3  # relative: three digits are enough

Named = tuple[float, str]  # what a mistake gives, and its name
Same = Callable[[float, float], bool]


def judge(name: str, typed: str, step: Step, target: Tensor) -> str:
    """One line on a typed gradient of `target`: right, the name of the mistake, or not yet."""
    arriving = [c for c in step.contributions if c.target is target]
    right = float(arriving[-1].after)
    if not typed.strip():
        return f"· {name}: no prediction. It is {format_number(right)}."
    try:
        value = read_typed(typed)
    except ValueError as error:
        return f"· {name}: {error}"
    if close(value, right):
        return f"✓ {name}: {format_number(right)} is right."
    named = [*mistakes(step, arriving), (-right, "right but for its sign.")]
    words = find_mistake(value, [one for one in named if not close(one[0], right)])
    if words is not None:
        return f"✗ {name}: {format_short(value)} is {words}"
    return f"✗ {name}: {format_short(value)} is not it; it is {format_number(right)}."


def close(value: float, wanted: float, relative: float = TOLERANCE, absolute: float = 1e-6) -> bool:
    return bool(np.isclose(value, wanted, rtol=relative, atol=absolute))


def find_mistake(value: float, named: Iterable[Named], same: Same = close) -> str | None:
    """The name of the first mistake that gives this value."""
    return next((words for wrong, words in named if same(value, wrong)), None)


def mistakes(step: Step, arriving: Sequence[Contribution], dz: str = "dz") -> Iterator[Named]:
    """What known misconceptions of one gate give; `arriving` is what it sends to one input."""
    upstream = float(step.upstream)
    last = arriving[-1]
    own = float(step.inputs[last.position])
    kind = type(step.node.operation).__name__
    if len(arriving) > 1:
        yield float(last.value), "one path only. A value used twice gets the sum of both."
    if kind == "Multiply":
        yield (
            upstream * own,
            f"{dz} times its own input. Multiply switches: each input receives the other one.",
        )
    if kind in ("Add", "Subtract", "Maximum", "Minimum"):
        half = -upstream / 2 if kind == "Subtract" and last.position else upstream / 2
        yield half, f"half of {dz}. Nothing is shared out here, except at a tie of max or min."
    yield float(sum(c.local for c in arriving)), f"the local gradient alone. Multiply it by {dz}."
    yield (
        upstream,
        f"{dz} unchanged, as behind an add gate. Multiply it by the local gradient.",
    )
    yield (
        upstream * float(step.value),
        f"{dz} times the output. The local gradient is something else.",
    )
