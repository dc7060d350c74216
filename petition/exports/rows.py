"""The signatures of an export, each opened once, whatever is then made of them.

Times are in ISO 8601, UTC; countries in ISO 3166-1 alpha-2. A signature whose seal does not open
has its number, and nothing of what was sealed: it costs nobody else their place in the file.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, func, select, type_coerce

from petition.core.storage.database import session
from petition.core.storage.long_reads import stream_batches, stream_rows
from petition.exports import held
from petition.exports.models import Export, ExportScope, ExportSplit, Held
from petition.exports.numbers import Numbers
from petition.petitions.models import Petition, PetitionText, PetitionVersion
from petition.signatures.models import Signature, SignatureState
from petition.signatures.persons import opened_each
from petition.signatures.queries import tallied

CHUNK_ROWS = 1_000
SEALED = 3
"""The first cells of a row open it: the id of its key, its box and its tag."""
NUMBER = 3
"""The cell that has its number."""
YES = {True: "yes", False: "no"}
HIDDEN = "•••"
CLOSED = dict.fromkeys(("name", "email", "postcode", "reason"), HIDDEN)
"""What is told of a person to eyes that are not to read it."""
SECONDS_END = len("2026-11-16T01:02:03")

Cell = str | int | list[str] | Mapping[str, object] | None
"""What stands in one place of a line; lists and objects in JSON alone."""
Words = Callable[[Cell], Cell]
"""How a file writes what is not always a text of ours that it can take as it is."""
Texts = dict[int, tuple[Cell, str, Cell, Cell]]
"""Of each text its version, its language, its question about mail, and the petition's slug."""


class Row(NamedTuple):
    """One signature, in the words of the design."""

    signature: int
    state: str
    on_hold: str
    name: str | None
    email: str | None
    country: str
    postcode: str | None
    reason: str | None
    visibility: str
    language: str
    petition_version: int
    text_language: str
    signed_at: str
    confirmed_at: str | None
    mail_question: str | None
    mail_allowed: str
    mail_answered_at: str
    source: str | None
    petition: str


OF_ONE_PETITION = Row._fields[:-1]
"""What is told of a signature where it goes without saying which petition it is under."""
_row = partial(tuple.__new__, Row)


def as_typed(value: Cell) -> Cell:
    """Return it as it is."""
    return value


@dataclass
class Count:
    """How many rows a file has so far, and of which signatures."""

    rows: int = 0
    unreadable: int = 0
    noted: held.Noted = field(default_factory=held.nothing)
    ahead: int = 0
    """How many rows were read before the first was written, where all of them have to be."""

    @property
    def steps(self) -> int:
        """How much of the work is done."""
        return self.ahead + self.rows


def batches(
    export: Export, count: Count, words: Words, *, consenting: bool
) -> Iterator[Iterator[Row]]:
    """Yield the rows batch by batch, each cell as `words` writes it, and count them.

    `consenting` leaves out whoever has not said yes to mail.
    """
    texts = _texts(export.petition_ids, words)
    before = held.held_before(export, stream_rows, consenting=consenting)
    held.note_what_was(export, count.noted, stream_rows)
    numbers = count.noted[Held.SIGNATURES]
    for found in stream_batches(statement_of(export, consenting=consenting), size=CHUNK_ROWS):
        new = _without(before, found)
        numbers.add(sorted(row[NUMBER] for row in new))
        count.rows += len(new)
        yield map(_row, _lines(new, texts, words, count))


def how_many(export: Export, *, consenting: bool) -> int:
    """Return how many rows there will be, or nearly: as the tally says, or counted beforehand."""
    if _is_all_that_counts(export, consenting=consenting):
        return tallied(export.petition_id)
    statement = statement_of(export, consenting=consenting)
    [row] = stream_rows(select(func.count()).select_from(statement.order_by(None).subquery()))
    return max(int(row[0]) - held.rows_before(export, stream_rows), 0)


def _is_all_that_counts(export: Export, *, consenting: bool) -> bool:
    if consenting or export.scope != ExportScope.CONFIRMED:
        return False
    return not (export.others or export.choice.narrows or export.since_id)


def _without(before: Numbers | None, rows: Sequence[Any]) -> Sequence[Any]:
    if before is None:
        return rows
    there = before.among(row[NUMBER] for row in rows)
    return [row for row in rows if row[NUMBER] not in there]


def statement_of(export: Export, *, consenting: bool) -> Select[Any]:
    """Return what finds the rows of an export, in the order of their numbers or parts."""
    table = Signature.__table__.c
    statement = select(
        table.person_key,
        table.person,
        table.supporter_tag,
        table.id,
        type_coerce(table.state, String),  # as it stands there, not looked up
        table.on_hold,
        table.country,
        type_coerce(table.visibility, String),
        table.language,
        table.text_id,
        _iso(table.signed_at),
        _iso(table.confirmed_at),
        table.mail_allowed,
        _iso(table.mail_answered_at),
        table.source,
    ).where(_is_of(export), table.state != SignatureState.WITHDRAWN)
    counts = export.scope == ExportScope.CONFIRMED
    if counts:
        statement = statement.where(table.state == SignatureState.CONFIRMED, ~table.on_hold)
    if consenting:
        statement = statement.where(table.mail_allowed)
    moment = table.confirmed_at if counts else table.signed_at
    statement = statement.where(*export.choice.holds(table, moment))
    if export.split == ExportSplit.COUNTRY:  # as an index has them, so that nothing is sorted
        return statement.order_by(table.country, table.signed_at, table.id)
    return statement.order_by(table.id)


def _is_of(export: Export) -> ColumnElement[bool]:
    column = Signature.__table__.c.petition_id
    ids = export.petition_ids
    return column == ids[0] if len(ids) == 1 else column.in_(ids)


def _iso(moment: Any) -> Any:
    """Return a column's moment, in UTC, as it stands in a seal: in ISO 8601.

    Both databases write them so, but for a blank.
    """
    return func.replace(cast(moment, String), " ", "T")


def _texts(petition_ids: Sequence[int], words: Words) -> Texts:
    statement = (
        select(
            PetitionText.id,
            PetitionVersion.number,
            PetitionText.language,
            PetitionText.mail_question,
            Petition.slug,
        )
        .join(PetitionVersion, PetitionVersion.id == PetitionText.version_id)
        .join(Petition, Petition.id == PetitionVersion.petition_id)
        .where(PetitionText.petition_id.in_(petition_ids))
    )
    found = stream_rows(statement)
    return {row[0]: (words(row[1]), row[2], words(row[3]), words(row[4])) for row in found}


def read_rows(export: Export, statement: Select[Any], *, opens: bool) -> list[Row]:
    """Return the few rows that a statement finds; where it is not to open them, without persons."""
    found = session.execute(statement).all()
    texts = _texts(export.petition_ids, as_typed)
    opened = opened_each(row[:SEALED] for row in found) if opens else repeat(CLOSED, len(found))
    return list(map(_row, _told(found, opened, texts, as_typed, Count())))


def _lines(
    rows: Sequence[Any], texts: Texts, words: Words, count: Count
) -> Iterator[tuple[Any, ...]]:
    return _told(rows, opened_each(row[:SEALED] for row in rows), texts, words, count)


def _told(
    rows: Sequence[Any],
    opened: Iterable[Mapping[str, Any]],
    texts: Texts,
    words: Words,
    count: Count,
) -> Iterator[tuple[Any, ...]]:
    for row, fields in zip(rows, opened, strict=True):
        (_, _, _, id_, state, on_hold, country, visibility, language, text_id, *rest) = row
        signed_at, confirmed_at, mail_allowed, mail_answered_at, source = rest
        if not fields:
            count.unreadable += 1
        field = fields.get
        version, text_language, question, petition = texts[text_id]
        confirmed_at = field("confirmed_at") or confirmed_at
        yield (
            words(id_),
            state,
            YES[on_hold],
            words(field("name")),
            words(field("email")),
            country,
            words(field("postcode")),
            words(field("reason")),
            visibility,
            language,
            version,
            text_language,
            (field("signed_at") or signed_at)[:SECONDS_END] + "Z",
            words(confirmed_at and confirmed_at[:SECONDS_END] + "Z"),
            question,
            YES[mail_allowed],
            (field("mail_answered_at") or mail_answered_at)[:SECONDS_END] + "Z",
            words(source),
            petition,
        )
