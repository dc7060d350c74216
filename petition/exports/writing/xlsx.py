"""Exports in XLSX, for Excel and its like: text alone, in constant memory, nothing on a disk.

The columns are as wide as what the first rows have in them, the header stays in sight, and each
column has a filter. After 1,048,575 rows a further sheet begins. What XML cannot hold is left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from petition.exports.models import Export
from petition.exports.presets import preset_of
from petition.exports.rows import Cell, Count
from petition.exports.writing.csv import cell_text
from petition.exports.writing.workbooks import TextWorkbook, clean

NARROWEST, WIDEST = 10, 60
"""Of a column, in characters."""
BUTTON = 4
"""How many characters the filter beside a header takes."""


def cell(value: Cell) -> str:
    """Return what stands in a cell."""
    return clean(cell_text(value))


def widths(headers: Sequence[str], lines: Iterable[Sequence[str]]) -> list[int]:
    """Return how wide each column is to be, in characters."""
    names = [len(header) + BUTTON for header in headers]
    cells = (map(len, line) for line in lines)
    return [min(max(NARROWEST, *column), WIDEST) for column in zip(names, *cells, strict=True)]


def pieces(export: Export, count: Count) -> Iterator[bytes]:
    """Yield the file piece by piece, and count its rows."""
    preset = preset_of(export)
    headers = preset.headers_of(export)
    batches = preset.lines(export, count, cell)
    first = list(next(batches, ()))
    wide = widths(headers, first)
    with TextWorkbook(headers, wide, export.begun_at) as workbook:
        for lines in chain([first], batches):
            yield workbook.add(lines)
        yield workbook.end()
