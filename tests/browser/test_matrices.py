"""Matrices under the equations, in a real JupyterLab: Python's numbers, and nothing below moves."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from .test_scopes import NETWORK, python_network

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Locator, Page

TABLES = """panel => [...panel.querySelectorAll('.ag-matrix')].map(table => ({
    caption: table.caption.textContent,
    kind: table.tBodies[0].className,
    rows: [...table.rows].map(row => [...row.cells].map(cell => cell.textContent)),
}))"""


def test_the_tables_are_pythons_at_every_step_and_the_height_stays(
    page: "Page", open_live: Callable[..., "Locator"], expect: "Expect"
) -> None:
    stepper = open_live("matrices.ipynb", NETWORK, "ag.Stepper(J)")
    steps = python_network()._trace["steps"]
    stepper.focus()
    heights = set()
    for index, step in enumerate(steps):
        expect(stepper).to_have_attribute("data-step", str(index))
        told = [one for tables in step["matrices"] for one in tables]
        shown = stepper.locator(".ag-panel").evaluate(TABLES)
        assert [one["rows"] for one in shown] == [one["rows"] for one in told]
        assert [one["kind"] for one in shown] == [f"ag-is-{one['kind']}" for one in told]
        assert [one["caption"] for one in shown] == [
            f"{one['name']} {one['shape']}" for one in told
        ]
        heights.add(stepper.evaluate("element => element.offsetHeight"))
        page.keyboard.press("ArrowRight")
    assert len(heights) == 1
