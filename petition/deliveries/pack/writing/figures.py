"""What became of a petition's signatures that are in no pack, as one connection sees it.

Each is counted by an index: what is not confirmed, on hold or removed is little beside the rest.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, literal_column, select

from petition.holds.models import Hold, HoldCause
from petition.signatures.models import OPEN, Removal, RemovalCause, Signature, SignatureState


@dataclass(frozen=True, slots=True)
class Figures:
    """How many signatures of the whole petition are, or were, what."""

    waiting: int
    """Begun, and not confirmed so far."""
    never_confirmed: int
    """Begun, not confirmed in time or declined, and deleted."""
    withdrawn: int
    """Taken back by their owners, and not erased."""
    erased: int
    """Confirmed once, and erased by their owners."""
    invalidated: int
    """Struck by an organiser as not genuine."""
    on_hold: int
    """Confirmed, and waiting for a moderator."""
    held: Mapping[HoldCause, int]
    """How many ever waited for a moderator, by why; those of erased ones are gone."""


def figures(connection: Connection, petition_id: int) -> Figures:
    """Return them as they are now."""
    states, removed = _states(connection, petition_id), _removed(connection, petition_id)
    return Figures(
        waiting=states[SignatureState.PENDING],
        never_confirmed=removed[RemovalCause.ERASED, False],
        withdrawn=states[SignatureState.WITHDRAWN],
        erased=removed[RemovalCause.ERASED, True],
        invalidated=states[SignatureState.INVALIDATED],
        on_hold=_on_hold(connection, petition_id),
        held=_held(connection, petition_id),
    )


def _states(connection: Connection, petition_id: int) -> Counter[SignatureState]:
    table = Signature.__table__.c
    counted = (
        select(table.state, func.count())
        .where(table.petition_id == petition_id, literal_column(f"signature.{OPEN}"))
        .group_by(table.state)
    )
    return Counter(dict(connection.execute(counted).all()))


def _removed(connection: Connection, petition_id: int) -> Counter[tuple[RemovalCause, bool]]:
    """Return how many were removed, by why and whether they had been confirmed."""
    table = Removal.__table__.c
    counted = (
        select(table.cause, table.confirmed_at.is_not(None), func.count())
        .where(table.petition_id == petition_id)
        .group_by(table.cause, table.confirmed_at.is_not(None))
    )
    found = connection.execute(counted)
    return Counter({(cause, bool(confirmed)): number for cause, confirmed, number in found})


def _on_hold(connection: Connection, petition_id: int) -> int:
    table = Signature.__table__.c
    counted = select(func.count()).where(
        table.petition_id == petition_id,
        literal_column("signature.on_hold"),
        table.state == SignatureState.CONFIRMED,
    )
    return int(connection.execute(counted).scalar_one())


def _held(connection: Connection, petition_id: int) -> Mapping[HoldCause, int]:
    held, signature = Hold.__table__.c, Signature.__table__.c
    counted = (
        select(held.cause, func.count())
        .join_from(Hold.__table__, Signature.__table__, held.signature_id == signature.id)
        .where(signature.petition_id == petition_id)
        .group_by(held.cause)
    )
    return dict(connection.execute(counted).all())
