"""Workbooks as two programs read them that no one here wrote."""

from io import BytesIO

import openpyxl
from python_calamine import CalamineWorkbook

Sheets = dict[str, list[list[str]]]
"""The cells of each sheet, all of them text; an empty one is no text."""


def by_openpyxl(content: bytes) -> Sheets:
    """Read every sheet; nothing but text may be in it."""
    book = openpyxl.load_workbook(BytesIO(content), read_only=True)
    sheets = {}
    for sheet in book.worksheets:
        cells = [[cell for cell in line] for line in sheet.iter_rows()]  # noqa: C416
        assert {cell.data_type for line in cells for cell in line if cell.value is not None} <= {
            "s",
            "inlineStr",
        }
        width = max(map(len, cells), default=0)  # a line ends here with its last cell
        texts = [[str(cell.value or "") for cell in line] for line in cells]
        sheets[sheet.title] = [[*line, *[""] * (width - len(line))] for line in texts]
    return sheets


def by_calamine(content: bytes) -> Sheets:
    """Read every sheet; nothing but text may be in it."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    sheets = {}
    for name in book.sheet_names:
        lines = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        assert {type(cell) for line in lines for cell in line} <= {str}
        sheets[name] = [[str(cell) for cell in line] for line in lines]
    return sheets


def read_workbook(content: bytes) -> Sheets:
    """Read every sheet, by both, and see that they agree."""
    sheets = by_calamine(content)
    assert by_openpyxl(content) == sheets
    return sheets
