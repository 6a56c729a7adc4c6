"""How a function is called with inputs that have names, and what is said when they do not fit."""

import inspect
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np

Parameter = inspect.Parameter


class Call(NamedTuple):
    """A function of named inputs: `function({"x1": …, "x2": …})`, and what messages call it."""

    name: str
    function: Callable[[Mapping[str, Any]], Any]


def check_call(f: Any, names: tuple[str, ...], unnamed: tuple[Any, ...] = ()) -> Call:
    """`f` as a function of inputs of these names, if it can be called with them.

    `unnamed` are ranges that came without a name, and are refused.
    """
    if isinstance(f, type) or not callable(f):
        raise TypeError(
            f"explore: received {type(f).__name__}, expected a function, such as "
            "lambda x1, x2: np.sin(x1) + x1 * x2. For a Tensor there is ag.Stepper, for a formula "
            "as text ag.FormulaStepper."
        )
    name = getattr(f, "__name__", type(f).__name__)
    name = "f" if name == "<lambda>" else name
    if unnamed:
        raise TypeError(
            f"explore: received {unnamed[0]!r:.40} without a name, expected a range for each input "
            f"by its name: {_example(f)}."
        )
    if not names:
        raise TypeError(f"explore: received no range, expected one for each input: {_example(f)}.")
    try:
        parameters = inspect.signature(f).parameters
    except (TypeError, ValueError):  # written in C: it says nothing of its inputs
        return Call(name, lambda inputs: f(*inputs.values()))
    in_order = _check_names(name, parameters, names)
    return Call(name, lambda inputs: _call(f, in_order, inputs))


def _call(f: Callable[..., Any], in_order: list[str], inputs: Mapping[str, Any]) -> Any:
    by_name = {name: value for name, value in inputs.items() if name not in in_order}
    return f(*(inputs[name] for name in in_order), **by_name)


def _check_names(f: str, parameters: Mapping[str, Parameter], names: tuple[str, ...]) -> list[str]:
    """The inputs that are given by their place, since `f` takes them in no other way."""
    kinds = {name: parameter.kind for name, parameter in parameters.items()}
    takes = [name for name, kind in kinds.items() if kind not in _ANY]
    unknown = [name for name in names if name not in takes]
    if unknown and not takes and Parameter.VAR_POSITIONAL in kinds.values():
        return list(names)
    if unknown and Parameter.VAR_KEYWORD not in kinds.values():
        near = get_close_matches(unknown[0], takes, 1)
        raise TypeError(
            f"explore: received a range for {unknown[0]}, expected names that {f} takes: "
            f"{', '.join(takes) or 'none'}.{f' Did you mean {near[0]}?' if near else ''}"
        )
    needed = [name for name in takes if parameters[name].default is Parameter.empty]
    for name in needed:
        if name not in names:
            raise TypeError(
                f"explore: {f} takes {', '.join(needed)}, and {name} has no range: write "
                f"{name}=(-3, 3)."
            )
    return [name for name in takes if kinds[name] is Parameter.POSITIONAL_ONLY and name in names]


_ANY = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


def _example(f: Callable[..., Any]) -> str:
    try:
        names = [
            name for name, one in inspect.signature(f).parameters.items() if one.kind not in _ANY
        ]
    except (TypeError, ValueError):
        names = []
    return "write explore(f, " + ", ".join(f"{name}=(-3, 3)" for name in names or ["x1"]) + ")"


def check_range(name: str, given: Any) -> tuple[float, float, float]:
    """(low, start, high) from a range with or without a start."""
    try:
        low, *between, high = map(float, given)
        (start,) = between or [low / 2 + high / 2]
        if not (low < high and low <= start <= high and np.isfinite([low, high]).all()):
            raise ValueError
    except (TypeError, ValueError):
        raise ValueError(
            f"explore: {name} received {given!r}, expected two finite numbers, (low, high), or "
            f"three, (low, start, high), from small to large: write {name}=(-3, 3)."
        ) from None
    return low, start, high
