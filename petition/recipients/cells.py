"""The columns of the table of recipients, and how a cell of each is read and written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from petition.core.formulas import begins_a_formula, shielded, unshielded

WHOLE_COUNTRY = "*"
"""An area that is every postcode of its country; an empty word would be lost in a cell."""
ANSWERS = {"yes": True, "no": False}
_unprintable = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Kind:
    """How a cell is read and written. Reading raises ValueError that says what to write."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]


def _day(cell: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", cell.strip()):
        raise ValueError("write a day like 2026-11-24")
    try:
        return date.fromisoformat(cell.strip())
    except ValueError:
        raise ValueError("there is no such day") from None


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


def _areas(cell: str) -> list[str]:
    return ["" if area == WHOLE_COUNTRY else area for area in cell.split()]


TEXT = Kind(str, str)
WORD = Kind(str.strip, str)
WORDS = Kind(str.split, " ".join)
DAY = Kind(_day, date.isoformat)
NUMBER = Kind(_number, str)
ANSWER = Kind(_answer, lambda answer: "yes" if answer else "no")
HOURS = Kind(_hours, lambda hours: hours.replace("-", " to "))
"""Not `9-17`, which a spreadsheet turns into a day of September."""
AREAS = Kind(_areas, lambda areas: " ".join(area or WHOLE_COUNTRY for area in areas))

COLUMNS: Mapping[str, Kind] = {
    "slug": WORD,
    "jurisdiction": WORD,
    "country": WORD,
    "office": TEXT,
    "holder": TEXT,
    "holder_since": DAY,
    "email": WORD,
    "form_url": WORD,
    "address": TEXT,
    "languages": WORDS,
    "channels": WORDS,
    "areas": AREAS,
    "salutation": TEXT,
    "close": TEXT,
    "paper": WORD,
    "zone": WORD,
    "days": WORDS,
    "hours": HOURS,
    "hourly_cap": NUMBER,
    "constituents_only": ANSWER,
    "verified_on": DAY,
    "verified_source": TEXT,
}
IN_EACH_LANGUAGE = ("office", "salutation", "close")
"""Columns of which there is one for each language, headed `office.en`, `office.fr` …"""


def language_in(heading: str) -> str | None:
    """Return the language that a heading names; None for a column that has none.

    Raises KeyError for a heading that no column has.
    """
    name, dot, language = heading.partition(".")
    if name not in COLUMNS or bool(dot) != (name in IN_EACH_LANGUAGE):
        raise KeyError(heading)
    return language if dot else None


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
        name, language = heading.partition(".")[0], language_in(heading)
        if language is None:
            values[name] = value
        else:
            values.setdefault(name, {})[language] = value
    return values, mistakes


def _value_in(heading: str, cell: str) -> Any:
    if begins_a_formula(cell):
        raise ValueError("a spreadsheet would run it, so put an apostrophe (') before it")
    if _unprintable.search(cell):
        raise ValueError("it has a character that cannot be printed")
    return COLUMNS[heading.partition(".")[0]].read(unshielded(cell))


def cells_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells that `values_in` reads as these values, by heading."""
    cells: dict[str, str] = {}
    for name, value in values.items():
        if name in IN_EACH_LANGUAGE:
            cells |= {f"{name}.{language}": shielded(text) for language, text in value.items()}
        else:
            cells[name] = shielded(COLUMNS[name].write(value))
    return cells
