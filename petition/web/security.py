"""Headers that every answer carries, and the check of where a post comes from."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from werkzeug.exceptions import SecurityError

from petition.web.settings import settings

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
HSTS = "max-age=63072000; includeSubDomains"


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
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    _allow_frames(response)
    if settings().on_tls:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def refuse_posts_of_other_sites() -> None:
    """Refuse a post that a page of another site makes.

    Our pages send no referrer, so browsers give "null" as the origin of our own forms too: that
    is refused only where `Sec-Fetch-Site` says that the page was another site's.
    """
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception  # a host that is not ours: no page can be made for it
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        if fetched_from not in {"same-origin", "none"}:
            abort(403)
        return
    origin = request.headers.get("Origin", "null")
    if origin != "null" and _host_of(origin) not in {request.host, _public_host()}:
        abort(403)


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _public_host() -> str:
    return urlsplit(settings().url).netloc
