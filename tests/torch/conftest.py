"""Without PyTorch this folder is skipped, and says so."""

from importlib.util import find_spec

import pytest

REASON = "PyTorch is not installed: pip install -r requirements-torch.txt"


def pytest_make_collect_report(collector: pytest.Collector) -> pytest.CollectReport | None:
    """Instead of importing anything here; a skip in this file would end a run of the folder."""
    if find_spec("torch") is not None or not isinstance(collector, pytest.File):
        return None
    return pytest.CollectReport(collector.nodeid, "skipped", (str(collector.path), 0, REASON), [])
