"""What is measured, and how to repeat it: `python -m benchmarks`, or some of it, by name.

python -m benchmarks                 everything, on one thread
python -m benchmarks sin network     two of them
python -m benchmarks --threads all   as many threads as each library likes
python -m benchmarks --quick         does it run, and do all agree? The times say nothing
"""

import argparse
import os
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
NAMES = (
    "sin",
    "network",
    "digits",
    "passes",
    "scaling",
    "import",
    "drawing",
    "stepper",
    "nbval",
)
OUT = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--threads", default="1", help="a number, or all; default 1")
    parser.add_argument("--quick", action="store_true", help="once, with little data")
    parser.add_argument("--out", type=Path, default=OUT, help=f"a folder, default {OUT}")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in NAMES]:
        parser.error(f"no benchmark is named {unknown[0]!r}; there are {', '.join(NAMES)}")
    if given.threads != "all":  # before NumPy is loaded, here and in every process of ours
        os.environ.update(dict.fromkeys(THREADS, given.threads))

    from . import report

    report.run(given.names or NAMES, given.threads, given.quick, given.out)


if __name__ == "__main__":
    main()
