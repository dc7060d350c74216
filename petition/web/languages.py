"""The interface language: named by the first part of the address, negotiated at `/`."""

from typing import Any

from flask import Flask, g, request
from flask_babel import Babel
from werkzeug.routing import BaseConverter

from petition.core.i18n import CATALOGUES, DEFAULT_LANGUAGE, LANGUAGES


class LanguageConverter(BaseConverter):
    """Matches only the languages that the interface speaks."""

    regex = "|".join(LANGUAGES)
    part_isolating = True


class SlugConverter(BaseConverter):
    """Matches only what a slug may be, so that nothing else reaches the database."""

    regex = "[a-z0-9][a-z0-9-]{0,79}"


def init_app(app: Flask) -> None:
    """Teach the application its languages."""
    app.url_map.converters["language"] = LanguageConverter
    app.url_map.converters["slug"] = SlugConverter
    Babel(
        app,
        default_locale=DEFAULT_LANGUAGE,
        default_translation_directories=str(CATALOGUES),
        locale_selector=present_language,
    )

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.lang = (values or {}).get("lang", DEFAULT_LANGUAGE)


def present_language() -> str:
    """Return the language of the page that is being made."""
    return str(g.get("lang", DEFAULT_LANGUAGE))


def preferred_language() -> str:
    """Return the visitor's preferred language among those the interface speaks."""
    return request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE
