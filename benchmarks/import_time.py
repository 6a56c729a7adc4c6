"""How much `import autograd_lite` costs above `import numpy`: `python benchmarks/import_time.py`.

Fresh processes, the two in turn; the ratio of each pair is taken, then the median. Both are
read from compiled bytecode, as after the first import on any machine.
"""

import os
import statistics
import subprocess
import sys
import time

PAIRS = 41
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def seconds(module: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True, env=ENVIRONMENT)
    return time.perf_counter() - start


if __name__ == "__main__":
    seconds("autograd_lite")  # writes the bytecode
    bare = [seconds("sys") for _ in range(PAIRS)]
    pairs = [(seconds("autograd_lite"), seconds("numpy")) for _ in range(PAIRS)]
    print(f"bare Python    {statistics.median(bare) * 1000:7.1f} ms")
    print(f"numpy          {statistics.median(n for _, n in pairs) * 1000:7.1f} ms")
    print(f"autograd_lite  {statistics.median(a for a, _ in pairs) * 1000:7.1f} ms")
    ratios = sorted(a / n for a, n in pairs)
    low, high = ratios[len(ratios) // 4], ratios[3 * len(ratios) // 4]
    print(f"ratio          {statistics.median(ratios):7.3f}  (middle half {low:.3f} to {high:.3f})")
