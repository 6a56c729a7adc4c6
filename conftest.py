"""Settings for every test run, and for the notebooks that nbval runs as tests."""

import importlib
import os

import pytest

# Kernels inherit this: a stored output must not depend on a learner's progress.
os.environ["AUTOGRAD_LITE_PROGRESS"] = "off"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the cells of notebooks where their stored pictures cannot be drawn again."""
    cells = [item for item in items if item.path.suffix == ".ipynb"]
    if cells and not can_draw():
        reason = "the stored pictures are drawn with pygraphviz, which cannot be imported here"
        for cell in cells:
            cell.add_marker(pytest.mark.skip(reason=reason))


def can_draw() -> bool:
    """Whether pygraphviz works: on a bare system it is installed and its import fails."""
    try:
        importlib.import_module("pygraphviz")
    except ImportError:
        return False
    return True
