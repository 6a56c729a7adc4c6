"""What an optimiser reads: a list of variables, and their gradients held to be finite."""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

import numpy as np

from ..tensor import Tensor


def own_parameters(parameters: Iterable[Tensor], owner: str) -> list[Tensor]:
    """The parameters as a list, or a message that says what is wrong with which."""
    if isinstance(parameters, Tensor):
        raise TypeError(f"{owner}: received one tensor, expected a list of them. Write [w].")
    if callable(getattr(parameters, "parameters", None)):
        raise TypeError(f"{owner}: received a model. Write model.parameters().")
    if isinstance(parameters, dict):
        raise TypeError(f"{owner}: received a dict. Write list(parameters.values()).")
    own = list(parameters)
    if not own:
        raise ValueError(
            f"{owner}: received no parameters, expected a list with at least one variable, "
            "such as model.parameters() or [W, b]."
        )
    places: dict[int, int] = {}
    for place, parameter in enumerate(own):
        _refuse_what_is_no_variable(parameter, place, owner)
        first = places.setdefault(id(parameter), place)
        if first != place:
            raise ValueError(
                f"{owner}: {call_of(own, place)} is parameters[{first}] and parameters[{place}]; "
                "it would move twice. Give each parameter once."
            )
    return own


def refuse_all_frozen(own: Sequence[Tensor], owner: str) -> None:
    if not any(parameter.requires_grad for parameter in own):
        raise ValueError(
            f"{owner}: parameters[0] is {own[0].describe()} with requires_grad=False, as are all "
            "others: none would ever get a gradient. Give variables: ag.Tensor(value)."
        )


def _refuse_what_is_no_variable(parameter: Any, place: int, owner: str) -> None:
    if not isinstance(parameter, Tensor):
        raise TypeError(
            f"{owner}: parameters[{place}] is {type(parameter).__name__}, expected a Tensor."
        )
    if parameter.operation is not None:
        raise ValueError(
            f"{owner}: parameters[{place}] is {parameter.describe()}, which is computed. Give "
            "the variables that it is computed from."
        )


def gradient_of(parameters: Sequence[Tensor], place: int, owner: str) -> Any:
    """The gradient of a parameter, of its shape, if it has one and is not frozen."""
    parameter = parameters[place]
    gradient = parameter._grad
    if gradient is None or not parameter.requires_grad:  # frozen ones stay where they are
        return None
    if type(gradient) is not np.ndarray:  # a Tensor after backward(create_graph=True)
        gradient = np.asarray(gradient._data if isinstance(gradient, Tensor) else gradient)
    if gradient.shape != parameter._data.shape:
        raise ValueError(
            f"{owner}: the gradient of {call_of(parameters, place)} has shape "
            f"{gradient.shape}. Nothing was changed. Call backward() to get one that fits."
        )
    return gradient


def finite_gradients(parameters: Sequence[Tensor], owner: str) -> list[tuple[int, Any]]:
    """Place and gradient of each parameter that has one; all finite and of the right shape."""
    found = []
    for place in range(len(parameters)):
        gradient = gradient_of(parameters, place, owner)
        if gradient is None:
            continue
        if not all_finite(gradient):
            raise not_finite(parameters, place, gradient, owner)
        found.append((place, gradient))
    return found


def not_finite(
    parameters: Sequence[Tensor], place: int, gradient: Any, owner: str
) -> FloatingPointError:
    nans, infs = np.isnan(gradient).sum(), np.isinf(gradient).sum()
    found = [f"{n} {what}" for n, what in ((nans, "nan"), (infs, "inf")) if n]
    return FloatingPointError(
        f"{owner}: the gradient of {call_of(parameters, place)} has {' and '.join(found)} among "
        f"{np.size(gradient)} numbers. Nothing was changed. Write a smaller lr, or call "
        "optim.clip_grad_norm(parameters, 1.0) before each step; "
        "ag.detect_anomaly() finds where it began."
    )


def all_finite(array: Any) -> bool:
    """Whether no entry is nan or inf.

    The sum of squares has a nan or an inf as soon as one entry has, and costs a third; only
    when it is not finite, which huge entries do as well, every entry is looked at.
    """
    return isfinite(np.vdot(array, array)) or bool(np.isfinite(array).all())


def call_of(parameters: Sequence[Tensor], place: int) -> str:
    """How messages call a parameter: its name, else its place; and its shape."""
    parameter = parameters[place]
    name = repr(parameter.name) if parameter.name is not None else f"parameters[{place}]"
    return f"{name} of shape {parameter.shape}"
