"""Verbs of the outbox: post, claim, and what became of it. None of them commits."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, update

from petition.core.clock import hour_of
from petition.core.keyring.sealing import seal
from petition.core.log import log
from petition.core.storage.database import rows_of, session
from petition.core.storage.purging import delete_some
from petition.core.storage.together import Write, add_all, addition, write
from petition.outbox import ceiling as ceilings
from petition.outbox.messages import MailToWrite, Message
from petition.outbox.models import (
    MailState,
    OutboxMail,
    UnconfirmedMail,
    Worker,
    mail_context,
)

MOST_ATTEMPTS = 36
"""With pauses that grow from a minute these take seven days, as for a letter."""
LONGEST_PAUSE = timedelta(hours=6)
UNWRITABLE_PAUSE = timedelta(minutes=5)
NO_WAIT = timedelta()
WORKER_SILENT_AFTER = timedelta(seconds=15)
IN_DOUBT = "in doubt"
"""The last answer where there was none: whether the server took the mail nobody knows."""
KEEP_FINISHED = timedelta(days=30)
_mails = rows_of(OutboxMail)
_is_its = (_mails.c.origin == bindparam("its_origin")) & (_mails.c.kind == bindparam("its_kind"))
_noting = (
    update(_mails)
    .where(
        _mails.c.id.in_(bindparam("claimed", expanding=True)),
        _mails.c.state == MailState.SENDING,
        _mails.c.claimed_by == bindparam("claimant"),
    )
    .returning(_mails.c.id)
)
_beginning = (
    update(_mails)
    .where(
        _mails.c.id == bindparam("its_id"),
        _mails.c.state == MailState.SENDING,
        _mails.c.claimed_by == bindparam("claimant"),
    )
    .values(leaving=True)
    .returning(_mails.c.id)
)
_taking_back = delete(_mails).where(
    _is_its,
    _mails.c.claimed_by.is_(None),  # and not by its state: the index of what waits, which a planner
    _mails.c.finished_at.is_(None),  # takes for short, may be long
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that this worker, and no other, may send now."""

    id: int
    message_id: str
    created_at: datetime
    attempts: int
    message: Message
    is_first: bool = False
    """Whether no worker has had it before."""
    counted_in: datetime | None = None
    """The hour whose ceiling it counts for, where it goes to somebody who confirmed nothing."""
    origin: str | None = None
    """What caused it, such as "signature:12"."""
    claimed_by: str = ""
    """The worker whose it is, as long as others do not hold that for dead."""


def post(
    mail: MailToWrite,
    *,
    origin: str,
    at: datetime,
    unconfirmed: bool = False,
    wait: timedelta = NO_WAIT,
) -> None:
    """Queue a mail; it leaves once the transaction that causes it has committed, after this wait.

    One to an address whose owner has confirmed nothing (`unconfirmed`) may wait for the ceiling.
    """
    write(addition(OutboxMail, queued(mail, origin, at, unconfirmed=unconfirmed, wait=wait)))


def post_all(mails: Sequence[dict[str, Any]]) -> None:
    """Queue mails that `queued` has made."""
    add_all(OutboxMail, mails)


def queued(
    mail: MailToWrite,
    origin: str,
    at: datetime,
    *,
    unconfirmed: bool = False,
    wait: timedelta = NO_WAIT,
    news_of: int | None = None,
) -> dict[str, Any]:
    """Return the row of a mail that `post` queues; of news, `news_of` is their number."""
    message_id = secrets.token_hex(16)
    sealed = seal(mail.to_bytes(), mail_context(message_id))
    return {
        "kind": mail.kind,
        "origin": origin,
        "state": MailState.QUEUED,
        "message_id": message_id,
        "content": sealed.box,
        "content_key": sealed.key_id,
        "created_at": at,
        "due_at": at + wait,
        "attempts": 0,
        "claims": 0,
        "unconfirmed": unconfirmed,
        "news_of": news_of,
    }


def beat(worker: str, at: datetime) -> None:
    """Note that the worker is alive; forget workers that have been silent for a day.

    Whoever said so at a time that is still to come said it before the clock went back.
    """
    ahead = update(Worker).where(Worker.beat_at > at + WORKER_SILENT_AFTER)
    session.execute(ahead.values(beat_at=at))
    alive = session.execute(update(Worker).where(Worker.id == worker).values(beat_at=at))
    if alive.rowcount == 0:  # type: ignore[attr-defined]
        session.execute(insert(Worker).values(id=worker, started_at=at, beat_at=at))
        session.execute(delete(Worker).where(Worker.beat_at < at - timedelta(days=1)))


def leave(worker: str) -> None:
    """Note that the worker stopped in good order: what it had claimed is free at once."""
    session.execute(delete(Worker).where(Worker.id == worker))


def begin_to_leave(claimed: Claim) -> bool:
    """Note that news are handed over from now on; false where they were taken back meanwhile.

    Unless the server says no they are not handed over again, whatever becomes of the worker: news
    stand on a public page, and twice is once too often. A confirmation that never comes is worse.
    """
    its_own = {"its_id": claimed.id, "claimant": claimed.claimed_by}
    return session.scalar(_beginning, its_own) is not None


def in_doubt(claimed: Sequence[Claim], at: datetime) -> None:
    """Note that nobody knows whether the mail server took these news."""
    _finish(claimed, MailState.FAILED, IN_DOUBT, at)


def sent(claimed: Sequence[Claim], at: datetime) -> None:
    """Note that the mail server took these mails; their content is no longer kept."""
    _finish(claimed, MailState.SENT, "250", at)


def refused(claimed: Claim, answer: str, at: datetime) -> None:
    """Note that the mail server refused the mail for good."""
    log.warning("a mail was refused", extra={"fields": {"answer": answer}})
    _finish([claimed], MailState.FAILED, answer, at)


def wait_for_tomorrow(claimed: Claim, at: datetime) -> None:
    """Put the mail off: its mailbox has had enough for today (a day is one of UTC)."""
    midnight = datetime.combine(at.date() + timedelta(days=1), time(), at.tzinfo)
    ours = _give_back([claimed], due_at=midnight, claims=0, last_answer="daily cap")
    ceilings.give_back([claim.counted_in for claim in ours])


def postponed(claimed: Claim, answer: str, at: datetime, *, first_pause: timedelta) -> None:
    """Note a temporary refusal: try again after growing pauses, for about seven days.

    How long it has waited untried, for a ceiling or a worker, does not count.
    """
    if claimed.attempts >= MOST_ATTEMPTS:
        log.error("a mail was given up", extra={"fields": {"answer": answer}})
        _finish([claimed], MailState.FAILED, answer, at)
        return
    log.warning("a mail was put off", extra={"fields": {"answer": answer}})
    due_at = at + min(first_pause * 2 ** min(claimed.attempts, 20), LONGEST_PAUSE)
    again = {"due_at": due_at, "attempts": claimed.attempts + 1, "created_at": claimed.created_at}
    _give_back([claimed], **again, last_answer=answer)


def released(claimed: Sequence[Claim]) -> None:
    """Give claimed mails back untried: the worker stops, or no mail server can be reached."""
    ours = _give_back(claimed, last_answer="not tried")
    ceilings.give_back([claim.counted_in for claim in ours])


def unclaim(claimed: Sequence[Claim]) -> None:
    """Give claimed mails back as if no worker had ever had them."""
    _give_back(claimed, claims=_mails.c.claims - 1)


def drop_mails(*origins: str) -> None:
    """Delete every mail that one of these caused, sent or not."""
    session.execute(delete(OutboxMail).where(OutboxMail.origin.in_(origins)))


def take_back(origin: str, kind: str) -> None:
    """Delete the mails of this kind that one thing caused and that wait: their links are dead."""
    write(taking_back(origin, kind))


def take_back_news(news_of: int, at: datetime) -> tuple[int, int]:
    """Delete the news of one number that are not handed over yet; return how many, and of the rest.

    Those that a worker has claimed, too: it looks again before each. The one that leaves at this
    very moment, of each worker, is in doubt: if the server puts it off it does not come again.
    """
    waits = _mails.c.news_of == news_of, _mails.c.finished_at.is_(None)
    doubted = ended(MailState.FAILED, IN_DOUBT, at) | {"claimed_by": None}
    _lock(*waits)
    taken = session.execute(delete(_mails).where(*waits, ~_mails.c.leaving))
    left = session.execute(update(_mails).where(*waits, _mails.c.leaving).values(**doubted))
    return taken.rowcount, left.rowcount  # type: ignore[attr-defined]


def keep_news_from(origin: str) -> None:
    """Delete all news for one signer that have not left.

    Those that a worker has at this moment, too: it may be dead, or be told to come again later.
    """
    is_news = _mails.c.news_of.is_not(None), _mails.c.finished_at.is_(None)
    _lock(its := _mails.c.origin == origin, *is_news)
    session.execute(delete(_mails).where(its, *is_news))


def taking_back(origin: str, kind: str) -> Write:
    """Return what `take_back` does."""
    return Write(_taking_back, {"its_origin": origin, "its_kind": kind})


def purge(at: datetime) -> bool:
    """Delete some rows of mails that were finished a month ago; true when there may be more."""
    session.execute(delete(UnconfirmedMail).where(UnconfirmedMail.hour < at - 2 * ceilings.LATELY))
    return delete_some(_mails, _mails.c.finished_at < at - KEEP_FINISHED)


def _give_back(claimed: Sequence[Claim], **values: object) -> list[Claim]:
    return _note(claimed, state=MailState.QUEUED, leaving=False, **values)


def _finish(claimed: Sequence[Claim], state: MailState, answer: str, at: datetime) -> None:
    _note(claimed, **ended(state, answer, at))


def ended(state: MailState, answer: str, at: datetime) -> dict[str, Any]:
    """Return how a mail ended; when exactly it was written is nobody's business any more.

    Nor is its Message-ID: the logs of mail servers have that beside the address.
    """
    hour = hour_of(at)
    times = {"created_at": hour, "due_at": hour, "finished_at": hour}
    nothing = {"content": None, "content_key": None, "message_id": "", "leaving": False}
    return {"state": state, "last_answer": answer, **nothing, **times}


def _note(claimed: Sequence[Claim], **values: object) -> list[Claim]:
    """Note what became of mails of one worker, as far as they are still its own: return those.

    Others may have taken them over, holding it for dead; or somebody has erased what caused them.
    """
    if not claimed:
        return []
    _lock(_mails.c.id.in_([claim.id for claim in claimed]))
    its_own = {"claimed": [claim.id for claim in claimed], "claimant": claimed[0].claimed_by}
    noted = set(session.scalars(_noting.values(claimed_by=None, **values), its_own))
    if lost := len(claimed) - len(noted):
        log.warning("mails are no longer this worker's", extra={"fields": {"mails": lost}})
    return [claim for claim in claimed if claim.id in noted]


def _lock(*its: ColumnElement[bool]) -> None:
    """Lock mails in the order of their numbers: or two that want the same wait for each other."""
    mails = select(_mails.c.id).where(*its).order_by(_mails.c.id).with_for_update().subquery()
    session.execute(select(func.count()).select_from(mails))
