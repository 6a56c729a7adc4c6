"""What is sent to the browser: frames, texts and ranges, all of it plain JSON."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..steps import Step
from ..views.equation import Equation, equations
from ..views.matrices import matrices
from ..views.picture import Picture
from ..views.text import HEAD, gate_rule, rows, sentence
from ..views.trace import Trace

# What no page needs.
HEAVY = ("_esm", "_css", "_anywidget_id", "layout", "tabbable", "tooltip", "comm")


def page_state(widget: Any) -> dict[str, Any]:
    """What the browser knows of `widget`: its own traits, as they are sent."""
    names = [name for name in widget.keys if not name.startswith(("_model", "_view", "_dom"))]
    return {name: _sent(widget, name) for name in names if name not in HEAVY}


def _sent(widget: Any, name: str) -> Any:
    written = widget.trait_metadata(name, "to_json")
    value = getattr(widget, name)
    return value if written is None else written(value, widget)


def trace_as_json(picture: Picture) -> dict[str, Any]:
    """Everything that the browser shows of the steps: frames and texts."""
    trace = picture.trace
    return {
        "frames": picture.frames[: len(trace.steps)],
        "steps": [step_as_json(trace, step) for step in trace.steps],
        "head": HEAD,
        "rows": rows(trace),
    }


def step_as_json(trace: Trace, step: Step) -> dict[str, Any]:
    return {
        "phase": step.phase,
        "sentence": sentence(trace, step),
        "rule": gate_rule(step),
        "equations": [equation_as_json(equation) for equation in equations(trace, step)],
        "matrices": [[one._asdict() for one in tables] for tables in matrices(trace, step)],
    }


def equation_as_json(equation: Equation) -> dict[str, Any]:
    return {
        "left": equation.left.text,
        "lines": [[[span.text, span.kind] for span in line] for line in equation.lines],
        "local": equation.local,
        "note": equation.note,
        "shapes": equation.shapes,
    }


def make_sliders(
    numbers: Mapping[str, float], ranges: Mapping[str, tuple[float, float]]
) -> list[dict[str, Any]]:
    """A slider for each number; without a range, one that reaches to both sides of 0."""
    unknown = [name for name in ranges if name not in numbers]
    if unknown:
        raise ValueError(
            f"sliders: received {unknown[0]!r}, expected the names of single numbers: "
            f"{', '.join(numbers) or 'none here'}."
        )
    return [_slider(name, value, ranges.get(name)) for name, value in numbers.items()]


def _slider(name: str, value: float, given: Any) -> dict[str, Any]:
    reach = min(max(4.0, 2 * abs(value)), 1e300) if np.isfinite(value) else 4.0
    try:
        low, high = map(float, (-reach, reach) if given is None else given)
        if not (low < high and np.isfinite([low, high]).all()):
            raise ValueError
    except (TypeError, ValueError):
        raise ValueError(
            f"sliders: {name} received {given!r}, expected two finite numbers, (low, high)."
        ) from None
    step = 10.0 ** np.floor(np.log10(high / 200 - low / 200))
    return {"name": name, "min": low, "max": high, "step": float(step)}
