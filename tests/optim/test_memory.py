"""What a training step frees is not given back to the kernel, to be asked for again."""

import subprocess
import sys

import pytest

STEPS = """
import resource
import numpy as np
import autograd_lite as ag
from autograd_lite import optim

rng = np.random.default_rng(0)
X, T = rng.random((200, 784)), np.eye(10)[rng.integers(0, 10, 200)]
W1, b1 = ag.Tensor(rng.normal(0, 0.05, (784, 100))), ag.Tensor(np.zeros(100))
W2, b2 = ag.Tensor(rng.normal(0, 0.1, (100, 10))), ag.Tensor(np.zeros(10))
sgd = optim.SGD([W1, b1, W2, b2], 0.1)

def step(i):
    x, t = X[i : i + 64], T[i : i + 64]
    loss = ag.cross_entropy(ag.linear(ag.relu(ag.linear(x, W1, b1)), W2, b2), t)
    sgd.zero_grad()
    loss.backward()
    sgd.step()

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

for i in range(103):
    step(i)
before = faults()
for i in range(100):
    step(i)
print((faults() - before) / 100)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's way, on Linux")
def test_a_step_finds_its_memory_again() -> None:
    done = subprocess.run([sys.executable, "-c", STEPS], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 5.0  # 137 pages when the blocks are given back each time
