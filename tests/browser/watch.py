"""Pages that are watched: what a page must not do while a test looks at it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Page,
        Request,
        Response,
        WebError,
    )

WAIT_MILLISECONDS = 30_000
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
NETWORK = {"http", "https", "ws", "wss"}


def watch(context: "BrowserContext", allowed: str | None = None) -> list[str]:
    """Return a list that grows by one sentence for each thing that goes wrong in any page.

    Watch a context before its first page is made.
    """
    problems: list[str] = []

    def on_console(message: "ConsoleMessage") -> None:
        if message.type == "error" and not (allowed and allowed in message.text):
            problems.append(f"console error: {message.text}")

    def on_error(error: "WebError") -> None:
        problems.append(f"uncaught error: {error.error}")

    def on_response(response: "Response") -> None:
        if response.status >= 400:
            problems.append(f"HTTP {response.status}: {response.request.method} {response.url}")

    def on_address(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in NETWORK and parts.hostname not in LOOPBACK:
            problems.append(f"request beyond this machine: {url}")

    def on_request(request: "Request") -> None:
        on_address(request.url)

    def on_page(page: "Page") -> None:
        page.on("websocket", lambda socket: on_address(socket.url))

    context.on("console", on_console)
    context.on("weberror", on_error)
    context.on("response", on_response)
    context.on("request", on_request)
    context.on("page", on_page)
    return problems


@contextmanager
def clean_pages(browser: "Browser") -> "Iterator[Callable[..., Page]]":
    """Give a function that makes pages. At the end all are closed and must have been clean.

    Not clean are console errors, uncaught errors, HTTP answers of 400 and above, and
    requests that leave this machine: an AssertionError lists them. A page made with
    ``allowed`` may report console errors that contain that text.
    """
    pages: list[Page] = []
    watched: list[list[str]] = []

    def new_page(allowed: str | None = None, **options: Any) -> "Page":
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        context.set_default_timeout(WAIT_MILLISECONDS)
        watched.append(watch(context, allowed))
        pages.append(context.new_page())
        return pages[-1]

    try:
        yield new_page
        for page in pages:
            if not page.is_closed():
                page.evaluate("() => null")  # what the page reported before has now arrived
        problems = [problem for found in watched for problem in found]
    finally:
        for page in pages:
            page.context.close()
    if problems:
        raise AssertionError("the page is not clean:\n" + "\n".join(problems))
