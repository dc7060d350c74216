"""What becomes of letters that have left, as the worker would note it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import inspect

from petition.core.database import session, transaction
from petition.letters import afterwards, outcomes, sending
from petition.letters.letter import Letter
from petition.letters.outcomes import Outcome
from petition.letters.sending import ClaimedLetter
from petition.outbox.actions import beat
from tests.factories import NOON

WORKER = "worker"
End = Callable[[ClaimedLetter, datetime], Outcome]


def claim(at: datetime = NOON, *, worker: str = WORKER, most: int = 50) -> list[ClaimedLetter]:
    """Claim letters to the offices that are at work, inside a transaction."""
    found: list[ClaimedLetter] = []
    for office in sorted(sending.offices_at_work(at), key=lambda one: one.recipient_id):
        found += sending.claim(worker, office, at, most=most - len(found))
    return found


def begin(letter: ClaimedLetter, at: datetime = NOON, *, worker: str = WORKER) -> None:
    """Mark a claimed letter as being sent, inside a transaction."""
    assert outcomes.begin_after(None, letter, worker, at, session.connection())


def end(outcome: Outcome, *, worker: str = WORKER) -> None:
    """Note what became of a letter."""
    with transaction():
        outcomes.note(outcome, worker)


def claimed(at: datetime = NOON) -> list[int]:
    """Return which letters a worker could send now, and let go of them again."""
    with transaction():
        beat(WORKER, at)
        found = claim(at)
        sending.release(found, WORKER)
    return sorted(letter.id for letter in found)


def leave(end_of: End, at: datetime = NOON) -> int:
    """Let every letter leave that may, with this end; return how many did."""
    with transaction():
        beat(WORKER, at)
        found = claim(at)
        for letter in found:
            begin(letter, at)
            outcomes.note(end_of(letter, at), WORKER)
    return len(found)


def arrives(letter: ClaimedLetter, at: datetime) -> Outcome:
    """Let the mail server take it."""
    return outcomes.sent(letter, at)


def is_refused(letter: ClaimedLetter, at: datetime) -> Outcome:
    """Let the mail server refuse it."""
    return outcomes.refused(letter, "550", at)


def is_in_doubt(letter: ClaimedLetter, at: datetime) -> Outcome:
    """Let nobody know whether the mail server took it."""
    return outcomes.in_doubt(letter, "TimeoutError", at)


def is_put_off(letter: ClaimedLetter, at: datetime) -> Outcome:
    """Let the mail server refuse it for now."""
    return outcomes.postponed(letter, "451", at, first_pause=timedelta(minutes=1))


def comes_back(letter: Letter) -> None:
    """Let a letter that arrived come back."""
    with transaction():
        assert afterwards.bounced(letter.message_id, NOON) is not None


def fresh(letter: Letter) -> Letter:
    """Return the letter as it is now, be it from a session that is over."""
    found = session.get_one(Letter, inspect(letter).identity, populate_existing=True)
    session.commit()
    return found
