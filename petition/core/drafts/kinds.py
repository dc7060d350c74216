"""The kinds of field that drafts have, named once, each with its rules."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email

from petition.core import web_addresses
from petition.core.drafts.shapes import Markdown, Rule
from petition.core.i18n import countries

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Of every day and moment: at the ends of the calendar no other time zone can be reckoned."""
_reference = re.compile(r"(?<!\\)\[\^([^\]\s]+)\]")
_definition = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)
_unclosed = re.compile(r"(?<!\\)\[\^[^\]\s]*(?=\s|$)")
_code = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def at_most(most: int) -> Rule:
    """Return the rule of a text that has something in it, and at most so many characters."""

    def rule(text: str) -> str | None:
        if not text.strip():
            return "is empty"
        return f"has {len(text)} characters; it may have {most}" if len(text) > most else None

    return rule


def one_line(text: str) -> str | None:
    """See that a text is of one line."""
    return None if len(text.splitlines()) == 1 else "has to be of one line"


def is_slug(text: str) -> str | None:
    """See that a text can stand in addresses."""
    if re.fullmatch("[a-z0-9][a-z0-9-]{0,79}", text):
        return None
    return "may have small letters a–z, digits and hyphens, at most 80"


@lru_cache(maxsize=1024)
def is_language(code: str) -> str | None:
    """See that the CLDR knows a language, and that its code is short enough to be kept."""
    try:
        known = len(code) <= 12 and Locale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        known = False
    if not known:
        return f": there is no language “{code}”; write en, fr, ar"
    right = language_as_written(code)
    return None if code == right else f": write “{right}” for “{code}”"


def language_as_written(code: str) -> str:
    """Return a language's code with small letters and capitals as it has them (RFC 5646 2.1.1)."""
    first, *rest = code.replace("_", "-").split("-")
    parts = (part.title() if len(part) == 4 else part.upper() for part in rest)
    return "-".join([first.lower(), *parts])


def is_country(code: str) -> str | None:
    """See that a code is one of ISO 3166-1."""
    return None if code in countries("en") else f": there is no country “{code}”; write US, GB, FR"


def is_zone(name: str) -> str | None:
    """See that a name is one of the IANA's time zones."""
    return None if zone_named(name) else f": there is no time zone “{name}”; write Europe/London"


def zone_named(name: str) -> ZoneInfo | None:
    """Return a time zone by its IANA name, if there is one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: “Europe” is a folder
        return None


def leads_to_the_web(text: str) -> str | None:
    """See that a text is an address of the web, which leads where it seems to."""
    if web_addresses.is_web_address(text):
        return None
    if not text.lower().startswith(("https://", "http://")):
        return "has to begin with https://"
    return (
        "has to be an address of the web, without spaces and without a name or a password before "
        "an @"
    )


def is_mailbox(text: str) -> str | None:
    """See that a text is an e-mail address as SMTP takes it.

    One with letters before the @ that most servers refuse (RFC 6531) is none: its letters would
    never leave.
    """
    unusual = "".join(dict.fromkeys(one for one in text.rpartition("@")[0] if not one.isascii()))
    if unusual:
        named = ", ".join(unicodedata.name(one, "unnamed") for one in unusual)
        return (
            f"has characters before the @ that mail servers do not take: “{unusual}” ({named}). "
            "Write the address with the letters a to z"
        )
    try:
        validate_email(text, check_deliverability=False, strict=True, allow_smtputf8=False)
    except EmailNotValidError:
        return f"is no e-mail address: “{text}”"
    return None


def mailbox_as_sent(text: str | None) -> str | None:
    """Return an address as servers are given it: of a domain in other letters, its ASCII form."""
    if text is None:
        return None
    checked = validate_email(text, check_deliverability=False, strict=True, allow_smtputf8=False)
    return checked.ascii_email or checked.normalized


def in_some_language(texts: Mapping[str, str]) -> str | None:
    """See that there is a text in at least one language, and none that is empty."""
    if texts and all(text.strip() for text in texts.values()):
        return None
    return "needs a text for each of its languages"


def some_text(texts: Mapping[str, object]) -> str | None:
    """See that there is a table for at least one language."""
    return None if texts else "needs a table [text.<language>] for at least one language"


def notes_are_whole(text: str) -> str | None:
    """See that every footnote of a text is closed, written and named."""
    plain = _code.sub(lambda code: "\n" * code[0].count("\n"), text)
    if broken := _unclosed.search(plain):
        line = plain.count("\n", 0, broken.start()) + 1
        return f"has a footnote that is not closed, in line {line}: write “{broken[0]}]”"
    written = set(_definition.findall(plain))
    named = set(_reference.findall(_definition.sub("", plain)))
    if lost := sorted(named - written):
        return f"names a footnote that it does not have: add a line “[^{lost[0]}]: …” at its end"
    if idle := sorted(written - named):
        return f"has a footnote that nothing names: write [^{idle[0]}] where it belongs"
    return None


def is_in_these_times(day: date) -> str | None:
    """See that the year of a day or moment was not mistyped."""
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return f"is in the year {day.year}; write one from {FIRST_YEAR} to {LAST_YEAR}"


def instant(moment: datetime, zone: ZoneInfo | None) -> datetime:
    """Return a moment in UTC: one with its offset, or the time on a clock of `zone`."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def is_on_clock(moment: datetime, zone: ZoneInfo) -> str | None:
    """See that the clocks of a zone show this time; they skip an hour in spring."""
    if moment.tzinfo or instant(moment, zone).astimezone(zone).replace(tzinfo=None) == moment:
        return None
    return f"cannot be: the clocks of {zone.key} skip {moment:%H:%M} on that day"


Slug = Annotated[str, is_slug]
Title = Annotated[str, at_most(200)]
Body = Annotated[Markdown, at_most(200_000), notes_are_whole]
LanguageCode = Annotated[str, is_language]
CountryCode = Annotated[str, is_country]
ZoneName = Annotated[str, is_zone]
WebAddress = Annotated[str, at_most(500), leads_to_the_web]
Mailbox = Annotated[str, at_most(254), is_mailbox]
ByLanguage = Annotated[Mapping[LanguageCode, str], in_some_language]


@dataclass(frozen=True, slots=True)
class TextDraft:
    """What something says of itself in one language."""

    title: Title
    summary: Annotated[str, at_most(600)]
    body: Body
