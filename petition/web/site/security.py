"""Headers that every answer carries, and the check of where a post comes from."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from werkzeug.exceptions import SecurityError

from config import Config
from petition.web.site.cookies import ORGANISERS
from petition.web.site.settings import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SOURCES = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
FRAMED_BY = "form-action 'self'; base-uri 'none'; frame-ancestors "
POLICY = SOURCES + FRAMED_BY + "'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
}
SECRET_PLACES = ("/confirm/", "/manage/", "/draft/")
"""What an address has before its secret, be it copied well or not."""
TO_US_ALONE = "no-referrer, same-origin"
"""Of two policies a browser follows the last that it knows."""


def init_app(app: Flask) -> None:
    """Set the headers on every answer; refuse posts that another site makes."""
    app.before_request(refuse_posts_of_other_sites)
    app.after_request(set_headers)


def may_be_framed_by(*origins: str) -> None:
    """Let pages of these origins show the answer to this request in a frame; "*" means of all.

    It holds for whatever the answer becomes, an error page too. Without an origin nobody may.
    """
    g.frame_ancestors = origins


def shows_our_pages() -> None:
    """Let the answer to this request show other pages of ours in a frame."""
    g.frame_source = "frame-src 'self'; "


def is_for_a_frame() -> bool:
    """Whether the answer to this request is made to be shown in a frame."""
    return "frame_ancestors" in g


def _allow_frames(response: Response) -> None:
    """Name who may show the answer in a frame, and what it may show in one.

    The older header knows no lists and is left out.
    """
    ancestors, shown = g.get("frame_ancestors", ()), g.get("frame_source", "")
    if ancestors or shown:
        framed_by = FRAMED_BY + (" ".join(ancestors) or "'none'")
        response.headers["Content-Security-Policy"] = SOURCES + shown + framed_by
    if ancestors:
        del response.headers["X-Frame-Options"]


def set_headers(response: Response) -> Response:
    """Add the security headers; what no view made cacheable is stored by nobody."""
    given = {name.lower() for name, _value in response.headers}
    wanted = _headers(settings(), HEADERS["Referrer-Policy"] if _needs_a_secret() else TO_US_ALONE)
    response.headers.extend([header for header in wanted if header[0].lower() not in given])
    _allow_frames(response)
    return response


@lru_cache(maxsize=8)
def _headers(config: Config, referrer_policy: str) -> list[tuple[str, str]]:
    """Return what is added where nothing else is said, put together once."""
    headers = HEADERS | {"Referrer-Policy": referrer_policy, "Cache-Control": "no-store"}
    if config.on_tls:
        headers["Strict-Transport-Security"] = config.hsts
    return list(headers.items())


def refuse_posts_of_other_sites() -> None:
    """Refuse a post that a page of another site makes.

    Browsers since 2020 (Safari since 16.4 of 2023) say in `Sec-Fetch-Site` whose page it is. Older
    ones have only `Origin`, which is "null" where the page sends no referrer, but also where a
    page of another site hides its own. So our pages with forms for everybody send a referrer to
    ourselves, which makes browsers name our origin, and "null" is not taken from them. Pages under
    a mailed or secret link send none, and their posts may say "null": another site does not know
    the link. Organisers' forms carry a token of their own. A post without any of these headers is
    a program's, which could write whatever it likes into them.
    """
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception  # a host that is not ours: no page can be made for it
    if request.method in {"GET", "HEAD", "OPTIONS"} or request.url_rule is None:
        return
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        if fetched_from not in {"same-origin", "none"}:
            abort(403)
        return
    origin = request.headers.get("Origin", request.headers.get("Referer"))
    if origin is None or (origin == "null" and _needs_a_secret()) or _is_ours(origin):
        return
    abort(403)


def _needs_a_secret() -> bool:
    """Whether the address is one that nobody can post to who does not know a secret.

    Or would be, had it not been copied with a full stop or a bracket too many.
    """
    if "token" in (request.view_args or {}) or request.path.startswith(ORGANISERS):
        return True
    return request.url_rule is None and any(place in request.path for place in SECRET_PLACES)


def _is_ours(origin: str) -> bool:
    return _host_of(origin) in {request.host, _public_host()}


def require_host(app: "WSGIApplication") -> "WSGIApplication":
    """Answer 400 to a request that names no host, as HTTP/1.1 wants it (RFC 9112, section 3.2)."""

    def guarded(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("SERVER_PROTOCOL") == "HTTP/1.1" and not environ.get("HTTP_HOST"):
            headers = [("Content-Type", "text/plain"), ("Cache-Control", "no-store")]
            start_response("400 Bad Request", [*headers, *HEADERS.items()])
            return [b"The request names no host.\n"]
        return app(environ, start_response)

    return guarded


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _public_host() -> str:
    return urlsplit(settings().url).netloc
