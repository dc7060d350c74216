"""Reads of signatures."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, literal_column, select, true

from petition.core.keyring.sealing import Sealed, if_whole
from petition.core.storage.database import rows_of, session
from petition.signatures.models import (
    CountryTally,
    HourTally,
    Signature,
    SignatureState,
    Tally,
    Visibility,
)
from petition.signatures.persons import Person, first_name

FEWEST_NAMED = 10
"""A country from which fewer sign is not named, and others are counted in steps of so many."""
MOST_REASONS = 6
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A reason that its author and a moderator let appear in public."""

    text: str
    name: str
    country: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """What a petition's page shows of those who have signed."""

    count: int
    reasons: tuple[ShownReason, ...]


_tally, _signed = rows_of(Tally).c, rows_of(Signature).c
_tallied_of = select(_tally["count"]).where(_tally.petition_id == bindparam("petition_id"))
_shown_of = (
    select(
        *(_signed.id, _signed.supporter_tag, _signed.person, _signed.person_key),
        *(_signed.country, _signed.visibility, _signed.confirmed_at),
    )
    .where(
        _signed.petition_id == bindparam("petition_id"),
        literal_column("signature.reason_shown"),  # as the partial index says it
        _signed.state == literal_column(f"'{SignatureState.CONFIRMED}'"),
        _signed.visibility != literal_column(f"'{Visibility.PRIVATE}'"),
        ~_signed.on_hold,
    )
    .order_by(_signed.confirmed_at.desc(), _signed.id.desc())
    .limit(literal_column(str(MOST_REASONS)))
    .subquery("shown")
)
"""What is always the same stands in it, and is no parameter: with a limit that it does not know
PostgreSQL takes no plan for good, and plans anew each time, which takes longer than to read."""
_both_of = (
    select(_tallied_of.scalar_subquery().label("counted"), _shown_of)
    .select_from(select(literal_column("1")).subquery("one").outerjoin(_shown_of, true()))
    .order_by(_shown_of.c.confirmed_at.desc(), _shown_of.c.id.desc())
)
"""The count and the reasons at once; with no reason a row that has the count alone."""


def shown(petition_id: int) -> Shown:
    """Return the count, and the newest reasons that may be shown, named as their owners chose."""
    rows = session.execute(_both_of, {"petition_id": petition_id}).all()
    reasons = [_reason(row) for row in rows if row.id is not None]
    return Shown(rows[0].counted or 0, tuple(reason for reason in reasons if reason is not None))


def _reason(row: Row[Any]) -> ShownReason | None:
    sealed = Sealed(row.person_key, row.person)
    person = if_whole(lambda: Person.unseal(sealed, row.supporter_tag))
    if person is None:
        return None
    name = first_name(person.name) if row.visibility == Visibility.FIRST_NAME else person.name
    return ShownReason(person.reason or "", name, row.country, row.confirmed_at)


def tallied(petition_id: int) -> int:
    """Return the count that the petition's page shows."""
    return session.scalar(_tallied_of, {"petition_id": petition_id}) or 0


@dataclass(frozen=True, slots=True)
class WeekCount:
    """How many signatures that count were confirmed in one ISO week, in UTC."""

    monday: date
    count: int


@dataclass(frozen=True, slots=True)
class CountryCounts:
    """How many signatures come from each country, the most first, and from all that are not named.

    A country with fewer than `FEWEST_NAMED` is not named.
    """

    named: list[tuple[str, int]]
    others: int


def tallied_by_week(petition_id: int) -> list[WeekCount]:
    """Return every week from the first signature to the last, weeks without one included."""
    weeks: Counter[date] = Counter()
    found = session.execute(
        select(HourTally.hour, HourTally.count).where(
            HourTally.petition_id == petition_id, HourTally.count > 0
        )
    )
    for hour, count in found:
        weeks[hour.date() - timedelta(days=hour.weekday())] += count
    if not weeks:
        return []
    first, last = min(weeks), max(weeks)
    mondays = [first + n * WEEK for n in range((last - first) // WEEK + 1)]
    return [WeekCount(monday, weeks[monday]) for monday in mondays]


def tallied_by_country(petition_id: int) -> CountryCounts:
    """Return how many sign from where, those from countries with few of them together."""
    found = session.execute(
        select(CountryTally.country, CountryTally.count)
        .where(CountryTally.petition_id == petition_id, CountryTally.count > 0)
        .order_by(CountryTally.count.desc(), CountryTally.country)
    ).all()
    named = [(row.country, _in_tens(row[1])) for row in found if row[1] >= FEWEST_NAMED]
    others = sum(row[1] for row in found if row[1] < FEWEST_NAMED)
    return CountryCounts(named, _in_tens(others))


def _in_tens(count: int) -> int:
    """Round down: whoever watches a number must not see one person come."""
    return count // FEWEST_NAMED * FEWEST_NAMED
