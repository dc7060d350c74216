"""Headers that every answer carries, and the check of where a post comes from."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Request, abort, request
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
SECRET_PLACES = ("/confirm/", "/manage/", "/draft/", "/unsubscribe/")
"""What an address has before its secret, be it copied well or not."""
POSTED_FROM_ANYWHERE = {"public.unsubscribing.stop"}
"""What mail programs post to, with a secret that is in the mail: some from pages of their own."""
TO_US_ALONE = "no-referrer, same-origin"
"""Of two policies a browser follows the last that it knows."""


FRAMED_ON = "petition.framed-on"
"""Under which a request says who may show its answer in a frame."""
MORE_SOURCES = "petition.more-sources"
"""Under which it says from where its answer may load more than others."""


def init_app(app: Flask) -> None:
    """Set the headers on every answer; refuse posts that another site makes."""
    app.before_request(refuse_posts_of_other_sites)
    app.wsgi_app = with_headers(app)  # type: ignore[assignment,method-assign]


def may_be_framed_by(*origins: str) -> None:
    """Let pages of these origins show the answer to this request in a frame; "*" means of all.

    It holds for whatever the answer becomes, an error page too. Without an origin nobody may.
    """
    request.environ[FRAMED_ON] = origins


def shows_our_pages() -> None:
    """Let the answer to this request show other pages of ours in a frame."""
    _load_more("frame-src 'self'; ")


def looks_again() -> None:
    """Let the answer to this request ask us by a script how things are now."""
    _load_more("connect-src 'self'; ")


def _load_more(source: str) -> None:
    before = request.environ.get(MORE_SOURCES, "")
    if source not in before:
        request.environ[MORE_SOURCES] = before + source


def is_for_a_frame() -> bool:
    """Whether the answer to this request is made to be shown in a frame."""
    return FRAMED_ON in request.environ


def with_headers(app: Flask) -> "WSGIApplication":
    """Add the security headers to what `app` answers; what no view made cacheable nobody stores.

    They are added as the answer goes out. A response of Werkzeug's looks at each of its headers
    whenever they change hands, which takes as long as all else that is done for every request.
    """
    application = app.wsgi_app

    def complete(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *fault: Any) -> Any:
            return start(status, _completed(headers, environ, app.config["PETITION"]), *fault)

        return application(environ, begin)

    return complete


def _completed(
    headers: list[tuple[str, str]], environ: "WSGIEnvironment", config: Config
) -> list[tuple[str, str]]:
    """Return the headers with those that every answer carries, where they do not say otherwise.

    Who may show the answer in a frame, and what it may show in one, is named in the newer header:
    the older one knows no lists and is left out.
    """
    given = {name.lower() for name, _value in headers}
    ancestors, shown = environ.get(FRAMED_ON, ()), environ.get(MORE_SOURCES, "")
    if ancestors or shown:
        framed_by = FRAMED_BY + (" ".join(ancestors) or "'none'")
        headers = [*headers, ("Content-Security-Policy", SOURCES + shown + framed_by)]
        given |= {"content-security-policy"} | ({"x-frame-options"} if ancestors else set())
    needs_a_secret = _needs_a_secret(environ["werkzeug.request"])
    policy = HEADERS["Referrer-Policy"] if needs_a_secret else TO_US_ALONE
    wanted = _headers(config.hsts if config.on_tls else "", policy)
    return headers + [header for name, header in wanted if name not in given]


@lru_cache(maxsize=8)
def _headers(hsts: str, referrer_policy: str) -> list[tuple[str, tuple[str, str]]]:
    """Return what is added where nothing else is said, by its name in small letters."""
    headers = HEADERS | {"Referrer-Policy": referrer_policy, "Cache-Control": "no-store"}
    if hsts:
        headers["Strict-Transport-Security"] = hsts
    return [(header[0].lower(), header) for header in headers.items()]


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
    if request.endpoint in POSTED_FROM_ANYWHERE:
        return
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        if fetched_from not in {"same-origin", "none"}:
            abort(403)
        return
    origin = request.headers.get("Origin", request.headers.get("Referer"))
    if origin is None or (origin == "null" and _needs_a_secret(request)) or _is_ours(origin):
        return
    abort(403)


def _needs_a_secret(asked: Request) -> bool:
    """Whether the address is one that nobody can post to who does not know a secret.

    Or would be, had it not been copied with a full stop or a bracket too many.
    """
    if "token" in (asked.view_args or {}) or asked.path.startswith(ORGANISERS):
        return True
    return asked.url_rule is None and any(place in asked.path for place in SECRET_PLACES)


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
