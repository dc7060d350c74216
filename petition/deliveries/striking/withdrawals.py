"""Which records of a pack that was handed over are to be struck: their signers have left since."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select

from petition.core.clock import hour_of
from petition.core.storage.database import session
from petition.deliveries.models import Delivery, DeliveryStep
from petition.deliveries.pack import held
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.striking.models import StrikeNotice
from petition.signatures.models import Removal, RemovalCause, Signature, SignatureState

MOST_NAMED = 1_800
"""How many records a notice names; a longer list of them would not fit in the desk's form."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One record whose signature counts no more. It names nobody."""

    record: int
    """Its number in the pack, from 1."""
    cause: RemovalCause
    day: date
    """In UTC."""


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """What is to be struck of one pack."""

    pack: DeliveryPack
    handed_over: DeliveryStep
    records: tuple[Withdrawal, ...]
    """By their numbers."""
    notices: tuple[StrikeNotice, ...] = ()
    """What the office was told of them, in its order."""

    @property
    def open(self) -> tuple[Withdrawal, ...]:
        """The records of which the office was not told yet."""
        told = {record for notice in self.notices for record in notice.records}
        return tuple(one for one in self.records if one.record not in told)

    @property
    def next(self) -> tuple[Withdrawal, ...]:
        """Those of the open ones that the next notice names."""
        return self.open[:MOST_NAMED]


def withdrawals_of(delivery: Delivery) -> Withdrawals | None:
    """Return what is to be struck of what was handed over; None where that was no pack of ours.

    Whoever withdrew and signed again stays.
    """
    handed = delivery.handed_over
    if handed is None or handed.pack_id is None:
        return None
    pack = session.get_one(DeliveryPack, handed.pack_id)
    return Withdrawals(pack, handed, left_of(pack), notices_of(pack.id))


def notices_of(pack_id: int) -> tuple[StrikeNotice, ...]:
    """Return the notices that were sent about a pack, in their order."""
    its = select(StrikeNotice).where(StrikeNotice.pack_id == pack_id)
    return tuple(session.scalars(its.order_by(StrikeNotice.number)))


def left_of(pack: DeliveryPack) -> tuple[Withdrawal, ...]:
    """Return the records of a pack whose signers have left since it was asked for, by number."""
    left = {removal.signature_id: removal for removal in _left_since(pack)}
    records = [
        Withdrawal(record, left[signature].cause, left[signature].removed_at.date())
        for signature, record in held.places(pack.id, left.keys()).items()
    ]
    return tuple(sorted(records, key=lambda one: one.record))


def _left_since(pack: DeliveryPack) -> list[Removal]:
    """Return the removals since the pack was asked for, of whoever does not count again."""
    counts_again = exists().where(
        Signature.id == Removal.signature_id,
        Signature.state == SignatureState.CONFIRMED,
        ~Signature.on_hold,
    )
    since = (
        Removal.petition_id == pack.delivery.petition_id,
        Removal.removed_at >= hour_of(pack.asked_at),
        Removal.confirmed_at.is_not(None),
    )
    found = select(Removal).where(*since, ~counts_again).order_by(Removal.id)
    return list(session.scalars(found))
