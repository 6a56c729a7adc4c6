"""How much `import autograd_lite` costs above `import numpy`.

Fresh processes, the two in turn; the ratio of each pair is taken, then the median. Both are
read from compiled bytecode, as after the first import on any machine.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

from . import table
from .timing import spread

PAIRS = 31
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def seconds(module: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True, env=ENVIRONMENT)
    return time.perf_counter() - start


def tables(quick: bool) -> Iterator[str]:
    modules = ("sys", "numpy", "autograd_lite")
    seconds("autograd_lite")  # writes the bytecode
    rounds = [[seconds(module) for module in modules] for _ in range(3 if quick else PAIRS)]
    lines = []
    for place, module in enumerate(modules):
        median, low, high = spread([times[place] * 1000 for times in rounds])
        ratio = spread([times[place] / times[1] for times in rounds]).median
        name = "bare Python" if module == "sys" else f"import {module}"
        lines.append([name, f"{median:.1f}", f"{low:.1f}–{high:.1f}", f"{ratio:.2f}"])
    yield table.block("Import, in a fresh process", ["", "ms", "middle half", "× numpy"], lines)
