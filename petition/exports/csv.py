"""The CSV export: streamed from a server-side cursor, in constant memory, safe to open.

UTF-8 with a byte order mark, comma-separated, CRLF (RFC 4180); times in ISO 8601, UTC;
countries in ISO 3166-1 alpha-2. A cell that a spreadsheet could take for a formula is preceded
by an apostrophe. A row whose seal does not open has its number, and empty cells for what was
sealed: it costs nobody else their place in the file.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, String, select, type_coerce

from petition.core.clock import now
from petition.core.formulas import FORMULA
from petition.core.keyring.sealing import SealBroken, Sealed
from petition.core.log import log
from petition.core.storage.database import session, transaction
from petition.core.storage.long_reads import stream_batches, stream_rows
from petition.exports.actions import finish
from petition.exports.models import Export, ExportScope
from petition.petitions.models import PetitionText, PetitionVersion
from petition.signatures.models import Signature, SignatureState
from petition.signatures.persons import opened_fields

COLUMNS = (
    "signature",
    "state",
    "on_hold",
    "name",
    "email",
    "country",
    "postcode",
    "reason",
    "visibility",
    "language",
    "petition_version",
    "text_language",
    "signed_at",
    "confirmed_at",
    "mail_question",
    "mail_allowed",
    "mail_answered_at",
)
CHUNK_ROWS = 1_000
UNREADABLE: dict[str, Any] = {}
YES = {True: "yes", False: "no"}
SECONDS_END = len("2026-11-16T01:02:03")


@dataclass
class Count:
    """How many rows a file has so far."""

    rows: int = 0
    unreadable: int = 0


def harmless(text: str | None) -> str:
    """Return the cell so that no spreadsheet takes it for a formula; NUL is left out."""
    if not text:
        return ""
    if text[0].isalnum() and text.isprintable() and ";" not in text:
        return text  # nearly every cell: its only place is its start, and no formula begins so
    return FORMULA.sub(r"\g<0>'", text.replace("\0", ""))


def stream(export: Export) -> Iterator[bytes]:
    """Yield the file piece by piece; at its end, record its rows and its SHA-256."""
    digest, count = hashlib.sha256(), Count()
    for piece in _pieces(export, count):
        digest.update(piece)
        yield piece
    if count.unreadable:
        fields = {"export": export.id, "rows": count.unreadable}
        log.error("rows of an export do not open", extra={"fields": fields})
    try:
        with transaction():
            finish(
                export,
                row_count=count.rows,
                unreadable_count=count.unreadable,
                sha256=digest.hexdigest(),
                at=now(),
            )
    finally:
        session.remove()  # a streamed answer outlives the request that would do it


def _pieces(export: Export, count: Count) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\N{BYTE ORDER MARK}")
    writer.writerow(COLUMNS)
    yield _taken(buffer)
    texts = _texts(export.petition_id)
    for rows in stream_batches(_rows(export), size=CHUNK_ROWS):
        writer.writerows(_line(row, texts, count) for row in rows)
        count.rows += len(rows)
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return piece


def _rows(export: Export) -> Select[Any]:
    table = Signature.__table__.c
    statement = select(
        table.id,
        type_coerce(table.state, String),  # as it stands there, not looked up
        table.on_hold,
        table.supporter_tag,
        table.person,
        table.person_key,
        table.country,
        type_coerce(table.visibility, String),
        table.language,
        table.text_id,
        table.signed_at,
        table.confirmed_at,
        table.mail_allowed,
        table.mail_answered_at,
    ).where(table.petition_id == export.petition_id, table.state != SignatureState.WITHDRAWN)
    if export.scope == ExportScope.CONFIRMED:
        statement = statement.where(table.state == SignatureState.CONFIRMED, ~table.on_hold)
    return statement.order_by(table.id)


def _texts(petition_id: int) -> dict[int, tuple[int, str, str]]:
    statement = (
        select(
            PetitionText.id,
            PetitionVersion.number,
            PetitionText.language,
            PetitionText.mail_question,
        )
        .join(PetitionVersion, PetitionVersion.id == PetitionText.version_id)
        .where(PetitionText.petition_id == petition_id)
    )
    return {row[0]: (row[1], row[2], harmless(row[3])) for row in stream_rows(statement)}


def _line(row: Any, texts: dict[int, tuple[int, str, str]], count: Count) -> tuple[Any, ...]:
    (id_, state, on_hold, tag, person, key, country, visibility, language, *rest) = row
    text_id, signed_at, confirmed_at, mail_allowed, mail_answered_at = rest
    try:
        field = opened_fields(Sealed(key, person), tag).get
    except SealBroken:
        field = UNREADABLE.get
        count.unreadable += 1
    version, text_language, question = texts[text_id]
    return (
        id_,
        state,
        YES[on_hold],
        harmless(field("name")),
        harmless(field("email")),
        country,
        harmless(field("postcode")),
        harmless(field("reason")),
        visibility,
        language,
        version,
        text_language,
        _moment(field("signed_at"), signed_at),
        _moment(field("confirmed_at"), confirmed_at),
        question,
        YES[mail_allowed],
        _moment(field("mail_answered_at"), mail_answered_at),
    )


def _moment(sealed: str | None, hour: datetime | None) -> str:
    """Return the moment that stands in a seal; the hour beside it where none does."""
    if sealed and sealed.endswith("+00:00"):
        return f"{sealed[:SECONDS_END]}Z"  # as `iso` would say it, at a twentieth of its price
    return iso(datetime.fromisoformat(sealed) if sealed else hour)


def iso(instant: datetime | None) -> str:
    """Return an instant as ISO 8601 in UTC, to the second; empty when there is none."""
    if instant is None:
        return ""
    return instant.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
