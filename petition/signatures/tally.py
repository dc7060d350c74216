"""The tally: how many signatures count, kept in batches behind the confirmations."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, func, literal_column, select

from petition.core.clock import hour_of
from petition.core.storage.database import Base, is_sqlite, rows_of, session
from petition.core.storage.ledger import Ledger, key_of
from petition.core.storage.together import Write, addition, write
from petition.signatures.models import (
    CountryTally,
    HourTally,
    Signature,
    SignatureState,
    Tally,
    TallyEntry,
)


def enter(petition_id: int, change: int, country: str, confirmed_at: datetime) -> None:
    """Note that one signature counts from now on (+1) or no longer (-1)."""
    write(entering(petition_id, change, country, confirmed_at))


def entering(petition_id: int, change: int, country: str, confirmed_at: datetime) -> Write:
    """Return what `enter` does."""
    row = {
        "petition_id": petition_id,
        "change": change,
        "country": country,
        "hour": hour_of(confirmed_at),
    }
    return addition(TallyEntry, row)


def counts(petition_ids: list[int]) -> dict[int, int]:
    """Return the tallied count of each petition."""
    found = session.execute(
        select(Tally.petition_id, Tally.count).where(Tally.petition_id.in_(petition_ids))
    )
    return dict.fromkeys(petition_ids, 0) | {row[0]: row[1] for row in found}


def countries_of(petition_ids: list[int]) -> set[str]:
    """Return from which countries signatures of these petitions come that count."""
    its = CountryTally.petition_id.in_(petition_ids), CountryTally.count > 0
    return set(session.scalars(select(CountryTally.country).where(*its).distinct()))


def _counted(totals: type[Base]) -> Select[*tuple[Any, ...]]:
    its = rows_of(Signature).c
    columns = [_hour(its.confirmed_at) if name == "hour" else its[name] for name in key_of(totals)]
    counts = its.state == SignatureState.CONFIRMED, ~its.on_hold
    return select(*columns, func.count()).where(*counts).group_by(*columns)


def _hour(moment: Column[Any]) -> ColumnElement[Any]:
    """Cut a moment to its hour: it is one already, but in rows of old that do not open."""
    if is_sqlite():
        return func.strftime(literal_column("'%Y-%m-%d %H:00:00.000000'"), moment)
    return func.date_trunc(literal_column("'hour'"), moment, literal_column("'UTC'"))


LEDGER = Ledger(TallyEntry, (Tally, HourTally, CountryTally), _counted, "Petition {}")
