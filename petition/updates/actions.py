"""Verbs of news. None of them commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.storage.database import rows_of, session
from petition.jobs import actions as jobs
from petition.jobs.models import Job
from petition.outbox.actions import take_back_news
from petition.updates.emails import News
from petition.updates.models import Update, UpdateKind, as_said
from petition.updates.queries import last_signature, signers_to_tell

MAILING = "mailing"
"""The kind of job that writes the mails."""
_jobs = rows_of(Job)


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told, and of what."""

    petition_id: int
    delivery_id: int
    step: int
    kind: UpdateKind
    news: Mapping[str, News]
    """By language."""
    corrects: Update | None = None
    """What it puts right, of which nothing waits to leave."""


def tell(telling: Telling, organiser_id: int, at: datetime) -> Update:
    """Have news mailed to every signer who said yes; a worker begins once this has committed.

    A correction goes to those of them alone who got what it puts right.
    Raises IntegrityError, when it is flushed, where the same was told before.
    """
    first = telling.corrects
    update = Update(
        petition_id=telling.petition_id,
        delivery_id=telling.delivery_id,
        step=telling.step,
        kind=telling.kind,
        said=as_said(telling.news),
        organiser_id=organiser_id,
        asked_at=at,
        job_id=jobs.ask(MAILING, organiser_id, at).id,
        signer_count=first.mail_count if first else signers_to_tell(telling.petition_id),
        last_signature=first.mailed_until if first else last_signature(),
        corrects=first and first.id,
    )
    session.add(update)
    session.flush()
    act = Act.CORRECTION_SENT if first else Act.SIGNERS_TOLD
    _note(act, update, organiser_id, at, kind=update.kind)
    return update


def go_on(update: Update, organiser_id: int, at: datetime) -> bool:
    """Go on where it broke off, with a new job; false where that is not so."""
    _hold(update)
    if not update.broke_off:
        return False
    update.job_id = jobs.ask(MAILING, organiser_id, at).id
    session.flush()
    _note(Act.TELLING_GONE_ON_WITH, update, organiser_id, at)
    return True


def stop(update: Update, organiser_id: int, at: datetime) -> bool:
    """Let no more of it leave, for good; false where it had all left, or was stopped before.

    What a worker hands over at this very moment may leave, one mail of each, and counts as read.
    """
    _hold(update)
    was_at_work = jobs.cancel(update.job_id, at) or update.broke_off
    taken, doubted = take_back_news(update.id, at)
    if update.stopped_at is not None or not (was_at_work or taken or doubted):
        return False
    update.mail_count -= taken
    update.stopped_at = at
    session.flush()
    _note(Act.TELLING_STOPPED, update, organiser_id, at, mails=update.mail_count)
    return True


def stop_telling_of(delivery_id: int, step: int, organiser_id: int, at: datetime) -> None:
    """Let no more leave of what was told of a step: it is taken back."""
    its = Update.delivery_id == delivery_id, Update.step == step
    for update in session.scalars(select(Update).where(*its)):
        stop(update, organiser_id, at)


def _hold(update: Update) -> None:
    """Lock the job and the news, in the order in which its worker does, and read them anew.

    Whoever gives news another job has locked the one before: so once the job is locked that they
    have, they keep it.
    """
    job_id = None
    while job_id != update.job_id:
        job_id = update.job_id
        session.execute(select(_jobs.c.id).where(_jobs.c.id == job_id).with_for_update())
        session.refresh(update, ["job_id"])
    session.refresh(update, with_for_update=True)
    session.refresh(update.job)


def stop_all(at: datetime) -> None:
    """Stop whatever is under way or broke off: in a restored backup nobody knows who was told."""
    jobs.cancel_all(MAILING, at)


def _note(act: Act, update: Update, organiser_id: int, at: datetime, **about: str | int) -> None:
    by = noting.organiser(organiser_id)
    noting.note(act, by, at, delivery=update.delivery_id, **about)
