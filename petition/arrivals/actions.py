"""Verbs of arrivals: append one, take them in. None of them commits.

What a stranger posts is checked by its form alone and appended by one statement, whoever they are
and whatever they did before: neither the answer nor its time tells who has signed. The worker
decides what becomes of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from petition.arrivals.models import Arrival, arrival_context
from petition.core.keyring.sealing import Sealed, seal, unseal
from petition.core.storage.database import insert_into, rows_of, session
from petition.core.storage.purging import delete_some

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
KEEP = timedelta(days=7)
"""So long what cannot be taken in waits for its key, or for a mended program."""
_arrivals = rows_of(Arrival)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One arrival, still sealed."""

    id: int
    kind: str
    sealed: Sealed
    about: bytes | None
    attempts: int

    def opened(self) -> bytes:
        """Return what the form brought in. Raises SealBroken."""
        return unseal(self.sealed, arrival_context(self.kind))


def append(kind: str, content: bytes, at: datetime, *, about: bytes | None = None) -> None:
    """Keep what a form brought in; `about` is the digest of the link to the draft behind it."""
    sealed = seal(content, arrival_context(kind))
    row = {
        "kind": kind,
        "content": sealed.box,
        "content_key": sealed.key_id,
        "about": about,
        "arrived_at": at,
        "attempts": 0,
    }
    session.execute(insert_into(Arrival), row)


def due(at: datetime, most: int) -> list[Arrived]:
    """Return up to `most` arrivals that are due, in their order, locked."""
    return _read(_is_due(at), most)


def _is_due(at: datetime) -> ColumnElement[bool]:
    return or_(_arrivals.c.due_at.is_(None), _arrivals.c.due_at <= at)


def _read(which: ColumnElement[bool], most: int | None = None) -> list[Arrived]:
    found = select(_arrivals).where(which).order_by(_arrivals.c.id).limit(most).with_for_update()
    return [
        Arrived(row.id, row.kind, Sealed(row.content_key, row.content), row.about, row.attempts)
        for row in session.execute(found)
    ]


def drop(taken: Sequence[Arrived]) -> None:
    """Forget arrivals that were taken in."""
    if taken:
        session.execute(delete(_arrivals).where(_arrivals.c.id.in_([one.id for one in taken])))


def put_off(arrived: Arrived, at: datetime) -> None:
    """Try one that could not be taken in again after growing pauses."""
    pause = min(FIRST_PAUSE * 2 ** min(arrived.attempts, 20), LONGEST_PAUSE)
    again = {"due_at": at + pause, "attempts": arrived.attempts + 1}
    session.execute(update(_arrivals).where(_arrivals.c.id == arrived.id).values(**again))


def take_back(about: bytes) -> None:
    """Forget what arrived from a draft and was not taken in yet."""
    session.execute(delete(_arrivals).where(_arrivals.c.about == about))


def follow(about: bytes, new: bytes) -> None:
    """Let what arrived from a draft belong to it under its new link too."""
    session.execute(update(_arrivals).where(_arrivals.c.about == about).values(about=new))


def oldest(at: datetime) -> datetime | None:
    """Return when the oldest arrived that is due; None where nothing waits."""
    return session.scalar(select(func.min(Arrival.arrived_at)).where(_is_due(at)))


def of_kind(kind: str) -> list[Arrived]:
    """Return all of a kind that waits, due or not."""
    return _read(_arrivals.c.kind == kind)


def purge(at: datetime) -> bool:
    """Forget some arrivals that nobody could take in for a week; true when there may be more."""
    return delete_some(_arrivals, _arrivals.c.arrived_at < at - KEEP)
