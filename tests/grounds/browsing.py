"""Pages in a real Chromium that fail their test on errors, CSP reports and foreign requests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)

from tests.grounds import chromium as chromium_on_this_machine

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}

NewPage = Callable[..., Page]


@dataclass
class Watch:
    """What went wrong on the pages of one test."""

    problems: list[str] = field(default_factory=list)
    _visited: set[str] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of this context."""
        context.on("request", self._see_request)
        context.on("console", self._hear_console)
        context.on("weberror", lambda error: self.problems.append(f"error: {error.error}"))

    def _see_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if request.is_navigation_request():
            self._visited.add(urldefrag(request.url).url)
        if parts.scheme in {"http", "https"} and parts.hostname not in LOCAL_HOSTS:
            self.problems.append(f"request to another host: {request.url}")

    def _hear_console(self, message: ConsoleMessage) -> None:
        """Note errors; an error page that was asked for is reported as one, and is none."""
        answered = message.text.startswith("Failed to load resource: the server responded")
        if message.type != "error" or (
            answered and urldefrag(message.location["url"]).url in self._visited
        ):
            return
        self.problems.append(f"console: {message.text} ({message.location['url']})")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium for the whole run of a worker."""
    path = chromium_on_this_machine.find()
    if path is None:
        pytest.fail("No Chromium on this machine: install one, or name one in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the pages of a test complain about; anything left at its end fails the test."""
    made = Watch()
    yield made
    assert made.problems == []


@pytest.fixture
def new_page(chromium: Browser, watch: Watch) -> Iterator[NewPage]:
    """Open a page with a fresh profile: `new_page(js=False, phone=True)`."""
    contexts: list[BrowserContext] = []

    def open_page(*, js: bool = True, phone: bool = False, **options: Any) -> Page:
        context = chromium.new_context(
            **{
                "java_script_enabled": js,
                "viewport": PHONE if phone else DESKTOP,
                "is_mobile": phone,
                "has_touch": phone,
                "accept_downloads": True,
                "locale": "en-GB",
                **options,
            }
        )
        contexts.append(context)
        watch.over(context)
        context.set_default_timeout(15_000)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A desktop page with JavaScript."""
    return new_page()
