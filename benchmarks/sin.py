"""y = sin(x1) + x1·x2: two leaves made, the graph built and swept."""

from .turns import Row

X1, X2 = 2.0, 3.0

ROW = Row(
    name="sin",
    title="y = sin(x1) + x1·x2: leaves made, graph built and swept",
    contenders={
        "plain floats": "by_hand.sin_floats",
        "NumPy": "by_hand.sin_numpy",
        "autograd_lite": "ours.sin",
        "autograd_lite compiled": "ours.sin_compiled",
        "micrograd": "with_micrograd.sin",
        "HIPS autograd": "with_autograd.sin",
        "PyTorch": "with_torch.sin",
        "jax.jit": "with_jax.sin",
        "tinygrad": "with_tinygrad.sin",
    },
    arguments=(),
    against=("plain floats", "micrograd"),
    tolerance=1e-10,
    seconds=0.02,
)
