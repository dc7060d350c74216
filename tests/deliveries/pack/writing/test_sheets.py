"""A pack's sheets: each name on one, and each says whose, to whom, up to when and what for."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from petition.deliveries.pack.manifest import Totals
from petition.deliveries.pack.records import Record
from petition.deliveries.pack.writing.sheets import head_of, sheets
from petition.exports.writing.sheets import LINES_UNDER_MEMO, SHEETS_AT_ONCE
from tests.deliveries.pack.packs import record
from tests.deliveries.pack.writing.subjects import COUNTED, CUT_OFF, about, longest
from tests.grounds.papers import open_paper

MANY = LINES_UNDER_MEMO * SHEETS_AT_ONCE + 3


def some(count: int) -> Iterator[Record]:
    """Yield this many records, each called by its number."""
    return (record(number, name=f"Signer {number}", country="GB") for number in range(1, count + 1))


def made(count: int, subject: object = None) -> bytes:
    """Return the sheets of so many."""
    counted = replace(COUNTED, totals=Totals(count, {}, {}))
    head = head_of(subject or about(), counted, CUT_OFF)  # type: ignore[arg-type]
    return b"".join(sheets(head, lambda: some(count)))


@pytest.mark.slow("two parts of sheets are set")
def test_each_name_is_on_one_sheet_in_its_place_and_each_sheet_says_what_it_is() -> None:
    pages = [" ".join(page.extract_text().split()) for page in open_paper(made(MANY)).pages]

    assert len(pages) == SHEETS_AT_ONCE + 1
    for number, page in enumerate(pages, 1):
        for part in (
            *("Close the gap", "Foreign Secretary · United Kingdom", "Sample Coalition"),
            *("30 November 2026 (UTC)", "We ask you to act."),
            f"Sheet {number} of {SHEETS_AT_ONCE + 1}",
        ):
            assert part in page
    numbered = re.findall(r"(\d+) Signer (\d+) United Kingdom", " ".join(pages))
    assert numbered == [(str(number), str(number)) for number in range(1, MANY + 1)]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_head_keeps_to_its_room_however_much_it_says(language: str) -> None:
    file = made(LINES_UNDER_MEMO, longest(language))
    [page] = open_paper(file).pages

    assert f"Signer {LINES_UNDER_MEMO}" in " ".join(page.extract_text().split())
    assert file == made(LINES_UNDER_MEMO, longest(language))


def test_where_nobody_has_signed_one_sheet_says_so() -> None:
    [page] = open_paper(made(0)).pages

    assert "Nobody has signed." in page.extract_text()
