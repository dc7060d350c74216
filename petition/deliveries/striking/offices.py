"""Which offices have somebody's signature already, so that whoever leaves knows it before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select

from petition.core.storage.database import session
from petition.deliveries.models import Delivery
from petition.deliveries.pack import held
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.pack.records import Tier
from petition.deliveries.queries import handed_over_of
from petition.signatures.models import Removal, Signature


class Has(StrEnum):
    """What an office has of a signature."""

    NAME = "name"
    """With the country."""
    COUNTRY = "country"
    """Without the name."""
    UNKNOWN = "unknown"
    """Perhaps something: it was handed no pack of ours, or what is kept of that is broken."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A hand-over in which a signature was, or may have been."""

    delivery: Delivery
    day: date
    has: Has


def offices_that_have(signature: Signature) -> list[Holding]:
    """Return who was handed this signature, the latest first; a hand-over taken back was none."""
    deliveries = handed_over_of(signature.petition_id)
    handed = [(one, step) for one in deliveries if (step := one.handed_over)]
    if signature.confirmed_at is None or not handed:
        return []
    first = _first_confirmed(signature, signature.confirmed_at).date()
    packs = {step.pack_id for _one, step in handed if step.pack_id is not None}
    held_in, found = _held_in(packs, signature.id), list[Holding]()
    for delivery, step in handed:
        has = held_in.get(step.pack_id)
        was_there = first <= min(step.day, delivery.counted_until)
        if has and (was_there or has is not Has.UNKNOWN):
            found.append(Holding(delivery, step.day, has))
    return found


def _held_in(packs: Collection[int], signature: int) -> Mapping[int | None, Has]:
    """Return what is had of a signature with each pack that holds it, or may; and with none."""
    its = select(DeliveryPack.id, DeliveryPack.tier).where(DeliveryPack.id.in_(packs))
    tiers = {row.id: row.tier for row in session.execute(its)}
    has: dict[int | None, Has] = {None: Has.UNKNOWN}
    for pack, holds in held.within(packs, signature).items():
        if holds is None:
            has[pack] = Has.UNKNOWN
        elif holds:
            has[pack] = Has.COUNTRY if tiers[pack] is Tier.COUNTS else Has.NAME
    return has


def _first_confirmed(signature: Signature, last: datetime) -> datetime:
    """Return when a signature counted first: its owner may have left and signed again."""
    its = Removal.petition_id == signature.petition_id, Removal.signature_id == signature.id
    before = session.scalar(select(func.min(Removal.confirmed_at)).where(*its))
    return min(before or last, last)
