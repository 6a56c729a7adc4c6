"""What a reader does in JupyterLab: open a notebook, run it, save it."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

import nbformat
from nbformat import NotebookNode

from .server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

RUN_MILLISECONDS = 120_000
KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}

OPENED = """name => {
    const panel = window.jupyterapp?.shell.currentWidget;
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    return panel?.context?.isReady && panel.context.path === name
        && document.body.dataset.jpThemeLight === String(!dark);
}"""
KERNEL_READY = """() => {
    const session = window.jupyterapp.shell.currentWidget.sessionContext;
    return session.isReady && session.session?.kernel?.status === 'idle';
}"""
# Start the command and leave: awaiting it in the page would have no time limit.
START = """([command, mark]) => {
    window[mark] = null;
    window.jupyterapp.commands.execute(command).then(
        result => { window[mark] = {result}; },
        error => { window[mark] = {error: String(error)}; });
}"""
ERRORS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .flatMap(cell => cell.outputs?.toJSON() ?? [])
    .filter(output => output.output_type === 'error')
    .map(output => `${output.ename}: ${output.evalue}`)"""


class Lab:
    """A running JupyterLab. Notebooks are named by their path below the served folder."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def put(self, source: Path | NotebookNode, name: str) -> Path:
        """Copy a notebook, another file or a whole folder into the served folder as ``name``."""
        target = self.server.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, NotebookNode):
            # Without a kernelspec JupyterLab asks for one in a modal dialog.
            named = {**source, "metadata": {**source.metadata, "kernelspec": KERNELSPEC}}
            nbformat.write(nbformat.from_dict(named), target)
        elif source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
        return target

    def open(self, page: "Page", name: str, view: Literal["doc", "lab"] = "doc") -> None:
        """Show a notebook alone (``doc``) or in the whole of JupyterLab (``lab``).

        Its kernel is shut down when the page closes.
        """
        page.once("close", lambda _: self._shut_down_kernel(name))
        page.goto(f"{self.server.url}/{view}/tree/{quote(name)}?token={self.server.token}")
        page.wait_for_function(OPENED, arg=name)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()

    def wait_for_kernel(self, page: "Page") -> None:
        """Wait until the kernel can run cells: needed before keys that run one."""
        page.wait_for_function(KERNEL_READY)

    def run_all(self, page: "Page") -> None:
        """Run every cell and wait for the last. A cell that raises is an AssertionError."""
        self.wait_for_kernel(page)
        if not self._execute(page, "notebook:run-all-cells"):
            raise AssertionError(f"the notebook did not run to its end: {page.evaluate(ERRORS)}")

    def save(self, page: "Page") -> NotebookNode:
        """Save the notebook as a reader would, and return what the file now holds."""
        self._execute(page, "docmanager:save")
        name = page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
        saved: NotebookNode = nbformat.read(self.server.root / name, as_version=4)
        return saved

    def kernels(self) -> dict[str, str]:
        """The session id of each notebook that has a kernel."""
        sessions = json.loads(self.server.ask("GET", "api/sessions"))
        return {session["path"]: session["id"] for session in sessions}

    def _execute(self, page: "Page", command: str) -> object:
        mark = f"outcome of {command}"
        page.evaluate(START, [command, mark])
        page.wait_for_function("mark => window[mark]", arg=mark, timeout=RUN_MILLISECONDS)
        outcome = page.evaluate("mark => window[mark]", mark)
        if "error" in outcome:
            raise AssertionError(f"{command} failed: {outcome['error']}")
        return outcome.get("result")

    def _shut_down_kernel(self, name: str) -> None:
        if session := self.kernels().get(name):
            self.server.ask("DELETE", f"api/sessions/{session}")
