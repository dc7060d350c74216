"""What became of a letter that was begun, as far as anybody knows, and how that is noted.

A worker is at one letter at a time: as it begins the next it notes what the last came to, in one
statement, so that whoever is killed leaves no more than one letter in doubt. None of it commits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
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
_letters = rows_of(Letter)
_CHANGED: dict[str, Column[Any]] = {
    "id": _letters.c.id,
    "state": _letters.c.state,
    "at": _letters.c.changed_at,
    "answer": _letters.c.last_answer,
    "sent_at": _letters.c.sent_at,
    "due_at": _letters.c.due_at,
    "attempts": _letters.c.attempts,
}
"""What a step says, and the columns that it changes; the last four only where it says something."""


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
    """Note an outcome and what follows from it."""
    letter = outcome.letter
    nothing = _step("next", None, outcome.at)
    session.execute(_two_steps(), _step_of("last", outcome) | nothing | {"worker": worker})
    if not outcome.was_tried:
        give_back_pace(letter.recipient_id, letter.paced_in, 1)
    if outcome.is_mailbox_gone:
        session.execute(
            update(Mailroom)
            .where(Mailroom.recipient_id == letter.recipient_id, Mailroom.suspect_since.is_(None))
            .values(suspect_since=outcome.at)
        )


def begin(
    connection: Connection,
    letter: ClaimedLetter,
    worker: str,
    at: datetime,
    *,
    after: Outcome | None = None,
) -> bool:
    """Mark a letter as being sent and, in the same moment, the one `after` which it comes as sent.

    False when the letter may not leave any more, or is no longer this worker's. Raises ValueError
    where the one before was not sent: more may follow from that, see `note`.
    """
    if after is not None and after.state != LetterState.SENT:
        raise ValueError("only what was sent is noted together with the next")
    last = _step("last", None, at) if after is None else _step_of("last", after)
    following = _step("next", letter, at, LetterState.SENDING)
    marked = connection.scalars(_two_steps(), last | following | {"worker": worker})
    return letter.id in marked.all()


def _step_of(name: str, outcome: Outcome) -> dict[str, object]:
    return _step(
        name,
        outcome.letter,
        outcome.at,
        outcome.state,
        answer=outcome.answer,
        sent_at=outcome.at if outcome.state == LetterState.SENT else None,
        due_at=outcome.try_again_at,
        attempts=None if outcome.try_again_at is None else outcome.letter.attempts + 1,
    )


def _step(
    name: str,
    letter: ClaimedLetter | None,
    at: datetime,
    state: LetterState = LetterState.SENDING,
    **more: object,
) -> dict[str, object]:
    """Return the values of one step; without a letter it is a step of none."""
    values = dict.fromkeys(_CHANGED) | more
    values |= {"id": NO_LETTER if letter is None else letter.id, "state": state, "at": at}
    return {f"{name}_{column}": value for column, value in values.items()}


@lru_cache
def _two_steps() -> Update:
    """Return the statement that a worker runs for each letter, made once.

    Its steps are rows beside the letters, and each letter that still may takes its own.
    """
    letter = _letters.c
    step = union_all(_row("last"), _row("next")).subquery("step").c
    is_ours = letter.claimed_by == bindparam("worker", type_=letter.claimed_by.type)
    is_beginning = step.state == LetterState.SENDING
    is_held_for_lost = and_(
        step.state == LetterState.SENT,
        letter.state == LetterState.UNKNOWN,
        letter.last_answer == DIED,
    )
    may_be_noted = or_(and_(letter.state == LetterState.SENDING, is_ours), is_held_for_lost)
    return (
        update(_letters)
        .where(
            letter.id == step.id,
            case((is_beginning, and_(is_ours, may_begin())), else_=may_be_noted),
        )
        .values(
            state=step.state,
            changed_at=step.at,
            changed_by=None,
            claimed_by=case((is_beginning, letter.claimed_by)),
            **{
                _CHANGED[key].name: func.coalesce(step[key], _CHANGED[key])
                for key in ("answer", "sent_at", "due_at", "attempts")
            },
        )
        .returning(letter.id)
    )


def _row(name: str) -> Select[*tuple[Any, ...]]:
    values = (bindparam(f"{name}_{key}", type_=kept.type) for key, kept in _CHANGED.items())
    return select(*(value.label(key) for value, key in zip(values, _CHANGED, strict=True)))


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
