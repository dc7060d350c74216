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
from petition.deliveries.striking.models import StrikeNotice
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
    asked_on: date | None = None
    """When a notice asked the office to strike it."""


def offices_that_have(signature: Signature) -> list[Holding]:
    """Return who was handed this signature, the latest first; a hand-over taken back was none."""
    deliveries = handed_over_of(signature.petition_id)
    handed = [(one, step) for one in deliveries if (step := one.handed_over)]
    if signature.confirmed_at is None or not handed:
        return []
    first = _first_confirmed(signature, signature.confirmed_at).date()
    packs = {step.pack_id for _one, step in handed if step.pack_id is not None}
    records = held.records_in(packs, signature.id)
    tiers, asked = _tiers(packs), _asked_on(records)
    found = list[Holding]()
    for delivery, step in handed:
        pack = step.pack_id
        if pack is None or records.get(pack, 0) is None:
            if first <= min(step.day, delivery.counted_until):
                found.append(Holding(delivery, step.day, Has.UNKNOWN))
        elif pack in records:
            has = Has.COUNTRY if tiers[pack] is Tier.COUNTS else Has.NAME
            found.append(Holding(delivery, step.day, has, asked.get(pack)))
    return found


def _tiers(packs: Collection[int]) -> Mapping[int, Tier]:
    its = select(DeliveryPack.id, DeliveryPack.tier).where(DeliveryPack.id.in_(packs))
    return {row.id: row.tier for row in session.execute(its)}


def _asked_on(records: Mapping[int, int | None]) -> Mapping[int, date]:
    """Return when the office was asked to strike a record, by the pack that it is in."""
    its = select(StrikeNotice.pack_id, StrikeNotice.sent_on, StrikeNotice.records)
    sent = session.execute(its.where(StrikeNotice.pack_id.in_(records)))
    return {row.pack_id: row.sent_on for row in sent if records[row.pack_id] in row.records}


def _first_confirmed(signature: Signature, last: datetime) -> datetime:
    """Return when a signature counted first: its owner may have left and signed again."""
    its = Removal.petition_id == signature.petition_id, Removal.signature_id == signature.id
    before = session.scalar(select(func.min(Removal.confirmed_at)).where(*its))
    return min(before or last, last)
