"""Fixtures of the browser tests: a browser, pages that are watched, JupyterLab, pictures.

Most tests need no more than ``def test_x(lab, page, expect)``. AUTOGRAD_LITE_BROWSER names
another browser, AUTOGRAD_LITE_SCREENSHOTS a folder for the pictures.
"""

import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .chromium import FLAGS, find_chromium, missing
from .jupyter import Lab
from .server import Server
from .watch import WAIT_MILLISECONDS, clean_pages
from .worked import notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Expect, Locator, Page


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser to drive: see ``find_chromium``."""
    if importlib.util.find_spec("playwright") is None:
        missing("playwright is not installed; write: pip install playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return find_chromium(own)


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> "Iterator[Browser]":
    """A headless browser for one test file.

    Not for the whole session: playwright keeps an event loop running, and tests elsewhere
    could not run one of their own.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def expect(chromium_path: str) -> "Expect":
    """Playwright's expect, as a fixture so that test files load without playwright."""
    from playwright.sync_api import expect

    expect.set_options(timeout=WAIT_MILLISECONDS)
    return expect


@pytest.fixture
def new_page(browser: "Browser") -> "Iterator[Callable[..., Page]]":
    """Make pages: ``new_page(color_scheme="dark", viewport={"width": 400, "height": 800})``.

    The options are those of playwright's ``Browser.new_context``. Each page has a fresh
    profile. The test fails at its end when a page is not clean: see ``clean_pages``.
    """
    with clean_pages(browser) as make:
        yield make


@pytest.fixture
def page(new_page: "Callable[..., Page]") -> "Page":
    """One page in light colours, 1280 by 900."""
    return new_page()


@pytest.fixture
def open_offline(new_page: "Callable[..., Page]") -> "Callable[..., Page]":
    """Open a file of this machine with the network off: ``open_offline(path)``."""

    def open_file(path: Path, **options: Any) -> "Page":
        page = new_page(offline=True, **options)
        page.goto(path.resolve().as_uri())
        return page

    return open_file


@pytest.fixture(scope="session")
def lab(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A running JupyterLab. Tests share it, so give each notebook a name of its own."""
    if importlib.util.find_spec("jupyterlab") is None:
        missing("jupyterlab is not installed; write: pip install jupyterlab")
    with Server(tmp_path_factory.mktemp("lab")) as server:
        yield Lab(server)


@pytest.fixture(scope="session")
def screenshot(tmp_path_factory: pytest.TempPathFactory) -> "Callable[[Page | Locator, str], Path]":
    """Keep a picture of a page or of a part of it: ``screenshot(page, "dark")``."""
    wanted = os.environ.get("AUTOGRAD_LITE_SCREENSHOTS")
    folder = Path(wanted) if wanted else tmp_path_factory.mktemp("screenshots")

    def take(target: "Page | Locator", name: str) -> Path:
        path = folder / f"{name}.png"
        target.screenshot(path=path, animations="disabled")
        return path

    return take


@pytest.fixture
def open_live(lab: Lab, page: "Page") -> Callable[..., "Locator"]:
    """Run a notebook with the given cells; the steppers that it shows."""

    def run(name: str, *cells: str) -> "Locator":
        lab.put(notebook(*cells), name)
        lab.open(page, name)
        lab.run_all(page)
        return page.locator(".ag-stepper")

    return run
