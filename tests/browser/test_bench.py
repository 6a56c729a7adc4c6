"""The gate bench in a real JupyterLab: predict, look, and hear the name of the mistake."""

from typing import TYPE_CHECKING

from nbformat.v4 import new_code_cell, new_notebook

from .jupyter import Lab

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Page

CODE = "import autograd_lite as ag\nag.GateBench('multiply', x=2.0, y=3.0, upstream=1.0)"


def test_predict_then_look(lab: Lab, page: "Page", expect: "Expect") -> None:
    lab.put(new_notebook(cells=[new_code_cell(CODE, id="c0")]), "bench.ipynb")
    lab.open(page, "bench.ipynb")
    lab.run_all(page)
    bench = page.locator(".ag-bench")
    gradient = bench.locator("[data-node=x] .ag-grad")
    expect(bench.locator("[data-node=z] .ag-grad")).to_have_text("◂ ∇ 1.0000")
    expect(gradient).to_have_text("")

    bench.locator("[data-predict=x]").fill("2")
    bench.locator("[data-predict=y]").fill("2")
    page.keyboard.press("Enter")
    expect(bench.locator(".ag-feedback")).to_contain_text("✗ x: 2 is dz times its own input")
    expect(bench.locator(".ag-feedback")).to_contain_text("✓ y: 2.0000 is right")
    expect(gradient).to_have_text("◂ ∇ 3.0000")

    bench.locator("[data-predict=x]").fill("3")
    page.keyboard.press("Enter")
    expect(bench.locator(".ag-feedback")).to_contain_text("✓ x: 3.0000 is right")

    bench.locator("[data-input=x]").focus()
    page.keyboard.press("ArrowRight")
    expect(gradient).to_have_text("")
    expect(bench.locator(".ag-feedback")).to_have_text("")

    bench.locator("select").select_option("sigmoid")
    expect(bench.locator("[data-predict]")).to_have_count(1)
    bench.locator("select").select_option("add")
    expect(bench.locator("[data-predict]")).to_have_count(2)
    bench.locator("select").select_option("sigmoid")
    expect(bench.locator("[data-predict]")).to_have_count(1)
    bench.get_by_role("button", name="Look").click()
    expect(bench.locator(".ag-feedback")).to_contain_text("Type your predictions first")
    expect(gradient).to_have_text("")
