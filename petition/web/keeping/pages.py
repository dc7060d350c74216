"""Whole public pages, kept for a second: a burst of readers costs one rendering."""

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response, request

from petition.core.memory import Memory
from petition.signatures.sources import NAMED, as_source
from petition.web.site.request_log import log_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FRESH_SECONDS = 1.0
WAITING_SECONDS = 4.0
"""How long to wait for another one's rendering, which may wait for the database in its turn."""
MOST_PAGES = 500
SHOWN = "petition.shown"
"""Under which a request says which kept page it is answered with."""
BROWSER_CACHE = "public, max-age=5, stale-while-revalidate=60"


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it was rendered: its octets and their name."""

    octets: bytes
    etag: str
    rendered_at: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as the application has answered with it, once all its headers were there."""

    page: KeptPage
    rule: str
    headers: list[tuple[str, str]]


_pages: Memory[tuple[str, ...], KeptPage] = Memory(FRESH_SECONDS, MOST_PAGES)
_answers: Memory[tuple[str, ...], Answer] = Memory(FRESH_SECONDS, MOST_PAGES)


def cached_page(
    key: tuple[str, ...],
    render: Callable[[], str],
    *,
    mimetype: str = "text/html",
    cache_control: str = BROWSER_CACHE,
) -> Response:
    """Return the page at `key`, rendered at most once a second in this process.

    The page must be the same for everyone, so that any cache may keep it and it varies with
    nothing. Where many ask at once for a page that is not there, one renders and the others wait
    for it, for some seconds. Whoever has the page already is told so in place of it.
    """
    page = _page_at(key, render)
    response = Response(page.octets, mimetype=mimetype)
    response.headers["Cache-Control"] = cache_control
    response.set_etag(page.etag)
    response.make_conditional(_what_is_at_hand())
    request.environ[SHOWN] = page, str(request.url_rule)
    return response


def ahead_of(app: "WSGIApplication") -> "WSGIApplication":
    """Give out again what `app` has just answered, while it is fresh, in place of asking it.

    Only to a plain GET: to one with a query or a condition the application may answer otherwise.
    A source that an address names changes no page: it goes with what is sent from it.
    """

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or _asks_for_more(environ.get("QUERY_STRING")):
            return app(environ, start)
        if "HTTP_IF_NONE_MATCH" in environ:
            return app(environ, start)
        started, known = time.perf_counter(), _answers.get(_address(environ))
        if known is None:
            return app(environ, _noting(environ, start))
        start("200 OK", known.headers.copy())
        log_request("GET", known.rule, 200, started)
        return [known.page.octets]

    return answer


def _asks_for_more(query: str | None) -> bool:
    """Whether a query may have an answer of its own."""
    name, _, value = (query or "").partition("=")
    return bool(query) and (name != NAMED or as_source(value) is None)


def _address(environ: "WSGIEnvironment") -> tuple[str, ...]:
    parts = ("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO")
    return tuple(environ.get(part, "") for part in parts)


def _noting(environ: "WSGIEnvironment", start: "StartResponse") -> "StartResponse":
    """Return what begins the answer, and remembers it where it is a page that is kept."""

    def noting(status: str, headers: list[tuple[str, str]], *fault: Any) -> Any:
        page, rule = environ.get(SHOWN, (None, ""))
        if page is not None and status == "200 OK":
            answer = Answer(page, rule, headers.copy())
            _answers.put(_address(environ), answer, since=page.rendered_at)
        return start(status, headers, *fault)

    return noting


def _what_is_at_hand() -> dict[str, Any]:
    """Return the one condition that is answered: "unless I have this already".

    Any other, such as If-Match, could make an error out of a page that caches keep for everyone.
    """
    asked = {"REQUEST_METHOD": request.method}
    if known := request.headers.get("If-None-Match"):
        asked["HTTP_IF_NONE_MATCH"] = known
    return asked


def _page_at(key: tuple[str, ...], render: Callable[[], str]) -> KeptPage:
    return _pages.made_by_one(key, lambda: _as_rendered(render()), WAITING_SECONDS)


def _as_rendered(text: str) -> KeptPage:
    octets = text.encode()
    etag = hashlib.sha256(octets).hexdigest()[:32]
    return KeptPage(octets, etag, time.monotonic())
