"""What became of a letter that was begun, as far as anybody knows. None of it commits."""

from datetime import datetime, timedelta

from sqlalchemy import exists, or_, update

from petition.core.database import rows_of, session
from petition.letters.letter import Letter, LetterState
from petition.letters.sending import ClaimedLetter, give_back_pace
from petition.outbox.actions import LONGEST_PAUSE, WORKER_SILENT_AFTER
from petition.outbox.models import Worker
from petition.recipients.models import Mailroom

MOST_ATTEMPTS = 36
"""From a minute's pause to one of six hours, so many tries take a week."""
DIED = "worker died"
_letters = rows_of(Letter)


def sent(letter: ClaimedLetter, worker: str, at: datetime) -> None:
    """Note that the mail server took the letter, also where others held its worker for dead."""
    if _note(letter, worker, at, LetterState.SENT, "250", sent_at=at):
        return
    session.execute(
        update(_letters)
        .where(
            _letters.c.id == letter.id,
            _letters.c.state == LetterState.UNKNOWN,
            _letters.c.last_answer == DIED,
        )
        .values(state=LetterState.SENT, changed_at=at, last_answer="250", sent_at=at)
    )


def refused(letter: ClaimedLetter, worker: str, answer: str, at: datetime) -> None:
    """Note that the mail server refused the letter for good."""
    _note(letter, worker, at, LetterState.FAILED, answer)


def mailbox_refused(letter: ClaimedLetter, worker: str, answer: str, at: datetime) -> None:
    """Note that the mail server knows no such office; no more is sent until somebody has looked."""
    refused(letter, worker, answer, at)
    session.execute(
        update(Mailroom)
        .where(Mailroom.recipient_id == letter.recipient_id, Mailroom.suspect_since.is_(None))
        .values(suspect_since=at)
    )


def in_doubt(letter: ClaimedLetter, worker: str, answer: str, at: datetime) -> None:
    """Note that nobody knows whether the mail server took the letter."""
    _note(letter, worker, at, LetterState.UNKNOWN, answer)


def not_tried(letter: ClaimedLetter, worker: str, at: datetime) -> None:
    """Note that no server was reached: the letter waits with the others."""
    _note(letter, worker, at, LetterState.QUEUED, "not tried")
    give_back_pace(letter.recipient_id, letter.paced_in, 1)


def postponed(
    letter: ClaimedLetter, worker: str, answer: str, at: datetime, *, first_pause: timedelta
) -> None:
    """Note a temporary refusal: try again after growing pauses, for about seven days."""
    if letter.attempts >= MOST_ATTEMPTS:
        refused(letter, worker, answer, at)
        return
    pause = min(first_pause * 2 ** min(letter.attempts, 20), LONGEST_PAUSE)
    more = {"due_at": at + pause, "attempts": letter.attempts + 1}
    _note(letter, worker, at, LetterState.QUEUED, answer, **more)


def _note(
    letter: ClaimedLetter,
    worker: str,
    at: datetime,
    state: LetterState,
    answer: str,
    **more: object,
) -> bool:
    """Note it; false where the letter was no longer this worker's to note."""
    noted = session.execute(
        update(_letters)
        .where(
            _letters.c.id == letter.id,
            _letters.c.state == LetterState.SENDING,
            _letters.c.claimed_by == worker,
        )
        .values(state=state, changed_at=at, claimed_by=None, last_answer=answer, **more)
    )
    return bool(noted.rowcount)  # type: ignore[attr-defined]


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
            last_answer=DIED,
        )
    )
    return int(left.rowcount)  # type: ignore[attr-defined]
