"""Exports in JSON Lines: one object a signature, under the same names as in CSV.

UTF-8 without a byte order mark; nothing is shielded, since no spreadsheet reads it.
"""

from collections.abc import Iterable, Iterator, Sequence

import orjson

from petition.exports.models import Export
from petition.exports.presets import preset_of
from petition.exports.rows import Cell, Count, as_typed


def pieces(export: Export, count: Count) -> Iterator[bytes]:
    """Yield the file piece by piece, and count its rows."""
    preset = preset_of(export)
    headers = preset.headers_of(export)
    for lines in preset.lines(export, count, as_typed):
        yield body(headers, lines)


def body(headers: Sequence[str], lines: Iterable[Sequence[Cell]]) -> bytes:
    """Return lines as they stand in a file."""
    return b"".join(
        orjson.dumps(dict(zip(headers, line, strict=True)), option=orjson.OPT_APPEND_NEWLINE)
        for line in lines
    )
