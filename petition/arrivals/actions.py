"""Verbs of arrivals: append one, take them in. None of them commits.

What a stranger posts is checked by its form alone and appended by one statement, whoever they are
and whatever they did before: neither the answer nor its time tells who has signed. The worker
decides what becomes of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, func, select, update

from petition.arrivals.models import Arrival, arrival_context
from petition.core.clock import hour_of
from petition.core.keyring.sealing import Sealed, seal, unseal
from petition.core.log import log
from petition.core.storage.database import insert_into, rows_of, session
from petition.core.storage.purging import delete_some
from petition.core.storage.together import save_row

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
KEEP = timedelta(days=7)
"""So long what cannot be taken in waits for its key, or for a mended program."""
_arrivals = rows_of(Arrival)
_in_order = (
    select(*(_arrivals.c[n] for n in ("id", "kind", "content_key", "content", "about", "attempts")))
    .order_by(_arrivals.c.attempts, _arrivals.c.id)
    .with_for_update()
)
_is_later = and_(
    _arrivals.c.due_at > bindparam("present", type_=_arrivals.c.due_at.type),
    _arrivals.c.due_at <= bindparam("latest", type_=_arrivals.c.due_at.type),  # else the clock
)
_due = _in_order.where(
    _arrivals.c.kind.in_(bindparam("kinds", expanding=True)), ~_is_later.is_(True)
).limit(bindparam("most"))
_dropping = delete(_arrivals).where(_arrivals.c.id.in_(bindparam("taken", expanding=True)))


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


def append(
    kind: str,
    content: bytes,
    at: datetime,
    *,
    about: bytes | None = None,
    aim: int | None = None,
    alone: bool = False,
) -> None:
    """Keep what a form brought in; by `about` and `aim` it can be found again.

    It is written by the session, or `alone`, in a transaction of its own.

    Of what goes from one draft to one recipient the last is kept: whoever sends it again and again
    gives a worker one letter to look at.
    """
    if about is not None and aim is not None:
        take_back(about, aim)
    sealed = seal(content, arrival_context(kind))
    row = {
        "kind": kind,
        "content": sealed.box,
        "content_key": sealed.key_id,
        "about": about,
        "aim": aim,
        "arrived_at": hour_of(at),
        "attempts": 0,
    }
    if alone:
        save_row(Arrival, row)
    else:
        session.execute(insert_into(Arrival), row)


def due(kinds: Sequence[str], at: datetime, most: int) -> list[Arrived]:
    """Return up to `most` arrivals of these kinds that are due, locked.

    In their order; those that could not be taken in before hold up none that is new.
    """
    given = {"kinds": list(kinds), "present": at, "latest": at + LONGEST_PAUSE, "most": most}
    return _read(_due, given)


def _read(which: Select[Any], given: dict[str, Any]) -> list[Arrived]:
    return [
        Arrived(row.id, row.kind, Sealed(row.content_key, row.content), row.about, row.attempts)
        for row in session.execute(which, given)
    ]


def drop(taken: Sequence[Arrived]) -> None:
    """Forget arrivals that were taken in."""
    if taken:
        session.execute(_dropping, {"taken": [one.id for one in taken]})


def put_off(arrived: Arrived, at: datetime) -> None:
    """Try one that could not be taken in again after growing pauses."""
    pause = min(FIRST_PAUSE * 2 ** min(arrived.attempts, 20), LONGEST_PAUSE)
    again = {"due_at": at + pause, "attempts": arrived.attempts + 1}
    session.execute(update(_arrivals).where(_arrivals.c.id == arrived.id).values(**again))


def take_back(about: bytes, aim: int | None = None) -> None:
    """Forget what was not taken in yet: all about this, or what goes to one recipient.

    What a worker is taking in at this moment is left to it: who waits for it here may hold what it
    waits for.
    """
    which = _arrivals.c.about == about
    if aim is not None:
        which &= _arrivals.c.aim == aim
    free = select(_arrivals.c.id).where(which).with_for_update(skip_locked=True)
    session.execute(delete(_arrivals).where(_arrivals.c.id.in_(free)))


def follow(about: bytes, new: bytes) -> None:
    """Let what arrived from a draft belong to it under its new link too.

    What a worker is taking in at this moment is waited for.
    """
    session.execute(update(_arrivals).where(_arrivals.c.about == about).values(about=new))


def oldest_hour() -> datetime | None:
    """Return in which hour the oldest of all that waits has arrived; None where nothing waits."""
    return session.scalar(select(func.min(Arrival.arrived_at)))


def of_kind(kind: str) -> list[Arrived]:
    """Return all of a kind that waits, due or not."""
    return _read(_in_order.where(_arrivals.c.kind == bindparam("of_kind")), {"of_kind": kind})


def purge(at: datetime) -> bool:
    """Forget some arrivals that could not be taken in for a week; true when there may be more.

    What nobody has tried to take in waits for a worker, however long.
    """
    are_old = (_arrivals.c.arrived_at < at - KEEP) & (_arrivals.c.attempts > 0)
    gone = session.scalar(select(func.count()).select_from(_arrivals).where(are_old))
    if gone:
        fields = {"arrivals": gone}
        log.error("arrivals that nobody could take in are forgotten", extra={"fields": fields})
    return delete_some(_arrivals, are_old)
