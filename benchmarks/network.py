"""The [2,3,1] network of lesson 06: a batch of 4, both passes and a step of SGD."""

import numpy as np

from .turns import Row

LR = 0.1

ROW = Row(
    name="network",
    title="[2,3,1] network, sigmoid, mean squared error, batch of 4, float64: "
    "forward, backward, step of SGD",
    contenders={
        "NumPy in place": "by_hand.network_in_place",
        "NumPy in place, one flat buffer": "by_hand.network_flat",
        "NumPy plain": "by_hand.network_plain",
        "autograd_lite": "ours.network",
        "autograd_lite fused": "ours.network_fused",
        "autograd_lite nn": "ours.network_nn",
        "autograd_lite compiled": "ours.network_compiled",
        "micrograd": "with_micrograd.network",
        "HIPS autograd": "with_autograd.network",
        "PyTorch": "with_torch.network",
        "jax.jit": "with_jax.network",
        "tinygrad TinyJit": "with_tinygrad.network",
    },
    arguments=(),
    against=("NumPy in place", "NumPy plain", "PyTorch"),
    tolerance=1e-10,
    seconds=0.03,
)


def start() -> tuple[np.ndarray, ...]:
    """X (4, 2), T (4, 1), and the parameters W1, b1, W2, b2."""
    rng = np.random.default_rng(0)
    return (
        rng.uniform(size=(4, 2)),
        rng.uniform(size=(4, 1)),
        rng.normal(size=(2, 3)),
        rng.normal(size=3),
        rng.normal(size=(3, 1)),
        rng.normal(size=1),
    )
