"""The rows of a pack as tables: signatures.csv, and signatures.xlsx where they have names."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from petition.deliveries.pack.records import Record
from petition.exports.writing.csv import shielded_cell
from petition.exports.writing.workbooks import TextWorkbook
from petition.exports.writing.xlsx import cell

TABLE, WORKBOOK = "signatures.csv", "signatures.xlsx"
COLUMNS = ("number", "name", "country", "language", "version", "week")
WIDTHS = (12, 40, 12, 13, 11, 12)
CHUNK_ROWS = 1_000


def table(records: Iterable[Record], *, has_names: bool) -> Iterator[bytes]:
    """Yield the same rows as a table for spreadsheets: RFC 4180, safe to open."""
    columns = [name for name in COLUMNS if has_names or name != "name"]
    left = iter(records)
    yield ("\N{BYTE ORDER MARK}" + ",".join(columns) + "\r\n").encode()
    while some := list(islice(left, CHUNK_ROWS)):
        lines = [
            ",".join(shielded_cell(getattr(record, name)) for name in columns) for record in some
        ]
        yield "\r\n".join([*lines, ""]).encode()


def workbook(records: Iterable[Record], at: datetime, paper: str) -> Iterator[bytes]:
    """Yield the same rows as a workbook of text for that paper, made at that moment as it says.

    The same rows and moment make the same bytes.
    """
    left = iter(records)
    with TextWorkbook(COLUMNS, WIDTHS, at, paper) as book:
        while some := list(islice(left, CHUNK_ROWS)):
            yield book.add([cell(getattr(one, name)) for name in COLUMNS] for one in some)
        yield book.end()
