"""Reads of the outbox."""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    String,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from petition.core.storage.database import session
from petition.outbox.actions import IN_DOUBT, WORKER_SILENT_AFTER
from petition.outbox.ceiling import was_reached
from petition.outbox.models import UNFINISHED, MailState, OutboxMail, Worker


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


def news_wait(news_of: int) -> bool:
    """Whether mails with news of one number have still to leave."""
    return (
        session.scalar(select(exists().where(UNFINISHED, OutboxMail.news_of == news_of))) or False
    )


def got_news(news_of: int, kind: str, number: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Return the condition that news of one number left, or may have, about what has this number.

    It is known for a month (`KEEP_FINISHED`).
    """
    its = (
        OutboxMail.news_of == news_of,
        OutboxMail.origin == literal(f"{kind}:") + cast(number, String),
    )
    left = or_(
        OutboxMail.state == MailState.SENT, OutboxMail.leaving, OutboxMail.last_answer == IN_DOUBT
    )
    return exists().where(*its, left)


def due_since(at: datetime, ceiling: int) -> datetime | None:
    """Return since when the mail is due that waits longest; None where none is.

    What waits for an hour's ceiling waits for nobody else, and news wait for all other mail.
    """
    due = select(func.min(OutboxMail.due_at)).where(
        UNFINISHED, OutboxMail.due_at <= at, OutboxMail.news_of.is_(None)
    )
    return session.scalar(due.where(~OutboxMail.unconfirmed) if was_reached(at, ceiling) else due)
