"""Exports in JSON Lines: one object a signature, under the same names as in CSV.

UTF-8 without a byte order mark; nothing is shielded, since no spreadsheet reads it.
"""

from collections.abc import Iterator

import orjson

from petition.exports.models import Export
from petition.exports.presets import PRESETS
from petition.exports.rows import Count, as_typed


def pieces(export: Export, count: Count) -> Iterator[bytes]:
    """Yield the file piece by piece, and count its rows."""
    preset = PRESETS[export.preset]
    headers = preset.headers_of(export)
    for lines in preset.lines(export, count, as_typed):
        yield b"".join(
            orjson.dumps(dict(zip(headers, line, strict=True)), option=orjson.OPT_APPEND_NEWLINE)
            for line in lines
        )
