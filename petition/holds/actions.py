"""Verbs of holds, the same for every kind of thing that waits. None commits.

`kind` names the thing as in `outbox.origins`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Column, delete, update

from petition.core.clock import hour_of
from petition.core.storage.database import insert_into, rows_of, session
from petition.holds.models import Hold, HoldCause

_holds = rows_of(Hold)


def held(kind: str) -> Column[Any]:
    """Return the column with the number of what waits, of this kind."""
    return _holds.c[f"{kind}_id"]


def hold(kind: str, numbers: Iterable[int], cause: HoldCause, at: datetime) -> None:
    """Note why these wait for a moderator from now on."""
    row = {"cause": cause, "opened_at": hour_of(at)}
    rows = [{held(kind).name: number, **row} for number in numbers]
    if rows:
        session.execute(insert_into(Hold), rows)


def close(kind: str, number: int, organiser_id: int, at: datetime, *, accepted: bool) -> None:
    """Note what was decided about one that waits; nothing where it does not."""
    session.execute(
        update(_holds)
        .where(held(kind) == number, _holds.c.closed_at.is_(None))
        .values(closed_at=at, closed_by=organiser_id, accepted=accepted)
    )


def overrule(kind: str, number: int, organiser_id: int, at: datetime) -> None:
    """Note that one is let go on after all, whatever was decided about it before."""
    verdict = {"closed_at": at, "closed_by": organiser_id, "accepted": True}
    session.execute(update(_holds).where(held(kind) == number).values(**verdict))


def drop(kind: str, number: int) -> None:
    """Delete the holds of one that something else takes the place of."""
    session.execute(delete(_holds).where(held(kind) == number))
