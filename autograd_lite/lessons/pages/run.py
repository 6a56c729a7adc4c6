"""Run a lesson so that each widget's output has its part of a page with it."""

import asyncio
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from ..kernel import kernel_environment, this_kernel

CELL_SECONDS = 300  # a widget's cell asks for all that its page will answer
HOOK = '__import__("autograd_lite.widgets.page", fromlist=["page"]).show_as_pages()'


def run_lesson(path: Path) -> NotebookNode:
    """The notebook at `path`, run by this interpreter in its own folder; the file stays as it is.

    Raises RuntimeError with the lesson's name when a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        km=this_kernel(),
        timeout=CELL_SECONDS,
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR", f"--IPKernelApp.exec_lines={HOOK}"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        asyncio.run(client.async_execute(env=kernel_environment(), cleanup_kc=True))
    except CellExecutionError as error:
        raise RuntimeError(f"{path.name}: {error.ename}: {error.evalue}") from error
    return notebook
