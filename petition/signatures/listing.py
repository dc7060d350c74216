"""The list of signatures that organisers page through, the newest first."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Select, and_, func, literal, literal_column, select, tuple_

from petition.core.columns import big_id, utc
from petition.core.database import session
from petition.signatures.actions import tag_for
from petition.signatures.models import (
    TO_READ,
    HoldCause,
    Removal,
    RemovalCause,
    Review,
    Signature,
    SignatureState,
    Visibility,
)

PAGE_ROWS = 50
LARGEST_ID = 2**63 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Written out, not bound: a partial index serves only a condition that repeats its own words.
ON_HOLD: ColumnElement[bool] = literal_column("signature.on_hold")
REASON_TO_READ: ColumnElement[bool] = literal_column(f"({TO_READ})")
NOT_CONFIRMED: ColumnElement[bool] = literal_column("signature.state <> 'confirmed'")


class Cursor(NamedTuple):
    """A place in the list: between this signature and its neighbour."""

    signed_at: datetime
    id: int

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """Return the place that `str` wrote down; None when the text is none of ours."""
        try:
            instant, number = urlsafe_b64decode((text or "").encode()).split(b".")
            cursor = cls(EPOCH + timedelta(microseconds=int(instant)), int(number))
        except (ValueError, OverflowError):
            return None
        return cursor if 0 < cursor.id <= LARGEST_ID else None

    def __str__(self) -> str:
        instant = (self.signed_at - EPOCH) // timedelta(microseconds=1)
        return urlsafe_b64encode(f"{instant}.{self.id}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Filters:
    """Which signatures to list; what is None does not matter."""

    state: SignatureState | None = None
    on_hold: bool = False
    reason_to_read: bool = False
    country: str | None = None
    day: date | None = None
    """The UTC day on which it was signed."""
    email: str | None = None
    """The one signature of this mailbox, found by its tag."""


class Struck(NamedTuple):
    """Who invalidated a signature, and why."""

    organiser_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the list. What names a person is None for eyes that it is not for."""

    id: int
    name: str | None
    reason: str | None
    country: str
    state: SignatureState
    visibility: Visibility
    has_reason: bool
    reason_shown: bool
    on_hold: bool
    hold_cause: HoldCause | None
    signed_at: datetime
    confirmed_at: datetime | None
    struck: Struck | None = None

    @property
    def waits(self) -> bool:
        """Whether a moderator has still to decide."""
        undecided = {SignatureState.PENDING, SignatureState.CONFIRMED}
        return self.on_hold and self.state in undecided


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some rows, and the places from which the pages on either side go on."""

    rows: list[Listed]
    newer: Cursor | None = None
    older: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many signatures of a petition do not count yet."""

    pending: int = 0
    on_hold: int = 0


def list_page(
    petition_id: int,
    filters: Filters,
    *,
    older_than: Cursor | None = None,
    newer_than: Cursor | None = None,
    with_names: bool,
) -> ListPage:
    """Return one page; of two places given, `older_than` is the one that matters."""
    backwards = newer_than is not None and older_than is None
    found = session.execute(_rows(petition_id, filters, older_than, newer_than)).all()
    more = len(found) > PAGE_ROWS
    shown = found[:PAGE_ROWS]
    struck = _struck(row[0] for row in shown) if with_names else {}
    rows = [_listed(row[0], row[1], struck.get(row[0].id), with_names=with_names) for row in shown]
    if backwards:
        rows.reverse()
    if not rows:
        return ListPage([])
    first, last = (Cursor(row.signed_at, row.id) for row in (rows[0], rows[-1]))
    has_newer = more if backwards else older_than is not None
    has_older = more or backwards
    return ListPage(rows, first if has_newer else None, last if has_older else None)


def _rows(
    petition_id: int, filters: Filters, older_than: Cursor | None, newer_than: Cursor | None
) -> Select[Signature, HoldCause]:
    place = tuple_(Signature.signed_at, Signature.id)
    statement = (
        select(Signature, Review.cause)
        .outerjoin(Review, and_(Review.signature_id == Signature.id, Review.closed_at.is_(None)))
        .where(*_conditions(petition_id, filters))
        .limit(PAGE_ROWS + 1)
    )
    if older_than is not None:
        statement = statement.where(place < _bound(older_than))
    elif newer_than is not None:
        statement = statement.where(place > _bound(newer_than))
        return statement.order_by(Signature.signed_at, Signature.id)
    return statement.order_by(Signature.signed_at.desc(), Signature.id.desc())


def _bound(cursor: Cursor) -> ColumnElement[Any]:
    return tuple_(literal(cursor.signed_at, utc), literal(cursor.id, big_id))


def _conditions(petition_id: int, filters: Filters) -> list[ColumnElement[bool]]:
    conditions = [Signature.petition_id == petition_id]
    if filters.state is not None:
        conditions.append(Signature.state == filters.state)
        if filters.state != SignatureState.CONFIRMED:
            conditions.append(NOT_CONFIRMED)
    if filters.on_hold:
        conditions += [ON_HOLD, _undecided()]
    if filters.reason_to_read:
        conditions.append(REASON_TO_READ)
    if filters.country is not None:
        conditions.append(Signature.country == filters.country)
    if filters.day is not None:
        start = datetime.combine(filters.day, time(), UTC)
        conditions += [
            Signature.signed_at >= start,
            Signature.signed_at < start + timedelta(days=1),
        ]
    if filters.email is not None:
        conditions.append(Signature.supporter_tag == tag_for(petition_id, filters.email))
    return conditions


def _undecided() -> ColumnElement[bool]:
    return Signature.state.in_([SignatureState.PENDING, SignatureState.CONFIRMED])


def _struck(signatures: Iterable[Signature]) -> dict[int, Struck]:
    """Return who struck which of these and why; free words may name a person."""
    invalidated = {s.id: s.petition_id for s in signatures if s.state == SignatureState.INVALIDATED}
    if not invalidated:
        return {}
    found = session.scalars(
        select(Removal).where(
            Removal.petition_id.in_(set(invalidated.values())),
            Removal.signature_id.in_(invalidated),
            Removal.cause == RemovalCause.INVALIDATED,
        )
    )
    return {
        removal.signature_id: Struck(removal.organiser_id, removal.why or "")
        for removal in found
        if removal.organiser_id is not None
    }


def _listed(
    signature: Signature, cause: HoldCause | None, struck: Struck | None, *, with_names: bool
) -> Listed:
    person = signature.opened() if with_names else None
    return Listed(
        id=signature.id,
        name=person.name if person else None,
        reason=person.reason if person else None,
        country=signature.country,
        state=signature.state,
        visibility=signature.visibility,
        has_reason=signature.has_reason,
        reason_shown=signature.reason_shown,
        on_hold=signature.on_hold,
        hold_cause=cause,
        signed_at=signature.signed_at,
        confirmed_at=signature.confirmed_at,
        struck=struck,
    )


def waiting() -> dict[int, Waiting]:
    """Return, for each petition that has any, how many signatures wait for owner or moderator.

    Asked for all petitions at once: so each count reads its own small index and nothing else.
    """
    pending = _count(NOT_CONFIRMED, Signature.state == SignatureState.PENDING)
    held = _count(ON_HOLD, _undecided())
    return {
        petition_id: Waiting(pending.get(petition_id, 0), held.get(petition_id, 0))
        for petition_id in pending.keys() | held.keys()
    }


def _count(*conditions: ColumnElement[bool]) -> dict[int, int]:
    statement = select(Signature.petition_id, func.count()).where(*conditions)
    found = session.execute(statement.group_by(Signature.petition_id))
    return {row[0]: row[1] for row in found}


def signature_for_review(petition_id: int, signature_id: int) -> Signature | None:
    """Return a signature of this petition, locked until the transaction ends."""
    return session.scalar(
        select(Signature)
        .where(Signature.id == signature_id, Signature.petition_id == petition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
