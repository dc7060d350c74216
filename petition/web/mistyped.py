"""Addresses that are nearly right, as people type, copy and print them, lead to the right page.

A slash too many, capitals, no language: whoever would read "There is no such page" is led on. Only
what no page has is looked at, and only where a page of the public door is there to lead to.
"""

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotFound

from petition.core.i18n import LANGUAGES
from petition.web.site.languages import preferred_language

IN_SMALL_LETTERS = {"lang", "slug", "code"}
"""Parts of an address that never have capitals. Tokens do, and names of files may."""
LONGEST = 300
"""Characters of an address that may be nearly right; ours have some two hundred at most."""
LISTS = {"petitions", "letters"}
"""Lists that stand on the page of the campaign."""


def init_app(app: Flask) -> None:
    """Look at each address that no page has."""
    app.before_request(lead_on)


def lead_on() -> ResponseReturnValue | None:
    """Lead to the page that was meant, where there is one."""
    if not isinstance(request.routing_exception, NotFound):
        return None
    meant = request.path.strip("/")
    if request.method not in {"GET", "HEAD"} or not meant or len(meant) > LONGEST:
        return None
    first, _, rest = meant.partition("/")
    if first.lower() in LANGUAGES:
        return _page_at(f"/{first.lower()}/{rest}") or _list_at(first.lower(), rest)
    return _page_at(f"/{meant}") or _page_in_their_language(meant)


def _page_in_their_language(rest: str) -> ResponseReturnValue | None:
    if _target(f"/{LANGUAGES[0]}/{rest}") is None and rest.lower() not in LISTS:
        return None
    lang = preferred_language()
    return _page_at(f"/{lang}/{rest}", 302) or _list_at(lang, rest)


def _list_at(lang: str, rest: str) -> ResponseReturnValue | None:
    if rest.lower() not in LISTS:
        return None
    return redirect(f"{url_for('public.month.campaign.show', lang=lang)}#{rest.lower()}", 302)


def _page_at(path: str, code: int = 308) -> ResponseReturnValue | None:
    target = _target(path)
    if target is None:
        return None
    query = request.query_string.decode("ascii", "replace")
    return redirect(f"{target}?{query}" if query else target, code)


def _target(path: str) -> str | None:
    """Return the address of the page that `path` nearly names."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    bare = path.rstrip("/")
    for nearly in (bare, f"{bare}/", bare.lower(), f"{bare.lower()}/"):
        try:
            endpoint, values = adapter.match(nearly, method="GET")
        except HTTPException:
            continue
        as_written = nearly.rstrip("/") == bare
        if endpoint.startswith("public.") and (as_written or values.keys() <= IN_SMALL_LETTERS):
            return url_for(endpoint, **values)
    return None
