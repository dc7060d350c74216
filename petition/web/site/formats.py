"""How numbers and dates look, and what every template may use."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from flask import Flask

from petition.core import i18n
from petition.core.clock import hour_of
from petition.core.i18n import date_in_words, language_name, text_direction, writing_locale
from petition.web.site.assets import asset, checking_script, stylesheet
from petition.web.site.languages import present_language
from petition.web.site.settings import settings

REMEMBERED = 4_096
"""So many numbers, days and hours are kept as they look: a list has two hundred."""


class Site:
    """What pages say of the site itself."""

    @property
    def name(self) -> str:
        """The name in headers and titles."""
        return settings().site_name

    @property
    def campaign_title(self) -> str:
        """The name of the campaign that the site is for."""
        return settings().site_name

    @property
    def contact(self) -> str:
        """Where questions go."""
        return settings().contact

    @property
    def mail_from(self) -> str:
        """The address that our mails come from."""
        return settings().mail_from


def init_app(app: Flask) -> None:
    """Give templates their filters and globals."""
    app.jinja_env.filters.update(
        number=number,
        date=long_date,
        datetime=long_datetime,
        moment=moment,
        day_and_month=day_and_month,
        month=month,
        short_date=short_date,
        language=name_of_language,
        direction=text_direction,
        listed=listed,
        iso=iso,
    )
    app.jinja_env.globals.update(asset=asset, stylesheet=stylesheet, site=Site())
    app.jinja_env.globals.update(checking_script=checking_script)

    @app.context_processor
    def language() -> dict[str, Any]:
        present = present_language()
        return {"lang": present, "dir": text_direction(present)}


def _locale() -> Locale:
    return writing_locale(present_language())


def number(value: int) -> str:
    """Return a whole number with the language's own grouping."""
    return _grouped(value, present_language())


@lru_cache(maxsize=REMEMBERED)
def _grouped(value: int, language: str) -> str:
    return str(format_decimal(value, locale=writing_locale(language)))


def decimal(value: Decimal | float) -> str:
    """Return a number with what is left of four decimals, as the language writes it."""
    return str(format_decimal(value, "#,##0.####", _locale()))


def long_date(value: date) -> str:
    """Return a date in words; of a moment, the date in UTC."""
    day = value.astimezone(UTC).date() if isinstance(value, datetime) else value
    return _in_words(day, present_language())


@lru_cache(maxsize=REMEMBERED)
def _in_words(day: date, language: str) -> str:
    return date_in_words(day, writing_locale(language))


def short_date(value: date) -> str:
    """Return a date in few letters, for a table."""
    return str(format_date(value, "medium", locale=_locale()))


def day_and_month(value: date) -> str:
    """Return a date without its year."""
    return str(format_skeleton("MMMMd", value, locale=_locale()))


def month(value: date) -> str:
    """Return the short name of a month."""
    return str(format_date(value, "LLL", locale=_locale()))


def long_datetime(value: datetime) -> str:
    """Return a moment in words, in UTC, saying so."""
    return _with_day(_hour_of(value), value)


def moment(value: datetime) -> str:
    """Return a moment as exactly as it is known, in UTC: of one at a full hour, the hour.

    What tells of a person is kept to the hour in which it was done, and would look exact.
    """
    if value != hour_of(value):
        return long_datetime(value)
    return _with_day(f"{_hour_of(value)}–{_hour_of(value + timedelta(hours=1))}", value)


def _with_day(hour: str, value: datetime) -> str:
    return f"{_both(present_language()).format(hour, long_date(value))} UTC"


def _hour_of(value: datetime) -> str:
    at = value.astimezone(UTC).time().replace(second=0, microsecond=0)
    return _hour(at, present_language())


@lru_cache(maxsize=REMEMBERED)
def _hour(at: time, language: str) -> str:
    return str(format_skeleton("Hm", at, locale=writing_locale(language)))


@lru_cache
def _both(language: str) -> str:
    """Return the language's pattern of an hour ({0}) and a day ({1})."""
    return str(writing_locale(language).datetime_formats["medium"])


def name_of_language(language: str) -> str:
    """Return what a language is called in the language of the page."""
    return language_name(language, present_language())


def listed(parts: Iterable[str | None]) -> str:
    """Return the parts that there are, with the comma of the page's language between them."""
    return i18n.listed(parts, present_language())


def iso(value: datetime) -> str:
    """Return a moment for programs to read, to the second, as HTML wants it."""
    return value.astimezone(UTC).isoformat(timespec="seconds")
