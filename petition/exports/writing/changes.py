"""The file of what has changed since an export: in CSV, as the file itself calls its rows.

Who is gone has a number and no more. An address stands there only where its tool knows people by
it, and only of those whose row is to leave it: it is what they are found by. Where the file is
encrypted, this one is for the same keys.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.storage.database import rows_of, session
from petition.exports.cells import reference_to
from petition.exports.changes import Change, ChangeKind, changes_since
from petition.exports.models import Export
from petition.exports.presets import Preset, preset_of
from petition.exports.writing.csv import cell, shielded_cell
from petition.exports.writing.encryption import encrypted
from petition.signatures.models import Signature
from petition.signatures.persons import opened_each

AT_ONCE = 1_000


def has_file(preset: Preset) -> bool:
    """Whether anybody could find by such a file whose row is to change."""
    return preset.names_signatures or preset.by_address


def take_changes(export: Export, organiser_id: int, at: datetime) -> bytes:
    """Return what has changed of a file and of all that it continues, and record who took it.

    Encrypted as the file is.
    """
    lines = list(_lines(changes_since(export), preset_of(export)))
    by = noting.organiser(organiser_id)
    noting.note(Act.EXPORT_CHANGES_DOWNLOADED, by, at, export=export.id, rows=len(lines))
    content, keys = _as_csv(preset_of(export), lines), export.contents.encrypted_for
    return b"".join(encrypted([content], keys)) if keys else content


def headers(preset: Preset) -> list[str]:
    """Return the name of each column."""
    number = ["signature"] if preset.names_signatures else []
    return ["export", *number, "change", "day", *(["email"] if preset.by_address else [])]


def _lines(changes: Sequence[Change], preset: Preset) -> Iterator[list[str]]:
    for start in range(0, len(changes), AT_ONCE):
        some = changes[start : start + AT_ONCE]
        emails = _emails(some) if preset.by_address else {}
        for one in some:
            email = emails.get(one.signature, "")
            if preset.names_signatures or email:
                yield _line(one, email, preset)


def _line(change: Change, email: str, preset: Preset) -> list[str]:
    number = reference_to(change.signature) if preset.refers else str(change.signature)
    line = [str(change.export), number] if preset.names_signatures else [str(change.export)]
    line += [change.kind, change.day.isoformat()]
    return [*line, email] if preset.by_address else line


def _emails(changes: Sequence[Change]) -> dict[int, str]:
    """Return the addresses of those who are to leave a tool, by their numbers, as far as we know.

    Who is back is to stay.
    """
    its = rows_of(Signature).c
    leaving = {one.signature for one in changes if one.kind is not ChangeKind.BACK}
    statement = select(its.id, its.person_key, its.person, its.supporter_tag)
    found = session.execute(statement.where(its.id.in_(leaving))).all()
    opened = opened_each((row.person_key, row.person, row.supporter_tag) for row in found)
    return {row.id: fields.get("email", "") for row, fields in zip(found, opened, strict=True)}


def _as_csv(preset: Preset, lines: Sequence[Sequence[str]]) -> bytes:
    bom, words = ("\N{BYTE ORDER MARK}", shielded_cell) if preset.for_spreadsheets else ("", cell)
    written = [",".join(map(words, line)) for line in [headers(preset), *lines]]
    return (bom + "\r\n".join([*written, ""])).encode("utf-8", "replace")
