"""Reads of the outbox."""

from datetime import datetime

from sqlalchemy import exists, func, select

from petition.core.storage.database import session
from petition.outbox.actions import WORKER_SILENT_AFTER
from petition.outbox.ceiling import was_reached
from petition.outbox.models import UNFINISHED, OutboxMail, Worker


def a_worker_is_alive(at: datetime) -> bool:
    """Whether any worker has given a sign of life lately."""
    since, until = at - WORKER_SILENT_AFTER, at + WORKER_SILENT_AFTER
    lately = exists().where(Worker.beat_at > since, Worker.beat_at < until)
    return session.scalar(select(lately)) or False


def waiting() -> int:
    """Return how many mails have still to leave."""
    return session.scalar(select(func.count()).where(UNFINISHED)) or 0


def due_since(at: datetime, ceiling: int) -> datetime | None:
    """Return since when the mail is due that waits longest; None where none is.

    What waits for an hour's ceiling waits for nobody else.
    """
    due = select(func.min(OutboxMail.due_at)).where(UNFINISHED, OutboxMail.due_at <= at)
    return session.scalar(due.where(~OutboxMail.unconfirmed) if was_reached(at, ceiling) else due)
