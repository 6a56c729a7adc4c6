"""What is measured, and how to repeat it: `python -m benchmarks`, or some of it, by name.

python -m benchmarks                 everything, on one thread
python -m benchmarks sin network     two of them
python -m benchmarks --threads all   as many threads as each library likes
python -m benchmarks --quick         does it run, and do all agree? The times say nothing
"""

import argparse
import os
import sys
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
NAMES = {
    "sin": "y = sin(x1) + x1·x2: the graph built and swept, beside other libraries",
    "network": "the [2,3,1] network: a training step, beside other libraries",
    "digits": "the [784,100,10] network: a training step, beside other libraries",
    "passes": "what both passes cost, counted in forward passes",
    "scaling": "a chain of up to a million nodes: time and memory",
    "import": "import autograd_lite, beside import numpy",
    "drawing": "graphs of 8 to 1,000 boxes: layout and picture",
    "stepper": "the stepper, in Python and in the browser",
    "nbval": "running all lessons and comparing what they print",
}
OUT = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure everything, or what is named.",
        epilog="\n".join(f"{name:8}  {what}" for name, what in NAMES.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="see below; default: all")
    parser.add_argument("--threads", type=threads, default="1", help="a number, or all; default 1")
    parser.add_argument("--quick", action="store_true", help="once, with little data")
    parser.add_argument("--out", type=folder, default=OUT, help=f"a folder, default {OUT}")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in NAMES]:
        parser.error(f"no benchmark is named {unknown[0]!r}; there are {', '.join(NAMES)}")
    if given.threads != "all":  # before NumPy is loaded, here and in every process of ours
        os.environ.update(dict.fromkeys(THREADS, given.threads))

    from . import report

    for path in report.run(given.names or list(NAMES), given.threads, given.quick, given.out):
        print(f"written: {path}", file=sys.stderr)  # what is on stdout belongs in the README


def threads(text: str) -> str:
    if text == "all" or (text.isdecimal() and int(text) > 0):
        return text
    raise argparse.ArgumentTypeError(f"received {text!r}, expected a number from 1 on, or all")


def folder(text: str) -> Path:
    path = Path(text)
    if any(part.is_file() for part in (path, *path.parents)):
        raise argparse.ArgumentTypeError(f"received {text!r}, a file; expected a folder")
    return path


if __name__ == "__main__":
    main()
