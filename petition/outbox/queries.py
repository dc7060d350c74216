"""Reads of the outbox."""

from datetime import datetime

from sqlalchemy import func, select

from petition.core.database import session
from petition.outbox.actions import WORKER_SILENT_AFTER
from petition.outbox.models import UNFINISHED, OutboxMail, Worker


def a_worker_is_alive(at: datetime) -> bool:
    """Whether any worker has given a sign of life lately."""
    last = session.scalar(select(func.max(Worker.beat_at)))
    return last is not None and last > at - WORKER_SILENT_AFTER


def waiting() -> int:
    """Return how many mails have still to leave."""
    return session.scalar(select(func.count()).where(UNFINISHED)) or 0


def is_waiting(origin: str) -> bool:
    """Whether a mail that `origin` caused has still to leave."""
    found = select(OutboxMail.id).where(OutboxMail.origin == origin, UNFINISHED)
    return session.scalar(select(found.exists())) or False
