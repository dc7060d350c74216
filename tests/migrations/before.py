"""A database as migration 0023 left it, filled in by the names of its own columns.

Nothing here knows the tables of today. What is sealed is written as the product wrote it then.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, MetaData, insert, text

from petition.core.keyring.sealing import Sealed, seal, tag
from petition.core.tokens import digest

Row = Mapping[str, Any]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""The hour in which the install is upgraded."""
CAME, CONFIRMED, DECIDED = (NOON - timedelta(hours=hours) for hours in (30, 29, 5))
"""When everybody signed and wrote, when they pressed the button, and when a moderator decided."""
LIVE, EXPIRED = NOON + timedelta(hours=42), NOON - timedelta(hours=6)
"""Until when links open, and opened."""
DEAD = "w" * 32
"""The worker that was at work when the install was stopped."""


class Before:
    """The tables of migration 0023, to be filled in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tables = MetaData()
        self._tables.reflect(connection)

    def put(self, table: str, rows: Iterable[Row]) -> None:
        """Put rows in; what one of them does not say is nothing."""
        found = list(rows)
        columns = dict.fromkeys(name for row in found for name in row)
        whole = [{name: row.get(name) for name in columns} for row in found]
        if whole:
            self._connection.execute(insert(self._tables.tables[table]), whole)

    def run(self, statement: str, **values: object) -> None:
        """Run a statement of that time."""
        self._connection.execute(text(statement), values)

    def number_on(self, *tables: str) -> None:
        """Let the next row of these tables have the next number."""
        if self._connection.dialect.name == "postgresql":  # SQLite sees for itself
            for table in tables:
                self.run(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
                    f"(SELECT max(id) FROM {table}))"
                )


def secret(label: str) -> str:
    """Return the secret of a link, the same for the same label."""
    return urlsafe_b64encode(sha256(label.encode()).digest()[:24]).decode()


def sealed(said: object, context: str) -> Sealed:
    """Seal what somebody said: words as they are, anything else as JSON."""
    data = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return seal(data.encode(), context)


def path_of(thing: str, kind: str, number: int) -> str:
    """Return the path of a link to a signature or a letter."""
    folder = "letters/" if thing == "letter" else ""
    return f"/en/{folder}{purpose_of(kind)}/{_token(thing, kind, number)}"


def purpose_of(kind: str) -> str:
    """Return what a link of this kind is for."""
    return "manage" if kind == "manage" else "confirm"


def link(thing: str, kind: str, number: int) -> dict[str, Any]:
    """Return the columns that links to signatures and to letters have in common."""
    token = _token(thing, kind, number)
    span = int(NOON.timestamp() // 300)
    return {
        "token_hash": digest(token),
        f"{thing}_id": number,
        "purpose": purpose_of(kind),
        "expires_at": EXPIRED if kind == "expired" else LIVE,
        "pressed": tag("pressed", f"{span}:{token}") if kind == "pressed" else None,
    }


def _token(thing: str, kind: str, number: int) -> str:
    return secret(f"{thing} {number} {kind}")


def mail(kind: str, to: str, origin: str, url: str, state: str, said: Row) -> dict[str, Any]:
    """Return a mail with a link; its words are gone where it has left or failed."""
    waits = state in {"queued", "sending"}
    row: dict[str, Any] = {
        "kind": kind,
        "origin": origin,
        "state": state,
        "message_id": sha256(url.encode()).hexdigest()[:32] if waits else "",
        "created_at": CAME,
        "due_at": CAME,
        "attempts": 0,
        "claims": 0 if state == "queued" else 1,
        "claimed_by": DEAD if state == "sending" else None,
        "unconfirmed": kind.startswith("confirm"),
        "last_answer": {"sent": "250", "failed": "550"}.get(state),
        "finished_at": None if waits else CAME,
    }
    if not waits:
        return row
    order = {
        "kind": kind,
        "to": to,
        "language": "en",
        "link_name": "confirm_url" if kind.startswith("confirm") else "manage_url",
        "link": url,
        "context": {"site_name": "Petition", "hours": 72, **said},
    }
    key, box = sealed(order, f"mail:{row['message_id']}")
    return row | {"content": box, "content_key": key}
