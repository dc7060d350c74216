"""Reads of the outbox."""

from datetime import datetime

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.orm import aliased

from petition.core.storage.database import session
from petition.outbox.actions import WORKER_SILENT_AFTER
from petition.outbox.ceiling import was_reached
from petition.outbox.models import UNFINISHED, OutboxMail, Worker


def a_worker_is_alive(at: datetime) -> bool:
    """Whether any worker has given a sign of life lately."""
    since, until = at - WORKER_SILENT_AFTER, at + WORKER_SILENT_AFTER
    lately = exists().where(Worker.beat_at > since, Worker.beat_at < until)
    return session.scalar(select(lately)) or False


def an_older_worker_is_alive(worker: str, at: datetime) -> bool:
    """Whether another worker began before this one, and has given a sign of life since then.

    So one that is just beginning takes nobody for alive who died shortly before.
    """
    own = aliased(Worker)
    is_older = tuple_(Worker.started_at, Worker.id) < tuple_(own.started_at, own.id)
    since, until = at - WORKER_SILENT_AFTER, at + WORKER_SILENT_AFTER
    lately = Worker.beat_at > since, Worker.beat_at < until, Worker.beat_at > own.started_at
    found = exists().where(own.id == worker, is_older, *lately)
    return session.scalar(select(found)) or False


def waiting() -> int:
    """Return how many mails have still to leave."""
    return session.scalar(select(func.count(OutboxMail.id)).where(UNFINISHED)) or 0


def news_waiting(at: datetime) -> int:
    """Return how many mails with news are due and have still to leave."""
    is_news = OutboxMail.news_of.is_not(None)
    due = select(func.count()).where(UNFINISHED, is_news, OutboxMail.due_at <= at)
    return session.scalar(due) or 0


def due_since(at: datetime, ceiling: int) -> datetime | None:
    """Return since when the mail is due that waits longest; None where none is.

    What waits for an hour's ceiling waits for nobody else, and news wait for all other mail.
    """
    due = select(func.min(OutboxMail.due_at)).where(
        UNFINISHED, OutboxMail.due_at <= at, OutboxMail.news_of.is_(None)
    )
    return session.scalar(due.where(~OutboxMail.unconfirmed) if was_reached(at, ceiling) else due)
