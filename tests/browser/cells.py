"""The cells of an open notebook: what a learner writes into them, and what is printed below."""

from typing import TYPE_CHECKING

from .jupyter import RUN_MILLISECONDS

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PANEL = "window.jupyterapp.shell.currentWidget.content"
SOURCES = f"""() => [...{PANEL}.model.cells].map(
    cell => cell.type === 'code' ? cell.sharedModel.getSource() : null)"""
# As after typing: the source is the learner's, the cell is the active one.
WRITE_AND_RUN = f"""([index, source, limit]) => {{
    const notebook = {PANEL};
    notebook.activeCellIndex = index;
    notebook.deselectAll();
    notebook.widgets[index].model.sharedModel.setSource(source);
    const late = new Promise((_, fail) => setTimeout(() => fail(new Error('too slow')), limit));
    return Promise.race([window.jupyterapp.commands.execute('notebook:run-cell'), late]);
}}"""
PRINTED = f"""index => {PANEL}.model.cells.get(index).outputs.toJSON().map(output =>
    output.text ?? output.evalue ?? '').flat().join('')"""
SHOW = f"""index => {{
    const notebook = {PANEL};
    notebook.activeCellIndex = index;
    notebook.scrollToItem(index, 'center');
}}"""


class Cells:
    """The cells of the notebook that `page` shows, by their place in it."""

    def __init__(self, page: "Page") -> None:
        self.page = page

    def sources(self) -> list[str | None]:
        """The text of each code cell; None for a cell of prose."""
        found: list[str | None] = self.page.evaluate(SOURCES)
        return found

    def run(self, index: int, source: str) -> str:
        """Write `source` into a cell, run it, and return what it prints, on one line."""
        self.page.evaluate(WRITE_AND_RUN, [index, source, RUN_MILLISECONDS])
        return self.printed(index)

    def printed(self, index: int) -> str:
        """What stands below a cell, on one line; for an error its message."""
        return " ".join(str(self.page.evaluate(PRINTED, index)).split())

    def type(self, index: int, source: str) -> None:
        """Replace a cell's text with real keys, and run it with Ctrl+Enter."""
        self.show(index)
        editor = self.at(index).locator(".cm-content")
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(source)
        self.page.keyboard.press("Control+Enter")

    def show(self, index: int) -> None:
        """Scroll to a cell, and make it the active one."""
        self.page.evaluate(SHOW, index)
        self.at(index).wait_for()

    def at(self, index: int) -> "Locator":
        """The element of a cell."""
        return self.page.locator(f".jp-Cell[data-windowed-list-index='{index}']")
