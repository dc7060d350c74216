"""How letters leave: claimed, begun one by one, and what became of each. None of it commits.

SMTP cannot be exactly-once. A letter is marked as sending before it is handed over, and what the
server said is noted after; whoever dies between leaves one letter of which nobody knows, and that
one waits for a person. It is never sent again by itself.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update

from petition.core.clock import hour_of
from petition.core.database import insert_into, rows_of, session
from petition.core.sealing import Sealed, unseal
from petition.letters.letter import Letter, LetterState, Pace, letter_context
from petition.letters.models import LetterCampaign
from petition.letters.writing import Written
from petition.outbox.actions import GIVE_UP_AFTER, LONGEST_PAUSE, WORKER_SILENT_AFTER
from petition.outbox.models import Worker
from petition.recipients.models import Channel, Mailroom, Recipient

_letters = rows_of(Letter)
_pace = rows_of(Pace)


@dataclass(frozen=True, slots=True)
class ClaimedLetter:
    """A letter that this worker, and no other, may send now."""

    id: int
    message_id: str
    recipient_id: int
    to: str
    language: str
    """That of the pages on which it was written."""
    created_at: datetime
    confirmed_at: datetime
    attempts: int
    written: Written


def claim(worker: str, at: datetime, *, most: int) -> list[ClaimedLetter]:
    """Claim up to `most` letters to offices that take some now; no office gets more than its cap.

    A letter claimed by a worker that fell silent is free again, as long as it was not begun.
    """
    claimed: list[ClaimedLetter] = []
    for mailroom in _open_mailrooms(worker, at):
        if len(claimed) >= most:
            break
        claimed += _claim_some(mailroom, worker, at, most - len(claimed))
    return claimed


def _open_mailrooms(worker: str, at: datetime) -> list[Mailroom]:
    waiting = (
        select(Letter.recipient_id)
        .join(LetterCampaign, LetterCampaign.id == Letter.letter_campaign_id)
        .where(_may_leave(worker, at))
    )
    found = session.scalars(
        select(Mailroom)
        .join(Recipient, Recipient.id == Mailroom.recipient_id)
        .where(
            Mailroom.recipient_id.in_(waiting),
            Mailroom.suspect_since.is_(None),
            Recipient.email.is_not(None),
        )
    )
    open_now = [one for one in found if one.takes(Channel.EMAIL) and one.is_open(at)]
    random.shuffle(open_now)  # several workers, each with another office
    return open_now


def _may_leave(worker: str, at: datetime) -> ColumnElement[bool]:
    abandoned = ~exists().where(
        Worker.id == Letter.claimed_by, Worker.beat_at > at - WORKER_SILENT_AFTER
    )
    return (
        (Letter.state == LetterState.QUEUED)
        & (Letter.due_at <= at)
        & ~Letter.on_hold
        & LetterCampaign.stopped_at.is_(None)
        & or_(Letter.claimed_by.is_(None), Letter.claimed_by == worker, abandoned)
    )


def _claim_some(mailroom: Mailroom, worker: str, at: datetime, most: int) -> list[ClaimedLetter]:
    due = (
        select(Letter.id)
        .join(LetterCampaign, LetterCampaign.id == Letter.letter_campaign_id)
        .where(Letter.recipient_id == mailroom.recipient_id, _may_leave(worker, at))
        .order_by(Letter.due_at)
        .limit(most)
        .with_for_update(skip_locked=True, of=Letter)
    )
    found = session.scalars(due).all()
    allowed = _take_pace(mailroom, at, len(found))
    if not allowed:
        return []
    rows = session.execute(
        update(_letters)
        .where(_letters.c.id.in_(found[:allowed]))
        .values(claimed_by=worker)
        .returning(_letters)
    ).all()
    to = session.scalar(select(Recipient.email).where(Recipient.id == mailroom.recipient_id))
    return [
        ClaimedLetter(
            id=row.id,
            message_id=row.message_id,
            recipient_id=row.recipient_id,
            to=to or "",
            language=row.language,
            created_at=row.created_at,
            confirmed_at=row.changed_at,
            attempts=row.attempts,
            written=Written.from_bytes(
                unseal(Sealed(row.content_key, row.content), letter_context(row.message_id))
            ),
        )
        for row in sorted(rows, key=lambda row: row.id)
    ]


def _take_pace(mailroom: Mailroom, at: datetime, wanted: int) -> int:
    """Take up to `wanted` of what an office may get in this hour; return how many."""
    hour = hour_of(at)
    here = (_pace.c.recipient_id == mailroom.recipient_id) & (_pace.c.hour == hour)
    used = session.scalar(select(_pace.c.used).where(here).with_for_update()) or 0
    allowed = min(wanted, mailroom.hourly_cap - used)
    if allowed <= 0:
        return 0
    row = {"recipient_id": mailroom.recipient_id, "hour": hour, "used": allowed}
    taken = insert_into(Pace).on_conflict_do_update(
        index_elements=["recipient_id", "hour"],
        set_={"used": Pace.used + allowed},
        where=Pace.used + allowed <= mailroom.hourly_cap,
    )
    took = session.execute(taken.returning(Pace.used), row).scalar()
    return allowed if took is not None else 0


def begin(letter: ClaimedLetter, worker: str, at: datetime) -> bool:
    """Mark a letter as being sent; false when it may not leave any more, which frees it."""
    stopped = exists().where(
        LetterCampaign.id == _letters.c.letter_campaign_id,
        LetterCampaign.stopped_at.is_not(None),
    )
    suspect = exists().where(
        Mailroom.recipient_id == _letters.c.recipient_id, Mailroom.suspect_since.is_not(None)
    )
    begun = session.execute(
        update(_letters)
        .where(
            _letters.c.id == letter.id,
            _letters.c.state == LetterState.QUEUED,
            _letters.c.claimed_by == worker,
            ~_letters.c.on_hold,
            ~stopped,
            ~suspect,
        )
        .values(state=LetterState.SENDING, changed_at=at, changed_by=None)
    )
    if begun.rowcount == 1:  # type: ignore[attr-defined]
        return True
    release([letter], worker)
    return False


def release(letters: Sequence[ClaimedLetter], worker: str) -> None:
    """Give back letters that were claimed and not begun."""
    session.execute(
        update(_letters)
        .where(
            _letters.c.id.in_([letter.id for letter in letters]),
            _letters.c.state == LetterState.QUEUED,
            _letters.c.claimed_by == worker,
        )
        .values(claimed_by=None)
    )


def sent(letter: ClaimedLetter, worker: str, at: datetime) -> None:
    """Note that the mail server took the letter."""
    _note(letter, worker, at, LetterState.SENT, "250", sent_at=at)


def refused(letter: ClaimedLetter, worker: str, answer: str, at: datetime) -> None:
    """Note that the mail server refused the letter for good."""
    _note(letter, worker, at, LetterState.FAILED, answer)


def in_doubt(letter: ClaimedLetter, worker: str, answer: str, at: datetime) -> None:
    """Note that nobody knows whether the mail server took the letter."""
    _note(letter, worker, at, LetterState.UNKNOWN, answer)


def not_tried(letter: ClaimedLetter, worker: str, at: datetime) -> None:
    """Note that no server was reached: the letter waits with the others."""
    _note(letter, worker, at, LetterState.QUEUED, "not tried")


def postponed(
    letter: ClaimedLetter, worker: str, answer: str, at: datetime, *, first_pause: timedelta
) -> None:
    """Note a temporary refusal: try again after growing pauses, for seven days."""
    if at - letter.confirmed_at > GIVE_UP_AFTER:
        refused(letter, worker, answer, at)
        return
    pause = min(first_pause * 2**letter.attempts, LONGEST_PAUSE)
    more = {"due_at": at + pause, "attempts": letter.attempts + 1}
    _note(letter, worker, at, LetterState.QUEUED, answer, **more)


def _note(
    letter: ClaimedLetter,
    worker: str,
    at: datetime,
    state: LetterState,
    answer: str,
    **more: object,
) -> None:
    noted = {"changed_at": at, "changed_by": None, "claimed_by": None, "last_answer": answer}
    session.execute(
        update(_letters)
        .where(
            _letters.c.id == letter.id,
            _letters.c.state == LetterState.SENDING,
            _letters.c.claimed_by == worker,
        )
        .values(state=state, **noted, **more)
    )


def leave_in_doubt(worker: str, at: datetime) -> int:
    """Mark letters as unknown whose worker died, or lost its database, while it sent them.

    `worker` is the one that asks, which sends nothing at this moment. Returns how many.
    """
    alive = exists().where(
        Worker.id == _letters.c.claimed_by, Worker.beat_at > at - WORKER_SILENT_AFTER
    )
    left = session.execute(
        update(_letters)
        .where(
            _letters.c.state == LetterState.SENDING,
            or_(_letters.c.claimed_by == worker, ~alive),
        )
        .values(
            state=LetterState.UNKNOWN,
            changed_at=at,
            changed_by=None,
            claimed_by=None,
            last_answer="worker died",
        )
    )
    return int(left.rowcount)  # type: ignore[attr-defined]
