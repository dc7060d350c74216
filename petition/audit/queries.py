"""Reads of the log: page by page, and how many pages of names each organiser has read."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select

from petition.audit.acts import Act
from petition.audit.models import About, Actor, AuditEntry
from petition.audit.noting import FAILURES_AN_HOUR
from petition.core.keyring.sealing import SealBroken
from petition.core.storage.database import session
from petition.core.storage.paging import Cursor, Page, PageRequest, page_of


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries to list; what is None does not matter."""

    actor: Actor | None = None
    organiser_id: int | None = None
    act: Act | None = None
    since: date | None = None
    """The first UTC day."""
    until: date | None = None
    """The last UTC day."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry, opened."""

    number: int
    at: datetime
    act: str
    actor: Actor
    organiser_id: int | None
    about: About | None
    """What it was done to; None where that does not open."""


def entries(filters: Filters, request: PageRequest) -> Page[Listed]:
    """Return one page of the log, the newest first."""
    found = page_of(
        select(AuditEntry).where(*_conditions(filters)),
        AuditEntry.at,
        AuditEntry.number,
        request,
        lambda row: Cursor(row[0].at, row[0].number),
    )
    return Page([_listed(row[0]) for row in found.rows], found.newer, found.older)


def names_read(first: date, last: date) -> dict[int, dict[date, int]]:
    """Return how many pages of names each organiser has read on each of these UTC days."""
    day = func.date(AuditEntry.at)
    counted = session.execute(
        select(AuditEntry.organiser_id, day, func.count())
        .where(*_conditions(Filters(act=Act.NAMES_READ, since=first, until=last)))
        .group_by(AuditEntry.organiser_id, day)
    )
    found: defaultdict[int, dict[date, int]] = defaultdict(dict)
    for organiser_id, on, count in counted:
        if organiser_id is not None:
            found[organiser_id][date.fromisoformat(str(on))] = count
    return dict(found)


def was_changed(since: date | None = None) -> bool:
    """Whether an entry, of that UTC day or later, says that the log was changed from outside."""
    noted = select(AuditEntry.number).where(*_conditions(Filters(act=Act.LOG_CHANGED, since=since)))
    return session.scalar(noted.limit(1)) is not None


def logins_under_attack(at: datetime) -> list[int]:
    """Return the organisers at whose logins passwords are tried, again and again, in this hour."""
    statement = (
        select(AuditEntry.organiser_id)
        .where(
            AuditEntry.act == Act.LOGIN_FAILED.value,
            AuditEntry.at > at - timedelta(hours=1),
            AuditEntry.organiser_id.is_not(None),
        )
        .group_by(AuditEntry.organiser_id)
        .having(func.count() >= FAILURES_AN_HOUR)
    )
    return [number for number in session.scalars(statement) if number is not None]


def _listed(entry: AuditEntry) -> Listed:
    try:
        about: About | None = entry.opened()
    except SealBroken:
        about = None
    return Listed(entry.number, entry.at, entry.act, entry.actor, entry.organiser_id, about)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.actor is not None:
        conditions.append(AuditEntry.actor == filters.actor)
    if filters.organiser_id is not None:
        conditions.append(AuditEntry.organiser_id == filters.organiser_id)
    if filters.act is not None:
        conditions.append(AuditEntry.act == filters.act.value)
    if filters.since is not None:
        conditions.append(AuditEntry.at >= _midnight(filters.since))
    if filters.until is not None:
        conditions.append(AuditEntry.at < _midnight(filters.until + timedelta(days=1)))
    return conditions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
