"""How letters are claimed for a batch before they leave, and given back. None of it commits."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, or_, select, update

from petition.core.clock import hour_of
from petition.core.keyring.sealing import Sealed, unseal
from petition.core.storage.database import insert_into, rows_of, session
from petition.letters.campaigns.halting import is_halted
from petition.letters.campaigns.models import LetterText
from petition.letters.letter.models import Letter, LetterState, Pace, letter_context
from petition.letters.letter.states import KEPT, move
from petition.letters.letter.written import Written
from petition.letters.post.batches import is_held_for_lost, lock_batch
from petition.outbox.actions import UNWRITABLE_PAUSE
from petition.recipients.models import Channel, Mailroom, Recipient

TO_SEND = (
    *("id", "message_id", "recipient_id", "text_id", "created_at", "attempts"),
    *("content", "content_key", "claimed_by"),
)
"""What is read of a letter to send it."""
HOUR = timedelta(hours=1)
UNWRITABLE = "unwritable"
"""What is noted of a letter as its last answer, where we could not even write it."""
TRIES_TO_WRITE = 5
"""After five, ten, twenty minutes and so on: in all two hours and a half."""
_letters = rows_of(Letter)
_pace = rows_of(Pace)


@dataclass(frozen=True)
class ClaimedLetter:
    """A letter that this worker, and no other, may send now."""

    id: int
    batch: str
    message_id: str
    recipient_id: int
    to: str
    language: str
    created_at: datetime
    claimed_at: datetime
    paced_in: datetime
    """The hour of whose cap it has its part."""
    until: datetime
    """Until when it may be begun: then that hour ends, or its office may close."""
    attempts: int
    sealed: Sealed

    @cached_property
    def written(self) -> Written:
        """What its writer wrote. Raises SealBroken, ValueError or TypeError where it is broken."""
        return Written.from_bytes(unseal(self.sealed, letter_context(self.message_id)))


def offices_at_work(at: datetime) -> list[Mailroom]:
    """Return the offices for which letters wait and which take some now; read before writing.

    Where an hour's cap is used up, only a letter that has its part of it already waits.
    """
    here = (Pace.recipient_id == Mailroom.recipient_id) & (Pace.hour == hour_of(at))
    used = select(Pace.used).where(here).correlate(Mailroom).scalar_subquery()
    waiting = exists().where(
        Letter.recipient_id == Mailroom.recipient_id,
        or_(Letter.paced_in == hour_of(at), func.coalesce(used, 0) < Mailroom.hourly_cap),
        *_are_due(at),
    )
    found = session.scalars(
        select(Mailroom)
        .join(Recipient, Recipient.id == Mailroom.recipient_id)
        .where(Mailroom.suspect_since.is_(None), Recipient.email.is_not(None), waiting)
    )
    open_now = [one for one in found if one.takes(Channel.EMAIL) and one.is_open(at)]
    random.shuffle(open_now)  # several workers, each with another office
    return open_now


def claim(batch: str, mailroom: Mailroom, at: datetime, *, most: int) -> list[ClaimedLetter]:
    """Claim up to `most` letters to an office that is at work, and no more than its cap leaves.

    A letter that was claimed in this hour before, and did not leave, may have its part of the cap.
    None are claimed for a batch that others have settled, its worker being held for dead.
    """
    if not lock_batch(batch):
        return []
    hour = hour_of(at)
    is_used_up = _used(mailroom, hour) >= mailroom.hourly_cap
    due = (
        select(Letter.id, Letter.paced_in)
        .where(
            Letter.recipient_id == mailroom.recipient_id,
            *_are_due(at),
            *([Letter.paced_in == hour] if is_used_up else []),
        )
        .order_by(Letter.due_at, Letter.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(due).all()
    paced = [row.id for row in found if row.paced_in == hour]
    others = [row.id for row in found if row.paced_in != hour]
    taken = paced + others[: _take_pace(mailroom, at, len(others))]
    if not taken:
        return []
    these, to_batch = _letters.c.id.in_(taken), {"claimed_by": batch, "due_at": KEPT}
    to_sending = move(
        these, {LetterState.QUEUED}, LetterState.SENDING, at, paced_in=hour, **to_batch
    )
    rows = session.execute(to_sending.returning(*(_letters.c[name] for name in TO_SEND))).all()
    languages = _languages({row.text_id for row in rows})
    return [_claimed(row, mailroom, languages[row.text_id], at) for row in rows]


def _are_due(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which letters may be claimed, whatever their office."""
    return (
        Letter.state == LetterState.QUEUED,
        Letter.due_at <= at,
        ~Letter.on_hold,
        ~is_halted(Letter.letter_campaign_id),
    )


def _languages(texts: set[int]) -> dict[int, str]:
    found = select(LetterText.id, LetterText.language).where(LetterText.id.in_(texts))
    return {row.id: row.language for row in session.execute(found)}


def _claimed(row: Row[Any], mailroom: Mailroom, language: str, at: datetime) -> ClaimedLetter:
    return ClaimedLetter(
        id=row.id,
        batch=row.claimed_by,
        message_id=row.message_id,
        recipient_id=row.recipient_id,
        to=mailroom.recipient.email or "",
        language=language,
        created_at=row.created_at,
        claimed_at=at,
        paced_in=hour_of(at),
        until=min(hour_of(at) + HOUR, mailroom.next_hour(at)),
        attempts=row.attempts,
        sealed=Sealed(row.content_key, row.content),
    )


def _used(mailroom: Mailroom, hour: datetime, *, to_change: bool = False) -> int:
    here = (_pace.c.recipient_id == mailroom.recipient_id) & (_pace.c.hour == hour)
    used = select(_pace.c.used).where(here)
    return session.scalar(used.with_for_update() if to_change else used) or 0


def _take_pace(mailroom: Mailroom, at: datetime, wanted: int) -> int:
    """Take up to `wanted` of what an office may get in this hour; return how many."""
    hour = hour_of(at)
    allowed = min(wanted, mailroom.hourly_cap - _used(mailroom, hour, to_change=True))
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


def _give_back_pace(recipient_id: int, hour: datetime, count: int) -> None:
    """Give back what was taken of an hour's cap for letters that did not leave."""
    if count > 0:
        session.execute(
            update(_pace)
            .where(_pace.c.recipient_id == recipient_id, _pace.c.hour == hour)
            .values(used=case((_pace.c.used > count, _pace.c.used - count), else_=0))
        )


def release(letters: Sequence[ClaimedLetter], at: datetime) -> None:
    """Give back letters of one batch that did not leave, and their part of the hour's cap."""
    if letters:
        _free([letter.id for letter in letters], letters[0].batch, at)


def go_behind(letter: ClaimedLetter, at: datetime) -> None:
    """Give back a letter over which the mail server went away: the others go first."""
    _free([letter.id], letter.batch, at, due_at=at)


def put_off(letter: ClaimedLetter, at: datetime) -> None:
    """Give back a letter that cannot be opened or written now, which may be mended meanwhile.

    It holds up no other. Tried for some hours, it waits for a person, who is told why.
    """
    tries: dict[str, Any] = {"attempts": letter.attempts + 1, "last_answer": UNWRITABLE}
    if letter.attempts >= TRIES_TO_WRITE:
        fails = LetterState.FAILED
        _free([letter.id], letter.batch, at, own_after=fails, due_at=hour_of(at), **tries)
        return
    pause = UNWRITABLE_PAUSE * 2**letter.attempts
    _free([letter.id], letter.batch, at, due_at=at + pause, **tries)


def _free(
    letter_ids: Sequence[int],
    batch: str,
    at: datetime,
    *,
    own_after: LetterState = LetterState.QUEUED,
    **more: object,
) -> None:
    """Let letters of a batch wait again; what is in doubt does so whatever becomes of the rest."""
    if not letter_ids:
        return
    letter = _letters.c
    is_in_batch = and_(letter.state == LetterState.SENDING, letter.claimed_by == batch)
    held = session.execute(
        select(letter.id, letter.recipient_id, letter.paced_in)
        .where(letter.id.in_(letter_ids), or_(is_in_batch, is_held_for_lost(batch)))
        .with_for_update()
    ).all()
    these = letter.id.in_([row.id for row in held])
    back: dict[str, Any] = {"paced_in": None, "due_at": KEPT} | more
    session.execute(move(these, {LetterState.SENDING}, own_after, at, **back))
    session.execute(move(these, {LetterState.UNKNOWN}, LetterState.QUEUED, at, **back))
    parts = Counter((row.recipient_id, row.paced_in) for row in held if row.paced_in is not None)
    for (recipient_id, hour), count in sorted(parts.items()):
        _give_back_pace(recipient_id, hour, count)
