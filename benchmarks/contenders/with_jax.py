"""jax.jit: value and gradients in one compiled call, and the whole training step in one.

What one call computes is ready all at once, so waiting for the loss is waiting for all of it.
"""

import os
from functools import partial
from typing import Any

# On a machine with a GPU too: every contender runs on the processor.
os.environ["JAX_PLATFORMS"] = "cpu"
if os.environ.get("OMP_NUM_THREADS") == "1":
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

import jax
import jax.numpy as jnp

from .. import digits as digits_row
from .. import network as network_row
from ..sin import X1, X2
from ..turns import Run

jax.config.update("jax_enable_x64", True)
in_place = partial(jax.jit, donate_argnums=0)  # the old parameters may be overwritten


def sin() -> Run:
    both = jax.jit(jax.value_and_grad(lambda x1, x2: jnp.sin(x1) + x1 * x2, argnums=(0, 1)))

    def step() -> Any:
        got = both(X1, X2)
        got[0].block_until_ready()
        return got

    return Run(step, lambda got: [got[0], *got[1]])


def network() -> Run:
    X, T, *parameters = map(jnp.asarray, network_row.start())

    def cost(parameters: Any, X: Any, T: Any) -> Any:
        W1, b1, W2, b2 = parameters
        y = jax.nn.sigmoid(jax.nn.sigmoid(X @ W1 + b1) @ W2 + b2)
        return ((y - T) ** 2).mean()

    @in_place
    def update(parameters: Any, X: Any, T: Any) -> Any:
        loss, gradients = jax.value_and_grad(cost)(parameters, X, T)
        return loss, moved(parameters, gradients, network_row.LR)

    def step() -> Any:
        nonlocal parameters
        loss, parameters = update(parameters, X, T)
        return loss.block_until_ready()

    return Run(step, lambda loss: [loss, *parameters])


def digits(dtype: str, examples: int) -> Run:
    X, T, *parameters = map(jnp.asarray, digits_row.start(dtype, examples))
    places = digits_row.starts(examples)

    def cost(parameters: Any, x: Any, t: Any) -> Any:
        W1, b1, W2, b2 = parameters
        scores = jax.nn.relu(x @ W1 + b1) @ W2 + b2
        return -(t * jax.nn.log_softmax(scores)).sum() / digits_row.BATCH

    @in_place
    def update(parameters: Any, X: Any, T: Any, place: int) -> Any:
        # Cut out inside: outside, a slice costs a call of its own.
        x = jax.lax.dynamic_slice_in_dim(X, place, digits_row.BATCH)
        t = jax.lax.dynamic_slice_in_dim(T, place, digits_row.BATCH)
        loss, gradients = jax.value_and_grad(cost)(parameters, x, t)
        return loss, moved(parameters, gradients, digits_row.LR)

    def step() -> Any:
        nonlocal parameters
        loss, parameters = update(parameters, X, T, next(places))
        return loss.block_until_ready()

    return Run(step, lambda loss: [loss, *parameters])


def moved(parameters: Any, gradients: Any, lr: float) -> Any:
    return [p - lr * g for p, g in zip(parameters, gradients, strict=True)]
