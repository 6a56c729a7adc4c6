"""The build script, which lies beside the notebooks and in no package, as a module."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"

spec = importlib.util.spec_from_file_location("notebooks_build", NOTEBOOKS / "build.py")
assert spec is not None
assert spec.loader is not None
build = importlib.util.module_from_spec(spec)
spec.loader.exec_module(build)
decoded = build.decoded
