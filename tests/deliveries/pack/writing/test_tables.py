"""The rows of a pack as tables say what the rows say, to any program, and the same each time."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

import openpyxl
import pytest

from petition.deliveries.pack.records import Record
from petition.deliveries.pack.writing.tables import table, workbook
from tests.deliveries.pack.packs import record
from tests.grounds.workbooks import read_workbook

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
COUNT = 1_003


def some() -> Iterator[Record]:
    """Yield records of which one has a name that could be a formula."""
    yield record(1, name="=1+1")
    yield from map(record, range(2, COUNT + 1))


def lines() -> list[list[str]]:
    """Return what both tables say, the formula apart."""
    head = ["number", "name", "country", "language", "version", "week"]
    each = ([getattr(one, name) for name in head] for one in some())
    return [head, *(["" if cell is None else str(cell) for cell in line] for line in each)]


def test_a_table_has_each_row_once_and_no_spreadsheet_runs_it() -> None:
    text = b"".join(table(some(), has_names=True)).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text, newline="")))

    assert found[1][1] == "'=1+1"
    found[1][1] = "=1+1"
    assert found == lines()


def test_a_table_without_names_has_no_column_for_them() -> None:
    text = b"".join(table(some(), has_names=False)).decode("utf-8-sig")

    assert text.splitlines()[:2] == ["number,country,language,version,week", "1,CA,en,2,2026-W46"]


def test_a_workbook_says_the_same_as_text_and_the_same_rows_make_the_same_bytes() -> None:
    content = b"".join(workbook(some(), AT, "a4"))

    assert read_workbook(content) == {"Signatures": lines()}
    assert b"".join(workbook(some(), AT, "a4")) == content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert (book.properties.created, book.properties.modified) == (AT.replace(tzinfo=None),) * 2


def test_a_workbook_of_nobody_has_its_head() -> None:
    assert read_workbook(b"".join(workbook(iter(()), AT, "a4")))["Signatures"] == [lines()[0]]


@pytest.mark.parametrize(("paper", "number"), [("a4", 9), ("us-letter", 1)])
def test_a_workbook_is_printed_in_full_width_with_its_head_on_each_page(
    paper: str, number: int
) -> None:
    [sheet] = openpyxl.load_workbook(io.BytesIO(b"".join(workbook(some(), AT, paper)))).worksheets

    assert int(sheet.page_setup.paperSize) == number
    assert sheet.page_setup.orientation == "portrait", "twice as many rows on a page"
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert sheet.print_title_rows == "$1:$1"
