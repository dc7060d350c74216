"""How a worker claims mails that are due. Nothing here commits."""

from datetime import datetime
from enum import Enum, auto
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Update, bindparam, exists, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from petition.core.clock import hour_of
from petition.core.keyring.sealing import Sealed, unseal
from petition.core.log import log
from petition.core.storage.database import rows_of, session
from petition.outbox import ceiling as ceilings
from petition.outbox.actions import (
    IN_DOUBT,
    UNWRITABLE_PAUSE,
    WORKER_SILENT_AFTER,
    Claim,
    ended,
    postponed,
    unclaim,
)
from petition.outbox.messages import MailToWrite, Message, Wording
from petition.outbox.models import UNFINISHED, MailState, OutboxMail, Worker, mail_context

_its_worker = bindparam("its_worker", type_=OutboxMail.__table__.c.claimed_by.type)
UNWRITTEN = Message("", "", Wording("", "", ""), "")
READ = (
    *("id", "message_id", "created_at", "attempts", "origin", "claims", "claimed_by"),
    *("unconfirmed", "content_key", "content", "due_at"),
)
_mails, _workers = rows_of(OutboxMail), rows_of(Worker)


def claim(worker: str, at: datetime, *, most: int, ceiling: int | None = None) -> list[Claim]:
    """Claim up to `most` due mails, oldest first, also those of workers that fell silent.

    A mail whose worker died may have left already: it leaves again, because a confirmation
    that comes twice does no harm and one that never comes does. No more than the `ceiling` of
    unconfirmed mails leaves in an hour. News are not among them.
    """
    is_reached = ceiling is not None and not ceilings.left(at, ceiling)
    written = _claim(Which.CONFIRMED if is_reached else Which.ASKED_FOR, worker, at, most)
    return written if ceiling is None else _below(ceiling, written, at)


def claim_news(worker: str, at: datetime, *, most: int) -> list[Claim]:
    """Claim up to `most` due mails with news; they are for when nothing else is due.

    One over which its worker died may have left, and does not leave again.
    """
    given = {"its_worker": worker, "alive_since": at - WORKER_SILENT_AFTER}
    doubted = ended(MailState.FAILED, IN_DOUBT, at)
    session.execute(_doubting().values(claimed_by=None, **doubted), given)
    return _claim(Which.NEWS, worker, at, most)


def _claim(which: "Which", worker: str, at: datetime, most: int) -> list[Claim]:
    given = {
        "its_worker": worker,
        "present": at,
        "alive_since": at - WORKER_SILENT_AFTER,
        "at_once": most,
    }
    found = session.execute(_claiming(which), given).all()
    claims = [_claim_of(row, at) for row in sorted(found, key=attrgetter("due_at"))]
    return [claim for claim in claims if claim is not None]


class Which(Enum):
    """Which mails are claimed."""

    ASKED_FOR = auto()
    CONFIRMED = auto()
    """The same, but for those to people who have confirmed nothing."""
    NEWS = auto()


@lru_cache
def _claiming(which: Which) -> ReturningUpdate[Any]:
    """Return it made once: to put it together costs more than to ask it."""
    present = bindparam("present", type_=_mails.c.due_at.type)
    is_free = or_(_mails.c.state == MailState.QUEUED, _is_left())
    due = select(_mails.c.id).where(UNFINISHED, _mails.c.due_at <= present, is_free)
    is_news = _mails.c.news_of.is_not(None)
    due = due.where(is_news if which is Which.NEWS else ~is_news)
    if which is Which.CONFIRMED:
        due = due.where(_mails.c.unconfirmed.is_(False))
    due = due.order_by(_mails.c.due_at).limit(bindparam("at_once"))
    taken = due.with_for_update(skip_locked=True).cte("due")
    return (
        update(_mails)
        .where(_mails.c.id.in_(select(taken.c.id)))
        .values(state=MailState.SENDING, claimed_by=_its_worker, claims=_mails.c.claims + 1)
        .returning(*(_mails.c[name] for name in READ))
    )


@lru_cache
def _doubting() -> Update:
    """Return what takes the news that were being handed over from a worker that does so no more."""
    begun = UNFINISHED, _mails.c.news_of.is_not(None), _mails.c.leaving, _is_left()
    found = select(_mails.c.id).where(*begun).with_for_update(skip_locked=True).cte("begun")
    return update(_mails).where(_mails.c.id.in_(select(found.c.id)))


def _is_left() -> ColumnElement[bool]:
    """Return the condition that a worker is done with a mail: it claims only then, or is dead."""
    alive_since = bindparam("alive_since", type_=_workers.c.beat_at.type)
    is_alive = exists().where(
        _workers.c.id == _mails.c.claimed_by, _workers.c.beat_at > alive_since
    )
    return or_(_mails.c.claimed_by == _its_worker, ~is_alive)


def _below(ceiling: int, claimed: list[Claim], at: datetime) -> list[Claim]:
    """Keep what this hour's ceiling allows; the rest waits where it was, as if not claimed."""
    counted = [claim for claim in claimed if claim.counted_in is not None]
    if not counted:
        return claimed
    over = counted[ceilings.take(len(counted), at, ceiling) :]
    if over:
        unclaim(over)
    return [claim for claim in claimed if claim not in over]


def _claim_of(row: Row[*tuple[Any, ...]], at: datetime) -> Claim | None:
    """Write a claimed mail; one that cannot be written now waits alone and holds up no other.

    Its key or its words may be on their way to this host.
    """
    try:
        message = _opened(row.content_key, row.content, row.message_id)
    except Exception as fault:
        log.error("a mail cannot be written", exc_info=fault)
        claim = _as_claim(row, UNWRITTEN, at)
        postponed(claim, type(fault).__name__, at, first_pause=UNWRITABLE_PAUSE)
        return None
    return _as_claim(row, message, at)


def _as_claim(row: Row[*tuple[Any, ...]], message: Message, at: datetime) -> Claim:
    return Claim(
        id=row.id,
        message_id=row.message_id,
        created_at=row.created_at,
        attempts=row.attempts,
        message=message,
        is_first=row.claims == 1,
        counted_in=hour_of(at) if row.unconfirmed else None,
        origin=row.origin,
        claimed_by=row.claimed_by,
    )


def _opened(key_id: str | None, box: bytes | None, message_id: str) -> Message:
    # The constraint content_until_sent sees to it that a mail still to be sent has both.
    to_write = unseal(Sealed(key_id or "", box or b""), mail_context(message_id))
    return MailToWrite.from_bytes(to_write).written()
