"""Whole public pages, kept for a second: a burst of readers costs one rendering."""

import time
from collections.abc import Callable
from threading import Lock

from flask import Response

FRESH_SECONDS = 1.0
MOST_PAGES = 500
BROWSER_CACHE = "public, max-age=5, stale-while-revalidate=60"

_pages: dict[tuple[str, ...], tuple[float, str]] = {}
_rendering: dict[tuple[str, ...], Lock] = {}


def cached_page(key: tuple[str, ...], render: Callable[[], str]) -> Response:
    """Return the page at `key`, rendered at most once a second in this process.

    The page must be the same for everyone. Where many ask at once for a page that is not there,
    one renders and the others wait for it.
    """
    response = Response(cached_text(key, render), mimetype="text/html")
    response.headers["Cache-Control"] = BROWSER_CACHE
    return response


def cached_text(key: tuple[str, ...], render: Callable[[], str]) -> str:
    """Return what `render` made for `key` within the last second, here or in another thread."""
    page = _fresh(key)
    if page is None:
        with _rendering.setdefault(key, Lock()):
            page = _fresh(key) or _keep(key, render())
    return page


def forget_pages() -> None:
    """Drop every page, as when the process turns to another database."""
    _pages.clear()
    _rendering.clear()


def _fresh(key: tuple[str, ...]) -> str | None:
    kept = _pages.get(key)
    return kept[1] if kept and time.monotonic() - kept[0] < FRESH_SECONDS else None


def _keep(key: tuple[str, ...], page: str) -> str:
    if len(_pages) >= MOST_PAGES:
        forget_pages()
    _pages[key] = (time.monotonic(), page)
    return page
