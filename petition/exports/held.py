"""What exports held, what has happened to it since, and so who is new since one.

An export keeps which signatures its file held, and which of the latest removals it had seen
before it read them. So it is exact, whatever commits late, what has left a file since it was made.
Who is back after that is new again: their old row is to go, or has gone. Files of which each
continues the one before are together, without what has left each, a whole that has everybody once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple, Self

from sqlalchemy import Select, insert, select

from petition.core.clock import hour_of
from petition.core.storage.database import rows_of, session
from petition.exports.models import Export, ExportHeld, ExportScope, Held
from petition.exports.numbers import Numbers, chunks_of
from petition.signatures.models import MailStop, Removal, Signature, SignatureState

Read = Callable[[Any], Iterable[Any]]
"""How rows are read: `session.execute`, or `stream_rows` where nobody ends the session soon."""
LONG_BEFORE = timedelta(hours=1)
"""What was noted so long before an export was asked for was committed when its rows were read: no
transaction takes as long, nor are clocks that far apart."""
AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class File:
    """The file of an export, as far as it matters here."""

    export: int
    petitions: tuple[int, ...]
    scope: ExportScope
    begun_at: datetime
    rows: int
    continues: int | None
    """The number of the export that it continues."""

    @classmethod
    def of(cls, export: Export) -> Self:
        """Return that of an export."""
        petitions, rows = tuple(export.petition_ids), export.row_count or 0
        return cls(export.id, petitions, export.scope, export.begun_at, rows, export.since_id)


class Event(NamedTuple):
    """Something that has happened to a signature, and how that stands now."""

    id: int
    signature: int
    at: datetime
    """The hour."""
    state: SignatureState | None
    """None where the signature was erased."""
    mail_allowed: bool | None
    kind: Held


Noted = Mapping[Held, Numbers]


def nothing() -> Noted:
    """Return where an export notes the numbers that it holds."""
    return {kind: Numbers() for kind in Held}


def keep(export: Export, noted: Noted) -> None:
    """Record what the file of an export held. No commit."""
    rows = [
        {"export_id": export.id, "kind": kind, "chunk": chunk, "bits": bits}
        for kind, numbers in noted.items()
        for chunk, bits in numbers.packed().items()
    ]
    if rows:
        session.execute(insert(rows_of(ExportHeld)), rows)


def note_what_was(export: Export, noted: Noted, read: Read) -> None:
    """Note what has happened by now, as far as it is not long ago; rows are read after this."""
    for kind, found in _in_pieces(File.of(export), read):
        noted[kind].add(sorted(event.id for event in found))


def held_before(export: Export, read: Read, *, consenting: bool) -> Numbers | None:
    """Return whom those have who have the files that an export continues; None where none."""
    if export.since_id is None:
        return None
    there = Numbers()
    for file in continued_by(export, read):
        held = _numbers(file, Held.SIGNATURES, read)
        left = {one.signature for one in happened_to(file, read, with_mail=consenting)}
        held.discard(sorted(left))
        there.take_in(held)
    return there


def continued_by(export: Export, read: Read) -> Iterator[File]:
    """Yield the files that an export continues, the newest first: they are of the same rows."""
    its, file = rows_of(Export).c, File.of(export)
    columns = its.id, its.begun_at, its.row_count, its.since_id
    while file.continues is not None:
        [row] = read(select(*columns).where(its.id == file.continues))
        number, begun_at, rows, continues = row
        file = File(number, file.petitions, file.scope, begun_at, rows, continues)
        yield file


def rows_before(export: Export, read: Read) -> int:
    """Return how many rows the files have that an export continues."""
    return sum(file.rows for file in continued_by(export, read))


def lately(files: Sequence[File], read: Read) -> list[Event]:
    """Return what may have happened to signatures of any of these files since."""
    whole = File(
        export=0,
        petitions=tuple({one for file in files for one in file.petitions}),
        scope=max(file.scope for file in files),  # everything, where one has that
        begun_at=min(file.begun_at for file in files),
        rows=0,
        continues=None,
    )
    return [event for _, events in _in_pieces(whole, read) for event in events]


def happened_to(
    file: File, read: Read, *, with_mail: bool, among: Iterable[Event] | None = None
) -> Iterator[Event]:
    """Yield what has happened to the signatures of a file since its rows were read.

    `with_mail` tells of consent that was taken back, too. `among` are what may have happened,
    where that is known.
    """
    for kind, found in _in_pieces(file, read) if among is None else _late_for(file, among):
        if kind is Held.MAIL_STOPS and not with_mail:
            continue
        if not found:
            continue
        seen = _among(file, kind, {event.id for event in found}, read)
        held = _among(file, Held.SIGNATURES, {event.signature for event in found}, read)
        yield from (one for one in found if one.id not in seen and one.signature in held)


def _in_pieces(file: File, read: Read) -> Iterator[tuple[Held, list[Event]]]:
    """Yield what happened since a file was asked for, and some time before, in pieces."""
    for kind, statement in _statements(file).items():
        found = iter(read(statement))
        while some := [Event._make((*row, kind)) for row in islice(found, AT_ONCE)]:
            yield kind, some


def _late_for(file: File, events: Iterable[Event]) -> Iterator[tuple[Held, list[Event]]]:
    earliest = _earliest(file)
    late = [event for event in events if event.at >= earliest]
    for kind in (Held.REMOVALS, Held.MAIL_STOPS):
        yield kind, [event for event in late if event.kind is kind]


def _earliest(file: File) -> datetime:
    return hour_of(file.begun_at - LONG_BEFORE)


def _statements(file: File) -> Mapping[Held, Select[Any]]:
    removal, stop, its = rows_of(Removal).c, rows_of(MailStop).c, rows_of(Signature).c
    earliest = _earliest(file)
    removals = (
        select(removal.id, removal.signature_id, removal.removed_at, its.state, its.mail_allowed)
        .outerjoin(rows_of(Signature), its.id == removal.signature_id)
        .where(removal.petition_id.in_(file.petitions), removal.removed_at >= earliest)
    )
    if file.scope == ExportScope.CONFIRMED:  # nobody else was in the file
        removals = removals.where(removal.confirmed_at.is_not(None))
    stops = (
        select(stop.id, stop.signature_id, stop.stopped_at, its.state, its.mail_allowed)
        .outerjoin(rows_of(Signature), its.id == stop.signature_id)
        .where(stop.petition_id.in_(file.petitions), stop.stopped_at >= earliest)
    )
    return {Held.REMOVALS: removals, Held.MAIL_STOPS: stops}


def _among(file: File, kind: Held, numbers: Collection[int], read: Read) -> set[int]:
    return _numbers(file, kind, read, chunks_of(numbers)).among(numbers)


def _numbers(file: File, kind: Held, read: Read, chunks: Collection[int] | None = None) -> Numbers:
    """Return the numbers of this kind that a file held: all, or those of some chunks."""
    its = rows_of(ExportHeld).c
    statement = select(its.chunk, its.bits).where(its.export_id == file.export, its.kind == kind)
    if chunks is not None:
        statement = statement.where(its.chunk.in_(chunks))
    return Numbers({row.chunk: row.bits for row in read(statement)})
