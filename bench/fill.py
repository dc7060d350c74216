"""Filling a database with confirmed signatures, sealed and tagged as the product does it.

What each of them leaves behind in life is there too: a used link, a link to manage it, a mail that
was sent, and the day's allowance of its mailbox. Only the way in is shorter: COPY.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import Any

import psycopg

from bench.postgres import plain
from petition.core.clock import hour_of, now
from petition.core.tokens import LINK_LIFETIME, new_token
from petition.signatures.actions import tag_for
from petition.signatures.models import SignatureState, Visibility
from petition.signatures.persons import Person

SPREAD = timedelta(hours=20)
"""The signatures came in within this time before now: a busy day."""
COUNTRIES = ("US", "GB", "CA", "DE", "FR", "IT", "ES", "PL", "NL", "SE", "UA", "BR", "IN", "ZA")
COLUMNS = {
    "petition_id": "int8",
    "text_id": "int8",
    "supporter_tag": "bytea",
    "state": "text",
    "person": "bytea",
    "person_key": "text",
    "country": "text",
    "language": "text",
    "visibility": "text",
    "mail_allowed": "bool",
    "mail_answered_at": "timestamptz",
    "has_reason": "bool",
    "reason_shown": "bool",
    "on_hold": "bool",
    "signed_at": "timestamptz",
    "confirmed_at": "timestamptz",
}
COPY = f"COPY signature ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"
BESIDE = (
    """INSERT INTO mailed_link (token_hash, signature_id, purpose, number, expires_at,
                                used_at)
       SELECT sha256(convert_to('confirm-' || id, 'UTF8')), id, 'confirm', 1,
              signed_at + interval '72 hours', confirmed_at FROM signature""",
    """INSERT INTO mailed_link (token_hash, signature_id, purpose, expires_at)
       SELECT sha256(convert_to('manage-' || id, 'UTF8')), id, 'manage',
              confirmed_at + interval '72 hours' FROM signature""",
    """INSERT INTO outbox_mail (kind, origin, state, message_id, created_at, due_at, attempts,
                                claims, last_answer, finished_at)
       SELECT 'confirm_signature', 'signature:' || id, 'sent', md5(id::text), signed_at, signed_at,
              0, 1, '250', signed_at + interval '1 second' FROM signature""",
    """INSERT INTO mail_allowance (tag, day, used)
       SELECT sha256('day' || supporter_tag), (signed_at AT TIME ZONE 'UTC')::date, 1
       FROM signature""",
    """INSERT INTO tally (petition_id, count)
       SELECT petition_id, count(*) FROM signature GROUP BY 1""",
    """INSERT INTO tally_hour (petition_id, hour, count)
       SELECT petition_id, date_trunc('hour', confirmed_at, 'UTC'), count(*)
       FROM signature GROUP BY 1, 2""",
    """INSERT INTO tally_country (petition_id, country, count)
       SELECT petition_id, country, count(*) FROM signature GROUP BY 1, 2""",
)


@dataclass(frozen=True, slots=True)
class Target:
    """The text that is signed, and in which database."""

    url: str
    petition_id: int
    text_id: int


def find_target(url: str, slug: str) -> Target:
    """Return the English text of the petition at `slug`."""
    with psycopg.connect(plain(url)) as connection:
        row = connection.execute(
            "SELECT petition.id, petition_text.id FROM petition "
            "JOIN petition_text ON petition_text.petition_id = petition.id "
            "WHERE slug = %s AND language = 'en' ORDER BY petition_text.id DESC",
            [slug],
        ).fetchone()
    assert row is not None
    return Target(url, row[0], row[1])


def fill(target: Target, count: int) -> None:
    """Put `count` confirmed signatures into the empty database, with all that belongs to them."""
    cores = os.cpu_count() or 1
    step = -(-count // cores)
    shares = [(target, range(at, min(at + step, count)), count) for at in range(0, count, step)]
    with get_context("fork").Pool(cores) as pool:
        pool.starmap(_copy_confirmed, shares)
    with psycopg.connect(plain(target.url)) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")  # true by construction
        for statement in BESIDE:
            connection.execute(statement)
    settle(target.url)


def settle(url: str) -> None:
    """Do now what the server would do later by itself, so that no round pays for the filling."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def add_pending(target: Target, label: str, count: int) -> list[str]:
    """Put in `count` signatures that wait for their confirmation; return the links' tokens."""
    at = now()
    rows = [_row(target, f"{label}-{n}", n, at, None) for n in range(count)]
    tokens = [new_token() for _row_ in rows]
    with psycopg.connect(plain(target.url)) as connection:
        before = connection.execute("SELECT coalesce(max(id), 0) FROM signature").fetchone()
        _copy(connection, rows)
        ids = connection.execute(
            "SELECT id FROM signature WHERE id > %s ORDER BY id", before
        ).fetchall()
        connection.cursor().executemany(
            "INSERT INTO mailed_link (token_hash, signature_id, purpose, number, "
            "expires_at) VALUES (%s, %s, 'confirm', 1, %s)",
            [(t.digest, i[0], at + LINK_LIFETIME) for t, i in zip(tokens, ids, strict=True)],
        )
    return [token.secret for token in tokens]


def _copy_confirmed(target: Target, numbers: range, of: int) -> None:
    start = datetime.now(UTC) - SPREAD
    with psycopg.connect(plain(target.url)) as connection:
        _copy(
            connection,
            (
                _row(target, str(n), n, start + SPREAD * (n / of), timedelta(minutes=3))
                for n in numbers
            ),
        )


def _copy(connection: psycopg.Connection[Any], rows: Iterator[tuple[Any, ...]] | list[Any]) -> None:
    with connection.cursor().copy(COPY) as copy:
        copy.set_types(list(COLUMNS.values()))
        for row in rows:
            copy.write_row(row)


def _row(
    target: Target, label: str, n: int, at: datetime, confirmed_after: timedelta | None
) -> tuple[Any, ...]:
    """Return one signature; one in five gives a reason, one in fifty has it shown.

    Its moments stand in the seal; outside it the row says the hours.
    """
    reason = f"Because what was done should be answered for, number {n}." if n % 5 == 0 else None
    shown = confirmed_after is not None and n % 50 == 0
    confirmed_at = at + confirmed_after if confirmed_after else None
    name, address = f"Supporter Number {n}", f"supporter-{label}@example.org"
    person = Person(name, address, None, reason, at, confirmed_at, at)
    tag = tag_for(target.petition_id, person.email)
    sealed = person.seal(tag)
    return (
        target.petition_id,
        target.text_id,
        tag,
        (SignatureState.CONFIRMED if confirmed_after else SignatureState.PENDING).value,
        sealed.box,
        sealed.key_id,
        COUNTRIES[n % len(COUNTRIES)],
        "en",
        (Visibility.FULL_NAME if shown else Visibility.PRIVATE).value,
        n % 3 == 0,
        hour_of(at),
        reason is not None,
        shown,
        False,
        hour_of(at),
        confirmed_at and hour_of(confirmed_at),
    )
