"""Exports in parts: a file for each country, or as many as are small enough for a tool, in a ZIP.

The rows are read once, in the order of their parts, and leave as they are read; a part that is
larger than its tool takes is followed by another. The last file, index.csv, says how many rows
each has. The same rows make the same bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from operator import attrgetter
from typing import IO, Any

from petition.core.files.streamed_zip import StreamedZip
from petition.core.i18n import countries
from petition.exports.models import Export, ExportFormat, ExportSplit
from petition.exports.presets import Preset, preset_of
from petition.exports.rows import Cell, Count, Row, as_typed, batches
from petition.exports.writing import csv, jsonl

LARGEST = 1_900_000_000
"""How large a part may be where no tool says less: from 2 GiB on many programs do not open it."""
INDEX = "index.csv"


@dataclass(frozen=True, slots=True)
class Layout:
    """How the parts of a format are written."""

    words: Callable[[Preset], Callable[[Cell], Cell]]
    """What writes a cell."""
    head: Callable[[Preset, Sequence[str]], bytes]
    body: Callable[[Sequence[str], Iterable[Sequence[Any]]], bytes]
    ending: str


LAYOUTS = {
    ExportFormat.CSV: Layout(csv.words_of, csv.head, lambda _, lines: csv.body(lines), "csv"),
    ExportFormat.JSONL: Layout(
        lambda _: as_typed, lambda _preset, _headers: b"", jsonl.body, "jsonl"
    ),
}


def pieces(export: Export, counted: Count) -> Iterator[bytes]:
    """Yield the ZIP file piece by piece, and count the rows of all its parts."""
    parts = _Parts(export)
    for rows in batches(export, counted, as_typed, consenting=parts.preset.consenting):
        for group, some in groupby(rows, key=parts.group_of):
            parts.add(group, list(some))
        yield parts.taken()
    yield parts.end()


class _Parts:
    """The parts of a file that is being written."""

    def __init__(self, export: Export) -> None:
        self.preset = preset_of(export)
        self._headers = self.preset.headers_of(export)
        self._tell = self.preset.teller(export)
        self._layout = LAYOUTS[export.format]
        self._words = self._layout.words(self.preset)
        self._most = self.preset.most_bytes or LARGEST
        is_by_country = export.split is ExportSplit.COUNTRY
        self.group_of: Callable[[Row], str] = (
            attrgetter("country") if is_by_country else lambda _row: ""
        )
        self._zip = StreamedZip()
        self._part: IO[bytes] | None = None
        self._nth = self._size = 0
        self._listed: list[tuple[str, str, int]] = []
        """Of each part its name, its country, and how many rows it has."""
        self._numbers = count(1)

    def add(self, group: str, rows: list[Row]) -> None:
        """Write rows of one group; they come together."""
        is_first = not self._listed or self._listed[-1][1] != group
        if is_first:
            self._numbers = count(1)
            self._begin(group, 1)
        written = self._body(rows)
        if self._size + len(written) > self._most and self._listed[-1][2]:
            self._begin(group, self._nth + 1)
        self._write(written)
        name, _, before = self._listed[-1]
        self._listed[-1] = name, group, before + len(rows)

    def taken(self) -> bytes:
        """Take what there is of the file now."""
        return self._zip.taken()

    def end(self) -> bytes:
        """Write the rest; return it."""
        if self._part:
            self._part.close()
        names = countries("en")
        lines = [
            ["file", "country", "country_name", "rows"],
            *([name, code, names.get(code, ""), str(rows)] for name, code, rows in self._listed),
        ]
        with self._zip.part(INDEX) as index:
            index.write("".join(",".join(map(csv.cell, line)) + "\r\n" for line in lines).encode())
        self._zip.close()
        return self._zip.taken()

    def _body(self, rows: list[Row]) -> bytes:
        lines: Iterable[Sequence[Any]] = self._tell(rows, self._numbers, self._words)
        return self._layout.body(self._headers, lines)

    def _begin(self, group: str, nth: int) -> None:
        if self._part:
            self._part.close()
        self._nth = nth
        named = [group] if group else ["signatures"]
        stem = "-".join([*named, *([str(nth)] if nth > 1 else [])])
        name = f"{stem}.{self._layout.ending}"
        self._listed.append((name, group, 0))
        self._part, self._size = self._zip.part(name), 0
        self._write(self._layout.head(self.preset, self._headers))

    def _write(self, data: bytes) -> None:
        if self._part:
            self._part.write(data)
        self._size += len(data)
