"""Sealing anew, under the current key, what is sealed under another: in small batches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, select

from petition.core.keyring import sealing
from petition.core.keyring.sealing import SealBroken, Sealed, seal, unseal
from petition.core.storage.database import session, transaction
from petition.safekeeping.sealed import SEALED, Column

BATCH = 200


@dataclass(frozen=True, slots=True)
class Resealed:
    """What became of one column."""

    column: str
    done: int
    broken: int
    """Rows that no key opens: they stay as they are."""


def reseal(go_on: Callable[[], bool] = lambda: True) -> Iterator[Resealed]:
    """Yield each column once it is under the current key. Short transactions.

    Stops early where `go_on` says no. Whoever goes on later begins with what is left.
    """
    current = sealing.keys(fresh=True).current
    for column in SEALED:
        done, broken, last = 0, 0, None
        while go_on():
            rows, unread, last = _reseal_batch(column, current, last)
            done, broken = done + rows, broken + unread
            if last is None:
                yield Resealed(f"{column[0].__tablename__}.{column[1]}", done, broken)
                break


def _reseal_batch(column: Column, current: str, after: Any) -> tuple[int, int, Any]:
    """Return how many rows were sealed anew, how many do not open, and the last one looked at."""
    model, box, key, context = column
    (primary_key,) = inspect(model).primary_key
    statement = select(model).where(getattr(model, key) != current).order_by(primary_key)
    if after is not None:
        statement = statement.where(primary_key > after)
    done = broken = 0
    with transaction():
        rows = list(session.scalars(statement.limit(BATCH).with_for_update()))
        for row in rows:
            try:
                opened = unseal(Sealed(getattr(row, key), getattr(row, box)), context(row))
            except SealBroken:
                broken += 1
                continue
            sealed = seal(opened, context(row))
            setattr(row, key, sealed.key_id)
            setattr(row, box, sealed.box)
            done += 1
    last = inspect(rows[-1]).identity[0] if len(rows) == BATCH else None
    session.remove()
    return done, broken, last
