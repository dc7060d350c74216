"""Exports in CSV: made from a server-side cursor, in constant memory, safe to open.

UTF-8, comma-separated, CRLF, quotes where a cell needs them (RFC 4180). What is for spreadsheets
has a byte order mark, and a cell that one of them could take for a formula is preceded by an
apostrophe. The lines are joined here: `csv.writer` looks at every character twice, which is a
third of all the work.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from petition.core.formulas import FORMULA
from petition.exports.models import Export
from petition.exports.presets import Preset, preset_of
from petition.exports.rows import Cell, Count

NEEDS_QUOTES = re.compile(r'[",\r\n]')
EMPTY_LINE = '""'
"""A line of one cell with nothing in it; many readers leave out a line that is empty."""


def harmless(text: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula; NUL is left out."""
    return FORMULA.sub(r"\g<0>'", text.replace("\0", ""))


def shielded_cell(value: Cell) -> str:
    """Return a cell of a file for spreadsheets, as it stands there."""
    text = value if value.__class__ is str else cell_text(value)
    if not text:
        return ""
    if text.isprintable() and text[0].isalnum() and ";" not in text:
        return text if "," not in text and '"' not in text else _quoted(text)
    return _quoted(harmless(text))


def cell(value: Cell) -> str:
    """Return a cell of a file for programs, as it stands there; NUL is left out."""
    return _quoted(cell_text(value).replace("\0", ""))


def cell_text(value: Cell) -> str:
    """Return what is in a cell."""
    return "" if value is None else str(value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if NEEDS_QUOTES.search(text) else text


def pieces(export: Export, count: Count) -> Iterator[bytes]:
    """Yield the file piece by piece, and count its rows."""
    preset = preset_of(export)
    yield head(preset, preset.headers_of(export))
    for lines in preset.lines(export, count, words_of(preset)):
        yield body(lines)


def words_of(preset: Preset) -> Callable[[Cell], str]:
    """Return what writes a cell of a preset's file."""
    return shielded_cell if preset.for_spreadsheets else cell


def head(preset: Preset, headers: Sequence[str]) -> bytes:
    """Return how a file begins."""
    bom = "\N{BYTE ORDER MARK}" if preset.for_spreadsheets else ""
    return (bom + ",".join(map(words_of(preset), headers)) + "\r\n").encode()


def body(lines: Iterable[Sequence[str]]) -> bytes:
    """Return lines of written cells as they stand in a file."""
    whole = [",".join(line) or EMPTY_LINE for line in lines]
    return "\r\n".join([*whole, ""]).encode("utf-8", "replace")
