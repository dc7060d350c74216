"""The tally: how many signatures count, kept in batches behind the confirmations.

Every change of a count is an entry, written in the transaction that causes it. The worker takes
entries out and adds them up in one transaction. There is no watermark that a late commit could
slip under: an entry is in the tally or still in its table, never both, never neither.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Subquery, Table, and_, delete, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from petition.core.clock import hour_of
from petition.core.storage.database import advisory_lock, insert_into, session
from petition.core.storage.long_reads import stream_rows
from petition.petitions.models import Petition
from petition.signatures.models import (
    CountryTally,
    HourTally,
    Signature,
    SignatureState,
    Tally,
    TallyEntry,
)

TALLY_LOCK = 7_411_001
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Drift:
    """A petition whose tally differs from its rows."""

    petition_id: int
    tallied: int
    rows: int


def enter(petition_id: int, change: int, country: str, confirmed_at: datetime) -> None:
    """Note that one signature counts from now on (+1) or no longer (-1)."""
    row = {
        "petition_id": petition_id,
        "change": change,
        "country": country,
        "hour": hour_of(confirmed_at),
    }
    session.execute(insert_into(TallyEntry), row)


def take_in(*, most: int = BATCH) -> int:
    """Add up to `most` entries to the totals; return how many were taken."""
    if not advisory_lock(session(), TALLY_LOCK):
        return 0
    oldest = select(TallyEntry.id).order_by(TallyEntry.id).limit(most).cte("oldest")
    taken = session.execute(
        delete(TallyEntry)
        .where(TallyEntry.id.in_(select(oldest.c.id)))
        .returning(TallyEntry.petition_id, TallyEntry.change, TallyEntry.country, TallyEntry.hour)
    ).all()
    totals: Counter[tuple[Any, ...]] = Counter()
    hours: Counter[tuple[Any, ...]] = Counter()
    countries: Counter[tuple[Any, ...]] = Counter()
    for petition_id, change, country, hour in taken:
        totals[petition_id,] += change
        hours[petition_id, hour] += change
        countries[petition_id, country] += change
    _add(Tally, ("petition_id",), totals)
    _add(HourTally, ("petition_id", "hour"), hours)
    _add(CountryTally, ("petition_id", "country"), countries)
    return len(taken)


def _add(
    model: type[Tally | HourTally | CountryTally],
    key: tuple[str, ...],
    changes: Mapping[tuple[Any, ...], int],
) -> None:
    table = cast("Table", model.__table__)
    for values, change in sorted(changes.items()):
        # A CHECK is applied to the row as proposed, before the conflict is seen: never below 0.
        proposed = dict(zip(key, values, strict=True)) | {"count": max(change, 0)}
        statement = insert_into(model).values(proposed)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=key, set_={"count": table.c.count + change}
            )
        )


def counts(petition_ids: list[int]) -> dict[int, int]:
    """Return the tallied count of each petition."""
    found = session.execute(
        select(Tally.petition_id, Tally.count).where(Tally.petition_id.in_(petition_ids))
    )
    return dict.fromkeys(petition_ids, 0) | {row[0]: row[1] for row in found}


def drifts() -> list[Drift]:
    """Compare every tally (entries on their way included) with the rows, in one snapshot.

    Each table is read once, however many petitions there are, and however long that takes.
    """
    counts = and_(Signature.state == SignatureState.CONFIRMED, ~Signature.on_hold)
    rows = _by_petition(Signature.petition_id, func.count(), counts)
    entered = _by_petition(TallyEntry.petition_id, func.sum(TallyEntry.change), true())
    tallied = func.coalesce(Tally.count, 0) + func.coalesce(entered.c.total, 0)
    compared = (
        select(Petition.id, tallied, func.coalesce(rows.c.total, 0))
        .outerjoin(Tally, Tally.petition_id == Petition.id)
        .outerjoin(entered, entered.c.petition_id == Petition.id)
        .outerjoin(rows, rows.c.petition_id == Petition.id)
    )
    return [Drift(*row) for row in stream_rows(compared) if row[1] != row[2]]


def _by_petition(
    petition_id: InstrumentedAttribute[int], total: ColumnElement[int], which: ColumnElement[bool]
) -> Subquery:
    grouped = select(petition_id.label("petition_id"), total.label("total")).where(which)
    return grouped.group_by(petition_id).subquery()


def entries_waiting() -> int:
    """Return how many changes the tally has not taken in yet."""
    return session.scalar(select(func.count()).select_from(TallyEntry)) or 0
