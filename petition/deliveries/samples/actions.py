"""Recording what an office found in a sample. Nothing here commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.storage.database import session
from petition.deliveries.pack.models import DeliveryPack
from petition.deliveries.samples.models import InvalidationReason, SampleResult


@dataclass(frozen=True, slots=True)
class Found:
    """What an office says of a sample."""

    day: date
    size: int
    valid: int
    invalid: Mapping[InvalidationReason, int]
    duplicates: int
    required: int


def record(pack: DeliveryPack, found: Found, organiser_id: int, at: datetime) -> SampleResult:
    """Record what an office found in a sample of a pack.

    Raises ValueError where the pack is not whole, or the sample or what is required is more than
    it has.
    """
    if pack.row_count is None or max(found.size, found.required) > pack.row_count:
        raise ValueError("a sample is of a whole pack, and no larger than it")
    result = SampleResult(
        pack=pack,
        day=found.day,
        size=found.size,
        valid=found.valid,
        duplicates=found.duplicates,
        required=found.required,
        recorded_at=at,
        organiser_id=organiser_id,
        **{reason.value: found.invalid.get(reason, 0) for reason in InvalidationReason},
    )
    session.add(result)
    session.flush()
    by = noting.organiser(organiser_id)
    noting.note(Act.SAMPLE_RECORDED, by, at, delivery=pack.delivery_id, pack=pack.id)
    return result
