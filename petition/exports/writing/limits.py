"""Whether a tool takes a file, and how many rows fit into one that it takes."""

from dataclasses import dataclass

from petition.exports.models import Export, ExportFormat, ExportSplit
from petition.exports.presets import preset_of
from petition.exports.writing.workbooks import MOST_ROWS

SPARE = 0.95
"""Rows are not alike: so much of a file is planned."""
ROUNDED_TO = 1_000


@dataclass(frozen=True, slots=True)
class Excess:
    """A file that has more than its tool takes."""

    rows: int
    """How many fit into a file."""
    most_bytes: int | None
    """How large a file may be, where it is too large; else it has more sheets than one."""


def excess(export: Export) -> Excess | None:
    """Return what is too much about a file that is made; None where its tool takes it."""
    preset, rows, size = preset_of(export), export.row_count, export.file and export.file.size
    if not rows or not size or export.split is not ExportSplit.WHOLE:
        return None
    if preset.most_bytes is not None and size > preset.most_bytes:
        return Excess(_rounded(rows * preset.most_bytes * SPARE / size), preset.most_bytes)
    is_workbook = export.format is ExportFormat.XLSX
    if is_workbook and not preset.for_spreadsheets and rows > MOST_ROWS:
        return Excess(MOST_ROWS, None)
    return None


def _rounded(rows: float) -> int:
    whole = int(rows)
    return whole - whole % ROUNDED_TO if whole > ROUNDED_TO else max(whole, 1)
