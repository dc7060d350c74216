"""Workbooks of text (XLSX) that leave while they are written: nothing waits for the end.

XlsxWriter would keep the rows of a sheet in temporary files until the workbook is closed: names
and addresses in the clear on a disk, for anybody to find after a worker was killed. So the rows
are taken from it as it writes them, and go into a ZIP file that leaves piece by piece; memory does
not grow with them. What stands around the rows, and the other parts, it writes as always.

Every cell is text, and its column is formatted as text: nothing is taken for a formula, a link, a
number or a day, not even when somebody edits it.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any, Self, cast
from zipfile import ZipFile

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from petition.core.files.streamed_zip import StreamedZip

MOST_ROWS = 1_048_575
"""Of data in one sheet: Excel has 1,048,576 rows, and the first is the header."""
MOST_BYTES = 1_900_000_000
"""Of one sheet before it is compressed, about: from 2 GiB on it would need ZIP64, and Excel offers
to repair such files (xlsxwriter.readthedocs.io/workbook.html, `use_zip64`)."""
WIDEST_UPRIGHT = 100
"""How many characters of a line can be read on a sheet that stands upright."""
WHOLE_SHEET = "A1:XFD1048576"
SHEET = "Signatures"
SHEETS = "xl/worksheets/"
PAPERS = {"": 0, "a4": 9, "us-letter": 1}
"""On which it is printed, as ECMA-376 counts them (18.3.1.63); empty for what the printer has."""
LINE_ENDS = re.compile(r"\r\n?")
LOOKS_ESCAPED = re.compile("_(?=x[0-9a-fA-F]{4}_)")
"""The underscore before what is a character by its number (ECMA-376, part 1, 22.9.2.19)."""
NOT_IN_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 holds, however it is written (w3.org/TR/xml, 2.2)."""


class CellRefused(ValueError):
    """A cell is longer than the 32,767 characters that Excel holds, or outside of the sheet."""


def clean(text: str) -> str:
    """Return the text as a cell can hold it: without what XML cannot, lines ended as Excel does."""
    return text if text.isprintable() else NOT_IN_XML.sub("", LINE_ENDS.sub("\n", text))


class TextWorkbook:
    """A workbook that is being written; what is there of it is returned as it comes."""

    def __init__(
        self, headers: Sequence[str], widths: Sequence[int], at: datetime, paper: str = ""
    ) -> None:
        self._headers, self._widths, self._paper = headers, widths, PAPERS[paper]
        self._file = StreamedZip()
        self._other_parts = BytesIO()
        self._book = Workbook(self._other_parts, {"in_memory": True})  # the other parts alone
        self._book.set_properties({"created": at.replace(tzinfo=None)})
        self._bold = self._book.add_format({"bold": True, "num_format": "@"})
        self._text = self._book.add_format({"num_format": "@"})
        self._row = self._size = 0
        self._begin_sheet()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._part.close()
        self._file.close()

    def add(self, lines: Iterable[Sequence[str]]) -> bytes:
        """Write lines of clean cells; return what there is of the file now. Raises CellRefused."""
        if self._size > MOST_BYTES:
            self._turn_over()
        sheet, row = self._sheet, self._row
        for line in lines:
            if row > MOST_ROWS:
                self._row = row
                self._turn_over()
                sheet, row = self._sheet, self._row
            for column, text in enumerate(line):
                if text and sheet.write_string(row, column, text):
                    raise CellRefused
            row += 1
        self._row = row
        self._let_go(sheet.taken(row))
        return self._file.taken()

    def end(self) -> bytes:
        """Write the rest; return it."""
        self._end_sheet()
        self._book.close()
        with ZipFile(self._other_parts) as others:
            for name in others.namelist():
                if not name.startswith(SHEETS):
                    with self._file.part(name) as part:
                        part.write(others.read(name))
        self._file.close()
        return self._file.taken()

    def _turn_over(self) -> None:
        self._end_sheet()
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        number = len(self._book.worksheets()) + 1
        name = SHEET if number == 1 else f"{SHEET} {number}"
        self._sheet = cast(_Sheet, self._book.add_worksheet(name, _Sheet))
        if number == 1:
            self._sheet.activate()
        self._sheet.freeze_panes(1, 0)
        self._print_in_width()
        self._sheet.ignore_errors({"number_stored_as_text": WHOLE_SHEET})
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width, self._text)
        self._part = self._file.part(f"{SHEETS}sheet{number}.xml")
        self._size = 0
        self._let_go(self._sheet.around()[0])
        for column, header in enumerate(self._headers):
            self._sheet.write_string(0, column, header, self._bold)
        self._row = 1

    def _print_in_width(self) -> None:
        """Have it printed with all columns on a page, and the header on each."""
        self._sheet.set_paper(self._paper)
        if sum(self._widths) > WIDEST_UPRIGHT:
            self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)

    def _end_sheet(self) -> None:
        self._let_go(self._sheet.taken(self._row))
        self._sheet.autofilter(0, 0, self._row - 1, len(self._headers) - 1)
        self._let_go(self._sheet.around()[1])
        self._part.close()

    def _let_go(self, text: str) -> None:
        self._size += self._part.write(text.encode())


class _Sheet(Worksheet):
    """A sheet whose rows are taken from it as they are written.

    XlsxWriter calls writing them so `constant_memory`, and would use a temporary file. What of it
    is relied on here is held by the tests in which other programs read what comes of it.
    """

    fh: Any
    """Where XlsxWriter writes to."""

    def _initialize(self, init_data: dict[str, Any]) -> None:
        super()._initialize(init_data)
        self.constant_memory = True
        self.fh = StringIO()

    def taken(self, next_row: int) -> str:
        """Take the rows before the next one, as XML."""
        self._write_single_row(next_row)
        rows: str = self.fh.getvalue()
        self.fh = StringIO()
        return rows

    def around(self) -> tuple[str, str]:
        """Return what stands before the rows, as far as it is known, and what stands after them."""
        rows, self.fh = self.fh, StringIO()
        self._assemble_xml_file()
        whole: str = self.fh.getvalue()
        self.fh = rows
        before, end, after = whole.partition("</sheetData>")
        return before, end + after

    def _write_optimized_sheet_data(self) -> None:
        self.fh.write("<sheetData></sheetData>")

    def _write_dimension(self) -> None:
        """Leave it out, as one may: it stands before the rows, and would say how many there are."""

    @staticmethod
    def _escape_control_characters(data: str) -> str:
        """Escape what Excel would take for a character by its number: _x0041_ would be an A.

        XlsxWriter leaves out one that shares its underscore with the one before.
        """
        return LOOKS_ESCAPED.sub("_x005F_", data)

    def _xml_rich_inline_string(self, string: str, attributes: Any = ()) -> None:
        """Write as text what somebody has typed in the form of XlsxWriter's marked-up strings."""
        self._xml_inline_string(string, False, attributes)
