"""What becomes of letters that have left, as the worker would note it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import inspect

from petition.core.storage.database import session, single_statements, transaction
from petition.letters.bounces.actions import note_bounce
from petition.letters.letter.models import Letter
from petition.letters.post import batches, outcomes, sending
from petition.letters.post.batches import BatchPlace
from petition.letters.post.sending import ClaimedLetter
from petition.outbox.actions import beat
from tests.factories import NOON, end_reading

WORKER = "worker"
End = Callable[[ClaimedLetter, datetime], None]


def claim(at: datetime = NOON, *, worker: str = WORKER, most: int = 50) -> list[ClaimedLetter]:
    """Claim letters to the offices that are at work, inside a transaction; the oldest first."""
    batch = batches.open_batch(worker)
    found: list[ClaimedLetter] = []
    for office in sorted(sending.offices_at_work(at), key=lambda one: one.recipient_id):
        found += sending.claim(batch, office, at, most=most - len(found))
    return sorted(found, key=lambda letter: letter.id)


def begin(letter: ClaimedLetter) -> bool:
    """Begin a letter that was claimed; whether it may leave."""
    with single_statements() as connection:
        return BatchPlace(letter.batch, connection).move_to(letter.id)


def end(end_of: End, letter: ClaimedLetter, at: datetime = NOON) -> None:
    """Note what became of a letter."""
    with transaction():
        end_of(letter, at)


def claimed(at: datetime = NOON) -> list[int]:
    """Return which letters a worker could send now, and let go of them again."""
    with transaction():
        beat(WORKER, at)
        found = claim(at)
        sending.release(found, at)
    return sorted(letter.id for letter in found)


def leave(end_of: End, at: datetime = NOON) -> int:
    """Let every letter leave that may, with this end; return how many did."""
    with transaction():
        beat(WORKER, at)
        found = claim(at)
    for letter in found:
        assert begin(letter)
        end(end_of, letter, at)
    return len(found)


def arrives(letter: ClaimedLetter, at: datetime) -> None:
    """Let the mail server take it."""
    outcomes.note_sent([letter], at)


def is_refused(letter: ClaimedLetter, at: datetime) -> None:
    """Let the mail server refuse it."""
    outcomes.note(outcomes.refused(letter, "550", at))


def is_in_doubt(letter: ClaimedLetter, at: datetime) -> None:
    """Let nobody know whether the mail server took it."""
    outcomes.note(outcomes.in_doubt(letter, "TimeoutError", at))


def is_put_off(letter: ClaimedLetter, at: datetime) -> None:
    """Let the mail server refuse it for now."""
    outcomes.note(outcomes.postponed(letter, "451", at, first_pause=timedelta(minutes=1)))


def comes_back(letter: Letter) -> None:
    """Let a letter that arrived come back."""
    with transaction():
        assert note_bounce(letter.message_id, "5.1.1", NOON) is not None


def fresh(letter: Letter) -> Letter:
    """Return the letter as it is now, be it from a session that is over."""
    found = session.get_one(Letter, inspect(letter).identity, populate_existing=True)
    end_reading()
    return found
