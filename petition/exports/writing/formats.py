"""How files are written: by what, and under which type and ending."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from petition.exports.models import Export, ExportFormat, ExportSplit
from petition.exports.rows import Count
from petition.exports.writing import csv, jsonl, sheets, splitting, xlsx

OF_A_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a file."""

    pieces: Callable[[Export, Count], Iterator[bytes]]
    media_type: str
    ending: str
    steps_a_row: int = 1
    """How often it counts as work: twice where all are read before the first is written."""


FORMATS = {
    ExportFormat.CSV: Format(csv.pieces, "text/csv", "csv"),
    ExportFormat.XLSX: Format(xlsx.pieces, OF_A_WORKBOOK, "xlsx"),
    ExportFormat.JSONL: Format(jsonl.pieces, "application/x-ndjson", "jsonl"),
    ExportFormat.PDF: Format(sheets.pieces, "application/pdf", "pdf", steps_a_row=2),
}
IN_PARTS = Format(splitting.pieces, "application/zip", "zip")


def format_of(export: Export) -> Format:
    """Return how the file of an export is written."""
    return FORMATS[export.format] if export.split is ExportSplit.WHOLE else IN_PARTS
