"""Every guard holds for every stored notebook."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from .guards import FILE_GUARDS, GUARDS
from .load import NOTEBOOKS

STORED = sorted(NOTEBOOKS.glob("*.ipynb"))
stored = pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)


def test_there_are_lessons() -> None:
    """Without this, a missing folder would pass every guard."""
    assert [path.name for path in STORED][:2] == ["00_start_here.ipynb", "01_two_passes.ipynb"]


@stored
@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_guard(guard: Callable[[nbformat.NotebookNode], list[str]], path: Path) -> None:
    assert guard(nbformat.read(path, as_version=4)) == []


@stored
@pytest.mark.parametrize("guard", FILE_GUARDS, ids=lambda guard: guard.__name__)
def test_file_guard(guard: Callable[[nbformat.NotebookNode, Path], list[str]], path: Path) -> None:
    assert guard(nbformat.read(path, as_version=4), path) == []
