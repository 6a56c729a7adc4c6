"""PyTorch as the judge: the same computation there and here, to the second derivative."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

import autograd_lite as ag

torch.set_num_threads(1)  # for arrays this small, more of them only get in each other's way

TOLERANCE = {np.dtype(np.float32): 3e-5, np.dtype(np.float64): 1e-11}


def agree(
    ours: Callable[..., ag.Tensor], theirs: Callable[..., Any], arrays: Sequence[np.ndarray]
) -> None:
    """Assert that values, dtypes, first and second derivatives are PyTorch's.

    The second derivative is the gradient of a random projection of the gradient: in reverse
    mode for every input and for the upstream gradient, and in forward mode over reverse.
    """
    tolerance = max(TOLERANCE[array.dtype] for array in arrays)
    random = np.random.default_rng(5)
    directions = [random.normal(size=array.shape).astype(array.dtype) for array in arrays]
    inputs = [variable(array) for array in arrays]
    z = theirs(*inputs)
    upstream = random.normal(size=tuple(z.shape)).astype(numbers(z).dtype)
    with np.errstate(all="ignore"):  # where the answer is inf or nan, both have to say so
        once = first_order(ours, arrays, upstream)
        close(once[0], z, tolerance, "value")
        twice = second_order(ours, arrays, upstream, directions)
        tangent = ag.jvp(ours, arrays, directions)[1]
        product = ag.hvp(lambda *xs: (ours(*xs) * upstream).sum(), arrays, directions)

    dz = variable(upstream)
    gradients = _gradients(z, inputs, dz)
    total = 0.0 * dz.sum()  # so that it depends on something: of nothing, cat has no gradient
    for gradient, direction in zip(gradients, directions, strict=True):
        total = total + (gradient * torch.tensor(direction)).sum()
    moved = _gradients(total, [*inputs, dz])
    for i, gradient in enumerate(gradients):
        close(once[1 + i], gradient, tolerance, f"gradient of input {i}")
        close(twice[0][i], gradient, tolerance, f"gradient of input {i}, recorded")
        close(twice[1][i], moved[i], tolerance, f"second derivative by input {i}")
        close(product[i], moved[i], tolerance, f"Hessian product by input {i}")
    # The gradient is linear in dz, so its projection's slope there is J · direction.
    close(twice[1][-1], moved[-1], tolerance, "second derivative by dz")
    close(tangent, moved[-1], tolerance, "forward mode")


def first_order(
    ours: Callable[..., ag.Tensor], arrays: Sequence[np.ndarray], upstream: np.ndarray
) -> list[np.ndarray]:
    """The value, then the gradient of each input."""
    inputs = [ag.Tensor(array) for array in arrays]
    z = ours(*inputs)
    z.backward(upstream)
    return [z.numpy(), *map(_gradient, inputs)]


def second_order(
    ours: Callable[..., ag.Tensor],
    arrays: Sequence[np.ndarray],
    upstream: np.ndarray,
    directions: Sequence[np.ndarray],
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The gradients as a recorded sweep finds them, and those of their projection."""
    inputs, dz = [ag.Tensor(array) for array in arrays], ag.Tensor(upstream)
    ours(*inputs).backward(dz, create_graph=True)
    gradients = [_gradient(x) for x in inputs]
    projections = [
        (x.grad * r).sum() for x, r in zip(inputs, directions, strict=True) if x.grad is not None
    ]
    for x in inputs:
        x.grad = None
    total = sum(projections[1:], projections[0])
    total.backward()
    return gradients, [_gradient(x) for x in (*inputs, dz)]


def variable(array: np.ndarray) -> Any:
    """A variable of PyTorch with a copy of the numbers; it takes no negative strides."""
    return torch.tensor(np.ascontiguousarray(array).reshape(array.shape), requires_grad=True)


def numbers(theirs: Any) -> np.ndarray:
    """PyTorch's numbers. Some of its zeros have no memory that NumPy could read."""
    return (torch.zeros(theirs.shape, dtype=theirs.dtype) + theirs.detach()).numpy()


def close(ours: Any, theirs: Any, tolerance: float, what: str) -> None:
    """Equal shape, dtype and numbers, up to rounding as measured by the largest of them."""
    expected = numbers(theirs)
    assert ours.shape == expected.shape, f"{what}: {ours.shape}, not {expected.shape}"
    assert ours.dtype == expected.dtype, f"{what}: {ours.dtype}, not {expected.dtype}"
    finite = np.abs(expected[np.isfinite(expected)])
    largest = finite.max(initial=1.0)
    np.testing.assert_allclose(
        ours, expected, rtol=tolerance, atol=tolerance * largest, err_msg=what
    )


def _gradients(z: Any, inputs: Sequence[Any], dz: Any = None) -> Sequence[Any]:
    again = dz is not None
    return torch.autograd.grad(z, inputs, dz, create_graph=again, materialize_grads=True)


def _gradient(x: ag.Tensor) -> np.ndarray:
    """PyTorch fills in zeros where nothing arrives."""
    if x.grad is None:
        return np.zeros(x.shape, x.dtype)
    return x.grad.numpy() if isinstance(x.grad, ag.Tensor) else x.grad
