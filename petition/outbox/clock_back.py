"""Mail that was written while the database's clock was ahead, once that has gone back."""

from datetime import datetime

from sqlalchemy import update

from petition.core.storage.database import session
from petition.outbox.actions import WORKER_SILENT_AFTER
from petition.outbox.models import UNFINISHED, OutboxMail


def make_due(at: datetime) -> None:
    """Let it leave now: it would wait for the time that the clock had. No commit."""
    ahead = OutboxMail.created_at > at + WORKER_SILENT_AFTER, OutboxMail.due_at > at
    session.execute(update(OutboxMail).where(UNFINISHED, *ahead).values(due_at=at))
