"""Batches: letters that a worker has claimed, and takes to the mail server one after the other.

SMTP cannot be exactly-once. Before a letter is handed over, the place of its batch is moved to it;
the batch is noted as a whole when it is over. So whoever is killed leaves one letter of which
nobody knows, and that one waits for a person: the letter at the place. Those with lower numbers
have left, unless something else was noted of them; those with higher ones were not begun. Where
the database crashed as well and the place is lost, all that is left in the batch waits.
None of it commits, but for `BatchPlace.move_to`.
"""

import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    literal_column,
    select,
    update,
)

from petition.core.storage.database import rows_of, session
from petition.core.storage.together import Repeated
from petition.letters.campaigns.halting import is_halted
from petition.letters.letter.models import Letter, LetterState
from petition.letters.letter.states import KEPT, move
from petition.letters.post.models import LetterBatch, LetterPlace
from petition.outbox.actions import WORKER_SILENT_AFTER
from petition.outbox.models import Worker
from petition.recipients.models import Mailroom

DIED = "worker died"
TAKEN = "250"
NO_LETTER = 0
"""No letter has this number: those of the database begin with one."""
_batches = rows_of(LetterBatch)
_places = rows_of(LetterPlace)
_letters = rows_of(Letter)


def open_batch(worker: str) -> str:
    """Open a batch of this worker, without letters so far; return its name."""
    name = secrets.token_hex(16)
    session.execute(insert(_batches).values(id=name, worker_id=worker))
    session.execute(insert(_places).values(batch_id=name, letter_id=NO_LETTER))
    return name


class BatchPlace:
    """The place of a batch, moved on a connection on which each statement is a transaction."""

    def __init__(self, batch: str, connection: Connection) -> None:
        self._batch = batch
        self._to_letter = Repeated(connection, _to_letter())

    def move_to(self, letter_id: int) -> bool:
        """Move it to the next letter, which is begun then; false when that may not leave any more.

        False as well where others held the worker for dead and have settled its batch.
        """
        return self._to_letter.run({"letter_id": letter_id, "batch": self._batch}) == 1


@lru_cache
def _to_letter() -> Update:
    batch = bindparam("batch", type_=_places.c.batch_id.type)
    letter_id = bindparam("letter_id", type_=_letters.c.id.type)
    is_in_it = and_(_letters.c.id == letter_id, _letters.c.claimed_by == batch)
    return (
        update(_places)
        .where(_places.c.batch_id == batch, exists().where(is_in_it, _may_be_handed_over()))
        .values(letter_id=letter_id)
    )


def _may_be_handed_over() -> ColumnElement[bool]:
    """Return the condition under which a claimed letter may still leave."""
    is_suspect = exists().where(
        Mailroom.recipient_id == _letters.c.recipient_id, Mailroom.suspect_since.is_not(None)
    )
    return and_(
        _letters.c.state == literal_column(f"'{LetterState.SENDING}'"),
        ~_letters.c.on_hold,
        ~is_halted(_letters.c.letter_campaign_id),
        ~is_suspect,
    )


def lock_batch(batch: str) -> bool:
    """Keep a batch from being settled until the transaction ends; false where it was."""
    found = select(_batches.c.id).where(_batches.c.id == batch).with_for_update()
    return session.scalar(found) is not None


def close_batch(batch: str) -> int | None:
    """End a batch, before what became of its letters is noted: nobody else settles it any more.

    Returns its place; None where that is lost, or the batch was settled.
    """
    lock_batch(batch)  # before its place, as whoever settles it for its worker does
    of_it = _places.c.batch_id == batch
    place = session.execute(delete(_places).where(of_it).returning(_places.c.letter_id)).scalar()
    session.execute(delete(_batches).where(_batches.c.id == batch))
    return place


def settle_by_place(batch: str, place: int | None, at: datetime) -> None:
    """Settle what is still in a batch: it was sent, nobody knows, or it waits as before.

    What is in doubt stays claimed: should its worker be alive, what that knows counts.
    """
    letter, sending = _letters.c, {LetterState.SENDING}
    its = in_doubt = letter.claimed_by == batch
    if place is not None:
        was_sent, in_doubt = its & (letter.id < place), its & (letter.id == place)
        taken: dict[str, Any] = {"sent_at": letter.changed_at, "last_answer": TAKEN}  # when claimed
        session.execute(move(was_sent, sending, LetterState.SENT, at, **taken))
    still: dict[str, Any] = {"claimed_by": KEPT, "last_answer": DIED}
    session.execute(move(in_doubt, sending, LetterState.UNKNOWN, at, **still))
    session.execute(move(its, sending, LetterState.QUEUED, at, due_at=KEPT))


def settle_abandoned(at: datetime) -> None:
    """Settle the batches whose worker has died."""
    for batch in session.scalars(_abandoned(at).with_for_update(skip_locked=True)).all():
        settle_by_place(batch, close_batch(batch), at)


def is_held_for_lost(batch: str) -> ColumnElement[bool]:
    """Return the condition that others have put a letter of this batch in doubt."""
    letter = _letters.c
    is_lost = and_(letter.state == LetterState.UNKNOWN, letter.last_answer == DIED)
    return and_(is_lost, letter.claimed_by == batch)


def something_is_abandoned(at: datetime) -> bool:
    """Whether a batch's worker has died; read before writing."""
    return bool(session.scalar(select(_abandoned(at).exists())))


def _abandoned(at: datetime) -> Select[str]:
    alive = exists().where(
        Worker.id == _batches.c.worker_id, Worker.beat_at > at - WORKER_SILENT_AFTER
    )
    return select(_batches.c.id).where(~alive)
