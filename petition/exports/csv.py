"""The CSV export: made from a server-side cursor, in constant memory, safe to open.

UTF-8 with a byte order mark, comma-separated, CRLF (RFC 4180); times in ISO 8601, UTC;
countries in ISO 3166-1 alpha-2. A cell that a spreadsheet could take for a formula is preceded
by an apostrophe. A row whose seal does not open has its number, and empty cells for what was
sealed: it costs nobody else their place in the file.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, cast, func, select, type_coerce

from petition.core.formulas import FORMULA
from petition.core.storage.long_reads import stream_batches, stream_rows
from petition.exports.models import Export, ExportScope
from petition.petitions.models import PetitionText, PetitionVersion
from petition.signatures.models import Signature, SignatureState
from petition.signatures.persons import opened_each

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
SEALED = 3
"""The first cells of a row open it: the id of its key, its box and its tag."""
YES = {True: "yes", False: "no"}
SECONDS_END = len("2026-11-16T01:02:03")

Texts = dict[int, tuple[int, str, str]]
"""Of each text of a petition its version, its language and its question about mail."""


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


def pieces(export: Export, count: Count) -> Iterator[bytes]:
    """Yield the file piece by piece, and count its rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\N{BYTE ORDER MARK}")
    writer.writerow(COLUMNS)
    yield _taken(buffer)
    texts = _texts(export.petition_id)
    for rows in stream_batches(_rows(export), size=CHUNK_ROWS):
        writer.writerows(_lines(rows, texts, count))
        count.rows += len(rows)
        yield _taken(buffer)


def how_many(export: Export) -> int:
    """Return how many rows the file will have, or nearly: it is counted before it is made."""
    counted = select(func.count()).select_from(_rows(export).order_by(None).subquery())
    [row] = stream_rows(counted)
    return int(row[0])


def _taken(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return piece


def _rows(export: Export) -> Select[Any]:
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
    ).where(table.petition_id == export.petition_id, table.state != SignatureState.WITHDRAWN)
    if export.scope == ExportScope.CONFIRMED:
        statement = statement.where(table.state == SignatureState.CONFIRMED, ~table.on_hold)
    return statement.order_by(table.id)


def _iso(moment: Any) -> Any:
    """Return a column's moment, in UTC, as it stands in a seal: in ISO 8601.

    Both databases write them so, but for a blank.
    """
    return func.replace(cast(moment, String), " ", "T")


def _texts(petition_id: int) -> Texts:
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


def _lines(rows: Sequence[Any], texts: Texts, count: Count) -> Iterator[tuple[Any, ...]]:
    opened = opened_each(row[:SEALED] for row in rows)
    for row, fields in zip(rows, opened, strict=True):
        (_, _, _, id_, state, on_hold, country, visibility, language, text_id, *rest) = row
        signed_at, confirmed_at, mail_allowed, mail_answered_at = rest
        if not fields:
            count.unreadable += 1
        field = fields.get
        version, text_language, question = texts[text_id]
        confirmed_at = field("confirmed_at") or confirmed_at
        yield (
            id_,
            state,
            YES[on_hold],
            harmless(field("name")),
            harmless(field("email")),
            country,
            (postcode := field("postcode")) and harmless(postcode),
            (reason := field("reason")) and harmless(reason),
            visibility,
            language,
            version,
            text_language,
            (field("signed_at") or signed_at)[:SECONDS_END] + "Z",
            confirmed_at and confirmed_at[:SECONDS_END] + "Z",
            question,
            YES[mail_allowed],
            (field("mail_answered_at") or mail_answered_at)[:SECONDS_END] + "Z",
        )
