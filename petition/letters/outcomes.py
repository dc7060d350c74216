"""What became of a letter that was begun, as far as anybody knows, and how that is noted.

A worker is at one letter at a time: as it begins the next it notes what the last came to, in one
statement, so that whoever is killed leaves no more than one letter in doubt. None of it commits;
whether that one statement does is its connection's matter.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    Select,
    String,
    Update,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    null,
    or_,
    select,
    union_all,
    update,
)

from petition.core.database import rows_of, session
from petition.letters.letter import Letter, LetterState
from petition.letters.sending import ClaimedLetter, give_back_pace, may_begin
from petition.outbox.actions import LONGEST_PAUSE, WORKER_SILENT_AFTER
from petition.outbox.models import Worker
from petition.recipients.models import Mailroom

MOST_ATTEMPTS = 36
"""From a minute's pause to one of six hours, so many tries take a week."""
DIED = "worker died"
TAKEN = "250"
NO_LETTER = 0
"""No letter has this number: those of the database begin with one."""
_letters = rows_of(Letter)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt came to."""

    letter: ClaimedLetter
    at: datetime
    state: LetterState
    answer: str
    """The mail server's code, or the kind of fault; never its words."""
    try_again_at: datetime | None = None
    was_tried: bool = True
    """Whether a server was reached at all; otherwise the hour's cap gets its part back."""
    is_mailbox_gone: bool = False
    """Whether the server knows no such office."""


def sent(letter: ClaimedLetter, at: datetime) -> Outcome:
    """Return that the mail server took the letter."""
    return Outcome(letter, at, LetterState.SENT, TAKEN)


def refused(
    letter: ClaimedLetter, answer: str, at: datetime, *, is_mailbox_gone: bool = False
) -> Outcome:
    """Return that the mail server refused the letter for good."""
    return Outcome(letter, at, LetterState.FAILED, answer, is_mailbox_gone=is_mailbox_gone)


def in_doubt(letter: ClaimedLetter, answer: str, at: datetime) -> Outcome:
    """Return that nobody knows whether the mail server took the letter."""
    return Outcome(letter, at, LetterState.UNKNOWN, answer)


def not_tried(letter: ClaimedLetter, at: datetime) -> Outcome:
    """Return that no server was reached: the letter waits with the others."""
    return Outcome(letter, at, LetterState.QUEUED, "not tried", was_tried=False)


def postponed(
    letter: ClaimedLetter, answer: str, at: datetime, *, first_pause: timedelta
) -> Outcome:
    """Return a temporary refusal: try again after growing pauses, for about seven days."""
    if letter.attempts >= MOST_ATTEMPTS:
        return refused(letter, answer, at)
    pause = min(first_pause * 2 ** min(letter.attempts, 20), LONGEST_PAUSE)
    return Outcome(letter, at, LetterState.QUEUED, answer, try_again_at=at + pause)


def note(outcome: Outcome, worker: str) -> None:
    """Note an outcome, unless somebody else has decided meanwhile, and what follows from it."""
    letter, found = outcome.letter, _letters.c
    may_be_noted = and_(found.state == LetterState.SENDING, found.claimed_by == worker)
    values = {"state": outcome.state, "changed_at": outcome.at, "last_answer": outcome.answer}
    if outcome.state == LetterState.SENT:
        may_be_noted = or_(may_be_noted, _is_held_for_lost())
        values |= {"sent_at": outcome.at}
    if outcome.try_again_at is not None:
        values |= {"due_at": outcome.try_again_at, "attempts": letter.attempts + 1}
    if not outcome.was_tried:
        values |= {"paced_in": None}
    of_the_letter = update(_letters).where(found.id == letter.id, may_be_noted)
    noted = session.execute(of_the_letter.values(claimed_by=None, **values))
    if not outcome.was_tried and noted.rowcount == 1:  # type: ignore[attr-defined]
        give_back_pace(letter.recipient_id, letter.paced_in, 1)
    if outcome.is_mailbox_gone:
        session.execute(
            update(Mailroom)
            .where(Mailroom.recipient_id == letter.recipient_id, Mailroom.suspect_since.is_(None))
            .values(suspect_since=outcome.at)
        )


def _is_held_for_lost() -> ColumnElement[bool]:
    """Return whether others held its worker for dead: what that knows of a letter sent counts."""
    is_unknown = _letters.c.state == _constant(LetterState.UNKNOWN)
    return and_(is_unknown, _letters.c.last_answer == _constant(DIED))


def begin_after(
    last: Outcome | None, letter: ClaimedLetter, worker: str, at: datetime, connection: Connection
) -> bool:
    """Mark the `last` letter as sent and, in the same moment, this one as being sent.

    False when it may not leave any more, or is no longer this worker's. Raises ValueError where
    the last was not sent: `note` that; or where it is the same letter.
    """
    if last is not None and (last.state != LetterState.SENT or last.letter.id == letter.id):
        raise ValueError("only another letter that was sent is noted together with the next")
    parameters = {
        "last_id": NO_LETTER if last is None else last.letter.id,
        "last_at": at if last is None else last.at,
        "next_id": letter.id,
        "next_at": at,
        "worker": worker,
    }
    return letter.id in connection.scalars(_one_sent_and_one_begun(), parameters).all()


@lru_cache
def _one_sent_and_one_begun() -> Update:
    """Return the statement that a worker runs for each letter: made once, and sparing.

    Two steps stand beside the letters, and each letter that still may takes its own.
    """
    letter = _letters.c
    step = union_all(_step("last", LetterState.SENT), _step("next", LetterState.SENDING))
    to = step.subquery("step").c
    is_next = to.state == _constant(LetterState.SENDING)
    is_ours = letter.claimed_by == bindparam("worker", type_=letter.claimed_by.type)
    was_begun = and_(letter.state == _constant(LetterState.SENDING), is_ours)
    return (
        update(_letters)
        .where(
            letter.id == to.id,
            case((is_next, and_(is_ours, may_begin())), else_=or_(was_begun, _is_held_for_lost())),
        )
        .values(
            state=to.state,
            changed_at=to.at,
            changed_by=null(),
            claimed_by=case((is_next, letter.claimed_by)),
            # What only the last one gets, the next one keeps as it was.
            last_answer=case((is_next, letter.last_answer), else_=_constant(TAKEN)),
            sent_at=case((is_next, letter.sent_at), else_=to.at),
        )
        .returning(letter.id)
    )


def _step(name: str, state: LetterState) -> Select[*tuple[Any, ...]]:
    return select(
        bindparam(f"{name}_id", type_=_letters.c.id.type).label("id"),
        _constant(state).label("state"),
        bindparam(f"{name}_at", type_=_letters.c.changed_at.type).label("at"),
    )


def _constant(word: str) -> ColumnClause[str]:
    """Return a word of our own that stands in the statement and is not sent each time."""
    return literal_column(f"'{word}'", String)


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
