"""Rebuild everything that is generated, figures, notebooks, notes: `python build.py [--check]`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    for script in ("figures/build.py", "notebooks/build.py", "notebooks/teaching/build.py"):
        done = subprocess.run([sys.executable, str(HERE / script), *sys.argv[1:]], check=False)
        if done.returncode:
            sys.exit(done.returncode)
