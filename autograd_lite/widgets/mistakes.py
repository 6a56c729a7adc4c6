"""Which misconception gives a wrong gradient: each is recomputed from the step's own numbers."""

from collections.abc import Iterator

import numpy as np

from ..steps import Contribution, Step
from ..tensor import Tensor
from ..views.number import format_number, format_short

TOLERANCE = 2e-3  # relative: three digits are enough


def judge(name: str, typed: str, step: Step, target: Tensor) -> str:
    """One line on a typed gradient of `target`: right, the name of the mistake, or not yet."""
    arriving = [c for c in step.contributions if c.target is target]
    right = float(arriving[-1].after)
    if not typed.strip():
        return f"· {name}: no prediction. It is {format_number(right)}."
    try:
        value = float(typed.replace("−", "-").replace(",", "."))
    except ValueError:
        return f"· {name}: {typed!r} is not a number. Write it like 0.5 or -2."
    if close(value, right):
        return f"✓ {name}: {format_number(right)} is right."
    for mistaken, words in mistakes(step, arriving):
        if close(value, mistaken):
            return f"✗ {name}: {format_short(value)} is {words}"
    return f"✗ {name}: {format_short(value)} is not it; it is {format_number(right)}."


def close(value: float, wanted: float) -> bool:
    return bool(np.isclose(value, wanted, rtol=TOLERANCE, atol=1e-6))


def mistakes(step: Step, arriving: list[Contribution]) -> Iterator[tuple[float, str]]:
    """What known misconceptions give here, and their names."""
    upstream = float(step.upstream)
    last = arriving[-1]
    own = float(step.inputs[last.position])
    kind = type(step.node.operation).__name__
    if len(arriving) > 1:
        yield float(last.value), "one path only. A value used twice gets the sum of both."
    if kind == "Multiply":
        yield (
            upstream * own,
            "dz times its own input. Multiply switches: each input receives the other one.",
        )
    if kind in ("Add", "Maximum", "Minimum"):
        yield upstream / 2, "half of dz. Nothing is shared out here, except at a tie of max or min."
    yield float(sum(c.local for c in arriving)), "the local gradient alone. Multiply it by dz."
    yield upstream, "dz unchanged, as behind an add gate. Multiply it by the local gradient."
    yield upstream * float(step.value), "dz times the output. The local gradient is something else."
    yield -float(last.after), "right but for its sign."
