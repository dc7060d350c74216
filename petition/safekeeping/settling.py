"""What a database goes through that was restored from a backup, before anybody uses it.

It knows nothing of what happened since. Nothing in it may reach an official twice, and nobody who
was erased may be back.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, text, update

from petition.audit.acts import Act
from petition.audit.noting import TERMINAL, note
from petition.core.keyring.journal import Entry, Wish
from petition.core.storage.database import Base, is_sqlite, rows_of, session
from petition.jobs import files
from petition.letters import wishes as letter_wishes
from petition.letters.letter.models import Letter
from petition.letters.wishes import InDoubt
from petition.organisers.models import Invitation, OrganiserSession
from petition.outbox.models import UNFINISHED, OutboxMail, Worker
from petition.safekeeping.holders import KeyHolder
from petition.signatures import wishes as signature_wishes
from petition.signatures.models import Signature
from petition.updates import actions as updates

NUMBERS_AHEAD = 1_000_000
"""How far numbers go on after a restore: those given since the backup stand in exports."""
NEVER_NUMBERED = """
INSERT INTO sqlite_sequence (name, seq)
SELECT :table, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :table)
"""
FAR_AHEAD = "UPDATE sqlite_sequence SET seq = max(seq + :ahead, :last) WHERE name = :table"


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done."""

    letters: InDoubt
    mails: int
    """Mails that had not left when the backup was made."""
    arrivals: int
    """What people had sent and no worker had looked at, and is not taken in any more."""
    sessions: int
    invitations: int
    wishes: Counter[Wish]


def settle(entries: Sequence[Entry], at: datetime) -> Settled:
    """Do it. No commit."""
    letters = letter_wishes.put_in_doubt(at)
    signature_wishes.let_be_mailed_again()
    mails = _count(session.execute(delete(OutboxMail).where(UNFINISHED)))
    arrivals = signature_wishes.drop_arrivals(entries) + letter_wishes.drop_arrivals()
    files.drop_all()
    updates.stop_all(at)
    session.execute(delete(Worker))
    session.execute(delete(KeyHolder))
    live = update(OrganiserSession).where(OrganiserSession.revoked_at.is_(None))
    sessions = _count(session.execute(live.values(revoked_at=at)))
    invitations = _count(session.execute(delete(Invitation)))
    done = signature_wishes.carry_out(entries) + letter_wishes.carry_out(entries, at)
    for model in (Signature, Letter):
        _go_on_far_ahead(model, entries)
    note(Act.RESTORED, TERMINAL, at)
    return Settled(letters, mails, arrivals, sessions, invitations, done)


def _count(result: Any) -> int:
    return int(result.rowcount)


def _go_on_far_ahead(model: type[Base], entries: Sequence[Entry]) -> None:
    """Give no number again that somebody had who is not in the backup."""
    table = rows_of(model)
    used = session.scalar(select(func.max(table.c.id))) or 0
    last = max([used, *(entry.number for entry in entries)]) + NUMBERS_AHEAD
    if is_sqlite():
        values = {"ahead": NUMBERS_AHEAD, "last": last, "table": table.name}
        session.execute(text(NEVER_NUMBERED), values)
        session.execute(text(FAR_AHEAD), values)
        return
    sequence = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")
    session.execute(sequence, {"table": table.name, "last": last})
