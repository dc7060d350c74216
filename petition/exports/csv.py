"""Exports in CSV: made from a server-side cursor, in constant memory, safe to open.

UTF-8, with a byte order mark where the preset has one, comma-separated, CRLF (RFC 4180). A cell
that a spreadsheet could take for a formula is preceded by an apostrophe, in every preset: whoever
gets a file for a program looks at it in a spreadsheet first.
"""

import csv
import io
from collections.abc import Iterator

from petition.core.formulas import FORMULA
from petition.exports.models import Export
from petition.exports.presets import PRESETS
from petition.exports.rows import Count, batches


def harmless(text: str | None) -> str:
    """Return the cell so that no spreadsheet takes it for a formula; NUL is left out."""
    if not text:
        return ""
    if text[0].isalnum() and text.isprintable() and ";" not in text:
        return text  # nearly every cell: its only place is its start, and no formula begins so
    return FORMULA.sub(r"\g<0>'", text.replace("\0", ""))


def pieces(export: Export, count: Count) -> Iterator[bytes]:
    """Yield the file piece by piece, and count its rows."""
    preset = PRESETS[export.preset]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    if preset.bom:
        buffer.write("\N{BYTE ORDER MARK}")
    writer.writerow(preset.headers)
    yield _taken(buffer)
    lines = preset.writer(harmless)
    for rows in batches(export, count, harmless, consenting=preset.consenting):
        writer.writerows(lines(rows))
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return piece
