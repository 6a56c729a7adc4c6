from pathlib import Path

import pytest

from autograd_lite.lessons import checking


@pytest.fixture(autouse=True)
def progress_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a progress file of its own, and a kernel that gave no hint yet."""
    path = tmp_path / "data" / "progress.json"
    monkeypatch.setenv("AUTOGRAD_LITE_PROGRESS", str(path))
    monkeypatch.setattr(checking, "_hints_given", {})
    monkeypatch.setattr(checking, "_complaints_made", set())
    return path
