"""Reads of the outbox."""

from datetime import datetime

from sqlalchemy import func, select

from petition.core.database import session
from petition.outbox.actions import WORKER_SILENT_AFTER
from petition.outbox.models import MailState, OutboxMail, Worker


def a_worker_is_alive(at: datetime) -> bool:
    """Whether any worker has given a sign of life lately."""
    last = session.scalar(select(func.max(Worker.beat_at)))
    return last is not None and last > at - WORKER_SILENT_AFTER


def waiting() -> int:
    """Return how many mails have still to leave."""
    unfinished = OutboxMail.state.in_([MailState.QUEUED, MailState.SENDING])
    return session.scalar(select(func.count()).where(unfinished)) or 0
