"""The cells that others' tools want, made of what we hold."""

import re
from collections.abc import Callable
from functools import lru_cache

from babel.core import get_global

from petition.core.i18n import countries
from petition.exports.rows import Cell, Row

Take = Callable[[Row], Cell]
"""What goes into a cell of each row."""
Columns = tuple[tuple[str, Take], ...]
"""Their header, our value."""
ELLIPSIS = "…"
LONGEST_LETTER = 4
"""In bytes of UTF-8."""

ONE_WORD = re.compile(
    r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\U00020000-\U0003ffff]"
)
"""The letters of languages that put no space between the parts of a name, or the family first."""


def parts_of(name: str | None) -> tuple[str, str]:
    """Return the given and the family name: the last word is the family's.

    A name of one word, one in Chinese, Japanese or Korean letters, and one with a comma are not
    split: the whole stands for the family name, which every tool wants.
    """
    words = (name or "").split()
    if len(words) < 2 or "," in (name or "") or ONE_WORD.search(name or ""):
        return "", " ".join(words)
    return " ".join(words[:-1]), words[-1]


def given(row: Row) -> str:
    """Return the given name."""
    return parts_of(row.name)[0]


def family(row: Row) -> str:
    """Return the family name."""
    return parts_of(row.name)[1]


def in_characters(most: int, take: Callable[[Row], str]) -> Take:
    """Cut what has more characters than a tool has room for; an ellipsis tells of it."""

    def cut(row: Row) -> str:
        text = take(row)
        return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS

    return cut


def in_bytes(most: int, take: Callable[[Row], str]) -> Take:
    """Cut what has more bytes in UTF-8 than a tool has room for; an ellipsis tells of it."""
    room = most - len(ELLIPSIS.encode())

    def cut(row: Row) -> str:
        text = take(row)
        if len(text) * LONGEST_LETTER <= most:
            return text
        written = text.encode("utf-8", "replace")
        if len(written) <= most:
            return text
        return written[:room].decode("utf-8", "ignore").rstrip() + ELLIPSIS

    return cut


def number(row: Row) -> str:
    """Return the number of the signature."""
    return str(row.signature)


def reference(row: Row) -> str:
    """Return a signature's number so that no other system's number is like it."""
    return reference_to(row.signature)


def reference_to(signature: int) -> str:
    """Return what `reference` calls the signature with this number."""
    return f"petition:{signature}"


def country_in_english(row: Row) -> str:
    """Return the name of the country (from the CLDR)."""
    return countries("en").get(row.country, row.country)


def consent(yes: str, no: str) -> Take:
    """Say of every row whether mail is allowed, in a tool's words; it is never left open."""
    return lambda row: yes if row.mail_allowed == "yes" else no


def confirmed_day(row: Row) -> str:
    """Return when it was confirmed, as YYYY-MM-DD."""
    return (row.confirmed_at or "")[:10]


def confirmed_american_day(row: Row) -> str:
    """Return when it was confirmed, as MM/DD/YYYY."""
    year, month, day = confirmed_day(row).split("-")
    return f"{month}/{day}/{year}"


def locale(row: Row) -> str:
    """Return the language in five characters, with the country where most speak it (CLDR)."""
    return _locale(row.language)


@lru_cache
def _locale(language: str) -> str:
    likely = get_global("likely_subtags").get(language.replace("-", "_"), language)
    return f"{likely.partition('_')[0]}_{likely.rpartition('_')[2]}"
