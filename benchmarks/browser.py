"""How fast the stepper repaints in Chromium.

A step needs no kernel: from the key's own time stamp to the changed picture, and to the frame
that shows it. An input slider asks Python: from the event to the changed picture, in JupyterLab.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd_lite as ag

from . import table

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.jupyter import Lab

KEYS = 200
MOVES = 100
CODE = """\
import numpy as np
import autograd_lite as ag
x1, x2 = ag.Tensor(2.0, name="x1"), ag.Tensor(3.0, name="x2")
ag.Stepper(np.sin(x1) + x1 * x2, step=8)
"""
WATCH_KEYS = """root => {
    window.changed = []; window.framed = [];
    root.addEventListener('keydown', event => {
        changed.push(performance.now() - event.timeStamp);
        requestAnimationFrame(() => framed.push(performance.now() - event.timeStamp));
    });
}"""
MOVE = """([slider, value]) => new Promise(done => {
    const text = slider.closest('.ag-stepper').querySelector('[data-node=x1] .ag-value');
    const start = performance.now();
    new MutationObserver((_, observer) => {
        observer.disconnect(); done(performance.now() - start);
    }).observe(text, {childList: true, characterData: true, subtree: true});
    slider.value = value;
    slider.dispatchEvent(new Event('input'));
})"""


def block() -> str:
    head = ["", "ms, median", "5 to 95 %"]
    lines, notes = [], []
    try:
        for name, times in measure():
            low, median, high = np.percentile(times, [5, 50, 95])
            lines.append([name, f"{median:.1f}", f"{low:.1f}–{high:.1f}"])
    except LookupError as error:
        notes.append(f"{error}, skipped")
    return table.block("The stepper in the browser", head, lines, notes)


def measure() -> Iterator[tuple[str, list[float]]]:
    """The times of each kind.

    Raises:
        LookupError: playwright or a browser is missing.
    """
    try:
        import pytest
        from playwright.sync_api import sync_playwright

        from tests.browser.chromium import FLAGS, find_chromium
        from tests.browser.jupyter import Lab
        from tests.browser.server import Server
    except ImportError as error:
        raise LookupError(f"{error.name} is not installed") from error
    os.environ.pop("CI", None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        try:
            path = find_chromium(playwright.chromium.executable_path)
        except pytest.skip.Exception as error:
            raise LookupError("no Chromium found") from error
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield from time_keys(browser.new_page(), Path(folder))
        (Path(folder) / "lab").mkdir()
        with Server(Path(folder) / "lab") as server:
            yield "input slider to changed picture", time_slider(browser.new_page(), Lab(server))
        browser.close()


def time_keys(page: "Page", folder: Path) -> Iterator[tuple[str, list[float]]]:
    x1, x2 = ag.Tensor(2.0, name="x1"), ag.Tensor(3.0, name="x2")
    path = ag.Stepper(np.sin(x1) + x1 * x2, granularity="edge").to_html(folder / "page.html")
    page.goto(path.as_uri())
    stepper = page.locator(".ag-stepper")
    stepper.focus()
    stepper.evaluate(WATCH_KEYS)
    for number in range(KEYS):
        page.keyboard.press("ArrowRight" if number // 10 % 2 == 0 else "ArrowLeft")
    times: list[list[float]] = page.evaluate("() => [changed, framed]")
    yield "key to changed picture", times[0]
    yield "key to the frame that shows it", times[1]


def time_slider(page: "Page", lab: "Lab") -> list[float]:
    from nbformat.v4 import new_code_cell, new_notebook

    lab.put(new_notebook(cells=[new_code_cell(CODE, id="c0")]), "slider.ipynb")
    lab.open(page, "slider.ipynb")
    lab.run_all(page)
    slider: Any = page.locator("[data-input=x1]").element_handle()
    times = [page.evaluate(MOVE, [slider, -4 + 8 * n / MOVES]) for n in range(MOVES)]
    page.close()
    return times[5:]
