"""What becomes of letters that have left, as the worker would note it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import inspect

from petition.core.database import session, transaction
from petition.letters import afterwards, outcomes, sending
from petition.letters.letter import Letter
from petition.letters.sending import ClaimedLetter
from petition.outbox.actions import beat
from tests.factories import NOON

WORKER = "worker"
Note = Callable[[ClaimedLetter, datetime], None]


def claimed(at: datetime = NOON) -> list[int]:
    """Return which letters a worker could send now, and let go of them again."""
    with transaction():
        beat(WORKER, at)
        found = sending.claim(WORKER, at, most=50)
        sending.release(found, WORKER)
    return sorted(letter.id for letter in found)


def leave(note: Note, at: datetime = NOON) -> int:
    """Let every letter leave that may, with this end; return how many did."""
    with transaction():
        beat(WORKER, at)
        found = sending.claim(WORKER, at, most=50)
        for letter in found:
            assert sending.begin(letter, WORKER, at)
            note(letter, at)
    return len(found)


def arrives(letter: ClaimedLetter, at: datetime) -> None:
    """Let the mail server take it."""
    outcomes.sent(letter, WORKER, at)


def is_refused(letter: ClaimedLetter, at: datetime) -> None:
    """Let the mail server refuse it."""
    outcomes.refused(letter, WORKER, "550", at)


def is_in_doubt(letter: ClaimedLetter, at: datetime) -> None:
    """Let nobody know whether the mail server took it."""
    outcomes.in_doubt(letter, WORKER, "TimeoutError", at)


def comes_back(letter: Letter) -> None:
    """Let a letter that arrived come back."""
    with transaction():
        assert afterwards.bounced(letter.message_id, NOON) is not None


def fresh(letter: Letter) -> Letter:
    """Return the letter as it is now, be it from a session that is over."""
    found = session.get_one(Letter, inspect(letter).identity, populate_existing=True)
    session.commit()
    return found
