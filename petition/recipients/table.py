"""Recipients as a table: a CSV file that a spreadsheet opens safely, a row for each of them.

UTF-8 with or without a byte order mark, comma-separated. A row has the values that the entry of a
recipient has in a campaign's folder, and is loaded as such.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from petition.core.errors import DomainError
from petition.core.folder import CampaignFolderError, Document
from petition.recipients.cells import (
    COLUMNS,
    IN_EACH_LANGUAGE,
    cells_of,
    language_in,
    values_in,
)
from petition.recipients.describing import values_of
from petition.recipients.models import Recipient

FOR_LETTERS = (
    *("country", "form_url", "address", "salutation", "close", "paper", "zone", "days"),
    *("hours", "hourly_cap", "constituents_only", "verified_on", "verified_source"),
)
"""What is noted only of a recipient that takes letters."""


LARGEST_TABLE = 16 * 1024**2
"""In octets; a recipient takes about one thousand."""
MOST_COLUMNS = 1_000
"""There are some twenty, and three for each language."""
MOST_MISTAKES = 1_000
"""After so many a table is read no further."""


class CannotBeWritten(DomainError):
    """Something is noted of a recipient that a table cannot say, such as a holder without name."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"“{slug}” has something that would not be read back as it is.")


@dataclass(slots=True)
class Table:
    """What a file holds, and everything that is wrong with it."""

    file: Path
    entries: dict[int, Document] = field(default_factory=dict)
    """The rows without a mistake, by their number as a spreadsheet counts them."""
    mistakes: list[tuple[int, CampaignFolderError]] = field(default_factory=list)

    def note(self, row: int, cause: str) -> None:
        """Note a mistake."""
        self.mistakes.append((row, self.row(row).mistake(cause)))

    def row(self, row: int, values: dict[str, Any] | None = None) -> Document:
        """Return a row as the entry of a recipient."""
        return Document(self.file, values or {}, place=f"row {row}")


def read_table(file: Path) -> Table:
    """Read a file. Its mistakes are noted, all of them, and raised by nobody."""
    table = Table(file)
    records = _records(table)
    headings = _headings(table, next(records, (1, []))[1])
    if "slug" not in headings:
        table.note(1, "there has to be a column “slug”.")
        return table
    rows_of: dict[str, int] = {}
    for row, cells in records:
        known = len(table.mistakes)
        if known > MOST_MISTAKES:
            table.note(row, "there are too many mistakes to read on from here.")
            break
        values = _values(table, row, headings, cells)
        slug = values.get("slug")
        if slug and rows_of.setdefault(slug, row) != row:
            table.note(row, f"“{slug}” stands in row {rows_of[slug]} already.")
        if values and len(table.mistakes) == known:
            table.entries[row] = table.row(row, values)
    return table


def _records(table: Table) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's number and cells, those after the last that is not empty left out."""
    row = 0
    try:
        with table.file.open("rb") as stream:
            octets = stream.read(LARGEST_TABLE + 1)
        if len(octets) > LARGEST_TABLE:
            table.note(1, f"the file is larger than {LARGEST_TABLE // 1024**2} MiB.")
            return
        text = octets.decode("utf-8-sig")
        for row, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            plain = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]
            while plain and not plain[-1].strip():
                plain.pop()
            yield row, plain
    except UnicodeDecodeError:
        table.note(1, "the file is not in UTF-8; save it as “CSV UTF-8”.")
    except csv.Error as fault:
        table.note(row + 1, f"this is no CSV: {fault}.")


def _headings(table: Table, cells: Sequence[str]) -> list[str | None]:
    """Return what heads each column; None for one that is not to be read."""
    if len(cells) == 1 and {";", "\t"} & set(cells[0]):
        table.note(1, "the cells have to be separated by commas.")
        return []
    if len(cells) > MOST_COLUMNS:
        table.note(1, f"there are {len(cells):,} columns; at most {MOST_COLUMNS:,} are read.")
        return []
    headings: list[str | None] = []
    for heading in map(str.strip, cells):
        try:
            language = language_in(heading)
            if language is not None:
                table.row(1).language(language)
            if heading in headings:
                table.note(1, f"there are two columns “{heading}”.")
            headings.append(None if heading in headings else heading)
        except KeyError:
            table.note(1, f"there is no column “{heading}”.")
            headings.append(None)
        except CampaignFolderError as mistake:
            table.mistakes.append((1, mistake))
            headings.append(None)
    return headings


def _values(
    table: Table, row: int, headings: Sequence[str | None], cells: Sequence[str]
) -> dict[str, Any]:
    if len(cells) > len(headings):
        table.note(row, f"there are {len(cells)} cells under {len(headings)} headings.")
    under = zip(headings, cells, strict=False)
    values, mistakes = values_in({heading: cell for heading, cell in under if heading})
    for mistake in mistakes or _idle(values):
        table.note(row, mistake)
    return values


def _idle(values: dict[str, Any]) -> Iterator[str]:
    """Yield what of a row would be lost, because what it belongs to is not given."""
    if "holder_since" in values and "holder" not in values:
        yield "“holder_since” needs “holder”."
    idle = [f"“{name}”" for name in FOR_LETTERS if name in values]
    if idle and not values.get("channels"):
        yield f"{', '.join(idle)}: only with “channels”."


def write_table(recipients: Iterable[Recipient]) -> bytes:
    """Return the table of these recipients, from which they can be read back.

    Raises CannotBeWritten.
    """
    rows = [_cells(recipient) for recipient in recipients]
    buffer = io.StringIO(newline="")
    buffer.write("\N{BYTE ORDER MARK}")
    writer = csv.DictWriter(buffer, list(_headings_over(rows)))
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def _cells(recipient: Recipient) -> dict[str, str]:
    values = values_of(recipient)
    cells = cells_of(values)
    if values_in(cells) != (values, []):
        raise CannotBeWritten(recipient.slug)
    return cells


def _headings_over(rows: Sequence[dict[str, str]]) -> Iterator[str]:
    used = set().union(*rows)
    for name in COLUMNS:
        if name in IN_EACH_LANGUAGE:
            yield from sorted({f"{name}.en", *(h for h in used if h.startswith(f"{name}."))})
        else:
            yield name
