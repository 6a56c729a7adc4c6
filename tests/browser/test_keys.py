"""Keys of JupyterLab inside a widget: commands reach it, letters do not."""

from typing import TYPE_CHECKING

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from .jupyter import Lab

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Page

WIDGETS = {
    "stepper": "ag.Stepper(ag.Tensor(2.0, name='x') * 3.0)",
    "bench": "ag.GateBench()",
    "training": "ag.TrainingLoop()",
    "own": "ag.FormulaStepper()",
    "quiz": "ag.Quiz(ag.Tensor(2.0, name='x') * 3.0)",
}


@pytest.mark.parametrize("kind", WIDGETS)
def test_a_command_reaches_jupyterlab_and_a_letter_does_not(
    lab: Lab, page: "Page", expect: "Expect", kind: str
) -> None:
    name = f"keys_{kind}.ipynb"
    code = f"import autograd_lite as ag\n{WIDGETS[kind]}"
    cells = [new_code_cell(code, id="c0"), new_code_cell("print('below')", id="c1")]
    lab.put(new_notebook(cells=cells), name)
    lab.open(page, name)
    lab.run_all(page)
    widget, prompt = page.locator(f".ag-{kind}"), page.locator(".jp-Cell .jp-InputPrompt").first
    expect(prompt).to_have_text("[1]:")
    widget.locator(".ag-bar").first.click(position={"x": 1, "y": 1})
    for run, key in ((3, "Shift+Enter"), (4, "Control+Enter")):
        expect(widget).to_have_count(1)
        part = widget.locator("button, select").first
        part.focus()
        for letter in ("b", "a", "d", "d", "x"):
            page.keyboard.press(letter)
        expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)
        part.focus()
        page.keyboard.press(key)
        expect(prompt).to_have_text(f"[{run}]:")
