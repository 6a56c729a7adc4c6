"""The gradient check: derivatives by rule, held against differences of values."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .differences import Partial, error_of, partial_at
from .nested import flatten, places, rebuild
from .operation import Operation
from .recording import no_grad
from .tensor import Tensor
from .transforms import jvp, vjp

SCALE = -1.7  # another upstream gradient, to see that dz is a factor


def gradcheck(function: Callable[..., Any], *inputs: Any, order: int = 1) -> bool:
    """Check reverse and forward mode of a function, or of an operation, against differences.

    (u·f(x + h) − u·f(x − h)) / 2h for every number of every input, in float64, with a random
    upstream gradient u: with ones a rule that mixes up elements, or a softmax rule that returns
    zeros, would pass. `order=2` checks the gradient of the gradient too.

    Args:
        function: from Tensors to Tensors; `Multiply()` or the class `Multiply` for an operation.
        inputs: numbers, arrays or Tensors, or lists, tuples and dicts of them (a list of numbers
            is a list of inputs: write np.array for one vector). They are not changed.

    Returns:
        True. What is wrong raises, if it is off by more than 1e-6 of its size and more than 1e-7:
        scale up what is smaller.

    Raises:
        AssertionError: the worst entry: which input, which place, expected and received. At a
            kink it says so, since a difference across a kink is no derivative.

    Source: G. Strang, Calculus, 3.7 for central differences; the random projection as in
    PyTorch's and HIPS autograd's checks.

    >>> import autograd_lite as ag
    >>> gradcheck(ag.sigmoid, np.array([0.5, -1.0]), order=2)
    True
    >>> class Cube(ag.Operation):
    ...     def forward(self, x):
    ...         return x**3
    ...     def backward(self, dz):
    ...         return dz * 3 * self.inputs[0]
    >>> gradcheck(Cube, ag.Tensor(2.0, name="x"))
    Traceback (most recent call last):
    AssertionError: Cube by 'x': reverse mode gives 6, expected 12 (a central difference).
    """
    if not isinstance(order, int) or isinstance(order, bool) or order < 1:
        raise ValueError(f"gradcheck: order received {order!r}, expected 1, 2, …")
    if not inputs:
        raise TypeError("gradcheck: received no inputs, expected the values to check it at.")
    if isinstance(function, type) and issubclass(function, Operation):
        function = function()
    name = getattr(function, "__name__", "")
    if isinstance(function, Operation):
        name = type(function).__name__
    values = [np.array(_plain(leaf), dtype=float) for leaf in flatten(inputs)]
    labels = _labels(inputs)
    with np.errstate(all="ignore"):  # nan and inf are told below, with their place
        _check(function, rebuild(inputs, values), labels, "f" if name in ("", "<lambda>") else name)
    if order > 1:
        gradient, upstream = _gradient_of(function, rebuild(inputs, values))
        try:
            gradcheck(gradient, *inputs, *upstream, order=order - 1)
        except AssertionError as error:
            raise AssertionError(f"the gradient of {error}") from None
    return True


def _check(function: Callable[..., Any], inputs: Any, labels: list[str], name: str) -> None:
    value, pullback = vjp(function, *inputs)
    seeds = _upstream(value)
    project = _projection(function, inputs, seeds)
    at, again = project(flatten(inputs)), project(flatten(inputs))
    if not np.isfinite(at) and any(leaf.size for leaf in flatten(inputs)):
        raise AssertionError(
            f"{name} gives nan or inf there, and differences of those mean nothing. Check at "
            "another point; detect_anomaly() tells where they come from."
        )
    if not np.array_equal(at, again, equal_nan=True):
        raise AssertionError(
            f"{name} returns other values when it is called again, so differences mean nothing. "
            "Give its random numbers a fixed seed inside the function."
        )
    partials = _differences(project, flatten(inputs), labels)
    received = _all(pullback(rebuild(value, seeds)))
    of = "" if [np.shape(seed) for seed in seeds] == [()] else " of Σ u·f, with random u"
    _judge(name, "reverse mode", partials, received, of)
    _check_linear(name, received, _all(pullback(rebuild(value, [SCALE * u for u in seeds]))))
    _judge(name, "forward mode", partials, _forward(function, inputs, seeds), of)


def _all(gradients: Any) -> Any:
    """All numbers of nested gradients in a row."""
    return np.concatenate([np.zeros(0), *(np.ravel(_plain(g)) for g in flatten(gradients))])


def _check_linear(name: str, once: Any, scaled: Any) -> None:
    """A backward is linear in dz, so a wrong rule cannot hide behind dz = 1."""
    wanted = SCALE * once
    if not np.allclose(scaled, wanted, rtol=1e-9, atol=1e-12, equal_nan=True):
        worst = int(np.argmax(np.abs(scaled - wanted)))
        raise AssertionError(
            f"{name}: with an upstream gradient of {SCALE} times the size, reverse mode gives "
            f"{_shown(scaled[worst])} in place of {_shown(once[worst])}, expected "
            f"{_shown(wanted[worst])}. The upstream gradient dz is a factor of every contribution."
        )


def _differences(
    project: Callable[[list[Any]], float], leaves: list[Any], labels: list[str]
) -> list[Partial]:
    """Every partial derivative of the projection, by differences."""
    at = project(leaves)
    partials = []
    for leaf, label in zip(leaves, labels, strict=True):
        for index in np.ndindex(leaf.shape):
            place = label + (f"[{', '.join(map(str, index))}]" if index else "")
            partials.append(partial_at(project, leaves, leaf, index, at, place))
    return partials


def _judge(name: str, mode: str, partials: list[Partial], received: Any, of: str) -> None:
    """Raise for the entry that is furthest off; when there is none, for a kink."""
    worst, least = None, 1.0
    for partial, number in zip(partials, received, strict=True):
        error = error_of(partial, number)
        if error > 1.0 and np.isfinite(partial.expected) and not partial.kink:
            # Where the slope itself has a kink, only a narrow step comes near it.
            error = min(error, error_of(partial.again(), number))
        if error > least and not partial.kink:
            worst, least = (partial, number), error
    if worst is not None:
        partial, number = worst
        given, expected = _apart(number, partial.expected)
        raise AssertionError(
            f"{name} by {partial.place}: {mode} gives {given}, expected {expected} (a central "
            f"difference{of})."
        )
    for partial, number in zip(partials, received, strict=True):
        if partial.kink:
            raise AssertionError(
                f"{name} by {partial.place}: {_at_kink(partial, number, mode, of)}"
            )


def _at_kink(partial: Partial, number: float, mode: str, of: str) -> str:
    if np.isnan(partial.expected):
        return (
            "the value is nan there or right beside it, so there is nothing to compare with. Check "
            "at a point where the function has a value."
        )
    low, high = sorted((partial.left, partial.right))
    fits = "lies between" if low - 1e-3 <= number <= high + 1e-3 else "does not lie between"
    return (
        f"there is a kink{of}, with slope {_shown(partial.left)} on the left and "
        f"{_shown(partial.right)} on the right, however small the step, so there is no derivative "
        "to compare with. "
        f"{mode.capitalize()} gives {_shown(number)}, which {fits}. Check at another point."
    )


def _forward(function: Callable[..., Any], inputs: Any, seeds: list[Any]) -> Any:
    """The same partial derivatives by forward mode, one input number after the other."""
    moves = [np.zeros(leaf.shape) for leaf in flatten(inputs)]
    received = []
    for move in moves:
        for index in np.ndindex(move.shape):
            move[index] = 1.0
            tangent = flatten(jvp(function, inputs, rebuild(inputs, moves))[1])
            move[index] = 0.0
            received.append(_inner(seeds, tangent))
    return np.array(received)


def _upstream(value: Any) -> list[Any]:
    """Random seeds, the same ones each time; 1 for a single number, which cannot mix up."""
    shapes = [np.shape(_plain(leaf)) for leaf in flatten(value)]
    if shapes == [()]:
        return [np.ones(())]
    random = np.random.default_rng(0)
    return [random.normal(size=shape) for shape in shapes]


def _projection(
    function: Callable[..., Any], inputs: Any, seeds: list[Any]
) -> Callable[[list[Any]], float]:
    """u·f as a function of the list of input arrays."""

    def project(leaves: list[Any]) -> float:
        with no_grad():
            arguments = rebuild(inputs, [Tensor(leaf) for leaf in leaves])
            return _inner(seeds, flatten(function(*arguments)))

    return project


def _inner(seeds: list[Any], values: list[Any]) -> float:
    return float(sum(np.sum(u * _plain(v)) for u, v in zip(seeds, values, strict=True)))


def _gradient_of(function: Callable[..., Any], inputs: Any) -> tuple[Callable[..., Any], list[Any]]:
    """(inputs, upstream) ↦ gradients, and the upstream gradients to check it at."""
    with no_grad():
        value = function(*rebuild(inputs, [Tensor(leaf) for leaf in flatten(inputs)]))
    count = len(inputs)

    def gradient(*arguments: Any) -> Any:
        _, pullback = vjp(function, *arguments[:count])
        return pullback(rebuild(value, list(arguments[count:])))

    gradient.__name__ = getattr(function, "__name__", type(function).__name__)
    return gradient, _upstream(value)


def _labels(inputs: Any) -> list[str]:
    """How messages call each leaf: the name of its tensor, or its place among the inputs."""
    labels = []
    for position, tree in enumerate(inputs):
        for leaf, place in zip(flatten(tree), places(tree), strict=True):
            named = isinstance(leaf, Tensor) and leaf.name is not None
            labels.append(repr(leaf.name) if named else f"input {position}{place}")
    return labels


def _plain(value: Any) -> Any:
    return value.data if isinstance(value, Tensor) else np.asarray(value)


def _apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to see that they differ."""
    digits = 6
    while digits < 17 and _shown(one, digits) == _shown(other, digits):
        digits += 1
    return _shown(one, digits), _shown(other, digits)


def _shown(number: Any, digits: int = 6) -> str:
    return f"{float(number) + 0.0:.{digits}g}"
