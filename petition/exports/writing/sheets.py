"""Exports as sheets of names (PDF): numbered lines on as many sheets as they need.

The names are read to their end before the first sheet is set, since each says of how many it is
one; until then they wait in memory, packed. The sheets are then set part by part, each part in a
process of its own, and leave as they are set: nothing is written to a disk. So a row is two steps
of the work: it is read, and it is set.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import chain, islice
from typing import Any
from unicodedata import category

import orjson
from babel.numbers import format_decimal
from sqlalchemy import select

from petition.core.i18n import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    countries,
    date_in_words,
    text_direction,
    translations,
    writing_locale,
)
from petition.core.printing.binding import Binding
from petition.core.printing.typesetting import typeset_parts
from petition.core.storage.long_reads import stream_rows
from petition.exports.models import Export
from petition.exports.presets import preset_of
from petition.exports.rows import Cell, Count, as_typed
from petition.petitions.models import PetitionText, PetitionVersion

LINES = 32
"""On a sheet: as many rows as its template has room for."""
LINES_UNDER_MEMO = 28
"""As many as have room under a head that says more."""
SHEETS_AT_ONCE = 32
"""Set by one process: some 160 MB, and under 300 where somebody has made every name a long one."""
LINES_AT_ONCE = LINES * SHEETS_AT_ONCE
SURELY_FITS = 24
"""ASCII characters that have room on a line. Others may be as wide, or as tall, as a sentence."""
BREAKS = {"Cc", "Cs", "Zl", "Zp"}
"""Kinds of characters that are no part of a name, or of no text."""

KEPT_TOGETHER = re.compile(r"([\ufb50-\ufdff]|\S{16})(?=\S)")
"""As much of a word as has room on a line: so many letters, or one such ligature."""

Line = tuple[str, str]
"""A name and the code of a country."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on every sheet."""

    title: str
    written_in: str
    """The title's language."""
    language: str
    """That of all other words: of the title, or English where we do not speak it."""
    day: str
    total: int
    memo: tuple[tuple[str, str], ...] = ()
    """What else each sheet says of itself, such as to whom it goes, with its label."""
    ask: str = ""
    """The petition's request, in the language of its title."""
    paper: str = "a4"

    @property
    def lines(self) -> int:
        """How many lines have room on a sheet."""
        return LINES_UNDER_MEMO if self.memo else LINES

    @property
    def sheets(self) -> int:
        """How many sheets there are; where nobody has signed, one says so."""
        return -(-self.total // self.lines) or 1


def pieces(export: Export, count: Count) -> Iterator[bytes]:
    """Yield the file piece by piece, and count its rows as they are set."""
    found, parts = Count(), []
    for part in _packed_lines(export, found):
        parts.append(part)
        count.ahead = found.rows
        yield b""  # nothing of the file yet, but the worker may be told to stop
    count.unreadable, count.noted = found.unreadable, found.noted
    head = _head(export, found.rows)
    binding = Binding(head.title, head.language, text_direction(head.language))
    yield binding.begin()
    for made in typeset_parts("names.typ", _parts(head, parts or [_packed([])])):
        count.rows = min(count.rows + LINES_AT_ONCE, found.rows)
        yield binding.add(made)
    yield binding.end()


def _parts(head: Head, packed: Sequence[bytes]) -> Iterator[dict[str, Any]]:
    for number, part in enumerate(packed):
        lines = orjson.loads(zlib.decompress(part))
        yield part_data(head, lines, number * SHEETS_AT_ONCE + 1)


def _packed_lines(export: Export, count: Count) -> Iterator[bytes]:
    """Yield the lines that are set at once, again and again; a preset in sheets has these cells."""
    lines = chain.from_iterable(preset_of(export).lines(export, count, as_typed))
    named = ((shown(name), shown(country)) for _number, name, country in lines)
    while part := list(islice(named, LINES_AT_ONCE)):
        yield _packed(part)


def _packed(lines: list[Line]) -> bytes:
    return zlib.compress(orjson.dumps(lines), level=1)


def _head(export: Export, total: int) -> Head:
    statement = (
        select(PetitionText.language, PetitionText.title)
        .join(PetitionVersion, PetitionVersion.id == PetitionText.version_id)
        .where(PetitionText.petition_id == export.petition_id)
        .order_by(PetitionVersion.number.desc(), PetitionText.id)
        .limit(1)
    )
    [(written_in, title)] = stream_rows(statement)
    language = written_in if written_in in LANGUAGES else DEFAULT_LANGUAGE
    day = date_in_words(export.begun_at.astimezone(UTC).date(), writing_locale(language))
    return Head(title, written_in, language, day, total)


def part_data(head: Head, lines: Sequence[Line], first: int) -> dict[str, Any]:
    """Return what the template sets: these lines, on sheets of which the first has this number."""
    say = translations(head.language)
    starts = range(0, len(lines) or 1, head.lines)
    return {
        "paper": head.paper,
        "lines": head.lines,
        "lang": head.language,
        "dir": text_direction(head.language),
        "title": {
            "text": head.title,
            "lang": head.written_in,
            "dir": text_direction(head.written_in),
        },
        "day": head.day,
        "memo": [{"label": label, "value": value} for label, value in head.memo],
        "ask": head.ask,
        "columns": [say.gettext("No."), say.gettext("Full name"), say.gettext("Country")],
        "nobody": say.gettext("Nobody has signed."),
        "sheets": [
            _sheet(head, lines[start : start + head.lines], number)
            for number, start in enumerate(starts, first)
        ],
    }


def _sheet(head: Head, lines: Sequence[Line], number: int) -> dict[str, Any]:
    say, before = translations(head.language), (number - 1) * head.lines
    names = countries(head.language)
    span = {"first": before + 1, "last": before + len(lines), "total": head.total}
    which = {"sheet": number, "sheets": head.sheets}
    return {
        "which": say.gettext("Sheet %(sheet)s of %(sheets)s") % _grouped(which, head),
        "page": "{sheet} / {sheets}".format(**_grouped(which, head)),
        "span": say.gettext("Signatures %(first)s–%(last)s of %(total)s") % _grouped(span, head)
        if lines
        else "",
        "rows": [
            [str(nth), _cell(name), _country(names.get(code, code))]
            for nth, (name, code) in enumerate(lines, before + 1)
        ],
    }


def _grouped(numbers: dict[str, int], head: Head) -> dict[str, str]:
    locale = writing_locale(head.language)
    return {name: str(format_decimal(value, locale=locale)) for name, value in numbers.items()}


def _cell(text: str) -> dict[str, Any]:
    is_wide = may_be_wide(text)
    return {"text": KEPT_TOGETHER.sub("\\1\u200b", text) if is_wide else text, "wide": is_wide}


def _country(name: str) -> dict[str, Any]:
    """Return the cell of a country: those of one length are set alike, in whichever letters."""
    return {"text": name, "wide": len(name) > SURELY_FITS}


def may_be_wide(text: str) -> bool:
    """Whether a text may need more room than a line of its cell has."""
    return len(text) > SURELY_FITS or not text.isascii()


def shown(value: Cell) -> str:
    """Return what is set of a cell: in one line, and without what no text may hold."""
    text = "" if value is None else str(value)
    if not text.isprintable():
        text = "".join(" " if category(one) in BREAKS else one for one in text)
    return " ".join(text.split())
