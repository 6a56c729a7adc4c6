"""Fitting: a rule's gradients in their inputs' shapes and dtypes. Broadcasting is undone here."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .broadcasting import broadcasts, unbroadcast
from .tensor import Tensor


def fit_all(operation: Any, gradients: Sequence[Any]) -> list[Any]:
    """One gradient for each input of an operation; `None` where none is needed.

    Raises:
        ValueError, TypeError: another number of gradients, one that is missing or does not fit.
    """
    inputs, needs = operation.inputs, operation.needs
    if len(gradients) != len(inputs):
        raise _wrong_count(operation, gradients)
    fitted: list[Any] = []
    for position, needed in enumerate(needs):
        gradient = None
        if needed:
            gradient, wanted = gradients[position], inputs[position]
            kind = type(gradient)
            if kind is not type(wanted) or (
                kind is not np.float64
                and (gradient.dtype is not wanted.dtype or gradient.shape != wanted.shape)
            ):
                gradient = fit(operation, position, gradient)
        fitted.append(gradient)
    return fitted


def fit(operation: Any, position: int, gradient: Any) -> Any:
    """The gradient of one input, as its rule returned it, made to fit."""
    if gradient is None:
        raise ValueError(
            f"{type(operation).__name__}.backward returned None for input {position}, which "
            "needs a gradient. End it with `return` and the gradients, 0.0 for an input that "
            "the output does not depend on."
        )
    wanted, output = operation.inputs[position], operation.output
    plain = type(gradient) is np.ndarray and gradient.dtype == wanted.dtype
    if plain and not operation.remembers and gradient.shape == output.shape:
        return unbroadcast(gradient, wanted.shape)
    number = isinstance(gradient, (int, float)) and not isinstance(gradient, np.generic)
    if not isinstance(gradient, Tensor):
        gradient = _as_array(operation, position, gradient)
    elif not isinstance(output, Tensor):
        raise TypeError(
            f"{type(operation).__name__}.backward returned a Tensor, expected arrays. Write the "
            "rule in NumPy, np.exp and not ag.exp, of dz, self.inputs and self.output."
        )
    elif gradient.dtype != wanted.dtype:
        gradient = gradient.astype(wanted.dtype)
    if gradient.shape == wanted.shape:
        return gradient if isinstance(gradient, Tensor) else gradient[()]
    if gradient.ndim == 0 and (number or not output.ndim):  # one for every element
        return gradient * np.ones(wanted.shape, wanted.dtype)
    if gradient.shape != output.shape or not broadcasts(wanted.shape, gradient.shape):
        raise ValueError(
            f"{type(operation).__name__}.backward returned shape {gradient.shape} for input "
            f"{position}, expected {wanted.shape}, the input's own shape."
        )
    gradient = unbroadcast(gradient, wanted.shape)
    return gradient if isinstance(gradient, Tensor) else gradient[()]


def _as_array(operation: Any, position: int, gradient: Any) -> Any:
    wanted = operation.inputs[position]
    try:
        return np.asarray(gradient, dtype=wanted.dtype)
    except (TypeError, ValueError):
        raise TypeError(
            f"{type(operation).__name__}.backward returned {type(gradient).__name__} for input "
            f"{position}, expected an array of floats of shape {wanted.shape}."
        ) from None


def _wrong_count(operation: Any, gradients: Sequence[Any]) -> ValueError:
    name = type(operation).__name__
    if len(gradients) == 1 and gradients[0] is None:
        return ValueError(
            f"{name}.backward returned None, expected one gradient per input. "
            "End it with `return` and the gradients."
        )
    return ValueError(
        f"{name}.backward returned {len(gradients)} gradients, "
        f"expected {len(operation.inputs)}: one per input, in the order of forward."
    )
