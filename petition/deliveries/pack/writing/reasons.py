"""Reasons that appear in public: reasons.csv, named as their authors let them be named there.

Only those whose author wants a name beside it and a moderator let appear, of signatures in the
pack. None has the number of its signature: a first name there does not lead to a full one here.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, literal_column, select

from petition.core.storage.long_reads import batches_on
from petition.exports.writing.csv import shielded_cell
from petition.signatures.models import Signature, SignatureState, Visibility
from petition.signatures.persons import first_name, opened_each

COLUMNS = ("reason", "name", "country", "language")
NAMED: dict[str, Callable[[str], str]] = {
    Visibility.FIRST_NAME: first_name,
    Visibility.FULL_NAME: str,
}


def there_are_reasons(connection: Connection, petition_id: int, end: datetime) -> bool:
    """Whether one may be shown of a signature that was confirmed before that moment."""
    return connection.execute(_statement(petition_id, end).limit(1)).first() is not None


def reasons(connection: Connection, petition_id: int, end: datetime) -> Iterator[bytes]:
    """Yield the table: RFC 4180, safe to open in spreadsheets."""
    yield ("\N{BYTE ORDER MARK}" + ",".join(COLUMNS) + "\r\n").encode()
    for batch in batches_on(connection, _statement(petition_id, end)):
        lines = (",".join(map(shielded_cell, line)) for line in _lines(batch))
        yield "".join(f"{line}\r\n" for line in lines).encode()


def _lines(batch: Sequence[Any]) -> Iterator[tuple[str, str, str, str]]:
    for row, fields in zip(batch, opened_each(row[:3] for row in batch), strict=True):
        if reason := fields.get("reason"):
            country, language, visibility = row[3:]
            yield reason, NAMED[visibility](fields["name"]), country, language


def _statement(petition_id: int, end: datetime) -> Select[Any]:
    table = Signature.__table__.c
    return (
        select(
            *(table.person_key, table.person, table.supporter_tag),
            *(table.country, table.language, table.visibility),
        )
        .where(
            table.petition_id == petition_id,
            literal_column("signature.reason_shown"),  # as the partial index says it
            table.state == SignatureState.CONFIRMED,
            table.visibility != Visibility.PRIVATE,
            ~table.on_hold,
            table.confirmed_at < end,
        )
        .order_by(table.confirmed_at, table.id)
    )
