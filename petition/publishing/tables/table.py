"""Recipients as a table: a CSV file that a spreadsheet opens safely, a row for each of them.

It is read as spreadsheets write it: with commas, semicolons or tabs, in UTF-8 or in UTF-16 with the
mark that says so. It is written with commas, in UTF-8 with a byte order mark.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from petition.core.drafts.problems import without_followers
from petition.core.errors import DomainError
from petition.publishing.binding import Binding, NoFiles
from petition.publishing.tables.areas import lost_zero
from petition.publishing.tables.cells import (
    COLUMNS,
    IN_EACH_LANGUAGE,
    canonical,
    cells_of,
    heading_problem,
    values_in,
    values_of,
)
from petition.recipients.drafts import RecipientDraft, check, draft_of
from petition.recipients.models import Recipient

SEPARATORS = ",;\t"
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
    entries: dict[int, RecipientDraft] = field(default_factory=dict)
    """The rows without a mistake, by their number as a spreadsheet counts them."""
    mistakes: list[tuple[int, int, str]] = field(default_factory=list)
    """Row, which of all of them, cause."""

    def note(self, row: int, cause: str) -> None:
        """Note a mistake."""
        self.mistakes.append((row, len(self.mistakes), cause))

    def in_words(self, row: int, _number: int, cause: str) -> str:
        """Return a mistake with its place."""
        return f"{self.file.name}, row {row}: {cause}"


def read_table(file: Path) -> Table:
    """Read a file. Its mistakes are noted, all of them, and raised by nobody."""
    table = Table(file)
    text = _text(table)
    if text is None:
        return table
    records = _records(table, text)
    headings = _headings(table, next(records, (1, []))[1])
    if "slug" not in headings:
        table.note(1, "there has to be a column “slug”.")
        return table
    rows_of: dict[str, int] = {}
    for row, cells in records:
        if len(table.mistakes) > MOST_MISTAKES:
            table.note(row, "there are too many mistakes to read on from here.")
            break
        draft = _draft(table, row, headings, cells)
        if draft is None:
            continue
        if rows_of.setdefault(draft.slug, row) != row:
            table.note(row, f"“{draft.slug}” stands in row {rows_of[draft.slug]} already.")
        table.entries[row] = draft
    return table


def _text(table: Table) -> str | None:
    with table.file.open("rb") as stream:
        octets = stream.read(LARGEST_TABLE + 1)
    if len(octets) > LARGEST_TABLE:
        table.note(1, f"the file is larger than {LARGEST_TABLE // 1024**2} MiB.")
        return None
    if octets.startswith(b"PK\x03\x04"):
        table.note(1, "this is a workbook; save it as “CSV UTF-8”.")
        return None
    is_utf16 = octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return octets.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as fault:
        row = octets.count(b"\n", 0, fault.start) + 1
        table.note(row, "the file is not in UTF-8; save it as “CSV UTF-8”.")
        return None


def _records(table: Table, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's number and cells, those after the last that is not empty left out."""
    separator, begin = _separator(text)
    row = 0
    try:
        rows = csv.reader(io.StringIO(text[begin:], newline=""), delimiter=separator, strict=True)
        for row, cells in enumerate(rows, 1):
            plain = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]
            while plain and not plain[-1].strip():
                plain.pop()
            yield row, plain
    except csv.Error as fault:
        table.note(row + 1, f"this is no CSV: {fault}.")


def _separator(text: str) -> tuple[str, int]:
    """Return what stands between cells, and where the headings begin.

    Some write a line `sep=;` for Excel, which does not show it.
    """
    first = text[: text.find("\n") + 1] or text[:1000]
    named = first.strip().strip('"').lower()
    if named.startswith("sep=") and len(named) == 5:
        return named[4], len(first)
    if first.startswith("sep=\t"):
        return "\t", len(first)

    def known(separator: str) -> int:
        cells = first[:100_000].split(separator)
        return sum(canonical(cell.strip().strip('"')) is not None for cell in cells)

    return max(SEPARATORS, key=known), 0


def _headings(table: Table, cells: Sequence[str]) -> list[str | None]:
    """Return what heads each column; "" for one without heading, None for one of no use."""
    if len(cells) > MOST_COLUMNS:
        table.note(1, f"there are {len(cells):,} columns; at most {MOST_COLUMNS:,} are read.")
        return []
    headings: list[str | None] = []
    for written in map(str.strip, cells):
        heading = canonical(written) if written else ""
        problem = heading_problem(written) if written else None
        if heading and heading in headings:
            problem = f"there are two columns “{heading}”."
        if problem:
            table.note(1, problem)
        headings.append(None if problem else heading)
    return headings


def _draft(
    table: Table, row: int, headings: Sequence[str | None], cells: Sequence[str]
) -> RecipientDraft | None:
    """Return what a row says; None where it says nothing, or has a mistake, which is noted."""
    if len(cells) > len(headings):
        table.note(row, f"there are {len(cells)} cells under {len(headings)} headings.")
        return None
    under = list(zip(headings, cells, strict=False))
    lost = [cell for heading, cell in under if heading == "" and cell.strip()]
    if lost:
        table.note(row, f"“{lost[0][:60]}” stands in a column without a heading.")
    given = {heading: cell for heading, cell in under if heading and cell.strip()}
    values, mistakes = values_in(given)
    for mistake in mistakes:
        table.note(row, mistake)
    if not values or lost or mistakes:
        return None
    return _bound(table, row, values, given)


def _bound(
    table: Table, row: int, values: dict[str, object], cells: Mapping[str, str]
) -> RecipientDraft | None:
    binding = Binding(NoFiles())
    draft = binding.read(RecipientDraft, values)
    causes = [one.cause for one in without_followers(binding.problems, check(draft))]
    if not causes and (question := lost_zero(draft, cells.get("areas", ""))):
        causes.append(question)
    for cause in causes:
        table.note(row, cause)
    return None if causes else draft


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
    values = values_of(draft_of(recipient))
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
