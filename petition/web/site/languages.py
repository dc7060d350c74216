"""The interface language: named by the first part of the address, negotiated at `/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel.support import NullTranslations
from flask import (
    Flask,
    Response,
    after_this_request,
    current_app,
    g,
    has_request_context,
    request,
    url_for,
)
from flask_babel import Babel, Domain
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from petition.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, own_name, text_direction, translations
from petition.core.storage.paging import LARGEST_ID
from petition.web.site.settings import settings

NOT_NEGOTIATED = frozenset({"organiser", "api", "static"})
"""First parts of addresses that have no language of their own; their pages are in English."""

NEGOTIATED_HERE = {
    "public.month.campaign.show": "public.choose_language",
    "public.petitions.reading.show": "public.short_link",
}
"""Pages that have an address at which the visitor's language is found out."""


MESSAGES = 8_192
"""So many are kept as a page says them: all of ours, in five languages."""

LONGEST_WISH = 500
"""Characters of what a browser says of its languages; ten languages take a hundred."""


class LanguageConverter(BaseConverter):
    """Matches only the languages that the interface speaks."""

    regex = "|".join(LANGUAGES)
    part_isolating = True


class SlugConverter(BaseConverter):
    """Matches only what a slug may be, so that nothing else reaches the database."""

    regex = "[a-z0-9][a-z0-9-]{0,79}"


class NumberConverter(IntegerConverter):
    """Matches the number of a row as we write it: each page has one address, and one place kept."""

    regex = "[1-9][0-9]{0,18}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


class OurDomain(Domain):
    """The same catalogues for pages as for everything that leaves outside a page."""

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the page that is being made."""
        return translations(present_language())


class OurBabel(Babel):
    """Flask-Babel with our catalogues."""

    domain_instance = OurDomain()


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language that a page can be read in, and where."""

    code: str
    name: str
    dir: str
    url: str


def init_app(app: Flask) -> None:
    """Teach the application its languages."""
    app.url_map.converters["language"] = LanguageConverter
    app.url_map.converters["slug"] = SlugConverter
    app.url_map.converters["number"] = NumberConverter
    OurBabel(app, default_locale=DEFAULT_LANGUAGE, locale_selector=present_language)
    app.jinja_env.globals.update(_=message, gettext=message)

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.lang = (values or {}).get("lang") or _language_without_a_view()

    @app.context_processor
    def tongues() -> dict[str, Any]:
        if not has_request_context() or not (request.endpoint or "public.").startswith("public."):
            return {}
        return {"languages": page_in_each_language(), "alternates": alternates()}


def message(text: str, **values: object) -> Markup:
    """Return a text of a template in the language of the page, with these values in it.

    A page has sixty, a list a thousand: Jinja's own way to them takes three times as long.
    """
    found = _spoken(text, present_language())
    return found % values if values or "%" in found else found


@lru_cache(maxsize=MESSAGES)
def _spoken(text: str, language: str) -> Markup:
    return Markup(translations(language).ugettext(text))  # noqa: S704 - it is our own


def present_language() -> str:
    """Return the language of the page that is being made."""
    return str(g.get("lang", DEFAULT_LANGUAGE))


def preferred_language() -> str:
    """Return the visitor's preferred language among those the interface speaks.

    A region is left aside: who asks for `fr-CA` before English gets French.
    """
    after_this_request(_depends_on_the_visitor)
    asked = request.headers.get("Accept-Language", "")[:LONGEST_WISH]
    for wanted, quality in parse_accept_header(asked, LanguageAccept):
        language = wanted.replace("_", "-").partition("-")[0].lower()
        if quality > 0 and language in LANGUAGES:
            return language
    return DEFAULT_LANGUAGE


def _depends_on_the_visitor(response: Response) -> Response:
    response.vary.add("Accept-Language")
    return response


def _language_without_a_view() -> str:
    """Return the language of what has none in its view: an error page, or the organisers' door."""
    first = request.path.split("/", 2)[1]
    if first in LANGUAGES:
        return first
    missing = isinstance(request.routing_exception, HTTPException)
    return preferred_language() if missing and first not in NOT_NEGOTIATED else DEFAULT_LANGUAGE


def page_in_each_language(endpoint: str | None = None, **values: str) -> list[Tongue]:
    """Return where this page, or else the one at `endpoint` with `values`, is in each language.

    The answer to a form leads to the page that has the form; where none is, to the campaign.
    """
    shown, parts = (endpoint, values) if endpoint else _page_to_open()
    return [
        Tongue(code, own_name(code), text_direction(code), path)
        for code, path in _paths(shown, parts).items()
    ]


def alternates() -> list[tuple[str, str]]:
    """Return codes and full addresses of this page in all languages, for search engines.

    Pages behind a mailed link have none: nobody but its owner is to know their address.
    """
    endpoint, values = request.endpoint, dict(request.view_args or {})
    if request.method not in {"GET", "HEAD"} or endpoint is None or "token" in values:
        return []
    site, paths = settings().url, _paths(endpoint, values)
    default = paths[DEFAULT_LANGUAGE]
    if endpoint in NEGOTIATED_HERE:
        del values["lang"]
        default = url_for(NEGOTIATED_HERE[endpoint], **values)
    return [*((code, site + path) for code, path in paths.items()), ("x-default", site + default)]


def _page_to_open() -> tuple[str, dict[str, Any]]:
    """Return the endpoint and values of the page that opens at the present address."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    try:
        endpoint, values = adapter.match(method="GET")
    except HTTPException:
        return "public.month.campaign.show", {}
    return (endpoint, dict(values)) if "lang" in values else ("public.month.campaign.show", {})


def _paths(endpoint: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the path in each language, which is the first part of it."""
    path = url_for(endpoint, **{**values, "lang": DEFAULT_LANGUAGE})
    before, _, after = path.partition(f"/{DEFAULT_LANGUAGE}")
    return {code: f"{before}/{code}{after}" for code in LANGUAGES}
