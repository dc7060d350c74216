"""Reads of signatures."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, literal_column, select

from petition.core.keyring.sealing import if_whole
from petition.core.storage.database import session
from petition.signatures.models import (
    CountryTally,
    HourTally,
    Signature,
    SignatureState,
    Tally,
    Visibility,
)
from petition.signatures.persons import first_name

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


_shown_of = (
    select(Signature)
    .where(
        Signature.petition_id == bindparam("petition_id"),
        literal_column("signature.reason_shown"),  # as the partial index says it
        Signature.state == SignatureState.CONFIRMED,
        Signature.visibility != Visibility.PRIVATE,
        ~Signature.on_hold,
    )
    .order_by(Signature.confirmed_at.desc(), Signature.id.desc())
    .limit(MOST_REASONS)
)
_tallied_of = select(Tally.count).where(Tally.petition_id == bindparam("petition_id"))


def shown_reasons(petition_id: int) -> list[ShownReason]:
    """Return the newest reasons that may be shown, with the name as its owner chose."""
    signatures = session.scalars(_shown_of, {"petition_id": petition_id})
    found = [_shown(signature) for signature in signatures]
    return [reason for reason in found if reason is not None]


def _shown(signature: Signature) -> ShownReason | None:
    person = if_whole(signature.opened)
    if person is None:
        return None
    name = person.name
    if signature.visibility == Visibility.FIRST_NAME:
        name = first_name(name)
    moment = signature.confirmed_at or signature.signed_at
    return ShownReason(person.reason or "", name, signature.country, moment)


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
