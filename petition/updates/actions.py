"""Verbs of news. None of them commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.storage.database import session
from petition.jobs import actions as jobs
from petition.outbox.actions import take_back_news
from petition.updates.emails import News
from petition.updates.models import Update, UpdateKind, as_said
from petition.updates.queries import last_signature, signers_to_tell

MAILING = "mailing"
"""The kind of job that writes the mails."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told, and of what."""

    petition_id: int
    delivery_id: int
    step: int
    kind: UpdateKind
    news: Mapping[str, News]
    """By language."""


def tell(telling: Telling, organiser_id: int, at: datetime) -> Update:
    """Have news mailed to every signer who said yes; a worker begins once this has committed.

    Raises IntegrityError, when it is flushed, where the same was told before.
    """
    update = Update(
        petition_id=telling.petition_id,
        delivery_id=telling.delivery_id,
        step=telling.step,
        kind=telling.kind,
        said=as_said(telling.news),
        organiser_id=organiser_id,
        asked_at=at,
        job_id=jobs.ask(MAILING, organiser_id, at).id,
        signer_count=signers_to_tell(telling.petition_id),
        last_signature=last_signature(),
    )
    session.add(update)
    session.flush()
    _note(Act.SIGNERS_TOLD, update, organiser_id, at, kind=update.kind)
    return update


def go_on(update: Update, organiser_id: int, at: datetime) -> bool:
    """Go on where it broke off, with a new job; false where that is not so."""
    session.refresh(update, with_for_update=True)
    session.refresh(update.job)
    if not update.broke_off:
        return False
    update.job_id = jobs.ask(MAILING, organiser_id, at).id
    session.flush()
    _note(Act.TELLING_GONE_ON_WITH, update, organiser_id, at)
    return True


def stop(update: Update, organiser_id: int, at: datetime) -> bool:
    """Let no more of it leave; false where all mails were written, and none waits here."""
    was_at_work = jobs.cancel(update.job_id, at)
    session.refresh(update, with_for_update=True)
    update.mail_count -= take_back_news(update.id)
    session.flush()
    if was_at_work:
        _note(Act.TELLING_STOPPED, update, organiser_id, at)
    return was_at_work


def stop_telling_of(delivery_id: int, step: int, organiser_id: int, at: datetime) -> None:
    """Let no more leave of what was told of a step: it is taken back."""
    its = Update.delivery_id == delivery_id, Update.step == step
    for update in session.scalars(select(Update).where(*its)):
        stop(update, organiser_id, at)


def stop_all(at: datetime) -> None:
    """Stop whatever is under way or broke off: in a restored backup nobody knows who was told."""
    jobs.cancel_all(MAILING, at)


def _note(act: Act, update: Update, organiser_id: int, at: datetime, **about: str | int) -> None:
    by = noting.organiser(organiser_id)
    noting.note(act, by, at, delivery=update.delivery_id, **about)
