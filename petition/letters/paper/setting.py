"""A letter on paper, to be signed in ink: laid out as letters are where its recipient is."""

import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from babel import Locale

from petition.core.i18n import (
    LANGUAGES,
    countries,
    date_in_words,
    direction_of,
    text_direction,
    writing_locale,
)
from petition.core.printing.glyphs import without_glyph
from petition.core.printing.typesetting import typeset_pdf
from petition.letters.letter.written import Draft, Writer, Written
from petition.letters.paper.layouts import layout_for
from petition.recipients.models import Mailroom, Paper
from petition.versions.models import Office

Lines = list[str]

PAPERS = {Paper.A4: "a4", Paper.LETTER: "us-letter"}
MONTH_FIRST = {"CA", "US"}
"""Where English has the month before the day."""
OTHER_NAMES = {
    "GB": {"uk", "great britain", "england", "northern ireland", "scotland", "wales"},
    "US": {"usa", "united states of america"},
}
"""What an address may end with, besides the names of its country that Babel knows."""

_blank_lines = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Parts:
    """The words of a letter, with its end apart."""

    paragraphs: list[Lines]
    signature: Lines
    """The printed name and what stands under it; empty where no name ends the letter."""
    postscript: list[Lines]


def letter_on_paper(
    *,
    written: Written | Draft,
    office: Office,
    mailroom: Mailroom,
    language: str,
    day: date,
    asked_as: bytes | None = None,
) -> bytes:
    """Return a letter as a PDF. Raises TypesettingFailed."""
    data = paper_data(written=written, office=office, mailroom=mailroom, language=language, day=day)
    return typeset_pdf("letter.typ", data, asked_as=asked_as)


def boxes_on_paper(
    *, written: Written | Draft, office: Office, mailroom: Mailroom, language: str, day: date
) -> list[str]:
    """Return the characters of a letter that no font can print, each once."""
    data = paper_data(written=written, office=office, mailroom=mailroom, language=language, day=day)
    return without_glyph(data)


def paper_data(
    *, written: Written | Draft, office: Office, mailroom: Mailroom, language: str, day: date
) -> dict[str, Any]:
    """Return what the template sets: words as they are, and where they stand."""
    writer = written.writer
    return {
        "paper": PAPERS[mailroom.paper],
        "layout": asdict(layout_for(mailroom.country, mailroom.paper)),
        "lang": language,
        "dir": text_direction(language),
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "date": _in_words(day, language, mailroom.country),
        "sender": [writer.name, *(_lines(writer.address) or [_country(writer.country, language)])],
        "address": _address(office, mailroom, writer, language),
        "subject": written.subject,
        **asdict(_parts(written.body, writer)),
    }


def _in_words(day: date, language: str, country: str) -> str:
    """Return the date in the manner of the letter's language, and in English of the country."""
    american = language.partition("-")[0] == "en" and country in MONTH_FIRST
    locale = Locale("en", country) if american else writing_locale(language)
    return date_in_words(day, locale)


def _address(office: Office, mailroom: Mailroom, writer: Writer, language: str) -> dict[str, Any]:
    """Return the address block; its script says in which direction it runs."""
    lines = _lines(mailroom.address or "") or [office.office_in(language)]
    if writer.country != mailroom.country and not _ends_with_country(lines, mailroom.country):
        lines.append(_postal_country(mailroom.country, language))
    direction = direction_of("".join(lines))
    other = "ar" if direction == "rtl" else "en"
    lang = language if text_direction(language) == direction else other
    return {"lines": lines, "lang": lang, "dir": direction}


def _ends_with_country(lines: Lines, country: str) -> bool:
    end = lines[-1].rpartition(",")[2].strip().replace(".", "").casefold()
    known = {_country(country, language).casefold() for language in LANGUAGES}
    return end in known | OTHER_NAMES.get(country, set())


def _postal_country(country: str, language: str) -> str:
    """Return the last line of an address abroad: in capitals, and Latin ones, for sorters."""
    name = _country(country, language)
    latin = unicodedata.name(name[0], "").startswith("LATIN")
    return (name if latin else _country(country, "en")).upper()


def _country(country: str, language: str) -> str:
    return countries(language).get(country, country)


def _lines(text: str) -> Lines:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _parts(body: str, writer: Writer) -> Parts:
    """Split the letter's words where its writer's name stands on a line, to leave room to sign."""
    paragraphs = [_lines(block) for block in _blank_lines.split(body) if block.strip()]
    for at in reversed(range(len(paragraphs))):
        lines = paragraphs[at]
        for row in reversed(range(len(lines))):
            if f"{lines[row]},".startswith(f"{writer.name},"):
                before = [*paragraphs[:at], lines[:row]]
                return Parts(
                    paragraphs=[kept for kept in before if kept],
                    signature=_signature(lines[row:], writer),
                    postscript=paragraphs[at + 1 :],
                )
    return Parts(paragraphs, [], [])


def _signature(lines: Lines, writer: Writer) -> Lines:
    """Return the end of the letter without the address, which stands at its head."""
    return lines[:1] if lines[1:] == _lines(writer.address) else lines
