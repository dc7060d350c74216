"""The list of signatures that organisers page through, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, select

from petition.core.keyring.sealing import if_whole
from petition.core.storage.database import session
from petition.core.storage.paging import PAGE_ROWS, Cursor, Page, PageRequest, page_of
from petition.holds.models import OF_A_PROGRAM, Hold, HoldCause
from petition.signatures.actions import tag_for
from petition.signatures.models import (
    TO_READ,
    Removal,
    RemovalCause,
    Signature,
    SignatureState,
    Visibility,
)
from petition.signatures.moments import moments_of

# Written out, not bound: a partial index serves only a condition that repeats its own words.
ON_HOLD: ColumnElement[bool] = literal_column("signature.on_hold")
REASON_TO_READ: ColumnElement[bool] = literal_column(f"({TO_READ})")
NOT_CONFIRMED: ColumnElement[bool] = literal_column("signature.state <> 'confirmed'")


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


class Invalidation(NamedTuple):
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
    """In which hour, for eyes that the person is not for; and so the next."""
    confirmed_at: datetime | None
    invalidation: Invalidation | None = None
    is_broken: bool = False
    """Whether what is sealed of the signer does not open."""

    @property
    def waits(self) -> bool:
        """Whether a moderator has still to decide."""
        undecided = {SignatureState.PENDING, SignatureState.CONFIRMED}
        return self.on_hold and self.state in undecided

    @property
    def waits_unmailed(self) -> bool:
        """Whether its owner is mailed the link to confirm only once a moderator has accepted it."""
        is_pending = self.state == SignatureState.PENDING
        return self.on_hold and is_pending and self.hold_cause in OF_A_PROGRAM


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many signatures of a petition do not count yet."""

    pending: int = 0
    on_hold: int = 0


def list_page(
    petition_id: int, filters: Filters, request: PageRequest | None = None, *, with_names: bool
) -> Page[Listed]:
    """Return one page of the signatures of a petition."""
    found = page_of(
        _rows(petition_id, filters),
        Signature.signed_at,
        Signature.id,
        request or PageRequest(),
        lambda row: Cursor(row[0].signed_at, row[0].id),
        size=PAGE_ROWS,
    )
    invalidations = _invalidations(row[0] for row in found.rows) if with_names else {}
    rows = [
        _listed(signature, cause, invalidations.get(signature.id), with_names=with_names)
        for signature, cause in found.rows
    ]
    return Page(rows, found.newer, found.older)


def _rows(petition_id: int, filters: Filters) -> Select[Signature, HoldCause]:
    return (
        select(Signature, Hold.cause)
        .outerjoin(Hold, and_(Hold.signature_id == Signature.id, Hold.closed_at.is_(None)))
        .where(*_conditions(petition_id, filters))
    )


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


def _invalidations(signatures: Iterable[Signature]) -> dict[int, Invalidation]:
    """Return who invalidated which of these and why; free words may name a person."""
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
        removal.signature_id: Invalidation(removal.organiser_id, removal.why or "")
        for removal in found
        if removal.organiser_id is not None
    }


def _listed(
    signature: Signature,
    cause: HoldCause | None,
    invalidation: Invalidation | None,
    *,
    with_names: bool,
) -> Listed:
    person = if_whole(signature.opened) if with_names else None
    moments = moments_of(signature, person)
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
        signed_at=moments.signed_at,
        confirmed_at=moments.confirmed_at,
        invalidation=invalidation,
        is_broken=with_names and person is None,
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


def signature_to_decide(petition_id: int, signature_id: int) -> Signature | None:
    """Return a signature of this petition, locked until the transaction ends."""
    return session.scalar(
        select(Signature)
        .where(Signature.id == signature_id, Signature.petition_id == petition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
