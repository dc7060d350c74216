"""Bounces: what becomes of a letter that came back, and of its office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Row, func, select

from petition.core.clock import hour_of
from petition.core.storage.database import rows_of, session
from petition.letters.bounces.delivery_status import NO_CODE, blames_our_server, blames_the_address
from petition.letters.bounces.reading import BounceReport, Persistence
from petition.letters.letter.models import Letter, LetterState
from petition.letters.letter.states import move
from petition.recipients.models import Mailroom, Recipient

REPEATED = 3
"""How many letters in a week come back to an office before it gets no more, whatever the cause."""
OF_LATE = timedelta(days=7)
_letters = rows_of(Letter)


class Verdict(StrEnum):
    """What a mail was found to be."""

    BOUNCED = "bounced"
    TEMPORARY = "temporary"
    """A server has not delivered a letter yet and goes on trying."""
    TOO_SOON = "too_soon"
    """A letter came back before it was noted as sent: to be given again in a moment."""
    UNKNOWN_LETTER = "unknown_letter"
    NO_BOUNCE = "no_bounce"


def take_bounce(report: BounceReport, at: datetime) -> Verdict:
    """Note that a letter came back, if a mail says so; the same mail may be taken again and again.

    Reading the mail comes first and apart, since it may be long, and holds no transaction up.
    """
    if report.failure is None:
        return Verdict.NO_BOUNCE
    letter = _first_known(report.message_ids)
    if letter is None:
        return Verdict.UNKNOWN_LETTER
    if report.failure == Persistence.TEMPORARY:
        return Verdict.TEMPORARY
    if letter.state == LetterState.SENDING:
        return Verdict.TOO_SOON
    if letter.state == LetterState.BOUNCED:
        return Verdict.BOUNCED
    if note_bounce(letter.message_id, report.status, at) is not None:
        return Verdict.BOUNCED
    return Verdict.UNKNOWN_LETTER  # it has not left, or is about to leave once more


def _first_known(message_ids: tuple[str, ...]) -> Row[str, LetterState] | None:
    found = session.execute(
        select(Letter.message_id, Letter.state)
        .where(Letter.message_id.in_(message_ids))
        .order_by(Letter.id)
        .with_for_update()
    ).all()
    known = {row.message_id: row for row in found}
    return next((known[one] for one in message_ids if one in known), None)


def note_bounce(message_id: str, status: str | None, at: datetime) -> Recipient | None:
    """Note that a letter came back, and why (RFC 3463).

    An office whose mailbox does not exist gets no more until somebody has looked. A full mailbox,
    or a block list that has our server, passes: letters pause when it happens again and again. In
    which hour is noted: what comes back at once would tell when its writer confirmed it.

    Returns the office; None where no letter of ours had this return address, or it had come back.
    """
    returned = session.execute(
        move(
            _letters.c.message_id == message_id,
            {LetterState.SENT, LetterState.UNKNOWN},
            LetterState.BOUNCED,
            at,
            last_answer=status or NO_CODE,
        ).returning(_letters.c.recipient_id)
    ).scalar()
    if returned is None:
        return None
    mailroom = session.get(Mailroom, returned)
    if mailroom is not None and mailroom.suspect_since is None:
        came_back = sum(one.count for one in returns_of_late(at, recipient_id=returned))
        if blames_the_address(status) or came_back >= REPEATED:
            mailroom.suspect_since = hour_of(at)
    session.flush()
    return session.get(Recipient, returned)


@dataclass(frozen=True, slots=True)
class Returns:
    """Letters that came back from one office in the last week for one cause."""

    recipient_id: int
    status: str | None
    """An enhanced status code; None where the server gave no reason that we understand."""
    count: int
    last_at: datetime


def returns_of_late(at: datetime, *, recipient_id: int | None = None) -> Sequence[Returns]:
    """Return what came back in the last week, from one office or all, the newest cause first."""
    last_at = func.max(_letters.c.changed_at)
    found = (
        select(
            _letters.c.recipient_id, _letters.c.last_answer, func.count().label("count"), last_at
        )
        .where(_letters.c.state == LetterState.BOUNCED, _letters.c.changed_at > at - OF_LATE)
        .group_by(_letters.c.recipient_id, _letters.c.last_answer)
        .order_by(last_at.desc())
    )
    if recipient_id is not None:
        found = found.where(_letters.c.recipient_id == recipient_id)
    return [
        Returns(office, None if status == NO_CODE else status, count, newest)
        for office, status, count, newest in session.execute(found)
    ]


def refused_offices(at: datetime) -> int:
    """Return how many offices have refused letters of late for what our own server is."""
    return len({one.recipient_id for one in returns_of_late(at) if blames_our_server(one.status)})


def suspect_offices() -> int:
    """Return to how many offices nothing is sent until an organiser has looked."""
    suspect = select(func.count()).where(Mailroom.suspect_since.is_not(None))
    return session.scalar(suspect) or 0
