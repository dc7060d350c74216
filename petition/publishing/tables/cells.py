"""The columns of the table of recipients, and how a cell of each is read and written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any

from babel.dates import get_month_names

from petition.core.drafts.kinds import is_in_these_times, is_language, language_as_written
from petition.core.drafts.problems import in_a_sentence
from petition.core.formulas import begins_a_formula, shielded, unshielded
from petition.publishing.tables.areas import read_areas, write_areas
from petition.recipients.drafts import RecipientDraft

ANSWERS = {"yes": True, "no": False}
DATED_IN = ("en", "fr", "es", "de", "it", "nl", "pl", "pt")
"""Languages in which spreadsheets name months, of those in which such a table may come."""
_unprintable = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Kind:
    """How a cell is read and written. Reading raises ValueError that says what to write."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]


def _day(cell: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", cell.strip()):
        raise ValueError(f"write a day like {_meant(cell) or '2026-11-24'}")
    try:
        day = date.fromisoformat(cell.strip())
    except ValueError:
        raise ValueError("there is no such day") from None
    if wrong := is_in_these_times(day):
        raise ValueError(f"it {wrong}")
    return day


def _meant(cell: str) -> str | None:
    """Return the day that a cell means in the order of another country, if it can be but one."""
    found = re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", cell.strip())
    if found is None:
        return None
    one, other, year = (int(part) for part in found.groups())
    if one == other or max(one, other) > 12:
        day, month = max(one, other), min(one, other)
        return f"{year}-{month:02}-{day:02}" if month and day <= 31 else None
    return f"{year}-{other:02}-{one:02}, or {year}-{one:02}-{other:02}"


def _number(cell: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", cell.strip()):
        raise ValueError("write a whole number of at most six digits")
    return int(cell)


def _answer(cell: str) -> bool:
    try:
        return ANSWERS[cell.strip().lower()]
    except KeyError:
        raise ValueError("write yes or no") from None


def _hours(cell: str) -> str:
    return "-".join(part.strip() for part in re.split("-|–|to", cell))


def _words(cell: str) -> list[str]:
    return re.sub("[,;]", " ", cell).split()


def _small_words(cell: str) -> list[str]:
    return _words(cell.lower())


def _name(cell: str) -> str:
    return cell.strip().upper()


TEXT = Kind(str, str)
WORD = Kind(str.strip, str)
SMALL_WORD = Kind(lambda cell: cell.strip().lower(), str)
NAME = Kind(_name, str)
WORDS = Kind(_words, " ".join)
SMALL_WORDS = Kind(_small_words, " ".join)
DAY = Kind(_day, date.isoformat)
NUMBER = Kind(_number, str)
ANSWER = Kind(_answer, lambda answer: "yes" if answer else "no")
HOURS = Kind(_hours, lambda hours: hours.replace("-", " to "))
"""Not `9-17`, which a spreadsheet turns into a day of September."""
AREAS = Kind(read_areas, write_areas)

COLUMNS: Mapping[str, Kind] = {
    "slug": SMALL_WORD,
    "jurisdiction": NAME,
    "country": NAME,
    "office": TEXT,
    "holder": TEXT,
    "holder_since": DAY,
    "email": WORD,
    "form_url": WORD,
    "address": TEXT,
    "languages": WORDS,
    "channels": SMALL_WORDS,
    "areas": AREAS,
    "salutation": TEXT,
    "close": TEXT,
    "paper": SMALL_WORD,
    "zone": WORD,
    "days": SMALL_WORDS,
    "hours": HOURS,
    "hourly_cap": NUMBER,
    "constituents_only": ANSWER,
    "verified_on": DAY,
    "verified_source": TEXT,
}
IN_EACH_LANGUAGE = ("office", "salutation", "close")
"""Columns of which there is one for each language, headed `office.en`, `office.fr` …"""


def canonical(heading: str) -> str | None:
    """Return a heading as we write it; None for one that no column has."""
    name, dot, code = heading.partition(".")
    name = name.strip().lower()
    if name not in COLUMNS or bool(dot) != (name in IN_EACH_LANGUAGE):
        return None
    return f"{name}.{language_as_written(code.strip())}" if dot else name


def heading_problem(written: str) -> str | None:
    """Return what is wrong with a heading, with the likely one, or None."""
    heading = canonical(written)
    if heading is not None:
        code = heading.partition(".")[2]
        wrong = is_language(code) if code else None
        return in_a_sentence(written, wrong) if wrong else None
    plain = [f"{name}.en" if name in IN_EACH_LANGUAGE else name for name in COLUMNS]
    near = get_close_matches(written.lower(), plain, n=1)
    meant = f"; did you mean “{near[0]}”?" if near else "."
    return f"there is no column “{written[:60]}”{meant}"


def values_in(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return what the cells of a row say, by heading, and every mistake in them.

    An empty cell says nothing.
    """
    values: dict[str, Any] = {}
    mistakes = []
    for heading, cell in cells.items():
        if not cell.strip():
            continue
        try:
            value = _value_in(heading, cell)
        except ValueError as fault:
            mistakes.append(f"“{heading}” is “{cell[:60]}”; {fault}.")
            continue
        name, _, language = heading.partition(".")
        if not language:
            values[name] = value
        else:
            values.setdefault(name, {})[language] = value
    return values, mistakes


def _value_in(heading: str, cell: str) -> Any:
    if begins_a_formula(cell):
        raise ValueError("a spreadsheet would run it, so put an apostrophe (') before it")
    if _unprintable.search(cell):
        raise ValueError("it has a character that cannot be printed")
    kind = COLUMNS[heading.partition(".")[0]]
    if kind not in (TEXT, DAY) and made_a_date(cell):
        raise ValueError(_cure_of_a_date(kind))
    return kind.read(unshielded(cell))


def made_a_date(cell: str) -> bool:
    """Whether a spreadsheet has made a date, or a number with an exponent, of what was typed."""
    return bool(_dates().fullmatch(cell.strip()))


@cache
def _dates() -> re.Pattern[str]:
    """Return what Excel and others show for `9-17` (09-Sep), `DEC1` (01-Dec), `1E5` (1.00E+05).

    Made when a table is read: the names of the months take a tenth of a second to look up.
    """
    months = {
        word.rstrip(".").lower()
        for language in DATED_IN
        for width in ("abbreviated", "wide")
        for word in get_month_names(width, locale=language).values()
    }
    month = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    return re.compile(
        rf"\d{{1,2}}[-. /]{{1,2}}(?:{month})\.?(?:[-. /]{{1,2}}\d{{2,4}})?"
        rf"|(?:{month})\.?[-. /]{{1,2}}\d{{1,4}}"
        r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d\d-\d\d(?: 00:00:00)?|\d[.,]\d+E\+\d+",
        re.IGNORECASE,
    )


def _cure_of_a_date(kind: Kind) -> str:
    cure = "write 9 to 17" if kind is HOURS else "make text of the column, and write it again"
    return f"a spreadsheet has made a date or a number of it: {cure}"


def values_of(draft: RecipientDraft) -> dict[str, Any]:
    """Return what a recipient has, by the names of the columns; what it has not is left out."""
    found = {name: getattr(draft, name) for name in COLUMNS}
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in found.items()}
    if not draft.channels:
        plain["constituents_only"] = None
    if draft.areas:
        plain["areas"] = list(draft.areas)
    return {name: value for name, value in plain.items() if value not in (None, [], {})}


def cells_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells that `values_in` reads as these values, by heading."""
    cells: dict[str, str] = {}
    for name, value in values.items():
        if name in IN_EACH_LANGUAGE:
            cells |= {f"{name}.{language}": shielded(text) for language, text in value.items()}
        else:
            cells[name] = shielded(COLUMNS[name].write(value))
    return cells
