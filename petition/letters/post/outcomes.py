"""What became of letters that were begun, as far as anybody knows, and how that is noted.

Those that were sent are noted together, at the end of their batch; anything else at once, before
the next letter is begun. None of it commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, update

from petition.core.clock import hour_of
from petition.core.log import log
from petition.core.storage.database import rows_of, session
from petition.letters.letter.models import Letter, LetterState
from petition.letters.letter.states import KEPT, move
from petition.letters.post.batches import TAKEN, is_held_for_lost
from petition.letters.post.sending import ClaimedLetter
from petition.outbox.actions import LONGEST_PAUSE
from petition.recipients.models import Mailroom

MOST_ATTEMPTS = 36
"""From a minute's pause to one of six hours, so many tries take a week."""
_letters = rows_of(Letter)


@dataclass(frozen=True, slots=True)
class Failure:
    """What an attempt came to that was no success."""

    letter: ClaimedLetter
    at: datetime
    state: LetterState
    answer: str
    """The mail server's code, or the kind of fault; never its words."""
    try_again_at: datetime | None = None
    is_mailbox_gone: bool = False
    """Whether the server knows no such office."""


def refused(
    letter: ClaimedLetter, answer: str, at: datetime, *, is_mailbox_gone: bool = False
) -> Failure:
    """Return that the mail server refused the letter for good."""
    return Failure(letter, at, LetterState.FAILED, answer, is_mailbox_gone=is_mailbox_gone)


def in_doubt(letter: ClaimedLetter, answer: str, at: datetime) -> Failure:
    """Return that nobody knows whether the mail server took the letter."""
    return Failure(letter, at, LetterState.UNKNOWN, answer)


def postponed(
    letter: ClaimedLetter, answer: str, at: datetime, *, first_pause: timedelta
) -> Failure:
    """Return a temporary refusal: try again after growing pauses, for about seven days."""
    if letter.attempts >= MOST_ATTEMPTS:
        return refused(letter, answer, at)
    pause = min(first_pause * 2 ** min(letter.attempts, 20), LONGEST_PAUSE)
    return Failure(letter, at, LetterState.QUEUED, answer, try_again_at=at + pause)


def note(failure: Failure) -> None:
    """Note a failure, unless its batch was settled meanwhile, and what follows from it."""
    fields = {"answer": failure.answer, "state": failure.state}
    log.warning("a letter was not taken", extra={"fields": fields})
    letter, found = failure.letter, _letters.c
    more: dict[str, Any] = {"last_answer": failure.answer}
    if failure.try_again_at is not None:
        more |= {"attempts": letter.attempts + 1, "due_at": failure.try_again_at}
    _claim_once_more([letter], failure.at)
    this = (found.id == letter.id) & (found.claimed_by == letter.batch)
    noted = session.execute(move(this, {LetterState.SENDING}, failure.state, failure.at, **more))
    _say_what_is_lost(1 - noted.rowcount)  # type: ignore[attr-defined]
    if failure.is_mailbox_gone:
        session.execute(
            update(Mailroom)
            .where(Mailroom.recipient_id == letter.recipient_id, Mailroom.suspect_since.is_(None))
            .values(suspect_since=hour_of(failure.at))
        )


def note_sent(letters: Sequence[ClaimedLetter], at: datetime) -> None:
    """Note that the mail server took these letters of one batch.

    Where others held the worker for dead, what it knows counts all the same.
    """
    if not letters:
        return
    found = _letters.c
    batch = letters[0].batch
    _claim_once_more(letters, at)
    is_in_batch = and_(found.state == LetterState.SENDING, found.claimed_by == batch)
    these = found.id.in_([one.id for one in letters]) & or_(is_in_batch, is_held_for_lost(batch))
    before = {LetterState.SENDING, LetterState.UNKNOWN}
    noted = session.execute(move(these, before, LetterState.SENT, at, last_answer=TAKEN))
    _say_what_is_lost(len(letters) - noted.rowcount)  # type: ignore[attr-defined]


def _claim_once_more(letters: Sequence[ClaimedLetter], at: datetime) -> None:
    """Claim letters of a batch that wait again although they were handed over.

    A standby that took the database's place knew nothing of the batch yet.
    """
    found = _letters.c
    these = and_(
        found.message_id.in_([letter.message_id for letter in letters]),
        found.claimed_by.is_(None),
        found.changed_by.is_(None),  # it is no person who lets it leave again
    )
    to_batch = {"claimed_by": letters[0].batch, "due_at": KEPT}
    session.execute(move(these, {LetterState.QUEUED}, LetterState.SENDING, at, **to_batch))


def _say_what_is_lost(count: int) -> None:
    if count:
        log.warning("letters are no longer this worker's", extra={"fields": {"letters": count}})
