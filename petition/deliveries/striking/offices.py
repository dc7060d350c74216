"""Which offices have somebody's signature already, so that whoever leaves knows it before."""

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
    """Perhaps something: what it was handed was no pack of ours."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A hand-over in which a signature was, or may have been."""

    delivery: Delivery
    day: date
    has: Has


def offices_that_have(signature: Signature) -> list[Holding]:
    """Return who was handed this signature, the latest first; a hand-over taken back was none."""
    if signature.confirmed_at is None:
        return []
    first = _first_confirmed(signature, signature.confirmed_at)
    found = (_holding(signature, first, one) for one in handed_over_of(signature.petition_id))
    return [one for one in found if one is not None]


def _first_confirmed(signature: Signature, last: datetime) -> datetime:
    """Return when a signature counted first: its owner may have left and signed again."""
    its = Removal.petition_id == signature.petition_id, Removal.signature_id == signature.id
    before = session.scalar(select(func.min(Removal.confirmed_at)).where(*its))
    return min(before or last, last)


def _holding(signature: Signature, first: datetime, delivery: Delivery) -> Holding | None:
    handed = delivery.handed_over
    if handed is None:
        return None
    if handed.pack_id is None:
        was_there = first.date() <= min(handed.day, delivery.counted_until)
        return Holding(delivery, handed.day, Has.UNKNOWN) if was_there else None
    pack = session.get_one(DeliveryPack, handed.pack_id)
    if not held.places(pack.id, [signature.id]):
        return None
    return Holding(delivery, handed.day, Has.COUNTRY if pack.tier is Tier.COUNTS else Has.NAME)
