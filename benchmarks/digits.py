"""The [784,100,10] network of MNIST: batches of 64 out of 60,000 random examples in memory."""

from collections.abc import Iterator
from itertools import cycle

import numpy as np

from .turns import Row

LR = 0.1
BATCH = 64
EXAMPLES = 60_000
CONTENDERS = {
    "NumPy in place": "by_hand_digits.in_place",
    "NumPy in place, one flat buffer": "by_hand_digits.flat",
    "NumPy plain": "by_hand_digits.plain",
    "NumPy layer classes": "by_hand_digits.layers",
    "autograd_lite": "ours.digits",
    "autograd_lite fused": "ours.digits_fused",
    "autograd_lite nn": "ours.digits_nn",
    "autograd_lite compiled": "ours.digits_compiled",
    "HIPS autograd": "with_autograd.digits",
    "PyTorch": "with_torch.digits",
    "jax.jit": "with_jax.digits",
    "tinygrad TinyJit": "with_tinygrad.digits",
}


def row(dtype: str, examples: int = EXAMPLES) -> Row:
    return Row(
        name=f"digits {dtype}",
        title=f"[784,100,10] network, ReLU, softmax cross-entropy, batches of {BATCH} "
        f"from {examples:,} examples, {dtype}: forward, backward, step of SGD",
        contenders=CONTENDERS,
        arguments=(dtype, examples),
        against=("NumPy in place", "NumPy layer classes", "PyTorch"),
        tolerance=1e-10 if dtype == "float64" else 1e-4,
        seconds=0.1,
    )


def start(dtype: str, examples: int) -> tuple[np.ndarray, ...]:
    """X (N, 784) in 0…1, one-hot T (N, 10), and the parameters W1, b1, W2, b2."""
    rng = np.random.default_rng(0)
    X = rng.random((examples, 784), dtype=dtype)
    T = np.zeros((examples, 10), dtype)
    T[np.arange(examples), rng.integers(0, 10, examples)] = 1
    W1 = rng.normal(0, (2 / 784) ** 0.5, (784, 100)).astype(dtype)
    W2 = rng.normal(0, (2 / 100) ** 0.5, (100, 10)).astype(dtype)
    return X, T, W1, np.zeros(100, dtype), W2, np.zeros(10, dtype)


def starts(examples: int) -> Iterator[int]:
    """Where each batch starts, epoch after epoch."""
    return cycle(range(0, examples - BATCH + 1, BATCH))
