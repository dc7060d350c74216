"""What is decided about a letter after it was confirmed, by its writer or a moderator."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import update

from petition.core.errors import DomainError
from petition.core.keyring.journal import Wish, note
from petition.core.storage.database import rows_of, session
from petition.holds.actions import close, overrule
from petition.letters.letter.models import Letter, LetterState
from petition.letters.letter.states import move
from petition.outbox.origins import LETTER

_letters = rows_of(Letter)
_may_leave_again = _letters.c.content.is_not(None) & (
    (_letters.c.state != LetterState.STOPPED) | _letters.c.changed_by.is_not(None)
)
"""What its writer stopped stays so."""


class TooLate(DomainError):
    """The letter is no longer where this could be done."""


class Decision(StrEnum):
    """What a moderator decides about a letter that waits for one."""

    ARRIVED = "arrived"
    SEND = "send"
    STOP = "stop"


def _move(
    letter: Letter,
    before: set[LetterState],
    after: LetterState,
    at: datetime,
    organiser_id: int | None,
    **more: object,
) -> None:
    which = _letters.c.id == letter.id
    if after == LetterState.QUEUED:
        which &= _may_leave_again
    moved = session.execute(move(which, before, after, at, organiser_id=organiser_id, **more))
    session.expire(letter)
    if moved.rowcount == 0:  # type: ignore[attr-defined]
        raise TooLate


def stop(letter: Letter, at: datetime, *, organiser_id: int | None = None) -> None:
    """Keep a letter from leaving. Raises TooLate once it is on its way."""
    before = {LetterState.QUEUED, LetterState.UNKNOWN} if organiser_id else {LetterState.QUEUED}
    _move(letter, before, LetterState.STOPPED, at, organiser_id)
    if organiser_id is None:
        note(Wish.LETTER_STOPPED, letter.id, letter.supporter_tag, at)
    else:
        close(LETTER, letter.id, organiser_id, at, accepted=False)


def resume(letter: Letter, organiser_id: int, at: datetime) -> None:
    """Let a letter leave that an organiser stopped, or that failed.

    Raises TooLate where it was neither, or its words are gone.
    """
    before = {LetterState.STOPPED, LetterState.FAILED}
    more = {"attempts": 0, "on_hold": False, "paced_in": None}
    _move(letter, before, LetterState.QUEUED, at, organiser_id, **more)
    overrule(LETTER, letter.id, organiser_id, at)


def settle(letter: Letter, arrived: bool, organiser_id: int, at: datetime) -> None:
    """Decide about a letter of which nobody knew: it arrived, or it is to be sent (again).

    Raises TooLate where somebody has decided already.
    """
    if arrived:
        _move(letter, {LetterState.UNKNOWN}, LetterState.SENT, at, organiser_id)
        return
    more = {"attempts": 0, "paced_in": None}
    _move(letter, {LetterState.UNKNOWN}, LetterState.QUEUED, at, organiser_id, **more)


def release_held(letter: Letter, organiser_id: int, at: datetime) -> None:
    """Let a letter go on that waited for a moderator, and note who let it.

    Raises TooLate where it does not wait any more.
    """
    released = session.execute(
        update(_letters)
        .where(
            _letters.c.id == letter.id,
            _letters.c.state == LetterState.QUEUED,
            _letters.c.on_hold,
        )
        .values(on_hold=False, changed_by=organiser_id)
    )
    _let_go(letter, released.rowcount, organiser_id, at)  # type: ignore[attr-defined]


def _let_go(letter: Letter, count: int, organiser_id: int, at: datetime) -> None:
    session.expire(letter)
    if count == 0:
        raise TooLate
    close(LETTER, letter.id, organiser_id, at, accepted=True)


def accept(letter: Letter, organiser_id: int, at: datetime) -> None:
    """Let the writer of a letter confirm it that looked like a program's, and note who let them.

    Nobody was mailed about it so far: `mail_at_last` does so then. Raises TooLate where it does not
    wait any more.
    """
    accepted = session.execute(
        update(_letters)
        .where(_letters.c.id == letter.id, _letters.c.unmailed)
        .values(on_hold=False, unmailed=False, changed_at=at, changed_by=organiser_id)
    )
    _let_go(letter, accepted.rowcount, organiser_id, at)  # type: ignore[attr-defined]


def decide(letter: Letter, decision: Decision, organiser_id: int, at: datetime) -> None:
    """Do what a moderator decides about a letter: unmailed, unknown, failed, on hold or stopped.

    Raises TooLate where it does not wait for this decision.
    """
    if letter.state == LetterState.AWAITING:
        if decision != Decision.SEND:
            raise TooLate
        accept(letter, organiser_id, at)
    elif decision == Decision.STOP:
        stop(letter, at, organiser_id=organiser_id)
    elif letter.state == LetterState.UNKNOWN:
        settle(letter, decision == Decision.ARRIVED, organiser_id, at)
    elif decision == Decision.ARRIVED:
        raise TooLate
    elif letter.state in {LetterState.FAILED, LetterState.STOPPED}:
        resume(letter, organiser_id, at)
    else:
        release_held(letter, organiser_id, at)
